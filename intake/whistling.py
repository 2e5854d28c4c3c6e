"""吹哨、报到 (街乡吹哨、部门报到): community or street calls departments together, and they come.

The law of this file: one call names who must come, why, and until when; coming is one press or one plain
word, with its time in the timeline. It is over when all have come or whoever called ends it. Who has not
come in time is told to the caller and the street, then to the district (`part_clock.py`). Nobody outside
hears of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from intake.cases import Case
from intake.deadlines import due
from intake.desk import Desk
from intake.joint_parts import JointPart, Outcome, PartKind
from intake.lifecycle import Action, NotNow
from intake.notices import Button
from intake.part_clock import set_part_clock
from intake.parts import (
    answered,
    call_in,
    named_together,
    names,
    new_part,
    parts_of,
    tell_inside,
    with_parts,
)
from intake.people import Person
from intake.taxonomy import Clock, Level
from intake.templates import Template

URGENT_WITHIN: Final = timedelta(hours=2)
"""Level A: so soon whoever is called has to be there (自拟)."""
WITHIN_HOURS: Final = 24
"""All others: one working day, in the hours of a working limit (自拟)."""


def within(desk: Desk, level: Level) -> datetime:
    """Until when whoever is called now has to have come, or the district to have said its word."""
    if level is Level.A:
        return desk.now + URGENT_WITHIN
    rules = desk.rules
    return due(desk.now, WITHIN_HOURS, Clock.WORKDAY, rules.calendar, rules.zone).at


def whistle(desk: Desk, case: Case, person: Person, departments: Sequence[str], words: str) -> Case:
    """Call departments to come. Raises TooMany."""
    words = " ".join(words.split())
    until = within(desk, case.level)
    new = [new_part(desk, PartKind.WHISTLE, code, person, until, words) for code in departments]
    told = f"{named_together(departments)} {words}"
    case = desk.act(case, Action.WHISTLE, person.id, told, parts=with_parts(case, new))
    set_part_clock(desk, case)
    call_in(desk, case, person, Template.STAFF_WHISTLE, new, (Button("报到", f"come:{case.id}"),))
    what = f"吹哨，请{names(desk, departments)}到场"
    tell_inside(desk, case, person, what, words, but=departments)
    return case


def report_in(desk: Desk, case: Case, person: Person) -> Case:
    """Whoever was called is there: for all departments that this person answers for. Raises NotNow where
    none of theirs is called any more."""
    mine = parts_of(case, person, PartKind.WHISTLE)
    if not mine:
        raise NotNow(case.state, Action.REPORT_IN)
    codes = [part.department for part in mine]
    parts = answered(desk, case, mine, Outcome.CAME, person, "")
    case = desk.act(case, Action.REPORT_IN, person.id, named_together(codes), parts=parts)
    set_part_clock(desk, case)
    missing = [part.department for part in whistled(case)]
    words = f"还差{names(desk, missing)}" if missing else "都到齐了"
    tell_inside(desk, case, person, f"{names(desk, codes)}报到", words)
    return case


def whistled(case: Case) -> list[JointPart]:
    """Who was called and has not come."""
    return [part for part in case.open_parts if part.kind is PartKind.WHISTLE]
