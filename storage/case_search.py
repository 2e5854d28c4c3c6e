"""The queue of open cases, most urgent first, and finding in it by words.

The law of this file: only open cases and only what somebody may see; any row can be gone on from, so that no
page is dearer than the first. The order is that of `intake/urgency.py`. What is private is found by its
number and its item, never by its words. Which cases is told from what is remembered (`open_rows.py`); what is
shown is read from the database, and whether it is seen is asked of that once more.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from heapq import merge, nsmallest
from itertools import chain, islice
from typing import Any

from sqlalchemy import Connection

from intake.cases import Case, CaseId
from intake.people import PersonId
from intake.urgency import Rank
from storage.cases import CaseFilter, Cases
from storage.columns import micros
from storage.dialect import Dialect
from storage.folding import spellings
from storage.open_reading import look, spot_of
from storage.open_rows import Change, Open, OpenRow, OpenRows, Spot, is_seen, spot_of_row

__all__ = ["CaseSearch", "Following", "News", "Spot", "Summary", "Term", "Wanted", "spot_of"]

Fits = Callable[[OpenRow], bool]


@dataclass(frozen=True, slots=True)
class Term:
    """A word to be found; `items` are those whose names have it."""

    text: str
    items: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which open cases: all of it must hold, and every one of the terms. `pressing`: only what is urgent,
    under supervision or due before then; `owing`: only where one of these departments owes a part;
    `watched`: only what is under supervision."""

    filter: CaseFilter
    taken_by: PersonId | None = None
    category: str | None = None
    terms: Sequence[Term] = field(default=())
    pressing: datetime | None = None
    owing: frozenset[str] | None = None
    watched: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """How many there are."""

    count: int
    urgent: int
    overdue: int


@dataclass(frozen=True, slots=True)
class News:
    """What became of those that are wanted since a position: `new` came, `changed` says that others
    changed or went, or that it is not known any more what did."""

    new: int = 0
    changed: bool = False


class CaseSearch:
    """The queue within one transaction."""

    def __init__(
        self,
        connection: Connection,
        dialect: Dialect,
        remembered: OpenRows,
        dirty: Set[str] = frozenset(),
    ) -> None:
        self._connection = connection
        self._dialect = dialect
        self._remembered = remembered
        self._dirty = dirty
        self._last: tuple[Wanted, list[Sequence[OpenRow]]] | None = None

    @cached_property
    def known(self) -> Open:
        """All that is open, as of this transaction or newer."""
        return look(self._connection, self._dialect, self._remembered, self._dirty)

    @property
    def position(self) -> int:
        """Where this transaction stands among all saves: `since` tells what came later."""
        return self.known.position

    def page(self, wanted: Wanted, limit: int, after: Spot | None = None) -> list[Case]:
        """The first open cases, or those after a spot."""
        ways = self._found(wanted)
        if after is not None:
            ways = [way[bisect_right(way, after, key=spot_of_row) :] for way in ways]
        return self._cases(wanted, islice(merge(*ways, key=spot_of_row), limit))

    def oldest(self, wanted: Wanted, limit: int) -> list[Case]:
        """The first by level and age, whatever their deadlines."""
        rows = chain.from_iterable(self._found(wanted))
        first = nsmallest(limit, rows, key=lambda row: (row.level, row.opened, row.id))
        return self._cases(wanted, first)

    def _cases(self, wanted: Wanted, rows: Iterable[OpenRow]) -> list[Case]:
        ids = [row.id for row in rows]
        known = Cases(self._connection, self._dialect).many(ids)
        sight = wanted.filter.sight
        return [
            known[id]
            for id in ids
            if id in known and known[id].is_open and (sight is None or sight.sees(known[id]))
        ]

    def count(self, wanted: Wanted) -> int:
        """How many there are."""
        return sum(map(len, self._found(wanted)))

    def summary(self, wanted: Wanted, now: datetime) -> Summary:
        """What the whole queue amounts to."""
        ways, late = self._found(wanted), micros(now)
        owed = range(int(Rank.ANSWERED))
        return Summary(
            sum(len(way) for way in ways),
            sum(_before(way, int(Rank.URGENT) + 1) for way in ways),
            sum(_before(way, rank, late) - _before(way, rank) for way in ways for rank in owed),
        )

    def since(self, wanted: Wanted, position: int) -> News:
        """What somebody who saw the queue at a position has not seen."""
        return Following([wanted], position).hear(self.known)

    def _found(self, wanted: Wanted) -> list[Sequence[OpenRow]]:
        """Those that are wanted: of each grid a sequence in order. Kept for the next question."""
        if self._last is None or self._last[0] is not wanted:
            self._last = (wanted, _sequences(self.known, wanted))
        return self._last[1]


class Following:
    """What became of those that are wanted since a position, told step by step: each change is looked at
    once."""

    def __init__(self, some: Sequence[Wanted], position: int) -> None:
        self._fits = [_fits_and_seen(wanted) for wanted in some]
        self._position = position
        self._lost = False
        self._was: dict[CaseId, bool] = {}
        self._is: dict[CaseId, bool] = {}

    def hear(self, known: Open) -> News:
        """What there is to say now."""
        changes = known.after(self._position)
        self._lost = self._lost or changes is None
        for change in changes or ():
            self._take(change)
        self._position = max(self._position, known.position)
        new = sum(1 for id, fits in self._is.items() if fits and not self._was[id])
        return News(new, self._lost or any(self._was.values()))

    def _take(self, change: Change) -> None:
        row = change.before or change.after
        assert row is not None
        self._was.setdefault(row.id, self._is_wanted(change.before))
        self._is[row.id] = self._is_wanted(change.after)

    def _is_wanted(self, row: OpenRow | None) -> bool:
        return row is not None and any(fits(row) for fits in self._fits)


def _before(way: Sequence[OpenRow], *spot: int) -> int:
    """How many stand before a rank, or before a deadline in a rank."""
    key: Callable[[OpenRow], tuple[Any, ...]] = spot_of_row
    return bisect_left(way, spot, key=key)


def _sequences(known: Open, wanted: Wanted) -> list[Sequence[OpenRow]]:
    grids = wanted.filter.grids
    if grids is not None:
        known = Open({grid: known.grids[grid] for grid in {*grids} if grid in known.grids})
    states = wanted.filter.states
    if states is not None and len(states) == 1:
        alike = ((grid, rows.by_state.get(states[0])) for grid, rows in known.grids.items())
        known = Open({grid: rows for grid, rows in alike if rows is not None})
        wanted = replace(wanted, filter=replace(wanted.filter, states=None))
    sight, fits = wanted.filter.sight, _fits(wanted)
    ways = known.seen(sight) if sight else known.all()
    if fits is not None:
        ways = [[row for row in way if fits(row)] for way in ways]
    for term in sorted(wanted.terms, key=lambda term: len(term.text), reverse=True):
        has = _Has(term)
        ways = [has.among(way) for way in ways]
    return [way for way in ways if way]


def _fits_and_seen(wanted: Wanted) -> Fits:
    """All of what is wanted, of one row."""
    fits, grids, sight = _fits(wanted), wanted.filter.grids, wanted.filter.sight
    terms = [_Has(term) for term in wanted.terms]

    def check(row: OpenRow) -> bool:
        return (
            (grids is None or row.grid in grids)
            and (sight is None or is_seen(row, sight))
            and (fits is None or fits(row))
            and all(has.among((row,)) for has in terms)
        )

    return check


def _fits(wanted: Wanted) -> Fits | None:
    """What is wanted beside grids, sight and words; None where that is all."""
    asked, some = wanted.filter, list[Fits]()
    if asked.states is not None:
        states = frozenset(asked.states)
        some.append(lambda row: row.state in states)
    if asked.returned:
        some.append(lambda row: row.returned)
    if asked.kind is not None:
        some.append(lambda row: row.kind == asked.kind)
    if wanted.category is not None:
        some.append(lambda row: row.category == wanted.category)
    if wanted.pressing is not None:
        first, pressing = int(Rank.SUPERVISED), micros(wanted.pressing)
        some.append(lambda row: row.spot.rank <= first or row.spot.due < pressing)
    if wanted.taken_by is not None:
        some.append(lambda row: row.taken_by == wanted.taken_by)
    if wanted.watched:
        some.append(lambda row: row.watched)
    if wanted.owing is not None:
        owing = wanted.owing
        some.append(lambda row: not owing.isdisjoint(row.owing))
    if asked.reporter is not None:
        some.append(lambda row: row.reporter == asked.reporter)
    if asked.departments is not None:
        departments = frozenset(asked.departments)
        some.append(lambda row: not departments.isdisjoint(row.departments))
    if asked.since is not None:
        since = micros(asked.since)
        some.append(lambda row: row.opened >= since)
    if asked.before is not None:
        before = (micros(asked.before[0]), asked.before[1])
        some.append(lambda row: (row.opened, row.id) < before)
    if len(some) < 2:
        return some[0] if some else None
    return lambda row: all(one(row) for one in some)


class _Has:
    """Whether rows have a word; without a call for each, for there may be 60,000."""

    def __init__(self, term: Term) -> None:
        self._items = term.items
        self._spellings = spellings(term.text)

    def among(self, rows: Sequence[OpenRow]) -> list[OpenRow]:
        """Those that do."""
        items, word, other = self._items, self._spellings[0], self._spellings[-1]
        if word != other:
            return [
                row for row in rows if word in row.words or other in row.words or row.item in items
            ]
        if items:
            return [row for row in rows if word in row.words or row.item in items]
        return [row for row in rows if word in row.words]
