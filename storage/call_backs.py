"""What closed by silence, and what of it is to be asked about.

The law of this file: each question by one statement, whatever it finds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, TextClause, and_, func, or_, select, text

from intake.cases import CallBack, Case
from intake.lapsed import Lapsed
from intake.lifecycle import Action, CaseKind, State
from intake.people import PersonId
from intake.sight import Sight
from storage.case_tables import cases, entries
from storage.cases import seen
from storage.dialect import Dialect
from storage.open_cases import CASE_ROWS

LATELY: Final = timedelta(days=90)
"""How far back it counts that something came back."""
LONGEST: Final = timedelta(days=200)
"""What was opened earlier is not drawn from."""


class CallBacks:
    """The call-backs within one transaction."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect

    def lapsed(
        self, some: Iterable[str], since: datetime, until: datetime
    ) -> dict[str, list[Lapsed]]:
        """What closed by silence in these grids from `since` until before `until`, by grid."""
        wanted = sorted(set(some))
        back = self._closers(wanted, until - LATELY)
        ended = and_(
            entries.c.case_id == cases.c.id,
            entries.c.action == Action.LAPSE,
            entries.c.at == cases.c.closed_at,
        )
        query = (
            select(
                *(cases.c.id, cases.c.grid, cases.c.done_by, cases.c.reopened),
                cases.c.supervised_until,
            )
            .join(entries, ended)
            .where(
                self._dialect.among(cases.c.grid, "grids"),
                cases.c.opened_at >= since - LONGEST,
                cases.c.closed_at >= since,
                cases.c.closed_at < until,
                cases.c.kind == CaseKind.REQUEST,
                cases.c.state == State.CLOSED,
            )
            .order_by(cases.c.id)
        )
        found: dict[str, list[Lapsed]] = defaultdict(list)
        for row in self._connection.execute(query, {"grids": self._dialect.listed(wanted)}):
            more = row.reopened > 0 or row.done_by in back[row.grid]
            found[row.grid].append(Lapsed(row.id, more, row.supervised_until is not None))
        return dict(found)

    def _closers(self, grids: list[str], since: datetime) -> dict[str, set[PersonId]]:
        """Whose word that it is done was followed by 没好, by grid."""
        query = (
            select(cases.c.grid, entries.c.case_id, entries.c.action, entries.c.actor)
            .join(entries, entries.c.case_id == cases.c.id)
            .where(
                self._dialect.among(cases.c.grid, "grids"),
                cases.c.opened_at >= since,
                cases.c.reopened > 0,
                or_(entries.c.action == Action.FINISH, entries.c.action == Action.REOPEN),
            )
            .order_by(entries.c.case_id, entries.c.seq)
        )
        found: dict[str, set[PersonId]] = defaultdict(set)
        last: dict[str, PersonId | None] = {}
        for row in self._connection.execute(query, {"grids": self._dialect.listed(grids)}):
            if row.action == Action.FINISH:
                last[row.case_id] = row.actor
            elif closer := last.get(row.case_id):
                found[row.grid].add(closer)
        return found

    def due(self, grids: Iterable[str], sight: Sight, me: PersonId, limit: int) -> list[Case]:
        """What is to be asked about in these grids, as far as somebody sees it and did not close it
        themselves; longest closed first."""
        query = (
            select(*CASE_ROWS.columns)
            .where(*self._due(sight, me))
            .order_by(cases.c.closed_at, cases.c.id)
            .limit(limit)
        )
        found = self._connection.execute(query, {"grids": self._dialect.listed(sorted(set(grids)))})
        return CASE_ROWS.many(found)

    def count_due(self, grids: Iterable[str], sight: Sight, me: PersonId) -> int:
        """How many `due` would find; of an index that holds nothing but these."""
        query = select(func.count()).select_from(cases).where(*self._due(sight, me))
        listed = self._dialect.listed(sorted(set(grids)))
        return self._connection.scalar(query, {"grids": listed}) or 0

    def _due(self, sight: Sight, me: PersonId) -> tuple[ColumnElement[bool] | TextClause, ...]:
        # Spelt as in the partial index.
        return (
            self._dialect.among(cases.c.grid, "grids"),
            text(f"cases.call_back = '{CallBack.DUE.value}'"),
            cases.c.state == State.CLOSED,
            or_(cases.c.done_by.is_(None), cases.c.done_by != me),
            seen(sight),
        )
