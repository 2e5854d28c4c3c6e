"""Which grids a batch concerns, by its cases and its people: the statements.

The law of this file: only SQL, no values; what they mean stands in `desk_load.py`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select, union, union_all
from sqlalchemy.sql.base import Executable

from intake.cases import LineRole
from storage.case_tables import cases, lines, prompts
from storage.dialect import Dialect
from storage.tables import grants, grids, people


@cache
def homes(dialect: Dialect) -> Executable:
    """Rows of (case, its grid, the case it is merged into, that one's grid)."""
    main = cases.alias("main")
    rows = select(cases.c.id, cases.c.grid, main.c.id.label("main_id"), main.c.grid.label("home"))
    joined = rows.select_from(cases.outerjoin(main, main.c.id == cases.c.merged_into))
    since = bindparam("since", type_=cases.c.opened_at.type)
    asked = select(prompts.c.case_id).where(dialect.among(prompts.c.person, "persons"))
    return union_all(
        joined.where(dialect.among(cases.c.id, "ids")),
        joined.where(dialect.among(cases.c.merged_into, "ids")),
        joined.where(cases.c.id.in_(asked)),
        joined.where(dialect.among(cases.c.reporter, "persons"), cases.c.opened_at >= since),
        joined.where(
            cases.c.id.in_(_joined_here(dialect)),
            cases.c.is_open,
            ~dialect.among(cases.c.grid, "mine"),
        ),
    )


def _joined_here(dialect: Dialect) -> Select[Any]:
    """The cases to which chats had something to add lately."""
    lately = bindparam("lately", type_=lines.c.at.type)
    return select(lines.c.case_id).where(
        dialect.among(lines.c.chat, "chats"),
        lines.c.at >= lately,
        lines.c.role == LineRole.PLUS_ONE,
    )


@cache
def belonging(dialect: Dialect) -> Executable:
    """The grids that people belong to or work in."""
    return union(
        select(grids.c.id)
        .join(people, people.c.home == grids.c.id)
        .where(dialect.among(people.c.id, "persons")),
        select(grids.c.id)
        .join(grants, grants.c.scope == grids.c.id)
        .where(dialect.among(grants.c.person, "persons")),
    )
