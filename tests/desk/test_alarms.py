"""The red bar: a danger that nobody has answered is seen wherever at the desk somebody is."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from office import Office
from statements import statements

from intake.alarming import alert_next
from intake.cases import Case
from intake.desk import Desk
from intake.facts import Wants
from intake.grids import DutyEntry
from intake.lifecycle import State
from intake.taxonomy import Level, Visibility
from storage.tx import Tx

LIFT: dict[str, Any] = {
    "emergency": "E09",
    "level": Level.A,
    "alert": 1,
    "place": "7栋2单元",
    "said": "电梯困人了",
}
WORDS = "险情没人接：电梯困人 7栋2单元"


def bar(page: str) -> str:
    found = re.search(r'<section class="alarms" role="alert">.*?</section>', page, re.DOTALL)
    return found.group() if found else ""


async def test_every_page_says_that_nobody_answers_and_one_press_takes_it(office: Office) -> None:
    lift = await office.case("WY01", **LIFT)
    for name in ("chen", "sun", "street"):
        visitor = await office.sits(name)
        for path in ("/desk/cases", "/desk/review", "/desk/cover", "/desk/me"):
            assert WORDS in bar((await visitor.get(path))[1]), (name, path)
    sun = await office.sits("sun")
    shown = bar((await sun.get("/desk/review"))[1])
    assert f'href="/desk/case/{lift.id}"' in shown
    (action,) = re.findall(r'action="([^"]+)"', shown)
    (version,) = re.findall(r'name="version" value="(\d+)"', shown)
    _, page = await sun.post(action, version=version)
    assert "警情由您处理" in page
    chen = await office.sits("chen")
    for visitor in (sun, chen):
        assert bar((await visitor.get("/desk/review"))[1]) == ""


@pytest.mark.parametrize("name", ["wu", "auditor", "admin", "property"])
async def test_who_may_not_answer_sees_no_bar(office: Office, name: str) -> None:
    await office.case("WY01", **LIFT)
    visitor = await office.sits(name)
    assert bar((await visitor.get("/desk/me"))[1]) == ""


@pytest.mark.parametrize(
    "more",
    [
        {"emergency": None},
        {"alert": 0},
        {"taken_by": "web:demo-sun", "state": State.SIGNED},
        {"state": State.WITHDRAWN},
    ],
    ids=["no danger", "nobody was called", "somebody has it", "it is over"],
)
async def test_nothing_waits_for_an_answer(office: Office, more: dict[str, Any]) -> None:
    await office.case("WY01", **(LIFT | more))
    chen = await office.sits("chen")
    assert bar((await chen.get("/desk/today"))[1]) == ""


@pytest.mark.parametrize(
    "more",
    [{"visibility": Visibility.PRIVATE}, {"emergency": "E05", "said": "正在打人"}],
    ids=["private", "a secret class"],
)
async def test_of_what_is_private_only_the_number(office: Office, more: dict[str, Any]) -> None:
    case = await office.case("WY01", **(LIFT | more))
    chen = await office.sits("chen")
    shown = bar((await chen.get("/desk/today"))[1])
    assert f"险情没人接：{case.id}" in shown
    for word in ("电梯", "家庭暴力", "7栋", "打人"):
        assert word not in shown


async def test_it_costs_nothing_more_however_much_is_open(office: Office) -> None:
    chen = await office.sits("chen")
    counts = []
    await chen.get("/desk/me")  # from here on only what changed is read
    for many in (1, 30):
        for _ in range(many):
            await office.case("WY01", **LIFT)
        await chen.get("/desk/me")
        with statements() as seen:
            _, page = await chen.get("/desk/me")
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert "还有 26 件险情没人接" in bar(page)


async def test_an_open_page_hears_of_it_and_gets_the_bar(office: Office) -> None:
    chen = await office.sits("chen")
    _, page = await chen.get("/desk/cases")
    news = re.findall(r'data-news="([^"]+)"', page)[0].replace("&amp;", "&")
    assert "alarms" not in json.loads((await chen.get(news))[1])
    case = await office.case("WY01", **LIFT)
    assert json.loads((await chen.get(news))[1])["alarms"] == f"{case.id}.1"
    _, shown = await chen.get("/desk/alarms")
    assert WORDS in bar(shown)
    assert "<html" not in shown
    wu = await office.sits("wu")
    assert "alarms" not in json.loads((await wu.get(news))[1])


async def test_each_call_stands_in_the_timeline(office: Office) -> None:
    case = await office.case("WY01", **(LIFT | {"alert": 0}))
    for person in ("web:demo-chen", "web:demo-sun", "web:demo-wang"):
        await called(office, case, person)
    chen = await office.sits("chen")
    _, page = await chen.get(f"/desk/case/{case.id}")
    assert "找小陈，没应" in page
    assert "找孙姐，没应" in page
    assert "找报事人" in page, "who is not staff stands there without a name"
    assert "web:demo-sun" not in page


async def called(office: Office, case: Case, person: str) -> None:
    def work(tx: Tx) -> None:
        wants = Wants(cases=frozenset({case.id}), grids=frozenset({case.grid}))
        desk = Desk(office.rules, tx.desk.load(wants, office.now), office.now)
        desk.begin("test", office.now)
        grid = desk.grid(case.grid)
        duty = (DutyEntry(1, person),)
        desk.facts.grids[case.grid] = replace(grid, duty=duty)
        alert_next(desk, desk.facts.cases[case.id])
        tx.desk.save(desk.changes, [], office.now)

    await office.store.write(work)


async def test_every_page_hears_of_a_danger_while_it_is_open(office: Office) -> None:
    sun = await office.sits("sun")
    _, page = await sun.get("/desk/cases")
    menu = re.findall(r'<a href="(/desk/[a-z]+)"', page.split("</nav>")[0])
    assert len(menu) > 5
    for path in (*menu, "/desk/me"):
        _, page = await sun.get(path)
        assert page.count("/fresh.js") == 1, path
    assert json.loads((await sun.get("/desk/news"))[1]) == {"new": 0, "changed": False}
    lift = await office.case("WY01", **LIFT)
    for name, mark in (("sun", f"{lift.id}.1"), ("wu", None), ("auditor", None)):
        visitor = await office.sits(name)
        assert json.loads((await visitor.get("/desk/news"))[1]).get("alarms") == mark, name
