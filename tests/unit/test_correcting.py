"""A correction only ever hides: what was given in confidence stays so, whatever item it gets."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from unit_samples import GROUP, NOW, STAFF, a_case, a_desk

from intake.acting import act
from intake.acts import Act, Given
from intake.cases import PATROL, Case, TimerKind
from intake.commands import Pressed, Sender
from intake.correcting import set_item
from intake.desk import Desk
from intake.grids import ChatRef
from intake.lifecycle import CaseKind, State
from intake.notices import ToChat
from intake.people import Grant, Person, Role
from intake.pressing import press
from intake.reading import Triage
from intake.taxonomy import Visibility

CHEN = Person("web:chen", "小陈", (Grant(Role.GRID_WORKER, "DEMO-1"),))
SUN = Person("web:sun", "孙姐", (Grant(Role.MODERATOR, "DEMO-1"),))
OPEN, MASKED, SECRET = Visibility.GROUP, Visibility.MASKED, Visibility.PRIVATE
TOLD_ALONE = {"chat": ChatRef("web", "p-wang"), "visibility": SECRET}
WAGES = {"item": "LD01", "category": "LD", "lead": "MS", "visibility": SECRET}
IN_DOUBT = {"state": State.TO_CONFIRM, "triage": Triage.ASK}
SETTLED = {
    "chat": ChatRef(PATROL, "DEMO-1"),
    "state": State.CLOSED,
    "done_by": "web:wang",
    "visibility": SECRET,
}


def desk_with(**case: Any) -> tuple[Desk, Case]:
    desk = a_desk()
    desk.facts.people |= {CHEN.id: CHEN, SUN.id: SUN}
    made = a_case(version=1, **case)
    desk.facts.cases[made.id] = made
    desk.begin("desk:1", desk.now)
    return desk, made


def told_the_group(desk: Desk) -> list[str]:
    to_group = ToChat(GROUP)
    return [n.template.value for _, n in desk.changes.notices if n.audience == to_group]


ROWS: list[tuple[str, dict[str, Any], str, Visibility]] = [
    ("自伤，私下说的", {"emergency": "E04", **TOLD_ALONE}, "SZ02", SECRET),
    ("家暴，群里说的", {"emergency": "E05", "visibility": SECRET}, "SZ02", SECRET),
    ("家暴，以前被改得人人可见", {"emergency": "E05"}, "SZ02", SECRET),
    ("家暴，改成心愿", {"emergency": "E05", "visibility": SECRET}, "HZ10", SECRET),
    ("欠薪，改成路灯", WAGES, "SZ02", SECRET),
    ("欠薪，改成含混可见的", WAGES, "HZ01", SECRET),
    ("拿不准时先瞒着，确认是路灯", {**IN_DOUBT, "visibility": SECRET}, "SZ03", SECRET),
    ("拿不准时先瞒着，改成别的", {**IN_DOUBT, "visibility": SECRET}, "WY01", SECRET),
    ("当场办好的，改个名", SETTLED, "WY01", SECRET),
    ("路灯，其实是欠薪", {}, "LD01", SECRET),
    ("火情，可以在群里说", {"emergency": "E01"}, "WY01", OPEN),
    ("含混可见的，确认是路灯", {**IN_DOUBT, "visibility": MASKED}, "SZ03", OPEN),
]


@pytest.mark.parametrize(("what", "case", "item", "wanted"), ROWS, ids=[row[0] for row in ROWS])
@pytest.mark.parametrize("source", ["desk", "button", "reporter"])
def test_secrecy_only_tightens(
    what: str, case: dict[str, Any], item: str, wanted: Visibility, source: str
) -> None:
    desk, made = desk_with(**case)
    after = set_item(desk, made, item, CHEN, source)
    assert (after.item, after.visibility) == (item, wanted)
    if wanted is SECRET:
        assert told_the_group(desk) == []


def test_confirming_on_the_desk_hides_as_well() -> None:
    desk, made = desk_with(**IN_DOUBT, **TOLD_ALONE)
    assert act(desk, made, SUN, Act.CONFIRM, Given()).visibility is SECRET


def test_words_told_in_confidence_are_published_only_in_a_moderators_words() -> None:
    desk, made = desk_with(
        kind=CaseKind.WISH, state=State.REVIEW, item="HZ01", said="他又打我", visibility=SECRET
    )
    sender = Sender(SUN.id, SUN.name)
    press(desk, Pressed(STAFF, "b1", sender, f"pub:{made.id}", desk.now, False))
    assert desk.facts.cases[made.id].state is State.REVIEW
    assert not any("他又打我" in n.params.values() for _, n in desk.changes.notices)


GIVEN = {"state": State.WORKING, "extensions": 1, "taken_by": CHEN.id}
FAR, NEAR = timedelta(days=40), timedelta(hours=1)
ENDS: list[tuple[str, dict[str, Any], str, timedelta, bool]] = [
    ("延过期，改成别的", GIVEN, "SZ01", FAR, True),
    ("延过期，但新事项的时限更晚", GIVEN, "SZ01", NEAR, False),
    ("没延过", GIVEN | {"extensions": 0}, "SZ01", FAR, False),
    ("改成急件", GIVEN, "WY01", FAR, False),
    ("险情不延", GIVEN | {"emergency": "E01"}, "SZ01", FAR, False),
]


@pytest.mark.parametrize(("what", "case", "item", "given", "kept"), ENDS, ids=[r[0] for r in ENDS])
def test_a_day_that_was_promised_outlives_a_correction(
    what: str, case: dict[str, Any], item: str, given: timedelta, kept: bool
) -> None:
    until = NOW + given
    desk, made = desk_with(**case, resolve_due=until)
    after = set_item(desk, made, item, CHEN, "desk")
    assert (after.item, after.resolve_due == until) == (item, kept)
    timers = [t for t in desk.changes.timers.values() if t and t.kind is TimerKind.RESOLVE_DUE]
    assert [timer.due for timer in timers] == [after.resolve_due]
    assert not (kept and after.provisional)
