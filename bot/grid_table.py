"""Grids as a table of text, as the command line and the desk take them: district,street,community,grid,name.

The law of this file: every row is checked before anything is stored, and every mistake is told with its line.
Nothing that is there is lost: an area keeps its name, and no id comes to mean something else.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from intake.grids import Grid
from storage.records import Area

NEEDED: Final = ("district", "street", "community", "grid", "name")
PLACES: Final = "places"
_LEVELS: Final = NEEDED[:3]
_DEPARTMENT: Final = "department"
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_LONGEST_NAME: Final = 60


class Mistake(StrEnum):
    """What is wrong with a line; each front says it in its own words."""

    COLUMNS = "columns"
    UNREADABLE = "unreadable"
    ID = "id"
    NAME = "name"
    TWICE = "twice"
    ELSEWHERE = "elsewhere"
    BEYOND = "beyond"  # beyond the reach of whoever imports; the command line has no bounds


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake, at a line (from 1), about a word of it."""

    line: int
    mistake: Mistake
    word: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line that is right by itself."""

    line: int
    grid: Grid


@dataclass(frozen=True, slots=True)
class GridTable:
    """What a table says: rows and mistakes by line."""

    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def grids(self) -> list[Grid]:
        return [row.grid for row in self.rows]

    def areas(self, present: Iterable[Area]) -> list[Area]:
        """The nodes above the grids, parents before children; those of `present` keep their names."""
        names = {area.id: area.name for area in present}
        found: dict[str, Area] = {}
        for level, kind in enumerate(_LEVELS):
            for grid in self.grids:
                id, parent = grid.path[level], grid.path[level - 1] if level else None
                found[id] = Area(id, kind, names.get(id) or id, parent)
        return list(found.values())


def read_table(
    text: str,
    areas: Sequence[Area] = (),
    grids: Sequence[Grid] = (),
    departments: Iterable[str] = (),
) -> GridTable:
    """Read `text`; `areas` and `grids` are those that are there already, `departments` the codes that
    stand beside the tree: roles and pages are found by either, so no place takes one."""
    return _Reading(areas, grids, departments).read(text)


_Standing = dict[str, tuple[str, str | None]]
"""What each id stands for: its kind and what lies above it; a grid may be moved, so None there."""


@dataclass
class _Reading:
    areas: Sequence[Area]
    grids: Sequence[Grid]
    departments: Iterable[str]
    problems: list[Problem] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    stands: _Standing = field(init=False)

    def __post_init__(self) -> None:
        self.stands = _standing(self.areas, self.grids, self.departments)

    def read(self, text: str) -> GridTable:
        reader = csv.DictReader(text.removeprefix("\ufeff").splitlines(), strict=True)
        try:
            missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
            if missing:
                return GridTable((), (Problem(1, Mistake.COLUMNS, ",".join(missing)),))
            for row in reader:
                self._row(reader.line_num, row)
        except csv.Error as error:
            self.problems.append(Problem(reader.line_num, Mistake.UNREADABLE, str(error)))
        if not self.rows and not self.problems:
            self.problems.append(Problem(1, Mistake.COLUMNS, ",".join(NEEDED)))
        return GridTable(tuple(self.rows), tuple(self.problems))

    def _row(self, line: int, row: Mapping[str, str | None]) -> None:
        path = tuple((row[name] or "").strip() for name in NEEDED[:4])
        name = (row["name"] or "").strip()
        mistakes = list(self._mistakes(path, name))
        if mistakes:
            self.problems += [Problem(line, mistake, word) for mistake, word in mistakes]
            return
        self.seen.add(path[3])
        self.stands |= _places_of(path)
        places = tuple(p.strip() for p in (row.get(PLACES) or "").split(";") if p.strip())
        self.rows.append(Row(line, Grid(path[3], name, path, places)))

    def _mistakes(self, path: tuple[str, ...], name: str) -> Iterator[tuple[Mistake, str]]:
        bad = [part for part in path if not _ID.fullmatch(part)]
        if bad:
            yield Mistake.ID, bad[0][:_LONGEST_NAME]
        if not name or len(name) > _LONGEST_NAME:
            yield Mistake.NAME, name[:_LONGEST_NAME]
        if path[3] in self.seen:
            yield Mistake.TWICE, path[3]
        elif not bad:
            yield from ((Mistake.ELSEWHERE, id) for id in _conflicts(self.stands, path))


def _standing(
    areas: Iterable[Area], grids: Iterable[Grid], departments: Iterable[str]
) -> _Standing:
    stands: _Standing = dict.fromkeys(departments, (_DEPARTMENT, None))
    stands |= {area.id: (area.kind, area.parent) for area in areas}
    return stands | {grid.id: (NEEDED[3], None) for grid in grids}


def _places_of(path: tuple[str, ...]) -> _Standing:
    areas: _Standing = {
        path[level]: (kind, path[level - 1] if level else None)
        for level, kind in enumerate(_LEVELS)
    }
    return areas | {path[3]: (NEEDED[3], None)}


def _conflicts(stands: _Standing, path: tuple[str, ...]) -> list[str]:
    """The ids of `path` that stand for something else, or twice in it."""
    meant = _places_of(path)
    if len(meant) < len(path):
        return [next(id for id in path if path.count(id) > 1)]
    return [id for id, what in meant.items() if stands.get(id, what) != what]
