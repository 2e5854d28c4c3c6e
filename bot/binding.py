"""Binding a group by a word said in it: whoever configures a grid gets the word on the desk.

The law of this file: a word binds one group, once, within LASTS. Of the word only the hash is kept. A group
of another grid stays there, whoever says the word. Who offered it and what it bound is on record.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.web.desk.words_town import PURPOSES
from intake.commands import Said
from intake.desk import Desk, Verdict
from intake.grids import Purpose
from intake.notices import Notice, ToChat
from intake.people import PersonId
from intake.templates import Template
from storage.people import token_hash
from storage.records import Look
from storage.tx import Tx

LASTS: Final = timedelta(hours=1)
_SIGNS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
_LENGTH: Final = 10
_SAID: Final = re.compile(
    rf"\s*[#＃]\s*(?:绑定|綁定)\s*[:：]?\s*([{_SIGNS}]{{{_LENGTH}}})\s*", re.I
)
_SETTING: Final = "bind "
"""Offers stand among the settings, each under the hash of its word: there are never more than a few."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a word binds a group to, who offered it, until when."""

    grid: str
    purpose: Purpose
    department: str | None
    title: str
    by: PersonId
    ends: datetime


def new_word() -> str:
    """A word that nobody guesses and nobody mixes up."""
    return "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))


def offer(tx: Tx, word: str, made: Offer, now: datetime) -> None:
    """Keep an offer, and drop those that are over."""
    for name, old in tx.settings.starting(_SETTING).items():
        if _read(old).ends <= now:
            tx.settings.put(name, None)
    tx.settings.put(_SETTING + token_hash(word), _written(made))


def word_in(said: Said) -> str | None:
    """The word that a line in a group is, or None."""
    match = None if said.private or said.sender.is_bot else _SAID.fullmatch(said.text)
    return match[1].lower() if match else None


def bind_said(tx: Tx, desk: Desk, said: Said, word: str) -> Verdict:
    """Somebody said the word in a group. What follows in the same batch still finds the chat as it was."""
    name = _SETTING + token_hash(word)
    kept = tx.settings.get(name)
    made = _read(kept) if kept else None
    grid = tx.grids.get(made.grid) if made else None
    present = tx.chats.get(said.chat)
    to = ToChat(said.chat)
    if made is None or grid is None or made.ends <= desk.now:
        desk.say(Notice(Template.BIND_BAD, to, reply_to=said.message))
    elif present is not None and present.grid != made.grid:
        desk.say(Notice(Template.BIND_TAKEN, to, reply_to=said.message))
    else:
        with tx.savepoint():
            tx.settings.put(name, None)
            chat = tx.chats.bind(said.chat, made.grid, made.purpose, made.department, made.title)
            about = (PURPOSES[made.purpose], made.department, chat.title)
            why = f"{chat.ref}，{' '.join(filter(None, about))}"
            tx.audit.add([Look(made.grid, made.by, "bind", why, desk.now)])
        desk.say(Notice(Template.BOUND, to, {"area": grid.name}, reply_to=said.message))
    return Verdict("ask_bot")


def _written(made: Offer) -> str:
    return json.dumps(
        [made.grid, made.purpose, made.department, made.title, made.by, made.ends.isoformat()]
    )


def _read(kept: str) -> Offer:
    grid, purpose, department, title, by, ends = json.loads(kept)
    return Offer(grid, Purpose(purpose), department, title, by, datetime.fromisoformat(ends))
