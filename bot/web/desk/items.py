"""The taxonomy as it is in use: what can be asked for, who does it, by when, and what a group sees of it.

The law of this file: it is read here and changed in its file, by whoever runs the server. It says nothing of
any case, so that all staff may look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.web.desk.finding import LONGEST, find_items
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRoute, Gate
from bot.web.desk.own_words import meant_by
from bot.web.desk.town import PATH as TOWN_PATH
from bot.web.desk.words_case import TIER_NAMES, VISIBILITY_NAMES
from bot.web.desk.words_cases import LEVEL_NAMES
from bot.web.desk.words_items import ITEMS, SPANS
from intake.taxonomy import Clock, Item, Taxonomy

PATH = f"{TOWN_PATH}/items"


@dataclass(frozen=True, slots=True)
class Row:
    """An item as it is read."""

    item: Item
    lead: str
    co: str
    limits: str


class Items:
    """The page."""

    menu: Sequence[tuple[str, str, Gate]] = ()

    def __init__(self, guard: DeskGuard, taxonomy: Taxonomy) -> None:
        self._guard = guard
        self._taxonomy = taxonomy
        self._names = {code: one.name for code, one in taxonomy.departments.items()}

    def routes(self) -> list[DeskRoute]:
        return [DeskRoute("GET", PATH, Gate.STAFF, self.page)]

    async def page(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        sought = request.query.get("q", "").strip()[:LONGEST]
        meant = await self._guard.store.read(lambda tx: meant_by(tx, sought, here.sight.grids))
        found = find_items(self._taxonomy, sought, meant) if sought else []
        return self._guard.frame.page(
            "town_items.html",
            here=here,
            at=TOWN_PATH,
            words=ITEMS,
            levels=LEVEL_NAMES,
            tiers=TIER_NAMES,
            visible=VISIBILITY_NAMES,
            taxonomy=self._taxonomy,
            sought=sought,
            found=[self._row(item) for item in found],
            categories=[]
            if sought
            else [
                (category, [self._row(item) for item in category.items])
                for category in self._taxonomy.categories.values()
            ],
        )

    def _row(self, item: Item) -> Row:
        names, limits = self._names, item.limits
        return Row(
            item,
            names[item.lead],
            "、".join(names[code] for code in item.co),
            ITEMS["limit"].format(
                respond=span(limits.respond_hours, limits.clock),
                resolve=span(limits.resolve_hours, limits.clock),
            ),
        )


def span(hours: float, clock: Clock) -> str:
    """A limit as people say it: 半小时, 4 小时, 3 天, 7 个工作日. Of working time 24 hours are a day."""
    whole = hours >= 24 and hours % 24 == 0
    number = hours / 24 if whole else hours
    if number == 0.5 and clock is Clock.CALENDAR:
        return ITEMS["half"]
    return SPANS[clock, whole].format(n=f"{number:g}")
