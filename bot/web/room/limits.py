"""How fast somebody may do things.

The law of this file: a bucket per key holds `burst` tokens and refills evenly; the clock is handed in.
Buckets are per process: several processes allow somebody that many times more, which does no harm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.web.room.refusals import TooFast


@dataclass(frozen=True, slots=True)
class Pace:
    """`burst` at once, then one every `seconds`."""

    burst: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    say: Pace = Pace(12, 1.0)
    press: Pace = Pace(15, 1.0)
    photo: Pace = Pace(12, 3.0)
    enter: Pace = Pace(30, 2.0)
    read: Pace = Pace(120, 0.1)
    sockets_per_member: int = 8


class Buckets:
    """`clock` gives monotonic seconds."""

    _MOST = 20_000

    def __init__(self, pace: Pace, clock: Callable[[], float]) -> None:
        self._pace = pace
        self._clock = clock
        self._full_at: dict[str, float] = {}

    def take(self, key: str) -> None:
        """Take one token. Raises TooFast with the seconds to wait."""
        now, pace = self._clock(), self._pace
        full_at = max(self._full_at.get(key, now), now) + pace.seconds
        over = full_at - now - pace.burst * pace.seconds
        if over > 0:
            raise TooFast(wait=over)
        if len(self._full_at) >= self._MOST:
            self._full_at = {k: at for k, at in self._full_at.items() if at > now}
        self._full_at[key] = full_at
