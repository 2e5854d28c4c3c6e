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
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intake.reading import Span
from nlp.corpus import CorpusError
from nlp.features import Floats
from nlp.normalise import fold
from nlp.place_eye import BITS, PAD, Ints, PlaceEye, rows_of
from nlp.place_paths import ALLOWED, BEGIN, END, INSIDE, OUT, STATES
from nlp.place_tagger import PlaceTable
from nlp.segment import Segmenter

SEED = 20261122
# Cost of large weights, and rounds of learning; chosen by held-out reader.
COST = 0.6
# A row of the table that fewer signs ask for is left at nothing.
LEAST_ROWS = 2
ROUNDS = 40
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
    from scipy.optimize import minimize
    from scipy.sparse import csr_matrix

    looked = eye.look([row.text for row in rows])
    seen = rows_of(looked)[:, np.flatnonzero(looked[0]) - PAD].T
    counts = np.bincount(seen.ravel(), minlength=1 << BITS)
    used = np.flatnonzero(counts >= LEAST_ROWS)
    kept = counts[seen] >= LEAST_ROWS
    columns = (np.cumsum(counts >= LEAST_ROWS) - 1)[seen[kept]]
    pointers = np.concatenate([[0], np.cumsum(kept.sum(axis=1))])
    features = csr_matrix((np.ones(len(columns)), columns, pointers), (len(seen), len(used)))
    chain = _Chain(np.array([len(row.text) for row in rows]))
    turned = features.T.tocsr()
    states = np.concatenate([_states(row) for row in rows])
    truth = np.eye(STATES)[states]
    true_steps = chain.steps_of(states)

    def loss(point: Doubles) -> tuple[float, Doubles]:
        weights, steps = point[: -STATES * STATES].reshape(-1, STATES), point[-STATES * STATES :]
        steps = steps.reshape(STATES, STATES)
        scores = features @ weights
        total, chances, expected = chain.expect(scores, steps)
        worth = (scores * truth).sum() + (steps * true_steps).sum() - total
        slope = turned @ (chances - truth)
        pull = np.concatenate([slope.ravel(), (expected - true_steps).ravel()])
        return COST / 2 * float(point @ point) - float(worth), pull + COST * point

    start = np.zeros(len(used) * STATES + STATES * STATES)
    options = {"maxiter": ROUNDS, "maxcor": 8}
    best = minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x
    weights = np.zeros((1 << BITS, STATES), dtype=np.float32)
    weights[used] = best[: -STATES * STATES].reshape(-1, STATES)
    return weights, best[-STATES * STATES :].reshape(STATES, STATES).astype(np.float32)


def _states(row: PlaceRow) -> Ints:
    states = np.full(len(row.text), OUT, dtype=np.intp)
    for place in row.places:
        states[place.start : place.end] = INSIDE
        states[place.end - 1] = END
        states[place.start] = BEGIN
    return states


class _Chain:
    """Lines as chains of signs, walked side by side, longest first: a step is one operation for all.

    Into a line and out of it no step is counted; a place may begin and end there like anywhere.
    """

    def __init__(self, lengths: Ints) -> None:
        starts = np.cumsum(lengths) - lengths
        order = np.argsort(-lengths, kind="stable")
        self._starts = starts[order]
        self._last = (starts + lengths - 1)[order]
        self._widths = [int((lengths > step).sum()) for step in range(int(lengths.max()))]

    def steps_of(self, states: Ints) -> Doubles:
        """How often each state follows each within a chain."""
        counts = np.zeros((STATES, STATES))
        follows = np.ones(len(states), dtype=bool)
        follows[self._starts] = False
        later = np.flatnonzero(follows)
        np.add.at(counts, (states[later - 1], states[later]), 1)
        return counts

    def expect(self, scores: Doubles, steps: Doubles) -> tuple[float, Doubles, Doubles]:
        """Over all ways to mark the lines: logarithm of their sum, chance of each state, expected steps."""
        level = scores.max(axis=1, keepdims=True)
        odds = np.exp(scores - level)
        passes = np.exp(steps) * ALLOWED
        forward, sums = self._forward(odds, passes)
        total = float(np.log(sums).sum() + level.sum())
        may_end = ALLOWED[:, OUT].astype(np.float64)
        last = (forward[self._last] * may_end).sum(axis=1)
        total += float(np.log(last).sum())
        backward = np.zeros_like(odds)
        backward[self._last] = may_end / last[:, None]
        expected = np.zeros((STATES, STATES))
        for step in range(len(self._widths) - 1, 0, -1):
            at = self._starts[: self._widths[step]] + step
            worth = odds[at] * backward[at] / sums[at][:, None]
            backward[at - 1] = worth @ passes.T
            expected += forward[at - 1].T @ worth
        return total, forward * backward, expected * passes

    def _forward(self, odds: Doubles, passes: Doubles) -> tuple[Doubles, Doubles]:
        forward = np.zeros_like(odds)
        sums = np.ones(len(odds))
        for step, width in enumerate(self._widths):
            at = self._starts[:width] + step
            before = forward[at - 1] @ passes if step else ALLOWED[OUT]
            reached = before * odds[at]
            sums[at] = reached.sum(axis=1)
            forward[at] = reached / sums[at][:, None]
        return forward, sums
