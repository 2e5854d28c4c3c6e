"""Counting cases in columns.

The law of this file: pure functions of what is remembered, case by case the same as the statements of
`case_figures.py`; a test counts random towns both ways.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from intake.figures import Counts, OpenNow
from intake.lifecycle import State
from intake.periods import Period
from intake.sight import Sight
from storage.case_figures import DONE, NAMES, NOBODYS, REACHED, SATISFIED, Reach
from storage.columns import micros
from storage.figure_rows import CODES, NONE, Column, Known, Whole

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
_NOBODYS_TURN: Final = (State.HANDLED, State.TO_RATE)


@dataclass(frozen=True, slots=True)
class Cases:
    """Some of all cases: those at the places `at`."""

    whole: Whole
    at: Ints

    def __len__(self) -> int:
        return len(self.at)

    def __getitem__(self, name: str) -> Column:
        """One of their columns."""
        found: Column = self.whole.columns[name][self.at]
        return found


def in_reach(known: Known, reach: Reach, wanted: Period | None = None) -> Cases:
    """Those that figures are of: opened in a period and counting, or open now."""
    whole = known.whole
    columns = whole.columns
    if wanted is None:
        fits: Bools = columns["is_open"] & _seen(whole, reach.sight)
    else:
        opened = columns["opened"]
        fits = (opened >= micros(wanted.start)) & (opened < micros(wanted.end))
        fits &= ~_among(columns["state"], NOBODYS) & _seen(whole, reach.sight)
    if reach.grids is not None:
        fits &= _in_grids(whole, reach.grids)
    if reach.public:
        fits &= ~columns["private"]
    return Cases(whole, np.flatnonzero(fits))


def _seen(whole: Whole, sight: Sight) -> Bools:
    """As `storage.cases.seen`."""
    columns = whole.columns
    fits: Bools = np.where(
        columns["private"], _in_grids(whole, sight.private_grids), _in_grids(whole, sight.grids)
    )
    if sight.hands:
        fits |= _among(columns["taken_by"], sight.hands)
    if sight.departments:
        joint = [text for text in CODES.texts if any(f'"{c}"' in text for c in sight.departments)]
        fits |= _among(columns["lead"], sight.departments) | _among(columns["co"], joint)
    return fits


def _in_grids(whole: Whole, grids: Collection[str]) -> Bools:
    found: Bools = np.array([*(grid in grids for grid in whole.grids), False])[
        whole.columns["grid"]
    ]
    return found


def _among(column: Column, texts: Collection[str]) -> Bools:
    table = np.zeros(len(CODES.texts) + len(texts), bool)
    table[[CODES.number(text) for text in texts]] = True
    table[0] = False
    found: Bools = table[column]
    return found


# -- what counts as what ------------------------------------------------------------------------------


def _flags(rows: Cases, now: int) -> dict[str, Bools]:
    """What each field of `Counts` counts."""
    respond, resolve, done_at = rows["respond_due"], rows["resolve_due"], rows["done"]
    end = np.where(rows["closed"] == NONE, now, rows["closed"])
    was_done, replied = done_at != NONE, rows["responded"] != NONE
    done = was_done & _among(rows["state"], DONE)
    has_answer, has_end = respond != NONE, resolve != NONE
    published = rows["wish"] & rows["published"]
    return {
        "opened": np.ones(len(rows), bool),
        "answer_due": has_answer & (replied | (respond < end)),
        "answered": has_answer & replied & (rows["responded"] <= respond),
        "finish_due": has_end & (done | (resolve < end)),
        "finished": has_end & done & (done_at <= resolve),
        "rated": rows["score"] >= 0,
        "satisfied": rows["score"] >= SATISFIED,
        "done": was_done,
        "reopened": rows["reopened"],
        "solved": done & has_end,
        "wishes": rows["wish"],
        "published": published,
        "taken_up": published & (done | (rows["taken_by"] > 0)),
        "fulfilled": published & done,
        "drawn": rows["call_back"] > 0,
        "called": _among(rows["call_back"], REACHED),
    }


def open_now(found: Cases, now: int) -> OpenNow:
    """How many there are, and how many of them are past a limit that is somebody's turn."""
    respond, resolve = found["respond_due"], found["resolve_due"]
    late = (found["responded"] == NONE) & (respond != NONE) & (respond < now)
    late |= (resolve != NONE) & (resolve < now)
    late &= ~_among(found["state"], _NOBODYS_TURN)
    return OpenNow(len(found), int(late.sum()))


class Summing:
    """Sums of cases by any key. Each case is first put to one of the few ways in which cases count, so that
    a key costs one pass."""

    def __init__(self, found: Cases, now: int) -> None:
        marks = np.zeros(len(found), np.int64)
        for flag in map(_flags(found, now).__getitem__, reversed(NAMES)):
            marks = marks << 1 | flag
        ways = np.flatnonzero(np.bincount(marks))
        numbers = np.zeros(1 << len(NAMES), np.int64)
        numbers[ways] = np.arange(len(ways))
        self._way: Ints = numbers[marks]
        self._bits: Ints = ways[:, None] >> np.arange(len(NAMES)) & 1

    def by(self, keys: Column) -> Iterator[tuple[int, Counts]]:
        """The counts of each key; keys are small numbers."""
        if not len(keys):
            return
        ways = len(self._bits)
        many = int(keys.max()) + 1
        cells = np.bincount(keys * ways + self._way, minlength=many * ways).reshape(many, ways)
        sums = cells @ self._bits
        some = np.flatnonzero(sums[:, 0])
        for key, row in zip(some.tolist(), sums[some].tolist(), strict=True):
            yield key, Counts(*row)

    def named(self, keys: Column, names: Sequence[str]) -> dict[str, Counts]:
        """The same by name."""
        return {names[key]: counts for key, counts in self.by(keys)}
