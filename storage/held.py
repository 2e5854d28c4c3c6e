"""Staff's words that wait for a tap: which case they are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.sql.base import Executable

from intake.cases import Held
from intake.people import PersonId
from storage.case_tables import held
from storage.dialect import Dialect
from storage.rows import Rows, excluded

HELD_ROWS = Rows(held, Held)


class HeldWords:
    """The held words within one transaction."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect

    def of_keys(self, keys: Iterable[str]) -> dict[str, Held]:
        listed = sorted(set(keys))
        if not listed:
            return {}
        rows = self._connection.execute(
            _of_keys(self._dialect), {"keys": self._dialect.listed(listed)}
        )
        return {one.key: one for one in HELD_ROWS.many(rows)}

    def of_person(self, person: PersonId) -> list[Held]:
        """What somebody said that still waits for their tap, the oldest first."""
        query = select(*HELD_ROWS.columns).where(held.c.person == person).order_by(held.c.at)
        return HELD_ROWS.many(self._connection.execute(query))

    def save(self, wanted: Mapping[str, Held | None]) -> None:
        """Keep words, or let go of them (None)."""
        kept = [one for _, one in sorted(wanted.items()) if one is not None]
        gone = [{"b_key": key} for key, one in sorted(wanted.items()) if one is None]
        if kept:
            self._connection.execute(_keep(self._dialect), HELD_ROWS.stored(kept))
        if gone:
            self._connection.execute(_drop(), gone)


@cache
def _of_keys(dialect: Dialect) -> Executable:
    return select(*HELD_ROWS.columns).where(dialect.among(held.c.key, "keys"))


@cache
def _keep(dialect: Dialect) -> Executable:
    insert = dialect.insert(held)
    names = [name for name in HELD_ROWS.keys if name != "key"]
    return insert.on_conflict_do_update(index_elements=["key"], set_=excluded(insert, names))


@cache
def _drop() -> Executable:
    return delete(held).where(held.c.key == bindparam("b_key"))
