"""Bringing changes to the open pages.

The law of this file: the database is the truth. Twice a second, and at once after a change made in this
process, one read asks for everything after the cursors of the open pages; so several processes need not
know of each other. A page gets a change only while it is a member, and its cursor moves only with what was
handed to it: a page that reads slowly is left alone until it has read, and misses nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field

import orjson

from bot.web.room.views import message_view
from storage.room import RoomRepository
from storage.room_records import Message
from storage.store import Store, Tx

log = logging.getLogger(__name__)

POLL_SECONDS = 0.5
_CALM_SECONDS = 0.02
_REST = 3.0
_MOST_CHANGES = 500
_TOO_FAR_BEHIND = 400
_READY = 4
_FULL = 32


class Line:
    """One open page: how far it has got in each room, and what waits to be written to it."""

    def __init__(self, person: str, cursors: Mapping[str, int]) -> None:
        self.person = person
        self.cursors = dict(cursors)
        self._frames: asyncio.Queue[bytes] = asyncio.Queue()
        self._calm = asyncio.Event()
        self._calm.set()

    @property
    def ready(self) -> bool:
        """Whether the page has read what it was told so far."""
        return self._frames.qsize() < _READY

    def put(self, frame: bytes) -> None:
        self._frames.put_nowait(frame)
        if self._frames.qsize() >= _FULL:
            self._calm.clear()

    async def answer(self, frame: bytes) -> None:
        """Put a frame as soon as the page has read enough: who does not read is not answered."""
        await self._calm.wait()
        self.put(frame)

    async def next(self) -> bytes:
        frame = await self._frames.get()
        if self._frames.qsize() < _READY:
            self._calm.set()
        return frame


@dataclass(frozen=True, slots=True)
class Seen:
    """What one read found: who is in which room since when, the rooms' revs, and the changes."""

    since: Mapping[str, Mapping[str, int]]
    revs: Mapping[str, int]
    changes: Mapping[str, tuple[Message, ...]]
    reach: Mapping[str, int]


@dataclass(slots=True)
class _Frame:
    """`relist`: the page should ask for its list of rooms again."""

    rooms: list[dict[str, object]] = field(default_factory=list)
    reset: list[str] = field(default_factory=list)
    relist: bool = False

    def encoded(self) -> bytes | None:
        if not (self.rooms or self.reset or self.relist):
            return None
        return orjson.dumps(
            {"t": "changes", "rooms": self.rooms, "reset": self.reset, "relist": self.relist}
        )


class Hub:
    """Run it with `async with hub.running()`; call `wake` after every change."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lines: set[Line] = set()
        self._wake = asyncio.Event()

    def wake(self) -> None:
        self._wake.set()

    def add(self, line: Line) -> None:
        self._lines.add(line)
        self.wake()

    def remove(self, line: Line) -> None:
        self._lines.discard(line)

    def lines_of(self, person: str) -> int:
        return Counter(line.person for line in self._lines)[person]

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self._run(), name="web room hub")
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._wake.wait()
            self._wake.clear()
            began = time.monotonic()
            try:
                await self.turn()
            except Exception:
                log.exception("the web room could not be read; trying again")
                await asyncio.sleep(POLL_SECONDS)
            # With very many open pages a turn takes a while (50 ms for 1,000): rest in proportion.
            took = time.monotonic() - began
            await asyncio.sleep(min(POLL_SECONDS, max(_CALM_SECONDS, _REST * took)))

    async def turn(self) -> None:
        """Hand every ready page what it has not seen."""
        ready = [line for line in self._lines if line.ready]
        for line, frame in await self.pull(ready):
            line.put(frame)

    async def pull(self, lines: list[Line]) -> list[tuple[Line, bytes]]:
        """What these pages have not seen, one frame each; moves their cursors."""
        if not lines:
            return []
        seen = await self._store.read(lambda tx: _look(tx, lines))
        encoded = {
            message.id: orjson.Fragment(orjson.dumps(message_view(message)))
            for messages in seen.changes.values()
            for message in messages
        }
        frames = ((line, _frame(line, seen, encoded).encoded()) for line in lines)
        return [(line, frame) for line, frame in frames if frame is not None]


def _look(tx: Tx, lines: list[Line]) -> Seen:
    repository = RoomRepository(tx.connection)
    since: dict[str, dict[str, int]] = {line.person: {} for line in lines}
    for membership in repository.memberships_of(since):
        since[membership.person][membership.chat] = membership.since
    revs = repository.revs(chat for rooms in since.values() for chat in rooms)
    cursors = _lowest_cursors(lines, since, revs)
    found, complete = repository.changes(cursors, _MOST_CHANGES)
    return Seen(since, revs, _by_room(found), _reach(cursors, revs, found, complete))


def _lowest_cursors(
    lines: Iterable[Line], since: Mapping[str, Mapping[str, int]], revs: Mapping[str, int]
) -> dict[str, int]:
    lowest: dict[str, int] = {}
    for line in lines:
        for chat, cursor in line.cursors.items():
            known = chat in since[line.person] and chat in revs
            if known and cursor < revs[chat] and not _lost(cursor, revs[chat]):
                lowest[chat] = min(cursor, lowest.get(chat, cursor))
    return lowest


def _lost(cursor: int, rev: int) -> bool:
    """Too far behind to be told change by change, or from another life of the database."""
    return cursor > rev or rev - cursor > _TOO_FAR_BEHIND


def _by_room(found: Iterable[Message]) -> dict[str, tuple[Message, ...]]:
    rooms: dict[str, list[Message]] = {}
    for message in found:
        rooms.setdefault(message.chat, []).append(message)
    return {chat: tuple(messages) for chat, messages in rooms.items()}


def _reach(
    cursors: Mapping[str, int], revs: Mapping[str, int], found: list[Message], complete: bool
) -> dict[str, int]:
    """Up to which rev each room was read; a read that was cut short ends inside a room."""
    reach = {message.chat: message.rev for message in found}
    if complete:
        return {chat: max(revs[chat], reach.get(chat, 0)) for chat in cursors}
    last = found[-1].chat
    whole = {chat: max(revs[chat], reach.get(chat, 0)) for chat in cursors if chat < last}
    return {**whole, last: reach[last]}


def _frame(line: Line, seen: Seen, encoded: Mapping[str, orjson.Fragment]) -> _Frame:
    frame = _Frame()
    mine = {chat: since for chat, since in seen.since[line.person].items() if chat in seen.revs}
    frame.relist = bool(line.cursors) and line.cursors.keys() != mine.keys()
    line.cursors = {chat: line.cursors.get(chat, seen.revs[chat]) for chat in mine}
    for chat, since in mine.items():
        _tell_room(line, chat, since, seen, encoded, frame)
    return frame


def _tell_room(
    line: Line,
    chat: str,
    since: int,
    seen: Seen,
    encoded: Mapping[str, orjson.Fragment],
    frame: _Frame,
) -> None:
    cursor = line.cursors[chat]
    if _lost(cursor, seen.revs[chat]):
        line.cursors[chat] = seen.revs[chat]
        frame.reset.append(chat)
        return
    reach = seen.reach.get(chat, cursor)
    if reach <= cursor:
        return
    line.cursors[chat] = reach
    news = [m for m in seen.changes.get(chat, ()) if m.rev > cursor and m.seq > since]
    messages = [encoded[message.id] for message in news]
    frame.rooms.append({"chat": chat, "rev": reach, "messages": messages})
