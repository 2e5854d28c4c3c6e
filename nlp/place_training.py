"""Learning where places are: from marked lines to the table that `place_tagger.py` reads with.

The law of this file: the same lines give the same table. The table is that of a linear chain (CRF): every
marked line is made as likely as can be among all ways to mark it, and large numbers cost something. Words
are first sorted into classes by the company they keep in the corpus, so that a word no reader marked
still resembles one that was.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intake.reading import Span
from nlp.corpus import CorpusError
from nlp.features import Floats
from nlp.normalise import fold
from nlp.place_chain import Chain
from nlp.place_eye import BITS, PAD, Ints, PlaceEye, rows_of
from nlp.place_paths import BEGIN, END, INSIDE, OUT, STATES
from nlp.place_tagger import PlaceTable
from nlp.segment import Segmenter

SEED = 20261122
# Cost of large weights, length of a step, lines a step, rounds, and how many of the last are averaged;
# chosen by held-out reader.
COST = 12.0
STEP = 0.15
PORTION = 250
ROUNDS = 8
AVERAGED = 4
SMALL = 1e-8
# A row of the table that fewer signs ask for is left at nothing.
LEAST_SIGNS = 2
# Word classes: how many, of words seen so often, by neighbours seen so often, in so many dimensions.
CLASSES = 120
LEAST_SEEN = 4
LEAST_SEEN_BESIDE = 15
DIMENSIONS = 80
# Fewer words than this have no classes worth learning.
LEAST_WORDS = 4 * CLASSES

Doubles = NDArray[np.float64]


class PlaceRowsError(CorpusError):
    """A marked line is wrong; the sentence names file, line and remedy."""


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A folded line with its places."""

    text: str
    places: tuple[Span, ...]


def read_place_rows(folder: Path) -> dict[str, list[PlaceRow]]:
    """Every `*.jsonl` of `folder`, by reader: {"text", "place": [exact substrings, in order]}."""
    return {
        path.stem: [
            _place_row(line, f"{path}, line {number}")
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            if line.strip()
        ]
        for path in sorted(folder.glob("*.jsonl"))
    }


def _place_row(line: str, where: str) -> PlaceRow:
    try:
        found: Any = json.loads(line)
        text, places = str(found["text"]), [str(place) for place in found["place"]]
    except (ValueError, KeyError, TypeError) as error:
        raise PlaceRowsError(
            f'{where}: not understood ({error}); write {{"text": "…", "place": ["…"]}}'
        ) from error
    folded = fold(text).text
    spans: list[Span] = []
    at = 0
    for place in (fold(place).text for place in places):
        start = folded.find(place, at) if place else -1
        if start < 0:
            raise PlaceRowsError(
                f"{where}: place {len(spans) + 1} is not in the text behind the one before it; "
                "write exact pieces of the text, in order"
            )
        at = start + len(place)
        spans.append(Span(start, at))
    return PlaceRow(folded, tuple(spans))


def train_places(
    rows: Sequence[PlaceRow], segmenter: Segmenter, corpus: Iterable[str] = ()
) -> PlaceTable:
    """The table learned from `rows`; `corpus` are further texts, unmarked, that word classes come from."""
    rows = [row for row in rows if row.text]
    if not any(row.places for row in rows):
        raise PlaceRowsError("no line has a place marked: nothing to learn places from")
    texts = {row.text for row in rows} | {fold(text).text for text in corpus}
    classes = word_classes(sorted(texts), segmenter)
    weights, steps = _learned(rows, PlaceEye(segmenter, classes))
    return PlaceTable(weights, steps, classes)


def word_classes(texts: Sequence[str], segmenter: Segmenter) -> Floats:
    """For every word of the dictionary the class of words that keep like company, 0 for none."""
    lines = [["<", *segmenter.cut(text), ">"] for text in texts]
    seen = Counter(word for line in lines for word in line)
    words = [word for word, count in seen.items() if count >= LEAST_SEEN]
    classes = np.zeros(len(segmenter.entries), dtype=np.float32)
    if len(words) < LEAST_WORDS:
        return classes
    kinds = dict(zip(words, _grouped(_company(lines, words, seen)), strict=True))
    for place, word in enumerate(segmenter.entries):
        classes[place] = kinds.get(word, -1) + 1
    return classes


def _company(lines: Sequence[Sequence[str]], words: Sequence[str], seen: Counter[str]) -> Any:
    """How much more often than by chance each word stands beside each frequent one (sparse)."""
    from scipy.sparse import coo_matrix

    row_of = {word: row for row, word in enumerate(words)}
    beside = [word for word in words if seen[word] >= LEAST_SEEN_BESIDE]
    column_of = {word: column for column, word in enumerate(beside)}
    pairs = Counter(
        (row_of[word], column_of[other] + side * len(beside))
        for line in lines
        for at, word in enumerate(line)
        if word in row_of
        for side, distance in enumerate((-2, -1, 1, 2))
        if 0 <= at + distance < len(line) and (other := line[at + distance]) in column_of
    )
    places = np.array(list(pairs), dtype=np.intp)
    counts = np.array(list(pairs.values()), dtype=np.float64)
    rows, columns = places[:, 0], places[:, 1]
    of_row = np.bincount(rows, counts, len(words))
    of_column = np.bincount(columns, counts, 4 * len(beside)) ** 0.75
    of_column *= counts.sum() / of_column.sum()
    surprise = np.maximum(np.log(counts * counts.sum() / (of_row[rows] * of_column[columns])), 0)
    return coo_matrix((surprise, (rows, columns)), (len(words), 4 * len(beside))).tocsr()


def _grouped(company: Any) -> list[int]:
    from scipy.sparse.linalg import svds
    from sklearn.cluster import KMeans

    dimensions = min(DIMENSIONS, min(company.shape) - 1)
    left, strength, _ = svds(company, dimensions, v0=np.ones(min(company.shape)))
    # A dimension has no direction of its own; its largest entry decides, the same each time.
    left *= np.sign(left[np.abs(left).argmax(axis=0), np.arange(dimensions)])
    points = left * np.sqrt(strength)
    points /= np.linalg.norm(points, axis=1, keepdims=True) + 1e-9
    machine = KMeans(CLASSES, n_init=1, random_state=SEED, max_iter=60)
    return [int(number) for number in machine.fit(points).labels_]


def _learned(rows: Sequence[PlaceRow], eye: PlaceEye) -> tuple[Floats, Floats]:
    """The weights of the table's rows, and of the steps from state to state.

    Step by step over portions of the lines, in an order drawn anew each round; what changed much already
    changes less (AdaGrad). What the later rounds arrived at is averaged.
    """
    draw = np.random.default_rng(SEED)
    order = draw.permutation(len(rows))
    lines = [[rows[i] for i in order[at : at + PORTION]] for at in range(0, len(rows), PORTION)]
    seen = [_rows_seen(eye, some) for some in lines]
    counts = np.zeros(1 << BITS, dtype=np.int64)
    for of in seen:
        counts += np.bincount(of.ravel(), minlength=len(counts))
    portions = list(map(_portion, lines, seen, repeat(counts >= LEAST_SIGNS)))
    shares = np.zeros(len(counts))
    for portion in portions:
        shares[portion.rows] += 1
    weights, steps = np.zeros((len(counts), STATES)), np.zeros((STATES, STATES))
    moved, moved_steps = np.full_like(weights, SMALL), np.full_like(steps, SMALL)
    mean, mean_steps = np.zeros_like(weights), np.zeros_like(steps)
    for round_ in range(ROUNDS):
        for number in draw.permutation(len(portions)):
            portion = portions[number]
            mine = weights[portion.rows]
            pull, pull_steps = portion.pull(mine, steps)
            pull += COST * mine / shares[portion.rows][:, None]
            pull_steps += COST * steps / len(portions)
            moved[portion.rows] += pull**2
            moved_steps += pull_steps**2
            weights[portion.rows] = mine - STEP * pull / np.sqrt(moved[portion.rows])
            steps = steps - STEP * pull_steps / np.sqrt(moved_steps)
        if round_ >= ROUNDS - AVERAGED:
            mean += weights / AVERAGED
            mean_steps += steps / AVERAGED
    return mean.astype(np.float32), mean_steps.astype(np.float32)


def _rows_seen(eye: PlaceEye, rows: Sequence[PlaceRow]) -> Ints:
    """The rows of the table for every sign of `rows` (signs × templates)."""
    looked = eye.look([row.text for row in rows])
    return rows_of(looked)[:, np.flatnonzero(looked[0]) - PAD].T


@dataclass(frozen=True, slots=True)
class _Portion:
    """Some lines: which rows of the table they use, their signs by those rows, and the right answer."""

    rows: Ints
    signs: Any
    turned: Any
    truth: Doubles
    chain: Chain
    true_steps: Doubles

    def pull(self, weights: Doubles, steps: Doubles) -> tuple[Doubles, Doubles]:
        """Whither the lines would have the weights go, downhill."""
        chances, expected = self.chain.expect(self.signs @ weights, steps)
        return self.turned @ (chances - self.truth), expected - self.true_steps


def _portion(rows: Sequence[PlaceRow], seen: Ints, often: NDArray[np.bool_]) -> _Portion:
    from scipy.sparse import csr_matrix

    kept = often[seen]
    used, columns = np.unique(seen[kept], return_inverse=True)
    pointers = np.concatenate([[0], np.cumsum(kept.sum(axis=1))])
    signs = csr_matrix((np.ones(len(columns)), columns, pointers), (len(seen), len(used)))
    chain = Chain(np.array([len(row.text) for row in rows]))
    states = np.concatenate([_states(row) for row in rows])
    return _Portion(
        used, signs, signs.T.tocsr(), np.eye(STATES)[states], chain, chain.steps_of(states)
    )


def _states(row: PlaceRow) -> Ints:
    states = np.full(len(row.text), OUT, dtype=np.intp)
    for place in row.places:
        states[place.start : place.end] = INSIDE
        states[place.end - 1] = END
        states[place.start] = BEGIN
    return states
