"""The open cases of the grids, remembered between batches.

The law of this file: a grid's row carries a stamp that rises, under the grid's lock, with every save that
touches one of its cases, and every case keeps the stamp of its last save. So one number tells whether
what is remembered still holds, and only what changed since is read. Values are immutable and shared by
threads. Whoever cannot be sure that a transaction was committed clears everything.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from intake.cases import Case, CaseId, Follower
from intake.people import PersonId
from storage.answers import KnownAnswers
from storage.figure_rows import FigureRows
from storage.open_rows import OpenRows

_MOST_CASES: Final = 60_000  # about 100 MB


@dataclass(frozen=True, slots=True)
class GridCases:
    """The newest open cases of a grid as of `stamp`. `whole`: no older open one was left out.
    `people` are those of `people_of`, and followers."""

    stamp: int
    cases: Mapping[CaseId, Case] = field(default_factory=dict)
    followers: Mapping[CaseId, tuple[Follower, ...]] = field(default_factory=dict)
    whole: bool = True
    people: frozenset[PersonId] = frozenset()


class OpenCases:
    """What is remembered of each grid, those used longest ago forgotten first. `rows` is what the queue
    remembers of all, `figures` what figures are counted of, `answers` what may answer a neighbour."""

    def __init__(self, most_cases: int = _MOST_CASES) -> None:
        self.rows = OpenRows()
        self.figures = FigureRows()
        self.answers = KnownAnswers()
        self._most = most_cases
        self._count = 0
        self._grids: OrderedDict[str, GridCases] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, grid: str) -> GridCases | None:
        """What is remembered of a grid."""
        with self._lock:
            found = self._grids.get(grid)
            if found is not None:
                self._grids.move_to_end(grid)
            return found

    def put(self, grid: str, known: GridCases) -> None:
        """Remember; an older state never replaces a newer one."""
        with self._lock:
            before = self._grids.get(grid)
            if before is not None:
                if before.stamp > known.stamp:
                    return
                self._count -= len(before.cases)
            self._grids[grid] = known
            self._grids.move_to_end(grid)
            self._count += len(known.cases)
            while self._count > self._most and len(self._grids) > 1:
                _, dropped = self._grids.popitem(last=False)
                self._count -= len(dropped.cases)

    def forget_older(self, stamps: Mapping[str, int]) -> None:
        """Forget what is remembered of a grid from before the stamp given for it: cases left it."""
        with self._lock:
            for grid, stamp in stamps.items():
                known = self._grids.get(grid)
                if known is not None and known.stamp < stamp:
                    self._count -= len(self._grids.pop(grid).cases)

    def clear(self) -> None:
        """Forget everything."""
        self.rows.clear()
        self.figures.clear()
        self.answers.clear()
        with self._lock:
            self._grids.clear()
            self._count = 0


def people_of(cases: Mapping[CaseId, Case]) -> Iterator[PersonId]:
    """Reporters, takers, whoever waits for somebody's part, and who supervises."""
    for case in cases.values():
        yield case.reporter
        if case.taken_by is not None:
            yield case.taken_by
        yield from (part.asked_by for part in case.open_parts)
        if case.supervised_by is not None:
            yield case.supervised_by
