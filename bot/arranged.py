"""The taxonomy as the town has it now, one for the whole process.

The law of this file: everybody who holds this taxonomy sees a change as soon as it is taken up, without being
told; each look sees the whole of one arrangement or of the other, never a mixture within one table. What is
decided beside it in another process is put right by `intake/whose.py` at its next save.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from intake.reorganising import DepartmentChange, arranged
from intake.taxonomy import Category, Department, Item, Taxonomy

V = TypeVar("V")


class _Now(Mapping[str, V]):
    """A table that can be exchanged for another as a whole."""

    def __init__(self, table: Mapping[str, V]) -> None:
        self.table = table

    def __getitem__(self, key: str) -> V:
        return self.table[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.table)

    def __len__(self) -> int:
        return len(self.table)

    def __contains__(self, key: object) -> bool:
        return key in self.table


class ArrangedTaxonomy:
    """`taxonomy` is the file's, with what the town changed lying over it."""

    def __init__(self, file: Taxonomy) -> None:
        self._file = file
        self._departments: _Now[Department] = _Now(file.departments)
        self._items: _Now[Item] = _Now(file.items)
        self._categories: _Now[Category] = _Now(file.categories)
        self.taxonomy = replace(
            file,
            departments=self._departments,
            items=self._items,
            categories=self._categories,
        )

    def take_up(self, changes: Iterable[DepartmentChange]) -> None:
        """From now on these changes stand, and no others."""
        now = arranged(self._file, changes)
        self._departments.table = now.departments
        self._items.table = now.items
        self._categories.table = now.categories

    def with_changes(self, changes: Iterable[DepartmentChange]) -> Taxonomy:
        """What the taxonomy would be, for a transaction that is not committed yet."""
        return arranged(self._file, changes)
