"""Something has fallen due.

The law of this file: a timer looks at the case as it stands now; where its reason has passed it does
nothing. Silence of a neighbour never stops a case: an unanswered question lets the best guess go on
its way, an unrated case closes without a score. Who is told of a missed limit stands in `ladder.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from intake.acknowledging import refresh_ack, tell_staff
from intake.alarming import alert_next
from intake.announcing import remind, tell_over
from intake.asking_which import lapse_which
from intake.calling_back import draw, mark, set_the_draw
from intake.cases import Case, Timer, TimerKind
from intake.collecting import collect
from intake.desk import Desk
from intake.grids import ChatRef
from intake.heard import works
from intake.ladder import climb
from intake.lifecycle import Action, State
from intake.mornings import tell_morning
from intake.notices import Notice, ToStaff, Urgency
from intake.opening import dispatch, limits_with_merged, start_clocks
from intake.own_records import erase, tell_all
from intake.part_clock import climb_parts
from intake.pausing import end_pause
from intake.rating import lapse
from intake.routing import route
from intake.supervising import unreported, watch_late
from intake.templates import Template
from intake.verdict import IGNORED, Verdict
from intake.wordless import open_wordless, pictured

WEEK = timedelta(days=7)


def fire(desk: Desk, timer: Timer) -> Verdict:
    """Do what is due, if it still is."""
    desk.changes.timers.setdefault(timer.key, None)
    if timer.kind in _OF_NO_CASE:
        return _OF_NO_CASE[timer.kind](desk, timer)
    case = desk.facts.cases.get(timer.subject)
    if case is not None and timer.kind is TimerKind.CALL_BACK:
        return mark(desk, case)
    if case is None or not case.is_open:
        return IGNORED
    match timer.kind:
        case TimerKind.CONFIRM:
            _best_guess(desk, case)
        case TimerKind.RESPOND_DUE | TimerKind.RESOLVE_DUE:
            climb(desk, case, timer.kind)
            watch_late(desk, case)
        case TimerKind.JOINT:
            climb_parts(desk, case)
        case TimerKind.SUPERVISION:
            unreported(desk, case)
            climb(desk, case, timer.kind)
        case TimerKind.RATING:
            if case.state is State.TO_RATE:
                set_the_draw(desk, lapse(desk, case))
        case TimerKind.DUTY:
            if case.taken_by is None:
                alert_next(desk, case)
        case TimerKind.PAUSE:
            end_pause(desk, case)
        case TimerKind.CALENDAR:
            _recompute(desk, case)
        case _:
            return IGNORED
    return Verdict("timer", None, (case.id,))


def _end_gathering(desk: Desk, timer: Timer) -> Verdict:
    """Nothing followed the lead-in: forget it, but for a neighbour's photo that can be looked at."""
    chat_text, _, sender = timer.subject.rpartition("|")
    channel, _, chat = chat_text.partition(":")
    gathering = desk.end_gathering(ChatRef(channel, chat), sender)
    if gathering is None or timer.grid not in desk.facts.grids or not pictured(desk, gathering):
        return IGNORED
    person = desk.facts.people.get(sender)
    if person is not None and works(desk, person, timer.grid):
        return IGNORED
    case = open_wordless(desk, gathering, timer.grid)
    return Verdict("timer", None, (case.id,), (case.id,))


def _brief(desk: Desk, timer: Timer) -> Verdict:
    """The brief of the week before is drafted where this is saved; staff hear that it waits for them."""
    grid = desk.facts.grids.get(timer.grid or "")
    if grid is None or desk.now - timer.due >= WEEK:
        return IGNORED
    audience, once = ToStaff(grid.id), f"brief|{timer.subject}"
    params = {"area": grid.name}
    notice = Notice(Template.STAFF_BRIEF, audience, params, urgency=Urgency.DIGEST, once=once)
    desk.say(notice)
    return Verdict("timer")


def _best_guess(desk: Desk, case: Case) -> None:
    if case.state is not State.TO_CONFIRM:
        return
    case = dispatch(desk, desk.act(case, Action.ACCEPT, None, "未回话，先按最可能的办"))
    tell_staff(desk, case)
    refresh_ack(desk, case)


def _recompute(desk: Desk, case: Case) -> None:
    """The year's holidays may have been published since."""
    if not case.provisional:
        return  # the end is a date that was promised
    own = route(desk.rules, case.item, case.opened_at, case.level).deadlines
    case = desk.amend(case, **limits_with_merged(desk, own, desk.behind(case)))
    start_clocks(desk, case)


_OF_NO_CASE: dict[TimerKind, Callable[[Desk, Timer], Verdict]] = {
    TimerKind.GATHER: _end_gathering,
    TimerKind.DIGEST: collect,
    TimerKind.BRIEF: _brief,
    TimerKind.MORNING: tell_morning,
    TimerKind.BULLETIN: tell_over,
    TimerKind.CARD: remind,
    TimerKind.WHICH: lapse_which,
    TimerKind.CALL_BACKS: draw,
    TimerKind.EXPORT: tell_all,
    TimerKind.ERASE: erase,
}
"""What becomes due of a talk, a grid or a person."""
