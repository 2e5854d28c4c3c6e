"""Which of the neighbour's own words weighed most for an answer.

The law of this file: only words that stand in the message, as they were written, and never a word that
touches personal data. A word weighs what its own terms add: itself as a word, and the runs of signs
inside it. All messages of a batch are weighed at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, chain

import numpy as np
from numpy.typing import NDArray

from nlp.features import WORD_MARK, Vectoriser
from nlp.normalise import normalise
from nlp.prepare import Prepared
from nlp.scorer import Linear
from nlp.short_words import ShortWords

MOST = 4
# A word counts when it carries at least this share of what the heaviest word carries.
LEAST_SHARE = 0.25
# A word of less weight weighs nothing.
_SOMETHING = 1e-6
CAP = 200
_LONGEST_RUN = 4


class Explainer:
    """Finds the weightiest words by the table of weights that scored the messages."""

    def __init__(self, vectoriser: Vectoriser, table: Linear) -> None:
        self._vectoriser = vectoriser
        self._table = table
        self._terms = ShortWords(self._terms_of)

    def because(
        self, ready: Sequence[Prepared], words: Sequence[Sequence[str]], answers: Sequence[int]
    ) -> list[tuple[str, ...]]:
        """One to four words a message, heaviest first. `words` are those of `wording`, with or without its
        marks, `answers` the columns of the table that were answered."""
        found = list(map(_outside_masks, ready, words))
        sizes = list(map(len, found))
        terms = [self._terms[word] for row in found for word, _ in row]
        weights = self._weights(terms, np.repeat(np.asarray(answers, dtype=np.int64), sizes))
        ends = accumulate(sizes)
        return [
            _heaviest(weights[end - size : end], [quoted for _, quoted in row])
            for row, size, end in zip(found, sizes, ends, strict=True)
        ]

    def _weights(self, terms: Sequence[tuple[int, ...]], answers: NDArray[np.int64]) -> list[float]:
        """What the terms of each word add to its answer."""
        sizes = list(map(len, terms))
        columns = np.fromiter(chain.from_iterable(terms), np.int64, sum(sizes))
        word = np.repeat(np.arange(len(terms)), sizes)
        cells = columns * self._table.weights.shape[1] + answers.take(word)
        adds = self._table.weights.reshape(-1).take(cells) * self._vectoriser.rarity.take(columns)
        weights: list[float] = np.bincount(word, adds, minlength=len(terms)).tolist()
        return weights

    def _terms_of(self, word: str) -> tuple[int, ...]:
        """The columns of a word's terms."""
        said = normalise(word, 20)
        runs = [
            said[start : start + size]
            for size in range(1, min(_LONGEST_RUN, len(said)) + 1)
            for start in range(len(said) - size + 1)
        ]
        columns = map(self._vectoriser.column, [WORD_MARK + said, *runs] if said else [])
        known = len(self._table.weights)
        return tuple(column for column in columns if column is not None and column < known)


def wording(ready: Prepared) -> str:
    """The part of a message that is looked at for its weightiest words."""
    return ready.folded.text[:CAP]


def _outside_masks(ready: Prepared, words: Sequence[str]) -> list[tuple[str, str]]:
    """Words outside masks, folded and as they were written."""
    folded, text = wording(ready), ready.text
    plain = ready.folded.offsets is None and not ready.masks
    if plain and text == ready.folded.text:
        return [(word, word) for word in words if word[0].isalnum()]
    found = []
    at = 0
    for word in words:
        start = folded.index(word, at)
        at = start + len(word)
        if not word[0].isalnum():
            continue
        if plain:
            found.append((word, text[start:at]))
        elif not _masked(ready, *(span := ready.folded.original(start, at))):
            found.append((word, text[span[0] : span[1]]))
    return found


def _masked(ready: Prepared, start: int, end: int) -> bool:
    return any(start < mask.end and mask.start < end for mask in ready.masks)


def _heaviest(weights: Sequence[float], words: Sequence[str]) -> tuple[str, ...]:
    """Each word once, by falling weight; where none weighs anything, one."""
    if not words:
        return ()
    most = max(weights)
    if most < _SOMETHING:
        return (
            min((-max(weight, 0.0), word) for weight, word in zip(weights, words, strict=True))[1],
        )
    least = max(most * LEAST_SHARE, _SOMETHING)
    heavy = [
        (-weight, word) for weight, word in zip(weights, words, strict=True) if weight >= least
    ]
    return tuple(dict.fromkeys(word for _, word in sorted(heavy)))[:MOST]
