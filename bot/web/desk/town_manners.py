"""Changing when the bot speaks unasked in a part of the neighbourhood, and how often.

The law of this file: whoever configures a node changes what is said of it; what somebody else changed
meanwhile is not written over. It is on record in the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from aiohttp import web

from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate, form_of
from bot.web.desk.manners_view import fingerprint, noted, typed_manners
from bot.web.desk.town import PATH, Town
from bot.web.desk.tree import tree_of
from bot.web.desk.words_manners import NotSo
from bot.web.desk.words_town import Not
from bot.web.site import go_to
from intake.manners import OwnManners
from intake.people import Right
from intake.taxonomy import Taxonomy
from storage.records import Look
from storage.tx import Tx


class TownManners:
    """The form on the page of a node."""

    menu: Sequence[tuple[str, str, Gate]] = ()

    def __init__(self, guard: DeskGuard, taxonomy: Taxonomy, town: Town) -> None:
        self._guard = guard
        self._taxonomy = taxonomy
        self._town = town

    def routes(self) -> list[DeskRoute]:
        return [DeskRoute("POST", f"{PATH}/at/{{node}}/manners", Gate.CONFIGURE, self.change)]

    async def change(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await form_of(request)).items()}
        id, now = request.match_info["node"], self._guard.clock()

        def work(tx: Tx) -> str:
            node = self._town.visible(tree_of(tx, self._taxonomy), here.person, id)
            if not node.path or not node.within(here.person, Right.CONFIGURE):
                raise DeskRefusal(Not.NODE, 404)
            tx.grids.hold(node.id)
            present = tx.manners.all().get(node.id, OwnManners(node.id))
            if form.get("seen") != fingerprint(present):
                return NotSo.STALE
            wanted, problem = typed_manners(node.id, form)
            if wanted is not None and wanted != present:
                tx.manners.put(wanted)
                why = f"{noted(present)} → {noted(wanted)}"
                tx.audit.add([Look(node.id, here.person.id, "manners", why, now)])
            return problem

        problem = await self._guard.store.write(work)
        if problem:
            status = 409 if problem == NotSo.STALE else 400
            typed = form | {"do": "manners"}
            return await self._town.shown(here, id, status, problem=problem, typed=typed)
        there = f"{PATH}/at/{quote(id, safe='')}?told=manners#pace"
        return go_to(there)
