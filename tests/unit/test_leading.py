"""Who leads: handing back, sending on, and who decides when nobody wants it."""

from __future__ import annotations

from typing import Any

import pytest
from unit_samples import GROUP, STAFF, a_case, a_desk, taxonomy

from intake.acting import act
from intake.acting import possible_acts as possible
from intake.acts import Act, Given, NoSuchChoice, NoSuchPlace, NotAllowed, WordsMissing
from intake.cases import Case
from intake.commands import Pressed, Sender
from intake.desk import Desk
from intake.grids import Chat, ChatRef, Purpose
from intake.leading import Returned, Sent, in_arbitration, likely, named, returned, sent
from intake.lifecycle import Action, CaseKind, NotNow, State
from intake.notices import ToDepartment, ToStaff
from intake.people import Grant, Person, Role
from intake.pressing import press
from intake.taxonomy import Tier
from intake.templates import Template

CHEN = Person("web:chen", "小陈", (Grant(Role.GRID_WORKER, "DEMO-1"),))
WU = Person("web:wu", "老吴", (Grant(Role.DEPARTMENT, "JS"),))
CENTRE = Person("web:centre", "街道中心", (Grant(Role.STREET, "S"),))
BACK = Given("2", place="环卫所")
ON = Given(words="路面是环卫管的", place="HW")


def town(**changed: Any) -> tuple[Desk, Case]:
    desk = a_desk()
    return desk, desk.add_case(a_case(**changed))


def last(desk: Desk) -> tuple[Action, str]:
    entry = desk.changes.entries[-1]
    return entry.action, entry.words


def test_it_goes_to_another_department_and_its_time_runs_on() -> None:
    desk, case = town(taken_by="web:wu", state=State.WORKING, co=("HW", "ZF"), tier=Tier.MEMBER)
    now = act(desk, case, CHEN, Act.SEND, ON)
    assert (now.lead, now.co, now.state, now.tier) == (
        "HW",
        ("ZF",),
        State.DISPATCHED,
        Tier.DEPARTMENT,
    )
    assert (now.taken_by, now.resolve_due, now.returns) == (None, case.resolve_due, 0)
    assert last(desk) == (Action.DISPATCH, "HW 路面是环卫管的")
    assert sent("HW 路面是环卫管的") == Sent("HW", "路面是环卫管的")
    assert sent("HW") == Sent("HW", ""), "what went out by itself"


def test_the_receiving_side_hears_what_and_why() -> None:
    desk, case = town()
    act(desk, case, CHEN, Act.SEND, ON)
    told = {
        type(notice.audience): notice
        for _, notice in desk.changes.notices
        if notice.template in (Template.STAFF_CASE, Template.STAFF_UPDATE)
    }
    assert told[ToDepartment].audience == ToDepartment("HW", "DEMO-1")
    assert told[ToDepartment].params["why"] == "路面是环卫管的"
    assert told[ToStaff].params["what"] == "派给环卫所"
    assert all("路面" not in str(n.params) for _, n in desk.changes.notices if "ack" in n.template)


@pytest.mark.parametrize(
    ("place", "near"),
    [("", ()), ("  ", ()), ("火星办", ()), ("JS", ("JS",)), ("规划建设部", ("JS",))],
)
def test_it_is_not_sent_nowhere_nor_where_it_is(place: str, near: tuple[str, ...]) -> None:
    desk, case = town()
    with pytest.raises(NoSuchPlace) as wrong:
        act(desk, case, CHEN, Act.SEND, Given(words="该他们管", place=place))
    assert wrong.value.near == near
    assert desk.facts.cases[case.id] == case


def test_a_name_that_several_have_is_asked_again() -> None:
    departments = taxonomy().departments
    assert named(departments, "环卫") == ["HW"]
    assert named(departments, " 环卫所 ") == ["HW"]
    assert len(named(departments, "公司")) > 1
    desk, case = town()
    with pytest.raises(NoSuchPlace):
        act(desk, case, CHEN, Act.SEND, Given(words="该他们管", place="公司"))
    with pytest.raises(WordsMissing):
        act(desk, case, CHEN, Act.SEND, Given(words=" ", place="HW"))


@pytest.mark.parametrize("state", [State.TO_CONFIRM, State.TO_RATE, State.CLOSED, State.MERGED])
def test_when_it_cannot_be_sent(state: State) -> None:
    desk, case = town(state=state)
    assert Act.SEND not in possible(desk, case, CHEN)
    with pytest.raises(NotNow):
        act(desk, case, CHEN, Act.SEND, ON)


def test_no_wish_is_sent_and_no_department_sends() -> None:
    desk, wish = town(kind=CaseKind.WISH, state=State.REVIEW)
    assert Act.SEND not in possible(desk, wish, CHEN)
    desk, case = town()
    with pytest.raises(NotAllowed):
        act(desk, case, WU, Act.SEND, ON)
    property_ = Person("web:p", "物业", (Grant(Role.PROPERTY, "DEMO-1"),))
    assert {Act.SEND, Act.HAND_BACK}.isdisjoint(possible(desk, case, property_))


@pytest.mark.parametrize(
    ("place", "kept"), [("环卫所", "HW"), ("HW", "HW"), ("隔壁 小区的物业", "隔壁 小区的物业")]
)
def test_who_hands_back_says_why_and_whose_it_would_be(place: str, kept: str) -> None:
    desk, case = town(taken_by="web:wu", state=State.SIGNED)
    now = act(desk, case, WU, Act.HAND_BACK, Given("1", place=place))
    assert (now.state, now.returns, now.taken_by) == (State.TO_DISPATCH, 1, None)
    assert returned(last(desk)[1]) == Returned("属地不符", kept)


def test_without_either_nothing_is_handed_back() -> None:
    desk, case = town()
    for given in (Given("2"), Given("2", place=" "), Given("2", place="JS")):
        with pytest.raises(NoSuchPlace):
            act(desk, case, WU, Act.HAND_BACK, given)
    with pytest.raises(NoSuchChoice):
        act(desk, case, WU, Act.HAND_BACK, Given("9", place="HW"))
    assert desk.facts.cases[case.id] == case


def test_the_second_time_a_centre_above_the_grid_decides() -> None:
    desk, case = town()
    case = act(desk, case, WU, Act.HAND_BACK, BACK)
    assert not in_arbitration(case)
    case = act(desk, case, CHEN, Act.SEND, ON)
    hw = Person("web:hw", "老何", (Grant(Role.DEPARTMENT, "HW"),))
    case = act(desk, case, hw, Act.HAND_BACK, Given("3", place="JS"))
    assert in_arbitration(case)
    assert desk.changes.notices[-1][1].params["arbitration"] == "1"
    assert Act.SEND not in possible(desk, case, CHEN)
    with pytest.raises(NotAllowed):
        act(desk, case, CHEN, Act.SEND, Given(words="还是您们", place="HW"))
    case = act(desk, case, CENTRE, Act.SEND, Given(words="定环卫主责", place="HW"))
    assert (case.lead, case.state) == ("HW", State.DISPATCHED), "to whom had it just now as well"
    assert not in_arbitration(case)


def test_what_it_was_also_read_as_comes_first() -> None:
    case = a_case(guesses=("SZ03", "HJ01", "gone"), co=("ZF",))
    found = likely(taxonomy(), case)
    assert "JS" not in found, "not where it is"
    assert "ZF" in found
    assert taxonomy().items["HJ01"].lead in found
    assert found[-1] == "WGZX"


def test_in_a_chat_a_second_tap_says_whose_it_would_be() -> None:
    desk, case = town()
    desk.facts.people[WU.id] = WU
    group = ChatRef("web", "js")
    desk.facts.chats[group] = Chat(group, "DEMO-1", Purpose.DEPARTMENT, "JS")

    def tap(data: str) -> Any:
        press(desk, Pressed(group, "b1", Sender(WU.id, WU.name), data, desk.now, False))
        return desk.changes.notices[-1][1]

    assert tap(f"back:{case.id}").template == Template.PICK_REASON
    asked = tap(f"back:{case.id}:2")
    assert asked.template == Template.PICK_PLACE
    assert desk.facts.cases[case.id] == case, "not yet"
    assert all(len(button.data.encode()) <= 64 for button in asked.buttons)
    assert tap(asked.buttons[-1].data).template == Template.STAFF_UPDATE
    assert desk.facts.cases[case.id].returns == 1
    assert returned(last(desk)[1]) == Returned("权属不清", "WGZX")
    assert {GROUP, STAFF}.isdisjoint({getattr(asked.audience, "chat", None)})
