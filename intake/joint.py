"""Joint handling (协办): others do a part, and one leads.

The law of this file: the lead stays one, and so does the voice to the outside: what joint departments say
is a row of the timeline and a word to staff, and never reaches a neighbour or a group. Each is told what is
asked of it and by when, and answers for its own part: done, not ours, or how it goes, always with words.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from intake.cases import Case
from intake.days import NoSuchDate, day_of, end_of
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
    tell_inside,
    with_parts,
)
from intake.people import Person
from intake.templates import Template

LONGEST: Final = timedelta(days=30)
"""Nothing is asked of others for later than this (自拟)."""


def ask_joint(
    desk: Desk, case: Case, person: Person, departments: Sequence[str], day: str, words: str
) -> Case:
    """Ask departments to do something of it until the end of `day`. Raises NoSuchDate, TooMany."""
    until, latest = end_of(desk, day), desk.now + LONGEST
    if until is None or not desk.now < until <= latest:
        raise NoSuchDate(latest)
    words = " ".join(words.split())
    new = [new_part(desk, PartKind.JOINT, code, person, until, words) for code in departments]
    told = f"{named_together(departments)} {day_of(desk, until)} {words}"
    case = desk.act(case, Action.ASK_JOINT, person.id, told, parts=with_parts(case, new))
    set_part_clock(desk, case)
    buttons = (
        Button("办好了", f"pdone:{case.id}"),
        Button("说说情况", f"psay:{case.id}"),
        Button("办不了", f"pno:{case.id}"),
    )
    call_in(desk, case, person, Template.STAFF_JOINT, new, buttons)
    tell_inside(desk, case, person, f"请{names(desk, departments)}协办", words)
    return case


def say_joint(desk: Desk, case: Case, person: Person, part: JointPart, words: str) -> Case:
    """How it goes with a part: for those who work here, and nobody else."""
    told = f"{part.department} {words}"
    case = desk.act(case, Action.JOINT_NOTE, person.id, told)
    tell_inside(desk, case, person, f"{names(desk, [part.department])}协办情况", words)
    return case


def finish_joint(desk: Desk, case: Case, person: Person, part: JointPart, words: str) -> Case:
    """A part is done. The case goes on: whether it is done says the lead."""
    told = f"{part.department} {words}"
    parts = answered(desk, case, [part], Outcome.DONE, person, words)
    case = desk.act(case, Action.JOINT_DONE, person.id, told, parts=parts)
    tell_inside(desk, case, person, f"{names(desk, [part.department])}协办办完", words)
    return case


def decline_joint(desk: Desk, case: Case, person: Person, part: JointPart, words: str) -> Case:
    """A joint department says that it cannot, and why; it sees the case no more where nothing else makes it
    theirs."""
    told = f"{part.department} {words}"
    parts = answered(desk, case, [part], Outcome.DECLINED, person, words)
    item = desk.rules.taxonomy.items.get(case.item or "")
    stays = part.department in (item.co if item else ())
    co = tuple(code for code in case.co if stays or code != part.department)
    case = desk.act(case, Action.JOINT_DECLINE, person.id, told, parts=parts, co=co)
    tell_inside(desk, case, person, f"{names(desk, [part.department])}说协办不了", words)
    return case


def end_parts(desk: Desk, case: Case, person: Person, some: Sequence[JointPart]) -> Case:
    """Whoever called waits for these no longer; they hear that they need not."""
    if not some:
        raise NotNow(case.state, Action.END_PART)
    codes = [part.department for part in some]
    told = f"{some[0].kind.value} {named_together(codes)}"
    parts = answered(desk, case, some, Outcome.ENDED, person, "")
    case = desk.act(case, Action.END_PART, person.id, told, parts=parts)
    set_part_clock(desk, case)
    what = "吹哨结束" if some[0].kind is PartKind.WHISTLE else "不用协办了"
    tell_inside(desk, case, person, what, "", codes)
    return case
