"""Figures that can be compared: a value, its 95 % interval, and how many lines stand behind it.

The law of this file: plain statistics. Shares have Wilson's interval; what is no share (macro-F1, a
calibration error, F1 over spans) is resampled, seeded, so that the same lines give the same bounds.
Where there are no lines there is no value (NaN, 0 lines), never a made-up one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ROUNDS = 400
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Figure:
    """A share or score with the bounds of its 95 % interval and the number of lines behind it."""

    value: float
    low: float
    high: float
    lines: int

    def __str__(self) -> str:
        if not self.lines:
            return "no labelled lines"
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}] n={self.lines}"


NONE = Figure(float("nan"), float("nan"), float("nan"), 0)


def share(hits: Sequence[bool] | NDArray[np.bool_]) -> Figure:
    """A share of yes among `hits` with its interval (Wilson's, which needs no resampling)."""
    count = len(hits)
    if not count:
        return NONE
    value = float(np.mean(hits))
    middle = (value + _Z * _Z / (2 * count)) / (1 + _Z * _Z / count)
    spread = (value * (1 - value) + _Z * _Z / (4 * count)) / count
    half = _Z * spread**0.5 / (1 + _Z * _Z / count)
    return Figure(value, max(0.0, middle - half), min(1.0, middle + half), count)


def resampled(
    count: int, score: Callable[[NDArray[np.intp]], float], rounds: int = ROUNDS
) -> Figure:
    """`score(positions)` over all of `count` lines, with its interval over resampled lines."""
    if not count:
        return NONE
    draw = np.random.default_rng(1)
    found = [score(draw.integers(0, count, count)) for _ in range(rounds)]
    low, high = np.quantile(found, [0.025, 0.975])
    return Figure(score(np.arange(count)), float(low), float(high), count)


def bootstrap(
    truth: Sequence[str],
    read: Sequence[str],
    score: Callable[[Sequence[str], Sequence[str]], float],
    rounds: int = ROUNDS,
) -> Figure:
    """`score(truth, read)` with its 95 % interval over resampled lines."""
    true, seen = np.asarray(truth), np.asarray(read)
    return resampled(
        len(truth), lambda pick: score(true[pick].tolist(), seen[pick].tolist()), rounds
    )


def macro_f1(truth: Sequence[str], read: Sequence[str]) -> float:
    """Mean F1 over the classes that occur in `truth`."""
    scores = f1_by_class(truth, read)
    return float(np.mean(list(scores.values()))) if scores else 0.0


def f1_by_class(truth: Sequence[str], read: Sequence[str]) -> dict[str, float]:
    """F1 of each class in `truth`."""
    true, seen = np.asarray(truth), np.asarray(read)
    found: dict[str, float] = {}
    for name in sorted(set(truth)):
        hits = int(((true == name) & (seen == name)).sum())
        found[name] = 2 * hits / max(int((true == name).sum() + (seen == name).sum()), 1)
    return found


def accuracy(truth: Sequence[str], read: Sequence[str]) -> float:
    return float(np.mean(np.asarray(truth) == np.asarray(read)))


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often each label was read as each: rows are the truth, columns what was read."""

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, truth: Sequence[str], read: Sequence[str], labels: Sequence[str]) -> Confusion:
        at = {label: n for n, label in enumerate(labels)}
        table = np.zeros((len(labels), len(labels)), dtype=int)
        for true, seen in zip(truth, read, strict=True):
            table[at[true], at[seen]] += 1
        return cls(tuple(labels), tuple(tuple(row) for row in table.tolist()))

    def text(self) -> str:
        """As a table for a terminal."""
        width = max([4, *(len(label) for label in self.labels)])
        head = " " * width + "".join(f"{label:>{width + 1}}" for label in self.labels)
        rows = [
            f"{label:<{width}}" + "".join(f"{count or '·':>{width + 1}}" for count in row)
            for label, row in zip(self.labels, self.counts, strict=True)
        ]
        return "\n".join([head, *rows])


def most_confused(
    truth: Sequence[str], read: Sequence[str], most: int = 15
) -> list[tuple[str, str, int]]:
    """The commonest mistakes: (truth, read as, how often)."""
    counts: dict[tuple[str, str], int] = {}
    for pair in zip(truth, read, strict=True):
        if pair[0] != pair[1]:
            counts[pair] = counts.get(pair, 0) + 1
    ranked = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[:most]
    return [(true, seen, count) for (true, seen), count in ranked]


def worst_first(figures: Mapping[str, Figure]) -> list[tuple[str, Figure]]:
    """By value, the lowest first; by name where equal."""
    return sorted(figures.items(), key=lambda entry: (entry[1].value, entry[0]))
