"""The lane worker: claims lanes with work, has them read in one batch, decides them, and commits.

The law of this file: inside a chat everything happens in order of arrival, across chats side by side. The
slow part, reading, happens outside any transaction. A batch that cannot be saved as a whole is decided
line by line, so that one bad line never holds up its neighbours.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.channels.base import Channel
from bot.counting import Counters
from bot.deciding import Decided, Work, decide_rows
from bot.dispatch import Surroundings
from bot.looping import keep_going
from intake.commands import Command, Pressed, Said
from intake.deciding import words_of
from intake.grids import ChatRef
from intake.hearing import Hearing
from intake.naming import Lexicon
from intake.reading import Reading
from intake.rules import Rules
from storage.records import PARKED, Claim, InboxRow, LeaseLost, Outcome, StaleCase
from storage.store import Store

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
MAX_LANES = 64
MAX_ROWS = 32
STALE_TRIES = 5


class Reads(Protocol):
    """The language part, as the worker needs it."""

    def read(
        self, texts: Sequence[str], local_places: Sequence[Sequence[str]] | None = None
    ) -> list[Reading]: ...

    def split(self, text: str) -> list[str]: ...

    @property
    def lexicon(self) -> Lexicon: ...

    @property
    def hearing(self) -> Hearing | None: ...


async def nothing_to_do() -> None:
    """For a worker whose surroundings never change."""


@dataclass
class LaneWorker:
    """Drains the inbox. `decided` is called after each commit, to wake the sender; `pressed` hears of every
    button press that was decided (channel, the platform's id of the press), `pictured` of every message
    with a photo; `renamed` is awaited where place names were changed, so that they count from the next
    message on."""

    store: Store
    reader: Reads
    rules: Rules
    around: Callable[[], Surroundings]
    clock: Callable[[], datetime]
    counters: Counters
    decided: Callable[[], None] = lambda: None
    pressed: Callable[[str, str], None] = lambda _channel, _press: None
    renamed: Callable[[], Awaitable[None]] = nothing_to_do
    pictured: Callable[[InboxRow, Said], None] = lambda _row, _said: None
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    idle_seconds: float = 0.2
    _careful: int = 0

    async def run(self) -> None:
        """Work until cancelled."""
        await keep_going(self.work_once, self.wake, self.idle_seconds)

    async def work_once(self) -> int:
        """Decide what waits, up to a batch; the number of rows decided."""
        lanes, rows = (1, 1) if self._careful else (MAX_LANES, MAX_ROWS)
        owner, now = self.store.owner, self.clock()
        claims = await self.store.write(lambda tx: tx.inbox.claim(owner, now, LEASE, lanes, rows))
        if not claims:
            self._careful = 0
            return 0
        batch = await asyncio.to_thread(self._read, claims)
        try:
            decided = await self._decide(batch)
        except LeaseLost as lost:
            log.warning("another worker has taken %d lanes", len(lost.lanes))
            return 0
        except Exception as error:
            await self._save_failed(claims, error)
            return 0
        self._careful = max(0, self._careful - 1)
        self._count(decided)
        self.decided()
        self._thank(batch)
        if decided.renamed:
            await self.renamed()
        return sum(len(claim.rows) for claim in claims)

    async def _decide(self, batch: list[tuple[Claim, list[Work]]]) -> Decided:
        around = self.around()
        rules = replace(self.rules, lexicon=self.reader.lexicon, hearing=self.reader.hearing)
        for attempt in range(STALE_TRIES):
            try:
                return await self.store.write(
                    lambda tx: decide_rows(tx, rules, around, batch, self.clock())
                )
            except StaleCase as stale:
                log.info("deciding again (%d): %s", attempt + 1, stale)
        return await self.store.write(
            lambda tx: decide_rows(tx, rules, around, batch, self.clock()), alone=True
        )

    async def _save_failed(self, claims: list[Claim], error: Exception) -> None:
        """Give the batch back and go on line by line; a single line that fails is parked."""
        rows = [row for claim in claims for row in claim.rows]
        if len(rows) > 1:
            log.warning(
                "a batch of %d could not be saved (%s); going line by line", len(rows), error
            )
            self._careful = len(rows)
            await self.store.write(lambda tx: tx.inbox.release(claims))
            return
        log.error("inbox row %s is parked: %s", rows[0].id, type(error).__name__)
        outcome = Outcome(rows[0].id, PARKED, f"{type(error).__name__}: {error}"[:500])
        now = self.clock()
        await self.store.write(lambda tx: tx.inbox.decide(claims[0], [outcome], now))

    def _thank(self, batch: list[tuple[Claim, list[Work]]]) -> None:
        """Tell the platforms that presses were seen, have photos fetched; courtesies, after the commit."""
        for _, works in batch:
            for work in works:
                if isinstance(work.command, Said) and "photo" in work.command.media:
                    self.pictured(work.row, work.command)
                if isinstance(work.command, Pressed) and work.command.press:
                    self.pressed(work.row.channel, work.command.press)

    def _count(self, decided: Decided) -> None:
        self.counters.messages.inc(len(decided.verdicts))
        self.counters.cases_opened.inc(decided.opened)

    # -- reading --------------------------------------------------------------------------------

    def _read(self, claims: list[Claim]) -> list[tuple[Claim, list[Work]]]:
        """Commands and readings of all rows, with one call of the language part."""
        channels = self.around().channels
        parsed: dict[int, tuple[Command | None, str | None]] = {}
        for claim in claims:
            for row in claim.rows:
                parsed[row.id] = _parse(channels.get(row.channel), row)
        commands = [command for command, _ in parsed.values() if command is not None]
        readings = read_commands(self.reader, commands, self.around().places)
        return [
            (
                claim,
                [
                    Work(
                        row,
                        parsed[row.id][0],
                        readings.get(id(parsed[row.id][0]), ()),
                        parsed[row.id][1],
                    )
                    for row in claim.rows
                ],
            )
            for claim in claims
        ]


def _parse(channel: Channel | None, row: InboxRow) -> tuple[Command | None, str | None]:
    if channel is None:
        return None, f"no channel {row.channel} is configured"
    try:
        return channel.read(row.payload, row.received_at), None
    except Exception as error:
        log.exception("payload of inbox row %s cannot be read", row.id)
        return None, f"{type(error).__name__}: {error}"[:500]


def read_commands(
    reader: Reads, commands: Sequence[Command], places: Mapping[ChatRef, tuple[str, ...]]
) -> dict[int, tuple[Reading, ...]]:
    """Readings of all words in the commands, by the command's `id()`; `places` are the names that the
    people of a chat use. The first reading is that of the whole line; where the line asks for several
    things, one of each thing follows."""
    spoken = [(c, words) for c in commands if (words := words_of(c)) is not None]
    names = [places.get(command.chat, ()) for command, _ in spoken]
    whole = reader.read([words for _, words in spoken], names)
    result: dict[int, tuple[Reading, ...]] = {
        id(command): (reading,) for (command, _), reading in zip(spoken, whole, strict=True)
    }
    parts = [
        (command, split)
        for (command, words), reading in zip(spoken, whole, strict=True)
        if reading.kind.asks and len(split := reader.split(words)) > 1
    ]
    flat = [(command, text) for command, split in parts for text in split]
    read = reader.read([t for _, t in flat], [places.get(c.chat, ()) for c, _ in flat])
    asked: defaultdict[int, list[Reading]] = defaultdict(list)
    for (command, _), reading in zip(flat, read, strict=True):
        if reading.kind.asks:
            asked[id(command)].append(reading)
    for key, own in asked.items():
        if len({reading.item for reading in own}) > 1:
            result[key] = (*result[key], *own)
    return result
