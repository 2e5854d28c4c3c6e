"""The door for Telegram's webhook.

The law of this file, in the order in which a POST meets it:

    compressed                     415, by the server itself (`bot/web/compressed.py`)
    wrong or missing secret        401
    too much waits                 503 and Retry-After
    longer than 1 MiB              413
    not JSON, not an Update        400
    a kind we have no use for      200, nothing is kept
    appended, or a repeat          200, after the inbox has committed
    the inbox cannot be reached    503 and Retry-After

Telegram sends again what was not answered with 200, and waits with the rest until then.
No object of python-telegram-bot is built here, and nothing of what people wrote is logged.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import math
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Protocol

from aiohttp import web

from bot.channels.telegram.decoding import decode
from bot.channels.telegram.shape import NAME, NotAnUpdate, envelope
from storage.records import Arrival

PATH = "/channels/telegram"
LIMIT = 2**20
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
RETRY_AFTER = 5.0
_SLOWEST_BODY = 20.0

_log = logging.getLogger(__name__)


class Door(Protocol):
    """What the channel needs of the store: `storage.store.Store` has it."""

    async def append(self, arrivals: list[Arrival]) -> list[bool]:
        """Durably append to the inbox; False for an arrival that was there already."""


def webhook_routes(
    door: Door,
    *,
    secret: str,
    now: Callable[[], datetime],
    overloaded: Callable[[], float | None] = lambda: None,
    path: str = PATH,
) -> list[web.RouteDef]:
    """The routes to add to the application.

    `overloaded` says for how many seconds Telegram shall stay away, or None when there is room.
    Raises ValueError for an empty secret, since then anybody could speak for everybody.
    """
    if not secret:
        raise ValueError("the webhook needs a secret: set HUYING_TELEGRAM_SECRET")
    expected = secret.encode()

    async def receive(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, expected):
            return web.Response(status=401, text="wrong or missing secret")
        wait = overloaded()
        if wait is not None:
            return _later(wait)
        try:
            body = await _body(request)
            if body is None:
                return web.Response(status=413, text="an Update is at most 1 MiB long")
            found = arrival(_update(body), now())
        except NotAnUpdate as error:
            return web.Response(status=400, text=str(error))
        except TimeoutError:
            return web.Response(status=408, text="the body did not arrive in time")
        return await _kept(door.append([found])) if found else web.Response()

    return [web.post(path, receive)]


def arrival(payload: Any, received_at: datetime) -> Arrival | None:
    """The inbox row of an update; None for one that we have no use for. Raises NotAnUpdate."""
    update_id, _, lane = envelope(payload)
    if lane is None:
        return None
    return Arrival(NAME, str(update_id), lane, payload, received_at)


def _update(body: bytes) -> Any:
    try:
        return decode(body)
    except ValueError:
        raise NotAnUpdate("an Update is JSON in UTF-8") from None


async def _body(request: web.Request) -> bytes | None:
    """The whole body, or None when it is longer than LIMIT. Raises NotAnUpdate, TimeoutError."""
    if (request.content_length or 0) > LIMIT:
        return None
    body = bytearray()
    try:
        async with asyncio.timeout(_SLOWEST_BODY):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > LIMIT:
                    return None
    except web.RequestPayloadError:
        raise NotAnUpdate("the body is broken off or wrongly encoded") from None
    return bytes(body)


async def _kept(append: Awaitable[list[bool]]) -> web.Response:
    """200 for new ones and for repeats alike, once the append has committed."""
    try:
        await append
    except Exception as error:
        # Whatever it was, the update is not durable: Telegram must bring it again.
        _log.error("the inbox took no update: %s", type(error).__name__)
        return _later(RETRY_AFTER)
    return web.Response()


def _later(seconds: float) -> web.Response:
    wait = str(max(1, math.ceil(seconds)))
    return web.Response(status=503, text="too much waits", headers={"Retry-After": wait})
