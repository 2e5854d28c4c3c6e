"""退回来的: the pile of those who decide where it goes next."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from office import Office, Visitor
from sqlalchemy import event

from intake.cases import Case
from intake.grids import Grid
from intake.lifecycle import State
from intake.taxonomy import Level, Visibility


async def returned(office: Office, place: str = "环卫所", **more: Any) -> Case:
    """老吴 hands it back."""
    wu, case = await office.sits("wu"), await office.case(**more)
    status, _ = await wu.post(
        f"/desk/case/{case.id}/hand-back", version="1", choice="2", place=place
    )
    assert status == 200
    found = await office.store.read(lambda tx: tx.cases.get(case.id))
    assert found is not None
    return found


async def pile(who: Visitor) -> str:
    status, page = await who.get("/desk/returned")
    assert status == 200
    return page


def form_of(page: str, case: Case) -> dict[str, str]:
    form = re.search(
        rf'<form method="post" action="/desk/case/{case.id}/send">.*?</form>', page, re.S
    )
    assert form is not None
    return {
        name: unescape(value)
        for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form[0])
    }


@pytest.mark.parametrize("path", ["/desk/returned", "/desk/today"])
async def test_one_press_takes_the_proposal(office: Office, path: str) -> None:
    case, chen = await returned(office), await office.sits("chen")
    _, page = await chen.get(path)
    assert "老吴退的：权属不清，<b>建议派给环卫所</b>" in page
    assert "派给环卫所" in page
    assert f'href="/desk/case/{case.id}?act=send#act-send"' in page
    form = form_of(page, case)
    status, page = await chen.post(f"/desk/case/{case.id}/send", **form)
    assert (status, f"{case.id} 派出去了" in page) == (200, True)
    assert "建议派给" not in page, "it is gone from the pile"
    now = await office.store.read(lambda tx: tx.cases.get(case.id))
    assert now is not None
    assert (now.lead, now.state) == ("HW", State.DISPATCHED)
    status, page = await chen.post(f"/desk/case/{case.id}/send", **form)
    assert status == 409, "pressed twice it goes once"


async def test_words_are_no_place_and_are_decided_by_hand(office: Office) -> None:
    case, chen = await returned(office, "隔壁<b>物业"), await office.sits("chen")
    page = await pile(chen)
    assert "建议派给隔壁&lt;b&gt;物业" in page
    assert f'action="/desk/case/{case.id}/send"' not in page
    _, page = await chen.get(f"/desk/case/{case.id}", act="send")
    assert re.search(r'id="act-send" class="act" open', page)


async def test_the_queue_leads_there_and_says_how_many(office: Office) -> None:
    chen, sun, wu = [await office.sits(name) for name in ("chen", "sun", "wu")]
    assert "退回来的" not in (await chen.get("/desk/cases"))[1]
    await returned(office)
    await returned(office)
    for who in (chen, sun):
        assert '<a href="/desk/returned">退回来的 2</a>' in (await who.get("/desk/cases"))[1]
    assert "退回来的" not in (await wu.get("/desk/cases"))[1], "no department decides"


async def test_nothing_beyond_their_sight_and_no_word_of_what_is_private(office: Office) -> None:
    await office.store.write(lambda tx: tx.grids.add([Grid("X-1", "外网格", ("X-D", "X-1"))]))
    elsewhere = await returned(office, grid="X-1")
    secret = await returned(office, "找老王", visibility=Visibility.PRIVATE, said="他又打我")
    chen = await office.sits("chen")
    page = await pile(chen)
    assert elsewhere.id not in page
    assert secret.id in page
    for word in ("老王", "他又打我"):
        assert word not in page


async def test_what_came_back_twice_is_for_the_centre(office: Office) -> None:
    case = await returned(office, returns=1)
    chen, street = await office.sits("chen"), await office.sits("street")
    page = await pile(chen)
    assert "等街道或区中心定主责" in page
    assert "/send" not in page
    page = await pile(street)
    assert "请您定主责" in page
    status, _ = await street.post(f"/desk/case/{case.id}/send", **form_of(page, case))
    assert status == 200
    assert "派给" not in await pile(street)


async def test_on_today_a_danger_stands_once_and_says_why(office: Office) -> None:
    case = await returned(office, level=Level.A)
    chen = await office.sits("chen")
    _, page = await chen.get("/desk/today")
    assert page.count(f'<a class="body" href="/desk/case/{case.id}"') == 1
    assert "建议派给环卫所" in page


async def test_however_much_came_back_it_costs_the_same(office: Office) -> None:
    chen, counts = await office.sits("chen"), []
    for _ in range(2):
        await returned(office)
        await returned(office)
        await pile(chen)
        statements: list[str] = []

        def note(*args: object, seen: list[str] = statements) -> None:
            seen.append(str(args[2]))

        engine = await office.store.read(lambda tx: tx.connection.engine)
        event.listen(engine, "before_cursor_execute", note)
        await pile(chen)
        event.remove(engine, "before_cursor_execute", note)
        counts.append(len(statements))
    assert counts[0] == counts[1]
