"""More time: asked for by whoever works on it, given by somebody above, told to the neighbour.

The law of this file: never for level A or a danger; at most twice, and each time by no more than ten working
days; nobody approves what they asked for themselves. What was asked for ends when nobody works on it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from intake.acknowledging import at_work_on, case_params
from intake.cases import Case, TimerKind
from intake.days import day_between, day_of
from intake.deadlines import due
from intake.desk import Desk
from intake.ladder import ROLE_OF, Whom
from intake.lifecycle import Action, NotNow, actions_from
from intake.notices import Button, Notice, ToRole, ToStaff, Urgency
from intake.people import Person
from intake.taxonomy import Clock, Level
from intake.templates import Template
from intake.working import spread

MOST_EXTENSIONS: Final = 2
LONGEST_HOURS: Final = 240
"""Ten working days, in the hours of a working limit (domain.md §3: 延期 ≤10 工作日)."""


def can_wait(case: Case) -> bool:
    """Whether its end may be put off at all: neither level A nor a danger."""
    return case.level is not Level.A and case.emergency is None and case.resolve_due is not None


def can_ask(case: Case) -> bool:
    """Whether more time can be asked for now."""
    again = case.asked_until is None and case.extensions < MOST_EXTENSIONS
    return (
        can_wait(case)
        and again
        and not case.is_paused
        and Action.ASK_TIME in actions_from(case.kind, case.state)
    )


def is_asked(case: Case) -> bool:
    """Whether somebody above has to say yes or no."""
    asked = case.asked_until is not None and case.asked_pause is None
    return asked and Action.EXTEND in actions_from(case.kind, case.state)


def latest(desk: Desk, case: Case) -> datetime:
    """The latest moment that may be asked for."""
    start = max(desk.now, case.resolve_due or desk.now)
    return due(start, LONGEST_HOURS, Clock.WORKDAY, desk.rules.calendar, desk.rules.zone).at


def ask_time(desk: Desk, case: Case, person: Person, day: str, why: str) -> Case:
    """Ask for more time until the end of `day`. Raises NoSuchDate."""
    first = max(desk.now, case.resolve_due or desk.now)
    until = day_between(desk, day, first, latest(desk, case))
    why = " ".join(why.split())
    case = desk.act(
        case,
        Action.ASK_TIME,
        person.id,
        f"{day_of(desk, until)} {why}",
        asked_until=until,
        asked_why=why,
        asked_by=person.id,
    )
    buttons = tuple(
        Button(label, f"ext:{case.id}:{answer}:{day_of(desk, until)}")
        for label, answer in (("同意延期", "y"), ("不同意", "n"))
    )
    params = case_params(desk, case) | {
        "by": person.name,
        "words": why,
        "until": until.isoformat(),
    }
    above = [ToRole(role, case.grid) for role in ASKED]
    audiences: list[ToStaff | ToRole] = [ToStaff(case.grid), *above]
    for to in audiences:
        shown = () if isinstance(to, ToStaff) else buttons
        urgency = Urgency.ANSWER if isinstance(to, ToStaff) else Urgency.PROGRESS
        desk.say(Notice(Template.STAFF_ASKS_TIME, to, params, shown, urgency, case.id))
    return case


ASKED: Final = (ROLE_OF[Whom.SUPERVISOR], ROLE_OF[Whom.STREET])
"""Who hears that somebody asks for more time; the district may answer too."""


def extend(desk: Desk, case: Case, person: Person) -> Case:
    """Yes: the limit moves, and the neighbour hears why and until when."""
    until, why = _asked(case)
    if until <= desk.now:  # nobody is promised a day that is over
        raise NotNow(case.state, Action.EXTEND)
    desk.cancel_timers(case.id, (TimerKind.CALENDAR,))
    case = desk.act(
        case,
        Action.EXTEND,
        person.id,
        f"{day_of(desk, until)} {why}",
        resolve_due=until,
        provisional=False,
        extensions=case.extensions + 1,
        **NOTHING_ASKED,
    )
    desk.set_timer(TimerKind.RESOLVE_DUE, case.id, until, case.grid)
    _tell_staff(desk, case, person, "同意延期", why)
    spread(desk, case, Template.EXTENDED, {"words": why}, Urgency.PROGRESS)
    return case


def decline(desk: Desk, case: Case, person: Person, words: str) -> Case:
    """No: the limit stays."""
    _asked(case)
    case = desk.act(case, Action.DECLINE, person.id, words, **NOTHING_ASKED)
    _tell_staff(desk, case, person, "不同意延期", words)
    return case


NOTHING_ASKED: Final = {
    "asked_until": None,
    "asked_why": None,
    "asked_by": None,
    "asked_pause": None,
}


def _asked(case: Case) -> tuple[datetime, str]:
    if case.asked_until is None or case.asked_pause is not None:
        raise NotNow(case.state, Action.EXTEND)
    return case.asked_until, case.asked_why or ""


def _tell_staff(desk: Desk, case: Case, person: Person, what: str, words: str) -> None:
    params = case_params(desk, case) | {"what": what, "words": words, "by": person.name}
    for to in at_work_on(case):
        desk.say(Notice(Template.STAFF_UPDATE, to, params, (), Urgency.ANSWER, case.id))
