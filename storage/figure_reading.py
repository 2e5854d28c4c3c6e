"""Bringing the columns of figures up to date.

The law of this file: one query for the stamps of the grids; only where one rose, one more for what was saved
since, or one for grids that must be read anew. Only within a transaction that changed no case, for what it
changed may still be undone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

import numpy as np
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Text,
    and_,
    bindparam,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.sql.base import Executable

from intake.buildings import building_of
from intake.lifecycle import CaseKind
from intake.taxonomy import Visibility
from storage.case_tables import cases
from storage.columns import from_json, micros
from storage.dialect import Dialect
from storage.figure_rows import CODES, NONE, ROW, FigureRows, GridColumns, Known, Table
from storage.tables import grids

KEPT: Final = timedelta(days=200)
"""How far back cases are remembered: a quarter, and the one before that it is compared with. They are read
anew when what is remembered reaches back twice as far."""
_MOST_STALE: Final = 50
"""With more grids than this to be brought up to date, they are read anew: a condition has its length."""
_TEXTS: Final = ("category", "item", "lead", "co", "level", "state", "taken_by")
_TIMES: Final = ("opened_at", "respond_due", "resolve_due", "responded_at", "done_at", "closed_at")


def look(connection: Connection, dialect: Dialect, remembered: FigureRows, now: datetime) -> Known:
    """What there is now, at least as far back as KEPT."""
    found = {row.id: row for row in connection.execute(_stamps())}
    before = remembered.get()
    since = micros(now - KEPT)
    if before is not None and since - before.since > KEPT // timedelta(microseconds=1):
        before = None
    if before is not None:
        since = before.since
    known = before.grids if before else {}
    fits = {g: known[g] for g, row in found.items() if g in known and known[g].places == row.places}
    stale = {g: one for g, one in fits.items() if one.stamp < found[g].stamp}
    missing = [grid for grid in found if grid not in fits]
    if len(stale) > _MOST_STALE:
        missing += stale
        stale = {}
    fresh = _changed(connection, stale, found, since)
    fresh |= _anew(connection, dialect, missing, found, since)
    return remembered.put(since, fresh, before)


def _changed(
    connection: Connection,
    stale: Mapping[str, GridColumns],
    found: Mapping[str, Row[Any]],
    since: int,
) -> dict[str, GridColumns]:
    """What is remembered, with what was saved since."""
    if not stale:
        return {}
    saved = or_(
        *(
            and_(cases.c.grid == grid, cases.c.stamp > one.stamp)
            for grid, one in sorted(stale.items())
        )
    )
    made = {grid: _Making(found[grid], since, one) for grid, one in stale.items()}
    for row in connection.execute(select(*_columns()).where(saved)):
        made[row.grid].add(row)
    return {grid: one.made() for grid, one in made.items()}


def _anew(
    connection: Connection,
    dialect: Dialect,
    missing: Sequence[str],
    found: Mapping[str, Row[Any]],
    since: int,
) -> dict[str, GridColumns]:
    if not missing:
        return {}
    made = {grid: _Making(found[grid], since) for grid in missing}
    asked = {"grids": dialect.listed(missing), "since": since}
    for row in connection.execute(_all(dialect), asked):
        made[row.grid].add(row)
    return {grid: one.made() for grid, one in made.items()}


class _Making:
    """The columns of one grid, row by row."""

    def __init__(self, grid: Row[Any], since: int, before: GridColumns | None = None) -> None:
        self._grid = grid
        self._since = since
        self._before = before
        self._rows: list[tuple[Any, ...]] = []
        self._touched: list[int] = []
        self._places: tuple[str, ...] = tuple(from_json(grid.places)) if grid.places else ()
        known = before.buildings if before else ("",)
        self._buildings = {name: n for n, name in enumerate(known)}

    def add(self, row: Row[Any]) -> None:
        """A case as it is stored now."""
        self._touched.append(row.number)
        if not row.is_open and row.opened_at < self._since:
            return
        building = building_of(row.place, self._places) or ""
        times = (NONE if row[at] is None else row[at] for at in range(len(_TIMES)))
        texts = (CODES.number(row[at]) for at in _TEXTS_AT)
        self._rows.append(
            (
                *times,
                row.number,
                *texts,
                self._buildings.setdefault(building, len(self._buildings)),
                -1 if row.score is None else row.score,
                row.visibility == Visibility.PRIVATE,
                row.is_open,
                row.reopened > 0,
                row.kind == CaseKind.WISH,
                row.published is not None,
            )
        )

    def made(self) -> GridColumns:
        """All that stands now."""
        rows = np.array(self._rows, ROW)
        if self._before is not None:
            rows = np.concatenate([_without(self._before.rows, self._touched), rows])
        rows.setflags(write=False)
        return GridColumns(self._grid.stamp, self._grid.places, rows, tuple(self._buildings))


def _without(rows: Table, numbers: Sequence[int]) -> Table:
    kept: Table = rows[~np.isin(rows["number"], numbers)]
    return kept


_TEXTS_AT: Final = range(len(_TIMES), len(_TIMES) + len(_TEXTS))


@cache
def _columns() -> tuple[ColumnElement[Any], ...]:
    """As they are stored: decoding 100,000 rows costs more than reading them."""
    times = (type_coerce(cases.c[name], BigInteger).label(name) for name in _TIMES)
    texts = (
        type_coerce(cases.c[name], Text).label(name) for name in (*_TEXTS, "visibility", "kind")
    )
    return (
        *times,
        *texts,
        *(cases.c[name] for name in ("grid", "number", "place", "score", "is_open", "reopened")),
        cases.c.published,
    )


@cache
def _stamps() -> Executable:
    return select(grids.c.id, grids.c.stamp, type_coerce(grids.c.places, Text).label("places"))


@cache
def _all(dialect: Dialect) -> Executable:
    wanted = or_(
        cases.c.is_open,
        type_coerce(cases.c.opened_at, BigInteger) >= bindparam("since", type_=BigInteger),
    )
    return select(*_columns()).where(dialect.among(cases.c.grid, "grids"), wanted)
