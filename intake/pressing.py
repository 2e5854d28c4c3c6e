"""A button was pressed.

The law of this file: a button says only what it is for; whether this person may, and whether the case
still stands where the button was drawn, is decided now. A press that may not be is answered in one
sentence and changes nothing; the same press twice does nothing the second time. What takes a case back or
renames it, on the card of one that is merged since, does not reach the case that goes on, for that has
other people's words.
"""

from __future__ import annotations

from collections.abc import Callable

from intake.acknowledging import case_params, options, public_params
from intake.alarming import answer_alert, false_alarm
from intake.announcing import KEEP, press_proposal
from intake.answering import MISS, press_answer
from intake.asking_which import answer_which, none_of_them
from intake.cases import Case
from intake.commands import Pressed, Said
from intake.correcting import set_item
from intake.days import day_of
from intake.desk import Desk
from intake.extending import decline, extend
from intake.joining import tell_staff_more
from intake.joint_parts import Outcome, PartKind
from intake.leading import HAND_BACK_REASONS, hand_back, likely
from intake.lifecycle import Action, NotNow, State
from intake.notices import Button, Notice, ToChat
from intake.parting import part_ways
from intake.parts import answers_for, parts_of
from intake.pausing import allow, refuse
from intake.people import Person, Right
from intake.rating import close_by_word, may_rate, may_reopen, rate, reopen
from intake.reading import Triage
from intake.refusing import not_now, refusal
from intake.steering import take_back
from intake.taxonomy import Visibility
from intake.templates import Template
from intake.tiers import can_pass_on, may_pass_on
from intake.verdict import IGNORED, Verdict
from intake.whistling import report_in
from intake.wishing import claim, publish, release
from intake.working import await_words, may_work, take

Handler = Callable[[Desk, Case, Person, Pressed, str], None]


def press(desk: Desk, pressed: Pressed) -> Verdict:
    """Decide one press. Unknown or foreign data is answered politely."""
    person = desk.person(pressed.sender)
    action, _, rest = pressed.data.partition(":")
    case_id, _, argument = rest.partition(":")
    if action == MISS:
        return press_answer(desk, pressed, case_id)
    if action == KEEP:
        return press_proposal(desk, pressed, person, case_id)
    case = desk.itself(case_id) if action in _OF_ITSELF else desk.case(case_id)
    handler = _HANDLERS.get(action)
    if handler is None or case is None:
        _tell(desk, pressed, Template.NO_SUCH_CASE, {"case": case_id[:40]})
        return IGNORED
    try:
        handler(desk, case, person, pressed, argument)
    except NotNow:
        desk.undo()
        _tell(desk, pressed, Template.NOT_NOW, not_now(desk.facts.cases[case.id]))
    return Verdict("chat", None, (case.id,))


def _tell(desk: Desk, pressed: Pressed, template: Template, params: dict[str, str]) -> None:
    desk.say(refusal(desk, template, pressed.sender.identity, params, pressed.chat))


def _only(right: Right) -> Callable[[Handler], Handler]:
    """Let a handler run only for people with `right` over the case."""

    def wrap(handler: Handler) -> Handler:
        def guarded(
            desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str
        ) -> None:
            if may_work(desk, person, case, right):
                handler(desk, case, person, pressed, argument)
            else:
                _tell(desk, pressed, Template.NOT_ALLOWED, {"case": case.id})

        return guarded

    return wrap


def _reporter_only(handler: Handler) -> Handler:
    def guarded(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
        if person.id == case.reporter:
            handler(desk, case, person, pressed, argument)
        else:
            _tell(desk, pressed, Template.ONLY_REPORTER, {"case": case.id})

    return guarded


@_only(Right.TAKE)
def _take(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    if case.taken_by == person.id:
        return
    take(desk, case, person, where=pressed.chat)


@_only(Right.REPORT)
def _report(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    await_words(desk, case, person, pressed.chat, Action.REPORT)


@_only(Right.FINISH)
def _finish(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    await_words(desk, case, person, pressed.chat, Action.FINISH)


@_only(Right.RETURN)
def _hand_back(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    """First why, then whose it would be."""
    reason, _, place = argument.partition(":")
    if reason in HAND_BACK_REASONS and place in desk.rules.taxonomy.departments:
        hand_back(desk, case, person, reason, place)
        return
    if reason in HAND_BACK_REASONS:
        _ask_whose(desk, case, pressed, reason)
        return
    buttons = tuple(
        Button(name, f"back:{case.id}:{code}") for code, name in HAND_BACK_REASONS.items()
    )
    to = ToChat(pressed.chat)
    desk.say(Notice(Template.PICK_REASON, to, {"case": case.id}, buttons, case=case.id))


def _ask_whose(desk: Desk, case: Case, pressed: Pressed, reason: str) -> None:
    departments = desk.rules.taxonomy.departments
    buttons = tuple(
        Button(departments[code].name, f"back:{case.id}:{reason}:{code}")
        for code in likely(desk.rules.taxonomy, case)
    )
    to = ToChat(pressed.chat)
    desk.say(Notice(Template.PICK_PLACE, to, {"case": case.id}, buttons, case=case.id))


@_only(Right.CORRECT)
def _fix(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    """First tap of a correction: the likeliest other items, or all categories."""
    items = desk.rules.taxonomy.items
    guesses = [code for code in case.guesses if code in items and code != case.item]
    buttons = [Button(items[code].name, f"set:{case.id}:{code}") for code in guesses]
    buttons.append(Button("其他类", f"cats:{case.id}"))
    _offer(desk, case, pressed, Template.PICK_ITEM, buttons)


@_only(Right.CORRECT)
def _categories(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    categories = desk.rules.taxonomy.categories.values()
    buttons = [Button(c.name, f"list:{case.id}:{c.code}") for c in categories]
    _offer(desk, case, pressed, Template.PICK_CATEGORY, buttons)


@_only(Right.CORRECT)
def _items(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    category = desk.rules.taxonomy.categories.get(argument)
    items = category.items if category else ()
    buttons = [Button(item.name, f"set:{case.id}:{item.code}") for item in items]
    _offer(desk, case, pressed, Template.PICK_ITEM, buttons)


def _offer(
    desk: Desk, case: Case, pressed: Pressed, template: Template, buttons: list[Button]
) -> None:
    params = case_params(desk, case)
    desk.say(Notice(template, ToChat(pressed.chat), params, tuple(buttons), case=case.id))


@_only(Right.CORRECT)
def _set(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    if case.state is State.MERGED:
        raise NotNow(case.state, Action.CORRECT)
    if desk.rules.taxonomy.item(argument) is not None:
        set_item(desk, case, argument, person, "button")


@_reporter_only
def _pick(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    """The neighbour's answer to the one question."""
    if case.state is not State.TO_CONFIRM or case.triage is not Triage.ASK:
        raise NotNow(case.state, Action.ACCEPT)
    if argument in case.guesses or argument in dict(options(desk, case)):
        set_item(desk, case, argument, person, "reporter")


def _not_a_case(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    take_back(desk, case, person, _as_said(pressed))


@_reporter_only
def _score(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    if argument not in {"1", "2", "3", "4", "5"} or case.score == int(argument):
        return
    if not may_rate(case):
        raise NotNow(case.state, Action.RATE)
    rate(desk, case, person, int(argument), pressed.chat)


def _bad(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    if may_reopen(desk, case, person.id):
        reopen(desk, case, person, "没好", pressed.chat)
    else:
        _tell(desk, pressed, Template.ONLY_REPORTER, {"case": case.id})


@_reporter_only
def _solved(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    close_by_word(desk, case, person, pressed.chat, "报事人说已经好了")


@_reporter_only
def _still(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    """It is not over, whatever somebody heard: staff are told too, for the answer says that they are."""
    desk.say(Notice(Template.STATE_NOW, ToChat(pressed.chat), _own(desk, case, pressed)))
    if case.is_open:
        tell_staff_more(desk, case, "报事人说还没好", chased="1")


def _own(desk: Desk, case: Case, pressed: Pressed) -> dict[str, str]:
    return case_params(desk, case) if pressed.private else public_params(desk, case)


@_only(Right.ANSWER_ALERT)
def _mine(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    answer_alert(desk, case, person)


@_only(Right.ANSWER_ALERT)
def _false(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    false_alarm(desk, case, person)


@_only(Right.MODERATE_WISH)
def _publish(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    """The neighbour's own words are passed as they are, but not those told in confidence."""
    if case.visibility is Visibility.PRIVATE:
        await_words(desk, case, person, pressed.chat, Action.PUBLISH)
        return
    publish(desk, case, person, case.said)


@_only(Right.MODERATE_WISH)
def _reword(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    await_words(desk, case, person, pressed.chat, Action.PUBLISH)


@_only(Right.MODERATE_WISH)
def _reject(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    await_words(desk, case, person, pressed.chat, Action.REJECT)


def _claim(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    claim(desk, case, person, pressed.chat, None)


@_only(Right.FINISH)
def _drop(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    release(desk, case, person)


def _apart(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    part_ways(desk, case, person, pressed.chat)


def _which(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    answer_which(desk, case, person, argument, pressed.chat)


def _none(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    none_of_them(desk, case, person, argument, pressed.chat)


@_only(Right.EXTEND)
def _extend(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    """Yes or no to what was asked for then, and not to what was asked for since."""
    answer, _, day = argument.partition(":")
    if case.asked_until is None or day_of(desk, case.asked_until) != day:
        raise NotNow(case.state, Action.EXTEND)
    if person.id == case.asked_by:
        _tell(desk, pressed, Template.NOT_ALLOWED, {"case": case.id})
    elif answer == "y":
        extend(desk, case, person)
    elif answer == "n":
        decline(desk, case, person, "请按原来的时间办")


def _come(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    """A department that was whistled for is there."""
    if parts_of(case, person, PartKind.WHISTLE):
        report_in(desk, case, person)
    elif not _came(case, person):
        _tell(desk, pressed, Template.NOT_ALLOWED, {"case": case.id})


def _came(case: Case, person: Person) -> bool:
    """Whether theirs came before: the same press twice."""
    came = (part for part in case.parts if part.outcome is Outcome.CAME)
    return any(answers_for(person, part) for part in came)


def _of_part(action: Action) -> Handler:
    """Words are asked for, on the part of whoever presses."""

    def ask(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
        if parts_of(case, person, PartKind.JOINT):
            await_words(desk, case, person, pressed.chat, action)
        else:
            _tell(desk, pressed, Template.NOT_ALLOWED, {"case": case.id})

    return ask


def _pass_on(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    """This tier could not: why is asked for."""
    if not may_pass_on(desk, person, case):
        _tell(desk, pressed, Template.NOT_ALLOWED, {"case": case.id})
    elif not can_pass_on(case):
        raise NotNow(case.state, Action.PASS_ON)
    else:
        await_words(desk, case, person, pressed.chat, Action.PASS_ON)


@_only(Right.EXTEND)
def _answer_pause(desk: Desk, case: Case, person: Person, pressed: Pressed, argument: str) -> None:
    """Yes or no to the pause that was asked for then."""
    answer, _, day = argument.partition(":")
    asked = case.asked_pause is not None and case.asked_until is not None
    if not asked or day_of(desk, case.asked_until or desk.now) != day:
        raise NotNow(case.state, Action.PAUSE)
    if person.id == case.asked_by:
        _tell(desk, pressed, Template.NOT_ALLOWED, {"case": case.id})
    elif answer == "y":
        allow(desk, case, person)
    elif answer == "n":
        refuse(desk, case, person, "请接着办")


def _as_said(pressed: Pressed) -> Said:
    return Said(
        pressed.chat, pressed.message, pressed.sender, "", pressed.at, private=pressed.private
    )


_OF_ITSELF = frozenset({"no", "false", "set", "pick"})
"""Presses that are about the words of the very case on whose card they stand."""

_HANDLERS: dict[str, Handler] = {
    "take": _take,
    "rep": _report,
    "done": _finish,
    "back": _hand_back,
    "fix": _fix,
    "cats": _categories,
    "list": _items,
    "set": _set,
    "pick": _pick,
    "no": _not_a_case,
    "ok": _score,
    "bad": _bad,
    "solved": _solved,
    "still": _still,
    "mine": _mine,
    "false": _false,
    "pub": _publish,
    "word": _reword,
    "rej": _reject,
    "claim": _claim,
    "drop": _drop,
    "ext": _extend,
    "come": _come,
    "pdone": _of_part(Action.JOINT_DONE),
    "psay": _of_part(Action.JOINT_NOTE),
    "pno": _of_part(Action.JOINT_DECLINE),
    "pass": _pass_on,
    "apart": _apart,
    "which": _which,
    "none": _none,
    "pau": _answer_pause,
}
