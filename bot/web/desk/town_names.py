"""Names of the neighbourhood: of its nodes, and a grid's own place names.

The law of this file: a name that somebody else changed meanwhile is not written over. What may be a place
name is judged by the same rule as in the staff chat, and asked of the same people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from aiohttp import web

from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate, form_of
from bot.web.desk.town import PATH, Town, may_name_places
from bot.web.desk.tree import GRID, Node, tree_of
from bot.web.desk.words_town import REFUSED_PLACE, Not
from bot.web.room.text import clean
from bot.web.site import go_to
from intake.grids import Grid
from intake.naming import Judged, Naming, Reason, Sort, found, judge, names_in
from intake.people import Person, Right
from intake.rules import Rules
from intake.teaching import SHOWN
from nlp.privacy import personal_in
from storage.records import Look
from storage.tx import Tx

_LONGEST: Final = 60


class TownNames:
    """The forms for names on the page of a node."""

    menu: Sequence[tuple[str, str, Gate]] = ()

    def __init__(self, guard: DeskGuard, rules: Rules, town: Town) -> None:
        self._guard = guard
        self._store = guard.store
        self._rules = rules
        self._town = town

    def routes(self) -> list[DeskRoute]:
        return [
            DeskRoute("POST", f"{PATH}/at/{{node}}/name", Gate.CONFIGURE, self.name),
            DeskRoute("POST", f"{PATH}/at/{{node}}/places", Gate.INVITE, self.places),
        ]

    async def name(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await form_of(request)).items()}
        id, name = request.match_info["node"], " ".join(clean(form.get("new", "")).split())

        def work(tx: Tx) -> str:
            node = self._town.visible(tree_of(tx, self._rules.taxonomy), here.person, id)
            if not node.path or not node.within(here.person, Right.CONFIGURE):
                raise DeskRefusal(Not.NODE, 404)
            if not name or len(name) > _LONGEST:
                return Not.NAME
            held = tx.grids.hold(id) if node.kind == GRID else None
            present = held.name if held else node.name
            if form.get("was") != present:
                return Not.NAME_STALE
            if name != present:
                self._rename(tx, here, node, held, name)
            return ""

        problem = await self._store.write(work)
        return await self._answer(here, id, "name", problem, form | {"do": "name"})

    def _rename(self, tx: Tx, here: AtDesk, node: Node, held: Grid | None, name: str) -> None:
        if held is not None:
            tx.grids.add([replace(held, name=name, duty=())])
        else:
            area = next(area for area in tx.grids.areas() if area.id == node.id)
            tx.grids.add_areas([replace(area, name=name)])
        why = f"{node.name} → {name}"
        tx.audit.add([Look(node.id, here.person.id, "name", why, self._guard.clock())])

    async def places(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await form_of(request)).items()}
        id, what = request.match_info["node"], form.get("do", "")

        def work(tx: Tx) -> str:
            node = self._town.visible(tree_of(tx, self._rules.taxonomy), here.person, id)
            if node.kind != GRID or not may_name_places(here.person, node):
                raise DeskRefusal(Not.NODE, 404)
            grid = tx.grids.hold(id)
            if grid is None:
                raise DeskRefusal(Not.NODE, 404)
            if what.startswith("remove "):
                return self._remove(tx, here.person, grid, what.removeprefix("remove "))
            return self._add(tx, here.person, grid, names_in(clean(form.get("places", ""))))

        problem = await self._store.write(work)
        return await self._answer(here, id, "places", problem, form | {"do": "places"})

    def _add(self, tx: Tx, person: Person, grid: Grid, names: tuple[str, ...]) -> str:
        """All of them, or none and why."""
        if not names:
            return Not.PLACES_EMPTY
        line = "、".join(names)
        masked = personal_in(line)
        judged = judge(Sort.PLACE, names, grid.places, self._rules.lexicon, masked)
        if judged.refused:
            return _refused(judged)
        if not judged.new:
            return Not.PLACES_KNOWN.format(names="、".join(judged.known))
        now = self._guard.clock()
        tx.words.apply(Naming(grid.id, Sort.PLACE, judged.new, (), person.id, now))
        return ""

    def _remove(self, tx: Tx, person: Person, grid: Grid, name: str) -> str:
        spelt = found([name], grid.places, self._rules.lexicon)[name]
        if spelt is None:
            return Not.PLACE_GONE
        now = self._guard.clock()
        tx.words.apply(Naming(grid.id, Sort.PLACE, (), (spelt,), person.id, now))
        return ""

    async def _answer(
        self, here: AtDesk, id: str, told: str, problem: str, form: Mapping[str, str]
    ) -> web.StreamResponse:
        if problem:
            status = 409 if problem == Not.NAME_STALE else 400
            return await self._town.shown(here, id, status, problem=problem, typed=form)
        there = f"{PATH}/at/{quote(id, safe='')}?told={told}#{told}"
        return go_to(there)


def _refused(judged: Judged) -> str:
    """What is personal is not repeated."""
    return " ".join(
        REFUSED_PLACE[reason].format(
            names="" if reason is Reason.PERSONAL else "、".join(name[:SHOWN] for name in names)
        )
        for reason, names in judged.refused.items()
    )
