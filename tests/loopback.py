"""A server on loopback, for as long as a test needs it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web


@asynccontextmanager
async def served(app: web.Application, port: int = 0) -> AsyncIterator[web.AppRunner]:
    """Serve `app` on 127.0.0.1, on a free port if none is named."""
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield runner
    finally:
        await runner.cleanup()


def address(runner: web.AppRunner) -> str:
    """Where it is served: http://127.0.0.1:port."""
    return f"http://127.0.0.1:{runner.addresses[0][1]}"
