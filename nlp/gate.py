"""Whether a message asks for something: what several machines say of it, weighed in one sum.

The law of this file: the words alone cannot tell 昨天停电我们点蜡烛打牌 from 停电了, nor small talk of
subjects never met from a request in new words. So besides the words' own score and their evidence
counts how well the message fits its likeliest item, how well it fits any item at all (talk of other
things fits none), and how long it is. The weights are learned on lines that the machines had not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.features import Floats
from nlp.scorer import sigmoid

FIGURES = (
    "border",  # the words' distance from the border between asking and not
    "evidence",  # every word's evidence, summed (naive Bayes)
    "evidence_per_term",
    "surest",  # log-odds of the likeliest item
    "fit",  # how well the message fits any item: log-sum-exp of the items' scores
    "length",  # logarithm of the number of known terms
)
_SMALL = 1e-6


@dataclass(frozen=True, slots=True)
class Gate:
    """One weight a figure, and an offset: log-odds that the message asks for something."""

    weights: tuple[float, ...]
    offset: float

    def chances(self, found: NDArray[np.floating]) -> Floats:
        """Probability that each line asks, from its `figures` (lines × FIGURES)."""
        sums = found @ np.asarray(self.weights) + self.offset
        return sigmoid(np.asarray(sums, dtype=np.float32))


# Without lines to learn the weights from, the words decide.
WORDS_ALONE = Gate((1.0, 1.0, *[0.0] * (len(FIGURES) - 2)), 0.0)


def figures(
    words: Floats, items: Floats, temperature: float, terms: Sequence[int] | NDArray[np.integer]
) -> NDArray[np.float64]:
    """The figures of a batch, lines × FIGURES.

    `words` are border and evidence (lines × 2), `items` the item scores (lines × items) with their
    `temperature`, `terms` the number of known terms of each line.
    """
    many = np.maximum(terms, 1.0)
    scaled = np.divide(items, temperature, dtype=np.float64)
    best = np.maximum.reduce(scaled, axis=1)
    rest = np.add.reduce(np.exp(scaled - best[:, None]), axis=1)
    surest = 1 / rest
    found = np.empty((len(items), len(FIGURES)))
    found[:, :2] = words
    np.divide(words[:, 1], many, out=found[:, 2])
    np.log((surest + _SMALL) / (1 - surest + _SMALL), out=found[:, 3])
    np.add(best, np.log(rest), out=found[:, 4])
    np.log1p(many, out=found[:, 5])
    return found


def learn(found: NDArray[np.floating], asks: NDArray[np.bool_]) -> Gate:
    """The weights that tell best, by logistic regression over standardised figures."""
    from sklearn.linear_model import LogisticRegression

    middle, width = found.mean(axis=0), np.maximum(found.std(axis=0), 1e-9)
    line = LogisticRegression(C=1.0, max_iter=500).fit((found - middle) / width, asks)
    weights = line.coef_[0] / width
    return Gate(tuple(map(float, weights)), float(line.intercept_[0] - weights @ middle))
