"""Figures of cases for pages.

The law of this file: each method is one statement that counts in the database and names nobody; every count
is of what somebody may see.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Text,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    text,
    type_coerce,
)

from intake.cases import PATROL
from intake.figures import Counts, OpenNow, Patrol, Slice
from intake.lifecycle import State
from intake.sight import Sight
from storage.case_tables import cases
from storage.cases import seen
from storage.columns import Moment

_NOBODYS: Final = (State.MERGED, State.WITHDRAWN)
"""Told twice, or no call at all."""
_DONE: Final = (State.HANDLED, State.TO_RATE, State.CLOSED, State.ARCHIVED)
_SATISFIED: Final = 4
_HOUR: Final = 3_600_000_000
"""In microseconds, as times are stored."""


class Kind(StrEnum):
    """By what cases are told apart."""

    CATEGORY = "category"
    DEPARTMENT = "department"
    LEVEL = "level"
    HOUR = "hour"


class CaseFigures:
    """The figures within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open_now(self, sight: Sight, now: datetime) -> OpenNow:
        """What is open at this moment."""
        query = select(func.count(), _number(_overdue(now))).where(cases.c.is_open, seen(sight))
        return OpenNow(*self._connection.execute(query).one())

    def since(self, sight: Sight, starts: Sequence[datetime], now: datetime) -> list[Counts]:
        """The counts from each of `starts` on until now."""
        each = [_counts(now, cases.c.opened_at >= start) for start in starts]
        query = select(*(count for one in each for count in one)).where(_opened(sight, min(starts)))
        row = tuple(self._connection.execute(query).one())
        size = len(row) // len(starts)
        return [Counts(*row[at : at + size]) for at in range(0, len(row), size)]

    def patrol(self, sight: Sight, start: datetime) -> Patrol:
        """What staff found on their rounds from `start` on."""
        found = type_coerce(cases.c.chat, Text).startswith(f"{PATROL}:", autoescape=True)
        settled = cases.c.done_by == cases.c.reporter
        query = select(func.count(), _number(settled)).where(_opened(sight, start), found)
        return Patrol(*self._connection.execute(query).one())

    def by(
        self, sight: Sight, kind: Kind, start: datetime, now: datetime, shift: timedelta
    ) -> list[Slice]:
        """The counts from `start` on by kind; key "" for cases of none. Hours of the day (0 … 23) are
        those of a clock that is ahead of UTC by `shift`."""
        key = (_hour(shift) if kind is Kind.HOUR else _COLUMNS[kind]).label("key")
        query = select(key, *_counts(now)).where(_opened(sight, start)).group_by(text("key"))
        return [
            Slice("" if found is None else str(found), Counts(*counts))
            for found, *counts in self._connection.execute(query)
        ]


_COLUMNS: Final[dict[Kind, ColumnElement[Any]]] = {
    Kind.CATEGORY: cases.c.category,
    Kind.DEPARTMENT: cases.c.lead,
    Kind.LEVEL: cases.c.level,
}


def _opened(sight: Sight, start: datetime) -> ColumnElement[bool]:
    return and_(cases.c.opened_at >= start, cases.c.state.not_in(_NOBODYS), seen(sight))


def _counts(now: datetime, *among: ColumnElement[bool]) -> list[ColumnElement[int]]:
    """The fields of `Counts` in their order."""
    end = func.coalesce(cases.c.closed_at, literal(now, Moment()))
    done = and_(cases.c.done_at.is_not(None), cases.c.state.in_(_DONE))
    answered, score = cases.c.responded_at.is_not(None), cases.c.score
    conditions = (
        cases.c.id.is_not(None),
        cases.c.respond_due.is_not(None) & (answered | (cases.c.respond_due < end)),
        cases.c.responded_at <= cases.c.respond_due,
        cases.c.resolve_due.is_not(None) & (done | (cases.c.resolve_due < end)),
        done & (cases.c.done_at <= cases.c.resolve_due),
        score.is_not(None),
        score >= _SATISFIED,
        cases.c.done_at.is_not(None),
        cases.c.reopened > 0,
    )
    return [_number(and_(condition, *among)) for condition in conditions]


def _overdue(now: datetime) -> ColumnElement[bool]:
    """Past a limit, and somebody's turn: what waits only for a rating is nobody's delay."""
    late = or_(
        cases.c.responded_at.is_(None) & (cases.c.respond_due < now), cases.c.resolve_due < now
    )
    return cases.c.state.not_in((State.HANDLED, State.TO_RATE)) & late


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


def _hour(shift: timedelta) -> ColumnElement[int]:
    stored = type_coerce(cases.c.opened_at, BigInteger) + shift // timedelta(microseconds=1)
    return (stored // _HOUR) % 24
