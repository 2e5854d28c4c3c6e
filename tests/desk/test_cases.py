"""The queue: order, filters, search, many at once, and being told that something changed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from office import START, Office
from statements import statements

from bot.web.desk.asked import Asked, asked_of
from bot.web.desk.cases import PAGE
from bot.web.desk.words_cases import left
from intake.facts import Changes
from intake.lifecycle import State
from intake.sight import Sight
from intake.taxonomy import Level
from storage.case_search import Spot

HOUR = timedelta(hours=1)


def listed(page: str) -> list[str]:
    """The cases of the list, in its order."""
    return re.findall(r'<a class="body" href="/desk/case/([^"]+)"', page)


def next_page(page: str) -> str:
    found = re.search(r'rel="next" href="([^"]+)"', page)
    assert found is not None
    return unescape(found[1])


async def test_the_most_urgent_comes_first_and_what_is_late_is_marked(office: Office) -> None:
    chen = await office.sits("chen")
    soon = await office.case(respond_due=START + HOUR)
    late = await office.case(respond_due=START - HOUR)
    rated = await office.case(state=State.TO_RATE, respond_due=START - 9 * HOUR)
    danger = await office.case(emergency="E01", level=Level.A)
    answered = await office.case(responded_at=START, resolve_due=START + 30 * HOUR)
    await office.case(state=State.CLOSED)
    status, page = await chen.get("/desk/cases")
    assert status == 200
    assert listed(page) == [danger.id, late.id, soon.id, answered.id, rated.id]
    for words in ("急 · 火灾", "回话超时1小时", "办结还剩1天6小时", "等报事人评价"):
        assert words in page, words
    assert "在办 5 件" in page
    assert "急件 1 件" in page
    assert "超时 1 件" in page
    assert await chen.landed("/desk") == "/desk/today", "the first page of the menu"


async def test_pages_go_on_and_show_each_once(office: Office) -> None:
    street = await office.sits("street")
    some = [office.draft("SZ03", f"DEMO-{n % 3 + 1}") for n in range(2 * PAGE + 5)]
    await office.store.write(
        lambda tx: tx.desk.save(Changes(cases={c.id: c for c in some}), [], START)
    )
    seen: list[str] = []
    _, page = await street.get("/desk/cases", q="路灯")
    seen += listed(page)
    while 'rel="next"' in page:
        _, page = await street.get(next_page(page))
        assert "回第一页" in page
        seen += listed(page)
    assert sorted(seen) == sorted(case.id for case in some)
    assert len(seen) == len(set(seen)) == 2 * PAGE + 5


async def test_filters(office: Office) -> None:
    chen, wu = await office.sits("chen"), await office.sits("wu")
    lamp = await office.case("SZ03")
    mine = await office.case("GY04", taken_by="web:demo-chen", state=State.SIGNED)
    other = await office.case("HJ01", "DEMO-2")
    everything = {lamp.id, mine.id, other.id}
    for query, wanted in (
        ({}, everything),
        ({"scope": "mine"}, {mine.id}),
        ({"state": "signed"}, {mine.id}),
        ({"category": "HJ"}, {other.id}),
        ({"grid": "DEMO-2"}, {other.id}),
        ({"grid": "DEMO-2", "scope": "mine"}, set()),
        ({"q": "路灯 3栋"}, everything),
        ({"q": "路灯 9栋"}, set()),
        ({"state": "nonsense", "category": "?", "after": "x.y", "scope": "department"}, everything),
        ({"after": f"9.{'9' * 19}.x"}, everything),
        ({"after": f"0.-{'9' * 18}.x"}, everything),
    ):
        status, page = await chen.get("/desk/cases", **query)
        assert (status, set(listed(page))) == (200, wanted), query
    own = {c.id for c in (lamp, mine, other) if "ZF" in c.departments or c.lead == lamp.lead}
    _, page = await wu.get("/desk/cases")
    assert lamp.id in own
    assert set(listed(page)) <= own, "a department sees its own"


async def test_a_number_leads_straight_there(office: Office) -> None:
    chen = await office.sits("chen")
    one, two = await office.case(), await office.case(state=State.CLOSED)
    for words in (one.id, one.id.lower(), f" {one.id} ", "１", "#1"):
        async with chen.session.get(office.url + "/desk/cases", params={"q": words}) as got:
            assert got.url.path == f"/desk/case/{one.id}", words
    async with chen.session.get(office.url + "/desk/cases", params={"q": "2"}) as got:
        assert got.url.path == f"/desk/case/{two.id}", "what is over too"
    twin = await office.case(grid="DEMO-2")
    _, page = await chen.get("/desk/cases", q="1")
    assert "编号 1 有几件" in page
    assert {one.id, twin.id} <= set(listed(page))
    status, page = await chen.get("/desk/cases", q="77")
    assert (status, "没有找到合适的" in page) == (200, True)


async def test_a_private_case_shows_no_words_and_is_not_found_by_them(office: Office) -> None:
    chen, property_ = await office.sits("chen"), await office.sits("property")
    secret = await office.case("MZ11", said="睡不着想找人说说", place="5栋", title="民政")
    danger = await office.case("MZ11", emergency="E04", said="不想活了", title="轻生或自伤")
    _, page = await chen.get("/desk/cases")
    assert {secret.id, danger.id} == set(listed(page))
    assert "私密" in page
    assert "心理疏导" in page
    for words in ("睡不着", "5栋", "不想活", "轻生"):
        assert words not in page
    for words in ("睡不着", "5栋", "不想活", "轻生"):
        _, page = await chen.get("/desk/cases", q=words)
        assert listed(page) == [], words
    _, page = await chen.get("/desk/cases", q="心理")
    assert set(listed(page)) == {secret.id, danger.id}
    for query in ({}, {"q": secret.id}, {"q": "心理"}, {"grid": "DEMO-1"}):
        _, page = await property_.get("/desk/cases", **query)
        assert (listed(page), "心理疏导" in page) == ([], False)
    looks = await office.store.read(lambda tx: tx.audit.latest())
    assert looks == [], "the list shows nothing that must be on record"


async def test_names_with_html_in_them(office: Office) -> None:
    nasty = "<script>alert(1)</script>\"'&"
    await office.case(said=nasty, place=nasty, title=nasty)
    chen = await office.sits("chen")
    for query in ({}, {"q": nasty}, {"q": "<b>"}, {"grid": nasty}, {"after": nasty}):
        status, page = await chen.get("/desk/cases", **query)
        assert (status, "<script>alert" in page) == (200, False)


async def test_many_at_once_each_by_itself(office: Office) -> None:
    chen, wu = await office.sits("chen"), await office.sits("wu")
    first, second, third = [await office.case() for _ in range(3)]
    old = f"{third.id}@1"
    await chen.post(f"/desk/case/{third.id}/take", version="1")
    picked = [f"{first.id}@1", f"{second.id}@1", old, "DEMO-1-99@1"]
    form = [("act", "take"), ("back", "?scope=all"), *(("case", one) for one in picked)]
    headers = {"Origin": office.url}
    url = office.url + "/desk/cases/many"
    async with chen.session.post(url, data=form, headers=headers) as got:
        page = await got.text()
        assert got.status == 200
    assert "做成 2 件" in page
    assert "没做成 2 件" in page
    assert "刚刚有人动过" in page
    assert "不归您管" in page
    found = await office.store.read(lambda tx: tx.cases.many([first.id, second.id]))
    assert {case.taken_by for case in found.values()} == {"web:demo-chen"}
    async with chen.session.post(url, data=form, headers=headers) as got:
        assert "做成 0 件" in await got.text(), "sent again it does nothing again"
    versions = {case.id: case.version for case in found.values()}
    status, page = await wu.post(
        "/desk/cases/many",
        act="report",
        words="师傅在路上",
        case=f"{first.id}@{versions[first.id]}",
    )
    assert (status, "做成 1 件" in page) == (200, True)
    entries = await office.store.read(lambda tx: tx.cases.entries(first.id))
    assert entries[-1].words == "师傅在路上"


async def test_many_at_once_asks_for_what_is_missing_and_keeps_the_rest(office: Office) -> None:
    chen = await office.sits("chen")
    case = await office.case()
    picked = f"{case.id}@1"
    many = "/desk/cases/many"
    status, page = await chen.post(many, act="report", words="师傅在路上")
    assert (status, "还没勾选" in page, "师傅在路上" in page) == (400, True, True)
    status, page = await chen.post(many, act="report", words="  ", case=picked)
    assert (status, "请先写一句进展" in page) == (400, True)
    assert f'value="{picked}" checked' in page
    status, page = await chen.post(many, act="report", words="长" * 501, case=picked)
    assert (status, "写得太长" in page, "长" * 501 in page) == (400, True, True)
    some = [("case", f"DEMO-1-{n}@1") for n in range(101)]
    headers = {"Origin": office.url}
    async with chen.session.post(
        office.url + many, data=[("act", "take"), *some], headers=headers
    ) as got:
        assert (got.status, "最多办 100 件" in await got.text()) == (400, True)
    for form in ({"act": "reject", "case": picked}, {"act": "take", "case": "x"}, {"case": picked}):
        assert (await chen.post(many, **form))[0] == 400
    assert (await office.store.read(lambda tx: tx.cases.get(case.id))).version == 1  # type: ignore[union-attr]


async def test_who_may_not_take_is_offered_nothing_for_many(office: Office) -> None:
    case = await office.case()
    sun = await office.sits("sun")
    _, page = await sun.get("/desk/cases")
    assert listed(page) == [case.id]
    assert 'type="checkbox"' not in page
    _, page = await sun.post("/desk/cases/many", act="take", case=f"{case.id}@1")
    assert "您的岗位不能做这一步" in page


async def test_a_page_costs_the_same_however_much_is_open(office: Office) -> None:
    chen = await office.sits("chen")
    some = [replace(office.draft("SZ03", "DEMO-1"), taken_by="web:demo-sun") for _ in range(60)]
    await office.store.write(lambda tx: tx.desk.save(_opened(some[:1]), [], START))
    few = await _statements(office, chen)
    await office.store.write(lambda tx: tx.desk.save(_opened(some[1:]), [], START))
    assert await _statements(office, chen) == few


def _opened(some):  # type: ignore[no-untyped-def]
    return Changes(cases={case.id: case for case in some})


async def _statements(office: Office, visitor) -> int:  # type: ignore[no-untyped-def]
    with statements() as seen:
        await visitor.get("/desk/cases")
    return len([one for one in seen if "desk_sessions" not in one])


def test_time_that_is_left() -> None:
    for minutes, words in (
        (0.5, "还剩不到1分钟"),
        (59, "还剩59分钟"),
        (60, "还剩1小时"),
        (135, "还剩2小时15分"),
        (24 * 60, "还剩1天"),
        (51 * 60, "还剩2天3小时"),
        (-0.1, "超时不到1分钟"),
        (-90, "超时1小时30分"),
    ):
        assert left(START + timedelta(minutes=minutes), START) == words


@pytest.mark.parametrize("spot", [None, Spot(0, -5, "DEMO-1-2"), Spot(2, 10**17, "a.b")])
def test_what_is_asked_survives_the_address(office: Office, spot: Spot | None) -> None:
    from urllib.parse import parse_qsl

    sight = Sight("x", departments=frozenset({"ZF"}))
    asked = Asked("department", "signed", "SZ", "DEMO-1", "路灯 & 3栋", spot)
    query = asked.query(after=spot).removeprefix("?")
    assert asked_of(dict(parse_qsl(query)), sight, office.rules.taxonomy) == asked
