"""How good a reader is, in figures that can be compared from one model to the next.

The law of this file: it reads labelled lines with the whole `Reader`, as serving does, and counts. A
figure comes with a 95 % interval by bootstrap over lines (seeded). What a figure means stands beside it
in `MEANING`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intake.reading import Reading, Triage
from intake.taxonomy import Level, Taxonomy, Visibility
from nlp.calibrate import calibration_error
from nlp.corpus import Row
from nlp.reader import Reader

ROUNDS = 400
MEANING = {
    "category_f1": "macro-F1 over categories, requests only, gate left out",
    "lead_accuracy": "share of requests that reach the right lead department",
    "item_top1": "share of requests whose first guess is the item",
    "item_top3": "share of requests whose item is among the three guesses",
    "auto_share": "share of requests read as auto",
    "auto_precision": "share of those whose item is right",
    "ask_share": "share of requests read as ask",
    "ask_truth": "share of those whose item is among the first two guesses",
    "item_ece": "expected calibration error of the first guess",
    "level_a_as_c": "share of level-A requests read as C",
    "private_missed": "share of private requests read as not private",
    "gate_precision": "share of lines taken for a request that are one",
    "gate_recall": "share of requests taken for one",
    "gate_false": "share of other lines taken for a request",
    "danger_recall": "share of dangers heard",
    "danger_right": "share of dangers heard as the right one",
    "danger_false_alike": "share of look-alikes heard as a danger",
    "danger_false_request": "share of ordinary requests heard as a danger",
    "danger_false_chat": "share of other lines heard as a danger",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A share or score with the bounds of its 95 % interval and the number of lines behind it."""

    value: float
    low: float
    high: float
    lines: int

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}] n={self.lines}"


@dataclass(frozen=True)
class Report:
    """All figures, by name; category macro-F1 per writer, persona and voice; and the confusions."""

    figures: Mapping[str, Figure]
    groups: Mapping[str, Mapping[str, Figure]] = field(default_factory=dict)
    per_category: Mapping[str, float] = field(default_factory=dict)
    confusion: str = ""
    worst_pairs: Sequence[tuple[str, str, int]] = ()

    def text(self) -> str:
        """The report for a terminal."""
        lines = [
            f"{name:22} {figure!s:34} {MEANING.get(name, '')}"
            for name, figure in self.figures.items()
        ]
        for group, figures in self.groups.items():
            lines += ["", f"category accuracy by {group}"]
            lines += [f"  {name:24} {figure}" for name, figure in sorted(figures.items())]
        pairs = [f"  {true} read as {read}: {count}" for true, read, count in self.worst_pairs]
        return "\n".join([*lines, "", self.confusion, "", "most frequent confusions", *pairs])

    def as_mapping(self) -> dict[str, Any]:
        """For a manifest: the bare figures."""
        return {name: round(figure.value, 4) for name, figure in self.figures.items()}


@dataclass(frozen=True, slots=True)
class _Line:
    row: Row
    reading: Reading


def evaluate_model(reader: Reader, rows: Sequence[Row], batch: int = 500) -> Report:
    """Read all `rows` and count. Rows carry items, kinds, dangers and look-alikes as labels."""
    lines: list[_Line] = []
    for start in range(0, len(rows), batch):
        part = rows[start : start + batch]
        readings = reader.read([row.text for row in part])
        lines += [_Line(*pair) for pair in zip(part, readings, strict=True)]
    taxonomy = reader.taxonomy
    requests = [line for line in lines if line.row.label in taxonomy.items]
    figures = {**_items(requests, taxonomy), **_gate(lines, taxonomy), **_dangers(lines, taxonomy)}
    groups = {
        name: _by(requests, taxonomy, of)
        for name, of in (
            ("writer", lambda row: row.writer),
            ("persona", lambda row: row.persona),
            ("voice", lambda row: row.voice),
        )
    }
    truth, read = _categories(requests, taxonomy)
    return Report(
        figures,
        groups,
        f1_by_class(truth, read),
        _confusion(truth, read, list(taxonomy.categories)),
        _worst([line.row.label for line in requests], [_best(line) for line in requests]),
    )


def evaluate_labels(reader: Reader, rows: Sequence[Row], batch: int = 200) -> Report:
    """For a model of somebody's own labels: macro-F1 and accuracy over those labels."""
    read: list[str] = []
    for start in range(0, len(rows), batch):
        part = rows[start : start + batch]
        read += [str(reading.category) for reading in reader.read([row.text for row in part])]
    truth = [row.label for row in rows]
    figures = {
        "label_f1": bootstrap(truth, read, macro_f1),
        "label_accuracy": bootstrap(truth, read, _accuracy),
    }
    labels = sorted(set(truth) | set(read))
    return Report(figures, {}, f1_by_class(truth, read), _confusion(truth, read, labels))


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


def bootstrap(
    truth: Sequence[str],
    read: Sequence[str],
    score: Callable[[Sequence[str], Sequence[str]], float],
    rounds: int = ROUNDS,
) -> Figure:
    """`score` with its 95 % interval over resampled lines."""
    if not truth:
        return Figure(float("nan"), float("nan"), float("nan"), 0)
    true, seen = np.asarray(truth), np.asarray(read)
    draw = np.random.default_rng(1)
    picks = [draw.integers(0, len(true), len(true)) for _ in range(rounds)]
    found = [score(true[pick].tolist(), seen[pick].tolist()) for pick in picks]
    low, high = np.quantile(found, [0.025, 0.975])
    return Figure(score(truth, read), float(low), float(high), len(truth))


def share(hits: Sequence[bool] | NDArray[np.bool_]) -> Figure:
    """A share of yes among `hits` with its interval (Wilson's, which needs no resampling)."""
    count = len(hits)
    if not count:
        return Figure(float("nan"), float("nan"), float("nan"), 0)
    value, z = float(np.mean(hits)), 1.96
    middle = (value + z * z / (2 * count)) / (1 + z * z / count)
    half = z * ((value * (1 - value) + z * z / (4 * count)) / count) ** 0.5 / (1 + z * z / count)
    return Figure(value, max(0.0, middle - half), min(1.0, middle + half), count)


def _accuracy(truth: Sequence[str], read: Sequence[str]) -> float:
    return float(np.mean(np.asarray(truth) == np.asarray(read)))


def _best(line: _Line) -> str:
    return line.reading.guesses[0].item


def _categories(lines: Sequence[_Line], taxonomy: Taxonomy) -> tuple[list[str], list[str]]:
    items = taxonomy.items
    return (
        [items[line.row.label].category for line in lines],
        [items[_best(line)].category for line in lines],
    )


def _items(lines: Sequence[_Line], taxonomy: Taxonomy) -> dict[str, Figure]:
    items = taxonomy.items
    true = [items[line.row.label] for line in lines]
    read = [items[_best(line)] for line in lines]
    right = np.asarray([a.code == b.code for a, b in zip(true, read, strict=True)], dtype=bool)
    two = [
        t.code in [g.item for g in x.reading.guesses[:2]] for t, x in zip(true, lines, strict=True)
    ]
    three = [
        t.code in [g.item for g in x.reading.guesses] for t, x in zip(true, lines, strict=True)
    ]
    auto = [line.reading.triage is Triage.AUTO for line in lines]
    ask = [line.reading.triage is Triage.ASK for line in lines]
    chance = np.asarray([line.reading.guesses[0].probability for line in lines])
    error = calibration_error(chance, right) if len(lines) else float("nan")
    urgent = [b.level is Level.C for a, b in zip(true, read, strict=True) if a.level is Level.A]
    private = [
        b.visibility is not Visibility.PRIVATE
        for a, b in zip(true, read, strict=True)
        if a.visibility is Visibility.PRIVATE
    ]
    return {
        "category_f1": bootstrap(*_categories(lines, taxonomy), macro_f1),
        "lead_accuracy": share([a.lead == b.lead for a, b in zip(true, read, strict=True)]),
        "item_top1": share(right),
        "item_top3": share(three),
        "auto_share": share(auto),
        "auto_precision": share([r for r, yes in zip(right.tolist(), auto, strict=True) if yes]),
        "ask_share": share(ask),
        "ask_truth": share([t for t, yes in zip(two, ask, strict=True) if yes]),
        "item_ece": Figure(error, error, error, len(lines)),
        "level_a_as_c": share(urgent),
        "private_missed": share(private),
    }


def _gate(lines: Sequence[_Line], taxonomy: Taxonomy) -> dict[str, Figure]:
    asks = [_asks(line, taxonomy) for line in lines if _asks(line, taxonomy) is not None]
    taken = [line.reading.kind.asks for line in lines if _asks(line, taxonomy) is not None]
    pairs = list(zip(asks, taken, strict=True))
    return {
        "gate_precision": share([bool(a) for a, t in pairs if t]),
        "gate_recall": share([t for a, t in pairs if a]),
        "gate_false": share([t for a, t in pairs if not a]),
    }


def _asks(line: _Line, taxonomy: Taxonomy) -> bool | None:
    if line.row.label in taxonomy.items or line.row.danger:
        return True
    return False if line.row.label in taxonomy.kinds else None


def _dangers(lines: Sequence[_Line], taxonomy: Taxonomy) -> dict[str, Figure]:
    def heard(wanted: Callable[[Row], bool]) -> list[bool]:
        return [line.reading.emergency is not None for line in lines if wanted(line.row)]

    true = [line for line in lines if line.row.danger]
    return {
        "danger_recall": share(heard(lambda row: row.danger is not None)),
        "danger_right": share([line.reading.emergency == line.row.label for line in true]),
        "danger_false_alike": share(heard(lambda row: row.look_alike is not None)),
        "danger_false_request": share(heard(lambda row: row.label in taxonomy.items)),
        "danger_false_chat": share(heard(lambda row: row.label in taxonomy.kinds)),
    }


def _by(lines: Sequence[_Line], taxonomy: Taxonomy, of: Callable[[Row], str]) -> dict[str, Figure]:
    names = sorted({of(line.row) for line in lines})
    found = {}
    for name in names:
        truth, read = _categories([line for line in lines if of(line.row) == name], taxonomy)
        found[name] = share([a == b for a, b in zip(truth, read, strict=True)])
    return found


def _confusion(truth: Sequence[str], read: Sequence[str], labels: Sequence[str]) -> str:
    """Rows are the truth, columns what was read."""
    width = max([4, *(len(label) for label in labels)])
    table = {(a, b): 0 for a in labels for b in labels}
    for pair in zip(truth, read, strict=True):
        table[pair] = table.get(pair, 0) + 1
    head = " " * width + "".join(f"{label:>{width + 1}}" for label in labels)
    rows = [
        f"{a:<{width}}" + "".join(f"{table[a, b] or '·':>{width + 1}}" for b in labels)
        for a in labels
    ]
    return "\n".join([head, *rows])


def _worst(truth: Sequence[str], read: Sequence[str], most: int = 15) -> list[tuple[str, str, int]]:
    counts: dict[tuple[str, str], int] = {}
    for pair in zip(truth, read, strict=True):
        if pair[0] != pair[1]:
            counts[pair] = counts.get(pair, 0) + 1
    ranked = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[:most]
    return [(true, seen, count) for (true, seen), count in ranked]
