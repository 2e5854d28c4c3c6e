"""The figures of cases, counted in memory.

The law of this file: the same figures as the statements of `case_figures.py` give; these count what is not
remembered: what lies further back, and whatever is asked in a transaction that changed cases itself.
"""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from sqlalchemy import Connection

from intake.figures import Counts, OpenNow, Slice
from intake.periods import Period
from storage.case_figures import HOUR, CaseFigures, Kind, Place, Reach, Told
from storage.columns import micros
from storage.dialect import Dialect
from storage.figure_counting import Ints, Summing, in_reach, open_now
from storage.figure_reading import look
from storage.figure_rows import CODES, FigureRows, Known

_COLUMNS: Final = {
    Kind.CATEGORY: "category",
    Kind.ITEM: "item",
    Kind.DEPARTMENT: "lead",
    Kind.LEVEL: "level",
    Kind.NATURE: "nature",
}


class FastFigures(CaseFigures):
    """The figures within one transaction. `dirty`: grids that it changed."""

    def __init__(
        self, connection: Connection, dialect: Dialect, remembered: FigureRows, dirty: Set[str]
    ) -> None:
        super().__init__(connection)
        self._dialect = dialect
        self._remembered = remembered
        self._dirty = dirty
        self._looked: Known | None = None

    def warm(self, now: datetime) -> None:
        """Take up what is there; with very many cases the first time takes seconds."""
        self._known(now)

    def open_now(self, reach: Reach, now: datetime) -> OpenNow:
        known = self._known(now)
        if known is None:
            return super().open_now(reach, now)
        return open_now(in_reach(known, reach), micros(now))

    def total(self, reach: Reach, period: Period, now: datetime) -> Counts:
        known = self._known(now, period)
        if known is None:
            return super().total(reach, period, now)
        found = in_reach(known, reach, period)
        whole = Summing(found, micros(now)).by(np.zeros(len(found), np.int64))
        return next((counts for _, counts in whole), Counts())

    def told(self, reach: Reach, period: Period, now: datetime, shift: timedelta) -> Told:
        known = self._known(now, period)
        if known is None:
            return super().told(reach, period, now, shift)
        found = in_reach(known, reach, period)
        summing = Summing(found, micros(now))
        opened: Ints = found["opened"] + shift // timedelta(microseconds=1)
        kinds = {kind: summing.named(found[name], CODES.texts) for kind, name in _COLUMNS.items()}
        kinds[Kind.PART] = summing.named(found["grid"], found.whole.grids)
        kinds[Kind.HOUR] = {str(key): one for key, one in summing.by(opened // HOUR % 24)}
        kinds[Kind.DAY] = _by_day(summing, opened // (24 * HOUR))
        buildings = found.whole.buildings
        return Told(
            {kind: [Slice(key, one) for key, one in some.items()] for kind, some in kinds.items()},
            [(Place(*buildings[key]), one) for key, one in summing.by(found["building"])],
        )

    def _known(self, now: datetime, period: Period | None = None) -> Known | None:
        """What is remembered; None where that does not hold or does not reach back far enough."""
        if self._dirty:
            return None
        if self._looked is None:
            self._looked = look(self._connection, self._dialect, self._remembered, now)
        reaches = period is None or self._looked.since <= micros(period.start)
        return self._looked if reaches else None


def _by_day(summing: Summing, days: Ints) -> dict[str, Counts]:
    """Days since 1970 are large numbers: they are counted from the first."""
    first = int(days.min()) if len(days) else 0
    return {str(first + key): one for key, one in summing.by(days - first)}
