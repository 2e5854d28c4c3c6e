"""一周简报: drafted on Monday at nine, gone over, released by a person, once."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from html import unescape
from typing import Any

import pytest
from office import GROUP, Office, as_read

from bot.deciding import fire_timers
from bot.dispatch import Surroundings
from bot.web.desk.words_briefs import BRIEFS, Wrong
from intake.cases import TimerKind
from intake.desk import Desk
from intake.facts import Facts
from intake.grids import ChatRef
from intake.lifecycle import State
from intake.taxonomy import Visibility
from storage.store import Tx

NINE = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)  # Monday 9:00 in Shanghai
WEEK = "2026-11-23"
AT = f"/desk/briefs/DEMO-1/{WEEK}"


async def opens(office: Office, item: str = "SZ03", grid: str = "DEMO-1", **more: Any) -> Any:
    """A case that was opened as cases are, so that the clock of its brief is set."""
    case = office.draft(item, grid, **more)
    rules = replace(office.rules, brief=time(9))

    def work(tx: Tx) -> None:
        desk = Desk(rules, Facts(grids={grid: tx.grids.many([grid])[grid]}), office.now)
        desk.begin("test", office.now)
        desk.add_case(case)
        desk.changes.numbers[grid] = case.number + 1
        tx.desk.save(desk.changes, [], office.now)

    await office.store.write(work)
    return case


async def strike(office: Office) -> int:
    """Fire what is due; how many."""
    rules = replace(office.rules, brief=time(9))
    around = Surroundings({}, rules.zone)

    def work(tx: Tx) -> int:
        due = [t for t in tx.timers.due(office.now, 99) if t.kind is TimerKind.BRIEF]
        return len(fire_timers(tx, rules, around, office.now, due))

    return await office.store.write(work)


async def a_week(office: Office) -> None:
    for n in range(4):
        await opens(office, voices=4 - n)
    for _ in range(3):
        await opens(office, "GY04", chat=ChatRef("qr", "DEMO-1"))
    await opens(office, "MZ11", said="我家的事别告诉别人", visibility=Visibility.PRIVATE)
    await opens(
        office,
        state=State.CLOSED,
        score=5,
        done_at=office.now + timedelta(days=2),
        done_words="换了灯头，打了13800138000",
        closed_at=office.now + timedelta(days=2),
    )
    await opens(office, grid="DEMO-2")
    office.now = NINE
    await strike(office)


async def posts(office: Office) -> list[Any]:
    every = await office.store.read(lambda tx: tx.outbox.every())
    return [one.post for one in every if one.post.template == "brief"]


async def test_on_monday_there_is_a_draft_for_each_part(office: Office) -> None:
    await a_week(office)
    nodes = await office.store.read(
        lambda tx: tx.briefs.of(["DEMO-1", "DEMO-2", "DEMO-3", "DEMO-C", "DEMO-S"], 9)
    )
    assert {one.node for one in nodes} >= {"DEMO-1", "DEMO-2", "DEMO-C"}
    assert "DEMO-3" not in {one.node for one in nodes}, "nothing happened there"
    grid = next(one for one in nodes if one.node == "DEMO-1")
    assert (grid.figures.opened, grid.figures.private, grid.figures.before) == (9, 1, 0)
    assert "受理 9 件，其中私密 不到3 件（只报数）" in grid.words
    assert "路灯" in grid.words
    assert await posts(office) == [], "nothing goes out by itself"


async def test_it_strikes_twice_and_drafts_once(office: Office) -> None:
    await a_week(office)
    await office.store.write(lambda tx: tx.briefs.reword("DEMO-1", WEEK, 1, "改过的"))
    await opens(office)
    office.now = NINE + timedelta(hours=1)

    def again(tx: Tx) -> None:
        timers = tx.timers.due(office.now + timedelta(days=9), 99)
        tx.timers.set([replace(t, due=NINE) for t in timers if t.kind is TimerKind.BRIEF])

    await office.store.write(again)
    assert await strike(office)
    brief = await office.store.read(lambda tx: tx.briefs.get("DEMO-1", WEEK))
    assert brief is not None
    assert brief.words == "改过的"


async def test_what_cannot_be_drafted_now_is_drafted_later(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await opens(office)
    office.now = NINE
    with monkeypatch.context() as broken:

        def raises(*_: object) -> int:
            raise ValueError("odd data")

        broken.setattr("bot.deciding.draft_briefs", raises)
        assert await strike(office) == 0
    assert await office.store.read(lambda tx: tx.briefs.get("DEMO-1", WEEK)) is None
    office.now = NINE + timedelta(hours=1)
    assert await strike(office) == 1
    assert await office.store.read(lambda tx: tx.briefs.get("DEMO-1", WEEK)) is not None


async def test_no_private_word_no_reporter_and_nothing_rare(office: Office) -> None:
    await a_week(office)
    item = office.rules.taxonomy.items["MZ11"].name
    for name in ("chen", "street"):
        visitor = await office.sits(name)
        for path in (AT, f"/desk/briefs/DEMO-C/{WEEK}"):
            _, page = await visitor.get(path)
            main = page.partition("<main")[2]
            for secret in ("别告诉别人", "王阿姨", "demo-wang", "13800138000", item):
                assert secret not in main
    _, page = await (await office.sits("chen")).get("/desk/briefs")
    assert BRIEFS["heading"] in page


async def test_each_number_leads_to_as_many_cases(office: Office) -> None:
    await a_week(office)
    chen = await office.sits("chen")
    _, page = await chen.get(AT)
    links = re.findall(r'<td><a href="(/desk/briefs/[^"]+)">(\d+)</a>', page)
    assert len(links) > 6
    for link, number in links:
        status, listed = await chen.get(unescape(link))
        assert status == 200
        assert listed.count('<li class="card">') == int(number), link
    assert 'href="#how"' in page
    status, _ = await chen.get(f"{AT}/cases?of=secrets")
    assert status == 404


async def test_a_person_goes_over_it_and_releases_it_once(office: Office) -> None:
    await a_week(office)
    chen = await office.sits("chen")
    words = "【第一网格一周简报】大家报的事办了不少。"
    form = {"version": "1", "words": words, "chat": str(GROUP), "sure": "1", "do": "released"}
    status, page = await chen.post(AT, **form)
    assert (status, "发到" in as_read(page)) == (200, True)
    status, page = await chen.post(AT, **form)
    assert (status, Wrong.OVER in page) == (409, True)
    (post,) = await posts(office)
    assert (post.chat, post.text) == (GROUP, words)
    (look,) = await office.store.read(lambda tx: tx.audit.latest())
    assert (look.case, look.what) == ("DEMO-1", "brief released")
    assert office.woken


BAD: list[tuple[dict[str, str], str]] = [
    ({"words": "  "}, Wrong.EMPTY),
    ({"words": "字" * 1501}, "太长了"),
    ({"words": "请打13800138000"}, "像是个人信息"),
    ({"chat": ""}, Wrong.NO_CHAT),
    ({"chat": "web:DEMO-2"}, Wrong.NO_CHAT),
    ({"chat": "web:nowhere"}, Wrong.NO_CHAT),
    ({"sure": ""}, Wrong.NOT_SURE),
    ({"version": "7"}, Wrong.OUTDATED),
    ({"version": "<b>"}, Wrong.OUTDATED),
    ({"do": "example"}, Wrong.NO_EXAMPLE),
    ({"do": "example", "pick": "DEMO-1-1", "agreed": "1"}, Wrong.NO_EXAMPLE),
    ({"do": "example", "pick": "DEMO-1-9"}, Wrong.NOT_AGREED),
]


@pytest.mark.parametrize(("fields", "sentence"), BAD)
async def test_what_cannot_go_out_does_not(
    office: Office, fields: dict[str, str], sentence: str
) -> None:
    await a_week(office)
    chen = await office.sits("chen")
    form = {"version": "1", "words": "我写的", "chat": str(GROUP), "sure": "1", "do": "released"}
    status, page = await chen.post(AT, **{**form, **fields})
    assert status in (400, 409)
    assert sentence in page
    if "words" not in fields:
        assert "我写的" in page, "what was typed is kept"
    assert await posts(office) == []


async def test_an_example_is_chosen_by_a_person_and_masked(office: Office) -> None:
    await a_week(office)
    chen = await office.sits("chen")
    _, page = await chen.get(AT)
    assert page.count('type="radio"') == 1
    form = {"version": "1", "words": "简报\n接下来先办：超期的 1 件。", "pick": "DEMO-1-9"}
    status, page = await chen.post(AT, **form, agreed="1", do="example")
    assert status == 200
    brief = await office.store.read(lambda tx: tx.briefs.get("DEMO-1", WEEK))
    assert brief is not None
    lines = brief.words.split("\n")
    assert lines[1].startswith("办成的一件：")
    assert "2 天办好。换了灯头" in lines[1]
    assert "13800138000" not in brief.words
    assert lines[2].startswith("接下来先办")


async def test_discarded_is_over(office: Office) -> None:
    await a_week(office)
    chen = await office.sits("chen")
    status, page = await chen.post(AT, version="1", do="discarded")
    assert (status, "定了不发" in page) == (200, True)
    status, _ = await chen.post(
        AT, version="2", words="再发", chat=str(GROUP), sure="1", do="released"
    )
    assert status == 409
    assert await posts(office) == []


async def test_whose_it_is(office: Office) -> None:
    await a_week(office)
    for name, path, expected in (
        ("street", AT, 200),
        ("chen", f"/desk/briefs/DEMO-C/{WEEK}", 200),
        ("chen", f"/desk/briefs/DEMO-S/{WEEK}", 404),
        ("wu", AT, 403),
        ("auditor", AT, 403),
        ("chen", "/desk/briefs/DEMO-1/2026-11-24", 404),
        ("chen", "/desk/briefs/DEMO-1/x", 404),
        ("chen", "/desk/briefs/NO/2026-11-23", 404),
    ):
        status, _ = await (await office.sits(name)).get(path)
        assert status == expected, (name, path)


async def test_a_clock_that_jumps_drafts_the_week_before_only(office: Office) -> None:
    await opens(office)
    office.now = NINE + timedelta(weeks=5)
    await strike(office)
    assert await office.store.read(lambda tx: tx.briefs.of(["DEMO-1"], 9)) == []
