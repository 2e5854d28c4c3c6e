"""What has changed in what is read, category by category, from one period to the next.

The law of this file: counts in, changes out, without words; of categories, never of people. A change is
marked only where chance would hardly make it: two shares are compared by the usual test of two
proportions, and the bar is set for the number of tests that one report makes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import erfc, sqrt
from typing import NamedTuple

BAR = 0.001
"""A report makes about sixty tests (16 categories, four figures). At this bar one report in seventeen marks
something that is nothing."""

LEAST = 5
"""The test holds where at least so many yes and so many no are to be expected in both periods."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Cases as they were first read: how many, how sure, and how many people then corrected."""

    auto: int = 0
    ask: int = 0
    human: int = 0
    corrected: int = 0

    @property
    def requests(self) -> int:
        return self.auto + self.ask + self.human

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.auto + other.auto,
            self.ask + other.ask,
            self.human + other.human,
            self.corrected + other.corrected,
        )


class Move(NamedTuple):
    """A figure has risen or fallen by more than chance: `requests`, `auto`, `human` or `corrected`."""

    figure: str
    rises: bool


@dataclass(frozen=True, slots=True)
class Drift:
    """One category now and before, with each change that is more than chance."""

    category: str
    now: Counts
    before: Counts
    moved: tuple[Move, ...] = ()


def drifts(now: Mapping[str, Counts], before: Mapping[str, Counts]) -> list[Drift]:
    """Every category that occurs, by code."""
    all_now = sum(counts.requests for counts in now.values())
    all_before = sum(counts.requests for counts in before.values())
    found = []
    for category in sorted(now.keys() | before.keys()):
        one, other = now.get(category, Counts()), before.get(category, Counts())
        figures = {
            "requests": (one.requests, all_now, other.requests, all_before),
            "auto": (one.auto, one.requests, other.auto, other.requests),
            "human": (one.human, one.requests, other.human, other.requests),
            "corrected": (one.corrected, one.requests, other.corrected, other.requests),
        }
        moved = tuple(
            Move(name, rises)
            for name, figure in figures.items()
            if (rises := more_than_chance(*figure)) is not None
        )
        found.append(Drift(category, one, other, moved))
    return found


def more_than_chance(yes: int, of: int, yes_before: int, of_before: int) -> bool | None:
    """True: the share has risen, False: fallen, None: chance may have done it, or too little is known."""
    if not of or not of_before:
        return None
    pooled = (yes + yes_before) / (of + of_before)
    if min(pooled, 1 - pooled) * min(of, of_before) < LEAST:
        return None
    spread = sqrt(pooled * (1 - pooled) * (1 / of + 1 / of_before))
    distance = (yes / of - yes_before / of_before) / spread
    return distance > 0 if erfc(abs(distance) / sqrt(2)) < BAR else None
