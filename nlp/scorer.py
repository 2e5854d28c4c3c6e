"""Scores from sparse rows and plain float32 arrays: what scikit-learn's linear models do, without it.

The law of this file: a linear model is a table of weights (terms × answers) and one offset an answer.
Any average of linear models on the same rows is again one such table, so the whole ensemble is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from nlp.features import Batch, Floats

# Up to so many rows a sparse matrix costs more than it brings.
FEW_ROWS = 3


@dataclass(frozen=True, slots=True)
class Linear:
    """`weights` is terms × answers, `offsets` one an answer."""

    weights: Floats
    offsets: Floats

    def scores(self, rows: Batch) -> Floats:
        """One line of scores a row; equal to scikit-learn's `decision_function` up to rounding."""
        out = self._one_by_one(rows) if len(rows) <= FEW_ROWS else self._together(rows)
        out += self.offsets
        return out

    def _together(self, rows: Batch) -> Floats:
        shape = (len(rows), len(self.weights))
        out: Floats = csr_array((rows.values, rows.columns, rows.starts), shape) @ self.weights
        return out

    def _one_by_one(self, rows: Batch) -> Floats:
        """The same sums in the same order, without the ceremony that few rows do not pay back.

        einsum rather than dot: for rows this small the BLAS threads cost more than they bring.
        """
        out = np.zeros((len(rows), len(self.offsets)), dtype=np.float32)
        for row, (first, last) in enumerate(pairwise(rows.starts.tolist())):
            picked = self.weights.take(rows.columns[first:last], axis=0)
            np.einsum("t,ta->a", rows.values[first:last], picked, out=out[row])
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
    """Several tables over the same terms side by side; those of `side_by_side` are not copied."""
    offsets = np.concatenate([part.offsets for part in parts])
    tables = [part.weights for part in parts]
    whole = tables[0].base
    if whole is not None and whole.shape == (len(tables[0]), len(offsets)):
        starts = np.cumsum([0, *(table.shape[1] for table in tables[:-1])])
        if all(
            _stands_at(table, whole, start) for table, start in zip(tables, starts, strict=True)
        ):
            return Linear(whole, offsets)
    return Linear(np.ascontiguousarray(np.hstack(tables)), offsets)


def _stands_at(table: Floats, whole: Floats, column: int) -> bool:
    """Whether `table` is the part of `whole` that begins at `column`."""
    begins = int(table.ctypes.data) == int(whole.ctypes.data) + int(column) * whole.itemsize
    return table.base is whole and begins


def side_by_side(tables: Sequence[Floats]) -> list[Floats]:
    """The same tables of weights as neighbouring parts of one, which `join` finds again."""
    whole = np.ascontiguousarray(np.hstack(tables))
    ends = np.cumsum([table.shape[1] for table in tables])
    return [whole[:, end - table.shape[1] : end] for table, end in zip(tables, ends, strict=True)]
