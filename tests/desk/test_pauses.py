"""暂停计时: why it waits and until when; what is left of the limit afterwards; who may say so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from office import Office, Visitor, posts, press, stored

from bot.deciding import fire_timers
from bot.dispatch import Surroundings
from intake.cases import Case, TimerKind
from intake.lifecycle import State
from intake.taxonomy import Level, Visibility

WHY = "灯杆厂家周五到货，到了就装"
TODAY, THURSDAY, FRIDAY, LATE = "2026-11-24", "2026-11-26", "2026-11-27", "2026-12-04"


async def pauses(who: Visitor, case: Case, **form: str) -> tuple[int, str]:
    return await press(
        who, case, "pause", **({"choice": "parts", "day": THURSDAY, "words": WHY} | form)
    )


async def working(office: Office, **more: Any) -> Case:
    fields = {"state": State.WORKING, "taken_by": "web:demo-wu", "responded_at": office.now}
    return await office.case(**(fields | more))


async def strikes(office: Office, case: Case, kind: TimerKind) -> None:
    """The clocks of this kind go off, twice."""
    around = Surroundings({}, office.rules.zone)
    timers = await office.store.read(lambda tx: tx.timers.of_subject(case.id))
    due = [timer for timer in timers if timer.kind is kind and timer.due <= office.now]
    for _ in range(2):
        await office.store.write(lambda tx: fire_timers(tx, office.rules, around, office.now, due))


def local(office: Office, moment: datetime | None) -> str:
    assert moment is not None
    return moment.astimezone(office.rules.zone).strftime("%m-%d %H:%M")


async def test_wu_waits_for_parts_and_the_group_hears_why_and_until_when(office: Office) -> None:
    wu, case = await office.sits("wu"), await working(office)
    status, page = await pauses(wu, case)
    assert (status, "计时停着：等配件、材料，最晚到11月26日" in page) == (200, True)
    now = await stored(office, case)
    assert (local(office, case.resolve_due), local(office, now.resolve_due)) == (
        "11-27 10:00",
        "11-29 18:00",
    )
    (told,) = await posts(office, case, "group")
    assert told.startswith(f"{case.id} 先等一等：在等配件、材料，{WHY}。最晚等到后天，到时接着办")
    assert "老吴" not in told
    _, page = await wu.get("/desk/cases")
    assert "等配件、材料</span>" in page
    assert (await pauses(wu, case))[0] == 409, "twice does nothing"
    office.later(days=2, hours=8)  # Thursday 18:00
    await strikes(office, case, TimerKind.PAUSE)
    now = await stored(office, case)
    assert (now.is_paused, now.pauses, now.paused_seconds) == (False, 1, 56 * 3600)
    assert local(office, now.resolve_due) == "11-29 18:00"
    timers = await office.store.read(lambda tx: tx.timers.of_subject(case.id))
    assert [t.due for t in timers if t.kind is TimerKind.RESOLVE_DUE] == [now.resolve_due]
    _, page = await (await office.sits("wu")).get(f"/desk/case/{case.id}")
    assert "暂停过 1 次，2 天 8 小时" in page
    assert len(await posts(office, case, "group")) == 1, "told once"


async def test_it_comes_earlier_and_only_what_it_stood_is_given(office: Office) -> None:
    wu, case = await office.sits("wu"), await working(office)
    await pauses(wu, case)
    office.later(hours=5)
    status, page = await press(wu, case, "resume")
    assert (status, "接着计时了" in page) == (200, True)
    assert local(office, (await stored(office, case)).resolve_due) == "11-27 15:00"
    assert (await press(wu, case, "resume"))[0] == 409
    office.later(days=5)
    await strikes(office, case, TimerKind.PAUSE)
    assert (await stored(office, case)).paused_seconds == 5 * 3600


async def test_done_while_it_stands_is_in_time_by_the_moved_limit(office: Office) -> None:
    wu, case = await office.sits("wu"), await working(office)
    await pauses(wu, case)
    office.later(days=1)
    wu = await office.sits("wu")
    await press(wu, case, "finish", words="换了灯杆，试过亮了")
    now = await stored(office, case)
    assert (now.state, now.is_paused) == (State.TO_RATE, False)
    assert local(office, now.resolve_due) == "11-28 10:00"
    timers = await office.store.read(lambda tx: tx.timers.of_subject(case.id))
    assert not [t for t in timers if t.kind is TimerKind.RESOLVE_DUE]


async def test_handed_back_it_runs_again(office: Office) -> None:
    wu, case = await office.sits("wu"), await working(office)
    await pauses(wu, case)
    office.later(hours=1)
    await press(wu, case, "hand-back", choice="2", place="环卫所")
    now = await stored(office, case)
    assert (now.state, now.is_paused) == (State.TO_DISPATCH, False)
    assert local(office, now.resolve_due) == "11-27 11:00"
    timers = await office.store.read(lambda tx: tx.timers.of_subject(case.id))
    assert [t.due for t in timers if t.kind is TimerKind.RESOLVE_DUE] == [now.resolve_due]


@pytest.mark.parametrize(("pauses_before", "said"), [(0, {"day": LATE}), (1, {})])
async def test_longer_or_again_is_for_somebody_above(
    office: Office, pauses_before: int, said: dict[str, Any]
) -> None:
    wu, case = await office.sits("wu"), await working(office, pauses=pauses_before)
    _, page = await pauses(wu, case, **said)
    assert "老吴申请暂停计时到" in page
    now = await stored(office, case)
    assert (now.is_paused, now.resolve_due) == (False, case.resolve_due), "asked is not given"
    assert await posts(office, case, "group") == []
    assert (await press(wu, case, "allow-pause"))[0] == 403, "not by whoever asked"
    sun = await office.sits("sun")
    assert (await press(sun, case, "extend"))[0] == 409, "it is no extension"
    status, page = await press(sun, case, "allow-pause")
    assert (status, "计时停着" in page) == (200, True)
    assert len(await posts(office, case, "group")) == 1
    assert (await press(sun, case, "allow-pause"))[0] == 409


async def test_no_means_that_the_clock_runs_on(office: Office) -> None:
    wu, sun = await office.sits("wu"), await office.sits("sun")
    case = await working(office, pauses=1)
    await pauses(wu, case)
    assert (await press(sun, case, "refuse-pause", words=" "))[0] == 400
    status, page = await press(sun, case, "refuse-pause", words="仓库有货，今天就能换")
    now = await stored(office, case)
    assert (status, now.is_paused, now.asked_until) == (200, False, None)
    assert "仓库有货" in page


async def test_a_yes_that_comes_too_late_is_none(office: Office) -> None:
    wu, case = await office.sits("wu"), await working(office)
    await pauses(wu, case, day=LATE)
    office.later(days=4)  # the limit has passed meanwhile
    sun = await office.sits("sun")
    assert (await press(sun, case, "allow-pause"))[0] == 409
    assert (await press(sun, case, "refuse-pause", words="已经超期，请申请延期"))[0] == 200


@pytest.mark.parametrize("day", ["", "周五", "2026-11-23", "2026-12-25", "2026-02-31"])
async def test_a_wrong_day_is_said_and_what_was_typed_stays(office: Office, day: str) -> None:
    wu, case = await office.sits("wu"), await working(office)
    status, page = await pauses(wu, case, day=day)
    assert (status, "最晚到" in page, WHY in page) == (400, True, True)
    assert 'value="parts" required checked' in page
    assert not (await stored(office, case)).is_paused


@pytest.mark.parametrize("words", ["", "正在协调处理", "已转有关部门，尽快办理"])
async def test_empty_talk_stops_no_clock(office: Office, words: str) -> None:
    wu, case = await office.sits("wu"), await working(office)
    status, page = await pauses(wu, case, words=words)
    assert (status, "请写清在等什么" in page) == (400, True)
    assert (await pauses(wu, case, choice="因为忙"))[0] == 400
    assert not (await stored(office, case)).is_paused


@pytest.mark.parametrize(
    "more",
    [{"level": Level.A}, {"emergency": "E01"}, {"pauses": 3}, {"late": True}],
    ids=["level A", "danger", "three already", "late"],
)
async def test_what_cannot_wait_does_not(office: Office, more: dict[str, Any]) -> None:
    if more.pop("late", False):
        more["resolve_due"] = office.now
    wu, case = await office.sits("wu"), await working(office, **more)
    _, page = await wu.get(f"/desk/case/{case.id}")
    assert 'id="act-pause"' not in page
    assert (await pauses(wu, case))[0] == 409


@pytest.mark.parametrize("visibility", [Visibility.MASKED, Visibility.PRIVATE])
async def test_what_is_not_for_the_group_is_not_told_there(
    office: Office, visibility: Visibility
) -> None:
    wu, case = await office.sits("wu"), await working(office, visibility=visibility)
    assert (await pauses(wu, case))[0] == 200
    told = await posts(office, case, "group")
    assert all(WHY not in text and "配件" not in text for text in told)
    assert len(told) == (1 if visibility is Visibility.MASKED else 0)


async def test_somebody_above_lets_it_run_again_and_others_do_not(office: Office) -> None:
    wu, case = await office.sits("wu"), await working(office)
    await pauses(wu, case)
    sun = await office.sits("sun")
    assert (await press(sun, case, "resume"))[0] == 200
