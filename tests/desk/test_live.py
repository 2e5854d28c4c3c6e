"""Pages that are open hear that something changed: on every page, of what one may see, as long as one may."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from office import Office, Visitor, opened

from bot.web.desk import live
from intake.facts import Changes
from intake.lifecycle import State
from intake.people import Grant, Role
from intake.reading import Triage
from storage.store import Store

NOTHING = {"new": 0, "changed": False}
LOST = {"new": 0, "changed": True}


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "EVERY", 0.05)
    monkeypatch.setattr(live, "HEARTBEAT", 0.2)


def news_of(page: str) -> str:
    """Where a page asks for news."""
    found = re.search(r'data-news="([^"]+)" data-at="([0-9]+)"', page)
    assert found is not None
    path = found[1].replace("&amp;", "&")
    return f"{path}{'&' if '?' in path else '?'}at={found[2]}"


async def news(visitor: Visitor, address: str) -> Any:
    status, text = await visitor.get(address)
    assert status == 200
    return json.loads(text)


@asynccontextmanager
async def listening(visitor: Visitor, address: str) -> AsyncIterator[aiohttp.ClientResponse]:
    headers = {"Accept": "text/event-stream"}
    async with visitor.session.get(visitor.office.url + address, headers=headers) as got:
        yield got


async def heard(stream: aiohttp.ClientResponse) -> Any:
    """The next that is said, None at the end; the signs of life are left out."""
    async with asyncio.timeout(20):
        while line := (await stream.content.readline()).decode():
            if line.startswith("data:") and line.strip() != "data:":
                return json.loads(line.removeprefix("data:"))
    return None


async def listeners(office: Office, number: int) -> None:
    async with asyncio.timeout(20):
        while len(office.live._streams) != number:
            await asyncio.sleep(0.02)


async def test_the_queue_tells_what_is_new_and_what_changed(office: Office) -> None:
    old = await office.case()
    chen = await office.sits("chen")
    _, page = await chen.get("/desk/cases")
    asked = news_of(page)
    assert await news(chen, asked) == NOTHING
    await office.case(said="新的")
    await office.case(grid="DEMO-2")
    await office.case(state=State.CLOSED)
    assert await news(chen, asked) == {"new": 2, "changed": False}
    await chen.post(f"/desk/case/{old.id}/take", version="1")
    assert await news(chen, asked) == {"new": 2, "changed": True}
    _, page = await chen.get("/desk/cases")
    assert await news(chen, news_of(page)) == NOTHING
    assert (await news(chen, "/desk/cases/news"))["changed"], "who does not say since when"
    assert (await news(chen, "/desk/cases/news?at=-1"))["changed"]
    assert await news(chen, f"/desk/cases/news?at={'9' * 18}") == NOTHING


async def test_only_what_is_asked_for_and_seen_is_news(office: Office) -> None:
    chen, wu, property_ = [await office.sits(name) for name in ("chen", "wu", "property")]
    pages = [
        await who.get("/desk/cases", **query)
        for who, query in (
            (chen, {"grid": "DEMO-2"}),
            (chen, {"q": "路灯"}),
            (chen, {"scope": "mine"}),
            (wu, {}),
            (property_, {}),
        )
    ]
    asked = [news_of(page) for _, page in pages]
    await office.case("MZ11", said="睡不着，路灯太亮")
    everybody = [chen, chen, chen, wu, property_]
    told = [await news(who, address) for who, address in zip(everybody, asked, strict=True)]
    assert told == [NOTHING] * 5, "private: not found by words, not seen by department and property"
    await office.case("HJ01", "DEMO-2", said="垃圾")
    told = [await news(who, address) for who, address in zip(everybody, asked, strict=True)]
    assert [one["new"] for one in told] == [1, 0, 0, 0, 1]


async def test_the_review_tells_only_what_has_come(office: Office) -> None:
    sun = await office.sits("sun")
    waits = {"state": State.TO_CONFIRM, "triage": Triage.HUMAN}
    first = await office.case(**waits)
    _, page = await sun.get("/desk/review")
    asked = news_of(page)
    await office.case()
    assert await news(sun, asked) == NOTHING
    await office.case(grid="DEMO-3", **waits)
    await office.case("HZ01", state=State.REVIEW)
    assert (await news(sun, asked))["new"] == 2
    await sun.post(f"/desk/review/{first.id}", do="set", choice="SZ04", version="1")
    assert (await news(sun, asked))["new"] == 2
    assert "data-changed" not in page, "what one decided oneself is no news"


async def test_a_stream_tells_within_a_moment(office: Office) -> None:
    chen = await office.sits("chen")
    _, page = await chen.get("/desk/cases")
    async with listening(chen, news_of(page)) as stream:
        assert stream.content_type == "text/event-stream"
        assert stream.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in stream.headers["Content-Security-Policy"]
        await office.case()
        assert await heard(stream) == {"new": 1, "changed": False}
        await office.case(grid="DEMO-2")
        assert await heard(stream) == {"new": 2, "changed": False}
    await listeners(office, 0)


async def test_a_case_tells_that_somebody_else_changed_it(office: Office) -> None:
    chen, street, case = await office.sits("chen"), await office.sits("street"), await office.case()
    _, page = await chen.get(f"/desk/case/{case.id}")
    async with listening(chen, news_of(page)) as stream:
        await office.case()
        await street.post(f"/desk/case/{case.id}/take", version="1")
        assert await heard(stream) == {"new": 0, "changed": True}
    assert "data-warn=" in page


async def test_another_process_hears_it_too(shared_url: str) -> None:
    with Store.open(shared_url, "one") as one, Store.open(shared_url, "two") as two:
        async with opened(one) as here, opened(two) as there:
            chen = await there.sits("chen")
            _, page = await chen.get("/desk/cases")
            async with listening(chen, news_of(page)) as stream:
                case = await here.case()
                assert await heard(stream) == {"new": 1, "changed": False}
            elsewhere = await here.sits("chen")
            assert await news(elsewhere, news_of(page)) == LOST, "it had not looked before"
            later = news_of((await chen.get("/desk/cases"))[1])
            await there.store.write(lambda tx: tx.desk.save(_two(here), [], here.now))
            assert await news(elsewhere, later) == {"new": 2, "changed": False}
            _, page = await chen.get(f"/desk/case/{case.id}")
            async with listening(chen, news_of(page)) as stream:
                await elsewhere.post(f"/desk/case/{case.id}/take", version="1")
                assert await heard(stream) == {"new": 0, "changed": True}


def _two(office: Office) -> Changes:
    some = [office.draft("SZ03", "DEMO-1"), office.draft("SZ03", "DEMO-2")]
    return Changes(cases={case.id: case for case in some})


async def test_a_stream_ends_with_its_session(office: Office) -> None:
    await office.case()
    chen, other = await office.sits("chen"), await office.sits("chen")
    async with (
        listening(chen, "/desk/cases/news?at=0") as stream,
        listening(other, "/desk/cases/news?at=0") as stays,
    ):
        await heard(stream)
        await chen.post("/desk/sign-out")
        assert await heard(stream) is None
        assert (await heard(stays))["changed"]
        await listeners(office, 1)
    office.later(hours=9)
    landed = await other.landed("/desk/cases/news?at=0")
    assert landed.startswith("/desk/sign-in")


async def test_a_stream_ends_when_roles_change(office: Office) -> None:
    await office.case()
    chen = await office.sits("chen")
    async with listening(chen, "/desk/cases/news?at=0") as stream:
        await heard(stream)
        grant = Grant(Role.GRID_WORKER, "DEMO-C")
        assert await office.store.write(lambda tx: tx.people.revoke("web:demo-chen", grant))
        assert await heard(stream) is None
    assert (await chen.landed("/desk/cases/news")).startswith("/desk/sign-in")


async def test_one_look_for_all_and_none_for_nobody(office: Office) -> None:
    await office.case()
    people = [await office.sits(name) for name in ("chen", "sun", "wu", "street", "district")]
    pages = [news_of((await who.get("/desk/cases"))[1]) for who in people]
    await asyncio.sleep(0.2)
    assert office.live.looks == 0
    statements = _statements()
    async with asyncio.timeout(30):
        async with (
            listening(people[0], pages[0]) as first,
            listening(people[1], pages[1]) as second,
            listening(people[2], pages[2]),
            listening(people[3], pages[3]) as fourth,
            listening(people[4], pages[4]),
        ):
            await listeners(office, 5)
            looks, before = office.live.looks, len(statements())
            while office.live.looks < looks + 4:
                await asyncio.sleep(0.02)
            assert len(statements()) - before <= 5 * 3, "three short statements a look"
            await office.case()
            for stream in (first, second, fourth):
                assert (await heard(stream))["new"] == 1
    await listeners(office, 0)
    await asyncio.sleep(0.2)
    looks = office.live.looks
    await asyncio.sleep(0.3)
    assert office.live.looks == looks


def _statements():  # type: ignore[no-untyped-def]
    """The looks' statements from now on."""
    from sqlalchemy import Engine, event

    seen: list[str] = []

    def note(_c, _cursor, statement, *_more) -> None:  # type: ignore[no-untyped-def]
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    return lambda: list(seen)


async def test_of_one_session_a_few_streams_are_kept(office: Office) -> None:
    await office.case()
    chen = await office.sits("chen")
    async with listening(chen, "/desk/cases/news?at=0") as oldest:
        await heard(oldest)
        rest = [listening(chen, "/desk/cases/news?at=0") for _ in range(live.MOST_OF_ONE)]
        streams = [await one.__aenter__() for one in rest]
        assert await heard(oldest) is None
        await listeners(office, live.MOST_OF_ONE)
        assert [await heard(stream) for stream in streams] == [LOST] * live.MOST_OF_ONE
        for one in rest:
            await one.__aexit__(None, None, None)
    await listeners(office, 0)


async def test_pages_that_are_gone_are_noticed_and_the_server_can_stop(store: Store) -> None:
    async with opened(store) as office:
        await office.case()
        chen = await office.sits("chen")
        async with listening(chen, "/desk/cases/news?at=0") as stream:
            await heard(stream)
        await listeners(office, 0)
        stays = listening(chen, "/desk/cases/news?at=0")
        await heard(await stays.__aenter__())
        await office.live.close()
        await listeners(office, 0)
        async with listening(chen, "/desk/cases/news") as late:
            assert late.status == 204


async def test_what_a_process_does_not_remember_is_still_told(office: Office) -> None:
    chen = await office.sits("chen")
    _, page = await chen.get("/desk/cases")
    asked = news_of(page)
    from storage.open_rows import MOST_CHANGES

    few = 500
    for _ in range(MOST_CHANGES // few + 1):
        some = [office.draft("SZ03", "DEMO-1") for _ in range(few)]
        changes = Changes(cases={case.id: case for case in some})
        await office.store.write(lambda tx, changes=changes: tx.desk.save(changes, [], office.now))
        await office.store.read(lambda tx: tx.case_search.position)
    assert await news(chen, asked) == LOST
