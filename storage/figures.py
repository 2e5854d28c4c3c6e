"""Counts for the metrics page and the doctor.

The law of this file: each figure is read from an index that holds only what is counted; the cases by
state are the one exception, and a table of them stays small.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Table, func, select, text

from storage.case_tables import cases, timers
from storage.flow_tables import inbox, lanes, outbox
from storage.records import Figures


class FiguresReader:
    """The figures within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, now: datetime) -> Figures:
        """All figures at once."""
        states = self._connection.execute(
            select(cases.c.state, func.count()).group_by(cases.c.state)
        )
        return Figures(
            inbox_pending=self._count(inbox, "outcome IS NULL"),
            inbox_parked=self._count(inbox, "decided_at IS NOT NULL AND payload IS NOT NULL"),
            outbox_pending=self._count(outbox, "due IS NOT NULL"),
            outbox_parked=self._count(outbox, "parked_at IS NOT NULL"),
            posts_uncertain=self._uncertain(),
            timers_overdue=self._connection.scalar(
                select(func.count()).select_from(timers).where(timers.c.due <= now)
            )
            or 0,
            waiting_since=self._connection.scalar(select(func.min(lanes.c.since))),
            cases={str(state): number for state, number in states},
        )

    def _count(self, table: Table, condition: str) -> int:
        query = select(func.count()).select_from(table).where(text(condition))
        return self._connection.scalar(query) or 0

    def _uncertain(self) -> int:
        query = select(func.sum(outbox.c.uncertain)).where(text("uncertain > 0"))
        return int(self._connection.scalar(query) or 0)
