"""Reading the figures: for the page, its files and its picture.

The law of this file: seven statements whatever the size of the town, all over one state of the database; of
what somebody may see and no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.web.desk.figures_asked import Asked, Parts
from bot.web.desk.figures_told import Found, Line, Teller
from bot.web.desk.guard import DeskGuard
from bot.web.desk.tree import tree_of
from bot.web.desk.words_figures import FIGURES
from intake.periods import Period
from intake.rates import by_district
from intake.sight import Sight
from intake.taxonomy import Taxonomy
from storage.case_figures import Kind, Reach
from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Answer:
    """The figures of what was asked for."""

    asked: Asked
    period: Period
    parts: Parts
    found: Found


class FiguresReading:
    """Reads figures as of now."""

    def __init__(self, guard: DeskGuard, taxonomy: Taxonomy) -> None:
        self.guard = guard
        self.taxonomy = taxonomy

    def now(self) -> datetime:
        return self.guard.clock().astimezone(self.guard.frame.zone)

    def dates(self, period: Period) -> tuple[str, str]:
        """The first and the last day of a time."""
        days = period.days(self.guard.frame.zone)
        return days[0].isoformat(), days[-1].isoformat()

    def said(self, period: Period) -> str:
        """A time as people say it."""
        first, last = self.dates(period)
        return FIGURES["day" if first == last else "period"].format(first=first, last=last)

    async def parts(self, sight: Sight) -> Parts:
        """What may be chosen, where the figures themselves cannot be told."""
        return await self.guard.store.read(lambda tx: Parts(tree_of(tx, self.taxonomy), sight))

    async def answer(self, sight: Sight, asked: Asked, *, public: bool = False) -> Answer:
        """Everything for what was asked. `public`: without private cases. Raises BadAsk."""
        now = self.now()
        period = asked.period(now)
        return await self.guard.store.read(
            lambda tx: self._read(tx, sight, asked, period, now, public)
        )

    def _read(
        self, tx: Tx, sight: Sight, asked: Asked, period: Period, now: datetime, public: bool
    ) -> Answer:
        parts = Parts(tree_of(tx, self.taxonomy), sight)
        reach = Reach(sight, parts.reach(asked.part), public)
        figures, past = tx.case_figures, asked.before(period, now)
        told = figures.told(reach, period, now, now.utcoffset() or timedelta())
        found = Found(
            figures.open_now(reach, now),
            Line(self.said(period), told.total),
            Line(self.said(past), figures.total(reach, past, now)),
            Teller(self.taxonomy, parts, asked.part).tables(told, period, now),
            by_district(told.kinds[Kind.DEPARTMENT], self.taxonomy.district)
            if sight.grids
            else None,
        )
        return Answer(asked, period, parts, found)
