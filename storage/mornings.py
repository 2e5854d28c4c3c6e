"""Posts that wait for the morning of their group, and how often a group was spoken to unasked.

The law of this file: a held post lies in the outbox and is never sent by itself. In the transaction that says
what came together it is closed, or taken out where it is not true any more, so that nothing is said twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from intake.cases import CaseId
from intake.grids import ChatRef
from intake.notices import Post
from intake.templates import Template
from storage.dialect import Dialect
from storage.flow_tables import HELD, UNASKED, outbox
from storage.outbox_sql import ROWS
from storage.sent_posts import post_of
from storage.tables import chats

SAID_TOGETHER: Final = "?"
"""The message id of what was said as part of another post, so that no edit overwrites that."""

NEWS: Final = frozenset(
    {
        *(Template.TAKEN, Template.PROGRESS, Template.EXTENDED, Template.PAUSED),
        *(Template.DONE, Template.PLEASE_RATE, Template.WISH_DONE),
    }
)
"""What tells how a case stands: of these the latest is enough."""
_DONE: Final = frozenset({Template.DONE, Template.PLEASE_RATE, Template.WISH_DONE})


class Mornings:
    """The held posts within one transaction."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect

    def of_grids(self, grids: Iterable[str], now: datetime) -> dict[ChatRef, list[Post]]:
        """What the groups of these grids are to hear by now, each in the order in which it arose."""
        query = (
            select(*ROWS.columns)
            .join(chats, chats.c.chat == outbox.c.chat)
            .where(self._dialect.among(chats.c.grid, "grids"), outbox.c.morning <= now, HELD)
            .order_by(outbox.c.id)
        )
        found: dict[ChatRef, list[Post]] = {}
        for row in self._connection.execute(
            query, {"grids": self._dialect.listed(sorted(set(grids)))}
        ):
            post = post_of(row)
            found.setdefault(post.chat, []).append(post)
        return found

    def close(self, fates: Mapping[str, bool], now: datetime) -> None:
        """By key: whether a held post was said as part of another; what was not is taken out."""
        for said in (True, False):
            keys = sorted(key for key, was_said in fates.items() if was_said is said)
            if not keys:
                continue
            held = (self._dialect.among(outbox.c.key, "keys"), HELD)
            statement = (
                update(outbox).where(*held).values(sent_at=now, message_id=SAID_TOGETHER)
                if said
                else delete(outbox).where(*held)
            )
            self._connection.execute(statement, {"keys": self._dialect.listed(keys)})

    def overtake(
        self,
        newer: Iterable[tuple[CaseId | None, ChatRef]],
        over: Iterable[CaseId],
        undone: Iterable[CaseId],
        now: datetime,
    ) -> None:
        """Let go of news that waits for somebody alone: of a case and chat that now get newer, all of what is
        over, and that it is done of what is not."""
        pairs = sorted({(case, str(chat)) for case, chat in newer if case})
        both = self._dialect.pairs(outbox.c.case_id, outbox.c.chat, "some")
        self._let_go(both, NEWS, self._dialect.listed_pairs(pairs) if pairs else None, now)
        those = self._dialect.among(outbox.c.case_id, "some")
        for ids, templates in ((sorted(over), NEWS), (sorted(undone), _DONE)):
            self._let_go(those, templates, self._dialect.listed(ids) if ids else None, now)

    def _let_go(
        self, those: ColumnElement[bool], templates: Iterable[Template], some: object, now: datetime
    ) -> None:
        if some is None:
            return
        waiting = (outbox.c.due.is_not(None), outbox.c.not_before > now, outbox.c.in_flight == 0)
        news = outbox.c.template.in_(sorted(one.value for one in templates))
        statement = delete(outbox).where(those, news, outbox.c.audience == "private", *waiting)
        self._connection.execute(statement, {"some": some})

    def unasked(self, some: Iterable[ChatRef], since: datetime) -> dict[ChatRef, int]:
        """How many posts of today each group did not ask for; what waits for a morning is not one of them."""
        listed = self._dialect.listed(sorted(str(chat) for chat in set(some)))
        query = (
            select(outbox.c.chat, func.count())
            .where(self._dialect.among(outbox.c.chat, "chats"), outbox.c.created_at >= since)
            .where(UNASKED)
            .group_by(outbox.c.chat)
        )
        return {row[0]: row[1] for row in self._connection.execute(query, {"chats": listed})}
