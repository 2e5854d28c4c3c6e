"""What every request of the room goes through.

The law of this file: a change is taken only from our own pages (Origin), a person is known by a device token
(header, socket subprotocol or cookie, in that order, so that a tab may be somebody of its own), every
refusal is a Chinese sentence as JSON, and every answer carries the security headers.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from aiohttp import web

from bot.web.room.refusals import Forbidden, Malformed, NotKnown, Refusal
from bot.web.room.service import WebRoom
from bot.web.room.words import Refused
from bot.web.site import SECURITY_HEADERS, Site
from storage.room_records import Member

log = logging.getLogger(__name__)

COOKIE = "huying_room"
TOKEN_HEADER = "X-Room-Token"
SUBPROTOCOL = "huying-room"
_TOKEN_SUBPROTOCOL = "token."
_COOKIE_SECONDS = 400 * 86400
_MOST_JSON = 1024 * 1024


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Guard:
    """Wraps handlers; knows who asks."""

    def __init__(self, room: WebRoom, site: Site) -> None:
        self.room = room
        self.site = site

    def json(self, handler: Handler) -> Handler:
        """Refusals become {"error": …} with their status."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                self.check_origin(request)
                response = await handler(request)
            except Refusal as refusal:
                response = refused(refusal)
            except (web.HTTPException, ConnectionError):
                raise
            except Exception:
                # The pattern, not what was asked for: a link's token stands in its path.
                log.exception("%s %s failed", request.method, pattern_of(request))
                response = answer({"error": Refused.BROKEN}, 500)
            if not response.prepared:
                response.headers.update(SECURITY_HEADERS)
                response.headers.setdefault("Cache-Control", "no-store")
            return response

        return guarded

    def check_origin(self, request: web.Request) -> None:
        """Raises Forbidden for a change, or a socket, that another site's page asks for."""
        socket = request.headers.get("Upgrade", "").lower() == "websocket"
        if request.method in ("GET", "HEAD") and not socket:
            return
        if not self.site.is_ours(request.headers.get("Origin"), request):
            raise Forbidden(Refused.ORIGIN)

    async def member(self, request: web.Request) -> Member:
        """Who asks. Raises NotKnown."""
        member = await self.visitor(request)
        if member is None:
            raise NotKnown
        return member

    async def visitor(self, request: web.Request) -> Member | None:
        """Who asks, if they have been here before; a demo persona only where there is a demo."""
        token = _token(request)
        member = await self.room.member_of(token) if token else None
        if member is not None and member.demo and not self.site.allows_demo(request):
            return None
        return member

    def set_cookie(self, request: web.Request, response: web.Response, token: str) -> None:
        response.set_cookie(
            COOKIE,
            token,
            max_age=_COOKIE_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=self.site.secure(request),
        )


def pattern_of(request: web.Request) -> str:
    """The route of a request as it was declared."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else ""


def answer(value: Any, status: int = 200) -> web.Response:
    return web.Response(
        body=orjson.dumps(value), status=status, content_type="application/json", charset="utf-8"
    )


def refused(refusal: Refusal) -> web.Response:
    response = answer(refusal_view(refusal), refusal.status)
    if refusal.wait is not None:
        response.headers["Retry-After"] = str(math.ceil(refusal.wait))
    return response


def refusal_view(refusal: Refusal) -> dict[str, Any]:
    return {"error": str(refusal), "status": refusal.status, "wait": refusal.wait}


async def body(request: web.Request) -> dict[str, Any]:
    """The JSON object in a request. Raises Malformed, or TooBig above 1 MiB."""
    return parsed(await limited(request, _MOST_JSON, Refused.TOO_LONG))


async def limited(request: web.Request, most: int, words: str) -> bytes:
    """The body, read no further than `most` bytes. Raises Refusal 413 with `words` above."""
    kept = bytearray()
    async for chunk in request.content.iter_chunked(64 * 1024):
        kept += chunk
        if len(kept) > most:
            raise _too_big(words)
    return bytes(kept)


def parsed(data: bytes | str) -> dict[str, Any]:
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Malformed from error
    if not isinstance(value, dict):
        raise Malformed
    return value


def text_of(value: dict[str, Any], key: str, most: int = 200) -> str:
    """A string of a request that must be there; in all but words, NUL would make an alias of an id.
    Raises Malformed."""
    found = value.get(key)
    if not isinstance(found, str) or len(found) > most or (key != "text" and "\0" in found):
        raise Malformed
    return found


def _too_big(words: str) -> Refusal:
    refusal = Refusal(words)
    refusal.status = 413
    return refusal


def _token(request: web.Request) -> str | None:
    header = request.headers.get(TOKEN_HEADER)
    if header:
        return header
    for offered in request.headers.get("Sec-WebSocket-Protocol", "").split(","):
        if offered.strip().startswith(_TOKEN_SUBPROTOCOL):
            return offered.strip().removeprefix(_TOKEN_SUBPROTOCOL)
    return request.cookies.get(COOKIE)
