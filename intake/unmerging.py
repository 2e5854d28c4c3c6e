"""A merge is undone.

The law of this file: everything is as if each case had gone its own way from when it was told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from intake.acknowledging import tell_staff
from intake.alarming import TAKE_WITHIN
from intake.cases import Case, CaseId, Entry, Line, LineRole, TimerKind
from intake.desk import Desk
from intake.lifecycle import Action, NotNow, State, actions_from
from intake.merging import MayNotMerge, bring_hands, limits_of, told_at
from intake.notices import Notice, Urgency
from intake.opening import CONFIRM_WINDOW, dispatch, limits_with_merged, start_clocks
from intake.people import Person, Right
from intake.reading import Triage
from intake.routing import route
from intake.templates import Template

_LEFT: Final = "一起办的人随分出去的那件走了"
"""Why a survivor is in nobody's hands any more."""

_VOICED: Final = frozenset({LineRole.OPENED, LineRole.PLUS_ONE})
"""Lines by which somebody has a trouble of their own."""


@dataclass(frozen=True)
class Trace:
    """What undoing a merge has to know: the timelines of the case and of its survivor, and the lines of the
    survivor and of all that is merged into it."""

    entries: Sequence[Entry] = ()
    lines: Sequence[Line] = ()


def unmerge(desk: Desk, case: Case, person: Person, trace: Trace) -> Case:
    """`case` goes its own way again, and what came with it goes along. Raises MayNotMerge or NotNow."""
    main = desk.facts.cases.get(case.merged_into or "")
    if main is None:
        raise NotNow(case.state, Action.UNMERGE)
    if not all(desk.may(person, Right.CORRECT, one) for one in (case, main)):
        raise MayNotMerge
    was = _was(trace.entries, case)
    leaving = _leaving(desk, trace.entries, case, main)
    for id in leaving - {case.id}:
        desk.amend(desk.facts.cases[id], merged_into=case.id)
    case = desk.act(case, Action.UNMERGE, person.id, main.id, merged_into=None)
    main = _without(desk, case, main, person, leaving, trace)
    case = _on_its_way(desk, case, was)
    start_clocks(desk, case)
    _tell_unmerged(desk, case, main)
    tell_staff(desk, case)
    return case


def _was(entries: Iterable[Entry], case: Case) -> State:
    """The state that a case had before it was merged, by its own timeline where that is given."""
    own = [e for e in entries if e.case == case.id and e.action is Action.MERGE]
    return State(own[-1].before) if own else State.DISPATCHED


def _leaving(desk: Desk, entries: Iterable[Entry], case: Case, main: Case) -> frozenset[CaseId]:
    """The case, and what had been merged into it before it came."""
    came = [e.words.split() for e in entries if e.case == main.id and e.action is Action.ABSORB]
    with_it = next((ids for ids in reversed(came) if ids[:1] == [case.id]), [case.id])
    known = desk.facts.cases
    return frozenset(id for id in with_it if id in known and known[id].merged_into == main.id)


def _without(
    desk: Desk,
    case: Case,
    main: Case,
    person: Person,
    leaving: Collection[CaseId],
    trace: Trace,
) -> Case:
    """The survivor without what leaves it: whoever has no voice of their own there follows no more, its
    limits are its own again, and the hands that came along leave it."""
    stay = {one.sender for one in trace.lines if one.role in _VOICED and one.case not in leaving}
    told = {case.reporter, *(f.person for f in desk.followers(case.id))}
    gone = sum(desk.unfollow(main, person_id) for person_id in sorted(told - stay))
    owed, lent = limits_of(main), _lent(trace.entries, case, main)
    fields: dict[str, object] = {"voices": max(1, main.voices - gone)}
    if main.is_open:
        fields |= _own_limits(desk, main, trace.entries)
    if Action.SPLIT in actions_from(main.kind, main.state):
        main = desk.act(main, Action.SPLIT, person.id, case.id, **fields)
    else:
        main = desk.amend(main, **fields)
    if lent is not None:
        main = _free_again(desk, main, lent)
    if main.is_open and main.state is not State.TO_RATE and (lent or owed != limits_of(main)):
        start_clocks(desk, main)
    return main


def _own_limits(desk: Desk, main: Case, entries: Iterable[Entry]) -> dict[str, object]:
    """The limits of a survivor by what is still merged into it. Reopened, it counts from then, and what had
    come before was answered before."""
    own = [entry for entry in entries if entry.case == main.id]
    again = max((e for e in own if e.action is Action.REOPEN), key=lambda e: e.seq, default=None)
    start, since = (again.at, again.seq) if again else (main.opened_at, 0)
    came = {
        id for e in own if e.action is Action.ABSORB and e.seq < since for id in e.words.split()
    }
    rest = [one for one in desk.behind(main) if one.id not in came]
    limits = route(desk.rules, main.item, start, main.level).deadlines
    return limits_with_merged(desk, limits, rest)


def _lent(entries: Iterable[Entry], case: Case, main: Case) -> Entry | None:
    """The step by which a survivor got its hands with this case, if nobody did anything with it since."""
    own = sorted((e for e in entries if e.case == main.id), key=lambda e: e.seq)
    came = [e.seq for e in own if e.action is Action.ABSORB and e.words.split()[:1] == [case.id]]
    worked = [e for e in own if e.action in (Action.TAKE, Action.REPORT) or e.before != e.after]
    last = worked[-1] if worked else None
    if last is None or not came or last.seq != came[-1] + 1 or last.action is not Action.TAKE:
        return None
    return last if last.actor is None and main.taken_by == case.taken_by else None


def _free_again(desk: Desk, main: Case, lent: Entry) -> Case:
    """Nobody took it themselves: it goes back to where it was, unless more of theirs is merged into it."""
    responded = None if main.responded_at == lent.at else main.responded_at
    main = desk.act(main, Action.ROUTE, None, _LEFT, taken_by=None, responded_at=responded)
    main = _on_its_way(desk, main, State(lent.before))
    for one in desk.behind(main):
        main = bring_hands(desk, one, main)
    return main


def _on_its_way(desk: Desk, case: Case, was: State) -> Case:
    """Back to where it was: in doubt, with its department, or in the same hands."""
    if was is State.TO_CONFIRM:
        case = desk.act(case, Action.DOUBT, None)
        if case.triage is Triage.ASK:
            due = desk.now + CONFIRM_WINDOW
            desk.set_timer(TimerKind.CONFIRM, case.id, due, case.grid)
        return case
    case = dispatch(desk, case)
    if case.taken_by is not None:
        return desk.act(case, Action.TAKE, None, "合并前已经有人在办")
    if case.emergency is not None and case.alert > 0:
        desk.set_timer(TimerKind.DUTY, case.id, desk.now + TAKE_WITHIN, case.grid)
    return case


def _tell_unmerged(desk: Desk, case: Case, main: Case) -> None:
    """Whoever was told that it is one thing hears that it is not."""
    params = {"case": case.id, "main": main.id, "opened_at": case.opened_at.isoformat()}
    for place in told_at(desk, case):
        desk.say(Notice(Template.UNMERGED, place, params, (), Urgency.PROGRESS, case.id))
