"""Supervision: somebody above follows a case until it is done.

The law of this file: street or district put a case under supervision with words and a day until which
progress is to be reported; a rule does it where what was reopened came back once more, and where the last on
the ladder was told that it is late. Whoever works on it hears at once; every report goes to whoever
supervises, and asks for the next. It ends by their word, or when the neighbour is content; not by silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from intake.acknowledging import at_work_on, case_params
from intake.cases import Case, TimerKind, rung_name
from intake.days import day_between, day_of
from intake.deadlines import due
from intake.desk import Desk
from intake.ladder import Whom, past_the_top
from intake.lifecycle import Action, State, actions_from
from intake.notices import Audience, Notice, ToPerson, ToRole, Urgency
from intake.people import Person, Role
from intake.taxonomy import Clock
from intake.templates import Template

LONGEST_HOURS: Final = 240
"""The first report is asked for within ten working days."""
AGAIN_HOURS: Final = 72
"""After a report the next is due in three working days, if the day that was set does not come later."""
RULE_HOURS: Final = 48
"""Where a rule puts it under supervision, the first report is due in two working days."""
MOST_REOPENED: Final = 2
"""From the second 没好 on (domain.md §3: 重办仍不满意→督办)."""
CONTENT: Final = 4
"""From this score on a neighbour is content."""

CAME_BACK: Final = "重办过还是没好"
PAST_THE_TOP: Final = "超时，各级都催过还没办好"
NOT_SUPERVISED: Final[dict[str, Any]] = {
    "supervised_until": None,
    "supervised_why": None,
    "supervised_by": None,
}


def can_supervise(case: Case) -> bool:
    """Whether it may be put under supervision now."""
    return Action.SUPERVISE in actions_from(case.kind, case.state)


def may_change(desk: Desk, person: Person, case: Case) -> bool:
    """Whether it is theirs to lift or to set anew: their own, that of somebody for whom they stand in, a
    rule's, or the street's where they are the district."""
    own = case.supervised_by in (None, person.id, *person.stands_for)
    return own or person.has_role_in(frozenset({Role.DISTRICT}), desk.grid(case.grid).path)


def supervise(desk: Desk, case: Case, person: Person, day: str, why: str) -> Case:
    """Progress is to be reported until the end of `day`. Raises NoSuchDate."""
    until = day_between(desk, day, desk.now, _in_hours(desk, LONGEST_HOURS))
    return _begin(desk, case, person, until, " ".join(why.split()))


def by_rule(desk: Desk, case: Case, why: str) -> Case:
    """What the law of supervision says by itself; what is under supervision stays with whoever has it."""
    if case.is_supervised or not can_supervise(case):
        return case
    return _begin(desk, case, None, _in_hours(desk, RULE_HOURS), why)


def watch_late(desk: Desk, case: Case) -> None:
    """The last on the ladder may have been told that it is late."""
    case = desk.facts.cases[case.id]
    if past_the_top(case):
        by_rule(desk, case, PAST_THE_TOP)


def came_back(desk: Desk, case: Case) -> Case:
    """It was not done after all: whoever supervises hears it, and reports are owed again."""
    if case.is_supervised:
        case = _owed_by(desk, case, _in_hours(desk, RULE_HOURS))
        tell_watchers(desk, case, "没好，又打开了", "", "报事人")
        return case
    return by_rule(desk, case, CAME_BACK) if case.reopened >= MOST_REOPENED else case


def _begin(desk: Desk, case: Case, person: Person | None, until: datetime, why: str) -> Case:
    case = desk.act(
        case,
        Action.SUPERVISE,
        person.id if person else None,
        f"{day_of(desk, until)} {why}",
        supervised_until=until,
        supervised_why=why,
        supervised_by=person.id if person else None,
        climbed=tuple(one for one in case.climbed if not one.startswith(_RUNGS)),
    )
    desk.set_timer(TimerKind.SUPERVISION, case.id, until, case.grid)
    params = case_params(desk, case) | {
        "by": person.name if person else "",
        "words": why,
        "until": until.isoformat(),
    }
    hands: list[Audience] = [ToPerson(case.taken_by)] if case.taken_by else []
    watching = () if person else watchers(desk, case)
    for to in (*at_work_on(case), *hands, *watching):
        desk.say(Notice(Template.STAFF_SUPERVISED, to, params, (), Urgency.ANSWER, case.id))
    return case


_RUNGS: Final = rung_name(TimerKind.SUPERVISION, "")


def lift(desk: Desk, case: Case, person: Person | None, why: str) -> Case:
    """It needs no supervision any more."""
    case = desk.act(case, Action.LIFT, person.id if person else None, why, **NOT_SUPERVISED)
    desk.cancel_timers(case.id, (TimerKind.SUPERVISION,))
    params = case_params(desk, case)
    params |= {"what": "解除督办", "words": "", "by": person.name if person else why}
    for to in at_work_on(case):
        desk.say(Notice(Template.STAFF_UPDATE, to, params, (), Urgency.ANSWER, case.id))
    return case


def reported(desk: Desk, case: Case, person: Person, what: str, words: str) -> Case:
    """Progress of what is under supervision goes to whoever supervises; the next report is owed by then."""
    if not case.is_supervised:
        return case
    case = _owed_by(desk, case, _in_hours(desk, AGAIN_HOURS))
    tell_watchers(desk, case, what, words, person.name)
    return case


def _owed_by(desk: Desk, case: Case, at: datetime) -> Case:
    until = max(at, case.supervised_until or at)
    desk.set_timer(TimerKind.SUPERVISION, case.id, until, case.grid)
    return desk.amend(case, supervised_until=until)


def content(desk: Desk, case: Case) -> Case:
    """The neighbour says that it is well: what was wanted is reached."""
    return lift(desk, case, None, "报事人满意") if case.is_supervised else case


def unreported(desk: Desk, case: Case) -> None:
    """The day may be over without a report: whoever supervises hears it, once for each day that was set."""
    late = case.supervised_until is not None and case.supervised_until <= desk.now
    told = rung_name(TimerKind.SUPERVISION, Whom.HANDLER) in case.climbed
    if late and not told and case.state not in (State.HANDLED, State.TO_RATE):
        tell_watchers(desk, case, "督办到期没报", "", "")


def take_over(desk: Desk, case: Case, main: Case) -> Case:
    """What is under supervision is merged into `main`: supervision goes on there."""
    if case.supervised_until is None or main.is_supervised or not can_supervise(main):
        return main
    desk.set_timer(TimerKind.SUPERVISION, main.id, case.supervised_until, main.grid)
    fields = {name: getattr(case, name) for name in NOT_SUPERVISED}
    return desk.amend(main, **fields)


def tell_watchers(desk: Desk, case: Case, what: str, words: str, by: str) -> None:
    """Whoever supervises hears a step of the case; nobody where nobody does."""
    if not case.is_supervised:
        return
    params = case_params(desk, case) | {"what": what, "words": words, "by": by}
    for to in watchers(desk, case):
        desk.say(Notice(Template.STAFF_WATCHED, to, params, (), Urgency.ANSWER, case.id))


def watchers(desk: Desk, case: Case) -> Sequence[Audience]:
    """Whoever supervises, and who stands in for them; where a rule does, the street, or without one the
    district."""
    by = case.supervised_by
    if by is not None:
        people = desk.facts.people.values()
        standing = sorted(person.id for person in people if by in person.stands_for)
        return [ToPerson(one) for one in (by, *standing)]
    path = desk.grid(case.grid).path
    street = frozenset({Role.STREET})
    known = any(person.has_role_in(street, path) for person in desk.facts.people.values())
    return [ToRole(Role.STREET if known else Role.DISTRICT, case.grid)]


def _in_hours(desk: Desk, hours: int) -> datetime:
    return due(desk.now, hours, Clock.WORKDAY, desk.rules.calendar, desk.rules.zone).at
