"""What a model says of a batch of rows: the scores of all its heads, from two joined tables.

The law of this file: what has many answers (which item, which kind) is told by the commonest terms; what is
a yes or no (asks, danger) by every term, since a rare word may be the only one that tells (decision 0014).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from intake.reading import ItemGuess
from nlp.features import Batch, Floats
from nlp.gate import figures
from nlp.model import COMMON_HEADS, EVERY_HEADS, Head, Model
from nlp.scorer import Linear, join, sigmoid, softmax
from nlp.sense import Guesses, Scores

GUESSES = 3


class Scoring:
    """Scores rows with one model. The answers come first among the columns of `common`."""

    def __init__(self, model: Model, retired: Mapping[str, str | None] | None = None) -> None:
        """`retired`: labels that are offered no more, with what stands in their place (None: nothing)."""
        self._model = model
        self._retired = retired or {}
        self.labels = tuple(self._retired.get(one) or one for one in model.answers.labels)
        self._common = _given(model, COMMON_HEADS)
        self._every = _given(model, EVERY_HEADS)
        self.common = _joined(self._common)
        self._table = _joined(self._every) if self._every else None

    def scores(self, rows: Batch) -> Scores:
        """What the model says of each row."""
        found = self.common.scores(rows.below(len(self.common.weights)))
        parts = _parted(found, self._common)
        if self._table is not None:
            parts |= _parted(self._table.scores(rows), self._every)
        guesses, best = self._guesses(parts["answers"])
        return Scores(
            guesses,
            best,
            (rows.sizes == 0).tolist(),
            self._asks(parts, rows).tolist() if "gate" in parts else [],
            # Only which is likeliest is asked of kinds, and seldom of dangers.
            parts["kinds"].argmax(axis=1).tolist() if "kinds" in parts else [],
            self._risks(parts).tolist() if "alarm" in parts else [],
            parts.get("dangers"),
        )

    def _guesses(self, answers: Floats) -> tuple[list[Guesses], list[int]]:
        """The likeliest answers of each row, and the column of the likeliest."""
        labels = self.labels
        best, chances = _top(self._living(softmax(answers, self._model.answers.temperature)))
        guesses = [
            tuple(map(ItemGuess, [labels[column] for column in columns], row))
            for columns, row in zip(best, chances, strict=True)
        ]
        return guesses, [columns[0] for columns in best]

    def _living(self, chances: Floats) -> Floats:
        """The chances with those of retired labels given to what took their place. Where nothing did they are
        given to nobody, so that no other seems likelier by it and a person looks."""
        if not self._retired:
            return chances
        chances = chances.copy()
        of: dict[str, int] = {}
        for column, label in enumerate(self._model.answers.labels):
            if label not in self._retired:
                of[label] = column
        for column, label in enumerate(self._model.answers.labels):
            if label not in self._retired:
                continue
            instead = self._retired[label]
            first = of.setdefault(instead, column) if instead else None
            if first is not None and first != column:
                chances[:, first] += chances[:, column]
            if first != column:
                chances[:, column] = -0.5  # never among the likeliest
        return chances

    def _asks(self, parts: dict[str, Floats], rows: Batch) -> Floats:
        """The chance of each row that it asks for something."""
        temperature = self._model.answers.temperature
        found = figures(parts["gate"], parts["answers"], temperature, rows.sizes)
        return self._model.weighing.chances(found)

    def _risks(self, parts: dict[str, Floats]) -> Floats:
        """The chance of each row that it tells of a danger."""
        words = parts["alarm"][:, 0]
        if "dangers" not in parts:
            return sigmoid(words)
        return sigmoid(words + self._model.danger_share * parts["dangers"].max(axis=1))


def _given(model: Model, names: Sequence[str]) -> dict[str, Head]:
    found: dict[str, Head | None] = {name: getattr(model, name) for name in names}
    return {name: head for name, head in found.items() if head is not None}


def _joined(heads: dict[str, Head]) -> Linear:
    return join([head.table for head in heads.values()])


def _parted(found: Floats, heads: dict[str, Head]) -> dict[str, Floats]:
    """The columns of each head, in the order in which they were joined."""
    parts: dict[str, Floats] = {}
    at = 0
    for name, head in heads.items():
        parts[name] = found[:, at : at + len(head.labels)]
        at += len(head.labels)
    return parts


def _top(chances: Floats) -> tuple[Sequence[tuple[int, ...]], Sequence[tuple[float, ...]]]:
    """The columns of the likeliest answers of every row, likeliest first, and their probabilities."""
    left = chances.copy()
    rows = np.arange(len(left))
    columns, found = [], []
    for _ in range(min(GUESSES, left.shape[1])):
        column = left.argmax(axis=1)
        columns.append(column.tolist())
        found.append(left[rows, column].tolist())
        left[rows, column] = -1.0
    return list(zip(*columns, strict=True)), list(zip(*found, strict=True))
