"""Putting another version of the model to use, and going back.

The law of this file: for those who configure the whole town, which reads with it, after a page that asks
once more; by the same functions and the same rule as on the command line (`bot/versions.py`), and on record
with their name. Somebody who decided while another version was in use decides again. The running server takes
the other version up by itself (`bot/reloading.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aiohttp import web

from bot.versions import ModelHome, NothingBefore, Version, roll_back
from bot.web.desk.acts import Acts
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate, form_of
from bot.web.desk.model_shelf import PATH, ModelShelf, configures_town, look, path_of, there
from bot.web.desk.model_view import name_of
from bot.web.desk.promoting import Promoting
from bot.web.desk.words import Refused
from bot.web.desk.words_models import SURE, Wrong
from bot.web.site import go_to


class ModelChanges:
    """The two questions and their two answers."""

    menu: Sequence[tuple[str, str, Gate]] = ()

    def __init__(
        self, guard: DeskGuard, acts: Acts, promoting: Promoting, home: ModelHome | None = None
    ) -> None:
        self._guard = guard
        self._store = acts.store
        self._promoting = promoting
        self._home = home

    def routes(self) -> list[DeskRoute]:
        version = PATH + "/{name}"
        return [
            DeskRoute("GET", version + "/promote", Gate.CONFIGURE, self.ask_promote),
            DeskRoute("POST", version + "/promote", Gate.CONFIGURE, self.promote),
            DeskRoute("GET", version + "/rollback", Gate.CONFIGURE, self.ask_roll_back),
            DeskRoute("POST", version + "/rollback", Gate.CONFIGURE, self.roll_back),
        ]

    async def ask_promote(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        shelf = await look(self._there(here))
        version = _promotable(shelf, request)
        return self._question(here, "promote", shelf, version, name_of(version))

    async def promote(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        home, form = self._there(here), await form_of(request)
        shelf = await look(home)
        version = _promotable(shelf, request)
        if form.get("instead") != shelf.serving.key:
            raise DeskRefusal(Wrong.NOT_IN_USE, 409)
        name, by, now = version.name or "", here.person.id, self._guard.clock()
        self._promoting.start(home, name, by, now)
        return go_to(path_of(version))

    async def ask_roll_back(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        shelf = await look(self._there(here))
        left, before = _left(shelf, request)
        return self._question(here, "rollback", shelf, left, name_of(before))

    async def roll_back(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        home, form = self._there(here), await form_of(request)
        _, before = _left(await look(home), request)
        if form.get("instead") != before.key:
            raise DeskRefusal(Wrong.NOT_IN_USE, 409)
        if self._promoting.under_way:
            raise DeskRefusal(Wrong.BUSY, 409)
        by, now = here.person.id, self._guard.clock()
        try:
            await asyncio.to_thread(roll_back, home.settings, self._store, by, now)
        except NothingBefore:
            raise DeskRefusal(Wrong.NOTHING_BEFORE, 409) from None
        return go_to(f"{PATH}?done=rollback")

    def _there(self, here: AtDesk) -> ModelHome:
        """Where models can be changed. Raises DeskRefusal."""
        if not configures_town(here):
            raise DeskRefusal(Refused.NOT_FOR_YOU, 403)
        home = there(self._home)
        if home.settings.model is not None:
            raise DeskRefusal(Wrong.CONFIGURED, 409)
        return home

    def _question(
        self, here: AtDesk, what: str, shelf: ModelShelf, version: Version, name: str
    ) -> web.Response:
        """`name` is the version that would serve then."""
        instead = shelf.serving if what == "promote" else shelf.before or shelf.serving
        return self._guard.frame.page(
            "model_sure.html",
            here=here,
            at=PATH,
            words=SURE,
            title=SURE[what].format(name=name),
            lead=SURE[f"{what}_lead"].format(left=name_of(shelf.serving)),
            go=SURE[f"{what}_go"],
            path=path_of(version),
            what=what,
            instead=instead.key,
        )


def _promotable(shelf: ModelShelf, request: web.Request) -> Version:
    version = shelf.find(request.match_info["name"])
    if version.in_use:
        raise DeskRefusal(Wrong.IN_USE, 409)
    if version.name is None:
        raise DeskRefusal(Wrong.NOT_PROMOTABLE, 409)
    return version


def _left(shelf: ModelShelf, request: web.Request) -> tuple[Version, Version]:
    """The version that is left, and the one that is gone back to."""
    version = shelf.find(request.match_info["name"])
    if not version.in_use:
        raise DeskRefusal(Wrong.NOT_IN_USE, 409)
    if shelf.before is None:
        raise DeskRefusal(Wrong.NOTHING_BEFORE, 409)
    return version, shelf.before
