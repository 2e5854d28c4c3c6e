"""Finding a member of staff by what somebody types."""

from __future__ import annotations

from collections.abc import Mapping

from bot.cli.errors import UserError
from intake.people import Person, PersonId


def staff_named(staff: Mapping[PersonId, Person], name: str) -> Person:
    """The one of `staff` with this id or name. Raises UserError where that is nobody, or several."""
    found = [p for p in staff.values() if name in (p.id, p.name)]
    if len(found) != 1:
        known = (
            ", ".join(f"{p.name} ({p.id})" for p in list(staff.values())[:12])
            or "nobody yet: invite"
        )
        what = "there is nobody" if not found else "several people are"
        raise UserError(f"{what} called {name} among the staff; known are {known}")
    return found[0]
