"""Who looked at or changed which private case, when and why; and who changed which names.

The law of this file: rows are added and read, never changed; they go after three years.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, select

from intake.cases import CaseId
from intake.people import PersonId
from storage.records import Look
from storage.tables import looks

KEEP: Final = timedelta(days=3 * 365)

_LOOK = (looks.c.case_id, looks.c.person, looks.c.what, looks.c.why, looks.c.at)


class Audit:
    """The record of looks within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, some: Sequence[Look]) -> None:
        """Note looks."""
        rows = [
            {
                "case_id": one.case,
                "person": one.person,
                "what": one.what,
                "why": one.why,
                "at": one.at,
            }
            for one in some
        ]
        if rows:
            self._connection.execute(looks.insert(), rows)

    def of_case(self, case: CaseId) -> list[Look]:
        """Who has seen a case, oldest first."""
        return self._read(looks.c.case_id == case)

    def by_person(self, person: PersonId, since: datetime) -> list[Look]:
        """What somebody has looked at since then, oldest first."""
        return self._read((looks.c.person == person) & (looks.c.at >= since))

    def latest(self, limit: int = 100) -> list[Look]:
        """The last looks of all, newest first."""
        query = select(*_LOOK).order_by(looks.c.at.desc(), looks.c.id.desc()).limit(limit)
        return [Look(*row) for row in self._connection.execute(query)]

    def forget(self, now: datetime) -> int:
        """Drop looks after three years; returns how many."""
        return self._connection.execute(delete(looks).where(looks.c.at < now - KEEP)).rowcount

    def _read(self, condition: ColumnElement[bool]) -> list[Look]:
        query = select(*_LOOK).where(condition).order_by(looks.c.at, looks.c.id)
        return [Look(*row) for row in self._connection.execute(query)]
