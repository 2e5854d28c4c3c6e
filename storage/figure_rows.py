"""Cases as figures need them, remembered in memory: columns of numbers.

The law of this file: by the stamps of the grids, as in `open_rows.py`. Nobody's words and no place as it was
said stand here, only the building. Values are immutable and shared by threads; an older state never replaces
a newer one.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

NONE: Final = -(2**62)
"""A time that has not come. Whoever compares asks for it first."""

ROW: Final = np.dtype(
    [
        ("opened", "i8"), ("respond_due", "i8"), ("resolve_due", "i8"), ("responded", "i8"),
        ("done", "i8"), ("closed", "i8"),
        ("number", "i4"), ("category", "i4"), ("item", "i4"), ("lead", "i4"), ("co", "i4"),
        ("level", "i4"), ("nature", "i4"), ("state", "i4"), ("taken_by", "i4"), ("call_back", "i4"),
        ("building", "i4"),
        ("score", "i1"), ("private", "?"), ("is_open", "?"), ("reopened", "?"), ("wish", "?"),
        ("published", "?"),
    ]
)  # fmt: skip
"""Some 90 bytes a case. Times are as stored; texts are numbers of `CODES`, buildings those of their grid."""

Table = NDArray[Any]
Column = NDArray[Any]


class Codes:
    """Texts that come often, as numbers; 0 is none. They are never forgotten: what comes here are the codes
    of the taxonomy, states, and ids of those who have cases in hand."""

    def __init__(self) -> None:
        self.texts: list[str] = [""]
        self._numbers: dict[str | None, int] = {None: 0, "": 0}
        self._lock = threading.Lock()

    def number(self, text: str | None) -> int:
        """The number of a text."""
        known = self._numbers.get(text)
        return self._new(text or "") if known is None else known

    def _new(self, text: str) -> int:
        with self._lock:
            if text not in self._numbers:
                self.texts.append(text)
                self._numbers[text] = len(self.texts) - 1
            return self._numbers[text]


CODES: Final = Codes()


@dataclass(frozen=True, slots=True)
class GridColumns:
    """The cases of a grid as of `stamp`. `places` are the grid's own names of places by which the buildings
    were told; where they are others by now, the grid is read anew. The first building is none."""

    stamp: int
    places: str | None
    rows: Table
    buildings: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True)
class Whole:
    """The cases of all grids, a column each field. The numbers in `grid` and `building` are places in
    `grids` and in `buildings`, which are (grid, name)."""

    columns: Mapping[str, Column]
    grids: tuple[str, ...]
    buildings: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Known:
    """All cases that are open, or were opened at `since` or later."""

    since: int
    grids: Mapping[str, GridColumns] = field(default_factory=dict)

    @cached_property
    def whole(self) -> Whole:
        """All together; some 20 ms for 100,000."""
        grids, some = tuple(self.grids), self.grids.values()
        sizes = [len(one.rows) for one in some]
        firsts = np.cumsum([0, *(len(one.buildings) for one in some)])[: len(grids)]
        rows = np.concatenate([np.empty(0, ROW), *(one.rows for one in some)])
        columns = {name: np.ascontiguousarray(rows[name]) for name in ROW.names or ()}
        columns["grid"] = np.repeat(np.arange(len(grids)), sizes)
        columns["building"] = np.repeat(firsts, sizes) + columns["building"]
        buildings = ((grid, name) for grid in grids for name in self.grids[grid].buildings)
        return Whole(columns, grids, tuple(buildings))


class FigureRows:
    """What is remembered in this process."""

    def __init__(self) -> None:
        self._known: Known | None = None
        self._lock = threading.Lock()

    def get(self) -> Known | None:
        """The newest that is known."""
        return self._known

    def put(self, since: int, fresh: Mapping[str, GridColumns], before: Known | None) -> Known:
        """What is known, with grids that were read for it. `before` is what they were read beside, None where
        all was read anew."""
        with self._lock:
            known = self._known
            if known is None or known.since < since:
                known = Known(since)
            if known.since > since:
                return Known(since, {**(before.grids if before else {}), **fresh})
            newer = {
                grid: one
                for grid, one in fresh.items()
                if grid not in known.grids or known.grids[grid].stamp <= one.stamp
            }
            self._known = Known(since, {**known.grids, **newer}) if newer else known
            return self._known

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._known = None
