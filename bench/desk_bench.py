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
import random
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from sqlalchemy import Engine, event
from storage_bench import postgres

from bot.settings import Settings
from bot.surroundings import surroundings
from bot.taxonomy_file import load_taxonomy
from bot.web.desk.acts import Acts
from bot.web.desk.asked import asked_of
from bot.web.desk.guard import COOKIE
from bot.web.desk.routes import add_desk
from bot.web.site import Site
from bot.work_calendar import ChineseCalendar
from intake.cases import Case, Entry, Line, LineRole
from intake.desk import Rules
from intake.facts import Changes
from intake.grids import ChatRef, Grid
from intake.lifecycle import Action, CaseKind, State
from intake.people import Grant, Person, Role
from intake.reading import Triage
from intake.sight import Sight, sight_of
from intake.taxonomy import Item
from storage.case_search import spot_of
from storage.migrate import migrate
from storage.records import Area
from storage.store import Store, Tx

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
CASES, OPEN = 100_000, 60_000
STREETS, COMMUNITIES, GRIDS = 4, 5, 10
"""Streets of the district, communities of a street, grids of a community."""
PLACES = (
    "小花园",
    "快递柜",
    "老榕树",
    "东门",
    "北门",
    "地下车库",
    "菜场",
    "幼儿园门口",
    "垃圾房",
    "车棚",
)
TAILS = (
    "好几天了",
    "麻烦来看看",
    "晚上看不见",
    "老人小孩都走这里",
    "有人管吗",
    "谢谢",
    "已经第二次了",
    "",
)
OPEN_STATES = (
    (State.DISPATCHED, 50), (State.WORKING, 22), (State.TO_RATE, 15), (State.SIGNED, 10),
    (State.TO_CONFIRM, 3),
)  # fmt: skip
TIMES = 15


def town() -> tuple[list[Area], list[Grid]]:
    """A district of 200 grids."""
    found, grids = [Area("B", "district", "区")], []
    for s in range(1, STREETS + 1):
        found.append(Area(f"B{s}", "street", f"{s}街道", "B"))
        for c in range(1, COMMUNITIES + 1):
            found.append(Area(f"B{s}-{c}", "community", f"{s}街道{c}社区", f"B{s}"))
            for g in range(1, GRIDS + 1):
                id = f"B{s}{c}{g:02}"
                path = ("B", f"B{s}", f"B{s}-{c}", id)
                grids.append(Grid(id, f"{s}街道{c}社区{g}格", path, PLACES))
    return found, grids


WHO: tuple[tuple[str, Role, str], ...] = (
    ("moderator", Role.MODERATOR, "B2-3"),
    ("worker", Role.GRID_WORKER, "B2304"),
    ("department", Role.DEPARTMENT, "JS"),
    ("district", Role.DISTRICT, "B"),
)


@dataclass
class Filler:
    """Makes cases as a town makes them: some grids and some items come often."""

    items: list[Item]
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    numbers: dict[str, int] = field(default_factory=dict)

    def many(self, grids: list[Grid]) -> dict[str, list[Case]]:
        """All cases by grid."""
        busy = [self.dice.paretovariate(1.5) for _ in grids]
        common = [self.dice.paretovariate(1.1) for _ in self.items]
        places = self.dice.choices(grids, busy, k=CASES)
        items = self.dice.choices(self.items, common, k=CASES)
        made: dict[str, list[Case]] = {grid.id: [] for grid in grids}
        for n, (grid, item) in enumerate(zip(places, items, strict=True)):
            made[grid.id].append(self.one(grid.id, item, n < OPEN))
        return made

    def one(self, grid: str, item: Item, is_open: bool) -> Case:
        dice = self.dice
        number = self.numbers[grid] = self.numbers.get(grid, 0) + 1
        state = self._state() if is_open else State.CLOSED
        age = timedelta(hours=dice.expovariate(1 / (200 if is_open else 1500)))
        opened = NOW - age
        where = dice.choice(("", "楼下", dice.choice(PLACES)))
        place = f"{dice.randint(1, 30)}栋{dice.randint(1, 4)}单元{where}"
        words = dice.choice(item.keywords) if item.keywords else ""
        limits = item.limits
        answered = state not in (State.DISPATCHED, State.TO_CONFIRM) or dice.random() < 0.3
        return Case(
            f"{grid}-{number}", grid, number, CaseKind.REQUEST, state, Triage.AUTO, item.category, item.code,
            item.level, item.lead, item.co, item.tier, item.visibility, None, place,
            f"{place}{item.name}{words}{dice.choice(TAILS)}", item.name[:4], f"web:r{dice.randint(1, 9999)}",
            ChatRef("web", grid), str(number), (item.code, "SZ03", "SZ04"), opened,
            opened + timedelta(hours=limits.respond_hours), opened + timedelta(hours=limits.resolve_hours),
            responded_at=opened + age / 4 if answered else None,
            taken_by=f"web:w{dice.randint(1, 300)}" if answered else None,
            done_at=opened + age / 2 if state in (State.TO_RATE, State.CLOSED) else None,
            closed_at=opened + age / 2 if not is_open else None,
            score=dice.choice((None, 3, 4, 5, 5)) if not is_open else None, entries=2,
        )  # fmt: skip

    def _state(self) -> State:
        states, weights = zip(*OPEN_STATES, strict=True)
        return self.dice.choices(states, weights)[0]


def fill(store: Store, items: list[Item]) -> list[Grid]:
    """The town with its people and cases."""
    areas, grids = town()
    made = Filler(items).many(grids)

    def people(tx: Tx) -> None:
        tx.grids.add_areas(areas)
        tx.grids.add(grids)
        tx.people.save([Person(f"web:{name}", name) for name, _, _ in WHO], NOW)
        tx.people.save([Person(f"web:w{n}", f"工作人员{n}") for n in range(1, 301)], NOW)
        for name, role, scope in WHO:
            tx.people.grant(f"web:{name}", Grant(role, scope), "system", NOW)
            tx.sessions.begin(f"token-{name}", f"web:{name}", "", NOW)

    def some(tx: Tx, grid: str) -> None:
        cases = made[grid]
        changes = Changes(cases={c.id: c for c in cases}, numbers={grid: len(cases) + 1})
        for case in cases[::10]:
            id, at = case.id, case.opened_at
            changes.entries += [Entry(id, n, at, Action.ACCEPT, None) for n in (1, 2)]
            changes.lines.append(
                Line(id, case.chat, case.message, case.reporter, LineRole.OPENED, case.said, (), at)
            )
        tx.desk.save(changes, [], NOW)

    store.write_now(people)
    for grid in grids:
        store.write_now(lambda tx, grid=grid: some(tx, grid.id))  # type: ignore[misc]
    return grids


# -- asking -----------------------------------------------------------------------------------------


Ask = Callable[[], Awaitable[object]]


@asynccontextmanager
async def served(store: Store, rules: Rules) -> AsyncIterator[str]:
    """The desk on a free port of loopback."""
    around = surroundings(Settings(), {})
    app = web.Application()
    add_desk(app, Acts(store, rules, lambda: around, lambda: NOW, lambda: None), Site(), rules.zone)
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
        Question("figures, a week", "/desk/figures", {"days": "7"}),
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
    first = time.perf_counter() - start
    print(
        f"\n{name}: {CASES:,} cases, {OPEN:,} open, filled in {filled:.0f} s; "
        f"first look of a process {first:.1f} s"
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
