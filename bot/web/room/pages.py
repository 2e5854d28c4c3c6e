"""The pages: the door, the invitation, the chat.

The law of this file: entering works without JavaScript (a form and a cookie); the chat page is an empty
shell that its modules fill.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from aiohttp import web

from bot.channels.web import OWN_PAGE
from bot.web.addresses import address_of
from bot.web.assets import Assets
from bot.web.room.guard import Guard, Handler
from bot.web.room.refusals import NotFound, Refusal
from bot.web.room.words import ENTRY, NICKNAME_LIMIT, PAGE, Refused
from bot.web.site import SECURITY_HEADERS, go_to
from bot.web.templating import templates
from bot.wording.mine import FILE_NAME
from intake.people import PersonId
from storage.room_records import Member

MayStart = Callable[[str], Awaitable[bool]]
OwnRecords = Callable[[PersonId], Awaitable[str | None]]


class Pages:
    """`timezone` is the name in which the page shows times. `may_start` says whether somebody unknown
    may begin a private talk with this parameter (an invitation of staff); without it nobody may. `own` is
    all that is kept of somebody."""

    def __init__(
        self,
        guard: Guard,
        assets: Assets,
        timezone: str,
        may_start: MayStart | None,
        own: OwnRecords | None = None,
    ) -> None:
        self._guard = guard
        self._room = guard.room
        self._assets = assets
        self._timezone = timezone
        self._may_start = may_start
        self._own = own
        self._jinja = templates()

    def routes(self) -> list[web.RouteDef]:
        guarded = self._guarded
        return [
            web.get("/", guarded(self.door)),
            web.get("/chat", guarded(self.chat)),
            web.get(OWN_PAGE, guarded(self.mine)),
            web.get("/g/{code}", guarded(self.invitation)),
            web.post("/g/{code}", guarded(self.enter)),
            web.get("/start/{parameter}", guarded(self.start)),
            web.post("/start/{parameter}", guarded(self.begin)),
        ]

    def _guarded(self, handler: Handler) -> Handler:
        """Refusals become a page."""

        async def page(request: web.Request) -> web.StreamResponse:
            try:
                return await handler(request)
            except Refusal as refusal:
                return self._page("sorry.html", refusal.status, error=str(refusal))

        return self._guard.json(page)

    async def door(self, request: web.Request) -> web.StreamResponse:
        demo = self._guard.site.allows_demo(request)
        personas = await self._room.personas() if demo else []
        member = await self._guard.visitor(request)
        return self._page("door.html", personas=personas, member=member)

    async def chat(self, request: web.Request) -> web.StreamResponse:
        return self._page("chat.html", timezone=self._timezone, page=PAGE)

    async def mine(self, request: web.Request) -> web.StreamResponse:
        """All that is kept of whoever asks, as a file; of nobody else, for the address names nobody."""
        member = await self._guard.member(request)
        text = await self._own(member.person) if self._own is not None else None
        if text is None:
            raise NotFound(Refused.NOTHING_KEPT)
        name = f"attachment; filename*=UTF-8''{quote(FILE_NAME)}"
        # With the mark, so that an old editor does not take it for GBK.
        return web.Response(
            body=text.encode("utf-8-sig"),
            content_type="text/plain",
            charset="utf-8",
            headers={"Content-Disposition": name},
        )

    async def invitation(self, request: web.Request) -> web.StreamResponse:
        return await self._invitation(request)

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """Take the nickname, make the member, put them into the group."""
        room = await self._room.invited_to(request.match_info["code"])
        if room is None:
            raise NotFound(Refused.INVITATION_GONE)
        try:
            member, token = await self._known_or_new(request)
        except Refusal as refusal:
            return await self._invitation(request, refusal)
        await self._room.join(member, room.chat)
        return self._go_to_chat(request, token, f"#{quote(room.chat, safe='')}")

    async def start(self, request: web.Request) -> web.StreamResponse:
        return await self._start(request)

    async def begin(self, request: web.Request) -> web.StreamResponse:
        """Make the member if need be, and tell the bot with which parameter they came."""
        parameter = await self._allowed_parameter(request)
        try:
            member, token = await self._known_or_new(request)
        except Refusal as refusal:
            return await self._start(request, refusal)
        chat = await self._room.start(member, parameter)
        return self._go_to_chat(request, token, f"#{quote(chat, safe='')}")

    async def _known_or_new(self, request: web.Request) -> tuple[Member, str | None]:
        member = await self._guard.visitor(request)
        if member is not None:
            return member, None
        form = await request.post()
        name = form.get("nickname")
        nickname = name if isinstance(name, str) else ""
        return await self._room.enter(nickname, address_of(request))

    async def _invitation(
        self, request: web.Request, refusal: Refusal | None = None
    ) -> web.StreamResponse:
        room = await self._room.invited_to(request.match_info["code"])
        if room is None:
            raise NotFound(Refused.INVITATION_GONE)
        return await self._ask_name(request, room.title, True, refusal)

    async def _start(
        self, request: web.Request, refusal: Refusal | None = None
    ) -> web.StreamResponse:
        await self._allowed_parameter(request)
        return await self._ask_name(request, PAGE["privateTitle"], False, refusal)

    async def _allowed_parameter(self, request: web.Request) -> str:
        parameter = request.match_info["parameter"]
        if self._may_start is None or not await self._may_start(parameter):
            raise NotFound(Refused.INVITATION_GONE)
        return parameter

    async def _ask_name(
        self, request: web.Request, title: str, group: bool, refusal: Refusal | None
    ) -> web.StreamResponse:
        return self._page(
            "enter.html",
            refusal.status if refusal else 200,
            room_title=title,
            group=group,
            member=await self._guard.visitor(request),
            error=str(refusal) if refusal else None,
            most=NICKNAME_LIMIT,
        )

    def _go_to_chat(
        self, request: web.Request, token: str | None, fragment: str
    ) -> web.StreamResponse:
        response = go_to(f"/chat?own=1{fragment}")
        if token is not None:
            self._guard.set_cookie(request, response, token)
        return response

    def _page(self, name: str, status: int = 200, **values: Any) -> web.Response:
        text = self._jinja.get_template(f"room/{name}").render(
            words=ENTRY, base=self._assets.base, modules=self._assets.modules, **values
        )
        headers = {**SECURITY_HEADERS, "Cache-Control": "no-store"}
        return web.Response(text=text, status=status, content_type="text/html", headers=headers)
