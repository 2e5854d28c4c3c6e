"""From a normalised text to a sparse vector: words, signs and sounds.

The law of this file: one way of making terms for training and for serving, many texts at once. Terms
are words (jieba's segmentation), runs of 1–3 signs with the clause's edges as signs of their own,
meanings (`meanings.txt`) and the signals of danger; on demand also runs of syllables without tones, so
that 路登 is heard as 路灯, and pairs of words. Both cost more than they brought by held-out writer.
What a term weighs is learned.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain, pairwise, repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.emergency import NOTHING, SIGNAL_MARK, Signals
from nlp.grams import LONGEST_RUN, Grams, Places, grams_of, keys_of, runs_in, runs_of
from nlp.meanings import MEANING_MARK, Meanings, all_meanings
from nlp.number_table import Numbers, NumberTable
from nlp.segment import Segmenter

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
# A normalised text with what the danger rows saw in it.
Normal = tuple[str, Signals]

WORD_MARK = "\ue000"
PAIR_MARK = "\ue001"
# Up to so many texts, terms are looked up one by one.
FEW_TEXTS = 4
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

    Of `max_terms` the `common_terms` commonest come first: what has many answers is told by these alone, a
    yes or no by all (decision 0014).
    """

    cap: int = 500
    longest_run: int = 3
    pairs: bool = False
    sounds: bool = False
    presence: bool = True
    min_count: int = 2
    max_terms: int = 200_000
    common_terms: int = 50_000
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

    def below(self, column: int) -> Batch:
        """The same rows without the columns from `column` on."""
        kept = self.columns < column
        before = np.zeros(len(kept) + 1, dtype=np.int32)
        np.cumsum(kept, out=before[1:])
        return Batch(self.columns[kept], self.values[kept], before.take(self.starts))

    @property
    def sizes(self) -> Ints:
        """How many terms each row has."""
        sizes: Ints = self.starts[1:] - self.starts[:-1]
        return sizes


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


class TermMaker:
    """Turns normalised text into terms."""

    def __init__(
        self, segmenter: Segmenter, settings: FeatureSettings, sounds: Mapping[int, str]
    ) -> None:
        if not 1 <= settings.longest_run <= LONGEST_RUN:
            raise ValueError(f"longest_run must be 1 to {LONGEST_RUN}")
        self.segmenter = segmenter
        self.settings = settings
        self.sounds = dict(sounds) if settings.sounds else {}
        self.meanings = all_meanings() if settings.meanings else None

    def runs(self, texts: Sequence[Normal]) -> list[Grams]:
        """Every run of signs of every text, and of sounds where they are wanted."""
        plain = [text for text, _ in texts]
        found = [grams_of(plain, self.settings.longest_run, edges=True)]
        if self.sounds:
            heard = [text.translate(self.sounds) for text in plain]
            found.append(grams_of(heard, LONGEST_RUN, edges=False))
            found[1].keys[0] = 0
        return found

    def others(self, words: Sequence[str], signals: Signals) -> list[str]:
        """The terms of a text beside its runs, meanings and words."""
        made: list[str] = []
        if self.settings.pairs:
            made += [f"{PAIR_MARK}{a}{PAIR_MARK}{b}" for a, b in pairwise(words)]
        if signals is not NOTHING and self.settings.signals:
            made += signals.terms()
        return made


class _Counts:
    """In how many texts each term stands; filled batch by batch."""

    def __init__(self) -> None:
        self.texts = 0
        self._named: Counter[str] = Counter()
        self._meant: Counter[int] = Counter()
        self._keys: list[Numbers] = []
        self._times: list[Places] = []

    def add(self, maker: TermMaker, texts: Sequence[Normal]) -> None:
        self.texts += len(texts)
        words = maker.segmenter.cut_all([text for text, _ in texts])
        for (_, signals), of in zip(texts, words, strict=True):
            self._named.update({WORD_MARK + word for word in of})
            self._named.update(set(maker.others(of, signals)))
        runs = [run.whole() for run in maker.runs(texts)]
        rows, keys = (np.concatenate(parts) for parts in zip(*runs, strict=True))
        self._add_runs(rows, keys)
        if maker.meanings:
            short = maker.meanings.short_words(keys)
            self._meant.update(maker.meanings.seen(rows, short, words)[1].tolist())

    def _add_runs(self, rows: Places, keys: Numbers) -> None:
        order = np.lexsort((rows, keys))
        rows, keys = rows[order], keys[order]
        fresh = np.ones(len(keys), dtype=np.bool_)
        fresh[1:] = (np.diff(rows) != 0) | (keys[1:] != keys[:-1])
        keys, times = np.unique(keys[fresh], return_counts=True)
        self._keys.append(keys)
        self._times.append(times)

    def at_least(self, least: int, meanings: Meanings | None) -> dict[str, int]:
        """Terms that stand in at least so many texts, with their counts."""
        keys, which = np.unique(np.concatenate(self._keys), return_inverse=True)
        times = np.bincount(which, np.concatenate(self._times)).astype(np.int64)
        often = times >= least
        found = dict(zip(runs_of(keys[often]), times[often].tolist(), strict=True))
        names = meanings.names if meanings else []
        rest = [*self._named.items(), *((names[n], count) for n, count in self._meant.items())]
        return found | {term: count for term, count in rest if count >= least}


class KnownRuns:
    """Runs of signs that were learned, or are short words with meanings, or both."""

    def __init__(self, columns: Mapping[str, int], short: Mapping[int, int]) -> None:
        runs = [
            (term, column)
            for term, column in columns.items()
            if len(term) <= LONGEST_RUN and not WORD_MARK <= term[0] <= MEANING_MARK
        ]
        learned = keys_of([term for term, _ in runs])
        words = np.fromiter(short, np.uint64, len(short))
        keys = np.union1d(learned, words)
        self._table = NumberTable(keys, np.arange(1, len(keys) + 1, dtype=np.int32))
        self._columns = np.full(len(keys) + 1, -1, dtype=np.int64)
        self._columns[1 + np.searchsorted(keys, learned)] = [column for _, column in runs]
        self._short = np.zeros(len(keys) + 1, dtype=np.int64)
        self._short[1 + np.searchsorted(keys, words)] = list(short.values())

    def find(self, runs: Grams) -> tuple[Places, Places, Places]:
        """Rows of the runs that are known, with their columns (-1: not learned) and the numbers of the
        short words among them (0: none)."""
        found = self._table.find(runs.keys.ravel())
        known = np.flatnonzero(found)
        which = found.take(known)
        return (
            runs.rows.take(known % len(runs.rows)),
            self._columns.take(which),
            self._short.take(which),
        )


class Vectoriser:
    """Weighs terms by rarity; see `FeatureSettings.presence` for the two ways."""

    def __init__(self, maker: TermMaker, terms: Sequence[str], rarity: Floats) -> None:
        self.maker = maker
        self.terms = list(terms)
        self.rarity = rarity
        self.common = min(maker.settings.common_terms, len(self.terms))
        self._columns = {term: column for column, term in enumerate(self.terms)}
        self._words = {
            term[1:]: column for term, column in self._columns.items() if term[0] == WORD_MARK
        }
        self._runs = KnownRuns(self._columns, maker.meanings.short if maker.meanings else {})
        names = maker.meanings.names if maker.meanings else []
        self._meant_columns = [self._columns.get(name, -1) for name in names]
        self._meant = np.asarray(self._meant_columns, dtype=np.int64)

    @classmethod
    def fit(cls, maker: TermMaker, texts: Iterable[Normal]) -> Vectoriser:
        """Learn which terms occur and how rare they are."""
        counts = _Counts()
        for some in batches(texts):
            counts.add(maker, some)
        settings = maker.settings
        often = counts.at_least(settings.min_count, maker.meanings) if counts.texts else {}
        chosen = sorted(often, key=lambda term: (-often[term], term))
        common, few = settings.common_terms, settings.max_terms
        chosen = [*sorted(chosen[:common]), *sorted(chosen[common:few])]
        rarity = [
            (math.log((1 + counts.texts) / (1 + often[term])) + 1)
            * _kind_weight(term, settings)
            / SCALE
            for term in chosen
        ]
        return cls(maker, chosen, np.asarray(rarity, dtype=np.float32))

    def column(self, term: str) -> int | None:
        """Where `term` stands, or None for a term that was not learned."""
        return self._columns.get(term)

    def vectors(
        self, texts: Sequence[Normal], words: Sequence[Sequence[str]] | None = None
    ) -> Batch:
        """Sparse rows for `texts`; a row without known terms is empty. `words` are those of the texts,
        where somebody has cut them already."""
        if words is not None:
            return self._vectors(texts, words)
        cut = self.maker.segmenter.cut_all
        return _joined([self._vectors(some, cut([t for t, _ in some])) for some in batches(texts)])

    def _vectors(self, texts: Sequence[Normal], words: Sequence[Sequence[str]]) -> Batch:
        settings = self.maker.settings
        if len(texts) < FEW_TEXTS and settings.presence and not settings.sounds:
            return self._few(texts, words)
        rows, columns = self._known(texts, words)
        terms = max(len(self.terms), 1)
        cells = rows * terms + columns
        cells.sort()
        fresh = np.ones(len(cells), dtype=np.bool_)
        fresh[1:] = cells[1:] != cells[:-1]
        firsts = np.flatnonzero(fresh)
        cells = cells.take(firsts)
        starts = np.searchsorted(cells, np.arange(len(texts) + 1) * terms).astype(np.int32)
        where: Ints = (cells % terms).astype(np.int32)
        if settings.presence:
            return Batch(where, self.rarity.take(where), starts)
        counts = np.diff(np.append(firsts, len(fresh)))
        return Batch(where, self._weigh(where, counts, starts), starts)

    def _known(
        self, texts: Sequence[Normal], words: Sequence[Sequence[str]]
    ) -> tuple[Places, Places]:
        """Rows and columns of the terms that were learned, with repetitions."""
        known = [self._runs.find(runs) for runs in self.maker.runs(texts)]
        rows, columns = [of for of, _, _ in known], [column for _, column, _ in known]
        others = [
            self.maker.others(of, seen) if seen is not NOTHING or self.maker.settings.pairs else []
            for of, (_, seen) in zip(words, texts, strict=True)
        ]
        for lookup, terms in ((self._words, words), (self._columns, others)):
            names = list(chain.from_iterable(terms))
            if names:
                found = map(lookup.get, names, repeat(-1))
                columns.append(np.fromiter(found, np.int64, len(names)))
                rows.append(np.repeat(np.arange(len(terms)), list(map(len, terms))))
        if self.maker.meanings:
            of, meant = self.maker.meanings.seen(known[0][0], known[0][2], words)
            rows.append(of)
            columns.append(self._meant.take(meant))
        every_row, every_column = np.concatenate(rows), np.concatenate(columns)
        learned = np.flatnonzero(every_column >= 0)
        return every_row.take(learned), every_column.take(learned)

    def _few(self, texts: Sequence[Normal], words: Sequence[Sequence[str]]) -> Batch:
        """The same rows where there is little to look up: term by term, without arrays."""
        maker = self.maker
        found: list[int] = []
        starts = [0]
        for (text, signals), of in zip(texts, words, strict=True):
            runs = set(runs_in(text, maker.settings.longest_run))
            meant = maker.meanings.seen_in(runs, of) if maker.meanings else []
            columns = {
                *map(self._columns.get, chain(runs, maker.others(of, signals)), repeat(-1)),
                *map(self._words.get, of, repeat(-1)),
                *map(self._meant_columns.__getitem__, meant),
            }
            columns.discard(-1)
            found += sorted(columns)
            starts.append(len(found))
        where = np.array(found, dtype=np.int32)
        return Batch(where, self.rarity.take(where), np.array(starts, dtype=np.int32))

    def _weigh(self, where: Ints, counts: Places, begins: Ints) -> Floats:
        """By counts as well as by rarity, every text of length one."""
        values = (1 + np.log(counts.astype(np.float32))) * self.rarity[where]
        sizes = np.diff(begins)
        filled = np.flatnonzero(sizes)
        if not len(filled):
            return values
        squares = np.add.reduceat(values.astype(np.float64) ** 2, begins.take(filled))
        out: Floats = (values / np.repeat(np.sqrt(squares), sizes.take(filled))).astype(np.float32)
        return out


def _joined(parts: Sequence[Batch]) -> Batch:
    """The rows of all parts in one."""
    if not parts:
        return Batch(*(np.zeros(size, kind) for size, kind in ((0, "i4"), (0, "f4"), (1, "i4"))))
    sizes = np.concatenate([part.sizes for part in parts])
    return Batch(
        np.concatenate([part.columns for part in parts]),
        np.concatenate([part.values for part in parts]),
        np.concatenate(([0], np.cumsum(sizes))).astype(np.int32),
    )


def batches(texts: Iterable[Normal], signs: int = 100_000) -> Iterator[list[Normal]]:
    """`texts` in order, in lists of about so many signs."""
    some: list[Normal] = []
    size = 0
    for text in texts:
        some.append(text)
        size += len(text[0])
        if size >= signs:
            yield some
            some, size = [], 0
    if some:
        yield some


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
