"""A door that only remembers, and a server for the webhook's routes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.telegram import webhook_routes
from bot.web.compressed import AS_IT_CAME, refuse_compressed
from storage.records import Arrival

SECRET = "s3cret-_One"
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class RecordingDoor:
    """Like the store's `append`: unique by channel and external id. `broken` makes it fail, `gate`
    makes it wait, and `tries` counts all calls."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Arrival] = {}
        self.broken: Exception | None = None
        self.gate: asyncio.Event | None = None
        self.tries = 0

    async def append(self, arrivals: list[Arrival]) -> list[bool]:
        self.tries += 1
        if self.gate:
            await self.gate.wait()
        if self.broken:
            raise self.broken
        new = []
        for arrival in arrivals:
            key = (arrival.channel, arrival.external_id)
            new.append(key not in self.kept)
            self.kept.setdefault(key, arrival)
        return new

    @property
    def ids(self) -> list[str]:
        return [external for _, external in self.kept]


@asynccontextmanager
async def serving(
    door: RecordingDoor, overloaded: Callable[[], float | None] = lambda: None
) -> AsyncIterator[TestServer]:
    """The webhook on a real socket of this machine."""
    app = web.Application(middlewares=[refuse_compressed], handler_args=AS_IT_CAME)
    app.add_routes(
        webhook_routes(door, secret=SECRET, now=lambda: NOW, overloaded=overloaded),
    )
    server = TestServer(app)
    await server.start_server(access_log=None)
    try:
        yield server
    finally:
        await server.close()
