"""Danger, heard before anything else is asked of a message.

The law of this file: the rows of `dangers/` and the model each have a say. What the rows
see becomes signals; signals are terms of the model like any word, so that it learns how far to trust
a row and how much a guard (a film, a memory, a joke) weighs. Where a model has no part for dangers,
an unguarded row decides alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from intake.taxonomy import Item
from nlp.dangers import DANGERS
from nlp.dangers.guards import ASIDE, CUES, GUARDS
from nlp.sieve import Way, signs_needed
from nlp.sieve_many import ManySieve

SIGNAL_MARK = "\ue002"
LOOKED_AT = "E04"
# From this risk on a person looks, and words of suicide are a danger: 跳楼大拍卖 is far below.
SUSPECTED_FROM = 0.2
CUE, GUARD = "cue", "guard"
# The categories or items that a danger can be a matter of; a fire is never one of the labour office.
# Of the borders in taxonomy.yaml (`hard_pairs`) and what the departments of a class have to do with it.
CONCERNS: Mapping[str, tuple[str, ...]] = {
    "E01": ("AQ", "HJ08", "GY05"),
    "E02": ("AQ", "GY06"),
    "E03": ("MZ02", "LD03"),
    "E04": ("MZ11",),
    "E05": ("JF04",),
    "E06": (),
    "E07": ("MZ02",),
    "E08": ("GY05", "GY04", "AQ"),
    "E09": ("WY01",),
    "E10": ("AQ05", "WY"),
    "E11": ("ZA04",),
    "E12": (),
    "E13": ("ZA",),
    "E14": ("JT", "WJ05"),
    "E15": ("AQ", "WJ", "SZ", "WY"),
    "E16": ("ZA",),
    "E17": ("MZ09", "ZA"),
    "E18": ("HJ", "AQ"),
    "E19": ("SC", "JW"),
    "E20": ("WY01",),
}
# The rows of dangers look at so many signs.
CAP = 600


@dataclass(frozen=True, slots=True)
class Signals:
    """What the rows saw: codes of dangers, which rows, names of guards, names of cues."""

    hits: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()

    @property
    def alarm(self) -> str | None:
        """The first danger that no guard holds back: the verdict where there is no model."""
        return self.hits[0] if self.hits and not self.guards else None

    @property
    def looked_at(self) -> bool:
        """Unguarded words of suicide, which ask for a look even where the model doubts: nobody in the
        group sees what they cause, so a look too many harms nobody (domain.md §4, rule 3)."""
        return LOOKED_AT in self.hits and not self.guards

    def terms(self) -> list[str]:
        """The signals as terms of the model."""
        seen = [f"{SIGNAL_MARK}{name}" for name in (*self.hits, *self.rows, *self.cues)]
        if self.hits:
            seen += [f"{SIGNAL_MARK}{name}" for name in self.guards]
            seen.append(f"{SIGNAL_MARK}hit{min(len(self.rows), 3)}")
            seen.append(f"{SIGNAL_MARK}{'guarded' if self.guards else 'free'}")
            seen += [f"{SIGNAL_MARK}free-{cue}" for cue in self.cues if not self.guards]
        return seen


class _Row(NamedTuple):
    """A row: what it is called, its pattern, and the danger, CUE or GUARD that it is of."""

    name: str
    pattern: re.Pattern[str]
    of: str


class _Rows:
    """All rows, those of dangers first, behind one sieve that also says which dangers are near."""

    def __init__(self) -> None:
        rows = [
            (f"{danger.code}.{number}", row, danger.code)
            for danger in DANGERS
            for number, row in enumerate(danger.rows)
        ]
        rows += [
            (name, row, kind) for kind, of in ((CUE, CUES), (GUARD, GUARDS)) for name, row in of
        ]
        near = [(tuple(map(frozenset, danger.needs)),) for danger in DANGERS]
        self._sieve = ManySieve([*near, *(_ways(row) for _, row, _ in rows)])
        # Where a row of the sieve only says that a danger is near, a place holder.
        self._every = [_Row("", re.compile(""), "") for _ in DANGERS]
        self._every += [_Row(name, re.compile(row), of) for name, row, of in rows]
        self._near = self._sieve.of(range(len(DANGERS)))
        self._of = [self._rows_of({danger.code}) for danger in DANGERS]
        self._others = self._rows_of({CUE, GUARD})

    def _rows_of(self, kinds: Set[str]) -> int:
        places = range(len(DANGERS), len(self._every))
        return self._sieve.of(place for place in places if self._every[place].of in kinds)

    def looking(self, text: str) -> list[_Row]:
        """The rows that may hit a text, in order: those of a danger where it is near, cues and guards
        where any is."""
        ways = self._sieve.ways(text)
        near = self._sieve.rows(ways & self._near)
        if not near:
            return []
        look = self._others
        for danger in near:
            look |= self._of[danger]
        return [self._every[row] for row in self._sieve.rows(ways & look)]


def _ways(pattern: str) -> tuple[Way, ...]:
    """What a row needs; a blank may stand for what was struck out."""
    ways = signs_needed(pattern)
    return tuple(tuple(group for group in way if " " not in group) for way in ways)


@cache
def _rows() -> _Rows:
    return _Rows()


@cache
def _aside() -> re.Pattern[str]:
    return re.compile(ASIDE)


NOTHING = Signals()


def concerns(danger: str, item: Item) -> bool:
    """Whether `item` may be what a danger of this class is filed under; a class unknown here says nothing."""
    of = CONCERNS.get(danger)
    return of is None or item.category in of or item.code in of


def read_signals(normal: str) -> Signals:
    """Look at normalised text (see `normalise.py`) with every row."""
    rows = _rows().looking(normal)
    if not rows:
        return NOTHING
    dangers = [row for row in rows if row.of not in (CUE, GUARD)]
    # What sounds like a danger but names something ordinary is struck out before they look.
    struck = _aside().sub(" ", normal[:CAP]) if dangers else ""
    seen = [row for row in dangers if row.pattern.search(struck)]
    cues = _names(CUE, rows, normal)
    if not seen and not cues:
        return NOTHING
    hits = tuple(dict.fromkeys(row.of for row in seen))
    return Signals(hits, tuple(row.name for row in seen), _names(GUARD, rows, normal), cues)


def guarded(normal: str) -> bool:
    """Whether a guard holds back what normalised text may tell of."""
    return any(row.search(normal) for row in _guards())


@cache
def _guards() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(row) for _, row in GUARDS)


def _names(kind: str, rows: Sequence[_Row], text: str) -> tuple[str, ...]:
    return tuple(row.name for row in rows if row.of == kind and row.pattern.search(text))
