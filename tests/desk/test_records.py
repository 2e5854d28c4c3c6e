"""The record of looks and changes, for auditors."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from office import Office
from test_town import other_district

from intake.people import Grant, Role
from storage.records import Look

CHEN, SUN, AUDITOR = "web:demo-chen", "web:demo-sun", "web:demo-auditor"


async def noted(office: Office, *some: Look) -> None:
    await office.store.write(lambda tx: tx.audit.add(list(some)))


def body(page: str) -> str:
    return page.partition("<table")[2].partition("</table>")[0]


async def sheet_of(office: Office, page: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(page.removeprefix("\ufeff"))))


async def test_who_did_what_newest_first(office: Office) -> None:
    case = await office.case("MZ11", said="家里的事<b>不能说")
    await noted(
        office,
        Look(case.id, CHEN, "look", None, office.now),
        Look(case.id, SUN, "take", None, office.now + timedelta(minutes=1)),
        Look("DEMO-1", CHEN, "add place", "<i>老榕树", office.now),
        Look("*", "cli", "add word", "穗康码", office.now),
        Look("model 3", "system", "promote", None, office.now),
        Look(case.id, "web:gone", "look", None, office.now - timedelta(days=400)),
    )
    auditor = await office.sits("auditor")
    status, page = await auditor.get("/desk/records")
    assert status == 200
    table = body(page)
    for shown in ("2026-11-24 10:00:00", case.id, "小陈", "网格员", "看过", "接手", "加地名"):
        assert shown in table
    for shown in ("命令行", "全部网格", "模型 3", "换上模型", "已不在册", "2025-10-20"):
        assert shown in table
    assert table.index("孙姐") < table.index("小陈")
    assert "&lt;i&gt;老榕树" in table
    assert "不能说" not in page, "nothing of a case but its number"


async def test_filters_by_case_person_and_days(office: Office) -> None:
    one, two = await office.case("MZ11"), await office.case("MZ11", "DEMO-2")
    before = office.now - timedelta(days=2)
    await noted(
        office,
        Look(one.id, CHEN, "look", None, office.now),
        Look(two.id, SUN, "look", None, before),
    )
    auditor = await office.sits("auditor")

    async def shown(**query: str) -> tuple[bool, bool]:
        status, page = await auditor.get("/desk/records", **query)
        assert status == 200
        return one.id in body(page), two.id in body(page)

    assert await shown() == (True, True)
    assert await shown(about=one.id) == (True, False)
    assert await shown(about="DEMO-2") == (False, True)
    assert await shown(about=f" {one.id} ") == (True, False)
    assert await shown(name="陈") == (True, False)
    assert await shown(name="%") == (False, False)
    assert await shown(name="' OR 1=1 --") == (False, False)
    assert await shown(**{"from": "2026-11-24"}) == (True, False)
    assert await shown(to="2026-11-23") == (False, True)
    assert await shown(**{"from": "2026-11-22", "to": "2026-11-22"}) == (False, True)


async def test_a_day_that_is_none_is_told_and_kept(office: Office) -> None:
    auditor = await office.sits("auditor")
    for day in ("morgen", "2026-13-01", "0001-01-01", "<b>", "9999-12-31"):
        query = {"to": day, "name": "小<陈"}
        status, page = await auditor.get("/desk/records", **query)
        assert (status, "不是日期" in page, "小&lt;陈" in page) == (400, True, True), day
        status, page = await auditor.post("/desk/records/export", **query)
        assert (status, "不是日期" in page) == (400, True), day


async def test_days_in_the_wrong_order_are_told(office: Office) -> None:
    auditor = await office.sits("auditor")
    status, page = await auditor.get("/desk/records", **{"from": "2026-11-24", "to": "2026-11-01"})
    assert (status, "在结束日期后面" in page) == (400, True)


async def test_pages_follow_each_other_without_gaps(office: Office) -> None:
    case = await office.case("MZ11")
    await noted(office, *(Look(case.id, CHEN, "look", f"n{n:03}", office.now) for n in range(120)))
    auditor = await office.sits("auditor")
    found: list[str] = []
    path = "/desk/records?name=%E9%99%88"
    for _ in range(3):
        _, page = await auditor.get(path)
        found += re.findall(r"n\d\d\d", body(page))
        older = re.search(r'href="(\?[^"]+)" rel="next"', page)
        path = "/desk/records" + older[1].replace("&amp;", "&") if older else ""
    assert found == [f"n{n:03}" for n in reversed(range(120))]
    assert path == ""


async def test_a_page_that_nobody_made_is_the_first(office: Office) -> None:
    auditor = await office.sits("auditor")
    await noted(office, Look("DEMO-1", CHEN, "duty", None, office.now))
    for before in ("x", "1-x", "-", "9" * 36 + "-1", "9" * 19 + "-1", "²-²", "1-" + "9" * 30):
        status, page = await auditor.get("/desk/records", before=before)
        assert (status, "小陈" in body(page)) == (200, True), before


async def test_an_auditor_sees_only_their_own_scopes(office: Office) -> None:
    await other_district(office)

    def work(tx) -> None:  # type: ignore[no-untyped-def]
        tx.people.revoke(AUDITOR, Grant(Role.AUDITOR, "DEMO-D"))
        tx.people.grant(AUDITOR, Grant(Role.AUDITOR, "DEMO-2"), "system", office.now)

    await office.store.write(work)
    mine, other = await office.case("MZ11", "DEMO-2"), await office.case("MZ11", "DEMO-1")
    far = await office.case("MZ11", "X-1")
    await noted(
        office,
        *(
            Look(case, CHEN, "look", None, office.now)
            for case in (mine.id, other.id, far.id, "DEMO-2", "DEMO-1", "DEMO-D", "*", "model 1")
        ),
    )
    auditor = await office.sits("auditor")
    _, page = await auditor.get("/desk/records")
    assert re.findall(r"<tr role", body(page)) == ["<tr role"] * 3
    for hidden in (other.id, far.id, "DEMO-1", "DEMO-D", "全部网格", "模型"):
        assert hidden not in body(page)
    for about in (other.id, far.id, "DEMO-1", "*"):
        _, page = await auditor.get("/desk/records", about=about)
        assert "没有符合的记录" in page
    _, text = await auditor.post("/desk/records/export")
    assert {row[1] for row in (await sheet_of(office, text))[1:]} == {
        mine.id,
        "桥头社区第2网格（DEMO-2）",
    }


async def test_taking_the_record_away_is_on_record_and_safe(office: Office) -> None:
    case = await office.case("MZ11")
    evil = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", '"=1')
    await noted(office, *(Look(case.id, CHEN, "look", why, office.now) for why in evil))
    auditor = await office.sits("auditor")
    status, text = await auditor.post("/desk/records/export", name="陈")
    assert status == 200
    rows = await sheet_of(office, text)
    assert len(rows) == 1 + len(evil)
    for row in rows:
        for cell in row:
            assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "＝"))
    assert {row[5] for row in rows[1:]} == {f"'{why}" for why in evil[:-1]} | {evil[-1]}
    (look, *_) = await office.store.read(lambda tx: tx.audit.by_person(AUDITOR, office.now))
    assert (look.case, look.what, look.why) == ("DEMO-D", "export", "下载 8 条，姓名：陈")


async def test_too_much_for_one_file_is_told(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.desk.records.MOST", 2)
    await noted(office, *(Look("DEMO-1", CHEN, "duty", None, office.now) for _ in range(3)))
    auditor = await office.sits("auditor")
    status, page = await auditor.post("/desk/records/export")
    assert (status, "超过 2 条" in page) == (400, True)
    assert not await office.store.read(lambda tx: tx.audit.by_person(AUDITOR, office.now))
