"""Several cases turn out to be one thing.

The law of this file: one case survives, the others rest and point to it, and it is never itself merged. Lines
stay with the case in which they were said and are reached through the survivor; who told or followed a merged
case follows the survivor from now on. Nobody learns by it what they may not know: what is private meets only
what the same person told in private. A merge makes nothing later: what is more urgent survives, and the
earliest promise counts. How it is undone: `unmerging.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from intake.cases import Case, CaseId, TimerKind
from intake.deadlines import Deadline, Deadlines
from intake.desk import Desk
from intake.grids import near
from intake.lifecycle import Action, State, actions_from
from intake.notices import Notice, ToChat, ToDepartment, ToPerson, ToStaff, Urgency
from intake.opening import limits_with_merged, start_clocks
from intake.part_clock import set_part_clock
from intake.parts import adopted, owed_by_others
from intake.people import Person, Right
from intake.routing import route
from intake.supervising import take_over
from intake.taxonomy import Level, Visibility
from intake.templates import Template
from intake.working import CLOCKS, elsewhere, told_alone

STOPPED = (*CLOCKS, TimerKind.CALENDAR, TimerKind.RATING, TimerKind.TWINS)
"""The timers of a case that rest with it."""

NAMED = 4
"""Numbers of merged cases that one sentence names; of more it says how many."""


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
    joined, owed = _follow(desk, case, main), limits_of(main)
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
    if limits_of(main) != owed:
        start_clocks(desk, main)
    return bring_hands(desk, case, main)


def _promised(desk: Desk, case: Case) -> Deadlines:
    """The limits of a case as they stand."""
    if case.respond_due is None or case.resolve_due is None:
        return route(desk.rules, case.item, case.opened_at, case.level).deadlines
    respond = Deadline(case.respond_due, case.provisional)
    return Deadlines(respond, Deadline(case.resolve_due, case.provisional))


def limits_of(case: Case) -> tuple[datetime | None, datetime | None, bool]:
    """The limits of a case, and whether they are provisional."""
    return case.respond_due, case.resolve_due, case.provisional


def _follow(desk: Desk, case: Case, main: Case) -> int:
    """Who told or followed a case hears of the other from now on; how many are new there. Staff who found
    it on their round are no neighbour."""
    told = [(f.person, f.chat) for f in desk.followers(case.id)]
    if not case.found_on_patrol:
        told.insert(0, (case.reporter, case.chat))
    return sum(desk.follow(main, person, chat) for person, chat in told)


def bring_hands(desk: Desk, case: Case, main: Case) -> Case:
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
        for place in told_at(desk, case):
            places.setdefault(place, []).append(case)
    for place, some in places.items():
        quoted = some[0].message if _quotable(place, some) else None
        params = _merged_params(some, main)
        notice = Notice(
            Template.MERGED, place, params, (), Urgency.PROGRESS, main.id, reply_to=quoted
        )
        desk.say(notice)


def told_at(desk: Desk, case: Case) -> list[ToChat | ToPerson]:
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
