"""Signing in again in the middle of a form, and going on with it.

The law of this file: see `kept.py`. Whoever signs in as somebody else than who typed sees nothing of it.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from urllib.parse import quote

from aiohttp import web

from bot.web.desk.guard import (
    COOKIE,
    SIGN_IN,
    AtDesk,
    DeskGuard,
    DeskRefusal,
    DeskRoute,
    Gate,
    form_of,
)
from bot.web.desk.kept import AGAIN, ONCE, Kept, again_of, kept_again, kept_of, mark_of
from bot.web.desk.signing import NotProved, Signing
from bot.web.desk.words import SIGN_IN as DOOR
from bot.web.desk.words import Refused
from bot.web.desk.words_kept import KEPT
from storage.people import token_hash

PATH = f"{SIGN_IN}/again"
_WAITS = 3600


class Resuming:
    """The page that holds a form, and the one that goes on with it."""

    menu: Sequence[tuple[str, str, Gate]] = ()

    def __init__(self, guard: DeskGuard, signing: Signing) -> None:
        self._guard = guard
        self._signing = signing
        guard.signed_out = self.signed_out
        guard.twice = self.twice

    def routes(self) -> list[DeskRoute]:
        return [DeskRoute("POST", PATH, Gate.ANYBODY, self.again)]

    async def signed_out(self, request: web.Request) -> web.StreamResponse:
        """A form came without a session."""
        kept = await kept_of(request)
        if kept is None:
            raise DeskRefusal(Refused.SIGN_IN, 401)
        return await self._page(request, kept, status=401)

    async def again(self, request: web.Request) -> web.StreamResponse:
        """Signed in on the page that holds the form, or in another window of this browser."""
        form = await form_of(request)
        kept, login = kept_again(form), str(form.get("login", ""))
        if form.get("do") == "look":
            here = await self._guard.at_desk(request)
            if here is None:
                return await self._page(request, kept, error=KEPT["not_yet"], status=401)
            return self._on(request, kept, here.person.id, here.session.id, web.Response())
        try:
            person = await self._signing.prove(request, form)
        except NotProved as wrong:
            return await self._page(request, kept, login, str(wrong), wrong.status)
        signed_in = await self._guard.sign_in(request, person)
        session = token_hash(signed_in.cookies[COOKIE].value)
        return self._on(request, kept, person, session, signed_in)

    def _on(
        self,
        request: web.Request,
        kept: Kept,
        person: str,
        session: str,
        signed_in: web.StreamResponse,
    ) -> web.StreamResponse:
        """To the button that goes on, for who typed it; to the first page for anybody else."""
        if not kept.may_go_on or kept.who != mark_of(person):
            signed_in.headers["Location"] = "/desk"
            signed_in.set_status(303)
            return signed_in
        nonce = secrets.token_urlsafe(16)
        sign = "&" if "?" in kept.to else "?"
        page = self._guard.frame.page(
            "kept_ready.html",
            words=KEPT,
            kept=kept,
            to=f"{kept.to}{sign}{ONCE}={again_of(nonce, session)}",
        )
        page.cookies.update(signed_in.cookies)
        self._guard.leave(request, page, AGAIN, nonce, _WAITS)
        return page

    async def twice(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        """A form that went on already, or for somebody else."""
        kept = await kept_of(request)
        mine = kept is not None and kept.who == mark_of(here.person.id)
        written = kept.words if kept is not None and mine else []
        return self._guard.frame.page(
            "kept_twice.html", 409, here=here, words=KEPT, written_words=written
        )

    async def _page(
        self, request: web.Request, kept: Kept, login: str = "", error: str = "", status: int = 401
    ) -> web.StreamResponse:
        back = self._guard.came_from(request)
        return self._guard.frame.page(
            "kept.html",
            status,
            words=KEPT,
            door=DOOR,
            kept=kept,
            again=PATH,
            plain=f"{SIGN_IN}?to={quote(back, safe='')}",
            personas=await self._signing.personas(request) if kept.may_go_on else [],
            login=login,
            error=error,
        )
