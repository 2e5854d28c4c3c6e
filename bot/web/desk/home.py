"""The first page of the desk: where somebody's work begins; and the red bar, for a page that is open."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from bot.web.desk.figures import PATH as FIGURES
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRoute, Gate
from bot.web.desk.live import BarWatch
from bot.web.site import go_to
from intake.people import Role


class Home:
    """Leads on to the first page of the menu that is for this person; a street centre, which watches over its
    grids and works in none, to its figures."""

    menu: Sequence[tuple[str, str, Gate]] = ()

    def __init__(self, guard: DeskGuard) -> None:
        self._guard = guard

    def routes(self) -> list[DeskRoute]:
        return [
            DeskRoute("GET", "/desk", Gate.STAFF, self.home),
            DeskRoute("GET", "/desk/alarms", Gate.STAFF, self.alarms),
            DeskRoute("GET", "/desk/news", Gate.STAFF, self.news),
        ]

    async def home(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        if all(grant.role is Role.STREET for grant in here.person.grants):
            return go_to(FIGURES)
        for path, _, gate in self._guard.frame.menu:
            if gate.opens(here.person):
                return go_to(path)
        return self._guard.frame.page("home.html", here=here)

    async def alarms(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        return self._guard.frame.alarms(here)

    async def news(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        """For pages that have no news of their own."""
        return await self._guard.live.answer(request, here, BarWatch())
