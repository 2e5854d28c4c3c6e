"""Putting the web room into a server.

The law of this file: the one place where the room's parts meet.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import orjson
from aiohttp import web

from bot.web.assets import Assets, shared
from bot.web.room.api import Api
from bot.web.room.guard import Guard
from bot.web.room.pages import MayStart, OwnRecords, Pages
from bot.web.room.service import WebRoom
from bot.web.room.socket import Sockets
from bot.web.room.words import PAGE
from bot.web.site import Site


def web_routes(
    app: web.Application,
    room: WebRoom,
    site: Site,
    *,
    timezone: str = "Asia/Shanghai",
    may_start: MayStart | None = None,
    own: OwnRecords | None = None,
) -> None:
    """Serve `/`, `/chat`, `/g/…`, `/start/…` and `/room/…` from `app`; the hub runs while it runs."""
    guard, assets = Guard(room, site), room_assets()
    sockets = Sockets(guard)
    for part in (Pages(guard, assets, timezone, may_start, own), Api(guard), sockets, assets):
        app.add_routes(part.routes())

    async def run_hub(_: web.Application) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(room.hub.running())
            yield

    async def let_go(_: web.Application) -> None:
        await sockets.close_all()

    app.cleanup_ctx.append(run_hub)
    app.on_shutdown.append(let_go)


def room_assets() -> Assets:
    """The room's files; its sentences come to it as a module."""
    words = b"export const words = " + orjson.dumps(PAGE) + b";\n"
    return Assets("room", "/room/static", {"words.js": words} | shared("shrink.js"))
