"""Neighbouring grids in which an outage was told lately: what is told here may be the same."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, bindparam, literal, select, union_all
from sqlalchemy.sql.base import Executable

from intake.grids import Grid, near
from intake.matching import OUTAGE_WINDOW, OUTAGES
from storage.case_tables import cases
from storage.dialect import Dialect
from storage.tables import grids


def grids_next_door(
    connection: Connection, dialect: Dialect, mine: Set[str], now: datetime
) -> set[str]:
    """Those that are next to one of `mine`; one statement."""
    wanted = {"mine": dialect.listed(mine), "since": now - OUTAGE_WINDOW}
    rows = connection.execute(_told_lately(dialect), wanted).all()
    ours = [Grid(id, "", path) for id, path, told in rows if not told]
    told = [Grid(id, "", path) for id, path, told in rows if told]
    return {other.id for other in told if any(near(one, other) for one in ours)}


@cache
def _told_lately(dialect: Dialect) -> Executable:
    since = bindparam("since", type_=cases.c.opened_at.type)
    outage = select(cases.c.grid).where(
        cases.c.opened_at >= since, cases.c.item.in_(sorted(OUTAGES)), cases.c.is_open
    )
    return union_all(
        select(grids.c.id, grids.c.path, literal(0)).where(dialect.among(grids.c.id, "mine")),
        select(grids.c.id, grids.c.path, literal(1)).where(grids.c.id.in_(outage)),
    )
