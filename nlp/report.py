"""What a measurement says: one table with what was wanted, then where the mistakes are.

The law of this file: `ROWS` names every figure in plain words, says on which lines it is measured and how
good it should be. A row without lines says so. Text for a terminal, plain objects for machines; the
picture stands in `picture.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nlp.figures import NONE, Confusion, Figure, worst_first

REQUESTS, LINES, CHATS = "requests", "single lines", "chats"
DANGERS, SPANS, SPLITS, LEVELS = "dangers", "spans", "splits", "levels"
NOTHING = "no labelled lines"
SHOWN = 12
"""Of writers, personas and voices so many are named, the worst first."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A figure should be at least, or at most, `bound`."""

    bound: float
    least: bool = True

    def reached(self, figure: Figure) -> bool:
        """By the value itself; the interval says how far to trust that."""
        return figure.value >= self.bound if self.least else figure.value <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.least else '≤'} {self.bound:g}"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: the figure's key, its name in plain words, where, and what is wanted."""

    key: str
    name: str
    where: str
    wanted: Wanted | None = None


def _most(bound: float) -> Wanted:
    return Wanted(bound, least=False)


ROWS: tuple[Line, ...] = (
    Line("category_f1", "category, macro-F1, gate left out", REQUESTS, Wanted(0.90)),
    Line("lead_accuracy", "right lead department", REQUESTS, Wanted(0.92)),
    Line("item_top1", "item is the first guess", REQUESTS),
    Line("item_top3", "item is among the three guesses", REQUESTS, Wanted(0.88)),
    Line("auto_share", "read as sure (auto)", REQUESTS, Wanted(0.65)),
    Line("auto_precision", "item right, of those read as sure", REQUESTS, Wanted(0.96)),
    Line("ask_share", "read as fairly sure (ask)", REQUESTS),
    Line("ask_truth", "item is one of the two asked for", REQUESTS, Wanted(0.93)),
    Line("item_ece", "calibration error of the first guess", REQUESTS, _most(0.03)),
    Line("level_a_as_c", "level A read as C", REQUESTS, _most(0.01)),
    Line("private_missed", "private read as not private", REQUESTS, _most(0.02)),
    Line("gate_precision", "gate: asks, of what is taken for a request", LINES),
    Line("gate_recall", "gate: heard, of what asks", LINES),
    Line("gate_false", "gate: taken for a request, of what asks nothing", LINES),
    Line("talk_gate_precision", "gate by words alone: asks, of what is taken for a request", CHATS),
    Line("talk_gate_recall", "gate by words alone: heard, of what asks", CHATS),
    Line(
        "talk_gate_false", "gate by words alone: taken for a request, of what asks nothing", CHATS
    ),
    Line(
        "talk_meant_gate_precision",
        "gate: asks, of what is taken for a request",
        CHATS,
        Wanted(0.95),
    ),
    Line("talk_meant_gate_recall", "gate: heard, of what asks", CHATS, Wanted(0.95)),
    Line("talk_meant_gate_false", "gate: taken for a request, of what asks nothing", CHATS),
    Line("talk_category_f1", "category, macro-F1, gate left out", CHATS),
    Line("talk_item_top3", "item is among the three guesses", CHATS),
    Line("danger_recall", "danger heard", DANGERS, Wanted(0.98)),
    Line("danger_seen", "danger heard, or shown to a person", DANGERS),
    Line("danger_right", "danger heard as the right one", DANGERS),
    Line("danger_false_alike", "false alarm on what only sounds like danger", DANGERS, _most(0.02)),
    Line("danger_false_request", "false alarm on ordinary requests", REQUESTS),
    Line("danger_false_chat", "false alarm on what asks nothing", LINES),
    Line("suspected_chat", "shown to a person, of what asks nothing", LINES),
    Line("talk_danger_recall", "danger heard", CHATS),
    Line("talk_danger_seen", "danger heard, or shown to a person", CHATS),
    Line("talk_danger_right", "danger heard as the right one", CHATS),
    Line("talk_danger_false_request", "false alarm on ordinary requests", CHATS),
    Line("talk_danger_false_chat", "false alarm on what asks nothing", CHATS),
    Line("talk_suspected_chat", "shown to a person, of what asks nothing", CHATS),
    Line("mask_recall", "personal data masked, exactly", SPANS, Wanted(0.99)),
    Line("mask_precision", "personal data, of what is masked", SPANS, Wanted(0.98)),
    Line("mask_covered", "signs of personal data covered", SPANS),
    Line("mask_overlap_f1", "masking F1, sign by sign", SPANS),
    Line("place_f1", "places F1, exactly", SPANS, Wanted(0.88)),
    Line("place_recall", "places found, exactly", SPANS),
    Line("place_precision", "a place, of what is found", SPANS),
    Line("place_overlap_f1", "places F1, sign by sign", SPANS),
    Line("split_count", "split into as many requests as there are", SPLITS),
    Line("split_recall", "requests found in messages with several", SPLITS),
    Line("split_precision", "a request there, of what is found", SPLITS),
    Line("level_right", "urgency by words is right", LEVELS),
    Line("level_marked_a_as_c", "urgency A by words read as C", LEVELS),
    Line("label_f1", "label, macro-F1", "lines"),
    Line("label_accuracy", "label right", "lines"),
)
HEAD = ("figure", "measured on", "value", "95 % interval", "lines", "wanted", "")
GROUPS = {
    "writer": "right category by writer",
    "persona": "right category by persona",
    "voice": "right category by voice",
    "danger": "heard by danger",
    "kind": "not taken for a request by kind",
    "kind in chats": "not taken for a request by kind, in chats",
    "transcript": "gate right by chat",
    "kind of mask": "masked exactly by kind of data",
}


@dataclass(frozen=True)
class Report:
    """All figures by name; groups of them; F1 of each category; and the confusions.

    `names` are the words behind categories' and items' codes.
    """

    figures: Mapping[str, Figure]
    groups: Mapping[str, Mapping[str, Figure]] = field(default_factory=dict)
    per_category: Mapping[str, float] = field(default_factory=dict)
    confusion: Confusion | None = None
    worst_pairs: Sequence[tuple[str, str, int]] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def rows(self) -> list[tuple[Line, Figure]]:
        """The table: the rows of ROWS that were measured."""
        return [(row, self.figures[row.key]) for row in ROWS if row.key in self.figures]

    def text(self) -> str:
        """The report for a terminal."""
        parts = [table(self.rows())]
        parts += [_group(GROUPS.get(n, n), found) for n, found in self.groups.items() if found]
        if self.confusion is not None:
            parts.append(f"categories: rows as labelled, columns as read\n{self.confusion.text()}")
        if self.worst_pairs:
            parts.append("\n".join(["items most often confused", *self._pairs()]))
        return "\n\n".join(parts)

    def _pairs(self) -> Iterator[str]:
        for true, read, count in self.worst_pairs:
            names = f"{self.names.get(true, '')} read as {self.names.get(read, '')}"
            yield f"  {count:3}  {true} → {read}  {names}"

    def as_mapping(self) -> dict[str, float]:
        """For a manifest: the bare figures, without those that have no lines."""
        found = self.figures.items()
        return {name: round(figure.value, 4) for name, figure in found if figure.lines}

    @staticmethod
    def from_json(stored: Mapping[str, Any], names: Mapping[str, str]) -> Report:
        """What `as_json` made of a report; `names` are not in there."""
        matrix = stored["confusion"]
        counts = tuple(map(tuple, matrix["counts"])) if matrix else ()
        return Report(
            {row["key"]: _figure(row) for row in stored["figures"]},
            {
                name: {key: _figure(one) for key, one in found.items()}
                for name, found in stored["groups"].items()
            },
            stored["per_category"],
            Confusion(tuple(matrix["labels"]), counts) if matrix else None,
            [(one["item"], one["read"], one["lines"]) for one in stored["item_confusions"]],
            names,
        )

    def as_json(self) -> dict[str, Any]:
        """Everything, for machines."""
        return {
            "figures": [_row_json(row, figure) for row, figure in self.rows()],
            "groups": {
                name: {key: _json(figure) for key, figure in worst_first(found)}
                for name, found in self.groups.items()
            },
            "per_category": {name: round(value, 4) for name, value in self.per_category.items()},
            "confusion": {"labels": self.confusion.labels, "counts": self.confusion.counts}
            if self.confusion
            else None,
            "item_confusions": [
                {"item": true, "read": read, "lines": count}
                for true, read, count in self.worst_pairs
            ],
        }


def table(rows: Sequence[tuple[Line, Figure]]) -> str:
    """The rows with a mark each: ✓ reached, ✗ not, blank where nothing is wanted."""
    cells: list[tuple[str, ...]] = [HEAD]
    cells += [_cells(row, figure) for row, figure in rows]
    widths = [max(len(row[n]) for row in cells) for n in range(len(cells[0]))]
    left = (True, True, False, False, False, True, True)
    lines = [
        "  ".join(
            cell.ljust(width) if to_left else cell.rjust(width)
            for cell, width, to_left in zip(row, widths, left, strict=True)
        ).rstrip()
        for row in cells
    ]
    met = [row.wanted.reached(f) for row, f in rows if row.wanted and f.lines]
    open_rows = sum(1 for row, figure in rows if row.wanted and not figure.lines)
    summary = f"{sum(met)} of {len(met)} wanted figures reached"
    return "\n".join([*lines, summary + (f"; {open_rows} without lines" if open_rows else "")])


def _cells(row: Line, figure: Figure) -> tuple[str, ...]:
    wanted = str(row.wanted) if row.wanted else ""
    if not figure.lines:
        return row.name, row.where, NOTHING, "", "0", wanted, "?" if wanted else ""
    interval = f"{figure.low:.3f}–{figure.high:.3f}"
    mark = ("✓" if row.wanted.reached(figure) else "✗") if row.wanted else ""
    return row.name, row.where, f"{figure.value:.3f}", interval, str(figure.lines), wanted, mark


def _group(title: str, found: Mapping[str, Figure]) -> str:
    ranked = worst_first(found)
    lines = [f"  {name:28} {figure}" for name, figure in ranked[:SHOWN]]
    if len(ranked) > SHOWN:
        rest = ranked[SHOWN][1].value
        lines.append(f"  and {len(ranked) - SHOWN} more, from {rest:.3f} upwards")
    return "\n".join([f"{title}, the worst first", *lines])


def _row_json(row: Line, figure: Figure) -> dict[str, Any]:
    wanted = {"at_least" if row.wanted.least else "at_most": row.wanted.bound} if row.wanted else {}
    reached = row.wanted.reached(figure) if row.wanted and figure.lines else None
    about = {"key": row.key, "name": row.name, "where": row.where}
    return about | _json(figure) | {"wanted": wanted or None, "reached": reached}


def _figure(stored: Mapping[str, Any]) -> Figure:
    if not stored["lines"]:
        return NONE
    return Figure(stored["value"], stored["low"], stored["high"], stored["lines"])


def _json(figure: Figure) -> dict[str, Any]:
    if not figure.lines:
        return {"value": None, "low": None, "high": None, "lines": NONE.lines}
    numbers = {"value": figure.value, "low": figure.low, "high": figure.high}
    return {name: round(n, 4) for name, n in numbers.items()} | {"lines": figure.lines}
