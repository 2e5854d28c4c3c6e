"""Cover for leave: who may name whom, for how long, and what it gives."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from unit_samples import GRID, NOW, PATH, a_case, a_desk

from intake.alarming import alert_next
from intake.covering import (
    AHEAD,
    Cover,
    Wrong,
    guests,
    handed_on,
    may_set,
    may_stand_in,
    on_duty,
    same_work,
    standing_in,
    wrong_with,
)
from intake.grids import DutyEntry, Grid
from intake.notices import ToPerson
from intake.people import Grant, Person, Right, Role
from intake.sight import holds, sight_of
from intake.taxonomy import Visibility

OTHER = (*PATH[:-1], "DEMO-2")
FAR = ("D", "S2", "C2", "FAR-1")
PATHS = {path[: n + 1][-1]: path[: n + 1] for path in (PATH, OTHER, FAR) for n in range(len(path))}
TOPS = (("D",),)
GRIDS = [Grid(path[-1], path[-1], path) for path in (PATH, OTHER, FAR)]
DAY = timedelta(days=1)


def a_person(id: str, role: Role, scope: str, *more: Grant) -> Person:
    return Person(id, id, (Grant(role, scope), *more))


CHEN = a_person("小陈", Role.GRID_WORKER, GRID)
NEXT = a_person("隔壁", Role.GRID_WORKER, "DEMO-2")
AREA = a_person("社区网格员", Role.GRID_WORKER, "C")
AWAY = a_person("远处", Role.GRID_WORKER, "FAR-1")
SUN = a_person("孙姐", Role.MODERATOR, GRID)
MODERATOR_FAR = a_person("远处调度", Role.MODERATOR, "C2")
MODERATOR_OF_STREET = a_person("街道调度", Role.MODERATOR, "S")
STREET = a_person("方主任", Role.STREET, "S")
DISTRICT = a_person("区里", Role.DISTRICT, "D")
ADMIN = a_person("管理员", Role.ADMIN, "D")
WU = a_person("老吴", Role.DEPARTMENT, "JS")
LI = a_person("小李", Role.DEPARTMENT, "JS")
HE = a_person("小何", Role.VOLUNTEER, GRID)


def a_cover(
    absent: Person = CHEN, stand_in: Person = NEXT, days: float = 3, start: datetime = NOW
) -> Cover:
    ends = start + days * DAY
    return Cover("c1", absent.id, stand_in.id, handed_on(absent), start, ends, absent.id, NOW)


@pytest.mark.parametrize(
    ("setter", "absent", "may"),
    [
        (CHEN, CHEN, True),
        (STREET, CHEN, True),
        (DISTRICT, CHEN, True),
        (ADMIN, CHEN, True),
        (SUN, CHEN, False),
        (NEXT, CHEN, False),
        (STREET, AWAY, False),  # another street
        (STREET, DISTRICT, False),  # above
        (STREET, WU, False),  # a department works everywhere
        (DISTRICT, WU, True),
        (STREET, HE, False),  # has no work to hand on
        (DISTRICT, replace(CHEN, grants=(*CHEN.grants, Grant(Role.AUDITOR, "D"))), True),
    ],
    ids=lambda one: one.name if isinstance(one, Person) else str(one),
)
def test_who_may_say_who_stands_in(setter: Person, absent: Person, may: bool) -> None:
    assert may_set(setter, absent, PATHS, TOPS) is may


@pytest.mark.parametrize(
    ("setter", "absent", "person", "why"),
    [
        (CHEN, CHEN, NEXT, None),  # the same work, next door
        (CHEN, CHEN, AREA, None),
        (CHEN, CHEN, STREET, None),  # holds all of it already
        (CHEN, CHEN, CHEN, Wrong.SELF),
        (CHEN, CHEN, AWAY, Wrong.NOT_NEAR),
        (CHEN, CHEN, SUN, None),  # a moderator of the same community
        (SUN, SUN, CHEN, None),
        (SUN, SUN, NEXT, None),
        (CHEN, CHEN, MODERATOR_FAR, Wrong.NOT_NEAR),
        (CHEN, CHEN, MODERATOR_OF_STREET, Wrong.NOT_NEAR),
        (CHEN, CHEN, HE, Wrong.NOT_NEAR),
        (CHEN, CHEN, ADMIN, Wrong.NOT_NEAR),
        (WU, WU, LI, None),
        (WU, WU, CHEN, Wrong.NOT_NEAR),
        (STREET, CHEN, SUN, None),  # the street may name anybody of the staff
        (STREET, CHEN, AWAY, None),
        (STREET, CHEN, HE, Wrong.NOT_NEAR),
        (STREET, CHEN, STREET, None),  # sees nothing that was not theirs before
        (ADMIN, CHEN, ADMIN, Wrong.NOT_NEAR),
        (
            a_person("两头", Role.ADMIN, "D", Grant(Role.MODERATOR, GRID)),
            CHEN,
            a_person("两头", Role.ADMIN, "D", Grant(Role.MODERATOR, GRID)),
            Wrong.WIDER,
        ),
    ],
    ids=lambda one: one.name if isinstance(one, Person) else str(one),
)
def test_who_may_stand_in(
    setter: Person, absent: Person, person: Person, why: Wrong | None
) -> None:
    assert may_stand_in(setter, absent, person, PATHS) is why


def test_who_is_above_does_no_work_of_the_same_kind() -> None:
    assert [same_work(CHEN, one) for one in (NEXT, SUN, STREET, DISTRICT, WU)] == [
        *(True, True),
        *(False, False, False),
    ]


@pytest.mark.parametrize(
    ("cover", "known", "why"),
    [
        (a_cover(), (), None),
        (a_cover(days=0), (), Wrong.DATES),
        (a_cover(days=-1), (), Wrong.DATES),
        (a_cover(start=NOW - 4 * DAY), (), Wrong.DATES),
        (a_cover(start=NOW + AHEAD + DAY), (), Wrong.DATES),
        (a_cover(days=31), (), None),
        (a_cover(days=31.5), (), Wrong.LONG),
        (a_cover(), (a_cover(stand_in=AREA, start=NOW + DAY),), Wrong.TWICE),
        (a_cover(), (a_cover(stand_in=AREA, start=NOW + 3 * DAY),), None),  # right after it
        (a_cover(), (replace(a_cover(stand_in=AREA), ended_at=NOW),), None),
        (a_cover(), (a_cover(NEXT, AREA),), Wrong.AWAY),
        (a_cover(), (a_cover(AREA, CHEN),), Wrong.STANDS_IN),
        (a_cover(), (a_cover(AREA, NEXT),), None),  # one may stand in for two
    ],
)
def test_when_a_cover_may_be(cover: Cover, known: tuple[Cover, ...], why: Wrong | None) -> None:
    assert wrong_with(cover, known, NOW) is why


def test_it_stands_from_its_first_moment_until_before_its_last() -> None:
    cover = a_cover(start=NOW + DAY, days=1)
    moments = [NOW, NOW + DAY, NOW + 2 * DAY - timedelta(microseconds=1), NOW + 2 * DAY]
    assert [cover.stands(moment) for moment in moments] == [False, True, True, False]
    assert not replace(cover, ended_at=NOW).stands(NOW + DAY)


def people(*some: Person) -> dict[str, Person]:
    return {person.id: person for person in some}


def test_a_stand_in_sees_what_the_absent_one_sees_and_may_do_it() -> None:
    person = standing_in(people(CHEN, NEXT), [a_cover()])[NEXT.id]
    assert (person.covering, person.stands_for) == (CHEN.grants, (CHEN.id,))
    assert person.grants == NEXT.grants, "nothing of it is theirs"
    assert person.may(Right.FINISH, PATH)
    assert person.may(Right.SEE_PRIVATE, PATH)
    assert not NEXT.may(Right.FINISH, PATH)
    sight = sight_of(person, GRIDS)
    assert sight.grids == sight.private_grids == {GRID, "DEMO-2"}
    assert sight.sees(a_case(visibility=Visibility.PRIVATE))
    assert sight.sees(a_case(grid="FAR-1", taken_by=CHEN.id)), "what they have in hand"
    assert not sight_of(NEXT, GRIDS).sees(a_case())


def test_nobody_appoints_by_standing_in() -> None:
    cover = a_cover(STREET, SUN)
    person = standing_in(people(STREET, SUN), [cover])[SUN.id]
    assert person.may(Right.FINISH, OTHER)
    assert not person.may(Right.INVITE, PATH)
    assert not holds(person, Right.INVITE)
    assert may_set(person, CHEN, PATHS, TOPS) is False


def test_a_role_that_was_taken_is_handed_on_no_more() -> None:
    gone = replace(CHEN, grants=(Grant(Role.BUILDING_HEAD, GRID),))
    person = standing_in(people(gone, NEXT), [a_cover()])[NEXT.id]
    assert (person.covering, person.stands_for) == ((), ())
    wider = replace(CHEN, grants=(*CHEN.grants, Grant(Role.STREET, "S2")))
    assert standing_in(people(wider, NEXT), [a_cover()])[NEXT.id].covering == CHEN.grants
    assert standing_in(people(NEXT), [a_cover()])[NEXT.id] == NEXT


def test_on_duty_is_who_stands_in_and_nobody_twice() -> None:
    duty = (DutyEntry(1, CHEN.id, "值班"), DutyEntry(2, SUN.id), DutyEntry(3, STREET.id))
    grid, known = Grid(GRID, GRID, PATH, duty=duty), people(CHEN, SUN, STREET, NEXT)
    assert on_duty(grid, known, []) == duty
    first, *rest = on_duty(grid, known, [a_cover()])
    assert (first, rest) == (DutyEntry(1, NEXT.id, "值班"), list(duty[1:]))
    assert [e.person for e in on_duty(grid, known, [a_cover(CHEN, SUN)])] == [SUN.id, STREET.id]


@pytest.mark.parametrize(
    ("absent", "why"),
    [
        (replace(CHEN, grants=()), "the role was taken away since"),
        (a_person(CHEN.id, Role.GRID_WORKER, "DEMO-2"), "they work elsewhere now"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_who_may_not_act_there_by_the_cover_is_not_alerted(absent: Person, why: str) -> None:
    duty = (DutyEntry(1, CHEN.id), DutyEntry(2, SUN.id))
    grid = Grid(GRID, GRID, PATH, duty=duty)
    assert on_duty(grid, people(absent, SUN, NEXT), [a_cover()]) == duty, why


def test_a_cover_of_another_grid_changes_nothing_here() -> None:
    grid = Grid(GRID, GRID, PATH, duty=(DutyEntry(1, AWAY.id),))
    assert on_duty(grid, people(AWAY, NEXT), [a_cover(AWAY, NEXT)]) == grid.duty


def test_guests_are_those_who_sit_in_none_of_the_groups() -> None:
    known = standing_in(people(CHEN, NEXT, STREET, AREA), [a_cover()])
    assert guests(known, [a_cover()], PATH) == [NEXT.id]
    assert guests(known, [a_cover()], OTHER) == []
    known = standing_in(people(CHEN, AREA), [a_cover(stand_in=AREA)])
    assert guests(known, [a_cover(stand_in=AREA)], PATH) == []


def test_the_alert_goes_to_the_stand_in() -> None:
    desk = a_desk()
    sister = Person("web:sun", "孙姐", private=("web", "p-sun"))
    desk.facts.people[sister.id] = sister
    chen = replace(desk.facts.people["web:chen"], grants=CHEN.grants)
    desk.facts.people[chen.id] = chen
    desk.facts.covers = (a_cover(chen, sister),)
    case = desk.add_case(a_case(emergency="E01"))
    alert_next(desk, case)
    told = [n.audience.person for _, n in desk.changes.notices if isinstance(n.audience, ToPerson)]
    assert told == [sister.id]
    assert "孙姐" in desk.changes.notices[0][1].params["who"]


NAMED_LIKE_A_CODE = ("D", "S", "JS", "JS-1")
"""The path of a grid in a community whose id is a department's code."""


def test_a_place_named_like_a_department_takes_nothing_of_its_people() -> None:
    """老吴 of JS is on leave: whoever stands in works for the department, not in that place."""
    grid = Grid("JS-1", "网格", NAMED_LIKE_A_CODE, duty=(DutyEntry(1, WU.id),))
    cover = a_cover(WU, LI)
    people = standing_in({one.id: one for one in (WU, LI)}, [cover])
    assert guests(people, [cover], grid.path) == []
    assert [entry.person for entry in on_duty(grid, people, [cover])] == [WU.id]
    paths = PATHS | {"JS": NAMED_LIKE_A_CODE[:3], "JS-1": NAMED_LIKE_A_CODE}
    there = a_person("小陈", Role.GRID_WORKER, "JS-1")
    assert may_stand_in(there, there, WU, paths) is Wrong.NOT_NEAR
