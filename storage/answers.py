"""Bulletins and answer cards, and whom they answered.

The law of this file: what may answer is few and read by every batch, so it is remembered, and one small value
tells whether it still holds; whoever changes it says so here, in the same transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, delete, func, or_, select, update
from sqlalchemy.sql.base import Executable

from intake.answer_cards import AnswerCard
from intake.bulletins import AFTER, PROPOSED_FOR, Asked, Bulletin, BulletinState
from intake.people import PersonId
from storage.answer_tables import answer_cards, asked, bulletins
from storage.dialect import Dialect, Upsert
from storage.rows import Rows, excluded
from storage.settings import Settings

KEEP_ASKED: Final = timedelta(days=90)
"""How long is kept whom something answered, and their words."""
KEEP: Final = timedelta(days=3 * 365)
_TOKEN: Final = "answers"
_BULLETIN_ROWS = Rows(bulletins, Bulletin)
_CARD_ROWS = Rows(answer_cards, AnswerCard)
ASKED_ROWS = Rows(asked, Asked)


@dataclass(frozen=True, slots=True)
class Known:
    """What may answer, as of `token`."""

    token: str | None = ""
    bulletins: tuple[Bulletin, ...] = ()
    cards: tuple[AnswerCard, ...] = ()


@dataclass
class KnownAnswers:
    """What is remembered between batches; values are immutable and shared by threads."""

    now: Known = field(default_factory=Known)

    def clear(self) -> None:
        """Forget everything."""
        self.now = Known()


@dataclass(frozen=True, slots=True)
class Told:
    """How many people something answered, and how many of them it did not."""

    persons: int = 0
    missed: int = 0


class Answers:
    """Bulletins and answer cards within one transaction."""

    def __init__(self, connection: Connection, dialect: Dialect, memory: KnownAnswers) -> None:
        self._connection = connection
        self._dialect = dialect
        self._memory = memory

    def known(self, now: datetime) -> Known:
        """All that answers or soon may, is not long over, or waits to be kept."""
        token = Settings(self._connection, self._dialect).get(_TOKEN)
        known = self._memory.now
        if known.token != token:
            known = Known(token, *self._read(now)) if token else Known(None)
            self._memory.now = known
        return known

    def _read(self, now: datetime) -> tuple[tuple[Bulletin, ...], tuple[AnswerCard, ...]]:
        kept = bulletins.c.state == BulletinState.KEPT
        waits = and_(
            bulletins.c.state == BulletinState.PROPOSED, bulletins.c.made_at > now - PROPOSED_FOR
        )
        some = select(*_BULLETIN_ROWS.columns).where(
            bulletins.c.ends_at > now - AFTER, or_(kept, waits)
        )
        good = select(*_CARD_ROWS.columns).where(
            answer_cards.c.ended.is_(False), answer_cards.c.expires_at > now
        )
        return (
            tuple(_BULLETIN_ROWS.many(self._connection.execute(_in_order(some)))),
            tuple(
                _CARD_ROWS.many(self._connection.execute(good.order_by(answer_cards.c.expires_at)))
            ),
        )

    def bulletins(self, since: datetime) -> list[Bulletin]:
        """All that ended not before then, the newest first."""
        query = select(*_BULLETIN_ROWS.columns).where(bulletins.c.ends_at >= since)
        return _BULLETIN_ROWS.many(self._connection.execute(_in_order(query)))

    def cards(self, since: datetime) -> list[AnswerCard]:
        """All that expired not before then, the next to expire first."""
        query = (
            select(*_CARD_ROWS.columns)
            .where(answer_cards.c.expires_at >= since)
            .order_by(answer_cards.c.expires_at, answer_cards.c.id)
        )
        return _CARD_ROWS.many(self._connection.execute(query))

    def bulletin(self, id: str) -> Bulletin | None:
        query = select(*_BULLETIN_ROWS.columns).where(bulletins.c.id == id)
        return next(iter(_BULLETIN_ROWS.many(self._connection.execute(query))), None)

    def card(self, id: str) -> AnswerCard | None:
        query = select(*_CARD_ROWS.columns).where(answer_cards.c.id == id)
        return next(iter(_CARD_ROWS.many(self._connection.execute(query))), None)

    def save_bulletins(self, some: Sequence[Bulletin]) -> None:
        """Keep new ones and what changed in old ones."""
        if some:
            rows = _BULLETIN_ROWS.stored(sorted(some, key=lambda one: one.id))
            self._connection.execute(_upsert(self._dialect, "bulletins"), rows)
            self._changed()

    def save_card(self, card: AnswerCard) -> None:
        """Keep a new one, or what changed in an old one."""
        self._connection.execute(_upsert(self._dialect, "cards"), _CARD_ROWS.values(card))
        self._changed()

    def _changed(self) -> None:
        """Chance and no count: a change that is rolled back leaves no value that another one may take."""
        Settings(self._connection, self._dialect).put(_TOKEN, secrets.token_hex(8))

    def save_asked(self, some: Iterable[Asked]) -> None:
        """Whom something answered; what they asked first stays, but for that it was no answer."""
        rows = ASKED_ROWS.stored(sorted(some, key=lambda one: (one.about, one.person)))
        if rows:
            self._connection.execute(_upsert(self._dialect, "asked"), rows)

    def asked_by(self, persons: Iterable[PersonId], about: Iterable[str]) -> list[Asked]:
        """Which of these answered these people."""
        found = self._connection.execute(
            _asked_by(self._dialect),
            {
                "persons": self._dialect.listed(sorted(set(persons))),
                "about": self._dialect.listed(sorted(set(about))),
            },
        )
        return ASKED_ROWS.many(found)

    def asked_about(self, about: Iterable[str]) -> list[Asked]:
        """All whom these answered."""
        query = select(*ASKED_ROWS.columns).where(asked.c.about.in_(sorted(set(about))))
        return ASKED_ROWS.many(self._connection.execute(query.order_by(asked.c.at)))

    def told(self, about: Iterable[str]) -> Mapping[str, Told]:
        """How many people each of these answered."""
        missed = func.count(func.nullif(asked.c.missed, False))
        query = (
            select(asked.c.about, func.count(), missed)
            .where(asked.c.about.in_(sorted(set(about))))
            .group_by(asked.c.about)
        )
        return {id: Told(*counts) for id, *counts in self._connection.execute(query)}

    def forget(self, now: datetime) -> int:
        """Let go of what has had its time."""
        gone = (
            delete(asked).where(asked.c.at < now - KEEP_ASKED),
            delete(bulletins).where(bulletins.c.ends_at < now - KEEP),
            delete(answer_cards).where(answer_cards.c.expires_at < now - KEEP),
        )
        return sum(self._connection.execute(one).rowcount for one in gone)


def _in_order(query: Select[Any]) -> Select[Any]:
    return query.order_by(bulletins.c.starts_at.desc(), bulletins.c.id)


@cache
def _upsert(dialect: Dialect, what: str) -> Upsert:
    table = {"bulletins": bulletins, "cards": answer_cards, "asked": asked}[what]
    insert = dialect.insert(table)
    keys = [column.name for column in table.primary_key.columns]
    names = [column.name for column in table.columns if column.name not in keys]
    return insert.on_conflict_do_update(index_elements=keys, set_=excluded(insert, names))


@cache
def _asked_by(dialect: Dialect) -> Executable:
    return select(*ASKED_ROWS.columns).where(
        dialect.among(asked.c.person, "persons"), dialect.among(asked.c.about, "about")
    )


@cache
def blank_asked(dialect: Dialect) -> Executable:
    """Blank what was asked in the messages bound as pairs (message, chat)."""
    return (
        update(asked)
        .where(dialect.pairs(asked.c.message, asked.c.chat, "messages"))
        .values(words=None, place=None)
    )
