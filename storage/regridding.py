"""Cases that go to another grid.

The law of this file: a case keeps its id; its grid, its number there and the grid of its timers change
together, and what any process remembers of the grid that it left is to be read anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from sqlalchemy import Connection, bindparam, update
from sqlalchemy.sql.base import Executable

from intake.facts import Changes
from storage.case_tables import cases, timers
from storage.tables import grids


def regrid(connection: Connection, changes: Changes, stamps: Mapping[str, int]) -> None:
    """Put the cases of `changes.gone` where they are now. `stamps` are the grids' new stamps."""
    if not changes.gone:
        return
    now = [changes.cases[id] for id in sorted(changes.gone)]
    rows = [{"b_id": one.id, "b_grid": one.grid, "b_number": one.number} for one in now]
    connection.execute(_regrid(), rows)
    connection.execute(_regrid_timers(), [{"b_id": one.id, "b_grid": one.grid} for one in now])
    left = [{"b_grid": one, "b_anew": stamps[one]} for one in sorted(set(changes.gone.values()))]
    connection.execute(_read_anew(), left)


@cache
def _regrid() -> Executable:
    return (
        update(cases)
        .where(cases.c.id == bindparam("b_id"))
        .values(grid=bindparam("b_grid"), number=bindparam("b_number"))
    )


@cache
def _regrid_timers() -> Executable:
    return (
        update(timers).where(timers.c.subject == bindparam("b_id")).values(grid=bindparam("b_grid"))
    )


@cache
def _read_anew() -> Executable:
    return update(grids).where(grids.c.id == bindparam("b_grid")).values(anew=bindparam("b_anew"))
