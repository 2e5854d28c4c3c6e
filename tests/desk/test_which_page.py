"""您说的是哪一件: the tap on the page 今天."""

from __future__ import annotations

from datetime import timedelta

from office import GROUP, START, Office

from intake.cases import Case, Held
from intake.facts import Changes
from intake.lifecycle import State


async def waiting(office: Office, *cases: Case, person: str = "web:demo-chen") -> Held:
    ids = tuple(case.id for case in cases)
    said_at, until = START - timedelta(hours=1), START + timedelta(hours=23)
    held = Held("k3fab9", person, "DEMO-1", GROUP, "88", "修好了", (), ids, said_at, until)
    await office.store.write(
        lambda tx: tx.desk.save(Changes(held={held.key: held}), [], office.now)
    )
    return held


async def two_lamps(office: Office) -> tuple[Case, Case]:
    earlier = START - timedelta(hours=5)
    one = await office.case(opened_at=earlier, place="3栋楼下")
    return one, await office.case(opened_at=earlier, place="9栋楼下")


async def state(office: Office, case: Case) -> Case:
    return (await office.store.read(lambda tx: tx.cases.many([case.id])))[case.id]


async def test_one_tap_on_the_page_of_today(office: Office) -> None:
    one, other = await two_lamps(office)
    held = await waiting(office, one, other)
    chen = await office.sits("chen")
    _, page = await chen.get("/desk/today")
    assert "您说的是哪一件？" in page
    assert "修好了" in page
    status, page = await chen.post(f"/desk/which/{held.key}", case=one.id)
    assert status == 200
    assert "记上了" in page
    assert "您说的是哪一件？" not in page
    done = await state(office, one)
    assert done.state is State.TO_RATE
    assert done.done_at == held.at
    assert (await state(office, other)).state is State.DISPATCHED
    status, page = await chen.post(f"/desk/which/{held.key}", case=other.id)
    assert status == 409
    assert "已经记好了" in page
    assert await chen.landed(f"/desk/which/{held.key}") == "/desk/today"


async def test_none_of_them_is_an_answer(office: Office) -> None:
    one, other = await two_lamps(office)
    held = await waiting(office, one, other)
    chen = await office.sits("chen")
    _, page = await chen.post(f"/desk/which/{held.key}", case="none")
    assert "不记到哪件上" in page
    assert (await state(office, one)).state is State.DISPATCHED


async def test_anothers_words_are_not_shown_and_not_answered(office: Office) -> None:
    one, other = await two_lamps(office)
    held = await waiting(office, one, other, person="web:demo-wu")
    chen = await office.sits("chen")
    _, page = await chen.get("/desk/today")
    assert "您说的是哪一件？" not in page
    status, _ = await chen.post(f"/desk/which/{held.key}", case=one.id)
    assert status == 409


async def test_a_case_that_was_not_asked_about(office: Office) -> None:
    one, other = await two_lamps(office)
    third = await office.case()
    held = await waiting(office, one, other)
    chen = await office.sits("chen")
    for odd in (third.id, "DEMO-9-9", "", "x" * 5000):
        status, _ = await chen.post(f"/desk/which/{held.key}", case=odd)
        assert status == 409
    assert (await state(office, third)).state is State.DISPATCHED


async def test_what_lapsed_is_not_shown(office: Office) -> None:
    held = await waiting(office, *await two_lamps(office))
    chen = await office.sits("chen")
    office.later(hours=24)
    _, page = await chen.get("/desk/today")
    assert held.text not in page
