"""The machines behind the model: scikit-learn's linear ones, over one table of terms.

The law of this file: what comes out is always a `Linear` (weights and offsets), whatever learned it.
Support vector machines find the borders; naive Bayes, which counts every word as evidence, is better
where few lines are seen. Both are linear in the same terms, so their sum is one table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.corpus import Row
from nlp.features import FeatureSettings, Floats, Normal, TermMaker, Vectoriser, syllables
from nlp.prepare import prepare_all
from nlp.scorer import Linear
from nlp.segment import RARE, Segmenter, Word

SEED = 20261122
FOLDS = 3
# So many texts are made ready at once.
AT_ONCE = 1000
# Cost of the support vector machines; chosen by held-out writer.
COST = 0.02
# Naive Bayes: smoothing, and its weight beside the machine (items; yes or no).
SMOOTHING = 0.05
SMOOTHING_YES_OR_NO = 0.3
BAYES_SHARE = 0.02
BAYES_SHARE_YES_OR_NO = 0.028
NEVER_SEEN = -3.0
# For letters: cost, smoothing, and naive Bayes' spread beside the machine's.
LETTER_COST = 1.0
LETTER_SMOOTHING = 0.3
LETTER_SHARE = 0.5

Ints = NDArray[np.intp]


class Table:
    """The rows as numbers, made once and used by every machine. `rarity` is that of the matrix's columns."""

    def __init__(
        self,
        rows: Sequence[Row],
        settings: FeatureSettings,
        words: Path | None,
        say: Callable[[str], None],
        more_words: Sequence[Word] = (),
    ) -> None:
        self.rows = rows
        self.settings = settings
        sounds = syllables() if settings.sounds else {}
        maker = TermMaker(Segmenter.from_jieba(words, RARE, more_words), settings, sounds)
        normal = _normal(rows, settings)
        self.vectoriser = Vectoriser.fit(maker, normal)
        self.weights = np.asarray([row.weight for row in rows], dtype=np.float64)
        self.look_alikes = np.asarray([row.look_alike is not None for row in rows])
        self.is_item = np.asarray(
            [not row.danger and not row.look_alike and row.label.isupper() for row in rows]
        )
        self.unguarded = np.asarray([signals.alarm is not None for _, signals in normal])
        self.looked_at = np.asarray([signals.looked_at for _, signals in normal])
        self.matrix = self._sparse(normal)
        self.rarity = self.vectoriser.rarity
        say(f"{len(rows)} lines, {len(self.vectoriser.terms)} terms")

    def commonest(self) -> Table:
        """The same rows with the commonest terms alone (`FeatureSettings.common_terms`)."""
        some = copy(self)
        some.matrix = self.matrix[:, : self.vectoriser.common]
        some.rarity = self.rarity[: self.vectoriser.common]
        return some

    def _sparse(self, normal: Sequence[Normal]) -> Any:
        from scipy.sparse import csr_matrix

        batch = self.vectoriser.vectors(normal)
        shape = (len(batch), len(self.vectoriser.terms))
        values = batch.values.astype(np.float64)
        return csr_matrix((values, batch.columns, batch.starts), shape=shape)

    def where(self, wanted: Callable[[Row], bool]) -> Ints:
        """Positions of the rows that are `wanted`."""
        return np.asarray([i for i, row in enumerate(self.rows) if wanted(row)], dtype=np.intp)

    def scores(self, where: NDArray[Any], linear: Linear) -> Floats:
        """What `linear` says of some rows."""
        raw = self.matrix[where] @ linear.weights.astype(np.float64) + linear.offsets
        found: Floats = np.asarray(raw, dtype=np.float32)
        return found


def _normal(rows: Sequence[Row], settings: FeatureSettings) -> list[Normal]:
    """The rows' texts as features are made of them, so many at once."""
    texts = [row.text for row in rows]
    parts = (texts[at : at + AT_ONCE] for at in range(0, len(texts), AT_ONCE))
    ready = chain.from_iterable(prepare_all(part, settings.cap, settings.signals) for part in parts)
    return [(one.normal, one.signals) for one in ready]


def support_machine(
    table: Table,
    where: Ints,
    wanted: Ints,
    answers: int,
    cost: float = COST,
    balance: float = 0.0,
    heavier: NDArray[np.float64] | None = None,
) -> Linear:
    """A linear support vector machine, one answer against the rest.

    `balance` between 0 and 1 raises the weight of rare answers (1: all answers weigh the same).
    """
    from sklearn.svm import LinearSVC

    counts = np.bincount(wanted, minlength=answers)
    shares = (len(wanted) / (np.maximum(counts, 1) * max((counts > 0).sum(), 1))) ** balance
    machine = LinearSVC(C=cost, random_state=SEED, max_iter=2000)
    weights = table.weights[where] * shares[wanted]
    weights = weights if heavier is None else weights * heavier
    machine.fit(table.matrix[where], wanted, sample_weight=weights)
    return _spread(machine.coef_, machine.intercept_, machine.classes_, answers)


def _spread(
    weights: NDArray[np.float64], offsets: NDArray[np.float64], seen: Ints, answers: int
) -> Linear:
    """A table with a column for every answer, also those the machine never saw."""
    if len(seen) == 2 and len(weights) == 1:
        weights, offsets = np.vstack([-weights, weights]), np.concatenate([-offsets, offsets])
    full = np.zeros((answers, weights.shape[1]), dtype=np.float32)
    offset = np.full(answers, NEVER_SEEN, dtype=np.float32)
    full[seen] = weights
    offset[seen] = offsets
    return Linear(np.ascontiguousarray(full.T), offset)


def _bayes(table: Table, where: Ints, wanted: Ints, answers: int) -> Linear:
    """Multinomial naive Bayes over which terms are there, answers equally likely beforehand."""
    from sklearn.naive_bayes import MultinomialNB

    there = table.matrix[where].copy()
    there.data[:] = 1.0
    machine = MultinomialNB(alpha=SMOOTHING, fit_prior=False)
    machine.fit(there, wanted, sample_weight=table.weights[where])
    logs = machine.feature_log_prob_ - machine.feature_log_prob_.mean(axis=0, keepdims=True)
    return _spread(logs / table.rarity, np.zeros(len(logs)), machine.classes_, answers)


def joined(table: Table, where: Ints, wanted: Ints, answers: int) -> Linear:
    """Support vector machine plus a share of naive Bayes."""
    if len(set(wanted.tolist())) < 2:
        return _spread(np.zeros((1, table.matrix.shape[1])), np.zeros(1), wanted[:1], answers)
    border = support_machine(table, where, wanted, answers)
    evidence = _bayes(table, where, wanted, answers)
    return Linear(
        border.weights + np.float32(BAYES_SHARE) * evidence.weights,
        border.offsets + np.float32(BAYES_SHARE) * evidence.offsets,
    )


def letter_machine(table: Table, where: Ints, wanted: Ints, answers: int) -> Linear:
    """For long texts: support vector machine plus complement naive Bayes, brought to one scale."""
    from sklearn.naive_bayes import ComplementNB

    border = support_machine(table, where, wanted, answers, cost=LETTER_COST)
    bayes = ComplementNB(alpha=LETTER_SMOOTHING)
    bayes.fit(table.matrix[where], wanted, sample_weight=table.weights[where])
    logs = bayes.feature_log_prob_ - bayes.feature_log_prob_.mean(axis=0, keepdims=True)
    evidence = _spread(logs, np.zeros(len(logs)), bayes.classes_, answers)
    spread = table.scores(where, border).std() / max(table.scores(where, evidence).std(), 1e-6)
    share = np.float32(LETTER_SHARE * spread)
    return Linear(
        border.weights + share * evidence.weights, border.offsets + share * evidence.offsets
    )


def border_and_evidence(
    table: Table,
    where: Ints,
    truth: NDArray[np.bool_],
    smoothing: float = SMOOTHING_YES_OR_NO,
    heavier: NDArray[np.float64] | None = None,
) -> Linear:
    """Yes or no in two columns: a support vector machine, and Bernoulli naive Bayes, which also hears
    silence. `heavier` multiplies the rows' weights in both."""
    from sklearn.naive_bayes import BernoulliNB

    wanted = truth.astype(np.intp)
    border = support_machine(table, where, wanted, 2, balance=0.7, heavier=heavier)
    there = table.matrix[where].copy()
    there.data[:] = 1.0
    bayes = BernoulliNB(alpha=smoothing, fit_prior=False)
    bayes.fit(
        there, wanted, sample_weight=table.weights[where] * (1.0 if heavier is None else heavier)
    )
    said = bayes.feature_log_prob_[1] - bayes.feature_log_prob_[0]
    unsaid = np.log1p(-np.exp(bayes.feature_log_prob_[1])) - np.log1p(
        -np.exp(bayes.feature_log_prob_[0])
    )
    share = BAYES_SHARE_YES_OR_NO
    evidence = share * (said - unsaid) / table.rarity
    return Linear(
        np.column_stack([border.weights[:, 1], evidence]).astype(np.float32),
        np.asarray([border.offsets[1], share * unsaid.sum()], dtype=np.float32),
    )


def summed(table: Linear, weights: tuple[float, ...], offset: float) -> Linear:
    """The weighted sum of a table's columns, as a table of one column."""
    shares = np.asarray(weights, dtype=np.float32)
    return Linear(
        np.ascontiguousarray((table.weights @ shares).reshape(-1, 1)),
        np.asarray([table.offsets @ shares + offset], dtype=np.float32),
    )


def folds_of(rows: Sequence[Row], by: str = "writer") -> Ints:
    """Which of FOLDS parts each row belongs to, whole writers (or personas) together.

    Names are dealt largest first to the smallest part. With fewer than three writers, personas take
    their place; where there are none either, single rows do.
    """
    names = [row.writer for row in rows]
    if by != "writer" or len(set(names)) < FOLDS:
        names = [f"{row.writer}/{row.persona}" for row in rows]
    if len(set(names)) < FOLDS:
        names = [str(number) for number in range(len(rows))]
    sizes: dict[str, int] = {}
    for name in names:
        sizes[name] = sizes.get(name, 0) + 1
    loads = [0] * FOLDS
    part: dict[str, int] = {}
    for name in sorted(sizes, key=lambda n: (-sizes[n], n)):
        part[name] = loads.index(min(loads))
        loads[part[name]] += sizes[name]
    return np.asarray([part[name] for name in names])


def held_out(
    table: Table,
    where: Ints,
    wanted: Ints,
    answers: int,
    machine: Callable[[Ints, Ints], Linear],
) -> Floats:
    """Scores of every row by a machine that saw no line of its writer; supporting rows are always seen."""
    rows = [table.rows[i] for i in where]
    weak = np.asarray([row.support for row in rows])
    parts = folds_of(rows)
    scores = np.zeros((len(where), answers), dtype=np.float32)
    for part in range(FOLDS):
        unseen = np.flatnonzero((parts == part) & ~weak)
        seen = np.flatnonzero((parts != part) | weak)
        if len(unseen) and len(seen):
            scores[unseen] = table.scores(where[unseen], machine(where[seen], wanted[seen]))
    return scores


def unseen(table: Table, where: Ints, build: Callable[[Ints], Linear], by: str) -> Floats:
    """Scores of the rows at `where` by machines that saw no line of their writer or persona, as `by` says;
    `build` makes one from positions within `where`."""
    parts = folds_of([table.rows[i] for i in where], by)
    made = []
    for part in range(int(parts.max()) + 1):
        unseen = np.flatnonzero(parts == part)
        made.append((unseen, table.scores(where[unseen], build(np.flatnonzero(parts != part)))))
    scores = np.zeros((len(where), made[0][1].shape[1]), dtype=np.float32)
    for unseen, found in made:
        scores[unseen] = found
    return scores
