"""Scores from sparse rows and plain float32 arrays: what scikit-learn's linear models do, without it.

The law of this file: a linear model is a table of weights (terms × answers) and one offset an answer.
Any average of linear models on the same rows is again one such table, so the whole ensemble is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.features import Batch, Floats


@dataclass(frozen=True, slots=True)
class Linear:
    """`weights` is terms × answers, `offsets` one an answer."""

    weights: Floats
    offsets: Floats

    def scores(self, rows: Batch) -> Floats:
        """One line of scores a row; equal to scikit-learn's `decision_function` up to rounding.

        einsum rather than dot: for rows this small the BLAS threads cost more than they bring.
        """
        out = np.empty((len(rows), len(self.offsets)), dtype=np.float32)
        starts = rows.starts.tolist()
        weights, offsets = self.weights, self.offsets
        for row in range(len(rows)):
            first, last = starts[row], starts[row + 1]
            if first == last:
                out[row] = offsets
                continue
            picked = weights.take(rows.columns[first:last], axis=0)
            np.einsum("t,ta->a", rows.values[first:last], picked, out=out[row])
            out[row] += offsets
        return out


def softmax(scores: NDArray[np.floating], temperature: float = 1.0) -> Floats:
    """Probabilities along the last axis; `temperature` above 1 makes them more modest."""
    out: Floats = np.asarray(scores, dtype=np.float32) / np.float32(temperature)
    out -= np.maximum.reduce(out, axis=-1, keepdims=True)
    np.exp(out, out=out)
    out /= np.add.reduce(out, axis=-1, keepdims=True)
    return out


def sigmoid(scores: NDArray[np.floating]) -> Floats:
    """Probability of a yes-or-no answer from its score."""
    out: Floats = (1 / (1 + np.exp(-np.minimum(np.maximum(scores, -30), 30)))).astype(np.float32)
    return out


def join(parts: Sequence[Linear]) -> Linear:
    """Several tables over the same terms side by side."""
    return Linear(
        np.ascontiguousarray(np.hstack([part.weights for part in parts])),
        np.concatenate([part.offsets for part in parts]),
    )
