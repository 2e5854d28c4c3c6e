"""Somebody works here no more (离岗): what they had in hand goes on without them.

The law of this file: a case whose handler lost the right to work on it goes back to its department, with a
row in its timeline and its limits as they were; what they had asked for ends with it (`at_rest`). An alarm
that waited for them calls the next at once. Those who must see to it hear once, of all their cases together,
and not at night. What they may still work on by another role stays theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from intake.alarming import alert_next
from intake.cases import Case, CaseId
from intake.desk import Desk
from intake.grids import DutyEntry
from intake.lifecycle import Action, actions_from
from intake.notices import Notice, ToDepartment, ToStaff, Urgency
from intake.people import Grant, Person, PersonId, Right
from intake.templates import Template


@dataclass(frozen=True, slots=True)
class Leaving:
    """`person` loses a role at a moment that `by` chose beforehand."""

    person: PersonId
    grant: Grant
    at: datetime
    by: PersonId
    why: str = ""


NAMED: Final = 20
"""So many cases are named in one notice; of the rest it says how many."""
_BY_WHICH: Final = (Right.TAKE, Right.FINISH, Right.REPORT)


def leave(
    desk: Desk,
    person: Person,
    by: PersonId,
    duty: Mapping[str, Sequence[DutyEntry]],
    elsewhere: bool = False,
) -> list[Case]:
    """Let go of what `person`, as they are now, may not work on any more; the cases that go on. `duty` are
    the lists on which they stood until now, by grid; `elsewhere`: they work on in another place."""
    gone = [_handed_on(desk, case, person, by) for case in _in_hand(desk, person)]
    _tell(desk, person, gone, elsewhere)
    for case in gone:
        if case.emergency is not None:
            alert_next(desk, case)
    for case in list(desk.facts.cases.values()):
        at = _called(case, person.id, duty.get(case.grid, ()))
        if at is not None:
            alert_next(desk, desk.amend(case, alert=at))
    return [desk.facts.cases[case.id] for case in gone]


def _in_hand(desk: Desk, person: Person) -> list[Case]:
    """What they have in hand and may not work on, oldest first. A wish is helped with by promise, not by
    role."""
    mine = [case for case in desk.facts.cases.values() if case.taken_by == person.id]
    return sorted(
        (case for case in mine if _left(desk, case, person)), key=lambda case: case.opened_at
    )


def _left(desk: Desk, case: Case, person: Person) -> bool:
    return not may_work_on(desk, case, person)


def may_work_on(desk: Desk, case: Case, person: Person) -> bool:
    """Whether somebody who has a case in hand may go on with it, by any of their roles. What nobody has to
    give back, such as a wish, they may."""
    rights = (*_BY_WHICH, Right.ANSWER_ALERT) if case.emergency else _BY_WHICH
    works = any(desk.may(person, right, case) for right in rights)
    return works or Action.LEAVE not in actions_from(case.kind, case.state)


def _handed_on(desk: Desk, case: Case, person: Person, by: PersonId) -> Case:
    return desk.act(case, Action.LEAVE, by, person.id, taken_by=None)


def _called(case: Case, person: PersonId, duty: Sequence[DutyEntry]) -> int | None:
    """Where an alarm was called last that waits for them: the order before that of whoever comes next on the
    list without them."""
    waits = case.is_open and case.emergency is not None and case.taken_by is None and case.alert > 0
    if not waits or not duty:
        return None
    rounds, at = divmod(case.alert - 1, len(duty))
    if duty[at].person != person:
        return None
    return rounds * max(1, len(duty) - 1) + at


def _tell(desk: Desk, person: Person, gone: Iterable[Case], elsewhere: bool) -> None:
    of: dict[ToStaff | ToDepartment, list[CaseId]] = {}
    for case in gone:
        of.setdefault(ToStaff(case.grid), []).append(case.id)
        if case.lead is not None:
            of.setdefault(ToDepartment(case.lead, case.grid), []).append(case.id)
    for to, cases in of.items():
        more = len(cases) - NAMED
        params = {
            "by": person.name,
            "count": str(len(cases)),
            "cases": "、".join(cases[:NAMED]),
            "more": str(more) if more > 0 else "",
            "elsewhere": "1" if elsewhere else "",
        }
        desk.say(Notice(Template.STAFF_LEFT, to, params, (), Urgency.PROGRESS))
