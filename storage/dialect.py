"""Everything that differs between databases, and nothing else.

The law of this file: the repositories ask a `Dialect` for what has no common spelling: insert-if-absent
with an explicit conflict target, long lists of keys, the first rows of each group, locking, waking other
processes, and which errors mean "try again". A third database is a third class here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    Table,
    Text,
    bindparam,
    func,
    select,
    true,
    tuple_,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from storage.columns import clean

Condition = Callable[[FromClause], ColumnElement[bool]]
"""Builds a condition on the table (or an alias of it) that it is given."""

Upsert = sqlite.Insert | postgresql.Insert

WAKE = "huying"
"""The channel on which PostgreSQL's NOTIFY carries "there is work" between processes, and the mark on a
connection that owes such a hint."""


class Dialect(ABC):
    """One database's way of saying things."""

    name: str

    @abstractmethod
    def insert(self, table: Table) -> Upsert:
        """An insert that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""

    @abstractmethod
    def among(self, column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
        """`column` is in the list bound as `name`; bind what `listed` makes of the values."""

    @abstractmethod
    def listed(self, values: Iterable[str] | Iterable[int]) -> Any:
        """A list of keys (as stored: texts or ids) to be bound to `among`."""

    @abstractmethod
    def pairs(
        self, first: ColumnElement[Any], second: ColumnElement[Any], name: str
    ) -> ColumnElement[bool]:
        """(`first`, `second`) is one of the pairs of texts bound as `name` by `listed_pairs`."""

    @abstractmethod
    def listed_pairs(self, values: Iterable[tuple[str, str]]) -> Any:
        """Pairs of texts (as stored), to be bound to `pairs`."""

    @abstractmethod
    def ordered(self, column: Column[Any]) -> ColumnElement[Any]:
        """A column of text in the order in which Python sorts, so that all lock rows in one order."""

    @abstractmethod
    def locked(self, query: Select[Any], *, skip: bool = False) -> Select[Any]:
        """`query` with its rows locked until commit; `skip` leaves out rows that others hold."""

    @abstractmethod
    def first_of_each(
        self,
        parent: Column[Any],
        condition: ColumnElement[bool],
        child: Table,
        group: str,
        where: Condition,
        order: Sequence[Callable[[FromClause], ColumnElement[Any]]],
        columns: Sequence[str],
        limit: str,
    ) -> Select[Any]:
        """For each row of `parent`'s table that meets `condition`: the first rows of `child` (at most
        the number bound as `limit`) whose column `group` equals `parent`, without reading the rest."""

    @abstractmethod
    def wake(self, connection: Connection) -> None:
        """Remember that this transaction brings work for other processes, who get a hint after the
        commit. Polling stays the truth."""

    @abstractmethod
    def passing(self, error: DBAPIError) -> bool:
        """Whether the same transaction may well succeed when it is run again."""


class Sqlite(Dialect):
    """SQLite: one writer at a time, so that nothing needs a row lock and nothing collides."""

    name = "sqlite"

    def insert(self, table: Table) -> Upsert:
        return sqlite.insert(table)

    def among(self, column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
        # One JSON parameter: the statement's text never changes, however long the list is.
        items = func.json_each(bindparam(name, type_=Text)).table_valued("value")
        return column.in_(select(items.c.value))

    def listed(self, values: Iterable[str] | Iterable[int]) -> Any:
        return orjson.dumps([clean(v) if isinstance(v, str) else v for v in values]).decode()

    def pairs(
        self, first: ColumnElement[Any], second: ColumnElement[Any], name: str
    ) -> ColumnElement[bool]:
        # A list of VALUES would make SQLite read the whole table; a subquery uses the index.
        items = func.json_each(bindparam(name, type_=Text)).table_valued("value")
        both = [func.json_extract(items.c.value, f"$[{at}]") for at in (0, 1)]
        return tuple_(first, second).in_(select(*both))

    def listed_pairs(self, values: Iterable[tuple[str, str]]) -> Any:
        return orjson.dumps([[clean(a), clean(b)] for a, b in values]).decode()

    def ordered(self, column: Column[Any]) -> ColumnElement[Any]:
        return column

    def locked(self, query: Select[Any], *, skip: bool = False) -> Select[Any]:
        return query

    def first_of_each(
        self,
        parent: Column[Any],
        condition: ColumnElement[bool],
        child: Table,
        group: str,
        where: Condition,
        order: Sequence[Callable[[FromClause], ColumnElement[Any]]],
        columns: Sequence[str],
        limit: str,
    ) -> Select[Any]:
        inner = child.alias("inner_rows")
        key = next(iter(child.primary_key.columns)).name
        first = (
            select(inner.c[key])
            .where(inner.c[group] == parent, where(inner))
            .order_by(*(by(inner) for by in order))
            .limit(bindparam(limit))
            .correlate(parent.table)
        )
        join = parent.table.join(child, child.c[key].in_(first.scalar_subquery()))
        return select(*(child.c[name] for name in columns)).select_from(join).where(condition)

    def wake(self, connection: Connection) -> None:
        return

    def passing(self, error: DBAPIError) -> bool:
        return False


class Postgres(Dialect):
    """PostgreSQL and its relatives: row locks, SKIP LOCKED, LATERAL."""

    name = "postgresql"

    def insert(self, table: Table) -> Upsert:
        return postgresql.insert(table)

    def among(self, column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
        kind = BigInteger() if isinstance(column.type, Integer) else Text()
        return column.in_(bindparam(name, expanding=True, type_=kind))

    def listed(self, values: Iterable[str] | Iterable[int]) -> Any:
        return [clean(v) if isinstance(v, str) else v for v in values]

    def pairs(
        self, first: ColumnElement[Any], second: ColumnElement[Any], name: str
    ) -> ColumnElement[bool]:
        plain = tuple_(type_coerce(first, Text), type_coerce(second, Text))
        return plain.in_(bindparam(name, expanding=True))

    def listed_pairs(self, values: Iterable[tuple[str, str]]) -> Any:
        return [(clean(a), clean(b)) for a, b in values]

    def ordered(self, column: Column[Any]) -> ColumnElement[Any]:
        return type_coerce(column, Text).collate("C")

    def locked(self, query: Select[Any], *, skip: bool = False) -> Select[Any]:
        return query.with_for_update(skip_locked=skip)

    def first_of_each(
        self,
        parent: Column[Any],
        condition: ColumnElement[bool],
        child: Table,
        group: str,
        where: Condition,
        order: Sequence[Callable[[FromClause], ColumnElement[Any]]],
        columns: Sequence[str],
        limit: str,
    ) -> Select[Any]:
        first = (
            select(*(child.c[name] for name in columns))
            .where(child.c[group] == parent, where(child))
            .order_by(*(by(child) for by in order))
            .limit(bindparam(limit))
            .correlate(parent.table)
            .lateral("first_rows")
        )
        join = parent.table.join(first, true())
        return select(*(first.c[name] for name in columns)).select_from(join).where(condition)

    def wake(self, connection: Connection) -> None:
        # Not NOTIFY itself: inside a transaction it makes all commits queue up behind each other.
        connection.info[WAKE] = True

    def passing(self, error: DBAPIError) -> bool:
        state = getattr(error.orig, "sqlstate", None)
        return state in ("40001", "40P01") or error.connection_invalidated


SQLITE = Sqlite()
POSTGRES = Postgres()


def dialect_of(name: str) -> Dialect:
    """The dialect for SQLAlchemy's backend name. Raises ValueError for one that we do not know."""
    known: dict[str, Dialect] = {"sqlite": SQLITE, "postgresql": POSTGRES}
    try:
        return known[name]
    except KeyError:
        raise ValueError(
            f"the database '{name}' is not supported; use sqlite:///FILE or postgresql+psycopg://…"
        ) from None
