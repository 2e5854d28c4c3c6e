"""The departments: what each leads, who works there, where it hears.

The law of this file: departments work in every grid, so they are shown to whoever invites everywhere. Nothing
is changed here; that is done on a department's own page (`reorganising.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate
from bot.web.desk.town import PATH as TOWN_PATH
from bot.web.desk.tree import tree_of
from bot.web.desk.words_items import DEPARTMENTS
from bot.web.desk.words_town import TOWN, Not
from intake.people import Right, Role
from intake.taxonomy import Taxonomy
from storage.tx import Tx

PATH = f"{TOWN_PATH}/departments"


@dataclass(frozen=True, slots=True)
class Row:
    """A department in figures; `at` is where its page is."""

    id: str
    at: str
    name: str
    leads: int
    helps: int
    people: int
    chats: int
    outlets: int
    into: str = ""

    @property
    def unheard(self) -> bool:
        """Whether cases go there and nobody hears of them."""
        return bool(self.leads) and not (self.people or self.chats or self.outlets)


class Departments:
    """The list; each has the page of its node."""

    menu: Sequence[tuple[str, str, Gate]] = ()

    def __init__(self, guard: DeskGuard, taxonomy: Taxonomy) -> None:
        self._guard = guard
        self._taxonomy = taxonomy

    def routes(self) -> list[DeskRoute]:
        return [DeskRoute("GET", PATH, Gate.INVITE, self.page)]

    async def page(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        groups = await self._guard.store.read(lambda tx: self._groups(tx, here))
        return self._guard.frame.page(
            "town_departments.html",
            here=here,
            at=TOWN_PATH,
            words=DEPARTMENTS,
            town=TOWN,
            groups=groups,
            unheard=any(row.unheard for rows in groups.values() for row in rows),
        )

    def _groups(self, tx: Tx, here: AtDesk) -> dict[str, list[Row]]:
        """The departments by the group that they stand in."""
        tree = tree_of(tx, self._taxonomy)
        if not tree.everywhere(here.person, Right.INVITE):
            raise DeskRefusal(Not.NODE, 404)
        items, known = self._taxonomy.items.values(), self._taxonomy.departments
        leads = Counter(item.lead for item in items)
        helps = Counter(code for item in items for code in item.co)
        holders = tx.people.in_scopes(known)
        people = Counter(
            grant.scope for one in holders for grant in one.grants if grant.role is Role.DEPARTMENT
        )
        chats = Counter(chat.department for chat in tx.chats.all())
        outlets = Counter(outlet.department for outlet in tx.grids.all_outlets())
        found: dict[str, list[Row]] = {}
        for id, one in known.items():
            counts = (leads[id], helps[id], people[id], chats[id], outlets[id])
            into = known[one.into].name if one.into else ""
            row = Row(id, tree.departments[id].at, one.name, *counts, into)
            found.setdefault(one.group or DEPARTMENTS["other"], []).append(row)
        return found
