"""Danger, heard before anything else is asked of a message.

The law of this file: the rows of `emergency_patterns.py` and the model each have a say. What the rows
see becomes signals; signals are terms of the model like any word, so that it learns how far to trust
a row and how much a guard (a film, a memory, a joke) weighs. Where a model has no part for dangers,
an unguarded row decides alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from nlp.emergency_patterns import ASIDE, CUES, GUARDS, NEEDS, SURE

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


@cache
def _sieves() -> tuple[tuple[str, tuple[frozenset[str], ...], tuple[re.Pattern[str], ...]], ...]:
    """Each danger's code, its groups of needed signs, and its rows."""
    rows = {code: tuple(re.compile(row) for of, row in SURE if of == code) for code in NEEDS}
    return tuple(
        (code, tuple(frozenset(group) for group in NEEDS[code]), rows[code]) for code in rows
    )


@cache
def _named(which: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = {"guards": GUARDS, "cues": CUES}[which]
    return tuple((name, re.compile(row)) for name, row in rows)


@cache
def _aside() -> re.Pattern[str]:
    return re.compile(ASIDE)


NOTHING = Signals()


def read_signals(normal: str) -> Signals:
    """Look at normalised text (see `normalise.py`) with every row."""
    signs = set(normal)
    near = [
        (code, rows)
        for code, needs, rows in _sieves()
        if not any(signs.isdisjoint(group) for group in needs)
    ]
    if not near:
        return NOTHING
    text = _aside().sub(" ", normal[:CAP])
    seen = [
        (code, f"{code}.{number}")
        for code, rows in near
        for number, row in enumerate(rows)
        if row.search(text)
    ]
    hits = tuple(dict.fromkeys(code for code, _ in seen))
    cues = tuple(name for name, row in _named("cues") if row.search(normal))
    if not hits and not cues:
        return NOTHING
    guards = tuple(name for name, row in _named("guards") if row.search(normal))
    return Signals(hits, tuple(row for _, row in seen), guards, cues)
