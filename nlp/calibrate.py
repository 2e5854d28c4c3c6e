"""From scores to probabilities one can act on, and from probabilities to triage.

The law of this file: everything here is chosen on lines whose writer or persona the scores had not
seen. A temperature makes the probabilities honest; a threshold a category says from where on a
reading may stand alone (`auto`), and from where on the truth is among the first two (`ask`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from intake.reading import Triage
from nlp.features import Floats
from nlp.scorer import softmax

AUTO_PRECISION = 0.96
ASK_TRUTH = 0.93
NEVER = 1.01
# Below so many held-out lines a category's own threshold would be chance; it takes the general one.
ENOUGH = 60
# In a neighbourhood's chat about one line in so many asks for something; our corpus holds far more. Its
# other lines are taken for requests about as often as those of chats by hands not learned from (0010).
ONE_IN = 12
# But so many requests must be heard, however noisy the rest (matters where there is little chatter).
LEAST_HEARD = 0.75
_TEMPERATURES = np.geomspace(0.02, 5.0, 120)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """`auto`: least probability of the first guess; `ask`: least sum of the first two."""

    auto: float
    ask: float


def fit_temperature(scores: NDArray[np.floating], truth: Sequence[int]) -> float:
    """The temperature under which the true answers are likeliest (by log-likelihood)."""
    rows, wanted = np.arange(len(truth)), np.asarray(truth)

    def loss(temperature: float) -> float:
        chance = softmax(scores, temperature)[rows, wanted]
        return float(-np.log(np.maximum(chance, 1e-9)).mean())

    return float(min(_TEMPERATURES, key=loss))


def least_for(score: NDArray[np.floating], right: NDArray[np.bool_], wanted: float) -> float:
    """The lowest threshold above which at least `wanted` of the lines are right; NEVER if none.

    A share is trusted only with its margin: one standard error must still hold `wanted` minus 0.01.
    """
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(right[order])
    counts = np.arange(1, len(order) + 1)
    share = hits / counts
    margin = np.sqrt(np.maximum(share * (1 - share), 0.01) / counts)
    good = np.flatnonzero((share >= wanted) & (share - margin >= wanted - 0.02))
    return float(score[order[good[-1]]]) if len(good) else NEVER


def choose_thresholds(
    chances: Floats, truth: Sequence[int], category_of: Sequence[str]
) -> dict[str, Thresholds]:
    """Thresholds per category of the guess, and the general one under "".

    `chances` are held-out probabilities (lines × items), `category_of` names each item's category.
    """
    order = np.argsort(-chances, axis=1, kind="stable")[:, :2]
    rows, wanted = np.arange(len(truth)), np.asarray(truth)
    first = chances[rows, order[:, 0]]
    both = first + chances[rows, order[:, 1]]
    right = order[:, 0] == wanted
    near = right | (order[:, 1] == wanted)
    guessed = np.asarray(category_of)[order[:, 0]]
    every = np.ones(len(rows), dtype=bool)
    chosen = {"": _pair(first, both, right, near, every)}
    for category in sorted(set(category_of)):
        mine = guessed == category
        if mine.sum() >= ENOUGH:
            own = _pair(first, both, right, near, mine)
            chosen[category] = Thresholds(
                max(own.auto, chosen[""].auto * 0.8), max(own.ask, chosen[""].ask * 0.8)
            )
    return chosen


def _pair(
    first: Floats,
    both: Floats,
    right: NDArray[np.bool_],
    near: NDArray[np.bool_],
    mine: NDArray[np.bool_],
) -> Thresholds:
    auto = least_for(first[mine], right[mine], AUTO_PRECISION)
    rest = mine & (first < auto)
    return Thresholds(auto, least_for(both[rest], near[rest], ASK_TRUTH))


def gate_threshold(asking: NDArray[np.floating], others: NDArray[np.floating]) -> float:
    """From which probability on a line is taken for a request: where precision and recall meet best
    (F1) in a chat in which one line in ONE_IN asks. Both are held-out probabilities."""
    steps = np.unique(np.quantile(asking, np.linspace(0, 1 - LEAST_HEARD, 60)))
    heard = np.asarray([(asking >= step).mean() for step in steps])
    passed = np.asarray([(others >= step).mean() for step in steps])
    false = passed * (ONE_IN - 1)
    return round(float(steps[np.argmax(2 * heard / (heard + 1 + false))]), 3)


def triage(first: float, second: float, limits: Thresholds) -> Triage:
    """How sure a reading with these two best probabilities is."""
    if first >= limits.auto:
        return Triage.AUTO
    return Triage.ASK if first + second >= limits.ask else Triage.HUMAN


def thresholds_from(raw: Mapping[str, Sequence[float]]) -> dict[str, Thresholds]:
    """As stored in a manifest."""
    return {category: Thresholds(*map(float, pair)) for category, pair in raw.items()}


def calibration_error(
    chance: NDArray[np.floating], right: NDArray[np.bool_], bins: int = 10
) -> float:
    """Expected calibration error: mean gap between promised and kept, over equal-width bins."""
    where = np.minimum((chance * bins).astype(int), bins - 1)
    gaps = [
        abs(chance[where == b].mean() - right[where == b].mean()) * (where == b).mean()
        for b in range(bins)
        if (where == b).any()
    ]
    return float(sum(gaps))
