"""Turning a dataclass into a row and back, by position.

The law of this file: the first columns of a table are the fields of its dataclass, in order. Checked
once when a module is loaded, so that a new field without a column cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, Generic, TypeVar

from sqlalchemy import Column, Row, Table

T = TypeVar("T")

AnyRow = Row[*tuple[Any, ...]]


class Rows(Generic[T]):
    """The correspondence between `kind` and the first columns of `table`.

    `renamed` maps a field to its column where the field's name is a reserved word in SQL.
    """

    def __init__(self, table: Table, kind: type[T], **renamed: str) -> None:
        self.kind = kind
        self.names: tuple[str, ...] = tuple(field.name for field in fields(kind))  # type: ignore[arg-type]
        self.keys = tuple(renamed.get(name, name) for name in self.names)
        found = tuple(column.name for column in table.columns)[: len(self.keys)]
        if found != self.keys:
            raise TypeError(f"columns of {table.name} are {found}, fields of {kind} {self.keys}")
        self.columns: tuple[Column[Any], ...] = tuple(table.c[key] for key in self.keys)
        self._pairs = tuple(zip(self.keys, self.names, strict=True))

    def of(self, row: Sequence[Any]) -> T:
        """The dataclass of a row that begins with `columns`."""
        return self.kind(*row[: len(self.names)])

    def many(self, rows: Iterable[Sequence[Any]]) -> list[T]:
        """The dataclasses of rows that hold exactly `columns`."""
        kind = self.kind
        return [kind(*row) for row in rows]

    def values(self, fact: T) -> dict[str, Any]:
        """The columns' values for one dataclass."""
        return {key: getattr(fact, name) for key, name in self._pairs}

    def stored(self, facts: Iterable[T], **more: Any) -> list[dict[str, Any]]:
        """The values of many, each with `more` columns added."""
        return [{**self.values(fact), **more} for fact in facts]


def excluded(insert: Any, names: Iterable[str]) -> Mapping[str, Any]:
    """For `on_conflict_do_update`: take these columns from the row that could not be inserted."""
    return {name: insert.excluded[name] for name in names}
