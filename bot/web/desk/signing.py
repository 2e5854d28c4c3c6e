"""Signing in and out.

The law of this file: a one-time link is used up by a press, never by looking at it (chat programs look at
links); whatever was wrong about login, password or code is said in one sentence; demo personas sign in
without anything, on loopback alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiohttp import web
from multidict import MultiDictProxy

from bot.web.addresses import address_of
from bot.web.desk.guard import (
    COOKIE,
    DEMO_PREFIX,
    AtDesk,
    DeskGuard,
    DeskRefusal,
    DeskRoute,
    Gate,
    form_of,
)
from bot.web.desk.proving import Proving
from bot.web.desk.words import SIGN_IN, Refused
from bot.web.desk.words_account import Wrong
from bot.web.room.limits import Buckets, Pace
from bot.web.room.refusals import TooFast
from bot.web.site import go_to
from intake.people import PersonId
from storage.tx import Tx

TRIES = Pace(20, 15.0)
"""Tries by password from one address: an office shares one."""


class NotProved(DeskRefusal):
    """Not let in; `str()` of it is the sentence."""


class Signing:
    """The pages before the desk."""

    menu: Sequence[tuple[str, str, Gate]] = ()

    def __init__(self, guard: DeskGuard, proving: Proving) -> None:
        self._guard = guard
        self._proving = proving
        self._store = guard.store
        self._tries = Buckets(TRIES, lambda: guard.clock().timestamp())

    def routes(self) -> list[DeskRoute]:
        return [
            DeskRoute("GET", "/desk/sign-in", Gate.ANYBODY, self.door),
            DeskRoute("POST", "/desk/sign-in", Gate.ANYBODY, self.by_password),
            DeskRoute("POST", "/desk/demo", Gate.ANYBODY, self.as_persona),
            DeskRoute("GET", "/desk/in/{token}", Gate.ANYBODY, self.link),
            DeskRoute("POST", "/desk/in/{token}", Gate.ANYBODY, self.by_link),
            DeskRoute("POST", "/desk/sign-out", Gate.STAFF, self.out),
        ]

    async def door(self, request: web.Request) -> web.StreamResponse:
        return await self._door(request, request.query.get("to", "/desk"))

    async def by_password(self, request: web.Request) -> web.StreamResponse:
        form = await form_of(request)
        login, to = str(form.get("login", "")), str(form.get("to", ""))
        try:
            person = await self._by_password(request, form)
        except NotProved as wrong:
            return await self._door(request, to, login, str(wrong), wrong.status)
        return await self._guard.sign_in(request, person, to)

    async def prove(self, request: web.Request, form: MultiDictProxy[Any]) -> PersonId:
        """Who fills in a form that signs in: by password, or as a demo persona. Raises NotProved."""
        if "person" not in form:
            return await self._by_password(request, form)
        person = str(form["person"])
        if person not in {id for id, _, _ in await self.personas(request)}:
            raise NotProved(Refused.NOT_FOR_YOU, 403)
        return person

    async def _by_password(self, request: web.Request, form: MultiDictProxy[Any]) -> PersonId:
        login, password, code = (str(form.get(name, "")) for name in ("login", "password", "code"))
        try:
            self._tries.take(address_of(request))
        except TooFast:
            raise NotProved(Refused.TOO_FAST, 429) from None
        person = await self._proving.by_login(login, password, code)
        if person is None or not self._guard.may_be(request, person):
            raise NotProved(Wrong.SIGN_IN, 401)
        return person

    async def personas(self, request: web.Request) -> list[tuple[str, str, str]]:
        """Demo personas with a role, where there is a demo: id, name, first role."""
        demo = self._guard.site.allows_demo(request)
        return await self._store.read(_demo_staff) if demo else []

    async def _door(
        self, request: web.Request, to: str, login: str = "", error: str = "", status: int = 200
    ) -> web.StreamResponse:
        return self._guard.frame.page(
            "sign_in.html",
            status,
            words=SIGN_IN,
            personas=await self.personas(request),
            to=to,
            login=login,
            error=error,
        )

    async def as_persona(self, request: web.Request) -> web.StreamResponse:
        if not self._guard.site.allows_demo(request):
            raise DeskRefusal(Refused.NOT_FOR_YOU, 403)
        form = await form_of(request)
        person, to = str(form.get("person", "")), str(form.get("to", "/desk"))
        known = await self._store.read(lambda tx: [id for id, _, _ in _demo_staff(tx)])
        if person not in known:
            raise DeskRefusal(Refused.NOT_FOR_YOU, 403)
        return await self._guard.sign_in(request, person, to)

    async def link(self, request: web.Request) -> web.StreamResponse:
        token, now = request.match_info["token"], self._guard.clock()
        if not await self._store.read(lambda tx: tx.sessions.link_is_open(token, now)):
            raise DeskRefusal(Refused.LINK_GONE, 404)
        return self._guard.frame.page("sign_in_link.html", words=SIGN_IN)

    async def by_link(self, request: web.Request) -> web.StreamResponse:
        token, now = request.match_info["token"], self._guard.clock()
        person = await self._store.write(lambda tx: tx.sessions.use_link(token, now))
        if person is None:
            raise DeskRefusal(Refused.LINK_GONE, 404)
        return await self._guard.sign_in(request, person)

    async def out(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        person, session = here.person.id, here.session.id
        await self._store.write(lambda tx: tx.sessions.end(person, session))
        response = go_to("/desk/sign-in")
        response.del_cookie(COOKIE, path="/")
        return response


def _demo_staff(tx: Tx) -> list[tuple[str, str, str]]:
    """Demo personas with a role: id, name, first role."""
    return [
        (person.id, person.name, person.grants[0].role.value)
        for person in tx.people.staff()
        if person.id.startswith(DEMO_PREFIX)
    ]
