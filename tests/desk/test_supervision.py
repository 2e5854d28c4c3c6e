"""督办: somebody above follows a case, hears every report, and hears when there is none."""

from __future__ import annotations

from typing import Any

import pytest
from office import Office, Visitor, press, stored

from bot.deciding import fire_timers
from bot.dispatch import Surroundings
from intake.cases import Case, TimerKind
from intake.lifecycle import State
from storage.case_search import Wanted
from storage.cases import CaseFilter

WHY = "反映三次了，请到现场看过再回话"
THURSDAY = "2026-11-26"


async def supervises(who: Visitor, case: Case, **form: str) -> tuple[int, str]:
    return await press(who, case, "supervise", **({"day": THURSDAY, "words": WHY} | form))


async def working(office: Office, **more: Any) -> Case:
    fields = {"state": State.WORKING, "taken_by": "web:demo-wu", "responded_at": office.now}
    return await office.case(**(fields | more))


async def told(office: Office, case: Case) -> list[tuple[str, str]]:
    fates = await office.store.read(lambda tx: tx.outbox.of_case(case.id))
    return [(str(fate.post.chat), fate.post.text) for fate in fates]


async def strikes(office: Office, case: Case, kind: TimerKind) -> None:
    around = Surroundings({}, office.rules.zone)
    timers = await office.store.read(lambda tx: tx.timers.of_subject(case.id))
    due = [timer for timer in timers if timer.kind is kind and timer.due <= office.now]
    for _ in range(2):
        await office.store.write(lambda tx: fire_timers(tx, office.rules, around, office.now, due))


async def test_the_street_supervises_and_those_at_work_hear_at_once(office: Office) -> None:
    street, case = await office.sits("street"), await working(office)
    status, page = await supervises(street, case)
    assert (status, "列入督办了" in page, f"督办：{WHY}。11月26日前要报进展" in page) == (
        200,
        True,
        True,
    )
    hears = [chat for chat, text in await told(office, case) if text.startswith("【督办】")]
    assert len(hears) >= 2, "the staff room and the handler"
    assert all(WHY not in text for chat, text in await told(office, case) if chat == "web:DEMO-1")
    _, queue = await street.get("/desk/cases")
    assert '<span class="tag red">督办</span>' in queue
    now = await stored(office, case)
    timers = await office.store.read(lambda tx: tx.timers.of_subject(case.id))
    assert [t.due for t in timers if t.kind is TimerKind.SUPERVISION] == [now.supervised_until]
    chen = await office.sits("chen")
    _, today = await chen.get("/desk/today")
    assert "督办：按日子报进展" in today


async def test_it_floats_up_in_the_queue_below_dangers(office: Office) -> None:
    street = await office.sits("street")
    soon, watched = (
        await working(office),
        await working(office, resolve_due=office.now.replace(year=2027)),
    )
    await supervises(street, watched)
    danger = await office.case(emergency="E01")
    wanted = Wanted(CaseFilter(open_only=True))
    queue = await office.store.read(lambda tx: tx.case_search.page(wanted, 9))
    assert [case.id for case in queue] == [danger.id, watched.id, soon.id]


async def test_a_report_goes_to_whoever_supervises_and_the_next_is_owed(office: Office) -> None:
    street, wu, case = await office.sits("street"), await office.sits("wu"), await working(office)
    await supervises(street, case)
    await press(wu, case, "report", words="到现场看过了，线路老化，明天换线")
    alone = [
        text for chat, text in await told(office, case) if "【督办】" in text and "老吴" in text
    ]
    assert len(alone) == 1
    assert "明天换线" in alone[0]
    before, now = case, await stored(office, case)
    assert now.supervised_until is not None
    assert now.supervised_until > office.now
    assert before.supervised_until is None


async def test_without_a_report_the_supervisor_and_the_district_are_told(office: Office) -> None:
    street, case = await office.sits("street"), await working(office)
    await supervises(street, case)
    office.later(days=2, hours=9)
    await strikes(office, case, TimerKind.SUPERVISION)
    texts = [text for _, text in await told(office, case)]
    assert len([text for text in texts if "督办到期没报" in text]) == 1
    assert len([text for text in texts if text.startswith("【升级】")]) == 1
    assert any("该报进展了" in text for text in texts)
    street = await office.sits("street")
    _, page = await street.get(f"/desk/case/{case.id}")
    assert "督办回报时限过了，报给区中心" in page
    timers = await office.store.read(lambda tx: tx.timers.of_subject(case.id))
    (again,) = [t.due for t in timers if t.kind is TimerKind.SUPERVISION]
    assert again > office.now


async def test_only_street_and_district_supervise_and_lift(office: Office) -> None:
    case = await working(office)
    for name in ("chen", "sun", "wu"):
        who = await office.sits(name)
        _, page = await who.get(f"/desk/case/{case.id}")
        assert 'id="act-supervise"' not in page
        assert (await supervises(who, case))[0] == 403
    district, street = await office.sits("district"), await office.sits("street")
    assert (await supervises(district, case))[0] == 200
    assert (await press(street, case, "lift"))[0] == 403, (
        "what the district watches it lifts itself"
    )
    assert (await press(district, case, "lift"))[0] == 200
    now = await stored(office, case)
    assert (now.is_supervised, now.supervised_by, now.supervised_why) == (False, None, None)
    timers = await office.store.read(lambda tx: tx.timers.of_subject(case.id))
    assert not [t for t in timers if t.kind is TimerKind.SUPERVISION]
    assert (await press(district, case, "lift"))[0] == 409


@pytest.mark.parametrize(
    "form", [{"day": ""}, {"day": "2026-11-20"}, {"day": "2027-02-01"}, {"words": " "}]
)
async def test_a_supervision_has_a_day_and_words(office: Office, form: dict[str, str]) -> None:
    street, case = await office.sits("street"), await working(office)
    status, page = await supervises(street, case, **form)
    assert status == 400
    assert "请选一个日子" in page or "请写一句督办什么" in page
    assert not (await stored(office, case)).is_supervised


async def test_a_filter_of_its_own_shows_all_that_is_supervised(office: Office) -> None:
    street, chen = await office.sits("street"), await office.sits("chen")
    first, other = await working(office), await working(office, grid="DEMO-2")
    plain = await working(office)
    for case in (first, other):
        await supervises(street, case)
    _, page = await street.get("/desk/cases")
    assert 'href="/desk/cases?scope=watched">督办的' in page
    _, page = await street.get("/desk/cases", scope="watched")
    assert all(f"/desk/case/{case.id}" in page for case in (first, other))
    assert f"/desk/case/{plain.id}" not in page
    assert "在办 2 件" in page
    await press(street, await stored(office, first), "lift", words="已经办妥")
    assert not (await stored(office, first)).is_supervised
    _, page = await street.get("/desk/cases", scope="watched", grid="DEMO-2")
    assert f"/desk/case/{other.id}" in page
    _, page = await street.get("/desk/cases", scope="watched", grid="DEMO-1")
    assert f"/desk/case/{first.id}" not in page
    _, page = await chen.get("/desk/cases")
    assert "督办的" not in page, "who supervises nothing has no such filter"
