"""How much more lines would bring: errors on unseen writers over the size of the corpus.

Whole personas are left out, from an eighth to none; error = floor + scale × lines^−power is fitted and
carried on to 10,000 lines more. The interval resamples the runs (deals and folds).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from language.ablation import BUILT
from language.common import Data, heading
from language.drawing import Series, curve_svg
from language.items import FOLDS, Ints, Lines, bayes, folds, read_lines, read_unseen, support

SHARES = (0.125, 0.25, 0.5, 0.75, 1.0)
MORE = 10_000
ROUNDS = 300
FLOORS = np.linspace(0.0, 0.95, 20)
NAMES = ("category", "item")


@dataclass(frozen=True)
class Run:
    """One training: lines learned from, and the errors on unseen writers by name."""

    lines: int
    errors: tuple[float, float]
    unseen: int
    share: float


@dataclass(frozen=True)
class Law:
    """error = floor + scale × lines^−power."""

    floor: float
    scale: float
    power: float

    def at(self, lines: float) -> float:
        return self.floor + self.scale * lines**-self.power


def measure(data: Data, seeds: int, picture: Path | None) -> None:
    heading(f"learning curve: errors on unseen writers, {seeds} deals × {FOLDS} folds")
    lines = read_lines(data)
    runs = [run for seed in range(seeds) for run in _runs(lines, seed)]
    whole = len(lines.own)
    print(f"{'personas':>9} {'lines':>7}  " + "".join(f"{name + ' error':>18}" for name in NAMES))
    for part in SHARES:
        mine = [run for run in runs if run.share == part]
        size = np.mean([run.lines for run in mine])
        cells = [_spread([run.errors[n] for run in mine]) for n in range(len(NAMES))]
        print(f"{part:9.1%} {size:7.0f}  " + "".join(f"{cell:>18}" for cell in cells))
    for n, name in enumerate(NAMES):
        _say(name, runs, n, whole)
    if picture is not None:
        picture.write_text(_picture(runs, whole), encoding="utf-8")
        print(f"drawn in {picture}")


def _runs(lines: Lines, seed: int) -> list[Run]:
    parts = folds(lines.rows[: len(lines.own)], seed)
    return [_run(lines, parts, n, share, seed) for n in range(parts.max() + 1) for share in SHARES]


def _run(lines: Lines, parts: Ints, part: int, share: float, seed: int) -> Run:
    seen, unseen = np.flatnonzero(parts != part), np.flatnonzero(parts == part)
    names = np.asarray([f"{lines.rows[i].writer}/{lines.rows[i].persona}" for i in seen])
    draw = np.random.default_rng([seed, part])
    order = draw.permutation(np.unique(names))
    kept = seen[np.isin(names, order[: max(1, round(share * len(order)))])]
    train = np.concatenate([kept, np.arange(len(lines.own), len(lines.rows))])
    matrix = lines.matrix[:, lines.columns(BUILT)]
    learned = (matrix[train], lines.items[train], lines.weights[train])
    read = read_unseen(lines, learned, matrix[unseen], (support, bayes))
    truth = lines.items[unseen]
    wrong = lines.category_of[read] != lines.category_of[truth]
    errors = (float(wrong.mean()), float((read != truth).mean()))
    return Run(len(kept), errors, len(unseen), share)


def fit_law(sizes: Sequence[float], errors: Sequence[float]) -> Law:
    """Least squares of the logarithms, for the best of some floors below the least error."""
    size, error = np.log(np.asarray(sizes)), np.asarray(errors)
    best: tuple[float, Law] | None = None
    for floor in FLOORS * error.min():
        rest = np.log(error - floor)
        slope, offset = np.polyfit(size, rest, 1)
        law = Law(float(floor), float(np.exp(offset)), float(-slope))
        misfit = float(((floor + np.exp(offset + slope * size) - error) ** 2).sum())
        if slope < 0 and (best is None or misfit < best[0]):
            best = misfit, law
    if best is None:
        raise SystemExit("bench: errors do not fall with more lines; there is no law to fit")
    return best[1]


def _resampled(runs: Sequence[Run], n: int) -> list[Law]:
    draw = np.random.default_rng(1)
    groups = [[run for run in runs if run.share == share] for share in SHARES]
    laws = []
    for _ in range(ROUNDS):
        some = [[group[i] for i in draw.integers(0, len(group), len(group))] for group in groups]
        laws.append(_law(some, n))
    return laws


def _law(groups: Sequence[Sequence[Run]], n: int) -> Law:
    sizes = [float(np.mean([run.lines for run in group])) for group in groups]
    return fit_law(sizes, [float(np.mean([run.errors[n] for run in group])) for group in groups])


def _say(name: str, runs: Sequence[Run], n: int, whole: int) -> None:
    law = _law([[run for run in runs if run.share == share] for share in SHARES], n)
    gains = [other.at(whole) - other.at(whole + MORE) for other in _resampled(runs, n)]
    low, high = np.quantile(gains, [0.025, 0.975])
    now, then = law.at(whole), law.at(whole + MORE)
    print(f"{name}: error = {law.floor:.3f} + {law.scale:.2f} × lines^−{law.power:.2f}")
    print(
        f"  {MORE:,} lines more ({whole:,} → {whole + MORE:,}) would bring the {name} error from "
        f"{now:.1%} to {then:.1%}: {now - then:.1%} less [{low:.1%}, {high:.1%}]"
    )


def _spread(values: Sequence[float]) -> str:
    half = 1.96 * float(np.std(values, ddof=1)) / len(values) ** 0.5 if len(values) > 1 else 0.0
    return f"{np.mean(values):.3f} ±{half:.3f}"


def _picture(runs: Sequence[Run], whole: int) -> str:
    series = []
    for n, name in enumerate(NAMES):
        groups = [[run for run in runs if run.share == share] for share in SHARES]
        points = [
            (float(np.mean([r.lines for r in g])), float(np.mean([r.errors[n] for r in g])))
            for g in groups
        ]
        law = _law(groups, n)
        sizes: NDArray[np.float64] = np.geomspace(points[0][0], whole + MORE, 40)
        series.append(Series(name, points, [(float(x), law.at(float(x))) for x in sizes]))
    return curve_svg(series, "Errors on unseen writers", series[0].points[-1][0])
