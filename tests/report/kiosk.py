"""The report pages and the desk on loopback, with the demo town, the real language part and the real lane
worker behind them; a story says when the worker works."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import demo_town
from aiohttp import web
from loopback import address, served

from bot.channels.field import FieldChannel
from bot.channels.qr import QrChannel
from bot.channels.web import WebChannel
from bot.counting import Counters
from bot.lanes import LaneWorker
from bot.sending import Sender
from bot.settings import Settings
from bot.surroundings import Live, surroundings
from bot.taxonomy_file import load_taxonomy
from bot.versions import ModelHome
from bot.web.desk.acts import Acts
from bot.web.desk.field import FieldDoor
from bot.web.desk.routes import Means, add_desk
from bot.web.report.routes import add_report
from bot.web.report.service import ReportLimits, Reports
from bot.web.room.limits import Pace
from bot.web.room.photos import PhotoFolder
from bot.web.room.routes import web_routes
from bot.web.room.service import WebRoom
from bot.web.site import Site
from bot.work_calendar import ChineseCalendar
from intake.cases import Case
from intake.grids import ChatRef
from intake.rules import Rules
from nlp.reader import Reader
from storage.recall import all_cases
from storage.records import SentPost
from storage.report_codes import ReportCode
from storage.store import Store

START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # Tuesday 10:00 in Shanghai
GROUP = ChatRef("web", "DEMO-1")
ADDRESS = "https://huying.example"
_taxonomy = cache(load_taxonomy)
PLENTY = ReportLimits(Pace(1000, 0.01), Pace(1000, 0.01), Pace(1000, 0.01))


@dataclass
class Kiosk:
    """`now` is the clock of everything."""

    store: Store
    rules: Rules
    worker: LaneWorker
    sender: Sender
    acts: Acts
    reports: Reports
    room: WebRoom
    url: str = ""
    now: datetime = START
    sessions: list[aiohttp.ClientSession] = field(default_factory=list)
    settling: asyncio.Lock = field(default_factory=asyncio.Lock)

    def person(self) -> Phone:
        """Somebody with a browser of their own."""
        session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.sessions.append(session)
        return Phone(self, session)

    async def sits(self, name: str) -> Phone:
        """A demo persona at the desk."""
        phone = self.person()
        assert (await phone.post("/desk/demo", person=f"web:demo-{name}"))[0] == 200
        return phone

    async def code(self, place: str = "3栋2单元电梯", grid: str = "DEMO-1") -> str:
        """A code that hangs somewhere."""
        code = f"code{len(place)}{grid[-1]}"
        made = ReportCode(code, grid, place, "web:demo-chen", self.now)
        await self.store.write(lambda tx: tx.report_codes.add(made))
        return code

    async def settle(self) -> None:
        """Let the worker and the sender do all there is to do. One at a time: the worker has one name."""
        async with self.settling:
            while await self.worker.work_once() or await self.sender.send_once():
                pass

    async def cases(self) -> list[Case]:
        return await self.store.read(all_cases)

    async def posts(self) -> list[SentPost]:
        return await self.store.read(lambda tx: tx.outbox.every())


@dataclass
class Phone:
    """One browser. Pages come back as (status, text), redirects followed; `at` is where it stands."""

    kiosk: Kiosk
    session: aiohttp.ClientSession
    at: str = ""

    async def get(self, path: str) -> tuple[int, str]:
        async with self.session.get(self.kiosk.url + path) as got:
            self.at = urlsplit(str(got.url)).path
            return got.status, await got.text()

    async def post(self, path: str, origin: str = "", **form: str) -> tuple[int, str]:
        headers = {"Origin": origin or self.kiosk.url}
        async with self.session.post(self.kiosk.url + path, data=form, headers=headers) as got:
            self.at = urlsplit(str(got.url)).path
            return got.status, await got.text()

    async def again(self) -> str:
        """The page it stands on, once the worker has worked."""
        await self.kiosk.settle()
        status, page = await self.get(self.at)
        assert status == 200
        return page

    async def reports(self, code: str, words: str, **form: str) -> str:
        """Fill in the form behind a code; the progress page after the worker has worked."""
        _, page = await self.get(f"/r/{code}")
        filled = {"once": value(page, "once"), "place": value(page, "place"), "words": words}
        status, _ = await self.post(f"/r/{code}", **(filled | form))
        assert status == 200
        return await self.again()

    async def adds(self, words: str) -> str:
        """Add something on the progress page."""
        path = self.at
        _, page = await self.get(path)
        status, _ = await self.post(f"{path}/add", words=words, once=value(page, "once"))
        assert (status, self.at) == (200, path)
        return await self.again()

    async def presses(self, case: str, **button: str) -> str:
        """Press a button of the progress page."""
        path = self.at
        status, _ = await self.post(f"{path}/press", case=case, **button)
        assert (status, self.at) == (200, path)
        return await self.again()


def value(page: str, name: str) -> str:
    """What a field of the page holds."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None, name
    return found.group(1)


@contextlib.asynccontextmanager
async def opened(
    store: Store,
    reader: Reader,
    folder: Path,
    limits: ReportLimits = PLENTY,
    models: ModelHome | None = None,
) -> AsyncIterator[Kiosk]:
    """Everything on a free port of loopback."""
    rules = Rules(_taxonomy(), ChineseCalendar(), Settings().zone)
    await store.write(lambda tx: demo_town.settle(tx, START))

    def now() -> datetime:
        return kiosk.now

    room = WebRoom(store, PhotoFolder(folder / "photos"), now)
    channels = {"web": WebChannel(room, ADDRESS), "qr": QrChannel(), "field": FieldChannel()}
    live = Live(store, surroundings(Settings(quiet_hours=""), channels))
    await live.refresh()
    counters = Counters()
    sender = Sender(store, channels, now, counters)
    worker = LaneWorker(store, reader, rules, live, now, counters)
    acts = Acts(store, rules, live, now, lambda: None)
    reports = Reports(store, now, limits=limits, clock=lambda: (kiosk.now - START) / SECOND)
    kiosk = Kiosk(store, rules, worker, sender, acts, reports, room)
    app = web.Application()
    site = Site(demo=True, base_url=ADDRESS)
    web_routes(app, room, site)
    means = Means(lambda: reader, room.photos, FieldDoor(room.photos), models=models)
    add_desk(app, acts, site, rules.zone, means)
    add_report(app, reports, room, site, rules)
    async with served(app) as runner:
        kiosk.url = address(runner)
        try:
            yield kiosk
        finally:
            for session in kiosk.sessions:
                await session.close()


SECOND = timedelta(seconds=1)
