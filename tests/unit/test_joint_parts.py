"""What others owe to a case, whatever becomes of the case; and which plain words say so."""

from __future__ import annotations

from typing import Any

import pytest
from unit_samples import GRID, NOW, a_case, a_desk

from intake.cases import Case, TimerKind
from intake.desk import Desk
from intake.joint import ask_joint
from intake.joint_parts import DISTRICT, JointPart, Outcome, PartKind
from intake.joint_words import comes, is_beyond
from intake.ladder import Whom
from intake.leading import send
from intake.lifecycle import State
from intake.merging import merge
from intake.part_clock import late_of, late_words
from intake.parts import told_of
from intake.people import Grant, Person, Role
from intake.working import withdraw

FANG = Person("web:fang", "方主任", (Grant(Role.STREET, "S"),))
DAY = "2026-11-27"


def stands(desk: Desk, **changed: Any) -> Case:
    made = {"resolve_due": NOW, "respond_due": NOW} | changed
    return desk.add_case(a_case(**made))


def asked(*codes: str, **changed: Any) -> tuple[Desk, Case]:
    desk = a_desk()
    desk.facts.people[FANG.id] = FANG
    case = stands(desk, **changed)
    return desk, ask_joint(desk, case, FANG, codes, DAY, "先把杂物清走")


def test_who_is_asked_sees_it_and_does_not_work_on_the_whole() -> None:
    _, case = asked("HW")
    assert (case.departments, case.leads) == (("JS", "HW"), ("JS",))


def test_parts_end_with_the_case() -> None:
    desk, case = asked("HW", "ZF")
    case = withdraw(desk, case, None, "当我没说")
    assert {part.outcome for part in case.parts} == {Outcome.ENDED}
    assert case.parts[0].answered_at == NOW


def test_whoever_leads_now_owes_no_part_beside_that() -> None:
    desk, case = asked("HW", "ZF")
    case = send(desk, case, FANG, "HW", "路面归环卫")
    assert {part.department: part.outcome for part in case.parts} == {
        "HW": Outcome.ENDED,
        "ZF": None,
    }
    assert case.co == ("ZF",)


def test_asked_again_it_is_asked_anew() -> None:
    desk, case = asked("HW")
    again = ask_joint(desk, case, FANG, ["HW"], "2026-11-30", "再来一趟")
    (part,) = again.parts
    assert (part.asked, part.is_open) == ("再来一趟", True)


def test_merged_what_others_owe_goes_on_with_the_survivor() -> None:
    desk, case = asked("HW", id=f"{GRID}-2", number=2, message="m2")
    main = stands(desk)
    main = merge(desk, [case], main, FANG)
    assert [part.department for part in main.open_parts] == ["HW"]
    assert "HW" in main.departments
    assert desk.facts.cases[case.id].open_parts == ()
    clock = desk.changes.timers[f"{TimerKind.JOINT.value}|{main.id}"]
    assert clock is not None
    assert clock.due == main.open_parts[0].due


def test_nobody_waits_for_the_district_once_somebody_has_it() -> None:
    desk = a_desk()
    part = JointPart(PartKind.BEYOND, DISTRICT, "要动主管网", "web:chen", NOW, NOW)
    case = stands(desk, state=State.TO_DISPATCH, parts=(part,))
    assert desk.amend(case).open_parts
    assert not desk.amend(case, state=State.SIGNED).open_parts


@pytest.mark.parametrize("department", ["HW", DISTRICT])
def test_a_rung_is_read_as_it_was_written(department: str) -> None:
    part = JointPart(PartKind.BEYOND, department, "", "web:chen", NOW, NOW)
    late = late_of(late_words(part, Whom.DISTRICT))
    assert late == (PartKind.BEYOND, department, Whom.DISTRICT)
    assert late_of("something else") is None


def test_the_words_of_a_step_are_read_again() -> None:
    assert told_of("HW+ZF 先把杂物 清走") == (["HW", "ZF"], "先把杂物 清走")
    assert told_of("HW") == (["HW"], "")


@pytest.mark.parametrize(
    "words",
    ["到了", "报到", "我们到了。", "到场", "人已到现场", "已经到了", "报道", "我们的人到位了"],
)
def test_words_of_coming(words: str) -> None:
    assert comes(words)


@pytest.mark.parametrize(
    "words", ["快到了吗", "什么时候到", "材料明天到", "还没到", "到了叫我", "收到了", "不到场了"]
)
def test_words_that_are_none(words: str) -> None:
    assert not comes(words)


@pytest.mark.parametrize(
    ("words", "beyond"),
    [
        ("这个超出街道权限了", True),
        ("超权限，请区里定", True),
        ("街道办不了", True),
        ("请上报区里", True),
        ("区里来人看过了", False),
        ("社区已经办好了", False),
        ("已通知街道", False),
    ],
)
def test_words_of_what_is_beyond(words: str, beyond: bool) -> None:
    assert is_beyond(words) is beyond
