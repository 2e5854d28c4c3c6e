"""Figures of cases for pages.

The law of this file: each figure is counted by one statement in the database and names nobody; every count is
of what somebody may see. `fast_figures.py` counts the same in memory where it can.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from functools import reduce
from operator import add
from typing import Any, Final

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Connection,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)

from intake.buildings import building_of
from intake.cases import PATROL, CallBack
from intake.figures import Counts, OpenNow, Patrol, Slice
from intake.lifecycle import CaseKind, State
from intake.periods import Period
from intake.sight import Sight
from intake.taxonomy import Visibility
from storage.case_tables import cases
from storage.cases import seen
from storage.columns import Moment
from storage.tables import grids

NOBODYS: Final = (State.MERGED, State.WITHDRAWN)
"""Told twice, or no call at all."""
DONE: Final = (State.HANDLED, State.TO_RATE, State.CLOSED, State.ARCHIVED)
SATISFIED: Final = 4
HOUR: Final = 3_600_000_000
"""In microseconds, as times are stored."""
NAMES: Final = tuple(field.name for field in fields(Counts))


class Kind(StrEnum):
    """By what cases are told apart."""

    CATEGORY = "category"
    ITEM = "item"
    DEPARTMENT = "department"
    LEVEL = "level"
    NATURE = "nature"
    PLACE = "place"
    PART = "part"
    HOUR = "hour"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Reach:
    """The cases that figures are of: what `sight` sees, in `grids` (None: in all of them). `public`:
    without what is private, whoever asks."""

    sight: Sight
    grids: frozenset[str] | None = None
    public: bool = False

    def conditions(self) -> list[ColumnElement[bool]]:
        """As conditions on the table of cases."""
        found = [seen(self.sight)]
        if self.grids is not None:
            found.append(cases.c.grid.in_(sorted(self.grids)))
        if self.public:
            found.append(cases.c.visibility != Visibility.PRIVATE)
        return found

    def told(self, period: Period) -> list[ColumnElement[bool]]:
        """Those of `period` that count."""
        return [
            cases.c.opened_at >= period.start,
            cases.c.opened_at < period.end,
            cases.c.state.not_in(NOBODYS),
            *self.conditions(),
        ]


@dataclass(frozen=True, slots=True)
class Place:
    """A building ("" where none was said), and the grid that it lies in."""

    grid: str
    building: str


@dataclass(frozen=True, slots=True)
class Told:
    """The cases of a period in their kinds: key "" for cases of none. A part is a grid, a day counts from
    1970."""

    kinds: Mapping[Kind, list[Slice]]
    places: list[tuple[Place, Counts]]

    @property
    def total(self) -> Counts:
        """All of them; every case has one level."""
        return sum((one.counts for one in self.kinds[Kind.LEVEL]), Counts())


class CaseFigures:
    """The figures within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open_now(self, reach: Reach, now: datetime) -> OpenNow:
        """What is open at this moment."""
        query = select(func.count(), func.count(case((overdue(now), 1)))).where(
            cases.c.is_open, *reach.conditions()
        )
        return OpenNow(*self._connection.execute(query).one())

    def total(self, reach: Reach, period: Period, now: datetime) -> Counts:
        """The counts of all of `period`."""
        told = select(_marks(now).label(_MARKS)).where(*reach.told(period)).cte("told")
        query = select(told.c[_MARKS], func.count()).group_by(told.c[_MARKS])
        summed = _Summed()
        for marks, number in self._connection.execute(query):
            summed.add("", marks, number)
        return summed.counts("")

    def patrol(self, sight: Sight, start: datetime) -> Patrol:
        """What staff found on their rounds from `start` on."""
        found = type_coerce(cases.c.chat, Text).startswith(f"{PATROL}:", autoescape=True)
        alone = and_(cases.c.done_by == cases.c.reporter, cases.c.voices == 1)
        settled = case((alone, 1))
        told = (cases.c.opened_at >= start, cases.c.state.not_in(NOBODYS), seen(sight))
        query = select(func.count(), func.count(settled)).where(*told, found)
        return Patrol(*self._connection.execute(query).one())

    def told(self, reach: Reach, period: Period, now: datetime, shift: timedelta) -> Told:
        """The counts of `period` by every kind. Hours of the day (0 … 23) and days are those of a clock
        that is ahead of UTC by `shift`."""
        keys = [key.label(kind.value) for kind, key in _keys(shift).items()]
        told = select(*keys, _marks(now).label(_MARKS)).where(*reach.told(period)).cte("told")
        sums = {kind: _Summed() for kind in Kind}
        buildings = _Buildings(self._connection)
        for *found, marks, number in self._connection.execute(_by_all(told)):
            for kind, key in _kinds_of(found):
                sums[kind].add(buildings.of(key) if kind is Kind.PLACE else key, marks, number)
        places = sums.pop(Kind.PLACE)
        return Told(
            {kind: [Slice(key, one) for key, one in some.items()] for kind, some in sums.items()},
            [(Place(*key.split(_BETWEEN, 1)), counts) for key, counts in places.items()],
        )


class _Buildings:
    """Places as they were said, as buildings."""

    def __init__(self, connection: Connection) -> None:
        self._names = {
            row.id: row.places for row in connection.execute(select(grids.c.id, grids.c.places))
        }

    def of(self, key: str) -> str:
        """A grid and what was said, as the grid and the building."""
        grid, _, said = key.partition(_BETWEEN)
        return f"{grid}{_BETWEEN}{building_of(said, self._names.get(grid, ())) or ''}"


_MARKS: Final = "marks"
_BETWEEN: Final = "\x00"
"""Between a grid and a place; it stands in no text of ours."""
_TOGETHER: Final = (Kind.CATEGORY, Kind.ITEM, Kind.DEPARTMENT, Kind.LEVEL, Kind.NATURE, Kind.PART)
"""So much goes together (an item has a category, a department and a level) that grouping by all is small."""
_WAYS: Final = (_TOGETHER, (Kind.PART, Kind.PLACE), (Kind.HOUR,), (Kind.DAY,))


class _Summed:
    """Counts by key. Every case comes as the bits of what it counts as, so that the database groups one
    number instead of summing fourteen columns."""

    def __init__(self) -> None:
        self._by_key: dict[str, list[int]] = defaultdict(lambda: [0] * len(NAMES))

    def add(self, key: str, marks: int, number: int) -> None:
        row = self._by_key[key]
        for at in range(len(row)):
            if marks >> at & 1:
                row[at] += number

    def counts(self, key: str) -> Counts:
        return Counts(*self._by_key[key])

    def items(self) -> Iterator[tuple[str, Counts]]:
        return ((key, Counts(*row)) for key, row in self._by_key.items())


def _by_all(told: CTE) -> CompoundSelect[Any]:
    """One statement: all ways to group, with the columns that a way has not as NULL."""
    none = literal(None, Text)
    return union_all(
        *(
            select(
                literal(number),
                *(cast(told.c[kind], Text) if kind in way else none for kind in Kind),
                told.c[_MARKS],
                func.count(),
            ).group_by(*(told.c[kind] for kind in way), told.c[_MARKS])
            for number, way in enumerate(_WAYS)
        )
    )


def _kinds_of(row: Sequence[Any]) -> Iterator[tuple[Kind, str]]:
    """What a row of `_by_all` says of which kinds."""
    way, key = _WAYS[row[0]], dict(zip(Kind, row[1:], strict=True))
    if Kind.PLACE in way:
        yield Kind.PLACE, f"{key[Kind.PART]}{_BETWEEN}{key[Kind.PLACE] or ''}"
        return
    for kind in way:
        yield kind, key[kind] or ""


def _keys(shift: timedelta) -> dict[Kind, ColumnElement[Any]]:
    stored = type_coerce(cases.c.opened_at, BigInteger) + shift // timedelta(microseconds=1)
    plain = {
        Kind.CATEGORY: cases.c.category,
        Kind.ITEM: cases.c.item,
        Kind.DEPARTMENT: cases.c.lead,
        Kind.LEVEL: cases.c.level,
        Kind.NATURE: cases.c.nature,
        Kind.PLACE: cases.c.place,
        Kind.PART: cases.c.grid,
    }
    found: dict[Kind, ColumnElement[Any]] = {
        kind: type_coerce(column, Text) for kind, column in plain.items()
    }
    return found | {Kind.HOUR: (stored // HOUR) % 24, Kind.DAY: stored // (24 * HOUR)}


def _marks(now: datetime) -> ColumnElement[int]:
    """A bit for each field of `Counts` in their order: whether it counts this case."""
    flags = _flags(now)
    bits = [case((flags[name], 1 << at), else_=0) for at, name in enumerate(NAMES)]
    return reduce(add, bits)


def _flags(now: datetime) -> dict[str, ColumnElement[bool]]:
    """What each field of `Counts` counts."""
    end = func.coalesce(cases.c.closed_at, literal(now, Moment()))
    done = and_(cases.c.done_at.is_not(None), cases.c.state.in_(DONE))
    replied, score = cases.c.responded_at.is_not(None), cases.c.score
    published = (cases.c.kind == CaseKind.WISH) & cases.c.published.is_not(None)
    return {
        "opened": cases.c.id.is_not(None),
        "answer_due": cases.c.respond_due.is_not(None) & (replied | (cases.c.respond_due < end)),
        "answered": cases.c.responded_at <= cases.c.respond_due,
        "finish_due": cases.c.resolve_due.is_not(None) & (done | (cases.c.resolve_due < end)),
        "finished": done & (cases.c.done_at <= cases.c.resolve_due),
        "rated": score.is_not(None),
        "satisfied": score >= SATISFIED,
        "done": cases.c.done_at.is_not(None),
        "reopened": cases.c.reopened > 0,
        "solved": done & cases.c.resolve_due.is_not(None),
        "wishes": cases.c.kind == CaseKind.WISH,
        "published": published,
        "taken_up": published & (done | cases.c.taken_by.is_not(None)),
        "fulfilled": published & done,
        "drawn": cases.c.call_back.is_not(None),
        "called": cases.c.call_back.in_(REACHED),
    }


REACHED: Final = (CallBack.FIXED, CallBack.NOT_FIXED)
"""Call-backs that somebody answered."""


def overdue(now: datetime) -> ColumnElement[bool]:
    """Past a limit, and somebody's turn: what waits only for a rating is nobody's delay."""
    late = or_(
        cases.c.responded_at.is_(None) & (cases.c.respond_due < now), cases.c.resolve_due < now
    )
    return cases.c.state.not_in((State.HANDLED, State.TO_RATE)) & late
