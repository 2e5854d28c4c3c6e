"""The item machine in the open, so that parts of it can be taken out and others put in.

It follows `nlp/train.py` (items and categories, support vectors and naive Bayes, one sum) over plain
matrices; `as built` gives what training gives. Everything is read by a machine that saw no line of the
same writer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from language.common import WORDS, Data
from nlp.corpus import Row, weak_rows
from nlp.emergency import SIGNAL_MARK
from nlp.features import FIRST_SYLLABLE, MEANING_MARK, PAIR_MARK, WORD_MARK, FeatureSettings
from nlp.machines import BAYES_SHARE, COST, SMOOTHING, Table
from nlp.prepare import prepare
from nlp.train import CATEGORY_SHARE

Ints = NDArray[np.intp]
FOLDS = 4
MARKS = {
    WORD_MARK: "words",
    PAIR_MARK: "pairs",
    MEANING_MARK: "meanings",
    SIGNAL_MARK: "signals",
}


@dataclass(frozen=True)
class Lines:
    """All requests as numbers, with every kind of term there is; the last `weak` rows are the taxonomy's."""

    rows: Sequence[Row]
    table: Table
    matrix: Any
    weights: NDArray[np.float64]
    items: Ints
    category_of: Ints
    kind_of_term: NDArray[Any]
    weak: int

    @property
    def own(self) -> Ints:
        return np.arange(len(self.rows) - self.weak)

    def columns(self, kinds: Sequence[str]) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = np.isin(self.kind_of_term, list(kinds))
        return found

    def vectors(self, texts: Sequence[str]) -> Any:
        """Further texts over the same terms."""
        from scipy.sparse import csr_matrix

        ready = [prepare(text, self.table.settings.cap) for text in texts]
        batch = self.table.vectoriser.vectors([(one.normal, one.signals) for one in ready])
        shape = (len(texts), self.matrix.shape[1])
        values = batch.values.astype(np.float64)
        return csr_matrix((values, batch.columns, batch.starts), shape=shape)


def read_lines(data: Data) -> Lines:
    weak = weak_rows(data.taxonomy)
    rows = [*data.requests, *weak]
    settings = replace(FeatureSettings(), pairs=True, sounds=True, max_terms=500_000)
    table = Table(rows, settings, WORDS, lambda line: None)
    codes, categories = list(data.taxonomy.items), list(data.taxonomy.categories)
    return Lines(
        rows,
        table,
        table.matrix.tocsr(),
        table.weights,
        np.asarray([codes.index(row.label) for row in rows]),
        np.asarray([categories.index(data.taxonomy.items[code].category) for code in codes]),
        np.asarray([_kind(term) for term in table.vectoriser.terms]),
        len(weak),
    )


def _kind(term: str) -> str:
    if FIRST_SYLLABLE <= ord(term[0]) <= 0xF8FF:
        return "sounds"
    return MARKS.get(term[0], "signs")


def folds(rows: Sequence[Row], seed: int, count: int = FOLDS) -> Ints:
    """Whole writers together, in parts of about one size; another seed deals them another way."""
    sizes: dict[str, int] = {}
    for row in rows:
        sizes[row.writer] = sizes.get(row.writer, 0) + 1
    draw = np.random.default_rng(seed)
    names = [str(name) for name in draw.permutation(sorted(sizes))]
    loads = [0] * min(count, len(names))
    part: dict[str, int] = {}
    for name in sorted(names, key=lambda name: -sizes[name]):
        part[name] = loads.index(min(loads))
        loads[part[name]] += sizes[name]
    return np.asarray([part[row.writer] for row in rows])


Fit = Callable[[Any, Ints, NDArray[np.float64]], Callable[[Any], NDArray[np.float64]]]


def support(matrix: Any, wanted: Ints, weights: NDArray[np.float64]) -> Any:
    """Linear support vectors, as in training; gives a function from rows to scores."""
    from sklearn.svm import LinearSVC

    machine = LinearSVC(C=COST, random_state=0, max_iter=2000)
    return machine.fit(matrix, wanted, sample_weight=weights).decision_function


def bayes(matrix: Any, wanted: Ints, weights: NDArray[np.float64]) -> Any:
    from sklearn.naive_bayes import MultinomialNB

    machine = MultinomialNB(alpha=SMOOTHING, fit_prior=False)
    machine.fit(_there(matrix), wanted, sample_weight=weights)
    logs = machine.feature_log_prob_ - machine.feature_log_prob_.mean(axis=0, keepdims=True)
    return lambda rows: BAYES_SHARE * np.asarray(_there(rows) @ logs.T)


def _there(matrix: Any) -> Any:
    there = matrix.copy()
    there.data[:] = 1.0
    return there


def read_unseen(
    lines: Lines,
    train: tuple[Any, Ints, NDArray[np.float64]],
    unseen: Any,
    machines: Sequence[Fit],
) -> Ints:
    """The item each unseen row is read as. `train`: matrix, items, weights."""
    matrix, items, weights = train
    coarse = lines.category_of[items]
    total = 0.0
    for fit in machines:
        total = total + fit(matrix, items, weights)(unseen)
        total = total + CATEGORY_SHARE * fit(matrix, coarse, weights)(unseen)[:, lines.category_of]
    found: Ints = np.asarray(total).argmax(axis=1)
    return found
