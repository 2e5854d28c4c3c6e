"""The queue of open cases, most urgent first, and finding in it by words.

The law of this file: only open cases and only what somebody may see; any row can be gone on from, so that no
page is dearer than the first. The order is that of `intake/urgency.py`. What is private is found by its
number and its item, never by its words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Text,
    case,
    func,
    literal,
    or_,
    select,
    text,
    tuple_,
    type_coerce,
)

from intake.cases import Case, CaseId
from intake.people import PersonId
from intake.taxonomy import Level, Visibility
from intake.urgency import ANSWERED, WITH_NEIGHBOURS, Rank, next_due, rank_of
from storage.case_tables import cases
from storage.cases import CaseFilter, conditions
from storage.columns import micros
from storage.open_cases import CASE_ROWS

_NEVER: Final = 10**17
"""Later than every deadline."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word to be found; `items` are those whose names have it."""

    text: str
    items: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Spot:
    """A row's place in the order of the queue."""

    rank: int
    due: int
    id: CaseId


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which open cases: all of it must hold, and every one of the terms. `pressing`: only what is urgent or
    due before then."""

    filter: CaseFilter
    taken_by: PersonId | None = None
    category: str | None = None
    terms: Sequence[Term] = field(default=())
    pressing: datetime | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """How many there are. `stamp` is another as soon as one of them comes, goes or changes."""

    count: int
    urgent: int
    overdue: int
    stamp: str


class CaseSearch:
    """The queue within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(self, wanted: Wanted, limit: int, after: Spot | None = None) -> list[Case]:
        """The first open cases, or those after a spot."""
        query = select(*CASE_ROWS.columns).where(*_conditions(wanted))
        if after is not None:
            here = tuple_(literal(after.rank), literal(after.due, BigInteger), literal(after.id))
            query = query.where(tuple_(_RANK, _DUE, _ID) > here)
        query = query.order_by(_RANK, _DUE, _ID).limit(limit)
        return CASE_ROWS.many(self._connection.execute(query))

    def summary(self, wanted: Wanted, now: datetime) -> Summary:
        """What the whole queue amounts to."""
        rank, due = _RANK, _DUE
        query = select(
            func.count(),
            func.sum(case((rank == int(Rank.URGENT), 1), else_=0)),
            func.sum(case((due < micros(now), 1), else_=0)),
            func.sum(cases.c.version),
            func.sum(cases.c.stamp),
        ).where(*_conditions(wanted))
        row = self._connection.execute(query.select_from(cases)).one()
        count, urgent, overdue, versions, stamps = (int(number or 0) for number in row)
        return Summary(count, urgent, overdue, f"{count}.{versions}.{stamps}")


def spot_of(case: Case) -> Spot:
    """Where a case stands in the queue."""
    due = next_due(case)
    return Spot(int(rank_of(case)), micros(due) if due else _NEVER, case.id)


def _stored(column: ColumnElement[Any]) -> ColumnElement[int]:
    return type_coerce(column, BigInteger)


_ANSWERED = cases.c.state.in_(ANSWERED)
_RANK: Final[ColumnElement[int]] = case(
    (_ANSWERED, int(Rank.ANSWERED)),
    (cases.c.emergency.is_not(None) | (cases.c.level == Level.A), int(Rank.URGENT)),
    else_=int(Rank.OWED),
)
_AWAITS_ANSWER = (
    cases.c.responded_at.is_(None)
    & cases.c.respond_due.is_not(None)
    & cases.c.state.not_in(WITH_NEIGHBOURS)
)
_DUE: Final[ColumnElement[int]] = case(
    (_ANSWERED, literal(_NEVER, BigInteger)),
    (_AWAITS_ANSWER, _stored(cases.c.respond_due)),
    else_=func.coalesce(_stored(cases.c.resolve_due), literal(_NEVER, BigInteger)),
)
_ID: Final[ColumnElement[str]] = type_coerce(cases.c.id, Text)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    # Spelt as in the partial index, so that closed cases are never read.
    found = [text("cases.is_open"), *conditions(wanted.filter)]
    if wanted.taken_by is not None:
        found.append(cases.c.taken_by == wanted.taken_by)
    if wanted.category is not None:
        found.append(cases.c.category == wanted.category)
    if wanted.pressing is not None:
        rank, due = _RANK, _DUE
        found.append(or_(rank == int(Rank.URGENT), due < micros(wanted.pressing)))
    found += [_has(term) for term in wanted.terms]
    return found  # type: ignore[return-value]


def _has(term: Term) -> ColumnElement[bool]:
    shown = cases.c.visibility != Visibility.PRIVATE
    words = or_(*(_contains(column, term.text) for column in _WORDS))
    named = cases.c.item.in_(sorted(term.items))
    return or_(_contains(cases.c.id, term.text), named, shown & words)


_WORDS = (cases.c.said, cases.c.place, cases.c.title)


def _contains(column: ColumnElement[Any], words: str) -> ColumnElement[bool]:
    return type_coerce(column, Text).icontains(words, autoescape=True)
