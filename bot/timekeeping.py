"""The timekeeper: fires what falls due, and clears away what may no longer be kept.

The law of this file: timers are rows; here is only the loop that looks for due ones. Firing and what it
causes are one transaction, so that a kill in between fires again and says nothing twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.deciding import fire_timers
from bot.dispatch import Surroundings
from bot.looping import keep_going
from intake.rules import Rules
from storage.store import Store
from storage.tx import Tx

log = logging.getLogger(__name__)

BATCH = 200
SWEEP_EVERY = timedelta(minutes=10)


@dataclass
class Timekeeper:
    """Runs until cancelled. `fired` is called after timers have spoken, to wake the sender."""

    store: Store
    rules: Rules
    around: Callable[[], Surroundings]
    clock: Callable[[], datetime]
    fired: Callable[[], None] = lambda: None
    sweep: Callable[[datetime], Awaitable[None]] | None = None
    idle_seconds: float = 0.5
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    _swept_at: datetime | None = None

    async def run(self) -> None:
        """Work until cancelled."""
        await keep_going(self._step, self.wake, self.idle_seconds)

    async def _step(self) -> int:
        fired = await self.fire_once()
        await self._sweep_if_time()
        return fired

    async def fire_once(self) -> int:
        """Fire one batch of what is due; how many."""
        now = self.clock()
        if not await self.store.read(lambda tx: _is_due(tx, now)):
            return 0
        around = self.around()

        def work(tx: Tx) -> int:
            due = tx.timers.due(now, BATCH)
            return len(fire_timers(tx, self.rules, around, now, due)) if due else 0

        count = await self.store.write(work)
        if count:
            self.fired()
        return count

    async def _sweep_if_time(self) -> None:
        now = self.clock()
        if self._swept_at is not None and now - self._swept_at < SWEEP_EVERY:
            return
        self._swept_at = now
        if self.sweep is not None:
            await self.sweep(now)


def _is_due(tx: Tx, now: datetime) -> bool:
    due = tx.timers.next_due()
    return due is not None and due <= now
