"""A version of the model as its page shows it: scores beside those of another version, and what is confused.

The law of this file: numbers come from reports that were measured on the same lines; nothing is measured and
nothing is asked of a database here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from bot.versions import Version
from bot.web.desk.words_models import FIGURES, FLAWS, MEASURES, NAMES, RIVALS, VERSION
from intake.drifting import Counts, Drift, Move
from intake.figures import LEAST
from intake.taxonomy import Taxonomy
from nlp.figures import Figure
from nlp.promotion import Flaw, Reason, floor_of
from nlp.report import Line, Report

PAIRS: Final = 10
"""Of what is confused, so many pairs are named."""
_EVEN: Final = 0.0005
"""What is smaller is no change once it is rounded."""
_SCORES: Final = frozenset({"category_f1", "place_f1"})
"""Figures that are no shares."""
_SMALL: Final = 0.1
_STRONG: Final = (0.02, 0.05)
"""From these shares of a row on a mistake is painted stronger."""


def points(value: float) -> str:
    """An F1 as people read a mark: 98.3 of 100."""
    return f"{value * 100:.1f}"


def name_of(version: Version) -> str:
    """What a version is called."""
    return NAMES.get(version.key, version.key)


def reasons(why: Sequence[Reason], taxonomy: Taxonomy) -> list[str]:
    """Why the rule refused a version, in words."""
    return [_sentence(reason, taxonomy) for reason in why]


def _sentence(reason: Reason, taxonomy: Taxonomy) -> str:
    about, category = reason.about, taxonomy.categories.get(reason.about)
    if reason.flaw is not Flaw.SAID:
        about = category.name if category else MEASURES.get(about, about)
    values = asdict(reason) | {
        "about": about,
        "rival": RIVALS.get(reason.rival, reason.rival),
        "mine": points(reason.mine),
        "theirs": points(reason.theirs),
        "floor": points(reason.floor),
    }
    return FLAWS[reason.flaw].format(**values)


# -- scores -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure; `rival` "" where there is none, `reached` None where nothing is wanted."""

    name: str
    value: str
    rival: str
    wanted: str
    reached: bool | None
    lines: int


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """F1 of a category; the rest is "" without a rival. `moved` is -1, 0 or 1."""

    name: str
    value: str
    rival: str
    change: str
    floor: str
    moved: int
    below: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """What is read as what, and how often."""

    true: str
    read: str
    times: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A square of the matrix; `kind` is the class it is painted with."""

    count: int
    kind: str


@dataclass(frozen=True, slots=True)
class Scores:
    """All that a report tells."""

    figures: list[FigureRow]
    categories: list[CategoryRow]
    items: list[Pair]
    pairs: list[Pair]
    labels: list[tuple[str, str]]
    matrix: list[tuple[str, list[Cell]]]
    rival: str


@dataclass(frozen=True, slots=True)
class Targets:
    """How many figures have a target, and those that miss it."""

    wanted: int
    missed: list[FigureRow]


def targets(report: Report) -> Targets:
    """What is wanted of a version and what of it is missed."""
    rows = [row for row in _figures(report) if row.reached is not None]
    return Targets(len(rows), [row for row in rows if not row.reached])


def _figures(report: Report, rival: Report | None = None) -> list[FigureRow]:
    theirs = rival.figures if rival else {}
    return [
        _figure_row(line, figure, theirs.get(line.key))
        for line, figure in report.rows()
        if line.key in FIGURES and figure.lines
    ]


def scores(report: Report, rival: Report | None, rival_name: str) -> Scores:
    """A report, beside that of another version where there is one."""
    per_rival = rival.per_category if rival else {}
    categories = [
        _category_row(report.names.get(code, code), f1, per_rival.get(code))
        for code, f1 in report.per_category.items()
    ]
    categories.sort(key=lambda row: float(row.value))
    names = report.names
    items = [Pair(names.get(a, a), names.get(b, b), n) for a, b, n in report.worst_pairs[:PAIRS]]
    return Scores(
        _figures(report, rival),
        categories,
        items,
        _pairs(report),
        _labels(report),
        _matrix(report),
        rival_name if rival else "",
    )


def _figure_row(line: Line, figure: Figure, rival: Figure | None) -> FigureRow:
    wanted, show = line.wanted, points if line.key in _SCORES else _percent
    said = ""
    if wanted is not None:
        said = VERSION["least" if wanted.least else "most"].format(bound=show(wanted.bound))
    return FigureRow(
        FIGURES[line.key],
        show(figure.value),
        show(rival.value) if rival is not None and rival.lines else "",
        said,
        wanted.reached(figure) if wanted is not None else None,
        figure.lines,
    )


def _category_row(name: str, mine: float, theirs: float | None) -> CategoryRow:
    if theirs is None:
        return CategoryRow(name, points(mine), "", "", "", 0, False)
    floor, change = floor_of(theirs), mine - theirs
    even = abs(change) < _EVEN
    return CategoryRow(
        name,
        points(mine),
        points(theirs),
        VERSION["same"] if even else f"{change * 100:+.1f}",
        points(floor),
        0 if even else 1 if change > 0 else -1,
        mine < floor - 1e-9,
    )


def _percent(value: float) -> str:
    """Small shares more exactly: a limit of 1 % is missed by 1.04 %."""
    return f"{value * 100:.{1 if value >= _SMALL else 2}f}%"


# -- what is confused -------------------------------------------------------------------------------


def _pairs(report: Report) -> list[Pair]:
    """The categories that are most often read as another."""
    matrix, names = report.confusion, report.names
    if matrix is None:
        return []
    found = [
        Pair(names.get(true, true), names.get(read, read), count)
        for true, row in zip(matrix.labels, matrix.counts, strict=True)
        for read, count in zip(matrix.labels, row, strict=True)
        if count and true != read
    ]
    return sorted(found, key=lambda pair: -pair.times)[:PAIRS]


def _labels(report: Report) -> list[tuple[str, str]]:
    matrix = report.confusion
    return [(code, report.names.get(code, code)) for code in matrix.labels] if matrix else []


def _matrix(report: Report) -> list[tuple[str, list[Cell]]]:
    """A row each category: its name, and how often it was read as each."""
    matrix = report.confusion
    if matrix is None:
        return []
    return [
        (
            report.names.get(label, label),
            [Cell(count, _kind(n == m, count, sum(row))) for m, count in enumerate(row)],
        )
        for n, (label, row) in enumerate(zip(matrix.labels, matrix.counts, strict=True))
    ]


def _kind(right: bool, count: int, whole: int) -> str:
    if not count:
        return "none"
    if right:
        return "right"
    return f"wrong{sum(count / whole >= share for share in _STRONG)}"


# -- drift ------------------------------------------------------------------------------------------


_SHARES: Final = ("auto", "human", "corrected")


@dataclass(frozen=True, slots=True)
class DriftRow:
    """A category now and before; each of `cells` is (name of the figure, now, before)."""

    name: str
    cells: tuple[tuple[str, str, str], ...]
    moved: tuple[Move, ...]


def drift_rows(found: Sequence[Drift], taxonomy: Taxonomy) -> tuple[list[DriftRow], int]:
    """What has changed, the marked first; and how many categories are too small to be told apart."""
    large = [one for one in found if max(one.now.requests, one.before.requests) >= LEAST]
    rows = [
        DriftRow(
            taxonomy.categories[one.category].name
            if one.category in taxonomy.categories
            else one.category,
            _cells(one),
            one.moved,
        )
        for one in large
    ]
    rows.sort(key=lambda row: not row.moved)
    return rows, len(found) - len(large)


def _cells(one: Drift) -> tuple[tuple[str, str, str], ...]:
    count = ("requests", _count(one.now.requests), _count(one.before.requests))
    shares = ((name, _share(one.now, name), _share(one.before, name)) for name in _SHARES)
    return (count, *shares)


def _count(number: int) -> str:
    return str(number) if number >= LEAST or not number else f"<{LEAST}"


def _share(counts: Counts, of: str) -> str:
    part: int = getattr(counts, of)
    return f"{part / counts.requests:.0%}" if counts.requests >= LEAST else "—"
