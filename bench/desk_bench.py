"""How fast the desk answers with 100,000 cases, 60,000 of them open, all in one run.

Usage: python bench/desk_bench.py [sqlite] [postgresql]     (default: both)

Each page is asked for over HTTP on loopback by four people of different sight, and its reading alone is timed
beside it. Figures are medians in milliseconds; × is the ratio to reading one row by its key, over HTTP or
bare, in the same run. "rows" is what the database read for one request (PostgreSQL counts them; SQLite counts
steps of its machine, here in thousands).
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from desk_town import CASES, NOW, OPEN, WHO, fill
from sqlalchemy import Engine, event
from storage_bench import postgres

from bot.settings import Settings
from bot.surroundings import surroundings
from bot.taxonomy_file import load_taxonomy
from bot.web.desk.acts import Acts
from bot.web.desk.asked import asked_of
from bot.web.desk.guard import COOKIE
from bot.web.desk.routes import Means, add_desk
from bot.web.site import Site
from bot.work_calendar import ChineseCalendar
from intake.grids import Grid
from intake.rules import Rules
from intake.sight import Sight, sight_of
from storage.case_search import spot_of
from storage.migrate import migrate
from storage.store import Store, Tx

TIMES = 15
QUARTER = {"span": "own", "from": f"{NOW - timedelta(days=91):%Y-%m-%d}", "to": f"{NOW:%Y-%m-%d}"}
YEAR = {"span": "own", "from": f"{NOW - timedelta(days=365):%Y-%m-%d}", "to": f"{NOW:%Y-%m-%d}"}


# -- asking -----------------------------------------------------------------------------------------


Ask = Callable[[], Awaitable[object]]


@asynccontextmanager
async def served(store: Store, rules: Rules) -> AsyncIterator[str]:
    """The desk on a free port of loopback."""
    around = surroundings(Settings(), {})
    app = web.Application()
    add_desk(
        app,
        Acts(store, rules, lambda: around, lambda: NOW, lambda: None),
        Site(),
        rules.zone,
        Means(),
    )
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def beside(ask: Ask, base: Ask) -> tuple[float, float]:
    """Median milliseconds, and the ratio to those of `base`, asked in turn so that whatever else the
    machine does slows both. Each is asked once before, to warm up."""
    times: dict[Ask, list[float]] = {ask: [], base: []}
    for _ in range(TIMES + 1):
        for one, took in times.items():
            start = time.perf_counter()
            await one()
            took.append(time.perf_counter() - start)
    found, of = (statistics.median(took[1:]) for took in times.values())
    return found * 1000, found / of


@dataclass
class Meter:
    """What the database reads. PostgreSQL counts rows of tables, SQLite steps of its machine."""

    store: Store
    steps: int = 0
    reading: bool = False

    def watch(self) -> None:
        """Count from now on."""

        def count() -> None:
            self.steps += 1

        def begin(connection: Any, *_more: Any) -> None:
            driver = connection.connection.driver_connection
            if isinstance(driver, sqlite3.Connection):
                driver.set_progress_handler(count, 1000)
            elif self.reading:  # else its figures would come seconds later
                driver.execute("SELECT pg_stat_force_next_flush()")

        event.listen(Engine, "begin", begin)

    async def read(self, ask: Ask) -> float:
        """For one request."""
        self.reading = True
        await ask()
        before = await self._now()
        await ask()
        found = await self._now() - before
        self.reading = False
        return found

    async def _now(self) -> float:
        if self.store.dialect.name == "sqlite":
            return self.steps
        await asyncio.sleep(0.1)
        return await self.store.write(_rows_read)


def _rows_read(tx: Tx) -> float:
    query = "SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) FROM pg_stat_user_tables"
    return float(tx.connection.exec_driver_sql(query).scalar() or 0)


@dataclass(frozen=True)
class Question:
    """A page, and what is asked of the queue on it, None for another page."""

    name: str
    path: str
    query: dict[str, str] | None = None

    @property
    def address(self) -> str:
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


def questions(case: str, later: str) -> list[Question]:
    cases = "/desk/cases"
    return [
        Question("queue, first page", cases, {}),
        Question("queue, a later page", cases, {"after": later}),
        Question("queue, one state", cases, {"state": "to_confirm"}),
        Question("queue, one category", cases, {"category": "SZ"}),
        Question("search 灯", cases, {"q": "灯"}),
        Question("search 路灯", cases, {"q": "路灯"}),
        Question("search 路灯不亮", cases, {"q": "路灯不亮"}),
        Question("search 没有这样的话", cases, {"q": "没有这样的话"}),
        Question("search by place: 3栋 快递柜", cases, {"q": "3栋 快递柜"}),
        Question("search by number: 12", cases, {"q": "12"}),
        Question("a case", f"/desk/case/{case}"),
        Question("is there something new", "/desk/cases/news"),
        Question("review", "/desk/review"),
        Question("figures, today", "/desk/figures", {"span": "today"}),
        Question("figures, a week", "/desk/figures", {"span": "week"}),
        Question("figures, a month", "/desk/figures", {"span": "month"}),
        Question("figures, a quarter", "/desk/figures", QUARTER),
        Question("figures, a year", "/desk/figures", YEAR),
    ]


@dataclass(frozen=True)
class Known:
    """What all questions need."""

    store: Store
    rules: Rules
    grids: list[Grid]
    meter: Meter


async def measure(name: str, store: Store) -> None:
    rules = Rules(load_taxonomy(), ChineseCalendar(), Settings().zone)
    start = time.perf_counter()
    grids = fill(store, list(rules.taxonomy.items.values()))
    if store.dialect.name == "postgresql":
        await store.write(lambda tx: tx.connection.exec_driver_sql("ANALYZE"))
    filled, start = time.perf_counter() - start, time.perf_counter()
    await store.read(lambda tx: tx.case_search.position)
    first, start = time.perf_counter() - start, time.perf_counter()
    await store.read(lambda tx: tx.case_figures.warm(NOW))
    second = time.perf_counter() - start
    print(
        f"\n{name}: {CASES:,} cases, {OPEN:,} open, filled in {filled:.0f} s; "
        f"first look of a process {first:.1f} s, at figures {second:.1f} s"
    )
    meter = Meter(store)
    meter.watch()
    async with served(store, rules) as url, aiohttp.ClientSession() as http:
        for who, _, _ in WHO:
            await asks(who, url, http, Known(store, rules, grids, meter))


async def asks(who: str, url: str, http: aiohttp.ClientSession, known: Known) -> None:
    """All questions of one person."""
    store = known.store
    found = await store.read(lambda tx: tx.people.get(f"web:{who}"))
    assert found is not None
    sight = sight_of(found, known.grids)
    case, later = await some_case(store, sight, known.rules)
    cookies = {"Cookie": f"{COOKIE}=token-{who}"}

    async def page(address: str) -> int:
        async with http.get(url + address, headers=cookies, allow_redirects=False) as got:
            landed = got.headers.get("Location", "/desk/case/")
            assert got.status in (200, 403, 303), (got.status, address)
            assert landed.startswith("/desk/case/"), landed
            await got.read()
            return got.status

    def row() -> Awaitable[object]:
        return page(f"/desk/case/{case}/news?at=1")

    def bare_row() -> Awaitable[object]:
        return store.read(lambda tx: tx.cases.get(case))

    print(f"\n{who}\n  {'':30} {'page ms':>8} {'×':>6} {'bare ms':>8} {'×':>6} {'rows':>8}")
    for question in questions(case, later):
        ask = partial(page, question.address)
        if await ask() == 403:
            continue
        took, ratio = await beside(ask, row)
        bare = ""
        if question.query is not None and question.path == "/desk/cases":
            reading = partial(store.read, reading_of(question, sight, known.rules))
            bare = "{:8.1f} {:6.1f}".format(*await beside(reading, bare_row))
        rows = await known.meter.read(ask)
        print(f"  {question.name:30} {took:8.1f} {ratio:6.1f} {bare:15} {rows:8,.0f}", flush=True)


def reading_of(question: Question, sight: Sight, rules: Rules) -> Callable[[Tx], object]:
    """What the queue reads for a question."""
    asked = asked_of(question.query or {}, sight, rules.taxonomy)
    wanted = asked.wanted(sight, rules.taxonomy)
    return lambda tx: (
        tx.case_search.page(wanted, 31, asked.after),
        tx.case_search.summary(wanted, NOW),
    )


async def some_case(store: Store, sight: Sight, rules: Rules) -> tuple[str, str]:
    """A case that somebody sees, and where a later page of theirs begins."""
    asked = asked_of({}, sight, rules.taxonomy)
    wanted = asked.wanted(sight, rules.taxonomy)
    found = await store.read(lambda tx: tx.case_search.page(wanted, 301))
    spot = spot_of(found[-1])
    return found[0].id, f"{spot.rank}.{spot.due}.{spot.id}"


@contextmanager
def database(name: str, folder: Path) -> Iterator[str]:
    if name == "postgresql":
        with postgres(folder) as url:
            yield url
    else:
        yield f"sqlite:///{folder}/bench.db"


def main(wanted: list[str]) -> None:
    logging.disable(logging.INFO)
    folder = Path(tempfile.mkdtemp(prefix="huying-desk-bench-"))
    try:
        for name in wanted or ["sqlite", "postgresql"]:
            with database(name, folder) as url:
                migrate(url)
                with Store.open(url, "b") as store:
                    asyncio.run(measure(name, store))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1:])
