"""Who may give and take which role.

The law of this file: nobody gives a role that reaches beyond their own scope, nor a right that they do not
hold there themselves; administrators alone appoint to every role. What somebody may give they may take, but
not the last role of an administrator that is their own.
"""

from __future__ import annotations

from collections.abc import Sequence

from intake.people import MAY, Grant, Person, Right, Role

Path = tuple[str, ...]
"""The ids of the nodes down to one of the tree, its own last."""

APPOINTED = tuple(role for role in Role if role is not Role.RESIDENT)
"""Roles that are given; a resident is one by living there."""


def may_give(person: Person, role: Role, reach: Sequence[Path]) -> bool:
    """Whether they may give `role` over every node of `reach`: the one of its scope; all tops of the tree
    for a department, whose people work in every grid."""
    return (
        role in APPOINTED and bool(reach) and all(_may_there(person, role, path) for path in reach)
    )


def roles_to_give(person: Person, reach: Sequence[Path], department: bool) -> list[Role]:
    """The roles that they may give there, in the order of `Role`."""
    return [
        role
        for role in APPOINTED
        if (role is Role.DEPARTMENT) is department and may_give(person, role, reach)
    ]


def may_take(person: Person, holder: Person, grant: Grant, reach: Sequence[Path]) -> bool:
    """Whether they may take `grant` from `holder`."""
    return may_give(person, grant.role, reach) and not is_last_admin(person, holder, grant)


def is_last_admin(person: Person, holder: Person, grant: Grant) -> bool:
    """Whether it is what makes `person` an administrator at all."""
    mine = [one for one in person.grants if one.role is Role.ADMIN]
    return person.id == holder.id and mine == [grant]


def _may_there(person: Person, role: Role, path: Path) -> bool:
    here = {
        grant.role
        for grant in person.grants
        if grant.role is not Role.DEPARTMENT and grant.scope in path
    }
    if Role.ADMIN in here:
        return True
    rights = frozenset[Right]().union(*(MAY[one] for one in here))
    return Right.INVITE in rights and MAY[role] <= rights
