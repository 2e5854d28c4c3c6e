"""Learning from a cold start: 100 labelled letters, then a moderator's corrections, one batch at a time.

Random letters against letters chosen by doubt (`choosing.py`), both read by the same machine: linear,
over our terms and the directions that the unlabelled pool itself shows (latent semantic analysis).
Labels come from the pool only, and only for what was asked; `dev` is read at the measured points and steers
nothing. Strategies, machine and constants were chosen on a sixth of `train`, never on `dev`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from language.choosing import STRATEGIES, Floats, Ints, Pool
from language.common import Data, heading, missing, tell
from language.letters import rows_of
from nlp.figures import f1_by_class
from nlp.machines import Table, letter_machine
from nlp.prepare import prepare
from nlp.train import LETTER_SETTINGS

START = 100
POINTS = (0, 100, 250, 500, 1000, 1500, 2000)
WANTED = {500: 0.85, 2000: 0.90}
BETTER_BY = 0.02
DIRECTIONS, LATENT_WEIGHT = 200, 0.7
OURS = "margin"
DEFAULT = ("random", OURS)
ROUNDS = 300
AS_TRAINED = "random, as `huying train` learns letters"


@dataclass(frozen=True)
class Letters:
    """Pool and dev as numbers. `copies` names texts that are one letter."""

    table: Table
    pool: Any
    dev: Any
    latent: Floats
    truth: Ints
    dev_truth: Ints
    copies: Ints
    labels: tuple[str, ...]


def measure(data: Data, seeds: int, strategies: Sequence[str] = DEFAULT) -> None:
    """The curve of each strategy, with what was wanted."""
    heading(
        f"learning on letters from a cold start: {START} letters, then corrections; {seeds} seeds"
    )
    if not data.letters:
        missing("civic letters")
        return
    letters = prepare_letters(data)
    read = {name: [_run(letters, name, seed) for seed in range(seeds)] for name in strategies}
    read[AS_TRAINED] = [_as_trained(letters, seed) for seed in range(seeds)]
    print(f"macro-F1 on dev, {len(letters.dev_truth)} letters; ± half of the 95 % interval")
    print(f"{'corrections':42}" + "".join(f"{point:>15}" for point in POINTS))
    for name, runs in read.items():
        cells = [_figure(letters, [run[point] for run in runs]) for point in POINTS]
        print(f"{name:42}" + "".join(f"{mean:9.3f} ±{half:.3f}" for mean, half in cells))
    for name in strategies:
        if name != "random" and "random" in strategies:
            _judge(letters, name, read[name], read["random"])


def prepare_letters(data: Data) -> Letters:
    from scipy.sparse import csr_matrix, hstack
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    rows, dev = (rows_of(data, split, short=False) for split in ("train", "dev"))
    table = Table(rows, LETTER_SETTINGS, None, lambda line: None)
    unseen = [prepare(row.text, LETTER_SETTINGS.cap, False) for row in dev]
    batch = table.vectoriser.vectors([(one.normal, one.signals) for one in unseen])
    shape = (len(dev), table.matrix.shape[1])
    terms = csr_matrix((batch.values.astype(np.float64), batch.columns, batch.starts), shape=shape)
    directions = TruncatedSVD(DIRECTIONS, random_state=0, n_iter=3).fit(table.matrix)
    latent, dev_latent = (normalize(directions.transform(part)) for part in (table.matrix, terms))
    labels = tuple(sorted({row.label for row in rows}))
    names = {name: n for n, name in enumerate(sorted({row.persona for row in rows}))}
    return Letters(
        table,
        hstack([table.matrix, csr_matrix(latent * LATENT_WEIGHT)]).tocsr(),
        hstack([terms, csr_matrix(dev_latent * LATENT_WEIGHT)]).tocsr(),
        latent,
        np.asarray([labels.index(row.label) for row in rows]),
        np.asarray([labels.index(row.label) for row in dev]),
        np.asarray([names[row.persona] for row in rows]),
        labels,
    )


def _run(letters: Letters, name: str, seed: int) -> dict[int, Ints]:
    """What was read on dev after each point's number of corrections."""
    draw = np.random.default_rng(seed)
    known = draw.permutation(len(letters.truth))[:START]
    read: dict[int, Ints] = {}
    while True:
        asked = len(known) - START
        machine = _machine(letters, known)
        if asked in POINTS:
            read[asked] = machine.decision_function(letters.dev).argmax(axis=1)
        if asked >= POINTS[-1]:
            return read
        known = np.concatenate([known, _ask(letters, name, machine, known, draw)])


def _machine(letters: Letters, known: Ints) -> Any:
    from sklearn.svm import LinearSVC

    machine = LinearSVC(C=1.0, random_state=0, class_weight="balanced")
    return machine.fit(letters.pool[known], letters.truth[known])


def _ask(letters: Letters, name: str, machine: Any, known: Ints, draw: np.random.Generator) -> Ints:
    """The next batch: small while little is known, never past the next measured point."""
    asked = len(known) - START
    following = next(point for point in POINTS if point > asked)
    size = following - asked if name == "random" else min(following - asked, 50 + asked // 10)
    fresh = np.setdiff1d(np.arange(len(letters.truth)), known)
    if name != "random":
        fresh = fresh[~np.isin(letters.copies[fresh], letters.copies[known])]
        fresh = fresh[np.unique(letters.copies[fresh], return_index=True)[1]]
    given = np.bincount(letters.truth[known], minlength=len(letters.labels))
    scores = machine.decision_function(letters.pool[fresh])
    pool = Pool(scores, letters.latent[fresh], given, draw)
    return fresh[STRATEGIES[name](pool, size)]


def _as_trained(letters: Letters, seed: int) -> dict[int, Ints]:
    """The machine of `huying train` on random labels: what the latent directions add."""
    order = np.random.default_rng(seed).permutation(len(letters.truth))
    width = letters.table.matrix.shape[1]
    read = {}
    for point in POINTS:
        known = order[: START + point]
        linear = letter_machine(letters.table, known, letters.truth[known], len(letters.labels))
        scores = letters.dev[:, :width] @ linear.weights.astype(np.float64) + linear.offsets
        read[point] = np.asarray(scores).argmax(axis=1)
    return read


def _f1(truth: Ints, read: Ints) -> float:
    return float(np.mean(list(f1_by_class(truth.tolist(), read.tolist()).values())))


def _figure(letters: Letters, runs: Sequence[Ints]) -> tuple[float, float]:
    """Mean macro-F1 over seeds and half its interval, seeds and letters both resampled."""
    found = [_resampled(letters, runs, np.random.default_rng(n)) for n in range(ROUNDS)]
    low, high = np.quantile(found, [0.025, 0.975])
    mean = float(np.mean([_f1(letters.dev_truth, run) for run in runs]))
    return mean, float(high - low) / 2


def _resampled(letters: Letters, runs: Sequence[Ints], draw: np.random.Generator) -> float:
    pick = draw.integers(0, len(letters.dev_truth), len(letters.dev_truth))
    some = draw.integers(0, len(runs), len(runs))
    return float(np.mean([_f1(letters.dev_truth[pick], runs[n][pick]) for n in some]))


def _judge(
    letters: Letters,
    name: str,
    ours: Sequence[Mapping[int, Ints]],
    theirs: Sequence[Mapping[int, Ints]],
) -> None:
    """Against what was wanted, and against random labels with the same seed and the same letters."""
    for point, least in WANTED.items():
        mine, others = [run[point] for run in ours], [run[point] for run in theirs]
        value, half = _figure(letters, mine)
        tell(
            f"{name}, {point} corrections", f"{value:.3f} ±{half:.3f}", f"≥ {least}", value >= least
        )
        draws = [np.random.default_rng(n) for n in range(ROUNDS)]
        again = [np.random.default_rng(n) for n in range(ROUNDS)]
        gaps = [
            _resampled(letters, mine, a) - _resampled(letters, others, b)
            for a, b in zip(draws, again, strict=True)
        ]
        low, high = np.quantile(gaps, [0.025, 0.975])
        gain = value - float(np.mean([_f1(letters.dev_truth, run) for run in others]))
        said = f"{gain:+.3f} [{low:+.3f}, {high:+.3f}]"
        tell("  above random labels", said, f"≥ +{BETTER_BY}", gain >= BETTER_BY)
