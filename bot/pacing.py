"""How fast a chat and a bot may be spoken to.

The law of this file: a platform's limits are kept before it has to remind us: so many posts a minute in
a chat, so many a second for the bot, and a pause where the platform asked for one. Pure arithmetic on
times that come in.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from bot.channels.base import Capabilities
from intake.grids import ChatRef

MINUTE = 60.0
KEPT_FOR_ALERTS = 5
"""One post in five of a chat's minute is kept for alerts."""


@dataclass
class Pace:
    """Remembers the last minute of posts. Times are seconds of one monotonic clock."""

    sent: dict[ChatRef, deque[float]] = field(default_factory=dict)
    by_channel: dict[str, deque[float]] = field(default_factory=dict)
    pauses: dict[ChatRef, float] = field(default_factory=dict)

    def may_send(self, chat: ChatRef, can: Capabilities, now: float, alert: bool = False) -> bool:
        """Whether one more post fits now. A part of the minute is kept for alerts."""
        if self.pauses.get(chat, 0.0) > now:
            return False
        minute = _trimmed(self.sent.get(chat), now - MINUTE)
        second = _trimmed(self.by_channel.get(chat.channel), now - 1.0)
        kept = 0 if alert else can.per_chat_minute // KEPT_FOR_ALERTS
        return minute < can.per_chat_minute - kept and second < can.per_second

    def note(self, chat: ChatRef, now: float) -> None:
        """A post was sent."""
        self.sent.setdefault(chat, deque()).append(now)
        self.by_channel.setdefault(chat.channel, deque()).append(now)

    def pause(self, chat: ChatRef, until: float) -> None:
        self.pauses[chat] = until

    def full_chats(self, can_of: dict[str, Capabilities], now: float) -> frozenset[ChatRef]:
        """The chats that take nothing now; forgets those that have been quiet for a minute."""
        for chat in [c for c, times in self.sent.items() if not times or times[-1] < now - MINUTE]:
            del self.sent[chat]
        for chat in [c for c, until in self.pauses.items() if until <= now]:
            del self.pauses[chat]
        known = set(self.sent) | set(self.pauses)
        default = Capabilities()
        return frozenset(
            c for c in known if not self.may_send(c, can_of.get(c.channel, default), now, True)
        )


def _trimmed(times: deque[float] | None, since: float) -> int:
    if times is None:
        return 0
    while times and times[0] <= since - MINUTE:
        times.popleft()
    return sum(1 for moment in times if moment > since)
