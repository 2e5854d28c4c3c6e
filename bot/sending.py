"""The sender: claims due posts, paces them, sends them, and notes what became of each.

The law of this file: never lose a post, repeat at most one per kill, and never let one chat in trouble
hold up the others. What a platform refuses for good is parked with its reason.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.channels.base import Channel, ChatHasMoved, SendLater, SendRefused
from bot.counting import Counters
from bot.looping import keep_going
from bot.pacing import Pace
from bot.wording.sentences import several_acks
from intake.grids import ChatRef
from intake.notices import Post, Urgency
from storage.mornings import SAID_TOGETHER
from storage.records import OutboxRow
from storage.store import Store
from storage.tx import Tx

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
BATCH = 50
FIRST_WAIT = 1.0
LONGEST_WAIT = 300.0
GIVE_UP_AFTER = 40
"""Attempts: with waits that double up to five minutes, about three hours."""


ACK = "ack_"
TOGETHER = 20
"""How many acknowledgements one post may carry: about four lines on a phone."""


@dataclass
class Sender:
    """Drains the outbox until cancelled."""

    store: Store
    channels: Mapping[str, Channel]
    clock: Callable[[], datetime]
    counters: Counters
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    idle_seconds: float = 0.2
    pace: Pace = field(default_factory=Pace)

    async def run(self) -> None:
        """Work until cancelled."""
        await keep_going(self.send_once, self.wake, self.idle_seconds)

    async def send_once(self) -> int:
        """Send one batch, one post a chat; how many posts were taken up."""
        can_of = {name: channel.capabilities for name, channel in self.channels.items()}
        full = self.pace.full_chats(can_of, time.monotonic())
        owner, now = self.store.owner, self.clock()

        def take(tx: Tx) -> list[tuple[OutboxRow, list[tuple[int, Post]]]]:
            rows = tx.outbox.claim(owner, now, LEASE, BATCH, full)
            return [(row, self._others(tx, row, now)) for row in rows]

        rows = await self.store.write(take)
        if rows:
            fates = await asyncio.gather(*(self._send(row, others) for row, others in rows))
            await self._note(fates)
            return sum(not fate.release for fate in fates)
        return 0

    def _others(self, tx: Tx, row: OutboxRow, now: datetime) -> list[tuple[int, Post]]:
        """Acknowledgements to be said together with this one: only when more of them wait than the
        platform takes in a minute (interfaces.md)."""
        channel = self.channels.get(row.post.chat.channel)
        if channel is None or not row.post.template.startswith(ACK) or row.post.edits:
            return []
        limit = channel.capabilities.per_chat_minute
        waiting = tx.outbox.waiting_behind(row, ACK, now, max(limit, TOGETHER))
        return waiting[: TOGETHER - 1] if len(waiting) >= limit else []

    async def _send(self, row: OutboxRow, others: list[tuple[int, Post]]) -> Fate:
        channel = self.channels.get(row.post.chat.channel)
        if channel is None:
            return Fate(row, park=f"no channel {row.post.chat.channel} is configured")
        now = time.monotonic()
        alert = row.post.urgency is Urgency.ALERT
        if not self.pace.may_send(row.post.chat, channel.capabilities, now, alert):
            return Fate(row, release=True)
        self.pace.note(row.post.chat, now)
        if row.uncertain and not channel.capabilities.repeats:
            self.counters.posts_uncertain.inc()
        try:
            message = await channel.send(together(row.post, [post for _, post in others]))
        except SendLater as later:
            wait = later.seconds if later.seconds is not None else _back_off(row.attempts)
            self.pace.pause(row.post.chat, time.monotonic() + wait)
            if row.attempts >= GIVE_UP_AFTER:
                return Fate(row, park=f"given up after {row.attempts} attempts: {later}")
            return Fate(row, wait=wait, error=str(later))
        except SendRefused as refused:
            return Fate(row, park=str(refused))
        except ChatHasMoved as moved:
            return Fate(row, moved=ChatRef(row.post.chat.channel, moved.to))
        except Exception as error:
            log.exception("post %s could not be sent", row.id)
            if row.attempts >= GIVE_UP_AFTER:
                return Fate(row, park=f"{type(error).__name__}: {error}"[:300])
            return Fate(row, wait=_back_off(row.attempts), error=type(error).__name__)
        self.counters.posts_sent.inc()
        if others:
            return Fate(row, message=SAID_TOGETHER, along=tuple(id for id, _ in others))
        return Fate(row, message=message)

    async def _note(self, fates: Sequence[Fate]) -> None:
        """Write down what became of the batch, in one transaction."""
        now = self.clock()
        parked = [fate for fate in fates if fate.park is not None]
        self.counters.posts_parked.inc(len(parked))
        for fate in parked:
            # Not the chat, which may be somebody's private talk.
            channel = fate.row.post.chat.channel
            log.warning("post %s for %s is parked: %s", fate.row.id, channel, fate.park)
        await self.store.write(lambda tx: _write_down(tx, fates, now))


@dataclass(frozen=True)
class Fate:
    """What became of a post: one of message, wait, park or moved is set."""

    row: OutboxRow
    message: str | None = None
    wait: float | None = None
    error: str = ""
    park: str | None = None
    moved: ChatRef | None = None
    along: tuple[int, ...] = ()
    release: bool = False


def _write_down(tx: Tx, fates: Sequence[Fate], now: datetime) -> None:
    sent = [(f.row.id, f.row.lease, f.message) for f in fates if f.message is not None]
    for fate in fates:
        tx.outbox.sent_along(fate.along, SAID_TOGETHER, now)
    tx.outbox.sent(sent, now)
    tx.outbox.release([fate.row for fate in fates if fate.release])
    for fate in fates:
        row = fate.row
        if fate.wait is not None:
            tx.outbox.retry(row.id, row.lease, now + timedelta(seconds=fate.wait), fate.error)
        elif fate.park is not None:
            tx.outbox.park(row.id, row.lease, fate.park, now)
        elif fate.moved is not None:
            tx.outbox.retry(row.id, row.lease, now, "the chat has moved")
            tx.chats.move(row.post.chat, fate.moved, now)


def together(first: Post, others: list[Post]) -> Post:
    """One post in place of several acknowledgements of the same chat."""
    if not others:
        return first
    cases = [post.case or "" for post in (first, *others)]
    key, text = f"together|{first.key}", several_acks(cases)
    return replace(first, key=key, text=text, buttons=(), reply_to=None, case=None)


def _back_off(attempts: int) -> float:
    return min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(attempts - 1, 20))
