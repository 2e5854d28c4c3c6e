"""Something of a case becomes a case of its own."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from unit_samples import GROUP, NOW, a_case, a_desk

from intake.cases import Case, Follower, Line, LineRole
from intake.commands import Sender, Unsaid
from intake.deciding import decide
from intake.desk import Desk
from intake.grids import ChatRef, MessageRef
from intake.lifecycle import Action, CaseKind, NotNow, State
from intake.merging import merge
from intake.people import Grant, Person, Role
from intake.splitting import CannotSplit, Fault, MayNotSplit, Part, split, without_line
from intake.taxonomy import Visibility

SUN = Person("web:sun", "孙姐", (Grant(Role.MODERATOR, "D"),))
CASE = a_case(version=1, voices=2)
WHOLE = "3栋楼下路灯又不亮了，还有想要人陪老人下棋"
OPENED = Line(CASE.id, GROUP, "m1", "web:wang", LineRole.OPENED, WHOLE, (), NOW)
LATER = NOW + timedelta(minutes=5)
LI = Line(CASE.id, GROUP, "m2", "web:li", LineRole.PLUS_ONE, "垃圾也没人收", ("photo",), LATER)
MORE = Line(CASE.id, GROUP, "m3", "web:wang", LineRole.SUPPLEMENT, "电梯也停了", (), LATER)
STAFF = Line(CASE.id, GROUP, "m4", "web:chen", LineRole.REPORT_BACK, "在修了", (), LATER)
LINES = [OPENED, LI, MORE, STAFF]


def town(case: Case = CASE) -> Desk:
    desk = a_desk()
    desk.facts.cases[case.id] = case
    desk.facts.grids[case.grid] = replace(desk.grid(case.grid), next_number=2)
    desk.facts.followers[case.id] = (Follower(case.id, "web:li", GROUP),)
    for line in LINES:
        desk.facts.lines[MessageRef(line.chat, line.message)] = ((case.id, line.role),)
    desk.begin("desk:1", NOW + timedelta(hours=1))
    return desk


def part(*lines: Line, item: str = "SR01", place: str = "", words: str = "") -> Part:
    chosen = frozenset(MessageRef(line.chat, line.message) for line in lines)
    return Part(chosen, item, place, words)


def test_a_line_that_was_about_another_thing() -> None:
    """It moves, with its sender as reporter, who follows the old case no more."""
    desk = town()
    new = split(desk, CASE, SUN, LINES, part(LI, place="3栋后面"))
    assert (new.id, new.state, new.item) == ("DEMO-1-2", State.DISPATCHED, "SR01")
    assert (new.reporter, new.said, new.place) == ("web:li", "垃圾也没人收", "3栋后面")
    assert (new.opened_at, new.message, new.voices) == (LATER, "m2", 1)
    old = desk.facts.cases[CASE.id]
    assert (old.voices, desk.followers(old.id), old.state) == (1, (), State.DISPATCHED)
    assert desk.changes.detached == [LI]
    assert desk.changes.lines == [replace(LI, case=new.id, role=LineRole.OPENED)]
    assert next((e.case, e.action, e.words) for e in desk.changes.entries) == (
        CASE.id,
        Action.SPLIT,
        new.id,
    )
    assert [e.label for e in desk.changes.examples] == ["SR01"]


def test_a_second_wish_in_one_message() -> None:
    """The message stays with both; the neighbour's own words say which part is meant."""
    desk = town()
    new = split(desk, CASE, SUN, LINES, part(OPENED, item="HZ02", words="想要人陪老人下棋"))
    assert (new.kind, new.state) == (CaseKind.WISH, State.REVIEW)
    assert (new.said, new.reporter) == ("想要人陪老人下棋", "web:wang")
    assert desk.changes.detached == []
    hangs = desk.facts.lines[MessageRef(GROUP, "m1")]
    assert set(hangs) == {(CASE.id, LineRole.OPENED), (new.id, LineRole.OPENED)}
    assert desk.facts.cases[CASE.id].voices == 2


def test_several_lines_of_several_people() -> None:
    desk = town()
    new = split(desk, CASE, SUN, LINES, part(MORE, LI, item="WY01"))
    assert (new.reporter, new.voices, new.said) == ("web:li", 2, "垃圾也没人收 电梯也停了")
    assert [one.person for one in desk.followers(new.id)] == ["web:wang"]
    assert len(desk.changes.detached) == 2


def test_whoever_has_another_case_in_it_hears_of_it_still() -> None:
    """李叔's own case is merged into this one; a line of his about another thing is split off."""
    own = replace(CASE, id="DEMO-1-7", number=7, message="m7", reporter="web:li", voices=1)
    desk = town()
    desk.facts.cases[own.id] = own
    main = merge(desk, [own], CASE, SUN)
    split(desk, main, SUN, LINES, part(LI))
    assert [one.person for one in desk.followers(CASE.id)] == ["web:li"]
    assert desk.facts.cases[CASE.id].voices == main.voices


def test_whoever_said_the_words_reports_the_new_case() -> None:
    desk = town()
    new = split(desk, CASE, SUN, LINES, part(OPENED, LI, words="垃圾"))
    assert (new.reporter, new.message) == ("web:li", "m2")


def test_a_withdrawn_line_takes_its_words_from_what_was_split_off() -> None:
    desk = town()
    new = split(desk, CASE, SUN, LINES, part(LI, MORE, item="SR01"))
    assert new.said == "垃圾也没人收 电梯也停了"
    desk.facts.texts[MessageRef(GROUP, "m3")] = MORE.text
    sender = Sender("web:wang", "王阿姨")
    decide(desk, Unsaid(chat=GROUP, message="m3", sender=sender, at=NOW), ())
    assert desk.facts.cases[new.id].said == "垃圾也没人收"
    assert desk.changes.unlearned == [new.id]


@pytest.mark.parametrize(
    ("said", "text", "rest"),
    [
        ("灯不亮 电梯停了", "灯不亮", "电梯停了"),
        ("灯不亮", "灯", "灯不亮"),
        ("灯不亮", "", "灯不亮"),
        ("灯不亮 " + "电梯" * 148, "电梯" * 200, "灯不亮"),
    ],
)
def test_words_without_one_of_their_lines(said: str, text: str, rest: str) -> None:
    assert without_line(said, text) == rest


def test_the_neighbour_is_told_once_and_staff_too() -> None:
    desk = town()
    new = split(desk, CASE, SUN, LINES, part(LI))
    told = [n for _, n in desk.changes.notices if n.template == "ack_sure"]
    assert [(n.case, n.reply_to) for n in told] == [(new.id, "m2")]
    staff = [n.template for _, n in desk.changes.notices if n.template.startswith("staff")]
    assert staff == ["staff_case", "staff_case"]


@pytest.mark.parametrize("chat", [GROUP, ChatRef("web", "p-wang")])
def test_what_comes_out_of_a_private_case_is_private(chat: ChatRef) -> None:
    secret = replace(CASE, visibility=Visibility.PRIVATE, chat=chat)
    desk = town(secret)
    new = split(desk, secret, SUN, LINES, part(MORE, item="WY01"))
    assert new.visibility is Visibility.PRIVATE
    to_group = [n for _, n in desk.changes.notices if "ToChat" in str(n.audience)]
    assert to_group == []


FAULTS: list[tuple[str, dict[str, Any], Fault]] = [
    ("nothing ticked", {"lines": ()}, Fault.NO_LINES),
    ("a line of staff", {"lines": (STAFF,)}, Fault.NO_LINES),
    ("a line of elsewhere", {"lines": (replace(LI, message="m9"),)}, Fault.NO_LINES),
    ("no such item", {"item": "ZZ99"}, Fault.NO_ITEM),
    ("no item", {"item": ""}, Fault.NO_ITEM),
    ("a whole novel of a place", {"place": "很" * 41}, Fault.PLACE_LONG),
    ("words nobody said", {"words": "垃圾堆成山"}, Fault.NOT_SAID),
    ("a photo alone", {"lines": (replace(LI, message="m5", text=""),)}, Fault.NO_WORDS),
    ("the same thing again", {"lines": (OPENED,), "item": "SZ03"}, Fault.SAME),
]


@pytest.mark.parametrize(("name", "given", "why"), FAULTS, ids=[row[0] for row in FAULTS])
def test_what_cannot_be_split(name: str, given: dict[str, Any], why: Fault) -> None:
    desk = town()
    before = copy.deepcopy((desk.facts, desk.changes))
    chosen = given.pop("lines", (LI,))
    with pytest.raises(CannotSplit) as refused:
        split(desk, CASE, SUN, [*LINES, replace(LI, message="m5", text="")], part(*chosen, **given))
    assert refused.value.why is why
    assert (desk.facts, desk.changes) == before


def test_rights_and_the_table() -> None:
    desk = town()
    with pytest.raises(MayNotSplit):
        split(desk, CASE, Person("x", "x", (Grant(Role.PROPERTY, "D"),)), LINES, part(LI))
    gone = replace(CASE, state=State.WITHDRAWN)
    desk = town(gone)
    with pytest.raises(NotNow):
        split(desk, gone, SUN, LINES, part(LI))
