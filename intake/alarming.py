"""Danger: answer at once, alert people at once, and go on until somebody takes it.

The law of this file: the bot never replaces the call to 119/120/110; it says which to call. Classes with
`group_reply: false` get not one word in the group. An alert that nobody takes within five minutes goes
to the next on the grid's duty list, then round again, and staff see that nobody took it. Each call stands in
the timeline of the case.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from intake.acknowledging import answer_danger, case_params
from intake.cases import Case, CaseId, TimerKind
from intake.desk import Desk
from intake.joining import join
from intake.lifecycle import DONE, Action
from intake.matching import DANGER_WINDOW, places_agree, same_report
from intake.notices import Button, Notice, ToChat, ToPerson, ToStaff, Urgency, once_in
from intake.opening import Call, open_case
from intake.people import Person
from intake.taxonomy import Visibility
from intake.templates import Template
from intake.verdict import Verdict
from intake.working import take

TAKE_WITHIN = timedelta(minutes=5)
OWN_DANGER = timedelta(minutes=15)
"""So long whoever cried for help goes on about the same danger."""
SAME_CRY = timedelta(minutes=2)
"""So long every further word of a cry belongs to it, of whatever class."""
LOOK_ONCE = timedelta(minutes=10)
"""So long one look at somebody's words about one danger is enough."""

ROUNDS = 3
"""How often the whole duty list is gone through before only staff are reminded at the limit."""


def alarm(desk: Desk, call: Call) -> Verdict:
    """An emergency was heard: join the one that is open, or open it and alert people."""
    code = call.reading.emergency
    known = same_report(desk, call.grid, call.said.chat, call.person.id, call.reading)
    known = known or _own_danger(desk, call)
    if known is not None and known.state not in DONE:  # what was put out and burns again is new
        verdict = join(desk, known, call.said, call.person, call.reading)
        if not _same_help(desk, known, call):
            _other_help(desk, known, call)
        return Verdict("emergency", code, verdict.cases)
    case = open_case(desk, call)
    alert_next(desk, case)
    return Verdict("emergency", code, (case.id,), (case.id,))


def _own_danger(desk: Desk, call: Call) -> Case | None:
    """What somebody cried for help for just now, whatever class their next words are of: 我和我女儿 after
    我关在电梯里. Another place is another danger."""
    for case in desk.open_cases(call.grid):
        own = case.reporter == call.person.id and case.chat == call.said.chat
        lately = desk.now - case.opened_at <= OWN_DANGER
        if own and lately and case.emergency is not None:
            elsewhere = places_agree(case.place, call.reading.place) is False
            at_once = desk.now - case.opened_at <= SAME_CRY and not _hidden(desk, case, call)
            return None if elsewhere or not (at_once or _same_help(desk, case, call)) else case
    return None


def _same_help(desk: Desk, case: Case, call: Call) -> bool:
    """Whether the same number is to be called and the same may be said: a fire is no more of a lift."""
    dangers = desk.rules.taxonomy.emergencies
    one, other = dangers[case.emergency or ""], dangers[call.reading.emergency or ""]
    return one.call == other.call and not _hidden(desk, case, call)


def _hidden(desk: Desk, case: Case, call: Call) -> bool:
    """Whether of one of the two not one word may be said in a group."""
    dangers = desk.rules.taxonomy.emergencies
    both = (case.emergency or "", call.reading.emergency or "")
    return not all(dangers[code].group_reply for code in both)


def _other_help(desk: Desk, case: Case, call: Call) -> None:
    """The same cry tells of a danger for which another number is called: it is said, and people are alerted
    again."""
    answer_danger(desk, replace(case, emergency=call.reading.emergency), call.said)
    alert_next(desk, desk.facts.cases[case.id])


def look(desk: Desk, call: Call, opened: tuple[CaseId, ...]) -> None:
    """It may be a danger, and may not: staff are asked to look, and nobody is alarmed. Silent where the
    grid is alarmed already. `opened` are the cases that the line opened:
    one that it was only added to is about something else."""
    alarmed = any(
        case.emergency is not None and desk.now - case.opened_at <= DANGER_WINDOW
        for case in desk.open_cases(call.grid)
    )
    if alarmed:
        return
    code = call.reading.suspicion or ""
    danger = desk.rules.taxonomy.emergencies[code]
    case = opened[0] if opened else None
    params = {
        "by": call.person.name,
        "words": call.reading.masked_text,
        "title": danger.name,
        "call": danger.call,
        "case": case or "",
        "alone": "" if danger.group_reply and not call.said.private else "1",
    }
    once = once_in(LOOK_ONCE, desk.now, "look", call.grid, call.person.id, code)
    to = ToStaff(call.grid)
    desk.say(Notice(Template.STAFF_LOOK, to, params, (), Urgency.ALERT, case, once=once))


def alert_next(desk: Desk, case: Case) -> Case:
    """Alert the next on the duty list and set the clock for the one after."""
    duty = desk.duty(case.grid)
    order = case.alert + 1
    called = duty[(order - 1) % len(duty)] if duty else None
    case = desk.act(case, Action.CALL, None, called.person if called else "", alert=order)
    params = case_params(desk, case) | {"round": str(order)}
    buttons = (Button("我来处理", f"mine:{case.id}"), Button("是误报", f"false:{case.id}"))
    if called is not None:
        person = desk.facts.people.get(called.person)
        params |= {"who": f"{called.title}{person.name if person else ''}"}
        to_person = ToPerson(called.person)
        desk.say(Notice(Template.ALERT, to_person, params, buttons, Urgency.ALERT, case.id))
    again = order > 1 and bool(duty)
    template = Template.ALERT_UNANSWERED if again else Template.ALERT
    to_staff = ToStaff(case.grid)
    desk.say(Notice(template, to_staff, params, buttons, Urgency.ALERT, case.id))
    if order < ROUNDS * max(1, len(duty)):
        desk.set_timer(TimerKind.DUTY, case.id, desk.now + TAKE_WITHIN, case.grid)
    return case


def answer_alert(desk: Desk, case: Case, person: Person) -> Case:
    """Somebody has it: the clock of the duty list stops, and the others are told."""
    case = take(desk, case, person)
    params = case_params(desk, case) | {"by": person.name}
    to = ToStaff(case.grid)
    desk.say(Notice(Template.ALERT_TAKEN, to, params, (), Urgency.ALERT, case.id))
    return case


def false_alarm(desk: Desk, case: Case, person: Person) -> Case:
    """It was no danger: withdraw it, and excuse ourselves where we spoke."""
    case = desk.act(case, Action.WITHDRAW, person.id, "误报", closed_at=desk.now)
    desk.cancel_timers(case.id, (TimerKind.DUTY, TimerKind.RESPOND_DUE, TimerKind.RESOLVE_DUE))
    if case.visibility is not Visibility.PRIVATE and case.chat in desk.facts.chats:
        desk.say(Notice(Template.FALSE_ALARM, ToChat(case.chat), {"case": case.id}, case=case.id))
    return case
