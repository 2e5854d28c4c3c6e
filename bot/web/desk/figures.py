"""Figures: how much came, how much was answered and finished in time, what neighbours say of it.

The law of this file: of what somebody may see and no more; six statements whatever the size of the town; no
person stands in any figure, and none stands for fewer than three cases by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from bot.web.desk.guard import AtDesk, DeskGuard, DeskRoute, Gate
from bot.web.desk.sheet import Cell, sheet
from bot.web.desk.words_figures import (
    FIGURES,
    HOUR,
    HOW,
    KINDS,
    LEVELS,
    MENU,
    OTHERS,
    PERIODS,
    SHEET,
    SHEET_NOW,
    WITHOUT,
)
from intake.figures import LEAST, Counts, OpenNow, Slice, apart
from intake.sight import Sight
from intake.taxonomy import Taxonomy
from storage.case_figures import Kind
from storage.tx import Tx

PATH = "/desk/figures"
_USUAL = 7


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`."""

    part: int
    whole: int

    @property
    def percent(self) -> str:
        """Rounded, but all is said only of all."""
        if not self.whole:
            return "—"
        rounded = (self.part * 200 + self.whole) // (self.whole * 2)
        return f"{rounded if self.part == self.whole else min(rounded, 99)}%"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: a kind of case, or all of a time."""

    name: str
    counts: Counts

    @property
    def opened(self) -> int:
        return self.counts.opened

    @property
    def answered(self) -> Share:
        return Share(self.counts.answered, self.counts.answer_due)

    @property
    def finished(self) -> Share:
        return Share(self.counts.finished, self.counts.finish_due)

    @property
    def satisfied(self) -> Share:
        return Share(self.counts.satisfied, self.counts.rated)

    @property
    def reopened(self) -> Share:
        return Share(self.counts.reopened, self.counts.done)


@dataclass(frozen=True, slots=True)
class Table:
    """One way of telling cases apart; `most` is the largest count in it."""

    name: str
    lines: tuple[Line, ...]
    most: int


@dataclass(frozen=True, slots=True)
class _Found:
    open_now: OpenNow
    periods: list[Line]
    tables: list[Table]


class Figures:
    """The page, and its tables to take away."""

    menu: Sequence[tuple[str, str, Gate]] = ((PATH, MENU, Gate.CASES),)

    def __init__(self, guard: DeskGuard, taxonomy: Taxonomy) -> None:
        self._guard = guard
        self._taxonomy = taxonomy

    def routes(self) -> list[DeskRoute]:
        return [
            DeskRoute("GET", PATH, Gate.CASES, self.page),
            DeskRoute("GET", f"{PATH}.csv", Gate.CASES, self.file),
        ]

    async def page(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        days = _days(request)
        found = await self._find(here.sight, days)
        return self._guard.frame.page(
            "figures.html",
            here=here,
            at=PATH,
            words=FIGURES,
            how=HOW,
            names=PERIODS,
            days=days,
            least=LEAST,
            found=found,
        )

    async def file(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        days = _days(request)
        found = await self._find(here.sight, days)
        rows: list[Sequence[Cell]] = [
            (SHEET_NOW, FIGURES["open"], found.open_now.open),
            (SHEET_NOW, FIGURES["overdue"], found.open_now.overdue),
        ]
        rows += [_row(FIGURES["periods"], line, whole=True) for line in found.periods]
        rows += [_row(table.name, line) for table in found.tables for line in table.lines]
        today = self._now().date().isoformat()
        return sheet(f"huying-figures-{today}-{days}d.csv", SHEET, rows)

    async def _find(self, sight: Sight, days: int) -> _Found:
        now = self._now()
        starts = {span: _begin(now, span) for span in PERIODS}

        def work(tx: Tx) -> _Found:
            figures = tx.case_figures
            totals = figures.since(sight, list(starts.values()), now)
            shift = now.utcoffset() or timedelta()
            return _Found(
                figures.open_now(sight, now),
                [Line(PERIODS[span], one) for span, one in zip(starts, totals, strict=True)],
                [
                    self._table(kind, figures.by(sight, kind, starts[days], now, shift))
                    for kind in Kind
                ],
            )

        return await self._guard.store.read(work)

    def _table(self, kind: Kind, slices: list[Slice]) -> Table:
        lines = tuple(
            Line(OTHERS if one.key is None else self._name(kind, one.key), one.counts)
            for one in apart(sorted(slices, key=lambda one: _order(kind, one)))
        )
        return Table(KINDS[kind], lines, max((line.opened for line in lines), default=0))

    def _name(self, kind: Kind, key: str) -> str:
        if not key:
            return WITHOUT
        if kind is Kind.HOUR:
            return HOUR.format(hour=key)
        if kind is Kind.LEVEL:
            return LEVELS[key]
        known = (
            self._taxonomy.categories if kind is Kind.CATEGORY else self._taxonomy.departments
        ).get(key)
        return known.name if known else key

    def _now(self) -> datetime:
        return self._guard.clock().astimezone(self._guard.frame.zone)


def _days(request: web.Request) -> int:
    """The time that is asked for; a week where it is none of those that there are."""
    asked = request.query.get("days", "")
    return next((days for days in PERIODS if str(days) == asked), _USUAL)


def _begin(now: datetime, days: int) -> datetime:
    """The midnight with which the last `days` days begin, today among them."""
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=days - 1)


def _order(kind: Kind, one: Slice) -> tuple[int, str]:
    """Hours and levels by themselves, the others with the most before."""
    key = one.key or ""
    if kind is Kind.HOUR:
        return int(key), ""
    return (0 if kind is Kind.LEVEL else -one.counts.opened), key


def _row(table: str, line: Line, *, whole: bool = False) -> list[Cell]:
    """Shares of too few are left blank, but for those of all cases."""
    cells: list[Cell] = [table, line.name, line.opened]
    for share in (line.answered, line.finished, line.satisfied, line.reopened):
        shown = whole or share.whole >= LEAST
        cells += [share.part, share.whole] if shown else ["", ""]
    return cells
