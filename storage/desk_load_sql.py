"""The statements of loading, each built once.

The law of this file: only SQL, no values; what they mean stands in `desk_load.py`.
"""

from __future__ import annotations

from functools import cache

from sqlalchemy import Integer, bindparam, select
from sqlalchemy.sql.base import Executable

from intake.cases import Gathering, Line, Prompt
from storage.case_tables import cases, gatherings, lines, prompts
from storage.chats import CHAT_ROWS
from storage.dialect import Dialect
from storage.open_cases import CASE_ROWS
from storage.rows import Rows
from storage.tables import chats, grids

GATHERING_ROWS = Rows(gatherings, Gathering)
LINE_ROWS = Rows(lines, Line, case="case_id")
PROMPT_ROWS = Rows(prompts, Prompt, case="case_id")

_GRID = (
    *(grids.c.id, grids.c.name, grids.c.path, grids.c.places, grids.c.next_number),
    grids.c.area,
)


@cache
def of_chats(dialect: Dialect) -> Executable:
    return select(*CHAT_ROWS.columns).where(dialect.among(chats.c.chat, "chats"))


@cache
def chats_of_grids(dialect: Dialect) -> Executable:
    return (
        select(*CHAT_ROWS.columns)
        .where(dialect.among(chats.c.grid, "grids"))
        .order_by(chats.c.chat)
    )


@cache
def of_messages(dialect: Dialect) -> Executable:
    return (
        select(lines.c.chat, lines.c.message, lines.c.case_id, lines.c.role, lines.c.text)
        .where(dialect.pairs(lines.c.message, lines.c.chat, "messages"))
        .order_by(lines.c.at, lines.c.case_id)
    )


@cache
def said_lately(dialect: Dialect) -> Executable:
    return (
        select(*LINE_ROWS.columns)
        .where(
            dialect.among(lines.c.chat, "chats"),
            lines.c.at >= bindparam("since", type_=lines.c.at.type),
        )
        .order_by(lines.c.at.desc(), lines.c.message.desc())
        .limit(bindparam("most", type_=Integer))
    )


@cache
def of_grids(dialect: Dialect, lock: bool) -> Executable:
    query = (
        select(*_GRID, grids.c.stamp, grids.c.anew)
        .where(dialect.among(grids.c.id, "ids"))
        .order_by(dialect.ordered(grids.c.id))
    )
    return dialect.locked(query) if lock else query


@cache
def of_cases(dialect: Dialect) -> Executable:
    return select(*CASE_ROWS.columns).where(dialect.among(cases.c.id, "ids"))


@cache
def of_gatherings(dialect: Dialect) -> Executable:
    return select(*GATHERING_ROWS.columns).where(
        dialect.among(gatherings.c.chat, "chats"), dialect.among(gatherings.c.sender, "persons")
    )


@cache
def of_prompts(dialect: Dialect) -> Executable:
    return select(*PROMPT_ROWS.columns).where(dialect.among(prompts.c.person, "persons"))
