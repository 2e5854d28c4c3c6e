"""Telling pages that are open that what they show has changed.

The law of this file: one look a process every few seconds, whatever is open, and none where nothing is; a
page hears numbers, never a word of a case; where dangers wait for an answer, the numbers of these. A stream
ends with its session, and with every change of the configuration: the browser comes again, and is let in with
what it may see then. Of one session a few streams are kept, the oldest is ended.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Protocol

import orjson
from aiohttp import web

from bot.web.desk.alarms import alarms_for, mark_of
from bot.web.site import SECURITY_HEADERS
from intake.cases import CaseId
from storage.case_search import Following, News, Wanted
from storage.open_rows import Open
from storage.store import Store
from storage.tx import Tx

if TYPE_CHECKING:
    from bot.web.desk.guard import AtDesk

log = logging.getLogger(__name__)

EVERY: Final = 2.0
"""Seconds between looks."""
HEARTBEAT: Final = 20.0
"""Seconds after which a silent stream says that it is there: proxies cut what says nothing."""
MOST_OF_ONE: Final = 6
"""Streams of one session: windows that somebody looks at at once."""
MOST: Final = 2_000
_AGAIN: Final = b"retry: 3000\n\n"
"""Milliseconds after which a browser comes again."""
_END: Final = b"event: end\ndata:\n\n"
"""Do not come again."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look saw. `sessions` are those that still hold."""

    open: Open
    versions: dict[CaseId, int]
    configuration: int
    sessions: frozenset[str]


class Watch(Protocol):
    """What a page wants to hear of."""

    case: CaseId | None

    def hear(self, seen: Seen) -> dict[str, Any]:
        """What there is to say."""


class QueueWatch:
    """Cases that come, change and go since `position`."""

    case: CaseId | None = None

    def __init__(self, some: Sequence[Wanted], position: int) -> None:
        self._following = Following(some, position)

    def hear(self, seen: Seen) -> dict[str, Any]:
        return told(self._following.hear(seen.open))


class CaseWatch:
    """Whether one case is another than it was in `version`."""

    def __init__(self, case: CaseId, version: int) -> None:
        self.case: CaseId | None = case
        self._id = case
        self._version = version

    def hear(self, seen: Seen) -> dict[str, Any]:
        version = seen.versions.get(self._id, self._version)
        return told(News(0, version != self._version))


class BarWatch:
    """Nothing of the page: only the red bar, which stands over every page."""

    case: CaseId | None = None

    def hear(self, seen: Seen) -> dict[str, Any]:
        return told(News())


def told(news: News) -> dict[str, Any]:
    """News as the page gets them."""
    return {"new": news.new, "changed": news.changed}


def position_of(request: web.Request) -> int:
    """Where the page stands, as it says by itself; 0 is before everything."""
    said = request.query.get("at", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 19 else 0


def wants_stream(request: web.Request) -> bool:
    """Whether the browser goes on listening."""
    return "text/event-stream" in request.headers.get("Accept", "")


@dataclass(eq=False, slots=True)
class _Stream:
    """One open page. `said` is what is to be told next."""

    here: AtDesk
    watch: Watch
    said: dict[str, Any] = field(default_factory=lambda: told(News()))
    last: bytes = b""
    fresh: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def session(self) -> str:
        return self.here.session.id

    def hear(self, seen: Seen) -> None:
        now = _heard(self.watch, self.here, seen)
        if now != self.said:
            self.said = now
            self.fresh.set()

    def end(self, last: bytes = b"") -> None:
        """Let it end; `last` is said before."""
        self.last = last or _AGAIN
        self.fresh.set()


class Live:
    """The look that all pages of this process share."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._streams: list[_Stream] = []
        self._looking: asyncio.Task[None] | None = None
        self._warming: asyncio.Task[None] | None = None
        self._closed = False
        self.looks = 0

    async def answer(self, request: web.Request, here: AtDesk, watch: Watch) -> web.StreamResponse:
        """What there is to say now, or a stream of it."""
        if not wants_stream(request):
            seen = await self._store.read(lambda tx: self._see(tx, [watch], [here.session.id]))
            return web.json_response(_heard(watch, here, seen))
        if self._closed or len(self._streams) >= MOST:
            return web.Response(status=204)  # "do not come again"
        return await self._stream(request, _Stream(here, watch))

    async def warm(self, _app: object = None) -> None:
        """Begin to take up what is open and what figures are counted of, beside everything else: with very
        many cases the first look of a process takes seconds."""
        self._warming = asyncio.create_task(self._take_up(), name="desk-warming")

    async def _take_up(self) -> None:
        await self._store.read(lambda tx: tx.case_search.position)
        await self._store.read(lambda tx: tx.case_figures.warm(self._clock()))

    async def close(self) -> None:
        """End all streams."""
        self._closed = True
        if self._warming is not None:
            self._warming.cancel()
            await asyncio.gather(self._warming, return_exceptions=True)
        for stream in self._streams:
            stream.end()
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _stream(self, request: web.Request, stream: _Stream) -> web.StreamResponse:
        headers = SECURITY_HEADERS | {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        response = web.StreamResponse(headers=headers)
        response.content_type = "text/event-stream"
        await response.prepare(request)
        self._enter(stream)
        try:
            await response.write(_AGAIN)
            while not stream.last:
                await response.write(await _next(stream))
        except ConnectionError:
            pass  # the page is gone
        finally:
            with suppress(ValueError):
                self._streams.remove(stream)
        return response

    def _enter(self, stream: _Stream) -> None:
        mine = [one for one in self._streams if one.session == stream.session]
        for one in mine[: max(0, len(mine) - MOST_OF_ONE + 1)]:
            one.end(_END)
            self._streams.remove(one)
        self._streams.append(stream)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_again_and_again(), name="desk-live")

    async def _look_again_and_again(self) -> None:
        while self._streams:
            try:
                await self._look()
            except Exception:
                log.exception("looking for what has changed failed; trying again")
            await asyncio.sleep(EVERY)

    async def _look(self) -> None:
        streams = list(self._streams)
        watches = [stream.watch for stream in streams]
        sessions = {stream.session for stream in streams}
        seen = await self._store.read(lambda tx: self._see(tx, watches, sessions))
        self.looks += 1
        for stream in streams:
            stands = stream.here.configuration == seen.configuration
            if stands and stream.session in seen.sessions:
                stream.hear(seen)
            else:
                stream.end()

    def _see(self, tx: Tx, watches: Sequence[Watch], sessions: Iterable[str]) -> Seen:
        cases = {watch.case for watch in watches if watch.case is not None}
        return Seen(
            tx.case_search.known,
            tx.cases.versions(cases) if cases else {},
            tx.settings.stamp(),
            tx.sessions.holding(sessions, self._clock()),
        )


def _heard(watch: Watch, here: AtDesk, seen: Seen) -> dict[str, Any]:
    """What the page asks for, and by which it knows the red bar, if there is one."""
    alarms = mark_of(alarms_for(here.person, here.sight, here.grids, seen.open))
    return watch.hear(seen) | ({"alarms": alarms} if alarms else {})


async def _next(stream: _Stream) -> bytes:
    """What to write next: news, the last words, or only that the stream is there."""
    try:
        await asyncio.wait_for(stream.fresh.wait(), HEARTBEAT)
    except TimeoutError:
        return b":\n\n"
    stream.fresh.clear()
    return stream.last or b"data: " + orjson.dumps(stream.said) + b"\n\n"
