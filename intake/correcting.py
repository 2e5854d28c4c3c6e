"""A person puts right what was read wrong, and the correction is kept to learn from.

The law of this file: the clock goes on from when the neighbour spoke; the department changes, the group
is told only if it saw the mistake; every correction (a confirmation too) becomes an example. What was private
or masked stays so (`kept_visibility`), but for what was masked only until somebody looked: no correction lets
a group hear more of it; only `show` does, pressed for that and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from intake.acknowledging import public_params, refresh_ack, tell_staff
from intake.cases import Case, Example, TimerKind
from intake.desk import Desk
from intake.lifecycle import Action, CaseKind, NotNow, State
from intake.nature import Nature, nature_of
from intake.notices import Notice, ToChat, ToPerson, Urgency
from intake.opening import dispatch, limits_with_merged, start_clocks
from intake.people import Person
from intake.routing import Route, kept_visibility, route, shows_more
from intake.taxonomy import Level, Visibility
from intake.templates import Template
from intake.working import told_alone


def set_item(desk: Desk, case: Case, item: str, person: Person, source: str) -> Case:
    """The case is about `item`, or about what took its place: confirm it, or route it anew from its original
    time. Raises NotNow for one that is retired and has no other in its place."""
    meant = desk.rules.taxonomy.item(item)
    if meant is None:
        raise NotNow(case.state, Action.CORRECT)
    item = meant.code
    _learn(desk, case, item, person, source)
    if case.settled and not case.is_open:
        return _relabelled(desk, case, item, person)
    same = item == case.item
    if same and case.state is not State.TO_CONFIRM:
        return case
    old_lead = case.lead
    case = _confirm(desk, case, person) if same else _reroute(desk, case, item, person)
    desk.cancel_timers(case.id, (TimerKind.CONFIRM,))
    start_clocks(desk, case)
    tell_staff(desk, case)
    if same or case.lead == old_lead or source == "reporter":
        refresh_ack(desk, case)
    else:
        _tell_correction(desk, case)
    return case


def _relabelled(desk: Desk, case: Case, item: str, person: Person) -> Case:
    """What was put right on the spot was something else: only the books are put right, nobody is sent."""
    if item == case.item:
        return case
    where = route(desk.rules, item, case.opened_at)
    words = f"{case.item} → {item}"
    stays = {"respond_due": None, "resolve_due": None, "provisional": False}
    fields = _fields(desk, case, where) | stays | {"taken_by": case.taken_by}
    return desk.act(case, Action.RELABEL, person.id, words, **fields)


def _confirm(desk: Desk, case: Case, person: Person) -> Case:
    item = desk.rules.taxonomy.item(case.item)
    own = item.visibility if item else case.visibility
    case = desk.act(case, Action.ACCEPT, person.id, visibility=_visibility(desk, case, own))
    return dispatch(desk, case)


def _reroute(desk: Desk, case: Case, item: str, person: Person) -> Case:
    where = route(desk.rules, item, case.opened_at)
    words = f"{case.item} → {item}"
    fields = _fields(desk, case, where)
    becomes = CaseKind.WISH if where.is_wish else CaseKind.REQUEST
    if becomes is CaseKind.WISH and case.kind is CaseKind.REQUEST:
        return desk.act(case, Action.REVIEW, person.id, words, kind=becomes, **fields)
    if becomes is CaseKind.WISH:
        return desk.amend(case, **fields)
    case = desk.act(case, Action.CORRECT, person.id, words, kind=becomes, **fields)
    return dispatch(desk, case)


def _fields(desk: Desk, case: Case, where: Route) -> dict[str, object]:
    keep_level = case.emergency is not None
    limits = limits_with_merged(desk, where.deadlines, desk.behind(case))
    category = desk.rules.taxonomy.categories.get(where.category or "")
    level = case.level if keep_level else where.level
    return (limits | _promised(case, level, limits)) | {
        "category": where.category,
        "item": where.item,
        "lead": where.lead,
        "co": where.co,
        "tier": where.tier,
        "level": level,
        "visibility": _visibility(desk, case, where.visibility),
        "title": category.name if category else case.title,
        "taken_by": None,
        "nature": _nature(desk, case, where.item),
    }


def _promised(case: Case, level: Level, limits: Mapping[str, object]) -> dict[str, object]:
    """More time that was given stays given: the neighbour was told that day. Where the new limit is later, or
    nothing may wait, the limit rules."""
    until, own = case.resolve_due, limits["resolve_due"]
    if not case.extensions or until is None or level is Level.A or case.emergency is not None:
        return {}
    later = isinstance(own, datetime) and until > own
    return {"resolve_due": until, "provisional": False} if later else {}


def _nature(desk: Desk, case: Case, item: str | None) -> Nature:
    """As the words are read with the new item; what somebody said stays."""
    items, danger = desk.rules.taxonomy.items, case.emergency is not None
    if case.nature is not nature_of(case.said, items.get(case.item or ""), danger=danger):
        return case.nature
    return nature_of(case.said, items.get(item or ""), danger=danger)


def _visibility(desk: Desk, case: Case, own: Visibility) -> Visibility:
    was = Visibility.GROUP if _masked_in_doubt(desk, case) else case.visibility
    return kept_visibility(desk.rules, case.emergency, was, own)


def _masked_in_doubt(desk: Desk, case: Case) -> bool:
    """Whether it is masked only because nobody knew yet what it is: its item would let it be seen."""
    item = desk.rules.taxonomy.item(case.item)
    open_by_itself = item is None or item.visibility is Visibility.GROUP
    unsure = case.state is State.TO_CONFIRM and case.visibility is Visibility.MASKED
    return unsure and open_by_itself and case.emergency is None


def show(desk: Desk, case: Case, person: Person) -> Case:
    """A person says that a group may see of it what its item allows. From here on: nothing is said of what
    was hidden until now. Raises NotNow where the item allows no more."""
    if not shows_more(desk.rules, case.emergency, case.item, case.visibility):
        raise NotNow(case.state, Action.SHOW)
    item = desk.rules.taxonomy.item(case.item)
    to = item.visibility if item else case.visibility
    words = f"{case.visibility.value} → {to.value}"
    return desk.act(case, Action.SHOW, person.id, words, visibility=to)


def not_a_case(desk: Desk, case: Case, person: Person) -> Case:
    """`不是报事`: withdraw it, teach the gate, and say so where the acknowledgement stood."""
    _learn(desk, case, "chat", person, "not_request")
    case = desk.act(case, Action.WITHDRAW, person.id, "不是报事", closed_at=desk.now)
    desk.cancel_timers(
        case.id, (TimerKind.RESPOND_DUE, TimerKind.RESOLVE_DUE, TimerKind.CONFIRM, TimerKind.DUTY)
    )
    return case


def tell_not_a_case(desk: Desk, case: Case) -> None:
    """Somebody else said that it is none: its reporter hears it where the receipt stands, which promised an
    answer; in its place if the channel can edit, else by one quiet word."""
    if case.found_on_patrol:
        return  # staff told it, and nobody was promised anything
    alone = case.visibility is Visibility.PRIVATE or told_alone(desk, case)
    to = ToPerson(case.reporter) if alone else ToChat(case.chat)
    # The answer to a danger is no receipt, and is never overwritten.
    edit = {} if case.emergency is not None else {"edit": "ack", "or_say": "1"}
    params = {"case": case.id} | edit
    desk.say(Notice(Template.NOT_A_CASE, to, params, (), Urgency.PROGRESS, case.id))


def _learn(desk: Desk, case: Case, label: str, person: Person, source: str) -> None:
    if not case.said.strip():
        return  # a photo alone teaches no words
    example = Example(case.id, case.said, case.item, label, person.id, source, desk.now)
    desk.learn(example)


def _tell_correction(desk: Desk, case: Case) -> None:
    if case.visibility is Visibility.PRIVATE or case.chat not in desk.facts.chats:
        return
    params = public_params(desk, case) | {"opened_at": case.opened_at.isoformat()}
    desk.say(Notice(Template.CORRECTED, ToChat(case.chat), params, case=case.id))
