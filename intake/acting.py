"""What staff do to a case on a page of the desk.

The law of this file: the same steps as by button and by word, with the same rights and the same table of a
case's life; here they come with their words at once. What may not be raises, and nothing is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from intake.alarming import answer_alert, false_alarm
from intake.cases import Case
from intake.correcting import not_a_case, set_item, show, tell_not_a_case
from intake.desk import Desk
from intake.extending import ask_time, can_ask, decline, extend, is_asked
from intake.leading import HAND_BACK_REASONS, hand_back, named, right_to_send, send
from intake.lifecycle import Action, CaseKind, NotNow, State, actions_from
from intake.people import Person, Right
from intake.phrases import is_empty_talk
from intake.routing import shows_more
from intake.taxonomy import Visibility
from intake.wishing import publish
from intake.working import finish, may_work, reject, report, take


class Act(StrEnum):
    """An act, named as its page names it."""

    CONFIRM = "confirm"
    SET = "set"
    NOT_A_CASE = "not-a-case"
    TAKE = "take"
    REPORT = "report"
    FINISH = "finish"
    SEND = "send"
    HAND_BACK = "hand-back"
    ASK_TIME = "ask-time"
    EXTEND = "extend"
    DECLINE = "decline"
    REJECT = "reject"
    PUBLISH = "publish"
    ANSWER = "answer"
    FALSE_ALARM = "false-alarm"
    SHOW = "show"


class NotAllowed(Exception):
    """This person may not do this to this case."""


class WordsMissing(Exception):
    """The act needs words, and those given are none or say nothing."""


class NoSuchChoice(Exception):
    """The act needs one of the given answers, and this is none of them."""


class NoSuchPlace(Exception):
    """The act needs a department, and `text` is none; `near` are the codes of those that it may mean, or,
    alone, of the one that leads already."""

    def __init__(self, text: str, near: Sequence[str] = ()) -> None:
        super().__init__(text)
        self.text = text
        self.near = tuple(near)


@dataclass(frozen=True, slots=True)
class Given:
    """What came with an act: the chosen item or reason, the words, whose it is to be, and until which
    day. `lead` is who led
    when the page was drawn, None where that is not known."""

    choice: str = ""
    words: str = ""
    place: str = ""
    lead: str | None = None
    day: str = ""


@dataclass(frozen=True, slots=True)
class _Way:
    right: Right
    step: Action
    do: Callable[[Desk, Case, Person, Given], object]
    words: bool = False


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
    right = right_to_send(case) if what is Act.SEND else _WAYS[what].right
    if what is Act.EXTEND and person.id == case.asked_by:
        return False
    return all(may_work(desk, person, case, one) for one in (right, *also))


def _now(desk: Desk, case: Case, what: Act) -> bool:
    if what in (Act.ANSWER, Act.FALSE_ALARM):
        alerted = case.emergency is not None and case.alert > 0
        return alerted and _WAYS[what].step in actions_from(case.kind, case.state)
    if what is Act.ASK_TIME:
        return can_ask(case)
    if what in (Act.EXTEND, Act.DECLINE):
        return is_asked(case)
    if what is Act.CONFIRM:
        return case.item is not None and case.state is State.TO_CONFIRM
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
    finish(desk, case, person, given.words, case.chat)


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


_WAYS: dict[Act, _Way] = {
    Act.CONFIRM: _Way(Right.CORRECT, Action.ACCEPT, _confirm),
    Act.SET: _Way(Right.CORRECT, Action.CORRECT, _set),
    Act.NOT_A_CASE: _Way(
        Right.CORRECT,
        Action.WITHDRAW,
        lambda desk, case, person, given: _not_a_case(desk, case, person),
    ),
    Act.TAKE: _Way(
        Right.TAKE, Action.TAKE, lambda desk, case, person, given: take(desk, case, person)
    ),
    Act.REPORT: _Way(
        Right.REPORT,
        Action.REPORT,
        lambda desk, case, person, given: report(desk, case, person, given.words),
        words=True,
    ),
    Act.FINISH: _Way(Right.FINISH, Action.FINISH, _finish, words=True),
    Act.SEND: _Way(Right.CORRECT, Action.DISPATCH, _send, words=True),
    Act.HAND_BACK: _Way(Right.RETURN, Action.HAND_BACK, _hand_back),
    Act.ASK_TIME: _Way(
        Right.FINISH,
        Action.ASK_TIME,
        lambda desk, case, person, given: ask_time(desk, case, person, given.day, given.words),
        words=True,
    ),
    Act.EXTEND: _Way(
        Right.EXTEND, Action.EXTEND, lambda desk, case, person, given: extend(desk, case, person)
    ),
    Act.DECLINE: _Way(
        Right.EXTEND,
        Action.DECLINE,
        lambda desk, case, person, given: decline(desk, case, person, given.words),
        words=True,
    ),
    Act.REJECT: _Way(
        Right.CORRECT,
        Action.REJECT,
        lambda desk, case, person, given: reject(desk, case, person, given.words),
        words=True,
    ),
    Act.PUBLISH: _Way(
        Right.MODERATE_WISH,
        Action.PUBLISH,
        lambda desk, case, person, given: publish(desk, case, person, given.words),
        words=True,
    ),
    Act.ANSWER: _Way(
        Right.ANSWER_ALERT,
        Action.TAKE,
        lambda desk, case, person, given: answer_alert(desk, case, person),
    ),
    Act.FALSE_ALARM: _Way(
        Right.ANSWER_ALERT,
        Action.WITHDRAW,
        lambda desk, case, person, given: false_alarm(desk, case, person),
    ),
    Act.SHOW: _Way(
        Right.CORRECT, Action.SHOW, lambda desk, case, person, given: show(desk, case, person)
    ),
}
