"""From a normalised text to a sparse vector: words, signs and sounds.

The law of this file: one way of making terms for training and for serving. Terms are words (jieba's
segmentation), runs of 1–3 signs with the clause's edges as signs of their own,
meanings (`meanings.txt`) and the signals of danger; on demand also runs of syllables without tones, so
that 路登 is heard as 路灯, and pairs of words. Both cost more than they brought by held-out writer.
What a term weighs is learned.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.emergency import NOTHING, SIGNAL_MARK, Signals
from nlp.normalise import fold, normalise
from nlp.segment import Segmenter

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
# A normalised text with what the danger rows saw in it.
Normal = tuple[str, Signals]

WORD_MARK = "\ue000"
PAIR_MARK = "\ue001"
MEANING_MARK = "\ue003"
# Of so many meanings of danger in one text the pairs are made.
MOST_DANGERS = 8
# Rarities run from 1 to about 10; divided by this they suit the machines' usual cost.
SCALE = 8.0
# Syllables are written as single signs of the private use area from here on.
FIRST_SYLLABLE = 0xE100
# Southern ears do not part these; folding them makes one syllable of each pair.
_FUZZY_STARTS = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_FUZZY_ENDS = (("ang", "an"), ("eng", "en"), ("ing", "in"))


@dataclass(frozen=True, slots=True)
class FeatureSettings:
    """What terms are made. `cap` is in signs of normalised text; weights are per kind of term.

    `presence`: a term counts by its rarity alone, so that every word is evidence and much evidence
    is much (best for chat); without it, counts matter and every text has length one (for letters).
    """

    cap: int = 500
    longest_run: int = 3
    pairs: bool = False
    sounds: bool = False
    presence: bool = True
    min_count: int = 2
    max_terms: int = 50_000
    word_weight: float = 1.0
    sound_weight: float = 0.6
    signal_weight: float = 1.0
    meaning_weight: float = 1.0
    signals: bool = True
    meanings: bool = True

    def as_mapping(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Batch:
    """Sparse rows: row r has `columns[starts[r]:starts[r+1]]` with `values`."""

    columns: Ints
    values: Floats
    starts: Ints

    def __len__(self) -> int:
        return len(self.starts) - 1


def syllables() -> dict[int, str]:
    """Each Chinese sign as the sign of its commonest syllable, tones and southern pairs folded."""
    from pypinyin import pinyin_dict
    from pypinyin.contrib.tone_convert import to_normal

    sounds = {
        code: _fuzzy(to_normal(readings.split(",")[0]))
        for code, readings in pinyin_dict.pinyin_dict.items()
        if 0x4E00 <= code <= 0x9FA5
    }
    order = {sound: n for n, sound in enumerate(sorted(set(sounds.values())))}
    return {code: chr(FIRST_SYLLABLE + order[sound]) for code, sound in sorted(sounds.items())}


def _fuzzy(sound: str) -> str:
    for long, short in _FUZZY_STARTS:
        if sound.startswith(long):
            sound = short + sound[len(long) :]
    for long, short in _FUZZY_ENDS:
        if sound.endswith(long):
            sound = sound[: -len(long)] + short
    return sound


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


class TermMaker:
    """Turns normalised text into terms."""

    def __init__(
        self, segmenter: Segmenter, settings: FeatureSettings, sounds: Mapping[int, str]
    ) -> None:
        self.segmenter = segmenter
        self.settings = settings
        self.sounds = dict(sounds) if settings.sounds else {}
        self._meanings = meanings() if settings.meanings else {}

    def terms(self, text: str, signals: Signals = NOTHING) -> list[str]:
        """Every term of `text`, with repetitions; `signals` are those of the same text."""
        padded = f" {text} "
        size = len(padded)
        made = list(text)
        for run in range(2, self.settings.longest_run + 1):
            made += [padded[i : i + run] for i in range(size - run + 1)]
        words = self.segmenter.cut(text)
        if self._meanings:
            made += self._meant([*made, *words])
        made += [WORD_MARK + word for word in words]
        if self.settings.pairs:
            made += [f"{PAIR_MARK}{a}{PAIR_MARK}{b}" for a, b in pairwise(words)]
        if self.sounds:
            heard = text.translate(self.sounds)
            size = len(heard)
            made += [heard[i : i + 2] for i in range(size - 1)]
            made += [heard[i : i + 3] for i in range(size - 2)]
        if signals is not NOTHING and self.settings.signals:
            made += signals.terms()
        return made

    def _meant(self, runs: Sequence[str]) -> list[str]:
        """The meanings of `runs`, and the pairs of those of danger."""
        has = self._meanings.get
        found = list(dict.fromkeys(meaning for run in runs for meaning in has(run, ())))
        dangers = sorted(meaning for meaning in found if meaning[1].isupper())[:MOST_DANGERS]
        return found + [
            first + second[1:] for at, first in enumerate(dangers) for second in dangers[at + 1 :]
        ]


class Vectoriser:
    """Weighs terms by rarity; see `FeatureSettings.presence` for the two ways."""

    def __init__(self, maker: TermMaker, terms: Sequence[str], rarity: Floats) -> None:
        self.maker = maker
        self.terms = list(terms)
        self.rarity = rarity
        self._columns = {term: column for column, term in enumerate(self.terms)}

    @classmethod
    def fit(cls, maker: TermMaker, texts: Iterable[Normal]) -> Vectoriser:
        """Learn which terms occur and how rare they are."""
        counts: Counter[str] = Counter()
        total = 0
        for text, signals in texts:
            counts.update(set(maker.terms(text, signals)))
            total += 1
        settings = maker.settings
        chosen = [term for term, count in counts.items() if count >= settings.min_count]
        chosen.sort(key=lambda term: (-counts[term], term))
        chosen = sorted(chosen[: settings.max_terms])
        rarity = [
            (math.log((1 + total) / (1 + counts[term])) + 1) * _kind_weight(term, settings) / SCALE
            for term in chosen
        ]
        return cls(maker, chosen, np.asarray(rarity, dtype=np.float32))

    def column(self, term: str) -> int | None:
        """Where `term` stands, or None for a term that was not learned."""
        return self._columns.get(term)

    def vectors(self, texts: Iterable[Normal]) -> Batch:
        """Sparse rows for `texts`; a row without known terms is empty."""
        columns: list[int] = []
        counts: list[int] = []
        starts = [0]
        lookup = self._columns
        make = self.maker.terms
        for text, signals in texts:
            row: dict[int, int] = {}
            for term in make(text, signals):
                column = lookup.get(term)
                if column is not None:
                    row[column] = row.get(column, 0) + 1
            columns.extend(row)
            counts.extend(row.values())
            starts.append(len(columns))
        return self._weigh(columns, counts, starts)

    def _weigh(self, columns: list[int], counts: list[int], starts: list[int]) -> Batch:
        where = np.asarray(columns, dtype=np.int32)
        begins = np.asarray(starts, dtype=np.int32)
        if self.maker.settings.presence:
            return Batch(where, self.rarity[where], begins)
        values = (1 + np.log(np.asarray(counts, dtype=np.float32))) * self.rarity[where]
        sizes = np.diff(begins)
        squares = np.concatenate(([0.0], np.cumsum(values.astype(np.float64) ** 2)))
        lengths = np.sqrt(np.maximum(squares[begins[1:]] - squares[begins[:-1]], 1e-12))
        values = (values / np.repeat(lengths, sizes)).astype(np.float32)
        return Batch(where, values, begins)


def _kind_weight(term: str, settings: FeatureSettings) -> float:
    if term[0] in (WORD_MARK, PAIR_MARK):
        return settings.word_weight
    if ord(term[0]) >= FIRST_SYLLABLE and term[0] <= "\uf8ff":
        return settings.sound_weight
    if term[0] == SIGNAL_MARK:
        return settings.signal_weight
    if term[0] == MEANING_MARK:
        return settings.meaning_weight
    return 1.0
