"""Several cases turn out to be one thing, and the undoing of that.

The law of this file: one case survives, the others rest and point to it, and it is never itself merged. Lines
stay with the case in which they were said and are reached through the survivor; who told or followed a merged
case follows the survivor from now on. Nobody learns by it what they may not know: what is private meets only
what the same person told in private. A merge makes nothing later: what is more urgent survives, and the
earliest promise counts. Undone, everything is as if each had gone its own way from when it was told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from intake.acknowledging import tell_staff
from intake.alarming import TAKE_WITHIN
from intake.cases import Case, CaseId, Entry, Line, LineRole, TimerKind
from intake.deadlines import Deadline, Deadlines
from intake.desk import Desk
from intake.grids import near
from intake.lifecycle import Action, NotNow, State, actions_from
from intake.notices import Notice, ToChat, ToDepartment, ToPerson, ToStaff, Urgency
from intake.opening import CONFIRM_WINDOW, dispatch, limits_with_merged, start_clocks
from intake.part_clock import set_part_clock
from intake.parts import adopted, owed_by_others
from intake.people import Person, Right
from intake.reading import Triage
from intake.routing import route
from intake.supervising import take_over
from intake.taxonomy import Level, Visibility
from intake.templates import Template
from intake.working import CLOCKS, elsewhere, told_alone

STOPPED = (*CLOCKS, TimerKind.CALENDAR, TimerKind.RATING, TimerKind.TWINS)
"""The timers of a case that rest with it."""

NAMED = 4
"""Numbers of merged cases that one sentence names; of more it says how many."""

LEFT = "一起办的人随分出去的那件走了"
"""Why a survivor is in nobody's hands any more."""

VOICED = frozenset({LineRole.OPENED, LineRole.PLUS_ONE})
"""Lines by which somebody has a trouble of their own."""


class Obstacle(StrEnum):
    """Why one case cannot be merged into another."""

    SAME = "same"
    WISH = "wish"
    OVER = "over"
    MAIN_OVER = "main_over"
    ALREADY = "already"
    FAR = "far"
    PRIVATE = "private"
    URGENT = "urgent"
    FOUND = "found"


TURNABLE = frozenset({Obstacle.URGENT, Obstacle.FOUND})
"""Obstacles in one direction only."""


class CannotMerge(Exception):
    """These two are not to be one; nothing has changed."""

    def __init__(self, case: Case, main: Case, why: Obstacle) -> None:
        super().__init__(f"{case.id} into {main.id}: {why}")
        self.case = case
        self.main = main
        self.why = why


class MayNotMerge(Exception):
    """This person may not put right one of the two cases."""


@dataclass(frozen=True)
class Trace:
    """What undoing a merge has to know: the timelines of the case and of its survivor, and the lines of the
    survivor and of all that is merged into it."""

    entries: Sequence[Entry] = ()
    lines: Sequence[Line] = ()


def obstacle(desk: Desk, case: Case, main: Case) -> Obstacle | None:
    """Why `case` cannot be merged into `main` now, or None."""
    if case.id == main.id:
        return Obstacle.SAME
    if case.merged_into is not None:
        return Obstacle.ALREADY
    if Action.MERGE not in actions_from(case.kind, case.state):
        return Obstacle.WISH if _wishes(case) else Obstacle.OVER
    if Action.ABSORB not in actions_from(main.kind, main.state):
        return Obstacle.WISH if _wishes(main) else Obstacle.MAIN_OVER
    if not near(desk.grid(case.grid), desk.grid(main.grid)):
        return Obstacle.FAR
    if not _may_meet(case, main):
        return Obstacle.PRIVATE
    if _is_more_urgent(case, main):
        return Obstacle.URGENT
    found = main.found_on_patrol and not case.found_on_patrol
    return Obstacle.FOUND if found and not _is_more_urgent(main, case) else None


def _wishes(case: Case) -> bool:
    return case.is_open and Action.MERGE not in actions_from(case.kind, State.ACCEPTED)


def _may_meet(case: Case, main: Case) -> bool:
    """What is private is one person's own (`matching.py` says the same of new reports)."""
    hidden = [one.visibility is Visibility.PRIVATE for one in (case, main)]
    return not any(hidden) or (all(hidden) and case.reporter == main.reporter)


def _is_more_urgent(case: Case, main: Case) -> bool:
    endangered = case.emergency is not None and main.emergency is None
    return endangered or case.level < main.level


def survivor(cases: Iterable[Case]) -> Case:
    """Which of several should go on: the most urgent, of these a neighbour's, who will be asked, and then the
    one that was told first."""
    return min(cases, key=_rank)


def _rank(case: Case) -> tuple[bool, Level, bool, datetime, int]:
    danger = case.emergency is None
    return danger, case.level, case.found_on_patrol, case.opened_at, case.number


# -- merging ----------------------------------------------------------------------------------------


def merge(
    desk: Desk,
    cases: Sequence[Case],
    main: Case,
    person: Person,
    behind: Mapping[CaseId, Collection[CaseId]] | None = None,
) -> Case:
    """Merge all of `cases` into `main`, which is returned as it stands then; people are told once. `behind`
    are the cases that are merged into each of `cases` already: they come along, and must be loaded.
    Raises MayNotMerge or CannotMerge."""
    _check(desk, cases, main, person)
    for case in cases:
        main = _absorb(desk, case, main, person, sorted((behind or {}).get(case.id, ())))
    _tell_merged(desk, [desk.facts.cases[case.id] for case in cases], main)
    _tell_staff(desk, cases, main, person, "合并")
    return main


def _check(desk: Desk, cases: Sequence[Case], main: Case, person: Person) -> None:
    if not all(desk.may(person, Right.CORRECT, case) for case in (main, *cases)):
        raise MayNotMerge
    if len({case.id for case in cases}) != len(cases):
        raise CannotMerge(cases[0], main, Obstacle.SAME)
    for case in cases:
        why = obstacle(desk, case, main)
        if why is not None:
            raise CannotMerge(case, main, why)


def _absorb(desk: Desk, case: Case, main: Case, person: Person, behind: Sequence[CaseId]) -> Case:
    joined, owed = _follow(desk, case, main), _owed(main)
    limits = limits_with_merged(desk, _promised(desk, main), [case])
    parts = adopted(main, case)
    case = desk.act(case, Action.MERGE, person.id, main.id, merged_into=main.id)
    desk.cancel_timers(case.id, STOPPED)
    for id in behind:
        desk.amend(desk.facts.cases[id], merged_into=main.id)
    main = desk.act(
        main,
        Action.ABSORB,
        person.id,
        " ".join((case.id, *behind)),
        voices=main.voices + joined,
        parts=parts,
        **limits,
    )
    set_part_clock(desk, main)
    main = take_over(desk, case, main)
    if _owed(main) != owed:
        start_clocks(desk, main)
    return _in_hand(desk, case, main)


def _promised(desk: Desk, case: Case) -> Deadlines:
    """The limits of a case as they stand."""
    if case.respond_due is None or case.resolve_due is None:
        return route(desk.rules, case.item, case.opened_at, case.level).deadlines
    respond = Deadline(case.respond_due, case.provisional)
    return Deadlines(respond, Deadline(case.resolve_due, case.provisional))


def _owed(case: Case) -> tuple[datetime | None, datetime | None, bool]:
    return case.respond_due, case.resolve_due, case.provisional


def _follow(desk: Desk, case: Case, main: Case) -> int:
    """Who told or followed a case hears of the other from now on; how many are new there. Staff who found
    it on their round are no neighbour."""
    told = [(f.person, f.chat) for f in desk.followers(case.id)]
    if not case.found_on_patrol:
        told.insert(0, (case.reporter, case.chat))
    return sum(desk.follow(main, person, chat) for person, chat in told)


def _in_hand(desk: Desk, case: Case, main: Case) -> Case:
    """Whoever has the merged case in hand goes on with the survivor, if nobody else has that and they may."""
    free = main.taken_by is None and Action.TAKE in actions_from(main.kind, main.state)
    if not free or not _may_go_on(desk, case, main):
        return main
    desk.cancel_timers(main.id, (TimerKind.RESPOND_DUE, TimerKind.DUTY, TimerKind.CONFIRM))
    return desk.act(
        main,
        Action.TAKE,
        None,
        "并过来时已经有人在办",
        taken_by=case.taken_by,
        responded_at=main.responded_at or desk.now,
    )


def _may_go_on(desk: Desk, case: Case, main: Case) -> bool:
    """Whoever works on something ordinary has not answered an alert by it: the danger goes on calling."""
    taker = desk.facts.people.get(case.taken_by or "")
    if taker is None or (main.emergency is not None and case.emergency is None):
        return False
    return any(desk.may(taker, right, main) for right in (Right.TAKE, Right.ANSWER_ALERT))


def _tell_merged(desk: Desk, cases: Sequence[Case], main: Case) -> None:
    """One sentence for each place where merged cases were told or are followed."""
    places: dict[ToChat | ToPerson, list[Case]] = {}
    for case in cases:
        for place in _places(desk, case):
            places.setdefault(place, []).append(case)
    for place, some in places.items():
        quoted = some[0].message if _quotable(place, some) else None
        params = _merged_params(some, main)
        notice = Notice(
            Template.MERGED, place, params, (), Urgency.PROGRESS, main.id, reply_to=quoted
        )
        desk.say(notice)


def _places(desk: Desk, case: Case) -> list[ToChat | ToPerson]:
    """Where a case was told, and from where it is followed."""
    alone = case.visibility is Visibility.PRIVATE or told_alone(desk, case)
    told = ToPerson(case.reporter) if alone else ToChat(case.chat)
    return [told, *elsewhere(desk, case)]


def _quotable(place: ToChat | ToPerson, some: Sequence[Case]) -> bool:
    one = some[0]
    return len(some) == 1 and place == ToChat(one.chat) and one.visibility is Visibility.GROUP


def _merged_params(some: Sequence[Case], main: Case) -> dict[str, str]:
    """Numbers, and how many; never what was said."""
    listed = "、".join(case.id for case in some[:NAMED])
    more = f" 等{len(some)}件" if len(some) > NAMED else ""
    return {"case": main.id, "cases": listed + more, "voices": str(main.voices)}


def _tell_staff(desk: Desk, cases: Sequence[Case], main: Case, person: Person, what: str) -> None:
    """The staff of each grid once, and each department that has one of the cases: numbers only, for those
    who see one of them need not see the other."""
    audiences: dict[ToStaff | ToDepartment, list[Case]] = {}
    for case in cases:
        audiences.setdefault(ToStaff(case.grid), []).append(case)
        if case.state is not State.TO_CONFIRM and case.lead is not None:
            audiences.setdefault(ToDepartment(case.lead, case.grid), []).append(case)
        for code in dict.fromkeys(part.department for part in owed_by_others(case)):
            audiences.setdefault(ToDepartment(code, case.grid), []).append(case)
    for audience, some in audiences.items():
        listed = _merged_params(some, main)["cases"]
        words = f"{listed} 并到 {main.id}，只办 {main.id} 就行"
        params = {"case": main.id, "what": what, "words": words, "by": person.name}
        desk.say(Notice(Template.STAFF_UPDATE, audience, params, (), Urgency.ANSWER, main.id))


# -- undoing ----------------------------------------------------------------------------------------


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
    stay = {one.sender for one in trace.lines if one.role in VOICED and one.case not in leaving}
    told = {case.reporter, *(f.person for f in desk.followers(case.id))}
    gone = sum(desk.unfollow(main, person_id) for person_id in sorted(told - stay))
    owed, lent = _owed(main), _lent(trace.entries, case, main)
    fields: dict[str, object] = {"voices": max(1, main.voices - gone)}
    if main.is_open:
        fields |= _own_limits(desk, main, trace.entries)
    if Action.SPLIT in actions_from(main.kind, main.state):
        main = desk.act(main, Action.SPLIT, person.id, case.id, **fields)
    else:
        main = desk.amend(main, **fields)
    if lent is not None:
        main = _free_again(desk, main, lent)
    if main.is_open and main.state is not State.TO_RATE and (lent or owed != _owed(main)):
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
    main = desk.act(main, Action.ROUTE, None, LEFT, taken_by=None, responded_at=responded)
    main = _on_its_way(desk, main, State(lent.before))
    for one in desk.behind(main):
        main = _in_hand(desk, one, main)
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
    for place in _places(desk, case):
        desk.say(Notice(Template.UNMERGED, place, params, (), Urgency.PROGRESS, case.id))
