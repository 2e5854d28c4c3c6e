"""Figures of many cases.

The law of this file: counts only, and none that could point at one person: what comes fewer than three
times stands together with others of its kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from operator import add, attrgetter
from typing import Final

LEAST: Final = 3
"""So many cases a figure needs to stand by itself."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Of the cases opened in a time, without what was merged or withdrawn. `answer_due`: answered, or past
    their limit without an answer; `finish_due` likewise, and `solved` are those of them that stand finished
    now, in time or late. `rated` have a score, `satisfied` 4 or 5. `done` were finished at least once,
    `reopened` were so and came back. Of `wishes` some were `published`; of these some are `taken_up`, and
    of these some `fulfilled`. Of what closed by silence some were `drawn` to be asked about, and some of
    these were `called`: their reporters were reached. What each rate is made of
    stands in `intake/rates.py`."""

    opened: int = 0
    answer_due: int = 0
    answered: int = 0
    finish_due: int = 0
    finished: int = 0
    rated: int = 0
    satisfied: int = 0
    done: int = 0
    reopened: int = 0
    solved: int = 0
    wishes: int = 0
    published: int = 0
    taken_up: int = 0
    fulfilled: int = 0
    drawn: int = 0
    called: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*map(add, _ALL(self), _ALL(other)))


_ALL: Final = attrgetter(*(field.name for field in fields(Counts)))


@dataclass(frozen=True, slots=True)
class OpenNow:
    """How many cases are open now, and how many of them are past a limit."""

    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Day:
    """A grid as the daily collection tells it. `new` were opened in the 24 hours before it, all others are
    open now: `due` fall due before midnight, `late` are past a limit, `asked` wait for their neighbour's
    word, `unsure` for somebody of the staff to say what they are or whose. A case may count in several."""

    new: int = 0
    open: int = 0
    due: int = 0
    late: int = 0
    asked: int = 0
    unsure: int = 0
    urgent: int = 0
    private: int = 0

    @property
    def tells(self) -> bool:
        """Whether there is anything to say. What is merely on its way is no news."""
        return any((self.new, self.due, self.late, self.asked, self.unsure, self.urgent))


@dataclass(frozen=True, slots=True)
class Patrol:
    """How many cases staff found on their rounds, and how many of them they put right themselves."""

    found: int = 0
    settled: int = 0


@dataclass(frozen=True, slots=True)
class Slice:
    """The cases of one kind; `key` is None for those that stand together."""

    key: str | None
    counts: Counts


def apart(slices: Sequence[Slice]) -> list[Slice]:
    """Those of at least three, as they stand; the others in one at the end. Where that would be too
    small itself, the smallest of the large ones joins it."""
    large: list[Slice] = []
    small: list[Slice] = []
    for one in slices:
        stands = one.counts.opened >= LEAST and one.key is not None
        (large if stands else small).append(one)
    small = [one for one in small if one.counts.opened]
    if small and large and sum(one.counts.opened for one in small) < LEAST:
        joins = min(large, key=lambda one: one.counts.opened)
        large.remove(joins)
        small.append(joins)
    if not small:
        return large
    return [*large, Slice(None, sum((one.counts for one in small), Counts()))]
