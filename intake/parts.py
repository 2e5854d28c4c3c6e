"""What all parts of a case share, whoever owes them (`joint_parts.py`).

The law of this file: a part is answered by whoever speaks for its department; who is asked, who answers and
what is said stand in the words of a step, and are told to those who work here and to nobody outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from intake.acknowledging import case_params
from intake.cases import Case
from intake.desk import Desk
from intake.joint_parts import JointPart, Outcome, PartKind
from intake.notices import Button, Notice, ToDepartment, ToStaff, Urgency
from intake.people import Person, Role
from intake.taxonomy import Level
from intake.templates import Template

MOST_PARTS: Final = 8
"""So many may be asked at a time; whoever needs more needs a meeting (自拟)."""
_BETWEEN: Final = "+"


class TooMany(Exception):
    """More are asked than may be at a time."""


def answers_for(person: Person, part: JointPart) -> bool:
    """Whether somebody speaks for the department that owes a part, or stands in for one who does."""
    return any(
        grant.role is Role.DEPARTMENT and grant.scope == part.department for grant in person.held
    )


def parts_of(case: Case, person: Person, kind: PartKind) -> list[JointPart]:
    """The open parts of this kind that somebody answers for."""
    return [part for part in case.open_parts if part.kind is kind and answers_for(person, part)]


def owed_by_others(case: Case) -> list[JointPart]:
    """Those who were asked or called and have not answered."""
    return [part for part in case.open_parts if part.kind is not PartKind.BEYOND]


def new_part(
    desk: Desk, kind: PartKind, department: str, person: Person, due: datetime, words: str
) -> JointPart:
    return JointPart(kind, department, words, person.id, desk.now, due)


def with_parts(case: Case, new: Iterable[JointPart]) -> tuple[JointPart, ...]:
    """The parts of a case with new ones; who is asked again is asked anew. Raises TooMany."""
    by_key = {part.key: part for part in case.parts} | {part.key: part for part in new}
    if sum(part.is_open for part in by_key.values()) > MOST_PARTS:
        raise TooMany
    return tuple(by_key.values())


def adopted(main: Case, case: Case) -> tuple[JointPart, ...]:
    """The parts of a case into which another is merged: what others owe to that they owe to this, once each.
    Whose it is that goes on, nobody has to be asked."""
    owing = {part.key for part in main.open_parts}
    came = [part for part in owed_by_others(case) if part.key not in owing]
    return tuple({part.key: part for part in (*main.parts, *came)}.values())


def answered(
    desk: Desk,
    case: Case,
    some: Iterable[JointPart],
    outcome: Outcome,
    person: Person,
    words: str,
) -> tuple[JointPart, ...]:
    """The parts of a case, some of which have their outcome now."""
    keys = {part.key for part in some}
    return tuple(
        replace(part, outcome=outcome, answer=words, answered_by=person.id, answered_at=desk.now)
        if part.is_open and part.key in keys
        else part
        for part in case.parts
    )


def names(desk: Desk, codes: Iterable[str]) -> str:
    """Departments as people call them."""
    known = desk.rules.taxonomy.departments
    return "、".join(known[code].name if code in known else code for code in codes)


def named_together(codes: Iterable[str]) -> str:
    """Departments in the words of a step, read again by `told_of`."""
    return _BETWEEN.join(codes)


def told_of(words: str) -> tuple[list[str], str]:
    """The words of a step about parts: of which departments, and what."""
    codes, _, rest = words.partition(" ")
    return codes.split(_BETWEEN), rest


def call_in(
    desk: Desk,
    case: Case,
    person: Person,
    template: Template,
    some: Sequence[JointPart],
    buttons: tuple[Button, ...],
) -> None:
    """Tell each department what is asked of it, in its chats."""
    urgency = Urgency.ALERT if case.level is Level.A else Urgency.ANSWER
    lead = names(desk, case.leads)
    for part in some:
        params = case_params(desk, case) | {
            "whom": names(desk, [part.department]),
            "words": part.asked,
            "due": part.due.isoformat(),
            "by": person.name,
            "lead": lead,
        }
        to = ToDepartment(part.department, case.grid)
        desk.say(Notice(template, to, params, buttons, urgency, case.id))


def tell_inside(
    desk: Desk,
    case: Case,
    person: Person,
    what: str,
    words: str,
    also: Iterable[str] = (),
    but: Iterable[str] = (),
) -> None:
    """The grid's staff and the lead hear of it, and the departments that it concerns, `but` those who heard
    it otherwise; nobody outside."""
    params = case_params(desk, case) | {"what": what, "words": words, "by": person.name}
    codes = [code for code in dict.fromkeys((*case.leads, *also)) if code not in {*but}]
    audiences: list[ToStaff | ToDepartment] = [ToStaff(case.grid)]
    audiences += [ToDepartment(code, case.grid) for code in codes]
    for to in audiences:
        desk.say(Notice(Template.STAFF_UPDATE, to, params, (), Urgency.ANSWER, case.id))
