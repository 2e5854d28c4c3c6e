"""What the chat page asks for, as JSON.

The law of this file: a handler reads the request, asks the room, shows the answer; what may be done is the
room's business.
"""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web

from bot.web.room.guard import Guard, answer, body, limited, parsed, text_of
from bot.web.room.hub import Line
from bot.web.room.photos import MOST_BYTES
from bot.web.room.refusals import Forbidden, Malformed, NotFound
from bot.web.room.service import Saying
from bot.web.room.views import listed_view, member_view, message_view
from bot.web.room.words import Refused
from bot.web.room.writing import Pressing

_MOST_CURSOR = 20_000
_MOST_TEXT = 1024 * 1024
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


class Api:
    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._room = guard.room

    def routes(self) -> list[web.RouteDef]:
        guarded = self._guard.json
        return [
            web.get("/room/me", guarded(self.me)),
            web.get("/room/list", guarded(self.list)),
            web.get("/room/history", guarded(self.history)),
            web.get("/room/changes", guarded(self.changes)),
            web.post("/room/send", guarded(self.send)),
            web.post("/room/press", guarded(self.press)),
            web.post("/room/withdraw", guarded(self.withdraw)),
            web.post("/room/read", guarded(self.read)),
            web.post("/room/start", guarded(self.start)),
            web.post("/room/photo", guarded(self.upload)),
            web.get("/room/photo/{name}", guarded(self.photo)),
            web.post("/room/persona", guarded(self.persona)),
        ]

    async def me(self, request: web.Request) -> web.StreamResponse:
        """Who I am, and in a demo whom I may be."""
        demo = self._guard.site.allows_demo(request)
        personas = await self._room.personas() if demo else []
        member = await self._guard.visitor(request)
        return answer(
            {
                "me": None if member is None else member_view(member),
                "personas": [member_view(persona) for persona in personas],
            }
        )

    async def list(self, request: web.Request) -> web.StreamResponse:
        member = await self._guard.member(request)
        listed = await self._room.listing(member)
        return answer({"rooms": [listed_view(item) for item in listed]})

    async def history(self, request: web.Request) -> web.StreamResponse:
        member = await self._guard.member(request)
        chat, before = request.query.get("chat", ""), request.query.get("before")
        messages, more, rev = await self._room.history(member, chat, whole(before))
        views = [message_view(message) for message in messages]
        return answer({"messages": views, "more": more, "rev": rev})

    async def changes(self, request: web.Request) -> web.StreamResponse:
        """The same frame as the socket's, for a page whose socket cannot be opened."""
        member = await self._guard.member(request)
        self._room.may_poll(member)
        line = Line(member.person, cursor(request))
        frames = await self._room.hub.pull([line])
        body = frames[0][1] if frames else b'{"t":"changes","rooms":[],"reset":[],"relist":false}'
        return web.Response(body=body, content_type="application/json", charset="utf-8")

    async def send(self, request: web.Request) -> web.StreamResponse:
        member = await self._guard.member(request)
        message = await self._room.say(member, saying(await body(request)))
        return answer({"message": message_view(message)})

    async def press(self, request: web.Request) -> web.StreamResponse:
        member = await self._guard.member(request)
        asked = await body(request)
        pressing = Pressing(
            text_of(asked, "chat"),
            text_of(asked, "message"),
            text_of(asked, "data"),
            _client_id(asked),
        )
        await self._room.press(member, pressing)
        return answer({"ok": True})

    async def withdraw(self, request: web.Request) -> web.StreamResponse:
        member = await self._guard.member(request)
        asked = await body(request)
        await self._room.withdraw(member, text_of(asked, "chat"), text_of(asked, "message"))
        return answer({"ok": True})

    async def read(self, request: web.Request) -> web.StreamResponse:
        member = await self._guard.member(request)
        asked = await body(request)
        await self._room.mark_read(member, text_of(asked, "chat"), whole_in(asked, "seq"))
        return answer({"ok": True})

    async def start(self, request: web.Request) -> web.StreamResponse:
        member = await self._guard.member(request)
        chat = await self._room.start(member, text_of(await body(request), "parameter"))
        return answer({"chat": chat})

    async def upload(self, request: web.Request) -> web.StreamResponse:
        member = await self._guard.member(request)
        chat = request.query.get("chat", "")
        await self._room.may_upload(member, chat)
        data = await limited(request, MOST_BYTES, Refused.PHOTO_TOO_BIG)
        photo = await self._room.add_photo(member, chat, data)
        return answer({"name": photo.name, "w": photo.width, "h": photo.height})

    async def photo(self, request: web.Request) -> web.StreamResponse:
        member = await self._guard.member(request)
        name = request.match_info["name"]
        path = self._room.photos.path(name)
        if path is None:
            raise NotFound
        if not await self._room.may_see_photo(member, name):
            raise Forbidden
        headers = {
            "Content-Type": "image/jpeg",
            "Content-Disposition": 'inline; filename="photo.jpg"',
            "Cache-Control": "private, max-age=3600",
            "Vary": "Cookie, X-Room-Token",
        }
        return web.FileResponse(path, headers=headers)

    async def persona(self, request: web.Request) -> web.StreamResponse:
        """A token to speak as a demo persona in one tab."""
        if not self._guard.site.allows_demo(request):
            raise Forbidden(Refused.NO_DEMO)
        member = await self._room.persona(text_of(await body(request), "person"))
        if member is None:
            raise NotFound(Refused.NO_PERSONA)
        token = await self._room.new_token(member.person)
        return answer({"token": token, "me": member_view(member)})


def saying(asked: dict[str, Any]) -> Saying:
    """What a page asks to say. Raises Malformed."""
    quote, photos = asked.get("quote"), asked.get("photos") or []
    if not isinstance(photos, list) or not all(isinstance(name, str) for name in photos):
        raise Malformed
    return Saying(
        text_of(asked, "chat"),
        _client_id(asked),
        text_of(asked, "text", _MOST_TEXT),
        None if quote is None else text_of(asked, "quote"),
        tuple(dict.fromkeys(photos)),
    )


def cursor(request: web.Request) -> dict[str, int]:
    """How far a page has got in each room, from `?cursor={"DEMO-1": 12}`. Raises Malformed."""
    raw = request.query.get("cursor") or "{}"
    if len(raw) > _MOST_CURSOR:
        raise Malformed
    return {chat: whole_in({"rev": rev}, "rev") for chat, rev in parsed(raw).items()}


def whole_in(asked: dict[str, Any], key: str) -> int:
    value = asked.get(key)
    if type(value) is not int or not 0 <= value < 2**53:
        raise Malformed
    return value


def whole(raw: str | None) -> int | None:
    if raw is None:
        return None
    if not re.fullmatch(r"[0-9]{1,15}", raw):
        raise Malformed
    return int(raw)


def _client_id(asked: dict[str, Any]) -> str:
    found = text_of(asked, "id")
    if not _CLIENT_ID.fullmatch(found):
        raise Malformed
    return found
