"""请回访: the list, one press, and what it counts as."""

from __future__ import annotations

import re
from typing import Any

import pytest
from office import Office, Visitor, stored

from intake.cases import CallBack, Case
from intake.lifecycle import State
from intake.taxonomy import Visibility

PATH = "/desk/call-backs"


async def closed(office: Office, **more: Any) -> Case:
    done = {
        "state": State.CLOSED,
        "taken_by": "web:demo-wu",
        "responded_at": office.now,
        "done_by": "web:demo-wu",
        "done_words": "换了灯头，试过亮了",
        "done_at": office.now,
        "closed_at": office.now,
        "call_back": CallBack.DUE,
    }
    return await office.case(**(done | more))


async def asks(who: Visitor, case: Case, choice: str, **form: str) -> tuple[int, str]:
    fields = {"version": str(case.version or 1), "from": "call-backs", "choice": choice} | form
    return await who.post(f"/desk/case/{case.id}/call-back", **fields)


async def test_one_press_and_the_next(office: Office) -> None:
    sun, case = await office.sits("sun"), await closed(office)
    _, page = await sun.get(PATH)
    assert "老吴说：换了灯头，试过亮了" in page
    assert "王阿姨" not in page
    assert all(f">{name}<span" in page for name in ("真的好了", "没好", "没联系上"))
    status, page = await asks(sun, case, "fixed")
    assert (status, f"{case.id} 记下了" in page, "都问过了" in page) == (200, True, True)
    now = await stored(office, case)
    assert (now.call_back, now.score, now.state) == (CallBack.FIXED, None, State.CLOSED)
    _, page = await sun.get(f"/desk/case/{case.id}")
    assert "回访</b>：真的好了" in page
    assert (await asks(sun, now, "not_fixed"))[0] == 409, "asked once"


async def test_not_fixed_opens_it_again(office: Office) -> None:
    sun, case = await office.sits("sun"), await closed(office)
    assert (await asks(sun, case, "not_fixed"))[0] == 200
    now = await stored(office, case)
    assert (now.state, now.reopened, now.taken_by) == (State.DISPATCHED, 1, None)


@pytest.mark.parametrize("choice", ["", "due", "真的好了"])
async def test_another_answer_is_none(office: Office, choice: str) -> None:
    sun, case = await office.sits("sun"), await closed(office)
    assert (await asks(sun, case, choice))[0] == 400
    assert (await stored(office, case)).call_back is CallBack.DUE


async def test_nobody_asks_about_what_they_closed_and_only_who_may(office: Office) -> None:
    street, chen = await office.sits("street"), await office.sits("chen")
    own = await closed(office, done_by="web:demo-street")
    _, page = await street.get(PATH)
    assert own.id not in page
    assert (await asks(street, own, "fixed"))[0] == 403
    assert (await chen.get(PATH))[0] == 403
    assert (await asks(chen, own, "fixed"))[0] == 403


async def test_of_a_private_case_no_word(office: Office) -> None:
    sun, case = await office.sits("sun"), await closed(office, visibility=Visibility.PRIVATE)
    _, page = await sun.get(PATH)
    assert case.id in page
    assert "换了灯头" not in page
    assert case.said not in page


async def test_it_counts_in_the_figures_and_is_no_satisfaction(office: Office) -> None:
    for outcome in (CallBack.FIXED, CallBack.NOT_FIXED, CallBack.UNREACHED, CallBack.DUE):
        await closed(office, call_back=outcome)
    await closed(office, call_back=None)
    sun = await office.sits("sun")
    _, page = await sun.get("/desk/figures")
    assert "回访率" in page
    assert "2 / 4" in page
    _, sheet = await sun.get("/desk/figures.csv", span="month")
    assert '"问到的","抽中回访"' in sheet


async def number(who: Visitor) -> list[str]:
    """What the menu says of the page."""
    _, page = await who.get("/desk/me")
    (tab, *_) = re.findall(rf'<a href="{PATH}"[^>]*>(.*?)</a>', page, re.DOTALL)
    return re.findall(r'<span class="hidden-text">(.*?)</span>', tab)


async def test_the_menu_says_how_many_wait_to_be_asked_about(office: Office) -> None:
    sun, street = await office.sits("sun"), await office.sits("street")
    assert await number(sun) == []
    first, _ = await closed(office), await closed(office)
    await closed(office, done_by="web:demo-sun")
    await closed(office, call_back=CallBack.FIXED)
    assert await number(sun) == ["2 件等您回访"], "nobody asks about what they closed themselves"
    assert await number(street) == ["3 件等您回访"]
    await asks(sun, first, "fixed")
    assert await number(sun) == ["1 件等您回访"]
    _, page = await (await office.sits("wu")).get("/desk/me")
    assert "等您回访" not in page
