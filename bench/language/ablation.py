"""What each part of the item machine brings: take it out, put another in, and read unseen writers.

Δ is against the machine as built, with 95 % intervals from a paired bootstrap over personas: both
machines read the same people's lines. What brings nothing beyond its interval is not worth its cost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from language.augmenting import altered
from language.common import Data, heading, tell
from language.items import Fit, Ints, Lines, bayes, folds, read_lines, read_unseen, support

BUILT = ("words", "signs", "meanings", "signals")
ROUNDS = 1000
LOGISTIC_COST = 0.2
DIRECTIONS, LATENT_WEIGHT = 200, 3.0
ALTERED_WEIGHT, OWN_GUESS_WEIGHT, SUREST = 0.5, 0.3, 0.05

Train = tuple[Any, Ints, NDArray[np.float64]]


@dataclass(frozen=True)
class Trial:
    """One fold: training rows, unseen rows, texts without labels, and the seed."""

    lines: Lines
    columns: NDArray[np.bool_]
    train: Ints
    unseen: Ints
    chat: Any
    seed: int

    def rows(self, where: Ints) -> Any:
        return self.lines.matrix[where][:, self.columns]

    def training(self) -> Train:
        return self.rows(self.train), self.lines.items[self.train], self.lines.weights[self.train]


@dataclass(frozen=True)
class Variant:
    """A name, the kinds of terms, the machines that are summed, and what is done before training."""

    name: str
    kinds: tuple[str, ...] = BUILT
    machines: tuple[Fit, ...] = (support, bayes)
    read: Callable[[Trial, Sequence[Fit]], Ints] | None = None


def _plainly(trial: Trial, machines: Sequence[Fit]) -> Ints:
    return read_unseen(trial.lines, trial.training(), trial.rows(trial.unseen), machines)


def _logistic(matrix: Any, wanted: Ints, weights: NDArray[np.float64]) -> Any:
    """One answer against the rest, like the support vectors; absent answers get the lowest score."""
    from sklearn.linear_model import LogisticRegression

    parts = []
    for answer in range(wanted.max() + 1):
        machine = LogisticRegression(C=LOGISTIC_COST, solver="liblinear", random_state=0)
        parts.append(machine.fit(matrix, wanted == answer, sample_weight=weights))
    return lambda rows: np.column_stack([part.decision_function(rows) for part in parts])


def _latent(trial: Trial, machines: Sequence[Fit]) -> Ints:
    """Directions learned from the training writers' lines and from chat, beside the terms."""
    from scipy.sparse import csr_matrix, hstack, vstack
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    matrix, items, weights = trial.training()
    unseen = trial.rows(trial.unseen)
    learned = TruncatedSVD(DIRECTIONS, random_state=trial.seed, n_iter=3)
    learned.fit(vstack([matrix, trial.chat[:, trial.columns]]))

    def wide(rows: Any) -> Any:
        return hstack(
            [rows, csr_matrix(normalize(learned.transform(rows)) * LATENT_WEIGHT)]
        ).tocsr()

    def over_terms(rows: Any, wanted: Ints, weight: NDArray[np.float64]) -> Any:
        terms = matrix.shape[1]
        read = bayes(rows[:, :terms], wanted, weight)
        return lambda new: read(new[:, :terms])

    both = (support, over_terms)
    return read_unseen(trial.lines, (wide(matrix), items, weights), wide(unseen), both)


def _altered(trial: Trial, machines: Sequence[Fit]) -> Ints:
    """Every training line once more, as somebody else might have typed it."""
    from scipy.sparse import vstack

    draw = np.random.default_rng(trial.seed)
    texts = altered([trial.lines.rows[i].text for i in trial.train], draw)
    matrix, items, weights = trial.training()
    more = trial.lines.vectors(texts)[:, trial.columns]
    train = (
        vstack([matrix, more]).tocsr(),
        np.concatenate([items, items]),
        np.concatenate([weights, weights * ALTERED_WEIGHT]),
    )
    return read_unseen(trial.lines, train, trial.rows(trial.unseen), machines)


def _self_taught(trial: Trial, machines: Sequence[Fit]) -> Ints:
    """The machine's own surest guesses on chat without labels are learned as if they were labels."""
    from scipy.sparse import vstack

    matrix, items, weights = trial.training()
    chat = trial.chat[:, trial.columns]
    scores = support(matrix, items, weights)(chat)
    best = np.sort(scores, axis=1)
    sure = np.argsort(best[:, -2] - best[:, -1], kind="stable")[: int(len(scores) * SUREST)]
    train = (
        vstack([matrix, chat[sure]]).tocsr(),
        np.concatenate([items, scores[sure].argmax(axis=1)]),
        np.concatenate([weights, np.full(len(sure), OWN_GUESS_WEIGHT)]),
    )
    return read_unseen(trial.lines, train, trial.rows(trial.unseen), machines)


VARIANTS = (
    Variant("as built: words, signs, meanings, signals"),
    Variant("words only", ("words",)),
    Variant("signs only (1–3 in a row)", ("signs",)),
    Variant("words and signs", ("words", "signs")),
    Variant("words, signs, meanings", ("words", "signs", "meanings")),
    Variant("words, signs, signals", ("words", "signs", "signals")),
    Variant("as built + pairs of words", (*BUILT, "pairs")),
    Variant("as built + sounds", (*BUILT, "sounds")),
    Variant("without naive Bayes", machines=(support,)),
    Variant("naive Bayes alone", machines=(bayes,)),
    Variant("logistic regression for support vectors", machines=(_logistic, bayes)),
    Variant("as built + latent directions (LSA)", read=_latent),
    Variant("as built + altered copies", read=_altered),
    Variant("as built + self-taught on chat", read=_self_taught),
)


def measure(data: Data, seeds: int, variants: Sequence[Variant] = VARIANTS) -> None:
    heading(f"ablation of the item machine, unseen writers, {seeds} deals into folds")
    lines = read_lines(data)
    texts = [row.text for row in data.rows if row.label in data.taxonomy.kinds] + data.chatter
    chat = lines.vectors(texts)
    people = _people(lines)
    print(f"{len(lines.own)} requests, {people.max() + 1} personas; Δ against the first row")
    print(f"{'':44}{'category macro-F1':32}item is the first guess")
    first: NDArray[np.float64] | None = None
    first_hits: NDArray[np.float64] | None = None
    for variant in variants:
        tables, hits = _tables(lines, variant, chat, people, seeds)
        if first is None or first_hits is None:
            first, first_hits = tables, hits
        f1 = _compared(tables, first, _macro_f1)
        top = _compared(hits, first_hits, lambda found: float(found[0] / found[1]))
        tell(f"{variant.name:42}", f"{f1:30}  {top}")


def _people(lines: Lines) -> Ints:
    names = [f"{row.writer}/{row.persona}" for row in lines.rows[: len(lines.own)]]
    numbers = {name: n for n, name in enumerate(sorted(set(names)))}
    return np.asarray([numbers[name] for name in names])


def _tables(
    lines: Lines, variant: Variant, chat: Any, people: Ints, seeds: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Per persona: the category confusions, and (items right, lines), summed over seeds."""
    count = lines.category_of.max() + 1
    tables = np.zeros((people.max() + 1, count, count))
    hits = np.zeros((people.max() + 1, 2))
    for seed in range(seeds):
        read = read_all(lines, variant, chat, seed)
        truth = lines.items[lines.own]
        np.add.at(tables, (people, lines.category_of[truth], lines.category_of[read]), 1)
        np.add.at(hits, people, np.column_stack([read == truth, np.ones(len(truth))]))
    return tables, hits


def read_all(lines: Lines, variant: Variant, chat: Any, seed: int) -> Ints:
    """Every request read by a machine that saw no line of its writer."""
    parts = folds(lines.rows[: len(lines.own)], seed)
    read = np.zeros(len(lines.own), dtype=np.intp)
    weak = np.arange(len(lines.own), len(lines.rows))
    for part in range(parts.max() + 1):
        train = np.concatenate([np.flatnonzero(parts != part), weak])
        unseen = np.flatnonzero(parts == part)
        trial = Trial(lines, lines.columns(variant.kinds), train, unseen, chat, seed)
        read[unseen] = (variant.read or _plainly)(trial, variant.machines)
    return read


def _macro_f1(table: NDArray[np.float64]) -> float:
    hits = np.diag(table)
    return float((2 * hits / np.maximum(table.sum(axis=0) + table.sum(axis=1), 1)).mean())


def _compared(
    mine: NDArray[np.float64],
    theirs: NDArray[np.float64],
    score: Callable[[NDArray[np.float64]], float],
) -> str:
    """The score, and its distance to the other's over resampled personas."""
    value = score(mine.sum(axis=0))
    if mine is theirs:
        return f"{value:.4f}"
    draw = np.random.default_rng(1)
    picks = [draw.multinomial(len(mine), np.full(len(mine), 1 / len(mine))) for _ in range(ROUNDS)]
    gaps = [
        score(np.tensordot(pick, mine, axes=1)) - score(np.tensordot(pick, theirs, axes=1))
        for pick in picks
    ]
    low, high = np.quantile(gaps, [0.025, 0.975])
    return f"{value:.4f}  {value - score(theirs.sum(axis=0)):+.4f} [{low:+.4f}, {high:+.4f}]"
