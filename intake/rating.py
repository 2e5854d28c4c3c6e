"""The neighbour's verdict.

The law of this file: the reporter, and nobody else, gives a score, which closes. "没好" reopens with a new
clock and another handler; whoever reported what was merged into it may say that too, for it is their trouble
as well. Silence closes too, but is not satisfaction.
"""

from __future__ import annotations

from intake.acknowledging import case_params, public_params, tell_staff
from intake.cases import CallBack, Case, TimerKind
from intake.desk import Desk
from intake.grids import ChatRef, Purpose
from intake.lifecycle import Action, CaseKind, State
from intake.notices import Notice, ToChat, ToPerson, ToStaff, Urgency
from intake.opening import dispatch, start_clocks
from intake.people import Person, PersonId
from intake.refusing import answered_in
from intake.routing import route
from intake.supervising import CONTENT, came_back, content, tell_watchers
from intake.taxonomy import Visibility
from intake.templates import Template
from intake.working import CLOCKS


def rate(desk: Desk, case: Case, person: Person, score: int, where: ChatRef) -> Case:
    """A score of 1–5 from the reporter. A later score replaces an earlier one."""
    case = desk.act(
        case,
        Action.RATE,
        person.id,
        str(score),
        score=score,
        closed_at=case.closed_at or desk.now,
        call_back=None if case.call_back is CallBack.DUE else case.call_back,
    )
    desk.cancel_timers(case.id, (TimerKind.RATING,))
    params = {"case": case.id, "score": str(score)}
    desk.say(Notice(Template.RATED, answered_in(desk, case, where), params, case=case.id))
    _tell_staff(desk, case, f"评价 {score} 分", "")
    if score >= CONTENT:
        return content(desk, case)
    tell_watchers(desk, case, f"评价 {score} 分", "", "报事人")
    return case


def close_by_word(desk: Desk, case: Case, person: Person, where: ChatRef, words: str) -> Case:
    """The reporter says that it has come right by itself or otherwise: that is a person's word."""
    case = desk.act(
        case, Action.FINISH, person.id, words, done_words=words, done_by=person.id, done_at=desk.now
    )
    case = desk.act(case, Action.ASK_RATING, None)
    case = desk.act(case, Action.RATE, person.id, words, closed_at=desk.now)
    desk.cancel_timers(case.id, CLOCKS)
    params = {"case": case.id, "score": ""}
    desk.say(Notice(Template.RATED, answered_in(desk, case, where), params, case=case.id))
    _tell_staff(desk, case, "报事人说已好", words)
    return content(desk, case)


def reopen(desk: Desk, case: Case, person: Person, words: str, where: ChatRef) -> Case:
    """Not fixed: open again, with a fresh clock, for somebody else than who closed it."""
    closer = case.done_by
    limits = route(desk.rules, case.item, desk.now, case.level).deadlines
    case = desk.act(
        case,
        Action.REOPEN,
        person.id,
        words or "没好",
        reopened=case.reopened + 1,
        taken_by=None,
        responded_at=None,
        closed_at=None,
        score=None,
        respond_due=limits.respond.at,
        resolve_due=limits.resolve.at,
        provisional=limits.provisional,
    )
    desk.cancel_timers(case.id, (TimerKind.RATING,))
    if case.kind is CaseKind.REQUEST:
        case = dispatch(desk, case)
    start_clocks(desk, case)
    _answer(desk, case, where)
    name = desk.facts.people[closer].name if closer in desk.facts.people else ""
    _tell_staff(desk, case, "没好，已重新打开", f"原办结人 {name}，请换人跟" if name else words)
    tell_staff(desk, case)
    return came_back(desk, case)


def lapse(desk: Desk, case: Case) -> Case:
    """Nobody answered in time: closed without a score."""
    case = desk.act(case, Action.LAPSE, None, closed_at=desk.now)
    tell_watchers(desk, case, "没等到评价，到期办结", "请回访过再解除督办", "")
    return case


def _answer(desk: Desk, case: Case, where: ChatRef) -> None:
    chat = desk.facts.chats.get(where)
    alone = chat is None or chat.purpose is not Purpose.RESIDENTS
    if not alone and case.visibility is Visibility.PRIVATE:
        desk.say(Notice(Template.REOPENED, ToPerson(case.reporter), case_params(desk, case)))
        return
    params = case_params(desk, case) if alone else public_params(desk, case)
    desk.say(Notice(Template.REOPENED, ToChat(where), params, case=case.id))


def _tell_staff(desk: Desk, case: Case, what: str, words: str) -> None:
    params = case_params(desk, case) | {"what": what, "words": words, "by": "报事人"}
    to = ToStaff(case.grid)
    desk.say(Notice(Template.STAFF_UPDATE, to, params, (), Urgency.ANSWER, case.id))


def may_rate(case: Case) -> bool:
    """Whether its reporter's score counts now; nobody rates what they did themselves on their round."""
    return _is_done(case) and not case.done_by_finder


def may_reopen(desk: Desk, case: Case, person: PersonId) -> bool:
    """Whether this person's 没好 counts, now or at another time: theirs, or merged into it."""
    return any(one.reporter == person for one in (case, *desk.behind(case)))


def can_reopen(case: Case) -> bool:
    """Whether 没好 can be said of it now."""
    return _is_done(case) and not case.settled


def _is_done(case: Case) -> bool:
    return case.state in (State.TO_RATE, State.CLOSED)
