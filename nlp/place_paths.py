"""The likeliest way through the signs of a message: outside, or at the beginning, inside or end of a place.

The law of this file: Viterbi's best path between signs that may belong to a place at all; outside
stands before and behind each such chain, nothing before a message's first sign and behind its last. A
chain that could not gain by a place, however it goes, is not walked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.features import Floats

Ints = NDArray[np.intp]
Stretch = tuple[int, int]

OUT, BEGIN, INSIDE, END = range(4)
STATES = 4
# Which state may follow which; a place of one sign is BEGIN followed by OUT or another BEGIN.
ALLOWED = np.array([[1, 1, 0, 0], [1, 1, 1, 1], [0, 0, 1, 1], [1, 1, 0, 0]], dtype=bool)
NEVER = -1e4
# Whoever is so much likelier outside than anything else is outside; paths run only between such signs.
CLEARLY_OUT = 3.0
# What rounding may hide from the bound below.
_SLACK = 1e-3


class Paths:
    """Best paths by learned `steps` (state to state)."""

    def __init__(self, steps: Floats) -> None:
        self._steps = np.where(ALLOWED, steps, NEVER).tolist()
        self._free = np.where(ALLOWED, 0.0, NEVER).tolist()
        gains = np.where(ALLOWED, steps - steps[OUT, OUT], NEVER).max(axis=0)
        # What the best step into each state brings more than staying outside.
        self._gains = gains.astype(np.float32)
        # A way in before a message's first sign is free, and one step leads out behind the chain.
        self._least = min(float(gains[BEGIN]), 0.0) - float(gains[OUT]) - _SLACK

    def places(self, scores: Floats, blank: NDArray[np.bool_]) -> Iterator[Stretch]:
        """The places among columns of signs and blanks, in order. `scores` is columns × states; `blank`
        has one column more on either side."""
        out, begin, inside, end = scores.T
        most = np.maximum(np.maximum(begin, inside), end)
        thinkable = np.flatnonzero((most > out - np.float32(CLEARLY_OUT)) & ~blank[1:-1])
        if not len(thinkable):
            return
        begins = np.ones(len(thinkable), dtype=np.bool_)
        np.not_equal(thinkable[1:], thinkable[:-1] + 1, out=begins[1:])
        firsts = np.flatnonzero(begins)
        worth = self._worth(scores.take(thinkable, axis=0), firsts)
        lasts = np.append(firsts[1:], len(thinkable)).take(worth) - 1
        chains = thinkable.take(firsts.take(worth)).tolist(), thinkable.take(lasts).tolist()
        for start, last in zip(*chains, strict=True):
            edges = bool(blank[start]), bool(blank[last + 2])
            states = self._best(scores[start : last + 1].tolist(), *edges)
            yield from _stretches(states, start)

    def _worth(self, scores: Floats, firsts: Ints) -> Ints:
        """Which of the chains that begin at `firsts` may hold a place: those that gain by one if every sign
        were in its best state but one, which begins the place, and every step were the best into its
        state."""
        gains = scores - scores[:, :1] + self._gains
        best = np.maximum.reduce(gains, axis=1)
        lost = np.minimum.reduceat(best - gains[:, BEGIN], firsts)
        return np.flatnonzero(np.add.reduceat(best, firsts) - lost > self._least)

    def _best(self, scores: Sequence[Sequence[float]], first: bool, last: bool) -> list[int]:
        """The best states of one chain; `first` and `last`: nothing stands before it, or behind it.

        Written out for the steps that are ALLOWED: few chains come this far, most of a few signs, and for
        those arrays or a loop over states would take some times as long.
        """
        (oo, ob, _, _), (bo, bb, bi, be), (_, _, ii, ie), (eo, eb, _, _) = self._steps
        before = (self._free if first else self._steps)[OUT]
        out, begin, inside, end = map(float.__add__, scores[0], before)
        came_from = []
        for score_out, score_begin, score_inside, score_end in scores[1:]:
            to_out, from_out = out + oo, OUT
            to_begin, from_begin = out + ob, OUT
            if begin + bo > to_out:
                to_out, from_out = begin + bo, BEGIN
            if begin + bb > to_begin:
                to_begin, from_begin = begin + bb, BEGIN
            if end + eo > to_out:
                to_out, from_out = end + eo, END
            if end + eb > to_begin:
                to_begin, from_begin = end + eb, END
            to_inside, from_inside = begin + bi, BEGIN
            to_end, from_end = begin + be, BEGIN
            if inside + ii > to_inside:
                to_inside, from_inside = inside + ii, INSIDE
            if inside + ie > to_end:
                to_end, from_end = inside + ie, INSIDE
            came_from.append((from_out, from_begin, from_inside, from_end))
            out, begin = to_out + score_out, to_begin + score_begin
            inside, end = to_inside + score_inside, to_end + score_end
        behind = [row[OUT] for row in (self._free if last else self._steps)]
        ways = list(map(float.__add__, (out, begin, inside, end), behind))
        states = [ways.index(max(ways))]
        for sources in reversed(came_from):
            states.append(sources[states[-1]])
        return states[::-1]


def _stretches(states: Sequence[int], start: int) -> Iterator[Stretch]:
    """The stretches that a BEGIN opens, INSIDE and END carry on."""
    opened = None
    for at, state in enumerate([*states, OUT], start):
        if state < INSIDE:
            if opened is not None:
                yield opened, at
            opened = at if state == BEGIN else None
