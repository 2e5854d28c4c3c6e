"""A loop that works as long as there is work, and rests until it is woken.

The law of this file: a step that fails is logged and tried again after a second; being cancelled is the only
way out.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

log = logging.getLogger(__name__)

AFTER_FAILURE = 1.0


async def keep_going(
    step: Callable[[], Awaitable[int]], wake: asyncio.Event, idle_seconds: float
) -> None:
    """Call `step` for ever: at once again while it returns something, otherwise when `wake` is set or
    after `idle_seconds`, since the database is the truth and waking only a hint."""
    while True:
        wake.clear()
        try:
            done = await step()
        except Exception:
            log.exception("%s failed; trying again", getattr(step, "__qualname__", step))
            await asyncio.sleep(AFTER_FAILURE)
            continue
        if not done:
            with suppress(TimeoutError):
                await asyncio.wait_for(wake.wait(), idle_seconds)
