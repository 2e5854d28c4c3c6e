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
    func,
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

KEPT: Final = timedelta(days=740)
"""How far back cases are remembered: the longest time that can be asked for, and the one before it that it is
compared with."""
_MORE: Final = timedelta(days=60)
"""Where what is remembered reaches back so much further than that, it is read anew."""
_MOST_STALE: Final = 50
"""With more grids than this to be brought up to date, they are read anew: a condition has its length."""
_TEXTS: Final = (
    *("category", "item", "lead", "co", "level", "nature", "state", "taken_by", "call_back"),
)
_TIMES: Final = {
    "opened": "opened_at",
    "respond_due": "respond_due",
    "resolve_due": "resolve_due",
    "responded": "responded_at",
    "done": "done_at",
    "closed": "closed_at",
}
_NAMES: Final = ROW.names or ()


def look(connection: Connection, dialect: Dialect, remembered: FigureRows, now: datetime) -> Known:
    """What there is now, at least as far back as KEPT."""
    found = {row.id: row for row in connection.execute(_stamps())}
    before = remembered.get()
    since = micros(now - KEPT)
    if before is not None and since - before.since > _MORE // timedelta(microseconds=1):
        before = None
    if before is not None:
        since = before.since
    known = before.grids if before else {}
    fits = {
        g: known[g]
        for g, row in found.items()
        if g in known and known[g].places == row.places and known[g].stamp >= row.anew
    }
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
        made[row[-1]].add(row)
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
        made[row[-1]].add(row)
    return {grid: one.made() for grid, one in made.items()}


class _Making:
    """The columns of one grid: rows as they come, turned into columns all at once."""

    def __init__(self, grid: Row[Any], since: int, before: GridColumns | None = None) -> None:
        self._grid = grid
        self._since = since
        self._before = before
        self._rows: list[Row[Any]] = []
        self._places: tuple[str, ...] = tuple(from_json(grid.places)) if grid.places else ()
        known = before.buildings if before else ("",)
        self._buildings = {name: n for n, name in enumerate(known)}

    def add(self, row: Row[Any]) -> None:
        """A case as it is stored now."""
        self._rows.append(row)

    def made(self) -> GridColumns:
        """All that stands now."""
        kept = [row for row in self._rows if row.is_open or row.opened >= self._since]
        rows = np.zeros(len(kept), ROW)
        for name, column in zip(_NAMES, zip(*kept, strict=True), strict=False):
            rows[name] = self._numbers(name, column)
        if self._before is not None:
            touched = [row.number for row in self._rows]
            rows = np.concatenate([_without(self._before.rows, touched), rows])
        rows.setflags(write=False)
        return GridColumns(self._grid.stamp, self._grid.places, rows, tuple(self._buildings))

    def _numbers(self, name: str, column: Sequence[Any]) -> Sequence[Any]:
        if name == "building":
            named = {place: building_of(place, self._places) or "" for place in set(column)}
            known = self._buildings
            return [known.setdefault(named[place], len(known)) for place in column]
        return list(map(CODES.number, column)) if name in _TEXTS else column


def _without(rows: Table, numbers: Sequence[int]) -> Table:
    kept: Table = rows[~np.isin(rows["number"], numbers)]
    return kept


@cache
def _columns() -> tuple[ColumnElement[Any], ...]:
    """Those of ROW and the grid, as they are stored: decoding 100,000 rows costs more than reading them."""

    def text(name: str) -> ColumnElement[Any]:
        return type_coerce(cases.c[name], Text)

    times = {
        name: func.coalesce(type_coerce(cases.c[stored], BigInteger), NONE)
        for name, stored in _TIMES.items()
    }
    flags = {
        "private": text("visibility") == Visibility.PRIVATE.value,
        "is_open": cases.c.is_open,
        "reopened": cases.c.reopened > 0,
        "wish": text("kind") == CaseKind.WISH.value,
        "published": cases.c.published.is_not(None),
    }
    named = {
        **times,
        "number": cases.c.number,
        **{name: text(name) for name in _TEXTS},
        "building": cases.c.place,
        "score": func.coalesce(cases.c.score, -1),
        **flags,
    }
    return (*(named[name].label(name) for name in _NAMES), cases.c.grid)


@cache
def _stamps() -> Executable:
    places = type_coerce(grids.c.places, Text).label("places")
    return select(grids.c.id, grids.c.stamp, grids.c.anew, places)


@cache
def _all(dialect: Dialect) -> Executable:
    wanted = or_(
        cases.c.is_open,
        type_coerce(cases.c.opened_at, BigInteger) >= bindparam("since", type_=BigInteger),
    )
    return select(*_columns()).where(dialect.among(cases.c.grid, "grids"), wanted)
