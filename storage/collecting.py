"""What the daily collection of grids tells.

The law of this file: counts only, those of all wanted grids by one statement.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, case, func, or_, select

from intake.figures import Day
from intake.lifecycle import State
from intake.reading import Triage
from intake.taxonomy import Level, Visibility
from storage.case_figures import NOBODYS, overdue
from storage.case_tables import cases
from storage.dialect import Dialect

_NAMES: Final = tuple(field.name for field in fields(Day))


class Collecting:
    """The counts within one transaction."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect

    def of(
        self, some: Iterable[str], since: datetime, until: datetime, now: datetime, end: datetime
    ) -> dict[str, Day]:
        """Each of these grids: new from `since` until before `until`; `end` is that of the day that `now`
        lies in."""
        wanted = sorted(set(some))
        new = (cases.c.opened_at >= since) & (cases.c.opened_at < until)
        told = {"new": new & cases.c.state.not_in(NOBODYS), **_open(now, end)}
        query = (
            select(cases.c.grid, *(func.count(case((told[name], 1))) for name in _NAMES))
            .where(self._dialect.among(cases.c.grid, "grids"), or_(cases.c.is_open, new))
            .group_by(cases.c.grid)
        )
        found = self._connection.execute(query, {"grids": self._dialect.listed(wanted)})
        return dict.fromkeys(wanted, Day()) | {grid: Day(*counts) for grid, *counts in found}


def _open(now: datetime, end: datetime) -> dict[str, ColumnElement[bool]]:
    """What counts as what, of that which is open."""
    is_open, late = cases.c.is_open, overdue(now)
    first = cases.c.responded_at.is_(None) & cases.c.respond_due.between(now, end)
    owed = cases.c.state.not_in((State.HANDLED, State.TO_RATE))
    unclear, looks = cases.c.state == State.TO_CONFIRM, cases.c.triage == Triage.HUMAN
    sent_back = cases.c.state == State.TO_DISPATCH
    urgent = (cases.c.level == Level.A) | cases.c.emergency.is_not(None)
    return {
        "open": is_open,
        "due": is_open
        & owed
        & ~func.coalesce(late, False)
        & or_(first, cases.c.resolve_due.between(now, end)),
        "late": is_open & late,
        "asked": is_open & unclear & ~looks,
        "unsure": is_open & or_(unclear & looks, sent_back),
        "urgent": is_open & urgent,
        "private": is_open & (cases.c.visibility == Visibility.PRIVATE),
    }
