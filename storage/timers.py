"""Timers: things that fall due, stored in the commit of their cause.

The law of this file: a key is set at most once; setting it again moves its time. A timer fires by being
cancelled in the transaction that acts on it, so firing twice does nothing the second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, bindparam, delete, func, select
from sqlalchemy.sql.base import Executable

from intake.cases import Timer
from storage.case_tables import timers
from storage.dialect import Dialect
from storage.rows import Rows, excluded

_ROWS = Rows(timers, Timer)


class Timers:
    """The timers within one transaction."""

    def __init__(self, connection: Connection, dialect: Dialect, readonly: bool = False) -> None:
        self._connection = connection
        self._dialect = dialect
        self._readonly = readonly

    def set(self, wanted: Sequence[Timer]) -> None:
        """Set timers, or move those whose key is set already; of two with one key the last counts."""
        latest = {timer.key: timer for timer in wanted}
        if latest:
            rows = _ROWS.stored(latest[key] for key in sorted(latest))
            self._connection.execute(_set(self._dialect), rows)

    def cancel(self, keys: Iterable[str]) -> int:
        """Remove timers; returns how many were still set."""
        listed = sorted(set(keys))
        if not listed:
            return 0
        found = self._connection.execute(
            _cancel(self._dialect), {"keys": self._dialect.listed(listed)}
        )
        return found.rowcount

    def due(self, now: datetime, limit: int) -> list[Timer]:
        """What is due, the most overdue first. On PostgreSQL these stay locked until commit, and
        what another worker holds is left out: act on them and cancel them in this transaction."""
        found = self._connection.execute(
            _due(self._dialect, not self._readonly), {"now": now, "limit": limit}
        )
        return _ROWS.many(found)

    def of_subject(self, subject: str) -> list[Timer]:
        """All timers of a case or gathering."""
        query = select(*_ROWS.columns).where(timers.c.subject == subject).order_by(timers.c.due)
        return _ROWS.many(self._connection.execute(query))

    def next_due(self) -> datetime | None:
        """When the next timer falls due."""
        due: datetime | None = self._connection.scalar(select(func.min(timers.c.due)))
        return due


@cache
def _set(dialect: Dialect) -> Executable:
    insert = dialect.insert(timers)
    names = [name for name in _ROWS.keys if name != "key"]
    return insert.on_conflict_do_update(index_elements=["key"], set_=excluded(insert, names))


@cache
def _cancel(dialect: Dialect) -> Executable:
    return delete(timers).where(dialect.among(timers.c.key, "keys"))


@cache
def _due(dialect: Dialect, lock: bool) -> Executable:
    query = (
        select(*_ROWS.columns)
        .where(timers.c.due <= bindparam("now", type_=timers.c.due.type))
        .order_by(timers.c.due, timers.c.key)
        .limit(bindparam("limit"))
    )
    return dialect.locked(query, skip=True) if lock else query
