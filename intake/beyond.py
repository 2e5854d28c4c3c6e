"""超权限上报: the street says that a matter is beyond what it may do, and the district says whose it is.

The law of this file: who hands up says why; from then on the district has the word, and nobody below sends
the case on. The district takes it (a department of its own leads), names who does it, or sends it back down
with words. Neighbours only see that it is being found out whose it is.
"""

from __future__ import annotations

from typing import Final

from intake.acknowledging import case_params, staff_buttons
from intake.cases import Case
from intake.desk import Desk
from intake.joint_parts import DISTRICT, JointPart, Outcome, PartKind
from intake.ladder import ROLE_OF, Whom
from intake.lifecycle import Action, NotNow
from intake.notices import Notice, ToDepartment, ToRole, ToStaff, Urgency
from intake.part_clock import set_part_clock
from intake.parts import answered, new_part, with_parts
from intake.people import Person, Right
from intake.taxonomy import Level, Taxonomy
from intake.templates import Template
from intake.whistling import within

_UP: Final = PartKind.BEYOND


def asked_of_district(case: Case) -> JointPart | None:
    """What the district has to decide, if anything."""
    return next((part for part in case.open_parts if part.kind is _UP), None)


def is_streets(taxonomy: Taxonomy, case: Case) -> bool:
    """Whether it lies with the street or below: what a department of the district leads is not beyond it."""
    lead = taxonomy.departments.get(case.lead or "")
    return lead is None or not lead.is_district


def may_hand_up(desk: Desk, person: Person, case: Case) -> bool:
    """Whether somebody may ask the district; whoever decides there asks nobody."""
    decides = desk.may(person, Right.DECIDE_UP, case)
    return desk.may(person, Right.HAND_UP, case) and not decides


def hand_up(desk: Desk, case: Case, person: Person, why: str) -> Case:
    """Beyond what the street may do: the district decides."""
    why = " ".join(why.split())
    part = new_part(desk, _UP, DISTRICT, person, within(desk, case.level), why)
    case = desk.act(
        case, Action.HAND_UP, person.id, why, taken_by=None, parts=with_parts(case, [part])
    )
    set_part_clock(desk, case)
    params = case_params(desk, case) | {
        "by": person.name,
        "words": why,
        "due": part.due.isoformat(),
    }
    urgency = Urgency.ALERT if case.level is Level.A else Urgency.ANSWER
    for to in (ToRole(ROLE_OF[Whom.DISTRICT], case.grid), ToStaff(case.grid)):
        desk.say(Notice(Template.STAFF_BEYOND, to, params, (), urgency, case.id))
    return case


def decided(desk: Desk, case: Case, person: Person, words: str) -> Case:
    """The district said whose it is (`leading.send`): its word is given."""
    part = asked_of_district(case)
    if part is None:
        return case
    case = desk.amend(case, parts=answered(desk, case, [part], Outcome.DONE, person, words))
    set_part_clock(desk, case)
    return case


def send_down(desk: Desk, case: Case, person: Person, words: str) -> Case:
    """The street can do it: back to whoever leads, with words."""
    part = asked_of_district(case)
    if part is None:
        raise NotNow(case.state, Action.SEND_DOWN)
    words = " ".join(words.split())
    parts = answered(desk, case, [part], Outcome.DECLINED, person, words)
    case = desk.act(case, Action.SEND_DOWN, person.id, words, parts=parts)
    set_part_clock(desk, case)
    params = case_params(desk, case) | {"what": "区里退回街道", "words": words, "by": person.name}
    buttons = staff_buttons(desk, case)
    audiences: list[ToStaff | ToDepartment] = [ToStaff(case.grid)]
    audiences += [ToDepartment(code, case.grid) for code in case.leads]
    for to in audiences:
        desk.say(Notice(Template.STAFF_UPDATE, to, params, buttons, Urgency.ANSWER, case.id))
    return case
