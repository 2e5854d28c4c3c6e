"""One thing in several cases, as tables: what may be merged, what becomes of it, and the way back."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from unit_samples import GRID, GROUP, NOW, PATH, STAFF, a_case, a_desk

from intake.cases import Case, Follower, Line, LineRole, Timer, TimerKind, timer_key
from intake.correcting import set_item
from intake.desk import Desk
from intake.grids import Chat, ChatRef, Grid
from intake.lifecycle import Action, CaseKind, NotNow, State
from intake.merging import CannotMerge, MayNotMerge, Obstacle, merge, obstacle, survivor
from intake.notices import ToChat
from intake.people import Grant, Person, Role
from intake.rating import can_reopen, may_rate, may_reopen, reopen
from intake.reading import Triage
from intake.taxonomy import Level, Visibility
from intake.timing import fire
from intake.twins import twins
from intake.unmerging import Trace, unmerge
from intake.working import finish, report

SUN = Person("web:sun", "孙姐", (Grant(Role.MODERATOR, "D"),))
CHEN = Person("web:chen", "小陈", (Grant(Role.GRID_WORKER, GRID),), private=("web", "p-chen"))
NEXT = ChatRef("web", "next")
ROUND = ChatRef("field", "r1")
HOUR = timedelta(hours=1)


def town(*cases: Case) -> Desk:
    """Two neighbouring grids and one of another community, with these cases."""
    desk = a_desk()
    desk.facts.grids["DEMO-2"] = Grid("DEMO-2", "第二网格", ("D", "S", "C", "DEMO-2"))
    desk.facts.grids["FAR-1"] = Grid("FAR-1", "远处", ("D", "S", "C2", "FAR-1"))
    desk.facts.chats[NEXT] = Chat(NEXT, "DEMO-2")
    desk.facts.people["web:chen"] = CHEN
    desk.facts.people["web:li"] = Person("web:li", "李叔", private=("web", "p-li"))
    for case in cases:
        desk.facts.cases[case.id] = case
    desk.begin("desk:1", NOW + timedelta(hours=1))
    return desk


def case(number: int, **changed: Any) -> Case:
    fields: dict[str, Any] = {
        "id": f"{changed.get('grid', GRID)}-{number}",
        "number": number,
        "message": f"m{number}",
        "reporter": f"web:r{number}",
        "version": 1,
    }
    return a_case(**(fields | changed))


PRIVATE, MASKED = Visibility.PRIVATE, Visibility.MASKED

# What is merged; into what; why not (None: it may be).
PAIRS: list[tuple[str, dict[str, Any], dict[str, Any], Obstacle | None]] = [
    ("two of one grid", {}, {}, None),
    ("a neighbour's", {"grid": "DEMO-2", "chat": NEXT}, {}, None),
    ("one of elsewhere", {"grid": "FAR-1"}, {}, Obstacle.FAR),
    ("in doubt", {"state": State.TO_CONFIRM}, {"state": State.TO_CONFIRM}, None),
    ("at work", {"state": State.WORKING}, {}, None),
    ("closed", {"state": State.CLOSED}, {}, Obstacle.OVER),
    ("to be rated", {"state": State.TO_RATE}, {}, Obstacle.OVER),
    ("withdrawn", {"state": State.WITHDRAWN}, {}, Obstacle.OVER),
    ("into a closed one", {}, {"state": State.CLOSED}, Obstacle.MAIN_OVER),
    ("into one to be rated", {}, {"state": State.TO_RATE}, Obstacle.MAIN_OVER),
    (
        "merged already",
        {"state": State.MERGED, "merged_into": "DEMO-1-9"},
        {},
        Obstacle.ALREADY,
    ),
    ("into a merged one", {}, {"state": State.MERGED, "merged_into": "x"}, Obstacle.MAIN_OVER),
    ("a wish", {"kind": CaseKind.WISH, "state": State.REVIEW}, {}, Obstacle.WISH),
    ("into a wish", {}, {"kind": CaseKind.WISH, "state": State.PUBLISHED}, Obstacle.WISH),
    ("private into public", {"visibility": PRIVATE}, {}, Obstacle.PRIVATE),
    ("public into private", {}, {"visibility": PRIVATE}, Obstacle.PRIVATE),
    ("masked into public", {"visibility": MASKED}, {}, None),
    ("of two people, private", {"visibility": PRIVATE}, {"visibility": PRIVATE}, Obstacle.PRIVATE),
    (
        "of one person, private",
        {"visibility": PRIVATE, "reporter": "web:a"},
        {"visibility": PRIVATE, "reporter": "web:a"},
        None,
    ),
    ("the more urgent", {"level": Level.A}, {}, Obstacle.URGENT),
    ("the less urgent", {}, {"level": Level.A}, None),
    ("a danger into none", {"emergency": "E01"}, {}, Obstacle.URGENT),
    ("a neighbour's into one of a round", {}, {"chat": ROUND}, Obstacle.FOUND),
    ("one of a round into a neighbour's", {"chat": ROUND}, {}, None),
    ("of two rounds", {"chat": ROUND}, {"chat": ROUND}, None),
    ("the more urgent, of a round", {"chat": ROUND, "level": Level.A}, {}, Obstacle.URGENT),
    ("into the more urgent, of a round", {}, {"chat": ROUND, "level": Level.A}, None),
    ("a danger into one", {"emergency": "E01"}, {"emergency": "E03"}, None),
]


@pytest.mark.parametrize(("name", "one", "other", "why"), PAIRS, ids=[row[0] for row in PAIRS])
def test_what_may_be_merged(
    name: str, one: dict[str, Any], other: dict[str, Any], why: Obstacle | None
) -> None:
    first, second = case(1, **one), case(2, **other)
    desk = town(first, second)
    assert obstacle(desk, first, second) is why
    before = copy.deepcopy((desk.facts, desk.changes))
    if why is None:
        assert merge(desk, [first], second, SUN).id == second.id
        desk.undo()
    else:
        with pytest.raises(CannotMerge) as refused:
            merge(desk, [first], second, SUN)
        assert refused.value.why is why
    assert (desk.facts, desk.changes) == before


def test_nothing_goes_into_itself_or_in_a_ring() -> None:
    first, second = case(1), case(2)
    desk = town(first, second)
    with pytest.raises(CannotMerge, match="same"):
        merge(desk, [first], first, SUN)
    with pytest.raises(CannotMerge, match="same"):
        merge(desk, [first, first], second, SUN)
    main = merge(desk, [first], second, SUN)
    with pytest.raises(CannotMerge, match="main_over"):
        merge(desk, [main], desk.facts.cases[first.id], SUN)
    assert desk.surviving(desk.facts.cases[first.id]).id == second.id


def test_it_needs_the_right_to_put_both_right() -> None:
    first, second = case(1), case(1, grid="DEMO-2", chat=NEXT)
    desk = town(first, second)
    for person in (
        Person("x", "x"),
        Person("x", "x", (Grant(Role.PROPERTY, "C"),)),
        Person("x", "x", (Grant(Role.MODERATOR, GRID),)),
    ):
        with pytest.raises(MayNotMerge):
            merge(desk, [first], second, person)


def test_voices_followers_limits_and_timers() -> None:
    """Everybody of both is counted once; the earliest promise counts; the merged one's clocks stop."""
    early, late = NOW + timedelta(hours=2), NOW + timedelta(hours=9)
    first = case(1, voices=3, respond_due=early, resolve_due=late)
    second = case(2, voices=2, respond_due=late, resolve_due=late)
    desk = town(first, second)
    follows = [("web:a", GROUP), ("web:r2", GROUP)]
    desk.facts.followers[first.id] = tuple(Follower(first.id, *one) for one in follows)
    desk.facts.followers[second.id] = (Follower(second.id, "web:a", GROUP),)
    main = merge(desk, [first], second, SUN)
    assert (main.voices, main.respond_due, main.resolve_due) == (3, early, late)
    assert {one.person for one in desk.followers(second.id)} == {"web:a", "web:r1"}
    gone = desk.facts.cases[first.id]
    assert (gone.state, gone.merged_into, gone.voices) == (State.MERGED, second.id, 3)
    timers = desk.changes.timers
    for kind in (TimerKind.RESPOND_DUE, TimerKind.RESOLVE_DUE, TimerKind.CONFIRM, TimerKind.DUTY):
        assert timers[timer_key(kind, first.id)] is None
    moved = timers[timer_key(TimerKind.RESPOND_DUE, second.id)]
    assert moved is not None
    assert moved.due == early


def test_whoever_has_it_in_hand_keeps_it() -> None:
    first = case(1, state=State.WORKING, taken_by="web:chen", responded_at=NOW)
    second = case(2)
    desk = town(first, second)
    main = merge(desk, [first], second, SUN)
    assert (main.taken_by, main.state) == ("web:chen", State.SIGNED)
    theirs = case(3, state=State.SIGNED, taken_by="web:wu")
    desk.facts.cases[theirs.id] = theirs
    again = merge(desk, [main], theirs, SUN, {main.id: {first.id}})
    assert again.taken_by == "web:wu"
    assert desk.facts.cases[first.id].merged_into == theirs.id, "nothing points to a merged case"


def danger(number: int, **changed: Any) -> Case:
    return case(number, **({"emergency": "E01", "level": Level.A, "alert": 1} | changed))


def test_a_danger_calls_on_until_somebody_answers_it() -> None:
    """Whoever works on an ordinary case has answered no alert by a merge."""
    first = case(1, state=State.SIGNED, taken_by="web:chen")
    second = danger(2)
    desk = town(first, second)
    main = merge(desk, [first], second, SUN)
    assert (main.taken_by, main.state) == (None, State.DISPATCHED)
    assert timer_key(TimerKind.DUTY, second.id) not in desk.changes.timers
    third = danger(3, state=State.SIGNED, taken_by="web:chen")
    desk.facts.cases[third.id] = third
    assert merge(desk, [third], main, SUN).taken_by == "web:chen", "they answered one"


def test_nobody_gets_in_hand_what_they_may_not_take() -> None:
    desk = town()
    desk.facts.people["web:wu"] = Person("web:wu", "老吴", (Grant(Role.DEPARTMENT, "CG"),))
    first = case(1, state=State.SIGNED, taken_by="web:wu", lead="CG")
    second = case(2)
    desk.facts.cases |= {first.id: first, second.id: second}
    assert merge(desk, [first], second, SUN).taken_by is None


@pytest.mark.parametrize("was", [State.DISPATCHED, State.TO_DISPATCH, State.TO_CONFIRM])
def test_hands_that_came_with_a_case_leave_with_it(was: State) -> None:
    first = case(1, state=State.SIGNED, taken_by="web:chen")
    second = case(2, state=was, triage=Triage.HUMAN, respond_due=NOW + 2 * HOUR)
    desk = town(first, second)
    assert merge(desk, [first], second, SUN).taken_by == "web:chen"
    back = unmerge(desk, desk.facts.cases[first.id], SUN, trace(desk))
    main = desk.facts.cases[second.id]
    assert (back.taken_by, main.taken_by, main.responded_at) == ("web:chen", None, None)
    assert main.state is (State.TO_CONFIRM if was is State.TO_CONFIRM else State.DISPATCHED)
    assert desk.changes.timers[timer_key(TimerKind.RESPOND_DUE, second.id)] is not None


def test_an_alert_calls_again_when_its_hands_leave() -> None:
    first, second = danger(1, state=State.SIGNED, taken_by="web:chen"), danger(2)
    desk = town(first, second)
    merge(desk, [first], second, SUN)
    unmerge(desk, desk.facts.cases[first.id], SUN, trace(desk))
    assert desk.changes.timers[timer_key(TimerKind.DUTY, second.id)] is not None


def test_hands_that_worked_on_it_since_stay() -> None:
    first = case(1, state=State.SIGNED, taken_by="web:chen")
    second = case(2)
    desk = town(first, second)
    main = merge(desk, [first], second, SUN)
    report(desk, main, CHEN, "师傅下午来")
    unmerge(desk, desk.facts.cases[first.id], SUN, trace(desk))
    main = desk.facts.cases[second.id]
    assert (main.taken_by, main.state) == ("web:chen", State.WORKING)


EARLY: dict[str, Any] = {"respond_due": NOW + 2 * HOUR, "resolve_due": NOW + 10 * HOUR}
LATE: dict[str, Any] = {"respond_due": NOW + 50 * HOUR, "resolve_due": NOW + 500 * HOUR}


@pytest.mark.parametrize("what", ["calendar", "set_item"])
def test_nothing_gets_later_after_a_merge_either(what: str) -> None:
    first = case(1, opened_at=NOW - 24 * HOUR, **EARLY)
    second = case(2, state=State.TO_CONFIRM, triage=Triage.HUMAN, provisional=True, **LATE)
    desk = town(first, second)
    main = merge(desk, [first], second, SUN)
    assert main.provisional
    if what == "calendar":
        fire(desk, Timer("k", TimerKind.CALENDAR, main.id, NOW))
    else:
        set_item(desk, main, "WY05", SUN, "desk")
    main = desk.facts.cases[main.id]
    assert (main.respond_due, main.resolve_due) == (EARLY["respond_due"], EARLY["resolve_due"])


def test_what_waits_for_the_holidays_still_does_after_a_merge() -> None:
    unpublished = NOW + timedelta(days=4 * 365)
    waits = {"item": "SR03", "level": Level.C, "opened_at": unpublished, "provisional": True}
    first, second = case(1, **(EARLY | waits)), case(2, **LATE)
    desk = town(first, second)
    main = merge(desk, [first], second, SUN)
    assert main.provisional
    assert desk.changes.timers[timer_key(TimerKind.CALENDAR, second.id)] is not None


def test_reopened_it_counts_from_then_also_when_a_merge_is_undone() -> None:
    first, second = case(1, **EARLY), case(2, **EARLY)
    desk = town(first, second)
    main = merge(desk, [first], second, SUN)
    finish(desk, main, CHEN, "换了灯泡，已经亮了", GROUP)
    desk.begin("m", NOW + timedelta(days=30))
    owed = reopen(desk, desk.facts.cases[second.id], Person("web:r2", "街坊"), "没好", GROUP)
    unmerge(desk, desk.facts.cases[first.id], SUN, trace(desk))
    main = desk.facts.cases[second.id]
    assert (main.respond_due, main.resolve_due) == (owed.respond_due, owed.resolve_due)


def test_what_staff_found_is_merged_into_what_a_neighbour_told() -> None:
    found = case(1, reporter="web:chen", chat=ROUND, opened_at=NOW - HOUR)
    told = case(2)
    assert survivor([found, told]) == told
    desk = town(found, told)
    main = merge(desk, [found], told, SUN)
    assert (main.voices, desk.followers(main.id)) == (1, ()), "staff are no neighbour"


def test_a_neighbour_of_what_staff_found_and_fixed_has_a_say() -> None:
    """More urgent, it goes on; nobody rates their own work, but the neighbour can say that it is not done."""
    found = case(1, reporter="web:chen", chat=ROUND, level=Level.A)
    told = case(2)
    desk = town(found, told)
    main = merge(desk, [told], found, SUN)
    main = finish(desk, main, CHEN, "换了灯泡，已经亮了", ROUND)
    assert (main.voices, main.settled, may_rate(main)) == (2, False, False)
    (done,) = [n for _, n in desk.changes.notices if n.template == "done"]
    assert done.audience == ToChat(GROUP)
    assert not [n for _, n in desk.changes.notices if n.template == "please_rate"]
    assert can_reopen(main)
    assert may_reopen(desk, main, "web:r2")
    assert not may_reopen(desk, main, "web:r3")


def test_people_are_told_once_and_nobody_is_named() -> None:
    some = [case(n) for n in range(1, 8)]
    main = case(9)
    desk = town(*some, main)
    merge(desk, some, main, SUN)
    public = [n for _, n in desk.changes.notices if n.template == "merged"]
    (notice,) = public
    assert notice.params == {
        "case": main.id,
        "cases": "DEMO-1-1、DEMO-1-2、DEMO-1-3、DEMO-1-4 等7件",
        "voices": "8",
    }
    staff = [n for _, n in desk.changes.notices if n.template == "staff_update"]
    assert len(staff) == 2, "the grid's staff and the department, once each"


def test_a_private_case_is_told_alone() -> None:
    first, second = (case(n, visibility=PRIVATE, reporter="web:li") for n in (1, 2))
    desk = town(first, second)
    merge(desk, [first], second, SUN)
    (notice,) = [n for _, n in desk.changes.notices if n.template == "merged"]
    assert str(notice.audience) == "ToPerson(person='web:li')"


@pytest.mark.parametrize(
    ("told_in", "heard"), [(GROUP, "师傅下午来接老周家的线"), (ChatRef("report", "x"), None)]
)
def test_of_what_was_told_alone_the_next_grid_hears_no_words_of_staff(
    told_in: ChatRef, heard: str | None
) -> None:
    far = case(1, grid="DEMO-2", chat=NEXT, reporter="web:li")
    main = case(2, chat=told_in)
    desk = town(far, main)
    main = merge(desk, [far], main, SUN)
    words = "师傅下午来接老周家的线"
    main = report(desk, main, SUN, words)
    finish(desk, main, SUN, words, STAFF)
    told = [n for _, n in desk.changes.notices if n.audience == ToChat(NEXT)]
    assert [n.template for n in told][-2:] == ["progress", "done"], "progress is told all the same"
    assert [n.params.get("words") for n in told[-2:]] == [heard, heard]
    assert all("place" not in n.params for n in told if heard is None)


def trace(desk: Desk, *lines: Line) -> Trace:
    return Trace(list(desk.changes.entries), list(lines))


def said(of: Case, sender: str, role: LineRole = LineRole.PLUS_ONE) -> Line:
    return Line(of.id, GROUP, f"{of.id}-{sender}", sender, role, "我家也是", (), NOW)


def test_undone_everything_goes_its_own_way() -> None:
    first, second = case(1, voices=2), case(2, voices=2)
    desk = town(first, second)
    desk.facts.followers[first.id] = (Follower(first.id, "web:a", GROUP),)
    desk.facts.followers[second.id] = (Follower(second.id, "web:b", GROUP),)
    main = merge(desk, [first], second, SUN)
    assert main.voices == 4
    lines = [said(second, "web:b"), said(second, "web:a"), said(first, "web:a")]
    back = unmerge(desk, desk.facts.cases[first.id], SUN, trace(desk, *lines))
    main = desk.facts.cases[second.id]
    assert (back.state, back.merged_into, back.lead) == (State.DISPATCHED, None, "JS")
    assert {one.person for one in desk.followers(second.id)} == {"web:a", "web:b"}
    assert main.voices == 3, "one of them has a voice of their own there"
    assert desk.changes.timers[timer_key(TimerKind.RESOLVE_DUE, first.id)] is not None
    steps = [(entry.case, entry.action) for entry in desk.changes.entries]
    assert (second.id, Action.SPLIT) in steps
    assert (first.id, Action.UNMERGE) in steps
    told = [n for _, n in desk.changes.notices if n.template == "unmerged"]
    assert [n.params["main"] for n in told] == [second.id]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"state": State.TO_CONFIRM, "triage": Triage.HUMAN}, State.TO_CONFIRM),
        ({"state": State.TO_CONFIRM, "triage": Triage.ASK}, State.TO_CONFIRM),
        ({"state": State.DISPATCHED}, State.DISPATCHED),
        ({"state": State.WORKING, "taken_by": "web:chen"}, State.SIGNED),
    ],
)
def test_it_goes_back_to_where_it_was(before: dict[str, Any], after: State) -> None:
    first, second = case(1, **before), case(2)
    desk = town(first, second)
    merge(desk, [first], second, SUN)
    back = unmerge(desk, desk.facts.cases[first.id], SUN, trace(desk))
    assert (back.state, back.taken_by) == (after, before.get("taken_by"))
    asked = desk.changes.timers.get(timer_key(TimerKind.CONFIRM, first.id))
    assert (asked is not None) is (before.get("triage") is Triage.ASK)


def test_what_came_along_goes_along() -> None:
    first, second, third = case(1), case(2), case(3)
    desk = town(first, second, third)
    main = merge(desk, [first], second, SUN)
    merge(desk, [main], third, SUN, {second.id: {first.id}})
    assert desk.facts.cases[first.id].merged_into == third.id
    unmerge(desk, desk.facts.cases[second.id], SUN, trace(desk))
    assert desk.facts.cases[first.id].merged_into == second.id
    assert desk.facts.cases[third.id].voices == 1
    assert desk.facts.cases[second.id].voices == 2


def test_what_is_not_merged_cannot_be_undone() -> None:
    first = case(1)
    desk = town(first)
    with pytest.raises(NotNow):
        unmerge(desk, first, SUN, Trace())


def test_the_survivor_is_the_most_urgent_and_the_first() -> None:
    later = case(1, opened_at=NOW + timedelta(hours=1))
    assert survivor([later, case(2)]).number == 2
    assert survivor([replace(later, level=Level.A), case(2)]).number == 1
    assert survivor([case(2), replace(later, emergency="E01")]).number == 1


TWINS: list[tuple[str, dict[str, Any], bool]] = [
    ("the same lamp", {}, True),
    ("of a neighbouring grid", {"grid": "DEMO-2", "chat": NEXT}, True),
    ("another building", {"place": "9栋楼下", "said": "9栋路灯不亮"}, False),
    ("another thing elsewhere", {"item": "HJ01", "category": "HJ", "place": "市场"}, False),
    ("no place said", {"place": None}, True),
    ("private", {"visibility": PRIVATE}, False),
    ("done", {"state": State.TO_RATE}, False),
]


@pytest.mark.parametrize(("name", "changed", "likely"), TWINS, ids=[row[0] for row in TWINS])
def test_likely_twins(name: str, changed: dict[str, Any], likely: bool) -> None:
    first, other = case(1), case(2, **({"guesses": ()} | changed))
    desk = town(first, other)
    assert bool(twins(desk, replace(first, guesses=()), [first, other])) is likely


def test_a_less_urgent_twin_is_proposed_the_other_way_round() -> None:
    first, other = case(1, level=Level.A), case(2)
    desk = town(first, other)
    (twin,) = twins(desk, first, [other])
    assert twin.reverse
    assert PATH[-1] == GRID
