"""The form of an answer card: what was typed, and the card that it makes.

The law of this file: a card without source or end is none; what cannot be told apart from another card's
question is refused, since neither would answer it then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from multidict import MultiDictProxy

from bot.web.desk.informing import key_of
from bot.web.desk.tree import Tree
from bot.web.desk.words_answers import Wrong
from bot.web.room.text import clean
from intake.answer_cards import (
    ANSWER_LIMIT,
    LONGEST,
    WORDING_LIMIT,
    WORDINGS_LIMIT,
    AnswerCard,
)
from intake.bulletins import SOURCE_LIMIT
from intake.questions import answers, question_in


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it came."""

    wordings: str = ""
    answer: str = ""
    source: str = ""
    expires: str = ""
    scopes: tuple[str, ...] = ()
    aloud: bool = True
    key: str = ""
    seen: str = ""
    error: str = ""


def typed_of(form: MultiDictProxy[Any]) -> Typed:
    """What somebody typed."""

    def text(name: str) -> str:
        return clean(str(form.get(name, "")))

    return Typed(
        text("wordings"),
        " ".join(text("answer").split()),
        text("source"),
        text("expires"),
        tuple(str(one) for one in form.getall("scope", [])),
        text("aloud") != "no",
        key_of(form),
        text("seen"),
    )


def typed_from(card: AnswerCard, zone: tzinfo) -> Typed:
    """A card as its form shows it."""
    last = card.expires_at.astimezone(zone) - timedelta(microseconds=1)
    return Typed(
        "\n".join(card.wordings),
        card.answer,
        card.source,
        last.date().isoformat(),
        card.scopes,
        card.aloud,
        seen=seen(card),
    )


def seen(card: AnswerCard) -> str:
    """By this a form knows whether somebody changed it since."""
    return card.checked_at.isoformat()


def card_of(
    typed: Typed, theirs: Collection[str], draft: AnswerCard, now: datetime, zone: tzinfo
) -> AnswerCard | str:
    """`draft` (its id and keeper) with what was typed; or what is wrong."""
    wordings = tuple(dict.fromkeys(" ".join(line.split()) for line in typed.wordings.splitlines()))
    wordings = tuple(line for line in wordings if line)
    if not 0 < len(wordings) <= WORDINGS_LIMIT or any(len(w) > WORDING_LIMIT for w in wordings):
        return Wrong.WORDINGS.format(most=WORDINGS_LIMIT, long=WORDING_LIMIT)
    unclear = next((line for line in wordings if question_in(line) is None), None)
    if unclear is not None:
        return Wrong.UNCLEAR.format(wording=unclear)
    if not typed.answer or len(typed.answer) > ANSWER_LIMIT:
        return Wrong.ANSWER.format(most=ANSWER_LIMIT)
    if not typed.source or len(typed.source) > SOURCE_LIMIT:
        return Wrong.SOURCE.format(most=SOURCE_LIMIT)
    expires = _end_of(typed.expires, zone)
    if expires is None or not now + timedelta(days=1) < expires <= now + LONGEST:
        return Wrong.EXPIRES.format(days=LONGEST.days)
    scopes = tuple(dict.fromkeys(typed.scopes))
    if not scopes or not set(scopes) <= set(theirs):
        return Wrong.SCOPE
    return replace(
        draft,
        wordings=wordings,
        answer=typed.answer,
        source=typed.source,
        scopes=scopes,
        expires_at=expires,
        checked_at=now,
        aloud=typed.aloud,
    )


def told_twice(card: AnswerCard, others: Iterable[AnswerCard], tree: Tree) -> str:
    """What is wrong where another card answers the same question in the same place, or ""."""
    for other in others:
        if other.id == card.id or other.answer == card.answer or not _meet(tree, card, other):
            continue
        for wording in card.wordings:
            asked = question_in(wording)
            asked = asked and replace(asked, wants=asked.wants or frozenset({"how"}))
            if asked is not None and answers(other.wordings, asked):
                return Wrong.TWICE.format(wording=wording, answer=other.answer)
    return ""


def _meet(tree: Tree, one: AnswerCard, other: AnswerCard) -> bool:
    """Whether both hold somewhere."""
    return any(one.reaches(grid.path) and other.reaches(grid.path) for grid in tree.grids.values())


def _end_of(text: str, zone: tzinfo) -> datetime | None:
    """The end of a day."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    if not 2000 < day.year < 9000:
        return None
    return datetime.combine(day + timedelta(days=1), time(), zone)
