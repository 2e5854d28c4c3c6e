"""延期: who works on it asks, somebody above decides, the neighbour hears."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from office import Office, posts, press, stored

from intake.cases import Case, TimerKind
from intake.lifecycle import State
from intake.taxonomy import Level, Visibility

WHY = "灯杆要从外地调，到货就装"
FRIDAY = "2026-12-04"  # the limit is Friday 2026-11-27; ten working days go to 2026-12-11


async def working(office: Office, **more: Any) -> Case:
    return await office.case(state=State.WORKING, taken_by="web:demo-wu", **more)


async def test_wu_asks_sun_says_yes_and_the_group_hears_why(office: Office) -> None:
    wu, sun, case = await office.sits("wu"), await office.sits("sun"), await working(office)
    status, page = await press(wu, case, "ask-time", day=FRIDAY, words=WHY)
    assert (status, "申请交上去了" in page, "同意延期</button>" in page) == (200, True, False)
    assert (await stored(office, case)).resolve_due == case.resolve_due, "asked is not given"
    assert any("申请延期" in text and WHY in text for text in await posts(office, case, "staff"))
    _, page = await sun.get(f"/desk/case/{case.id}")
    assert re.search(f"申请延到.*{WHY}", page)
    status, page = await press(sun, case, "extend")
    now = await stored(office, case)
    assert (status, now.extensions, now.asked_until) == (200, 1, None)
    assert now.resolve_due is not None
    assert now.resolve_due.astimezone(office.rules.zone).isoformat() == "2026-12-04T18:00:00+08:00"
    timers = await office.store.read(lambda tx: tx.timers.of_subject(case.id))
    assert [t.due for t in timers if t.kind is TimerKind.RESOLVE_DUE] == [now.resolve_due]
    (told,) = await posts(office, case, "group")
    assert told.startswith(f"{case.id} 要多等几天：{WHY}。新时间 12月4日")
    assert "老吴" not in told
    status, _ = await press(sun, case, "extend")
    assert (status, (await stored(office, case)).extensions) == (409, 1), "twice does nothing"


async def test_no_means_that_the_limit_stays(office: Office) -> None:
    wu, sun, case = await office.sits("wu"), await office.sits("sun"), await working(office)
    await press(wu, case, "ask-time", day=FRIDAY, words=WHY)
    status, page = await press(sun, case, "decline", words=" ")
    assert (status, "请写一句为什么" in page) == (400, True)
    status, page = await press(sun, case, "decline", words="附近仓库有货，今天就能换")
    now = await stored(office, case)
    assert (status, now.resolve_due, now.extensions) == (200, case.resolve_due, 0)
    assert "附近仓库有货" in page
    assert await posts(office, case, "group") == []
    assert (await press(wu, case, "ask-time", day=FRIDAY, words="还是没有货"))[0] == 200


@pytest.mark.parametrize(
    "day", ["", "明天", "2026-11-20", "2026-11-27", "2027-03-01", "2026-02-31"]
)
async def test_a_wrong_day_is_said_and_the_words_stay(office: Office, day: str) -> None:
    wu, case = (
        await office.sits("wu"),
        await working(office, resolve_due=office.now + timedelta(days=3, hours=8)),
    )
    status, page = await press(wu, case, "ask-time", day=day, words=WHY)
    assert (status, "最晚到" in page, WHY in page) == (400, True, True)
    assert (await stored(office, case)).asked_until is None


@pytest.mark.parametrize(
    "more",
    [{"level": Level.A}, {"emergency": "E01"}, {"extensions": 2}],
    ids=["level A", "danger", "twice already"],
)
async def test_what_cannot_wait_is_not_put_off(office: Office, more: dict[str, Any]) -> None:
    wu, case = await office.sits("wu"), await working(office, **more)
    _, page = await wu.get(f"/desk/case/{case.id}")
    assert 'id="act-ask-time"' not in page
    assert (await press(wu, case, "ask-time", day=FRIDAY, words=WHY))[0] == 409


async def test_nobody_grants_themselves_more_time(office: Office) -> None:
    street, case = await office.sits("street"), await working(office)
    await press(street, case, "ask-time", day=FRIDAY, words=WHY)
    assert (await press(street, case, "extend"))[0] == 403
    chen = await office.sits("chen")
    assert (await press(chen, case, "extend"))[0] == 403, "nor does a colleague"
    district = await office.sits("district")
    assert (await press(district, case, "extend"))[0] == 200


async def test_a_day_that_is_over_is_promised_to_nobody(office: Office) -> None:
    wu, case = await office.sits("wu"), await working(office)
    await press(wu, case, "ask-time", day=FRIDAY, words=WHY)
    office.later(days=20)
    sun = await office.sits("sun")
    assert (await press(sun, case, "extend"))[0] == 409
    assert (await stored(office, case)).resolve_due == case.resolve_due
    assert (await press(sun, case, "decline", words="日子过了，请重新申请"))[0] == 200


async def test_handed_back_the_question_is_gone(office: Office) -> None:
    wu, sun, case = await office.sits("wu"), await office.sits("sun"), await working(office)
    await press(wu, case, "ask-time", day=FRIDAY, words=WHY)
    await press(wu, case, "hand-back", choice="2", place="环卫所")
    assert (await stored(office, case)).asked_until is None
    assert (await press(sun, case, "extend"))[0] == 409


@pytest.mark.parametrize("visibility", [Visibility.MASKED, Visibility.PRIVATE])
async def test_what_is_not_for_the_group_is_not_told_there(
    office: Office, visibility: Visibility
) -> None:
    wu, sun = await office.sits("wu"), await office.sits("sun")
    case = await working(office, visibility=visibility)
    await press(wu, case, "ask-time", day=FRIDAY, words=WHY)
    assert (await press(sun, case, "extend"))[0] == 200
    assert all(WHY not in text for text in await posts(office, case, "group"))


async def test_what_stands_above_shows_in_the_queue_and_on_the_page(office: Office) -> None:
    climbed = ("resolve_due.handler", "resolve_due.supervisor", "resolve_due.street")
    case = await working(office, responded_at=office.now, climbed=climbed)
    sun = await office.sits("sun")
    for page in ("/desk/cases", f"/desk/case/{case.id}"):
        assert "已报街道中心" in (await sun.get(page))[1]
