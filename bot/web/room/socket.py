"""The socket of an open page.

The law of this file: down come frames of changes from the hub and the answers to what the page said; up come
`say`, `read` and `ping`. A frame that makes no sense is answered, not punished. What a page says is taken
one by one, so that its order stays, and not before it has read what it was told.

Down: {"t": "changes", "rooms": [{"chat", "rev", "messages"}], "reset": [chat], "relist": bool},
{"t": "ack", "id", "message"}, {"t": "no", "id", "error", "status", "wait"}, {"t": "pong"}.
Up: {"t": "say", "id", "chat", "text", "quote", "photos"}, {"t": "read", "chat", "seq"}, {"t": "ping"}.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Any

import orjson
from aiohttp import WSCloseCode, WSMsgType, web

from bot.web.room.api import cursor, saying, whole_in
from bot.web.room.guard import SUBPROTOCOL, Guard, parsed, refusal_view, text_of
from bot.web.room.hub import Line
from bot.web.room.refusals import Refusal, TooFast
from bot.web.room.views import message_view
from bot.web.room.words import Refused
from storage.room_records import Member

log = logging.getLogger(__name__)

_HEARTBEAT_SECONDS = 25.0
_MOST_FRAME = 1024 * 1024


class Sockets:
    """All sockets of this process; `close_all` lets the pages go before the server stops."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._room = guard.room
        self._open: set[web.WebSocketResponse] = set()

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/room/ws", self._guard.json(self.serve))]

    async def serve(self, request: web.Request) -> web.StreamResponse:
        member = await self._guard.member(request)
        line = Line(member.person, cursor(request))
        if self._room.hub.lines_of(member.person) >= self._room.limits.sockets_per_member:
            raise TooFast(Refused.TOO_MANY_WINDOWS, wait=10)
        socket = web.WebSocketResponse(
            heartbeat=_HEARTBEAT_SECONDS, protocols=(SUBPROTOCOL,), max_msg_size=_MOST_FRAME
        )
        await socket.prepare(request)
        await self._talk(socket, line, member)
        return socket

    async def close_all(self) -> None:
        leaving = [socket.close(code=WSCloseCode.GOING_AWAY) for socket in self._open]
        await asyncio.gather(*leaving, return_exceptions=True)

    async def _talk(self, socket: web.WebSocketResponse, line: Line, member: Member) -> None:
        self._open.add(socket)
        self._room.hub.add(line)
        writer = asyncio.create_task(_write(socket, line))
        try:
            async for frame in socket:
                if frame.type is not WSMsgType.TEXT:
                    break
                await line.answer(orjson.dumps(await self._answered(frame.data, member)))
        finally:
            self._room.hub.remove(line)
            self._open.discard(socket)
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writer

    async def _answered(self, data: str, member: Member) -> dict[str, Any]:
        said: dict[str, Any] = {}
        try:
            said = parsed(data)
            return await self._answer(said, member)
        except Refusal as refusal:
            return {"t": "no", "id": said.get("id"), **refusal_view(refusal)}
        except Exception:
            log.exception("a frame of the web room failed")
            return {"t": "no", "id": said.get("id"), "error": Refused.BROKEN, "status": 500}

    async def _answer(self, said: dict[str, Any], member: Member) -> dict[str, Any]:
        match said.get("t"):
            case "say":
                message = await self._room.say(member, saying(said))
                return {"t": "ack", "id": said["id"], "message": message_view(message)}
            case "read":
                await self._room.mark_read(member, text_of(said, "chat"), whole_in(said, "seq"))
                return {"t": "pong"}
            case "ping":
                return {"t": "pong"}
            case _:
                raise Refusal


async def _write(socket: web.WebSocketResponse, line: Line) -> None:
    """Write until the page is gone; a page that went is no error."""
    with contextlib.suppress(ConnectionError):
        while not socket.closed:
            await socket.send_str((await line.next()).decode())
