"""Fetching updates where no webhook can reach us.

The law of this file: the offset moves on only after the inbox has committed; whatever happens between
brings the same updates again, and the inbox ignores what it has. Telegram keeps the offset, so nothing
of it is stored here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Protocol

from telegram.error import Conflict, TelegramError

from bot.channels.telegram.shape import NotAnUpdate, is_id
from bot.channels.telegram.webhook import Door, arrival
from bot.channels.telegram.wire import FloodWait
from storage.records import Arrival

LONG_POLL = 25
_BREATH = 0.1  # so that a server which does not wait with its answer does not spin us
_PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)

_log = logging.getLogger(__name__)


class Source(Protocol):
    """What polling needs of the channel: `TelegramChannel` has it."""

    async def updates(self, offset: int | None, wait: int) -> list[Any]: ...

    async def make_room_for_polling(self) -> bool: ...


class Poller:
    """`run` it as a task and cancel the task to stop; `overloaded` is that of the webhook."""

    def __init__(
        self,
        source: Source,
        door: Door,
        *,
        now: Callable[[], datetime],
        overloaded: Callable[[], float | None] = lambda: None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        wait: int = LONG_POLL,
    ) -> None:
        self._source = source
        self._door = door
        self._now = now
        self._overloaded = overloaded
        self._sleep = sleep
        self._wait = wait
        self._offset: int | None = None
        self._failures = 0

    async def run(self) -> None:
        """Fetch and append until cancelled."""
        while True:
            pause = await self.step()
            if pause:
                await self._sleep(pause)

    async def step(self) -> float:
        """One round; the seconds to rest before the next."""
        wait = self._overloaded()
        if wait is not None:
            return max(wait, 1.0)
        try:
            found = await self._source.updates(self._offset, self._wait)
            await self._keep(found)
        except FloodWait as error:
            return error.seconds
        except Conflict as error:
            await self._source.make_room_for_polling()
            return self._rest(error)
        except Exception as error:
            # Telegram, the network or the database: the updates are still with Telegram.
            return self._rest(error)
        self._failures = 0
        return 0.0 if found else _BREATH

    async def _keep(self, found: list[Any]) -> None:
        arrivals: list[Arrival] = []
        ids: list[int] = []
        for payload in found:
            number = payload.get("update_id") if isinstance(payload, dict) else None
            if is_id(number):
                ids.append(number)
            try:
                made = arrival(payload, self._now())
            except NotAnUpdate as error:
                _log.warning("skipped what is not an update: %s", error)
                continue
            if made:
                arrivals.append(made)
        if arrivals:
            await self._door.append(arrivals)
        if found and not ids:
            raise NotAnUpdate("none of the updates has an update_id")
        if ids:
            self._offset = max(ids) + 1

    def _rest(self, error: Exception) -> float:
        pause = _PAUSES[min(self._failures, len(_PAUSES) - 1)]
        self._failures += 1
        words = str(error) if isinstance(error, TelegramError) else ""
        _log.warning("no updates, next try in %g s: %s %s", pause, type(error).__name__, words)
        return pause
