"""Which of the neighbour's own words weighed most for an answer.

The law of this file: only words that stand in the message, as they were written, and never a word that
touches personal data. A word weighs what its own terms add: itself as a word, and the runs of signs
inside it. All messages of a batch are weighed at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

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
        """One to four words a message, heaviest first. `words` are those of `wording`, `answers` the
        columns of the table that were answered."""
        found = list(map(_outside_masks, ready, words))
        terms = [self._terms[word] for row in found for word, _ in row]
        of = np.repeat(np.asarray(answers, dtype=np.int64), [len(row) for row in found])
        weights = iter(self._weights(terms, of).tolist())
        return [_heaviest([(said, next(weights)) for _, said in row]) for row in found]

    def _weights(
        self, terms: Sequence[tuple[int, ...]], answers: NDArray[np.int64]
    ) -> NDArray[Any]:
        """What the terms of each word add to its answer."""
        sizes = [len(of) for of in terms]
        columns = np.fromiter(chain.from_iterable(terms), np.int64, sum(sizes))
        word = np.repeat(np.arange(len(terms)), sizes)
        adds = self._table.weights[columns, answers[word]] * self._vectoriser.rarity[columns]
        weights: NDArray[Any] = np.bincount(word, adds, minlength=len(terms))
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
        return tuple(column for column in columns if column is not None)


def wording(ready: Prepared) -> str:
    """The part of a message that is looked at for its weightiest words."""
    return ready.folded.text[:CAP]


def _outside_masks(ready: Prepared, words: Sequence[str]) -> list[tuple[str, str]]:
    """Words outside masks, folded and as they were written."""
    folded, text = wording(ready), ready.text
    plain = ready.folded.offsets is None and not ready.masks
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


def _heaviest(weighed: Sequence[tuple[str, float]]) -> tuple[str, ...]:
    found: dict[str, float] = {}
    for said, weight in weighed:
        if weight > found.setdefault(said, 0.0):
            found[said] = weight
    if not found:
        return ()
    heaviest = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST]
    least = max(heaviest[0][1] * LEAST_SHARE, 1e-6)
    return tuple(word for word, weight in heaviest if weight >= least) or (heaviest[0][0],)
