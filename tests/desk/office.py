"""The desk on loopback, with the demo town behind it, and people who sit down at it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp
import demo_town
from aiohttp import web
from loopback import address, served

from bot.arranged import ArrangedTaxonomy
from bot.channels.base import Channel
from bot.settings import Settings
from bot.surroundings import Live, surroundings
from bot.taxonomy_file import load_taxonomy
from bot.web.desk.acts import Acts
from bot.web.desk.routes import Means, add_desk
from bot.web.room.photos import PhotoFolder
from bot.web.site import Site
from bot.work_calendar import ChineseCalendar
from intake.cases import Case
from intake.facts import Changes
from intake.grids import ChatRef
from intake.lifecycle import CaseKind, State
from intake.reading import Triage
from intake.rules import Rules
from storage.store import Store, Tx

START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # Tuesday 10:00 in Shanghai
GROUP = ChatRef("web", "DEMO-1")
_taxonomy = cache(load_taxonomy)


@dataclass
class Office:
    """A running desk. `now` is its clock; `woken` counts how often the sender was called; `photos` is where
    photos lie, if anywhere."""

    store: Store
    rules: Rules
    photos: PhotoFolder | None = None
    url: str = ""
    live: Any = None
    now: datetime = START
    woken: int = 0
    numbers: dict[str, int] = field(default_factory=dict)
    sessions: list[aiohttp.ClientSession] = field(default_factory=list)

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def called(self) -> None:
        self.woken += 1

    def person(self) -> Visitor:
        """Somebody with a browser of their own, not signed in."""
        jar = aiohttp.CookieJar(unsafe=True)
        session = aiohttp.ClientSession(cookie_jar=jar)
        self.sessions.append(session)
        return Visitor(self, session)

    async def sits(self, name: str) -> Visitor:
        """A demo persona at the desk: `chen`, `sun`, `wu`, `street`, `auditor`, `admin` …"""
        visitor = self.person()
        status, _ = await visitor.post("/desk/demo", person=f"web:demo-{name}")
        assert status == 200
        return visitor

    async def case(self, item: str = "SZ03", grid: str = "DEMO-1", **more: Any) -> Case:
        """A case that stands in the ledger, dispatched if nothing else is said."""
        made = self.draft(item, grid, **more)
        await self.store.write(lambda tx: _add(tx, made, self.now))
        return made

    def draft(self, item: str, grid: str, **more: Any) -> Case:
        taxonomy = self.rules.taxonomy
        about = taxonomy.items[item]
        number = self.numbers.get(grid, 0) + 1
        self.numbers[grid] = number
        said = more.pop("said", "3栋楼下路灯不亮")
        case = Case(
            id=f"{grid}-{number}",
            grid=grid,
            number=number,
            kind=CaseKind.WISH if about.is_wish else CaseKind.REQUEST,
            state=State.DISPATCHED,
            triage=Triage.AUTO,
            category=about.category,
            item=item,
            level=about.level,
            lead=about.lead,
            co=(),
            tier=about.tier,
            visibility=about.visibility,
            emergency=None,
            place="3栋楼下",
            said=said,
            title=taxonomy.categories[about.category].name,
            reporter="web:demo-wang",
            chat=ChatRef("web", grid),
            message=str(number),
            guesses=(item, "SZ04", "GY04"),
            opened_at=self.now,
            respond_due=self.now + timedelta(hours=4),
            resolve_due=self.now + timedelta(hours=72),
        )
        return replace(case, **more)


def _add(tx: Tx, case: Case, now: datetime) -> None:
    changes = Changes(cases={case.id: case}, numbers={case.grid: case.number + 1})
    tx.desk.save(changes, [], now)


@dataclass
class Visitor:
    """One browser. Pages come back as (status, text), redirects followed."""

    office: Office
    session: aiohttp.ClientSession

    async def get(self, path: str, **query: str) -> tuple[int, str]:
        async with self.session.get(self.office.url + path, params=query) as got:
            return got.status, await got.text(errors="replace")

    async def post(self, path: str, origin: str | None = "", **form: str) -> tuple[int, str]:
        """`origin`: whose page asks; "" is ours, None says nothing."""
        headers = {} if origin is None else {"Origin": origin or self.office.url}
        async with self.session.post(self.office.url + path, data=form, headers=headers) as got:
            return got.status, await got.text(errors="replace")

    async def landed(self, path: str) -> str:
        """Where one comes to stand on going to a page."""
        async with self.session.get(self.office.url + path) as got:
            return got.url.path_qs


@contextlib.asynccontextmanager
async def opened(
    store: Store,
    *,
    is_demo: bool = True,
    folder: Path | None = None,
    channels: dict[str, Channel] | None = None,
    **means: Any,
) -> AsyncIterator[Office]:
    """The desk on a free port of loopback; `means` is what the pages work with, `channels` where words go."""
    arranged = ArrangedTaxonomy(_taxonomy())
    rules = Rules(arranged.taxonomy, ChineseCalendar(), Settings().zone)
    office = Office(store, rules, PhotoFolder(folder) if folder else None)
    await store.write(lambda tx: demo_town.settle(tx, office.now))
    live = Live(store, surroundings(Settings(), channels or {}), arranged)
    await live.refresh()
    app = web.Application()
    acts = Acts(store, rules, live, lambda: office.now, office.called)
    behind = Means(photos=office.photos, **({"renamed": live.refresh} | means))
    office.live = add_desk(app, acts, Site(demo=is_demo), rules.zone, behind).live
    async with served(app) as runner:
        office.url = address(runner)
        try:
            yield office
        finally:
            for session in office.sessions:
                await session.close()


def as_read(page: str) -> str:
    """A page as it is read: without the marks that keep numbers and times on one line."""
    return re.sub(r'<span class="number">([^<]*)</span>', r"\1", page)


async def stored(office: Office, case: Case) -> Case:
    """A case as it stands now."""
    found = await office.store.read(lambda tx: tx.cases.get(case.id))
    assert found is not None
    return found


async def press(who: Visitor, case: Case, act: str, **form: str) -> tuple[int, str]:
    """An act on the page of a case, as it stands now."""
    version = (await stored(who.office, case)).version
    return await who.post(f"/desk/case/{case.id}/{act}", **({"version": str(version)} | form))


async def posts(office: Office, case: Case, audience: str) -> list[str]:
    """What an audience heard of a case."""
    fates = await office.store.read(lambda tx: tx.outbox.of_case(case.id))
    return [fate.post.text for fate in fates if fate.post.audience == audience]
