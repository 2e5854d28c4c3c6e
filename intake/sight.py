"""What somebody may see on the desk.

The law of this file: a case is seen by whose work it is, by tree or by department; a private one only where
the right to see private cases reaches it, or by whoever has it in hand. Pages, queries and sockets ask here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from intake.cases import Case
from intake.grids import Grid
from intake.people import HANDED_ON, MAY, WORK_ROLES, Person, PersonId, Right, Role
from intake.taxonomy import Visibility

DESK_ROLES = WORK_ROLES - {Role.AUDITOR, Role.ADMIN}
"""Roles that work on cases. Auditors and administrators see records and settings, and no case."""

FIELD_ROLES = frozenset({Role.GRID_WORKER, Role.PROPERTY})
"""Roles that walk rounds."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Cases of `grids` and of `departments`; private ones of `private_grids` and `departments`, and what
    `person`, or somebody on leave for whom they stand in, has in hand."""

    person: PersonId
    grids: frozenset[str] = frozenset()
    private_grids: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    stands_for: frozenset[PersonId] = frozenset()

    @property
    def hands(self) -> frozenset[PersonId]:
        """Whose work is theirs to see: their own, and that of those for whom they stand in."""
        return self.stands_for | {self.person}

    def sees(self, case: Case) -> bool:
        """Whether this case may be shown."""
        if case.taken_by in self.hands or self.departments.intersection(case.departments):
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
        frozenset(grant.scope for grant in person.held if grant.role is Role.DEPARTMENT),
        frozenset(person.stands_for),
    )


def holds(person: Person, right: Right) -> bool:
    """Whether some role of theirs carries `right`, wherever it reaches."""
    grants = person.held if right in HANDED_ON else person.grants
    return any(right in MAY[grant.role] for grant in grants)


def works_on_cases(person: Person) -> bool:
    """Whether the desk's case pages are for them."""
    return any(grant.role in DESK_ROLES for grant in person.held)


def walks_rounds(person: Person) -> bool:
    """Whether the desk's pages for the round are for them."""
    return any(grant.role in FIELD_ROLES for grant in person.held)
