"""小陈 leaves: what she had in hand goes on without her, and alarms do not wait for her."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from office import Office, as_read

from bot.deciding import fire_timers
from bot.dispatch import Surroundings
from intake.cases import Case
from intake.leaving import Leaving
from intake.lifecycle import Action, State
from intake.people import Grant, Role
from storage.outbox import Outbox
from storage.records import SentPost
from storage.tx import Tx

CHEN, SUN = "web:demo-chen", "web:demo-sun"
REVOKE = "/desk/town/at/DEMO-C/revoke"


async def fates(office: Office) -> list[SentPost]:
    return await office.store.read(lambda tx: Outbox(tx.connection, tx.dialect).every())


async def said(office: Office) -> list[tuple[str, str]]:
    return [(str(fate.post.chat), fate.post.text) for fate in await fates(office)]


async def stored(office: Office, case: Case) -> Case:
    found = await office.store.read(lambda tx: tx.cases.get(case.id))
    assert found is not None
    return found


async def leaves(office: Office) -> None:
    street = await office.sits("street")
    status, _ = await street.post(REVOKE, person=CHEN, role="grid_worker", note="调走了")
    assert status == 200


async def test_what_she_had_in_hand_goes_back_with_its_limits(office: Office) -> None:
    hers = {"state": State.WORKING, "taken_by": CHEN, "responded_at": office.now}
    until = office.now + timedelta(days=9)
    asked = {"asked_until": until, "asked_why": "等配件", "asked_by": CHEN}
    one = await office.case(**hers, **asked)
    two = await office.case(**hers)
    done = await office.case(**(hers | {"state": State.TO_RATE}))
    suns = await office.case(**(hers | {"taken_by": SUN}))
    await leaves(office)
    found = await office.store.read(lambda tx: tx.cases.many([one.id, two.id, done.id, suns.id]))
    for case in (found[one.id], found[two.id]):
        assert (case.state, case.taken_by) == (State.DISPATCHED, None)
        assert case.resolve_due == one.resolve_due
    assert found[one.id].asked_until is None
    assert found[done.id].state is State.TO_RATE
    assert found[suns.id].taken_by == SUN
    entries = await office.store.read(lambda tx: tx.cases.entries(one.id))
    assert (entries[-1].action, entries[-1].actor) == (Action.LEAVE, "web:demo-street")
    told = [(chat, text) for chat, text in await said(office) if "不在岗了" in text]
    assert len(told) == 2, "the grid's staff and the department, once for all of them"
    assert all(one.id in text and two.id in text for _, text in told)
    sun = await office.sits("sun")
    _, page = await sun.get(f"/desk/case/{one.id}")
    assert "离岗交回" in page
    assert "小陈" in as_read(page)


async def test_what_another_role_still_lets_her_do_stays_hers(office: Office) -> None:
    case = await office.case(state=State.WORKING, taken_by=CHEN)
    grant = Grant(Role.GRID_WORKER, "DEMO-1")
    await office.store.write(lambda tx: tx.people.grant(CHEN, grant, "system", office.now))
    await leaves(office)
    found = await office.store.read(lambda tx: tx.cases.get(case.id))
    assert found is not None
    assert found.taken_by == CHEN


async def test_an_alarm_that_waits_for_her_calls_the_next(office: Office) -> None:
    burning = await office.case(emergency="E01", level="A", alert=1, state=State.DISPATCHED)
    older = await office.case(emergency="E01", level="A", alert=2, state=State.DISPATCHED)
    held = await office.case(emergency="E01", level="A", alert=1, state=State.SIGNED, taken_by=CHEN)
    await leaves(office)
    called = await office.store.read(
        lambda tx: [
            [e.words for e in tx.cases.entries(case.id) if e.action is Action.CALL]
            for case in (burning, older, held)
        ]
    )
    assert called[0] == [SUN], "who comes after her on the list"
    assert called[1] == [], "that one waits for 孙姐 already"
    assert len(called[2]) == 1
    assert called[2] != [CHEN]


ASK = {"person": CHEN, "role": "grid_worker"}
MONDAY = "2026-11-30"


async def midnight(office: Office, day: datetime) -> None:
    """The clock goes on to the beginning of a day."""
    office.now = day.astimezone(UTC)
    around = Surroundings({}, office.rules.zone, (time(22), time(7)))

    def work(tx: Tx) -> None:
        fire_timers(tx, office.rules, around, office.now, tx.timers.due(office.now, 100))

    for _ in range(2):
        await office.store.write(work)


async def holds(office: Office, role: Role = Role.GRID_WORKER) -> bool:
    chen = await office.store.read(lambda tx: tx.people.get(CHEN))
    return chen is not None and any(grant.role is role for grant in chen.grants)


async def test_from_a_day_that_is_chosen(office: Office) -> None:
    case = await office.case(state=State.WORKING, taken_by=CHEN, responded_at=office.now)
    street, chen = await office.sits("street"), await office.sits("chen")
    status, page = await street.post(REVOKE, **ASK, day=MONDAY, note="调去别的社区")
    assert (status, "离岗的日子定好了" in page, "11月30日起离岗" in page) == (200, True, True)
    assert await holds(office)
    _, page = await chen.get("/desk/me")
    assert "11月30日起离岗" in page, "she sees it herself"
    assert (await stored(office, case)).taken_by == CHEN

    zone = office.rules.zone
    await midnight(office, datetime(2026, 11, 29, 23, 59, tzinfo=zone))
    assert await holds(office)
    await midnight(office, datetime(2026, 11, 30, 0, 0, tzinfo=zone))
    assert not await holds(office)
    left = await stored(office, case)
    assert (left.taken_by, left.state, left.resolve_due) == (
        None,
        State.DISPATCHED,
        case.resolve_due,
    )
    entries = await office.store.read(lambda tx: tx.cases.entries(case.id))
    assert (entries[-1].action, entries[-1].actor) == (Action.LEAVE, "web:demo-street")
    grid = await office.store.read(lambda tx: tx.grids.get("DEMO-1"))
    assert grid is not None
    assert CHEN not in {entry.person for entry in grid.duty}
    told = [fate for fate in await fates(office) if "不在岗了" in fate.post.text]
    assert len(told) == 2
    assert all(fate.post.not_before and fate.post.not_before > office.now for fate in told), (
        "nobody is woken by it"
    )
    records = await office.store.read(lambda tx: tx.audit.of_case("DEMO-C"))
    assert {"leave", "revoke"} <= {one.what for one in records}


async def test_it_can_be_taken_back_until_then(office: Office) -> None:
    street = await office.sits("street")
    await street.post(REVOKE, **ASK, day=MONDAY)
    _, page = await street.get(REVOKE, **ASK)
    assert "已经定了：11月30日起离岗。" in page
    status, page = await street.post(REVOKE, **ASK, do="stay")
    assert (status, "离岗取消了" in page, "起离岗" in page) == (200, True, False)
    await midnight(office, datetime(2026, 12, 2, 9, 0, tzinfo=office.rules.zone))
    assert await holds(office)


async def test_the_day_can_be_moved(office: Office) -> None:
    street = await office.sits("street")
    await street.post(REVOKE, **ASK, day=MONDAY)
    await street.post(REVOKE, **ASK, day="2026-12-02")
    zone = office.rules.zone
    await midnight(office, datetime(2026, 11, 30, 0, 0, tzinfo=zone))
    assert await holds(office)
    await midnight(office, datetime(2026, 12, 2, 0, 0, tzinfo=zone))
    assert not await holds(office)


async def test_a_day_that_is_over_or_none_is_refused_and_today_is_now(office: Office) -> None:
    street = await office.sits("street")
    for day in ("2026-11-01", "下周一", "2026-13-01"):
        status, page = await street.post(REVOKE, **ASK, day=day, note="调走了")
        assert (status, "这个日子不对" in page, "调走了" in page) == (400, True, True), day
        assert await holds(office)
    today = office.now.astimezone(office.rules.zone).date().isoformat()
    assert (await street.post(REVOKE, **ASK, day=today))[0] == 200
    assert not await holds(office)


async def test_who_is_appointed_anew_stays(office: Office) -> None:
    street = await office.sits("street")
    await street.post(REVOKE, **ASK, day=MONDAY)
    await leaves(office)
    grant = Grant(Role.GRID_WORKER, "DEMO-C")
    await office.store.write(lambda tx: tx.people.grant(CHEN, grant, "system", office.now))
    await midnight(office, datetime(2026, 11, 30, 0, 0, tzinfo=office.rules.zone))
    assert await holds(office)


async def test_only_who_may_take_the_role_chooses_the_day(office: Office) -> None:
    for name in ("sun", "wu"):
        status, _ = await (await office.sits(name)).post(REVOKE, **ASK, day=MONDAY)
        assert status in (403, 404), name
    found = await office.store.read(lambda tx: tx.leavings.of([CHEN]))
    assert found == []


async def test_a_day_goes_along_with_a_role_that_moves(office: Office) -> None:
    old, new = Grant(Role.GRID_WORKER, "DEMO-C"), Grant(Role.GRID_WORKER, "DEMO-2")
    at = office.now + timedelta(days=3)

    def work(tx: Tx) -> list[Leaving]:
        tx.leavings.choose(Leaving(CHEN, old, at, SUN, "调走了"))
        tx.people.grant(CHEN, new, SUN, office.now)
        tx.leavings.carry(CHEN, old, new)
        tx.people.revoke(CHEN, old)
        return tx.leavings.due(at)

    assert await office.store.write(work) == [Leaving(CHEN, new, at, SUN, "调走了")]
