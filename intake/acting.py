"""What staff do to a case on a page of the desk.

The law of this file: the same steps as by button and by word, with the same rights and the same table of a
case's life; here they come with their words at once. What may not be raises, and nothing is changed.
"""

from __future__ import annotations

from intake.acts import (
    Act,
    EmptyWords,
    Given,
    NoSuchChoice,
    NoSuchPlace,
    NotAllowed,
    PartsOpen,
    Way,
    WordsMissing,
)
from intake.alarming import answer_alert, false_alarm
from intake.calling_back import OUTCOMES, awaits_call, call_back, may_call
from intake.cases import CallBack, Case
from intake.correcting import not_a_case, set_item, show, tell_not_a_case
from intake.desk import Desk
from intake.extending import ask_time, can_ask, decline, extend, is_asked
from intake.joint_acts import JOINT_ACTS
from intake.leading import HAND_BACK_REASONS, hand_back, named, right_to_send, send
from intake.lifecycle import Action, CaseKind, NotNow, State, actions_from
from intake.parts import owed_by_others
from intake.pausing import (
    PAUSE_REASONS,
    allow,
    ask_or_pause,
    can_pause,
    is_pause_asked,
    refuse,
    resume,
)
from intake.people import Person, Right
from intake.phrases import is_empty_talk
from intake.routing import shows_more
from intake.supervising import lift, may_change, supervise
from intake.taxonomy import Visibility
from intake.wishing import publish
from intake.working import ANYWAY, finish, may_work, reject, report, take


def act(desk: Desk, case: Case, person: Person, what: Act, given: Given) -> Case:
    """Do it; the case as it stands then. Raises NotAllowed, NotNow, WordsMissing or NoSuchChoice."""
    way = _WAYS[what]
    if not _may(desk, person, case, what):
        raise NotAllowed
    if not _now(desk, case, what):
        raise NotNow(case.state, way.step)
    if way.words and not given.words.strip():
        raise WordsMissing
    way.do(desk, case, person, given)
    return desk.facts.cases[case.id]


def possible_acts(desk: Desk, case: Case, person: Person) -> tuple[Act, ...]:
    """What this person may do to this case now, in the order of `Act`."""
    return tuple(what for what in Act if _now(desk, case, what) and _may(desk, person, case, what))


def _may(desk: Desk, person: Person, case: Case, what: Act) -> bool:
    """What is private is shown only by whoever may see what is private, not by having it in hand."""
    hidden = what is Act.SHOW and case.visibility is Visibility.PRIVATE
    also = (Right.SEE_PRIVATE,) if hidden else ()
    if what is Act.CALL_BACK and not may_call(case, person.id):
        return False
    if what in (Act.SUPERVISE, Act.LIFT) and not may_change(desk, person, case):
        return False
    right = right_to_send(case) if what is Act.SEND else _WAYS[what].right
    if what in (Act.EXTEND, Act.ALLOW_PAUSE) and person.id == case.asked_by:
        return False
    own = _WAYS[what].may
    if own is not None:
        return own(desk, person, case)
    if what is Act.RESUME and may_work(desk, person, case, Right.EXTEND):
        return True
    return all(may_work(desk, person, case, one) for one in (right, *also))


def _now(desk: Desk, case: Case, what: Act) -> bool:
    if what in (Act.ANSWER, Act.FALSE_ALARM):
        alerted = case.emergency is not None and case.alert > 0
        return alerted and _WAYS[what].step in actions_from(case.kind, case.state)
    own = _WAYS[what].now
    if own is not None and not own(desk, case):
        return False
    if what is Act.ASK_TIME:
        return can_ask(case)
    if what in (Act.EXTEND, Act.DECLINE):
        return is_asked(case)
    if what is Act.PAUSE:
        return can_pause(desk, case)
    if what in (Act.ALLOW_PAUSE, Act.REFUSE_PAUSE):
        return is_pause_asked(case)
    if what is Act.RESUME:
        return case.is_paused
    if what is Act.CALL_BACK:
        return awaits_call(case)
    if what is Act.LIFT:
        return case.is_supervised and Action.LIFT in actions_from(case.kind, case.state)
    if what is Act.CONFIRM:
        known = case.item in desk.rules.taxonomy.items
        return known and case.state is State.TO_CONFIRM
    if what is Act.PUBLISH:
        return case.kind is CaseKind.WISH and Action.PUBLISH in actions_from(case.kind, case.state)
    if what is Act.SHOW:
        more = shows_more(desk.rules, case.emergency, case.item, case.visibility)
        return more and Action.SHOW in actions_from(case.kind, case.state)
    if what is Act.SET:
        if case.settled:
            return case.state is State.CLOSED
        return case.is_open and case.state not in (State.TO_RATE, State.HANDLED)
    return _WAYS[what].step in actions_from(case.kind, case.state)


def _set(desk: Desk, case: Case, person: Person, given: Given) -> None:
    if given.choice not in desk.rules.taxonomy.items:
        raise NoSuchChoice(given.choice)
    set_item(desk, case, given.choice, person, "desk")


def _confirm(desk: Desk, case: Case, person: Person, given: Given) -> None:
    set_item(desk, case, case.item or "", person, "desk")


def _not_a_case(desk: Desk, case: Case, person: Person) -> None:
    tell_not_a_case(desk, not_a_case(desk, case, person))


def _finish(desk: Desk, case: Case, person: Person, given: Given) -> None:
    if is_empty_talk(given.words):
        raise WordsMissing
    owed = owed_by_others(case)
    if owed and given.choice != ANYWAY and not given.words.strip().startswith(ANYWAY):
        raise PartsOpen(owed)
    finish(desk, case, person, given.words, case.chat, anyway=True)


def _pause(desk: Desk, case: Case, person: Person, given: Given) -> None:
    if given.choice not in PAUSE_REASONS:
        raise NoSuchChoice(given.choice)
    if is_empty_talk(given.words):
        raise EmptyWords
    ask_or_pause(desk, case, person, given.choice, given.day, given.words)


def _call_back(desk: Desk, case: Case, person: Person, given: Given) -> None:
    if given.choice not in OUTCOMES:
        raise NoSuchChoice(given.choice)
    call_back(desk, case, person, CallBack(given.choice))


def _hand_back(desk: Desk, case: Case, person: Person, given: Given) -> None:
    if given.choice not in HAND_BACK_REASONS:
        raise NoSuchChoice(given.choice)
    found = named(desk.rules.taxonomy.departments, given.place)
    if not given.place.strip() or found == [case.lead]:
        raise NoSuchPlace(given.place, found)
    place = found[0] if len(found) == 1 else given.place
    hand_back(desk, case, person, given.choice, place)


def _send(desk: Desk, case: Case, person: Person, given: Given) -> None:
    found = named(desk.rules.taxonomy.departments, given.place)
    stays = found == [case.lead] and case.state is not State.TO_DISPATCH
    if len(found) != 1 or stays:
        raise NoSuchPlace(given.place, found)
    send(desk, case, person, found[0], given.words)


_WAYS: dict[Act, Way] = JOINT_ACTS | {
    Act.CONFIRM: Way(Right.CORRECT, Action.ACCEPT, _confirm),
    Act.SET: Way(Right.CORRECT, Action.CORRECT, _set),
    Act.NOT_A_CASE: Way(
        Right.CORRECT,
        Action.WITHDRAW,
        lambda desk, case, person, given: _not_a_case(desk, case, person),
    ),
    Act.TAKE: Way(
        Right.TAKE, Action.TAKE, lambda desk, case, person, given: take(desk, case, person)
    ),
    Act.REPORT: Way(
        Right.REPORT,
        Action.REPORT,
        lambda desk, case, person, given: report(desk, case, person, given.words),
        words=True,
    ),
    Act.FINISH: Way(Right.FINISH, Action.FINISH, _finish, words=True),
    Act.SEND: Way(Right.CORRECT, Action.DISPATCH, _send, words=True),
    Act.HAND_BACK: Way(Right.RETURN, Action.HAND_BACK, _hand_back),
    Act.ASK_TIME: Way(
        Right.FINISH,
        Action.ASK_TIME,
        lambda desk, case, person, given: ask_time(desk, case, person, given.day, given.words),
        words=True,
    ),
    Act.EXTEND: Way(
        Right.EXTEND, Action.EXTEND, lambda desk, case, person, given: extend(desk, case, person)
    ),
    Act.DECLINE: Way(
        Right.EXTEND,
        Action.DECLINE,
        lambda desk, case, person, given: decline(desk, case, person, given.words),
        words=True,
    ),
    Act.PAUSE: Way(Right.FINISH, Action.PAUSE, _pause, words=True),
    Act.ALLOW_PAUSE: Way(
        Right.EXTEND, Action.PAUSE, lambda desk, case, person, given: allow(desk, case, person)
    ),
    Act.REFUSE_PAUSE: Way(
        Right.EXTEND,
        Action.REFUSE_PAUSE,
        lambda desk, case, person, given: refuse(desk, case, person, given.words),
        words=True,
    ),
    Act.RESUME: Way(
        Right.FINISH,
        Action.RESUME,
        lambda desk, case, person, given: resume(desk, case, person, ""),
    ),
    Act.SUPERVISE: Way(
        Right.SUPERVISE,
        Action.SUPERVISE,
        lambda desk, case, person, given: supervise(desk, case, person, given.day, given.words),
        words=True,
    ),
    Act.LIFT: Way(
        Right.SUPERVISE,
        Action.LIFT,
        lambda desk, case, person, given: lift(desk, case, person, ""),
    ),
    Act.CALL_BACK: Way(Right.CALL_BACK, Action.CALL_BACK, _call_back),
    Act.REJECT: Way(
        Right.CORRECT,
        Action.REJECT,
        lambda desk, case, person, given: reject(desk, case, person, given.words),
        words=True,
    ),
    Act.PUBLISH: Way(
        Right.MODERATE_WISH,
        Action.PUBLISH,
        lambda desk, case, person, given: publish(desk, case, person, given.words),
        words=True,
    ),
    Act.ANSWER: Way(
        Right.ANSWER_ALERT,
        Action.TAKE,
        lambda desk, case, person, given: answer_alert(desk, case, person),
    ),
    Act.FALSE_ALARM: Way(
        Right.ANSWER_ALERT,
        Action.WITHDRAW,
        lambda desk, case, person, given: false_alarm(desk, case, person),
    ),
    Act.SHOW: Way(
        Right.CORRECT, Action.SHOW, lambda desk, case, person, given: show(desk, case, person)
    ),
}
