"""Lines as chains of signs, each in one state: how likely the ways to mark them are.

The law of this file: over all ways that the rules of `place_paths.ALLOWED` let pass, by walking the chain
to its end and back (forward-backward), with numbers kept near one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nlp.place_eye import Ints
from nlp.place_paths import ALLOWED, OUT, STATES

Doubles = NDArray[np.float64]


class Chain:
    """Lines as chains of signs, walked side by side, longest first: a step is one operation for all.

    Into a line and out of it no step is counted; a place may begin and end there like anywhere.
    """

    def __init__(self, lengths: Ints) -> None:
        starts = np.cumsum(lengths) - lengths
        order = np.argsort(-lengths, kind="stable")
        self._starts = starts[order]
        self._last = (starts + lengths - 1)[order]
        self._widths = [int((lengths > step).sum()) for step in range(int(lengths.max()))]

    def steps_of(self, states: Ints) -> Doubles:
        """How often each state follows each within a chain."""
        counts = np.zeros((STATES, STATES))
        follows = np.ones(len(states), dtype=bool)
        follows[self._starts] = False
        later = np.flatnonzero(follows)
        np.add.at(counts, (states[later - 1], states[later]), 1)
        return counts

    def expect(self, scores: Doubles, steps: Doubles) -> tuple[Doubles, Doubles]:
        """Over all ways to mark the lines: the chance of each state at each sign, and expected steps."""
        level = scores.max(axis=1, keepdims=True)
        odds = np.exp(scores - level)
        passes = np.exp(steps) * ALLOWED
        forward, sums = self._forward(odds, passes)
        may_end = ALLOWED[:, OUT].astype(np.float64)
        last = (forward[self._last] * may_end).sum(axis=1)
        backward = np.zeros_like(odds)
        backward[self._last] = may_end / last[:, None]
        expected = np.zeros((STATES, STATES))
        for step in range(len(self._widths) - 1, 0, -1):
            at = self._starts[: self._widths[step]] + step
            worth = odds[at] * backward[at] / sums[at][:, None]
            backward[at - 1] = worth @ passes.T
            expected += forward[at - 1].T @ worth
        return forward * backward, expected * passes

    def _forward(self, odds: Doubles, passes: Doubles) -> tuple[Doubles, Doubles]:
        forward = np.zeros_like(odds)
        sums = np.ones(len(odds))
        for step, width in enumerate(self._widths):
            at = self._starts[:width] + step
            before = forward[at - 1] @ passes if step else ALLOWED[OUT]
            reached = before * odds[at]
            sums[at] = reached.sum(axis=1)
            forward[at] = reached / sums[at][:, None]
        return forward, sums
