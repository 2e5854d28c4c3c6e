"""Staff take a case, say how it goes, finish it.

The law of this file: every step is a person's, with their words; empty words do not close a case; what
the group may see of it goes to the group, and the reporter is asked whether it is really done.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from intake.acknowledging import (
    case_params,
    nobody_named,
    public_params,
    refresh_ack,
    staff_buttons,
)
from intake.cases import Case, Prompt, TimerKind
from intake.desk import Desk
from intake.grids import ChatRef, Purpose
from intake.lifecycle import Action, CaseKind, State, actions_from
from intake.notices import Audience, Button, Notice, ToChat, ToPerson, ToStaff, Urgency
from intake.parts import names, owed_by_others
from intake.people import Person, Right
from intake.phrases import is_empty_talk, waits_for_others
from intake.supervising import reported, tell_watchers
from intake.taxonomy import Level, Visibility
from intake.templates import Template

RATING_WINDOW = timedelta(hours=48)
"""domain.md, template 8: nobody is pressed; after 48 hours the case closes without a score."""

WORDS_WINDOW = timedelta(minutes=30)
"""How long the bot waits for the words that a button asked for."""

ANYWAY = "不等"
"""Words of finishing that begin so do not wait for others."""
_STOPS = "了，,。.、：: "

CLOCKS = (
    *(TimerKind.RESPOND_DUE, TimerKind.RESOLVE_DUE, TimerKind.SUPERVISION),
    *(TimerKind.CONFIRM, TimerKind.DUTY),
)


def take(
    desk: Desk,
    case: Case,
    person: Person,
    at: datetime | None = None,
    where: ChatRef | None = None,
) -> Case:
    """Somebody takes it in hand, or did so then; their acknowledgement is updated in place."""
    case = desk.act(
        case,
        Action.TAKE,
        person.id,
        at=at,
        taken_by=person.id,
        responded_at=case.responded_at or at or desk.now,
    )
    desk.cancel_timers(case.id, (TimerKind.RESPOND_DUE, TimerKind.DUTY, TimerKind.CONFIRM))
    refresh_ack(desk, case)
    _tell_staff_update(desk, case, person, "已接手", "", where)
    if case.visibility is Visibility.PRIVATE:
        _tell_reporter(desk, case, Template.TAKEN, {}, Urgency.PROGRESS)
    return case


def report(
    desk: Desk,
    case: Case,
    person: Person,
    words: str,
    said_in: ChatRef | None = None,
    at: datetime | None = None,
) -> Case:
    """A word of progress, passed on to the group as far as it may see the case; to all but the one that
    heard it said, then or now."""
    case = desk.act(
        case,
        Action.REPORT,
        person.id,
        words,
        at=at,
        taken_by=case.taken_by or person.id,
        responded_at=case.responded_at or at or desk.now,
    )
    desk.cancel_timers(case.id, (TimerKind.RESPOND_DUE, TimerKind.DUTY, TimerKind.CONFIRM))
    _tell_staff_update(desk, case, person, "进展", words, said_in, waits_for_others(words))
    spread(desk, case, Template.PROGRESS, {"words": words}, Urgency.PROGRESS, said_in)
    return reported(desk, case, person, "进展", words)


def finish(
    desk: Desk,
    case: Case,
    person: Person,
    words: str,
    where: ChatRef,
    anyway: bool = False,
    at: datetime | None = None,
) -> Case:
    """Somebody says what was done, now or then; empty talk is refused with a hint and the case stays open. So
    it is while others owe their part, unless it shall be `anyway`, or the words say so first: 不等."""
    if words.strip().startswith(ANYWAY):
        anyway, words = True, words.strip().removeprefix(ANYWAY).lstrip(_STOPS)
    waited_for = [] if anyway else owed_by_others(case)
    if waited_for:
        whom = names(desk, dict.fromkeys(part.department for part in waited_for))
        await_words(desk, case, person, where, Action.FINISH, template=None)
        about = {"case": case.id, "whom": whom, "anyway": ANYWAY}
        desk.say(Notice(Template.STAFF_PARTS_OPEN, ToChat(where), about, case=case.id))
        return case
    if is_empty_talk(words):
        params = {"case": case.id, "words": words}
        await_words(desk, case, person, where, Action.FINISH, template=None)
        desk.say(Notice(Template.EMPTY_WORDS, ToChat(where), params, case=case.id))
        return case
    case = desk.act(
        case,
        Action.FINISH,
        person.id,
        words,
        at=at,
        done_words=words,
        done_by=person.id,
        done_at=at or desk.now,
        responded_at=case.responded_at or at or desk.now,
        taken_by=case.taken_by or person.id,
    )
    case = desk.act(case, Action.ASK_RATING, None)
    desk.cancel_timers(case.id, CLOCKS)
    desk.set_timer(TimerKind.RATING, case.id, desk.now + RATING_WINDOW, case.grid)
    _tell_staff_update(desk, case, person, "已处置", words, where)
    tell_watchers(desk, case, "已处置", words, person.name)
    _tell_done(desk, case, words)
    return case


def reject(desk: Desk, case: Case, person: Person, words: str) -> Case:
    """Not for the grid: say why and where to go instead."""
    case = desk.act(case, Action.REJECT, person.id, words, closed_at=desk.now)
    desk.cancel_timers(case.id, CLOCKS)
    _tell_staff_update(desk, case, person, "不予受理", words)
    tell_watchers(desk, case, "不予受理", words, person.name)
    spread(desk, case, Template.REJECTED, {"words": words}, Urgency.ANSWER)
    return case


def withdraw(desk: Desk, case: Case, person: Person | None, words: str) -> Case:
    """It was no call, or its reporter takes it back."""
    actor = person.id if person else None
    case = desk.act(case, Action.WITHDRAW, actor, words, closed_at=desk.now)
    desk.cancel_timers(case.id, CLOCKS)
    tell_watchers(desk, case, "撤回", words, person.name if person else "")
    return case


def await_words(
    desk: Desk,
    case: Case,
    person: Person,
    where: ChatRef,
    action: Action,
    template: Template | None = Template.ASK_WORDS,
) -> None:
    """Wait for one person's next words in one chat, to complete `action`."""
    expires = desk.now + WORDS_WINDOW
    desk.prompt(Prompt(person.id, where, case.id, action, expires))
    if template is not None:
        params = {"case": case.id, "action": action.value, "who": person.name}
        desk.say(Notice(template, ToChat(where), params, case=case.id))


def spread(
    desk: Desk,
    case: Case,
    template: Template,
    extra: dict[str, str],
    urgency: Urgency,
    said_in: ChatRef | None = None,
) -> None:
    """Tell the group where the case was told, the others who follow it (masked), or, when the case is
    private, its reporter alone. Staff's free words stay out of sight under `masked`."""
    alone = case.visibility is Visibility.PRIVATE or told_alone(desk, case)
    if alone:
        _tell_reporter(desk, case, template, extra, urgency)
    params = params_for_others(desk, case, extra)
    reply_to = case.message if case.visibility is Visibility.GROUP else None
    if not alone and case.chat != said_in:
        desk.say(Notice(template, ToChat(case.chat), params, (), urgency, case.id, reply_to))
    for audience in elsewhere(desk, case):
        if audience != ToChat(said_in or case.chat):
            seen = params_for_others(desk, case, extra, audience)
            desk.say(Notice(template, audience, seen, (), urgency, case.id))


def params_for_others(
    desk: Desk, case: Case, words: dict[str, str], audience: Audience | None = None
) -> dict[str, str]:
    """What a group may see; of what was told alone, neither its words nor staff's, who may repeat them, and
    in groups of other grids that only follow no more than what it is."""
    masked = replace(case, visibility=Visibility.MASKED)
    if told_alone(desk, case):
        return public_params(desk, masked)
    if case.visibility is not Visibility.GROUP:
        return public_params(desk, case)
    if _next_door(desk, case, audience):
        item = desk.rules.taxonomy.items.get(case.item or "")
        return public_params(desk, masked) | {"about": item.name if item else case.title}
    unsigned = {key: nobody_named(desk, case, said) for key, said in words.items()}
    return public_params(desk, case) | unsigned


def _next_door(desk: Desk, case: Case, audience: Audience | None) -> bool:
    """Whether a case is only followed in this group, which is another grid's: what is merged into it may have
    been told there."""
    chat = desk.facts.chats.get(audience.chat) if isinstance(audience, ToChat) else None
    if chat is None or chat.grid == case.grid:
        return False
    return all(merged.chat != chat.ref for merged in desk.behind(case))


def elsewhere(desk: Desk, case: Case) -> list[ToChat | ToPerson]:
    """Whoever follows a case from another group, or told it alone. What is private is followed by nobody."""
    if case.visibility is Visibility.PRIVATE:
        return []
    followers = [one for one in desk.followers(case.id) if one.chat != case.chat]
    chats = {one.chat for one in followers if one.chat in desk.facts.chats}
    alone = {one.person for one in followers if one.chat not in desk.facts.chats}
    return [*map(ToChat, sorted(chats)), *map(ToPerson, sorted(alone - {case.reporter}))]


def told_alone(desk: Desk, case: Case) -> bool:
    """Whether a case was told in no residents' group: in a private talk, or on a form."""
    chat = desk.facts.chats.get(case.chat)
    return chat is None or chat.purpose is not Purpose.RESIDENTS


def news(case: Case) -> Urgency:
    """How soon somebody alone hears what they did not ask for: of a danger at once, else not at night."""
    return Urgency.PROGRESS if case.emergency is None else Urgency.ANSWER


def _tell_reporter(
    desk: Desk, case: Case, template: Template, extra: dict[str, str], urgency: Urgency
) -> None:
    params = case_params(desk, case) | extra | {"alone": "1"}
    to: ToPerson | ToChat = ToPerson(case.reporter)
    if not desk.reachable(case.reporter):
        return
    waits = news(case) if urgency is Urgency.PROGRESS else urgency
    desk.say(Notice(template, to, params, (), waits, case.id))


def _tell_done(desk: Desk, case: Case, words: str) -> None:
    """The group hears what was done; the reporter is asked, alone if possible."""
    template = Template.WISH_DONE if case.kind is CaseKind.WISH else Template.DONE
    alone = desk.reachable(case.reporter)
    if alone and not case.done_by_finder:
        params = case_params(desk, case) | {"words": words}
        to = ToPerson(case.reporter)
        buttons = rating_buttons(case)
        desk.say(Notice(Template.PLEASE_RATE, to, params, buttons, news(case), case.id))
    params = params_for_others(desk, case, {"words": words})
    for audience in elsewhere(desk, case):
        seen = params_for_others(desk, case, {"words": words}, audience)
        desk.say(Notice(template, audience, seen, (), Urgency.PROGRESS, case.id))
    if case.visibility is Visibility.PRIVATE or told_alone(desk, case):
        return
    buttons = (Button("没好", f"bad:{case.id}"),) if alone else rating_buttons(case)
    quoted = case.visibility is Visibility.GROUP
    desk.say(
        Notice(
            template,
            ToChat(case.chat),
            params | ({} if alone else {"rate_here": "1"}),
            () if case.kind is CaseKind.WISH and alone else buttons,
            Urgency.PROGRESS,
            case.id,
            case.message if quoted else None,
        )
    )


def rating_buttons(case: Case) -> tuple[Button, ...]:
    scores = tuple(Button(f"{n}分", f"ok:{case.id}:{n}") for n in range(5, 0, -1))
    return (*scores, Button("没好", f"bad:{case.id}"))


def _tell_staff_update(
    desk: Desk,
    case: Case,
    person: Person,
    what: str,
    words: str,
    where: ChatRef | None = None,
    waits: bool = False,
) -> None:
    """The grid's staff hear it, and a department's own chat in which it was said or pressed: whoever works
    there sees that it was understood, and what comes next."""
    params = case_params(desk, case) | {"what": what, "words": words, "by": person.name}
    if waits and case.level is not Level.A and not case.is_paused:
        params |= {"waits": "1"}
    buttons = staff_buttons(desk, case) if case.is_open and case.state is not State.TO_RATE else ()
    told: list[Audience] = [ToStaff(case.grid)]
    chat = desk.facts.chats.get(where) if where else None
    if chat is not None and chat.purpose is Purpose.DEPARTMENT:
        told.append(ToChat(chat.ref))
    for audience in told:
        notice = Notice(Template.STAFF_UPDATE, audience, params, buttons, Urgency.ANSWER, case.id)
        desk.say(notice)


def may_work(desk: Desk, person: Person, case: Case, right: Right) -> bool:
    """Whether that person may do this to this case: by role, or because they hold it."""
    if case.kind is CaseKind.WISH and right in (Right.FINISH, Right.REPORT):
        return case.taken_by == person.id or desk.may(person, Right.MODERATE_WISH, case)
    return desk.may(person, right, case)


def possible(case: Case, action: Action) -> bool:
    return action in actions_from(case.kind, case.state)
