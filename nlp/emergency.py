"""Danger, heard before anything else is asked of a message.

The law of this file: the rows of `emergency_patterns.py` and the model each have a say. What the rows
see becomes signals; signals are terms of the model like any word, so that it learns how far to trust
a row and how much a guard (a film, a memory, a joke) weighs. Where a model has no part for dangers,
an unguarded row decides alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from itertools import repeat
from operator import or_
from typing import NamedTuple

from nlp.emergency_patterns import ASIDE, CUES, GUARDS, NEEDS, SURE
from nlp.sieve import signs_needed

SIGNAL_MARK = "\ue002"
LOOKED_AT_ALWAYS = "E04"
# Rows that sound like a danger but name something ordinary are struck out before the rows look.
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
    def certain(self) -> bool:
        """An unguarded row and a cry for help, or a word of now: never left to the model. Words of
        suicide need no such cue: nobody in the group sees what they cause, so a look too many harms
        nobody (domain.md §4, rule 3)."""
        urgent = "now" in self.cues or "help" in self.cues
        return self.alarm is not None and (urgent or self.alarm == LOOKED_AT_ALWAYS)

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
    """A row, and the groups of signs (one bit each) without which it cannot hit."""

    name: str
    needs: int
    pattern: re.Pattern[str]


class _Danger(NamedTuple):
    """A danger's rows, and the groups of signs without which none of them looks."""

    code: str
    needs: int
    rows: tuple[_Row, ...]


class _Sieve:
    """All rows, with one bit for every group of signs that some row needs."""

    def __init__(self) -> None:
        self._groups: dict[frozenset[str], int] = {}
        self.dangers = tuple(self._danger(code) for code in NEEDS)
        self.cues = tuple(self._row(*cue) for cue in CUES)
        self.guards = tuple(self._row(*guard) for guard in GUARDS)
        self._bits: dict[str, int] = {}
        for group, bit in self._groups.items():
            for sign in group:
                self._bits[sign] = self._bits.get(sign, 0) | bit

    def groups(self, text: str) -> int:
        """The groups of which `text` has a sign."""
        return reduce(or_, map(self._bits.get, set(text), repeat(0)), 0)

    def _danger(self, code: str) -> _Danger:
        patterns = [row for of, row in SURE if of == code]
        rows = (self._row(f"{code}.{number}", row) for number, row in enumerate(patterns))
        return _Danger(code, self._needs(NEEDS[code]), tuple(rows))

    def _row(self, name: str, pattern: str) -> _Row:
        return _Row(name, self._needs(signs_needed(pattern)), re.compile(pattern))

    def _needs(self, wanted: Iterable[Iterable[str]]) -> int:
        groups = set(map(frozenset, wanted))
        return sum(self._groups.setdefault(group, 1 << len(self._groups)) for group in groups)


@cache
def _sieve() -> _Sieve:
    return _Sieve()


@cache
def _aside() -> re.Pattern[str]:
    return re.compile(ASIDE)


NOTHING = Signals()


def read_signals(normal: str) -> Signals:
    """Look at normalised text (see `normalise.py`) with every row."""
    sieve = _sieve()
    has = sieve.groups(normal)
    near = [danger for danger in sieve.dangers if has & danger.needs == danger.needs]
    if not near:
        return NOTHING
    likely = [
        (danger.code, row) for danger in near for row in danger.rows if has & row.needs == row.needs
    ]
    text = _aside().sub(" ", normal[:CAP]) if likely else ""
    seen = [(code, row.name) for code, row in likely if row.pattern.search(text)]
    hits = tuple(dict.fromkeys(code for code, _ in seen))
    cues = _names(sieve.cues, normal, has)
    if not hits and not cues:
        return NOTHING
    guards = _names(sieve.guards, normal, has)
    return Signals(hits, tuple(name for _, name in seen), guards, cues)


def _names(rows: Sequence[_Row], text: str, has: int) -> tuple[str, ...]:
    """The names of the rows that hit `text`, which has signs of the groups `has`."""
    return tuple(
        row.name for row in rows if has & row.needs == row.needs and row.pattern.search(text)
    )
