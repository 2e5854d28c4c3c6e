"""Which open cases may be the same thing as this one.

The law of this file: likeliness only orders what a person chooses from; nothing is merged by it. Place, item,
words and time speak for a twin, in this order; another building speaks against it. Only what can be merged is
proposed, whichever way round.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from intake.cases import Case
from intake.desk import Desk
from intake.matching import places_agree
from intake.merging import TURNABLE, obstacle

MOST = 8
"""More to choose from than this is no help."""

LIKELY = 2.0
SOON = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Twin:
    """A case that may be the same thing. `reverse`: it can only be merged into the one at hand,
    since that is the more urgent, or a neighbour's."""

    case: Case
    score: float
    reverse: bool = False


def twins(desk: Desk, case: Case, candidates: Iterable[Case]) -> list[Twin]:
    """The likeliest of `candidates`, best first; of equals the one that was told first."""
    found = [_twin(desk, case, other) for other in candidates]
    likely = [twin for twin in found if twin is not None and twin.score >= LIKELY]
    likely.sort(key=lambda twin: (-twin.score, twin.case.opened_at, twin.case.id))
    return likely[:MOST]


def _twin(desk: Desk, case: Case, other: Case) -> Twin | None:
    why = obstacle(desk, case, other)
    if why in TURNABLE and obstacle(desk, other, case) is None:
        return Twin(other, likeness(case, other), reverse=True)
    return Twin(other, likeness(case, other)) if why is None else None


def likeness(case: Case, other: Case) -> float:
    """How much speaks for it that two cases are one thing; from `LIKELY` on it is worth a look."""
    place = places_agree(case.place, other.place)
    score = {True: 2.0, False: -2.0, None: 0.0}[place]
    score += _of_item(case, other)
    score += min(1.5, 0.5 * len(_pairs(case.said) & _pairs(other.said)))
    apart = abs(case.opened_at - other.opened_at)
    score += 0.5 if apart <= SOON else -0.5
    return score + (0.25 if case.grid == other.grid else 0.0)


def _of_item(case: Case, other: Case) -> float:
    if case.item is not None and case.item == other.item:
        return 2.0
    if case.item in other.guesses or other.item in case.guesses:
        return 1.0
    return 0.5 if case.category is not None and case.category == other.category else 0.0


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}
