"""Cases as rows of a list that somebody takes away.

The law of this file: only what somebody may see, and of it no more than a list needs: nobody's name, nobody's
words. What is private comes only where it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from intake.cases import CaseId
from intake.lifecycle import CaseKind, State
from intake.periods import Period
from intake.taxonomy import Level, Visibility
from storage.case_figures import Reach
from storage.case_tables import cases


@dataclass(frozen=True, slots=True)
class Listed:
    """A row; the fields are columns of the table of cases."""

    id: CaseId
    grid: str
    kind: CaseKind
    state: State
    category: str | None
    item: str | None
    level: Level
    lead: str | None
    visibility: Visibility
    place: str | None
    title: str
    opened_at: datetime
    respond_due: datetime | None
    responded_at: datetime | None
    resolve_due: datetime | None
    done_at: datetime | None
    score: int | None
    voices: int
    reopened: int
    paused_seconds: int

    @property
    def private(self) -> bool:
        return self.visibility is Visibility.PRIVATE


_COLUMNS = tuple(cases.c[name] for name in Listed.__dataclass_fields__)


class CaseList:
    """The list within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, reach: Reach, period: Period, limit: int) -> list[Listed]:
        """The cases that the figures of `period` count, oldest first."""
        query = (
            select(*_COLUMNS)
            .where(*reach.told(period))
            .order_by(cases.c.opened_at, cases.c.id)
            .limit(limit)
        )
        return [Listed(*row) for row in self._connection.execute(query)]
