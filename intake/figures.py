"""Figures of many cases.

The law of this file: counts only, and none that could point at one person: what comes fewer than three
times stands together with others of its kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Final

LEAST: Final = 3
"""So many cases a figure needs to stand by itself."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Of the cases opened in a time, without what was merged or withdrawn. `answer_due`: answered, or past
    their limit without an answer; `finish_due` likewise. `rated` have a score, `satisfied` 4 or 5. `done`
    were finished at least once, `reopened` were so and came back."""

    opened: int = 0
    answer_due: int = 0
    answered: int = 0
    finish_due: int = 0
    finished: int = 0
    rated: int = 0
    satisfied: int = 0
    done: int = 0
    reopened: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True, slots=True)
class Standing:
    """How many cases are open now, and how many of them are past a limit."""

    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Group:
    """The cases of one kind; `key` is None for those that stand together."""

    key: str | None
    counts: Counts


def apart(groups: Sequence[Group]) -> list[Group]:
    """Those of at least three, as they stand; the others in one group at the end. Where that would be too
    small itself, the smallest of the large ones joins it."""
    large = [group for group in groups if group.counts.opened >= LEAST and group.key is not None]
    small = [group for group in groups if group not in large and group.counts.opened]
    if small and large and sum(group.counts.opened for group in small) < LEAST:
        joins = min(large, key=lambda group: group.counts.opened)
        large.remove(joins)
        small.append(joins)
    if not small:
        return large
    return [*large, Group(None, sum((group.counts for group in small), Counts()))]
