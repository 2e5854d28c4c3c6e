"""What somebody may see on the desk.

The law of this file: a case is seen by whose work it is, by tree or by department; a private one only where
the right to see private cases reaches it, or by whoever has it in hand. Pages, queries and sockets ask here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from intake.cases import Case
from intake.grids import Grid
from intake.people import MAY, WORK_ROLES, Person, PersonId, Right, Role
from intake.taxonomy import Visibility

DESK_ROLES = WORK_ROLES - {Role.AUDITOR, Role.ADMIN}
"""Roles that work on cases. Auditors and administrators see records and settings, and no case."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Cases of `grids` and of `departments`; private ones of `private_grids` and `departments`, and what
    `person` has in hand."""

    person: PersonId
    grids: frozenset[str] = frozenset()
    private_grids: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()

    def sees(self, case: Case) -> bool:
        """Whether this case may be shown."""
        if case.taken_by == self.person or self.departments.intersection(case.departments):
            return True
        private = case.visibility is Visibility.PRIVATE
        return case.grid in (self.private_grids if private else self.grids)

    @property
    def anything(self) -> bool:
        """Whether there can be any case to see."""
        return bool(self.grids or self.departments)


def sight_of(person: Person, grids: Iterable[Grid]) -> Sight:
    """What `person` may see, of all `grids`."""
    reached = [grid for grid in grids if person.has_role_in(DESK_ROLES, grid.path)]
    return Sight(
        person.id,
        frozenset(grid.id for grid in reached),
        frozenset(grid.id for grid in reached if person.may(Right.SEE_PRIVATE, grid.path)),
        frozenset(grant.scope for grant in person.grants if grant.role is Role.DEPARTMENT),
    )


def holds(person: Person, right: Right) -> bool:
    """Whether some role of theirs carries `right`, wherever it reaches."""
    return any(right in MAY[grant.role] for grant in person.grants)


def works_on_cases(person: Person) -> bool:
    """Whether the desk's case pages are for them."""
    return any(grant.role in DESK_ROLES for grant in person.grants)
