"""A pause: the clock stands still while whoever works on a case waits for what is not theirs to hasten.

The law of this file: for one of a few reasons, with words, and until a day at most; never level A or a
danger, never what is late already. The first short one is the handler's own; a longer or a further one is
given by somebody above, and never by whoever asked. It ends by itself on its day, at once when the neighbour
says more where that was waited for, by a press, and with the work. The neighbour hears once why it waits and
until when.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from intake.acknowledging import at_work_on, case_params
from intake.cases import Case, TimerKind
from intake.days import day_between, day_of
from intake.deadlines import due
from intake.desk import Desk
from intake.extending import ASKED, NOTHING_ASKED, can_wait
from intake.lifecycle import Action, NotNow, actions_from
from intake.notices import Button, Notice, ToPerson, ToRole, ToStaff, Urgency
from intake.paused import moved_by, resumed
from intake.people import Person
from intake.supervising import reported
from intake.taxonomy import Clock, Visibility
from intake.templates import Template
from intake.working import news, spread

NEIGHBOUR: Final = "neighbour"
PAUSE_REASONS: Final = {
    NEIGHBOUR: "等报事人补充",
    "parts": "等配件、材料",
    "weather": "等天气",
    "approval": "等上级或产权单位批复",
    "survey": "等检测、鉴定结果",
}
"""What the clock may stand still for (domain.md §3: 补充信息(停表); the others as the trade has them)."""

MOST_PAUSES: Final = 3
OWN_HOURS: Final = 72
"""Three working days, in the hours of a working limit: so long the first pause may be by one's own word."""
LONGEST_HOURS: Final = 240
"""Ten working days, as for more time."""


def can_pause(desk: Desk, case: Case) -> bool:
    """Whether its clock may be stopped, or that be asked for, now."""
    free = not case.is_paused and case.asked_until is None and case.pauses < MOST_PAUSES
    in_time = case.resolve_due is not None and case.resolve_due > desk.now
    return (
        can_wait(case) and free and in_time and Action.PAUSE in actions_from(case.kind, case.state)
    )


def is_pause_asked(case: Case) -> bool:
    """Whether somebody above has to say yes or no to a pause."""
    return case.asked_pause is not None and Action.PAUSE in actions_from(case.kind, case.state)


def latest_end(desk: Desk, hours: int = LONGEST_HOURS) -> datetime:
    """The latest day until which it may stand still."""
    return due(desk.now, hours, Clock.WORKDAY, desk.rules.calendar, desk.rules.zone).at


def ask_or_pause(desk: Desk, case: Case, person: Person, reason: str, day: str, words: str) -> Case:
    """Stop the clock until the end of `day` at most, or ask for it where it is not one's own to decide.
    Raises NoSuchDate."""
    until = day_between(desk, day, desk.now, latest_end(desk))
    words = " ".join(words.split())
    own = until.date() <= latest_end(desk, OWN_HOURS).astimezone(desk.rules.zone).date()
    if case.pauses == 0 and own:
        return _pause(desk, case, person, reason, until, words)
    return _ask(desk, case, person, reason, until, words)


def _ask(desk: Desk, case: Case, person: Person, reason: str, until: datetime, words: str) -> Case:
    case = desk.act(
        case,
        Action.ASK_PAUSE,
        person.id,
        step_words(reason, day_of(desk, until), words),
        asked_until=until,
        asked_why=words,
        asked_by=person.id,
        asked_pause=reason,
    )
    params = case_params(desk, case) | {
        "by": person.name, "words": words, "reason": reason, "until": until.isoformat()
    }  # fmt: skip
    buttons = tuple(
        Button(label, f"pau:{case.id}:{answer}:{day_of(desk, until)}")
        for label, answer in (("同意暂停", "y"), ("不同意", "n"))
    )
    staff, template = ToStaff(case.grid), Template.STAFF_ASKS_PAUSE
    desk.say(Notice(template, staff, params, (), Urgency.ANSWER, case.id))
    for role in ASKED:
        to = ToRole(role, case.grid)
        desk.say(Notice(template, to, params, buttons, Urgency.PROGRESS, case.id))
    return case


def allow(desk: Desk, case: Case, person: Person) -> Case:
    """Yes: the clock stands still from now on."""
    reason, until = case.asked_pause, case.asked_until
    if reason is None or until is None or until <= desk.now:
        raise NotNow(case.state, Action.PAUSE)
    if case.resolve_due is None or case.resolve_due <= desk.now:  # it ran out while nobody answered
        raise NotNow(case.state, Action.PAUSE)
    return _pause(desk, case, person, reason, until, case.asked_why or "")


def refuse(desk: Desk, case: Case, person: Person, words: str) -> Case:
    """No: the clock runs on."""
    if case.asked_pause is None:
        raise NotNow(case.state, Action.REFUSE_PAUSE)
    case = desk.act(case, Action.REFUSE_PAUSE, person.id, words, **NOTHING_ASKED)
    _tell_staff(desk, case, "不同意暂停", person.name, words)
    return case


def _pause(
    desk: Desk, case: Case, person: Person, reason: str, until: datetime, words: str
) -> Case:
    limit = case.resolve_due or desk.now
    desk.cancel_timers(case.id, (TimerKind.CALENDAR,))
    case = desk.act(
        case,
        Action.PAUSE,
        person.id,
        step_words(reason, day_of(desk, until), words),
        paused_why=reason,
        paused_at=desk.now,
        paused_until=until,
        paused_due=limit,
        resolve_due=moved_by(case, limit, desk.now, until, desk.rules),
        provisional=False,
        pauses=case.pauses + 1,
        **NOTHING_ASKED,
    )
    desk.set_timer(TimerKind.PAUSE, case.id, until, case.grid)
    if case.resolve_due is not None:
        desk.set_timer(TimerKind.RESOLVE_DUE, case.id, case.resolve_due, case.grid)
    _tell_staff(desk, case, "暂停计时", person.name, words)
    _tell_neighbours(desk, case, reason, until, words)
    return reported(desk, case, person, "暂停计时", words)


def resume(desk: Desk, case: Case, person: Person | None, why: str) -> Case:
    """The clock runs again; its limit is later by the time that it stood."""
    if not case.is_paused:
        raise NotNow(case.state, Action.RESUME)
    actor = person.id if person else None
    fields = resumed(case, desk.now, desk.rules)
    case = desk.act(case, Action.RESUME, actor, why, **fields)
    desk.cancel_timers(case.id, (TimerKind.PAUSE,))
    _tell_staff(desk, case, "恢复计时", person.name if person else why, "")
    return case


def end_pause(desk: Desk, case: Case) -> None:
    """The day until which it might stand still may be over."""
    if case.paused_until is None:
        return
    if case.paused_until > desk.now:
        desk.set_timer(TimerKind.PAUSE, case.id, case.paused_until, case.grid)
        return
    resume(desk, case, None, DAY_OVER)


DAY_OVER: Final = "等到日子了"
TOLD_MORE: Final = "报事人补充了"


def heard_more(desk: Desk, case: Case) -> Case:
    """The reporter said more: what waited for that waits no longer."""
    if case.paused_why != NEIGHBOUR:
        return case
    return resume(desk, case, None, TOLD_MORE)


_ARROW: Final = " → "


def step_words(reason: str, day: str, words: str) -> str:
    """The words of a pause in the timeline."""
    return f"{reason}{_ARROW}{day}{_ARROW}{words}"


def read_step(words: str) -> tuple[str, str, str]:
    """The words of a pause in the timeline, read again: its reason's name, its day, why."""
    reason, _, rest = words.partition(_ARROW)
    day, _, why = rest.partition(_ARROW)
    return PAUSE_REASONS.get(reason, reason), day, why


def _tell_staff(desk: Desk, case: Case, what: str, by: str, words: str) -> None:
    params = case_params(desk, case) | {"what": what, "words": words, "by": by}
    for to in at_work_on(case):
        desk.say(Notice(Template.STAFF_UPDATE, to, params, (), Urgency.ANSWER, case.id))


def _tell_neighbours(desk: Desk, case: Case, reason: str, until: datetime, words: str) -> None:
    """Once, why it waits and until when; what is asked of a reporter whose case no group may read, they are
    asked alone."""
    waits = {"words": words, "reason": reason}
    alone = case.visibility is not Visibility.GROUP and reason == NEIGHBOUR
    if alone and desk.reachable(case.reporter):
        params = case_params(desk, case) | waits | {"alone": "1"}
        to = ToPerson(case.reporter)
        desk.say(Notice(Template.PAUSED, to, params, (), news(case), case.id))
        return
    spread(desk, case, Template.PAUSED, waits, Urgency.PROGRESS)
