"""小陈 leaves: what she had in hand goes on without her, and alarms do not wait for her."""

from __future__ import annotations

from datetime import timedelta

from office import Office, as_read

from intake.lifecycle import Action, State
from intake.people import Grant, Role
from storage.outbox import Outbox

CHEN, SUN = "web:demo-chen", "web:demo-sun"
REVOKE = "/desk/town/at/DEMO-C/revoke"


async def said(office: Office) -> list[tuple[str, str]]:
    def work(tx) -> list[tuple[str, str]]:  # type: ignore[no-untyped-def]
        fates = Outbox(tx.connection, tx.dialect).every()
        return [(str(fate.post.chat), fate.post.text) for fate in fates]

    return await office.store.read(work)


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
