"""The copies of words that somebody withdrew.

The law of this file: where a message is withdrawn, its words go at once from the timelines and from what was
said of them, in the transaction of the withdrawal; that a step was taken and a post sent stays on record.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Text, bindparam, func, or_, select, type_coerce, update
from sqlalchemy.sql.base import Executable

from storage.case_tables import entries, lines
from storage.dialect import Dialect
from storage.flow_tables import outbox

_QUOTED: Final = 24
"""So much of somebody's words stands in a quotation."""
_TELLING: Final = 4
"""Words shorter than this are looked for only as a quotation, for they stand in many a sentence."""


def forget_copies(connection: Connection, dialect: Dialect, listed: Mapping[str, Any]) -> None:
    """Blank the copies of the lines bound as pairs `messages`; call it before they are blanked."""
    found = connection.execute(_lines(dialect), listed).all()
    if not found:
        return
    connection.execute(_steps(), [{"b_case": row.case_id, "b_words": row.text} for row in found])
    connection.execute(
        _posts(), [{"b_case": row.case_id, "b_words": _needle(row.text)} for row in found]
    )


def _needle(text: str) -> str:
    line = " ".join(text.split())[:_QUOTED]
    return line if len(line) >= _TELLING else f"「{line}"


@cache
def _lines(dialect: Dialect) -> Executable:
    return select(lines.c.case_id, lines.c.text).where(
        dialect.pairs(lines.c.message, lines.c.chat, "messages"), lines.c.text.is_not(None)
    )


@cache
def _steps() -> Executable:
    return (
        update(entries)
        .where(
            entries.c.case_id == bindparam("b_case"),
            entries.c.words == bindparam("b_words", type_=Text()),
        )
        .values(words=None)
    )


@cache
def _posts() -> Executable:
    """What has left already; a post that still waits is not changed any more."""
    words = bindparam("b_words", type_=Text())
    told = (type_coerce(outbox.c.text, Text), type_coerce(outbox.c.params, Text))
    return (
        update(outbox)
        .where(
            outbox.c.case_id == bindparam("b_case"),
            outbox.c.due.is_(None),
            or_(*(func.replace(one, words, "") != one for one in told)),
        )
        .values(text=None, params={})
    )
