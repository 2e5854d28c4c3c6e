"""Who somebody is and what they may do.

The law of this file: a person is known by one id, speaks through one or more identities (`tg:42`,
`web:k3…`), and may do what the table `MAY` grants one of their roles within its scope. A scope is a
node of the tree district → street → community → grid, or a department's code. Whoever stands in for somebody
on leave may do to cases what that one may; neither appoints nor configures by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

PersonId = str
"""The id of a person: their first identity, `channel:external id`."""


class Role(StrEnum):
    RESIDENT = "resident"
    VOLUNTEER = "volunteer"
    PARTY_MEMBER = "party_member"
    BUILDING_HEAD = "building_head"
    PROPERTY = "property"
    GRID_WORKER = "grid_worker"
    MODERATOR = "moderator"
    DEPARTMENT = "department"
    STREET = "street"
    DISTRICT = "district"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Right(StrEnum):
    """What somebody may do to a case of their scope, or to the neighbourhood."""

    TAKE = "take"
    REPORT = "report"
    FINISH = "finish"
    RETURN = "return"
    CORRECT = "correct"
    ARBITRATE = "arbitrate"
    ASK_JOINT = "ask_joint"  # name joint departments, 协办
    WHISTLE = "whistle"  # call departments to come, 吹哨
    HAND_UP = "hand_up"  # say that it is beyond the street, 超权限上报
    DECIDE_UP = "decide_up"  # say whose that is then
    EXTEND = "extend"
    SUPERVISE = "supervise"
    CALL_BACK = "call_back"
    MODERATE_WISH = "moderate_wish"
    SEE_PRIVATE = "see_private"
    ANSWER_ALERT = "answer_alert"
    INFORM = "inform"
    INVITE = "invite"
    CONFIGURE = "configure"
    AUDIT = "audit"
    REORGANISE = "reorganise"


_WORKS = frozenset({Right.TAKE, Right.REPORT, Right.FINISH, Right.RETURN, Right.ASK_JOINT})

MAY: dict[Role, frozenset[Right]] = {
    Role.RESIDENT: frozenset(),
    Role.VOLUNTEER: frozenset({Right.REPORT}),
    Role.PARTY_MEMBER: frozenset({Right.REPORT}),
    Role.BUILDING_HEAD: frozenset({Right.REPORT}),
    Role.PROPERTY: frozenset({Right.REPORT, Right.FINISH, Right.TAKE}),
    Role.GRID_WORKER: _WORKS
    | {Right.CORRECT, Right.MODERATE_WISH, Right.SEE_PRIVATE, Right.ANSWER_ALERT}
    | {Right.HAND_UP, Right.INFORM},
    Role.MODERATOR: frozenset(
        {Right.CORRECT, Right.MODERATE_WISH, Right.SEE_PRIVATE, Right.ANSWER_ALERT, Right.RETURN}
        | {Right.EXTEND, Right.ASK_JOINT, Right.WHISTLE, Right.HAND_UP, Right.INFORM}
        | {Right.CALL_BACK}
    ),
    Role.DEPARTMENT: _WORKS | {Right.SEE_PRIVATE, Right.HAND_UP},
    Role.STREET: _WORKS
    | {Right.CORRECT, Right.ARBITRATE, Right.EXTEND, Right.MODERATE_WISH, Right.SEE_PRIVATE}
    | {Right.ANSWER_ALERT, Right.INVITE, Right.WHISTLE, Right.HAND_UP, Right.INFORM}
    | {Right.SUPERVISE, Right.CALL_BACK},
    Role.DISTRICT: _WORKS
    | {Right.CORRECT, Right.ARBITRATE, Right.EXTEND, Right.MODERATE_WISH, Right.SEE_PRIVATE}
    | {Right.ANSWER_ALERT, Right.INVITE, Right.WHISTLE, Right.HAND_UP, Right.DECIDE_UP}
    | {Right.REORGANISE, Right.INFORM, Right.SUPERVISE, Right.CALL_BACK},
    Role.AUDITOR: frozenset({Right.AUDIT}),
    Role.ADMIN: frozenset({Right.INVITE, Right.CONFIGURE, Right.REORGANISE}),
}

HANDED_ON = frozenset(Right) - {
    *(Right.INVITE, Right.CONFIGURE, Right.AUDIT, Right.REORGANISE),
}
"""Rights that a stand-in has for the time of a cover: those over cases."""

STAFF_ROLES = frozenset(Role) - {Role.RESIDENT, Role.VOLUNTEER, Role.PARTY_MEMBER}
"""Roles whose words in a group may be words about work, not calls for help."""

WORK_ROLES = STAFF_ROLES - {Role.BUILDING_HEAD}
"""Roles whose daily work is to see to what neighbours ask for; a building head is a neighbour too."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One role in one scope (a tree node's id, or a department's code for Role.DEPARTMENT)."""

    role: Role
    scope: str

    def reaches(self, path: tuple[str, ...]) -> bool:
        """Whether its scope is a node of this path. A department's code is no place, whatever a place may be
        called."""
        return self.role is not Role.DEPARTMENT and self.scope in path


@dataclass(frozen=True, slots=True)
class Person:
    """`private` is where the bot can write to them alone, as (channel, chat), or None. `home` is the
    grid they belong to when they talk to the bot alone. `covering` are the roles of those on leave for whom
    they stand in just now, who are named in `stands_for`; neither is theirs, and neither is saved."""

    id: PersonId
    name: str
    grants: tuple[Grant, ...] = ()
    private: tuple[str, str] | None = None
    opted_out: bool = False
    email: str | None = None
    home: str | None = None
    covering: tuple[Grant, ...] = ()
    stands_for: tuple[PersonId, ...] = ()

    @property
    def held(self) -> tuple[Grant, ...]:
        """Their own roles, and those for which they stand in."""
        return (*self.grants, *self.covering)

    def may(self, right: Right, path: tuple[str, ...], departments: tuple[str, ...] = ()) -> bool:
        """Whether a grant covers `right` on a grid with this path (district … grid).

        `departments` are those of the case at hand; a department's grant reaches only cases that are
        its own, in every grid.
        """
        return any(
            right in MAY[grant.role]
            and (
                grant.scope in departments if grant.role is Role.DEPARTMENT else grant.reaches(path)
            )
            for grant in (self.held if right in HANDED_ON else self.grants)
        )

    def has_role_in(self, roles: frozenset[Role], path: tuple[str, ...]) -> bool:
        """Whether they hold one of `roles` over the grid with this path."""
        return any(grant.role in roles and grant.reaches(path) for grant in self.held)
