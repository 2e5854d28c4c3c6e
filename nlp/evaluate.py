"""How good a reader is, in figures that can be compared from one model to the next.

The law of this file: it reads labelled lines with the whole `Reader`, as serving does, and counts. What
a figure means, and how good it should be, stands in `report.py`; how intervals are made, in `figures.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from intake.reading import Reading, Triage
from intake.taxonomy import Level, Taxonomy, Visibility
from nlp.calibrate import calibration_error
from nlp.chat_so_far import ChatSoFar
from nlp.corpus import Row
from nlp.figures import (
    Confusion,
    Figure,
    accuracy,
    bootstrap,
    f1_by_class,
    macro_f1,
    most_confused,
    resampled,
    share,
)
from nlp.holdout import Holdout
from nlp.reader import Reader
from nlp.report import Report
from nlp.spans_measured import measure_levels, measure_spans, measure_splits

__all__ = ["Figure", "Report", "evaluate_holdout", "evaluate_labels", "evaluate_model"]

BATCH = 500
TALK = "talk_"
"""Before the name of a figure that was measured on whole chats."""


@dataclass(frozen=True, slots=True)
class _Line:
    row: Row
    reading: Reading


def evaluate_holdout(reader: Reader, holdout: Holdout) -> Report:
    """Everything that the holdout can tell of `reader`."""
    report = evaluate_model(reader, holdout.lines)
    spans, masks = measure_spans(reader, holdout.spans)
    talk, chats, kinds = _chats(reader, holdout.chats)
    figures = {**report.figures, **talk, **spans}
    figures |= measure_splits(reader, holdout.splits) | measure_levels(reader, holdout.levels)
    groups = {**report.groups, "kind in chats": kinds, "transcript": chats}
    groups["kind of mask"] = masks
    return replace(report, figures=figures, groups=groups)


def evaluate_model(reader: Reader, rows: Sequence[Row], batch: int = BATCH) -> Report:
    """Read single `rows` and count. They carry items, kinds, dangers and look-alikes as labels."""
    lines = _read(reader, rows, batch)
    taxonomy = reader.taxonomy
    requests = [line for line in lines if line.row.label in taxonomy.items]
    figures = {**_items(requests, taxonomy), **_gate(lines, taxonomy), **_dangers(lines, taxonomy)}
    truth, read = _categories(requests, taxonomy)
    return Report(
        figures,
        {
            "writer": _by(requests, taxonomy, lambda row: row.writer),
            "persona": _by(requests, taxonomy, lambda row: row.persona),
            "voice": _by(requests, taxonomy, lambda row: row.voice),
            "danger": _heard(lines),
            "kind": _left_alone(lines, taxonomy),
        },
        f1_by_class(truth, read),
        Confusion.of(truth, read, list(taxonomy.categories)),
        most_confused([line.row.label for line in requests], [_best(line) for line in requests]),
        names_in(taxonomy),
    )


def names_in(taxonomy: Taxonomy) -> dict[str, str]:
    """The words behind the codes of categories, items and dangers."""
    return (
        {code: category.name for code, category in taxonomy.categories.items()}
        | {code: item.name for code, item in taxonomy.items.items()}
        | {code: danger.name for code, danger in taxonomy.emergencies.items()}
    )


def evaluate_labels(reader: Reader, rows: Sequence[Row], batch: int = 200) -> Report:
    """For a model of somebody's own labels: macro-F1 and accuracy over those labels."""
    read = [str(line.reading.category) for line in _read(reader, rows, batch)]
    truth = [row.label for row in rows]
    figures = {
        "label_f1": bootstrap(truth, read, macro_f1),
        "label_accuracy": bootstrap(truth, read, accuracy),
    }
    labels = sorted(set(truth) | set(read))
    return Report(figures, {}, f1_by_class(truth, read), Confusion.of(truth, read, labels))


def _read(reader: Reader, rows: Sequence[Row], batch: int) -> list[_Line]:
    lines: list[_Line] = []
    for start in range(0, len(rows), batch):
        part = rows[start : start + batch]
        readings = reader.read([row.text for row in part])
        lines += [_Line(*pair) for pair in zip(part, readings, strict=True)]
    return lines


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
    leads = [items[line.row.label].lead == items[_best(line)].lead for line in lines]
    return {
        "category_f1": bootstrap(*_categories(lines, taxonomy), macro_f1),
        "lead_accuracy": share(leads),
        "item_top1": share(_among(lines, 1)),
        "item_top3": share(_among(lines, 3)),
        **_triage(lines),
        "item_ece": _calibration(lines),
        **_careful(lines, taxonomy),
    }


def _among(lines: Sequence[_Line], most: int) -> list[bool]:
    """Whether the truth is among the first `most` guesses."""
    return [
        line.row.label in [guess.item for guess in line.reading.guesses[:most]] for line in lines
    ]


def _triage(lines: Sequence[_Line]) -> dict[str, Figure]:
    auto = [line for line in lines if line.reading.triage is Triage.AUTO]
    ask = [line for line in lines if line.reading.triage is Triage.ASK]
    return {
        "auto_share": share([line.reading.triage is Triage.AUTO for line in lines]),
        "auto_precision": share(_among(auto, 1)),
        "ask_share": share([line.reading.triage is Triage.ASK for line in lines]),
        "ask_truth": share(_among(ask, 2)),
    }


def _calibration(lines: Sequence[_Line]) -> Figure:
    chance = np.asarray([line.reading.guesses[0].probability for line in lines])
    right = np.asarray(_among(lines, 1), dtype=bool)

    def score(pick: NDArray[np.intp]) -> float:
        return calibration_error(chance[pick], right[pick])

    return resampled(len(lines), score)


def _careful(lines: Sequence[_Line], taxonomy: Taxonomy) -> dict[str, Figure]:
    """The two mistakes that harm most: too slow where it is urgent, too loud where it is private.

    A line that the gate missed has neither level nor visibility; its likeliest item's count then.
    """
    items = taxonomy.items
    urgent = [
        (line.reading.level or items[_best(line)].level) is Level.C
        for line in lines
        if items[line.row.label].level is Level.A
    ]
    private = [
        (line.reading.visibility or items[_best(line)].visibility) is not Visibility.PRIVATE
        for line in lines
        if items[line.row.label].visibility is Visibility.PRIVATE
    ]
    return {"level_a_as_c": share(urgent), "private_missed": share(private)}


def _gate(lines: Sequence[_Line], taxonomy: Taxonomy) -> dict[str, Figure]:
    known = [(_asks(line, taxonomy), line.reading.kind.asks) for line in lines]
    pairs = [(bool(asks), taken) for asks, taken in known if asks is not None]
    return {
        "gate_precision": share([asks for asks, taken in pairs if taken]),
        "gate_recall": share([taken for asks, taken in pairs if asks]),
        "gate_false": share([taken for asks, taken in pairs if not asks]),
    }


def _asks(line: _Line, taxonomy: Taxonomy) -> bool | None:
    if line.row.label in taxonomy.items or line.row.danger:
        return True
    return False if line.row.label in taxonomy.kinds else None


def _dangers(lines: Sequence[_Line], taxonomy: Taxonomy) -> dict[str, Figure]:
    def heard(wanted: Callable[[Row], bool]) -> Figure:
        return share([x.reading.emergency is not None for x in lines if wanted(x.row)])

    true = [line for line in lines if line.row.danger]
    return {
        "danger_recall": heard(lambda row: row.danger is not None),
        "danger_seen": share(
            [bool(line.reading.emergency or line.reading.suspicion) for line in true]
        ),
        "danger_right": share([line.reading.emergency == line.row.label for line in true]),
        "danger_false_alike": heard(lambda row: row.look_alike is not None),
        "danger_false_request": heard(lambda row: row.label in taxonomy.items),
        "danger_false_chat": heard(lambda row: row.label in taxonomy.kinds),
        "suspected_chat": share(
            [x.reading.suspicion is not None for x in lines if x.row.label in taxonomy.kinds]
        ),
    }


def _heard(lines: Sequence[_Line]) -> dict[str, Figure]:
    """Of each danger, the share that was heard as some danger."""
    hits: dict[str, list[bool]] = {}
    for line in lines:
        if line.row.danger:
            hits.setdefault(line.row.label, []).append(line.reading.emergency is not None)
    return {code: share(found) for code, found in sorted(hits.items())}


def _left_alone(lines: Sequence[_Line], taxonomy: Taxonomy) -> dict[str, Figure]:
    """Of each kind of line that asks nothing, the share that was not taken for a request."""
    hits: dict[str, list[bool]] = {}
    for line in lines:
        if line.row.label in taxonomy.kinds:
            hits.setdefault(line.row.label, []).append(not line.reading.kind.asks)
    return {kind: share(found) for kind, found in sorted(hits.items())}


def _chats(
    reader: Reader, chats: Mapping[str, Sequence[Row]]
) -> tuple[dict[str, Figure], dict[str, Figure], dict[str, Figure]]:
    """The gate, items and dangers over whole chats; each chat's share of lines the gate got right; and
    what it left alone, by kind."""
    taxonomy = reader.taxonomy
    read = {name: _read(reader, rows, BATCH) for name, rows in chats.items()}
    lines = [line for chat in read.values() for line in chat]
    requests = [line for line in lines if line.row.label in taxonomy.items]
    meant = [line for chat in read.values() for line in _in_the_talk(reader, chat)]
    found = {
        **_gate(lines, taxonomy),
        **{f"meant_{name}": figure for name, figure in _gate(meant, taxonomy).items()},
        "category_f1": bootstrap(*_categories(requests, taxonomy), macro_f1),
        "item_top3": share(_among(requests, 3)),
        **_dangers(lines, taxonomy),
    }
    right = {
        name: share(
            [
                _asks(line, taxonomy) is line.reading.kind.asks
                for line in chat
                if _asks(line, taxonomy) is not None
            ]
        )
        for name, chat in read.items()
    }
    talk = {f"{TALK}{name}": figure for name, figure in found.items()}
    return talk, right, _left_alone(lines, taxonomy)


def _in_the_talk(reader: Reader, chat: Sequence[_Line]) -> list[_Line]:
    """A chat's lines as they are meant among what surrounds them, by what was heard so far."""
    meant: list[_Line] = []
    so_far = ChatSoFar()
    for line in chat:
        place, reading = line.row.in_chat, line.reading
        if place is None or reader.hearing is None:
            return list(chat)
        reading = reader.hearing.heard(reading, so_far.around(place))
        so_far.went_by(place, reading.kind.asks, reading.item)
        meant.append(_Line(line.row, reading))
    return meant


def _by(lines: Sequence[_Line], taxonomy: Taxonomy, of: Callable[[Row], str]) -> dict[str, Figure]:
    """The share of right categories for each of what `of` names."""
    hits: dict[str, list[bool]] = {}
    truth, read = _categories(lines, taxonomy)
    for line, true, seen in zip(lines, truth, read, strict=True):
        hits.setdefault(of(line.row), []).append(true == seen)
    return {name: share(found) for name, found in sorted(hits.items())}
