"""Who may do what, as a table: a mark stands where a role may."""

from __future__ import annotations

import pytest

from intake.grids import Grid
from intake.people import MAY, STAFF_ROLES, Grant, Person, Right, Role
from intake.sight import sight_of

# Rights, top to bottom; roles, left to right: resident, volunteer, party member, building head,
# property, grid worker, moderator, department, street, district, auditor, administrator.
TABLE = """
                Re Vo PM BH Pr GW Mo De St Di Au Ad
take            .  .  .  .  x  x  .  x  x  x  .  .
report          .  x  x  x  x  x  .  x  x  x  .  .
finish          .  .  .  .  x  x  .  x  x  x  .  .
return          .  .  .  .  .  x  x  x  x  x  .  .
correct         .  .  .  .  .  x  x  .  x  x  .  .
arbitrate       .  .  .  .  .  .  .  .  x  x  .  .
ask_joint       .  .  .  .  .  x  x  x  x  x  .  .
whistle         .  .  .  .  .  .  x  .  x  x  .  .
hand_up         .  .  .  .  .  x  x  x  x  x  .  .
decide_up       .  .  .  .  .  .  .  .  .  x  .  .
extend          .  .  .  .  .  .  x  .  x  x  .  .
supervise       .  .  .  .  .  .  .  .  x  x  .  .
call_back       .  .  .  .  .  .  x  .  x  x  .  .
moderate_wish   .  .  .  .  .  x  x  .  x  x  .  .
see_private     .  .  .  .  .  x  x  x  x  x  .  .
answer_alert    .  .  .  .  .  x  x  .  x  x  .  .
inform          .  .  .  .  .  x  x  .  x  x  .  .
invite          .  .  .  .  .  .  .  .  x  x  .  x
configure       .  .  .  .  .  .  .  .  .  .  .  x
audit           .  .  .  .  .  .  .  .  .  .  x  .
reorganise      .  .  .  .  .  .  .  .  .  x  .  x
"""
_marks = {row[0]: row[1:] for row in map(str.split, TABLE.strip().split("\n")[1:])}
EXPECTED = {
    role: frozenset(right for right in Right if _marks[right][number] == "x")
    for number, role in enumerate(Role)
}
PATH = ("D", "S", "C", "G1")


@pytest.mark.parametrize("role", Role)
def test_what_a_role_may(role: Role) -> None:
    assert MAY[role] == EXPECTED[role]


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DEPARTMENT])
def test_within_its_scope_and_nowhere_else(role: Role, right: Right) -> None:
    granted = right in EXPECTED[role]
    for scope in PATH:
        person = Person("web:x", "x", (Grant(role, scope),))
        assert person.may(right, PATH) == granted
        assert not person.may(right, ("D2", "S2", "C2", "G2"))


def test_a_grid_worker_of_one_grid_is_a_neighbour_in_the_next() -> None:
    chen = Person("web:chen", "小陈", (Grant(Role.GRID_WORKER, "G1"),))
    assert chen.may(Right.TAKE, PATH)
    assert not chen.may(Right.TAKE, ("D", "S", "C", "G2"))
    assert not chen.has_role_in(STAFF_ROLES, ("D", "S", "C", "G2"))


def test_a_department_reaches_its_own_cases_in_every_grid_and_no_others() -> None:
    wu = Person("web:wu", "老吴", (Grant(Role.DEPARTMENT, "JS"),))
    for path in (PATH, ("D9", "S9", "C9", "G9")):
        assert wu.may(Right.FINISH, path, ("WYGS", "JS"))
        assert not wu.may(Right.FINISH, path, ("WYGS",))
        assert not wu.may(Right.FINISH, path)
        assert not wu.may(Right.CORRECT, path, ("JS",))


def test_a_department_whose_code_is_a_grids_id_gets_no_grid() -> None:
    odd = Person("web:odd", "x", (Grant(Role.DEPARTMENT, "G1"),))
    assert not odd.may(Right.SEE_PRIVATE, PATH, ("JS",))


def test_a_street_whose_id_is_a_departments_code_gets_no_cases() -> None:
    odd = Person("web:odd", "x", (Grant(Role.STREET, "JS"),))
    assert not odd.may(Right.SEE_PRIVATE, PATH, ("JS",))


def test_two_grants_add_up() -> None:
    both = Person("web:b", "b", (Grant(Role.VOLUNTEER, "C"), Grant(Role.AUDITOR, "D")))
    assert both.may(Right.REPORT, PATH)
    assert both.may(Right.AUDIT, PATH)
    assert not both.may(Right.TAKE, PATH)


def test_a_stranger_may_nothing() -> None:
    assert not any(Person("web:s", "s").may(right, PATH, ("JS",)) for right in Right)


def test_an_auditor_sees_no_private_matter_and_an_administrator_does_neither() -> None:
    assert Right.SEE_PRIVATE not in MAY[Role.AUDITOR] | MAY[Role.ADMIN]


def test_helpers_and_residents_are_not_staff() -> None:
    assert set(Role) - STAFF_ROLES == {Role.RESIDENT, Role.VOLUNTEER, Role.PARTY_MEMBER}


def test_a_place_with_a_departments_code_is_none_of_the_departments() -> None:
    wu = Person("web:wu", "老吴", (Grant(Role.DEPARTMENT, "JS"),))
    path = ("D", "S", "JS", "G1")
    assert not wu.has_role_in(STAFF_ROLES, path)
    sight = sight_of(wu, [Grid("G1", "一格", path)])
    assert (sight.grids, sight.private_grids, sight.departments) == (set(), set(), {"JS"})
