"""From which day somebody's role is taken: chosen beforehand, kept beside the role until then.

The law of this file: it hangs on the role's own row, so that it goes with the role however that goes, and a
role that is given anew knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, select, update

from intake.leaving import Leaving
from intake.people import Grant, PersonId
from storage.dialect import Dialect
from storage.tables import grants

_COLUMNS = (
    *(grants.c.person, grants.c.role, grants.c.scope),
    *(grants.c.leaves_at, grants.c.leaves_by, grants.c.leaves_why),
)


class Leavings:
    """The leavings within one transaction."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect

    def choose(self, leaving: Leaving) -> bool:
        """Keep it, or move one that was chosen before; False where they do not hold the role."""
        done = self._connection.execute(
            update(grants)
            .where(_row(leaving.person, leaving.grant))
            .values(leaves_at=leaving.at, leaves_by=leaving.by, leaves_why=leaving.why)
        )
        return bool(done.rowcount)

    def take_back(self, person: PersonId, grant: Grant) -> bool:
        """They stay; False where nothing was chosen."""
        done = self._connection.execute(
            update(grants)
            .where(_row(person, grant), grants.c.leaves_at.is_not(None))
            .values(leaves_at=None, leaves_by=None, leaves_why=None)
        )
        return bool(done.rowcount)

    def carry(self, person: PersonId, old: Grant, new: Grant) -> None:
        """Whoever leaves `old` on a day leaves `new`, which came in its place, on the same."""
        found = self._read(_row(person, old), grants.c.leaves_at.is_not(None))
        for one in found:
            self.choose(Leaving(person, new, one.at, one.by, one.why))

    def of(self, persons: Iterable[PersonId]) -> list[Leaving]:
        """What was chosen for some people."""
        ids = sorted(set(persons))
        return self._read(grants.c.leaves_at.is_not(None), grants.c.person.in_(ids)) if ids else []

    def due(self, now: datetime) -> list[Leaving]:
        """Those whose day has come."""
        return self._read(grants.c.leaves_at <= now)

    def _read(self, *conditions: ColumnElement[bool]) -> list[Leaving]:
        query = (
            select(*_COLUMNS)
            .where(*conditions)
            .order_by(grants.c.person, grants.c.role, grants.c.scope)
        )
        return [
            Leaving(row[0], Grant(row[1], row[2]), row[3], row[4], row[5] or "")
            for row in self._connection.execute(query)
        ]


def _row(person: PersonId, grant: Grant) -> ColumnElement[bool]:
    return and_(
        grants.c.person == person, grants.c.role == grant.role, grants.c.scope == grant.scope
    )
