"""Binding a group by a word said in it: whoever configures a grid gets the word on the desk.

The law of this file: a word binds one group, once, within LASTS, while whoever offered it
configures the grid. Of the word only the hash is kept. A group
that is bound already stays what it is, whoever says the word: what a group is for changes on the desk alone,
where somebody says that no neighbour sits in it. Who offered it and what it bound is on record.
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
from intake.desk import Desk
from intake.grids import Chat, Purpose
from intake.notices import Notice, ToChat
from intake.people import PersonId, Right
from intake.templates import Template
from intake.verdict import Verdict
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
    if made is None or grid is None or made.ends <= desk.now or not _may_bind(tx, made):
        desk.say(Notice(Template.BIND_BAD, to, reply_to=said.message))
    elif present is not None and not _is_that(present, made):
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


def drop_offers(tx: Tx, by: PersonId) -> None:
    """Drop what somebody has offered and might not offer any more."""
    for name, kept in tx.settings.starting(_SETTING).items():
        made = _read(kept)
        if made.by == by and not _may_bind(tx, made):
            tx.settings.put(name, None)


def _may_bind(tx: Tx, made: Offer) -> bool:
    """Whether who offered it configures the grid still."""
    maker, grid = tx.people.get(made.by), tx.grids.get(made.grid)
    return bool(maker and grid and maker.may(Right.CONFIGURE, grid.path))


def _is_that(present: Chat, made: Offer) -> bool:
    bound = (present.grid, present.purpose, present.department)
    return bound == (made.grid, made.purpose, made.department)


def _written(made: Offer) -> str:
    return json.dumps(
        [made.grid, made.purpose, made.department, made.title, made.by, made.ends.isoformat()]
    )


def _read(kept: str) -> Offer:
    grid, purpose, department, title, by, ends = json.loads(kept)
    return Offer(grid, Purpose(purpose), department, title, by, datetime.fromisoformat(ends))
