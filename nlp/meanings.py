"""What words mean to a grid worker: the table `meanings.txt`, and what a batch of texts has of it.

The law of this file: a meaning counts once a text, however often it is said. Meanings in capitals are of
danger; their pairs count as well (a child and a lock, a person and blood).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain, combinations

import numpy as np

from nlp.grams import LONGEST_RUN, Places, key_of
from nlp.normalise import fold, normalise
from nlp.number_table import Numbers, NumberTable

MEANING_MARK = "\ue003"
# Of so many meanings of danger in one text the pairs are made.
MOST_DANGERS = 8


@cache
def meanings() -> dict[str, tuple[str, ...]]:
    """Word (2–4 signs, normalised) to the meanings it has in `nlp/meanings.txt`."""
    found: dict[str, tuple[str, ...]] = {}
    for line in files("nlp").joinpath("meanings.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            meaning, words = line.split("\t")
            for word in words.split():
                key = normalise(fold(word).text, 20)
                found[key] = (*found.get(key, ()), MEANING_MARK + meaning)
    return found


class Meanings:
    """The meanings of `meanings.txt` and the pairs of those of danger, each with a number."""

    def __init__(self) -> None:
        words = meanings()
        single = sorted({meaning for of in words.values() for meaning in of})
        number = {meaning: n for n, meaning in enumerate(single)}
        # Numbers go by name, and capitals come first: the lowest are those of danger.
        self._dangers = frozenset(range(sum(name[1].isupper() for name in single)))
        pairs = list(combinations(sorted(self._dangers), 2))
        self._pairs = {pair: len(single) + n for n, pair in enumerate(pairs)}
        self.names = [*single, *(single[a] + single[b][1:] for a, b in pairs)]
        self._of = [frozenset(number[meaning] for meaning in of) for of in ((), *words.values())]
        self._numbers = numbers = dict(zip(words, range(1, len(self._of)), strict=True))
        self._long = {word: n for word, n in numbers.items() if len(word) > LONGEST_RUN}
        # The numbers of short words, by their keys.
        self.short = {key_of(word): n for word, n in numbers.items() if len(word) <= LONGEST_RUN}
        keys = sorted(self.short)
        self._table = NumberTable(
            np.asarray(keys, dtype=np.uint64),
            np.asarray([self.short[key] for key in keys], dtype=np.int32),
        )

    def short_words(self, keys: Numbers) -> Places:
        """The number of each key that is a short word's, 0 for others."""
        return self._table.find(keys).astype(np.int64)

    def seen_in(self, runs: Iterable[str], words: Sequence[str]) -> list[int]:
        """The numbers of the meanings of one text, each once."""
        said = self._numbers.keys() & runs | self._long.keys() & words
        return self._with_pairs({n for word in said for n in self._of[self._numbers[word]]})

    def seen(
        self, rows: Places, short: Places, words: Sequence[Sequence[str]]
    ) -> tuple[Places, Places]:
        """Rows and numbers of the meanings of texts, each once a row. `short` are numbers of short
        words found in them (0: none), `rows` the texts they were found in."""
        found: list[set[int]] = [set() for _ in words]
        hits = np.flatnonzero(short)
        for row, word in zip(rows.take(hits).tolist(), short.take(hits).tolist(), strict=True):
            found[row] |= self._of[word]
        if long := self._long.keys() & set(chain.from_iterable(words)):
            for row, of in enumerate(words):
                for said in long.intersection(of):
                    found[row] |= self._of[self._long[said]]
        numbers = [self._with_pairs(of) if of else [] for of in found]
        meant = np.fromiter(chain.from_iterable(numbers), dtype=np.int64)
        return np.repeat(np.arange(len(words)), list(map(len, numbers))), meant

    def _with_pairs(self, found: set[int]) -> list[int]:
        dangers = sorted(self._dangers & found)[:MOST_DANGERS]
        return [*found, *(self._pairs[pair] for pair in combinations(dangers, 2))]


@cache
def all_meanings() -> Meanings:
    """The table, read once."""
    return Meanings()
