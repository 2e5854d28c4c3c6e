"""The figures as tables that people read.

The law of this file: whoever reads a table learns nothing about fewer than three cases of a kind; no table
has people in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from bot.web.desk.figures_asked import Parts
from bot.web.desk.sheet import Cell
from bot.web.desk.words_figures import (
    DAY,
    FIGURES,
    HOUR,
    KINDS,
    LEVELS,
    NO_PLACE,
    OTHERS,
    WEEKDAY,
    WEEKDAYS,
    WITHOUT,
)
from bot.wording.item_names import item_name
from intake.figures import Counts, OpenNow, Slice, apart
from intake.nature import NATURE_NAMES, Nature
from intake.periods import Period
from intake.rates import RATES, Rate, Share, above_target
from intake.taxonomy import Category, Department, Item, Taxonomy
from storage.case_figures import Kind, Place, Told

SHOWN: Final = 8
"""Rows of a table that stand open."""
LISTED: Final = 60
"""Rows of a table on the page; the files have all. A district has thousands of buildings."""
SHEET_RATES: Final = (
    Rate.ANSWERED,
    Rate.FINISHED,
    Rate.SOLVED,
    Rate.SATISFIED,
    Rate.REOPENED,
    Rate.TAKEN_UP,
    Rate.FULFILLED,
    Rate.CALLED,
)
_BETWEEN: Final = "\x00"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table. `part` is the node that it stands for, where one may look into it."""

    name: str
    counts: Counts
    part: str = ""

    @property
    def opened(self) -> int:
        return self.counts.opened

    def share(self, rate: str) -> Share:
        return RATES[Rate(rate)](self.counts)


@dataclass(frozen=True, slots=True)
class Table:
    """One way of telling cases apart; `most` is the largest count in it. `plain`: counts only."""

    kind: Kind
    lines: tuple[Line, ...]
    plain: bool = False

    @property
    def name(self) -> str:
        return KINDS[self.kind]

    @property
    def most(self) -> int:
        return max((line.opened for line in self.lines), default=0)


@dataclass(frozen=True, slots=True)
class Found:
    """All that the page shows. `by_district` is for those who see whole grids: departments see only their
    own cases."""

    open_now: OpenNow
    total: Line
    before: Line
    tables: tuple[Table, ...]
    by_district: Share | None = None

    @property
    def too_much_district(self) -> bool:
        """Whether the district leads more than it should, of enough to say so."""
        share = self.by_district
        return share is not None and share.stands and above_target(share)

    def table(self, kind: Kind) -> Table | None:
        return next((table for table in self.tables if table.kind is kind), None)


class Teller:
    """Makes tables of slices. `part` is what was chosen of `parts`."""

    def __init__(self, taxonomy: Taxonomy, parts: Parts, part: str) -> None:
        self._taxonomy = taxonomy
        self._parts = parts
        self._part = part
        self._several = len(parts.reach(part) or parts.grids) > 1

    def tables(self, told: Told, period: Period, now: datetime) -> tuple[Table, ...]:
        """All tables that have something to tell apart."""
        made = [
            self._table(Kind.CATEGORY, told.kinds[Kind.CATEGORY]),
            self._table(Kind.ITEM, told.kinds[Kind.ITEM]),
            self._table(Kind.DEPARTMENT, told.kinds[Kind.DEPARTMENT]),
            self._table(Kind.PLACE, _summed(self._places(told.places))),
            self._table(Kind.PART, _summed(self._nodes(told.kinds[Kind.PART]))),
            self._table(Kind.LEVEL, told.kinds[Kind.LEVEL]),
            self._table(Kind.NATURE, told.kinds[Kind.NATURE]),
            self._table(Kind.HOUR, told.kinds[Kind.HOUR], plain=True),
            _days(told.kinds[Kind.DAY], period, now),
        ]
        alone = (Kind.PART, Kind.DAY)  # one part or one day is the whole once more
        return tuple(t for t in made if len(t.lines) > (1 if t.kind in alone else 0))

    def _table(self, kind: Kind, slices: Sequence[Slice], *, plain: bool = False) -> Table:
        lines = tuple(
            Line(self._name(kind, one.key), one.counts, self._inside(kind, one.key))
            for one in apart(sorted(slices, key=lambda one: _order(kind, one)))
        )
        return Table(kind, lines, plain)

    def _places(self, places: Iterable[tuple[Place, Counts]]) -> Iterable[Slice]:
        for place, counts in places:
            key = f"{place.grid}{_BETWEEN}{place.building}" if place.building else ""
            yield Slice(key, counts)

    def _nodes(self, slices: Iterable[Slice]) -> Iterable[Slice]:
        for one in slices:
            yield Slice(self._parts.below(self._part, one.key or ""), one.counts)

    def _inside(self, kind: Kind, key: str | None) -> str:
        node = self._parts.tree.nodes.get(key or "") if kind is Kind.PART else None
        return node.id if node and node.id != self._part else ""

    def _name(self, kind: Kind, key: str | None) -> str:
        if key is None:
            return OTHERS
        if not key:
            return NO_PLACE if kind is Kind.PLACE else WITHOUT
        if kind is Kind.HOUR:
            return HOUR.format(hour=key)
        if kind is Kind.LEVEL:
            return LEVELS[key]
        if kind is Kind.NATURE:
            return NATURE_NAMES[Nature(key)]
        if kind is Kind.PART:
            return self._parts.tree.name(key)
        if kind is Kind.PLACE:
            grid, _, building = key.partition(_BETWEEN)
            return f"{self._parts.tree.name(grid)} {building}" if self._several else building
        named: Mapping[Kind, Mapping[str, Category | Item | Department]] = {
            Kind.CATEGORY: self._taxonomy.categories,
            Kind.DEPARTMENT: self._taxonomy.departments,
        }
        if kind is Kind.ITEM:
            return item_name(self._taxonomy, key)
        known = named[kind].get(key)
        return known.name if known else key


def sheet_row(table: str, line: Line, *, whole: bool = False, plain: bool = False) -> list[Cell]:
    """A line as cells. Shares of too few are 少, but for those of all cases; of none, blank."""
    cells: list[Cell] = [table, line.name, line.opened]
    if plain:
        return cells
    for rate in SHEET_RATES:
        share = line.share(rate)
        few = FIGURES["few"] if share.whole else ""
        cells += [share.part, share.whole] if whole or share.stands else [few, few]
    return cells


def day_name(day: date) -> str:
    return DAY.format(month=day.month, day=day.day)


def weekday_name(day: date) -> str:
    return WEEKDAY.format(name=WEEKDAYS[day.weekday()])


def _summed(slices: Iterable[Slice]) -> list[Slice]:
    """Slices of one key as one."""
    found: dict[str, Counts] = {}
    for one in slices:
        key = one.key or ""
        found[key] = found[key] + one.counts if key in found else one.counts
    return [Slice(key, counts) for key, counts in found.items()]


def _days(slices: Sequence[Slice], period: Period, now: datetime) -> Table:
    """Every day until today, those without cases too: a total each, and no more than that."""
    zone: tzinfo = now.tzinfo or UTC
    by_day = {int(one.key or 0): one.counts.opened for one in slices}
    shown = [day for day in period.days(zone) if day <= now.date()]
    first = date(1970, 1, 1)
    counts = [(day, by_day.get((day - first) // timedelta(days=1), 0)) for day in shown]
    several = len(counts) > 1 and any(count for _, count in counts)
    lines = [Line(day_name(day), Counts(count)) for day, count in counts] if several else []
    return Table(Kind.DAY, tuple(lines), plain=True)


def _order(kind: Kind, one: Slice) -> tuple[int, str]:
    """Hours and levels by themselves, the others with the most before."""
    key = one.key or ""
    if kind is Kind.HOUR:
        return int(key), ""
    return (0 if kind is Kind.LEVEL else -one.counts.opened), key
