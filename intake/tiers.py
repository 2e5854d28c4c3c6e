"""Three tiers of handling: party members and volunteers try, then the grid's mediators, then a department.

The law of this file: one tier after the other, each time with words on what was tried; who had it has it no
more, and the next hear of it. Limits run on from when the neighbour spoke.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from intake.acknowledging import case_params, refresh_ack, staff_buttons
from intake.cases import Case
from intake.desk import Desk
from intake.lifecycle import Action, CaseKind, NotNow, actions_from
from intake.notices import Notice, ToDepartment, ToStaff, Urgency
from intake.opening import start_clocks
from intake.people import Person, Right
from intake.taxonomy import Level, Tier
from intake.templates import Template

NEXT: Final[Mapping[Tier, Tier]] = {
    Tier.MEMBER: Tier.MEDIATION,
    Tier.MEDIATION: Tier.DEPARTMENT,
}
_WHO: Final = {
    Tier.MEMBER: (Right.REPORT, Right.CORRECT),
    Tier.MEDIATION: (Right.CORRECT,),
}
"""Whoever tries may say that it did not do: party members and volunteers first, the grid's people then."""
_WHAT: Final = {Tier.MEDIATION: "转网格调解", Tier.DEPARTMENT: "转职能部门"}


def can_pass_on(case: Case) -> bool:
    """Whether there is a next tier, and somebody has it. A danger is everybody's at once."""
    goes = Action.PASS_ON in actions_from(case.kind, case.state)
    request = case.kind is CaseKind.REQUEST and case.emergency is None
    return goes and request and case.tier in NEXT


def may_pass_on(desk: Desk, person: Person, case: Case) -> bool:
    """Whether this person may say that this tier could not."""
    return any(desk.may(person, right, case) for right in _WHO.get(case.tier, (Right.CORRECT,)))


def pass_on(desk: Desk, case: Case, person: Person, why: str) -> Case:
    """To the next tier. Raises NotNow where there is none."""
    if not can_pass_on(case):
        raise NotNow(case.state, Action.PASS_ON)
    why, tier = " ".join(why.split()), NEXT[case.tier]
    case = desk.act(
        case, Action.PASS_ON, person.id, f"{tier.value} {why}", tier=tier, taken_by=None
    )
    start_clocks(desk, case)
    refresh_ack(desk, case)
    params = case_params(desk, case) | {"what": _WHAT[tier], "words": why, "by": person.name}
    buttons = staff_buttons(desk, case)
    to_staff = ToStaff(case.grid)
    desk.say(Notice(Template.STAFF_UPDATE, to_staff, params, buttons, Urgency.ANSWER, case.id))
    if tier is Tier.DEPARTMENT and case.lead is not None:
        to = ToDepartment(case.lead, case.grid)
        urgency = Urgency.ALERT if case.level is Level.A else Urgency.ANSWER
        told = params | {"triage": case.triage.value, "why": why}
        desk.say(Notice(Template.STAFF_CASE, to, told, buttons, urgency, case.id))
    return case


def tier_of(words: str) -> tuple[Tier | None, str]:
    """The words of a step to the next tier, read again."""
    tier, _, why = words.partition(" ")
    return (Tier(tier), why) if tier in set(Tier) else (None, words)
