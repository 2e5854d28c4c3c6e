"""Bringing what is remembered of grids up to date.

The law of this file: for all grids of a batch together, at most one query for those whose cases changed
since they were remembered and one for those that must be read anew, and one for the followers of both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, select, text
from sqlalchemy.sql.base import Executable

from intake.cases import Case, CaseId, Follower
from storage.cache import GridCases, OpenCases, people_of
from storage.case_tables import cases, followers
from storage.dialect import Dialect
from storage.rows import Rows
from storage.tables import grids

NEWEST: Final = 300
"""How many open cases of a grid the desk sees."""

CASE_ROWS = Rows(cases, Case)
FOLLOWER_ROWS = Rows(followers, Follower, case="case_id")


def open_cases(
    connection: Connection,
    dialect: Dialect,
    remembered: OpenCases,
    stamps: Mapping[str, int],
    dirty: Set[str],
) -> dict[str, GridCases]:
    """The open cases of each grid in `stamps` (grid → its stamp now). Grids in `dirty` were changed in
    this transaction, which may still be undone: they are read anew and not remembered."""
    known = {grid: remembered.get(grid) for grid in stamps if grid not in dirty}
    result = {g: k for g, k in known.items() if k is not None and k.stamp == stamps[g]}
    stale = {
        g: k for g, k in known.items() if k is not None and g not in result and k.stamp < stamps[g]
    }
    fresh = _changed(connection, dialect, stale, stamps)
    missing = [grid for grid in stamps if grid not in result and grid not in fresh]
    fresh |= _anew(connection, dialect, missing, stamps)
    for grid, cases_now in fresh.items():
        if grid not in dirty:
            remembered.put(grid, cases_now)
    return result | fresh


def _changed(
    connection: Connection,
    dialect: Dialect,
    stale: Mapping[str, GridCases],
    stamps: Mapping[str, int],
) -> dict[str, GridCases]:
    """What is remembered, with what was saved since. Leaves out a grid of which older open cases
    must now be seen that were not remembered."""
    if not stale:
        return {}
    oldest = min(known.stamp for known in stale.values())
    rows = connection.execute(
        _since(dialect), {"grids": dialect.listed(stale), "oldest": oldest}
    ).all()
    changed: dict[str, list[Case]] = defaultdict(list)
    for row in rows:
        if row.stamp > stale[row.grid].stamp:
            changed[row.grid].append(CASE_ROWS.of(row))
    newer = followers_of(
        connection, dialect, [case.id for some in changed.values() for case in some]
    )
    result = {}
    for grid, known in stale.items():
        updated = _update(known, changed[grid], newer, stamps[grid])
        if updated.whole or len(updated.cases) >= NEWEST:
            result[grid] = updated
    return result


def _update(
    known: GridCases,
    changed: Sequence[Case],
    newer: Mapping[CaseId, tuple[Follower, ...]],
    stamp: int,
) -> GridCases:
    now = dict(known.cases)
    told = dict(known.followers)
    for case in changed:
        now.pop(case.id, None)
        told.pop(case.id, None)
        if case.is_open:
            now[case.id] = case
            if case.id in newer:
                told[case.id] = newer[case.id]
    return _grid_cases(stamp, now.values(), told, known.whole)


def _anew(
    connection: Connection, dialect: Dialect, missing: Sequence[str], stamps: Mapping[str, int]
) -> dict[str, GridCases]:
    if not missing:
        return {}
    rows = connection.execute(
        _newest(dialect), {"grids": dialect.listed(missing), "most": NEWEST}
    ).all()
    found: dict[str, list[Case]] = {grid: [] for grid in missing}
    for case in CASE_ROWS.many(rows):
        found[case.grid].append(case)
    told = followers_of(connection, dialect, [case.id for some in found.values() for case in some])
    return {
        grid: _grid_cases(stamps[grid], some, told, len(some) < NEWEST)
        for grid, some in found.items()
    }


def _grid_cases(
    stamp: int,
    some: Iterable[Case],
    told: Mapping[CaseId, tuple[Follower, ...]],
    whole: bool,
) -> GridCases:
    newest = sorted(some, key=lambda case: case.number, reverse=True)
    now = {case.id: case for case in newest[:NEWEST]}
    mine = {id: told[id] for id in now if id in told}
    return GridCases(
        stamp=stamp,
        cases=now,
        followers=mine,
        whole=whole and len(newest) <= NEWEST,
        people=frozenset(people_of(now))
        | {follower.person for some in mine.values() for follower in some},
    )


def followers_of(
    connection: Connection, dialect: Dialect, ids: Sequence[CaseId]
) -> dict[CaseId, tuple[Follower, ...]]:
    """The followers of these cases; a case without any is left out."""
    if not ids:
        return {}
    found: dict[CaseId, list[Follower]] = defaultdict(list)
    rows = connection.execute(_followers(dialect), {"ids": dialect.listed(ids)})
    for follower in FOLLOWER_ROWS.many(rows):
        found[follower.case].append(follower)
    return {id: tuple(some) for id, some in found.items()}


@cache
def _since(dialect: Dialect) -> Executable:
    return select(*CASE_ROWS.columns, cases.c.stamp).where(
        dialect.among(cases.c.grid, "grids"), text("cases.stamp > :oldest")
    )


@cache
def _newest(dialect: Dialect) -> Executable:
    return dialect.first_of_each(
        parent=grids.c.id,
        condition=dialect.among(grids.c.id, "grids"),
        child=cases,
        group="grid",
        where=_is_open,
        order=[lambda table: table.c.number.desc()],
        columns=CASE_ROWS.keys,
        limit="most",
    )


def _is_open(table: Any) -> Any:
    """Spelt as in the partial index, so that it is used."""
    return text(f"{table.name}.is_open")


@cache
def _followers(dialect: Dialect) -> Executable:
    return (
        select(*FOLLOWER_ROWS.columns)
        .where(dialect.among(followers.c.case_id, "ids"))
        .order_by(followers.c.case_id, followers.c.person)
    )
