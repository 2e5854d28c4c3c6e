"""Who leads: a case is handed back, or sent to another department or level.

The law of this file: whoever hands a case back says why and whose it would be; whoever sends it on says
why. Its limits run on from when the neighbour spoke. What came back twice is arbitrated: then only a centre
above the grid says who leads.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from intake.acknowledging import case_params, refresh_ack, staff_buttons
from intake.beyond import asked_of_district, decided
from intake.cases import Case
from intake.desk import Desk
from intake.lifecycle import Action, State
from intake.notices import Button, Notice, ToDepartment, ToStaff, Urgency
from intake.opening import start_clocks
from intake.people import Person, Right
from intake.routing import FALLBACK_LEAD
from intake.taxonomy import Department, Level, Taxonomy, Tier, successor
from intake.templates import Template

HAND_BACK_REASONS: Final = {"1": "属地不符", "2": "权属不清", "3": "职能交叉"}
"""The three reasons for which a case may be handed back (domain.md §3)."""

ARBITRATION_RETURNS: Final = 2
"""From this hand-back on, the grid centre decides who leads."""

_ARROW: Final = " → "


class Returned(NamedTuple):
    """Why a case came back, and whose it would be: a department's code, or words, or ""."""

    reason: str
    place: str


class Sent(NamedTuple):
    """To which department a case was sent, and why; of what went out by itself there is no why."""

    department: str
    why: str


def in_arbitration(case: Case) -> bool:
    """Whether it came back so often that the grid centre decides who leads."""
    return case.state is State.TO_DISPATCH and case.returns >= ARBITRATION_RETURNS


def right_to_send(case: Case) -> Right:
    """What somebody needs to say who leads a case now."""
    if asked_of_district(case) is not None:
        return Right.DECIDE_UP
    return Right.ARBITRATE if in_arbitration(case) else Right.CORRECT


def returned(words: str) -> Returned:
    """The words of a hand-back in the timeline, read again."""
    reason, _, place = words.partition(_ARROW)
    return Returned(reason, place)


def sent(words: str) -> Sent:
    """The words of a dispatch in the timeline, read again."""
    department, _, why = words.partition(" ")
    return Sent(department, why)


def named(departments: Mapping[str, Department], text: str) -> list[str]:
    """The departments that somebody may mean: the one of this code or name, else those whose name has it.
    For one that was merged into another stands that one."""
    text = text.strip()
    if not text:
        return []
    exact = [code for code, one in departments.items() if text in (code, one.name)]
    found = exact or [code for code, one in departments.items() if text in one.name]
    return list(dict.fromkeys(successor(departments, code) for code in found))


def likely(taxonomy: Taxonomy, case: Case) -> list[str]:
    """Departments to which it may well go: those that lead what it was also read as, or help with it, and the
    grid centre."""
    items = [taxonomy.items[code] for code in case.guesses if code in taxonomy.items]
    own = taxonomy.items.get(case.item or "")
    named = [*((own.lead, *own.co) if own else ()), *case.co, *(item.lead for item in items)]
    codes = [successor(taxonomy.departments, code) for code in named]
    known = dict.fromkeys(code for code in (*codes, FALLBACK_LEAD) if code in taxonomy.departments)
    stays = case.state is State.TO_DISPATCH  # then it may be said that it was theirs after all
    return [code for code in known if stays or code != case.lead]


def hand_back(desk: Desk, case: Case, person: Person, reason: str, place: str) -> Case:
    """Not ours: back to dispatching with one of three reasons and the place whose it would be; the second
    time it is arbitrated."""
    why = HAND_BACK_REASONS.get(reason, reason)
    place = " ".join(place.split())
    case = desk.act(
        case,
        Action.HAND_BACK,
        person.id,
        f"{why}{_ARROW}{place}",
        returns=case.returns + 1,
        taken_by=None,
    )
    department = desk.rules.taxonomy.departments.get(place)
    params = case_params(desk, case) | {
        "words": why,
        "whose": department.name if department else place,
        "by": person.name,
        "what": "退单",
        "arbitration": "1" if in_arbitration(case) else "",
    }
    buttons = (Button("改派", f"fix:{case.id}"), Button("我接手", f"take:{case.id}"))
    to = ToStaff(case.grid)
    desk.say(Notice(Template.STAFF_UPDATE, to, params, buttons, Urgency.ANSWER, case.id))
    return case


def send(desk: Desk, case: Case, person: Person, department: str, why: str) -> Case:
    """Somebody says who leads from now on; its limits count from when the neighbour spoke, as before."""
    why = " ".join(why.split())
    case = decided(desk, case, person, why)
    case = desk.act(
        case,
        Action.DISPATCH,
        person.id,
        f"{department} {why}",
        lead=department,
        co=tuple(code for code in case.co if code != department),
        tier=Tier.DEPARTMENT,
        # Whoever answered a danger has it in hand until the others take it.
        taken_by=case.taken_by if case.emergency else None,
    )
    start_clocks(desk, case)
    refresh_ack(desk, case)
    _tell(desk, case, person, why)
    return case


def _tell(desk: Desk, case: Case, person: Person, why: str) -> None:
    """The grid's staff hear where it went, the department that it is theirs now, and why."""
    params = case_params(desk, case)
    about = {"what": f"派给{params['department']}", "words": why, "by": person.name}
    to_staff, buttons = ToStaff(case.grid), staff_buttons(desk, case)
    desk.say(Notice(Template.STAFF_UPDATE, to_staff, params | about, (), Urgency.ANSWER, case.id))
    to = ToDepartment(case.lead or "", case.grid)
    urgency = Urgency.ALERT if case.level is Level.A else Urgency.ANSWER
    told = params | {"triage": case.triage.value, "why": why, "by": person.name}
    desk.say(Notice(Template.STAFF_CASE, to, told, buttons, urgency, case.id))
