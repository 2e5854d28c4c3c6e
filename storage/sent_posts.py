"""What was said, and what became of it.

The law of this file: it only reads, and a post comes back as it was stored.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select

from intake.cases import CaseId
from intake.notices import Button, Post
from storage import outbox_sql as sql
from storage.flow_tables import outbox
from storage.outbox_sql import ROWS
from storage.records import SentPost
from storage.rows import AnyRow

_BUTTONS = next(i for i, field in enumerate(fields(Post)) if field.name == "buttons")


class SentPosts:
    """The posts within one transaction, to be looked at."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_case(self, case_id: CaseId) -> list[SentPost]:
        """Everything said about a case, as it was worded, oldest first."""
        return self._fates(outbox.c.case_id == case_id)

    def of_cause(self, cause: str) -> list[SentPost]:
        """Everything that one message or timer made us say."""
        return self._fates(outbox.c.cause == cause)

    def find(self, key: str) -> SentPost | None:
        """The post with this key."""
        return next(iter(self._fates(outbox.c.key == key)), None)

    def parked(self, limit: int = 100) -> list[SentPost]:
        """Posts that were given up, newest first."""
        return self._read(
            sql.FATES.where(outbox.c.parked_at.is_not(None))
            .order_by(outbox.c.parked_at.desc())
            .limit(limit)
        )

    def every(self) -> list[SentPost]:
        """Every post there is, in order; for looking at a whole database only."""
        return self._read(sql.FATES.order_by(outbox.c.id))

    def _fates(self, condition: ColumnElement[bool]) -> list[SentPost]:
        return self._read(sql.FATES.where(condition).order_by(outbox.c.id))

    def _read(self, query: Select[Any]) -> list[SentPost]:
        return [
            SentPost(
                row.id,
                post_of(row),
                row.message_id,
                row.sent_at,
                row.parked_at,
                row.error,
                row.attempts,
            )
            for row in self._connection.execute(query)
        ]


def post_of(row: AnyRow) -> Post:
    values = list(row[: len(ROWS.keys)])
    values[_BUTTONS] = tuple(Button(*button) for button in values[_BUTTONS] or ())
    return ROWS.of(values)
