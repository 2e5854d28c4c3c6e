"""The outbox: posts on their way out, and what was said.

The law of this file: a post is stored in the transaction of its cause and leaves at least once; only a
kill between sending and noting it can repeat it, once per kill, and that is counted as uncertain. Each
chat is a queue with a lease: one post in flight, in order of id among those whose time has come. A post
held by `not_before` lets later ones pass; a post being retried does not, since its chat is in trouble. A post
held for a morning never leaves by itself (`mornings.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import (
    Connection,
    bindparam,
    case,
    delete,
    func,
    select,
    update,
)

from intake.cases import CaseId
from intake.grids import ChatRef, MessageRef
from intake.notices import Post, Urgency
from storage import outbox_sql as sql
from storage.columns import clean
from storage.dialect import Dialect
from storage.flow_tables import HELD, outbox, queues
from storage.outbox_sql import IDLE, ROWS, WAITING
from storage.records import OutboxRow
from storage.rows import AnyRow
from storage.sent_posts import SentPosts, post_of

KEEP_SENT = timedelta(days=90)
_SWEEP: Final = 5_000

_RANK = {urgency.value: rank for rank, urgency in enumerate(Urgency)}


class Outbox(SentPosts):
    """The outbox within one transaction."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        super().__init__(connection)
        self._dialect = dialect

    def add(self, posts: Sequence[Post]) -> None:
        """Store posts, in this order; one whose key is there already changes nothing."""
        if not posts:
            return
        self._mark([post for post in posts if post.morning is None])
        self._connection.execute(sql.add_posts(self._dialect), [_stored(post) for post in posts])
        self._dialect.wake(self._connection)

    def _mark(self, posts: Sequence[Post]) -> None:
        """Say that the queues have work, and lock them, in one order everywhere."""
        if not posts:
            return
        marks: dict[ChatRef, tuple[int, datetime]] = {}
        for post in posts:
            rank, due = _RANK[post.urgency], _due(post)
            known = marks.get(post.chat, (rank, due))
            marks[post.chat] = (min(known[0], rank), min(known[1], due))
        self._connection.execute(
            sql.mark_queues(self._dialect),
            [
                {"chat": chat, "rank": marks[chat][0], "due": marks[chat][1]}
                for chat in sorted(marks)
            ],
        )

    def claim(
        self,
        owner: str,
        now: datetime,
        ttl: timedelta,
        limit: int,
        skip_chats: Iterable[ChatRef] = (),
    ) -> list[OutboxRow]:
        """Take up to `limit` posts whose time has come, one per chat, most urgent chats first. Report
        each by `sent`, `retry`, `park` or `release` before `now + ttl`; otherwise somebody else sends
        it again. `skip_chats` are those whose pace allows nothing now."""
        skipped = sorted(str(chat) for chat in skip_chats)
        taken = self._connection.execute(
            sql.claim_queues(self._dialect),
            {
                "owner": owner,
                "now": now,
                "until": now + ttl,
                "limit": limit,
                "skipped": self._dialect.listed(skipped),
            },
        ).all()
        if not taken:
            return []
        heads = self._heads([str(row.chat) for row in taken], now)
        leases = {row.chat: row.lease for row in taken}
        ready = {row.chat: row for row in heads if row.due <= now}
        self._hold([chat for chat in leases if chat not in ready], heads)
        self._fly([(row.id, leases[row.chat]) for row in ready.values()])
        order = sorted(taken, key=attrgetter("rank", "due", "chat"))
        return self._claimed([(ready[q.chat], q.lease) for q in order if q.chat in ready])

    def _heads(self, chats: Sequence[str], now: datetime) -> Sequence[AnyRow]:
        found = self._connection.execute(
            sql.first_posts(self._dialect),
            {"chats": self._dialect.listed(chats), "now": now, "one": 1},
        )
        return found.all()

    def _hold(self, chats: Sequence[ChatRef], heads: Sequence[AnyRow]) -> None:
        """Free queues that were marked due but have nothing to send now."""
        if not chats:
            return
        self._settle([str(chat) for chat in chats])
        later = [
            {"name": row.chat, "later": row.due} for row in heads if row.chat in frozenset(chats)
        ]
        if later:
            self._connection.execute(sql.put_off(), later)

    def _fly(self, rows: Sequence[tuple[int, int]]) -> None:
        if rows:
            self._connection.execute(
                sql.take_off(), [{"row": number, "lease": lease} for number, lease in rows]
            )

    def _claimed(self, rows: Sequence[tuple[AnyRow, int]]) -> list[OutboxRow]:
        posts = [(row, lease, post_of(row)) for row, lease in rows]
        edited = self._edited([post for _, _, post in posts])
        return [
            OutboxRow(
                id=row.id,
                lease=lease,
                attempts=row.attempts + 1,
                post=post,
                uncertain=row.in_flight > 0 or row.uncertain > 0,
                edits_message=edited.get((post.edits or "", post.chat)),
            )
            for row, lease, post in posts
        ]

    def _edited(self, posts: Sequence[Post]) -> Mapping[tuple[str, ChatRef], str]:
        """The message ids of earlier posts that these replace, by (key, chat)."""
        keys = {post.edits for post in posts if post.edits}
        if not keys:
            return {}
        found = self._connection.execute(
            select(outbox.c.key, outbox.c.chat, outbox.c.message_id).where(
                self._dialect.among(outbox.c.key, "keys"), outbox.c.message_id.is_not(None)
            ),
            {"keys": self._dialect.listed(sorted(keys))},
        )
        return {(row.key, row.chat): row.message_id for row in found}

    def sent(self, rows: Sequence[tuple[int, int, str | None]], at: datetime) -> None:
        """Note posts as sent: (id, lease, the platform's message id). True even when the lease was
        lost meanwhile, because it says what happened; noting it twice keeps the first."""
        if not rows:
            return
        queue = self._lock([number for number, _, _ in rows])
        self._connection.execute(
            sql.note_sent(),
            [{"row": number, "message": message, "now": at} for number, _, message in rows],
        )
        self._free(rows, queue)

    def waiting_behind(
        self, row: OutboxRow, prefix: str, now: datetime, limit: int
    ) -> list[tuple[int, Post]]:
        """What waits in the chat of a claimed post, after it, with a template that begins so: (id,
        post), in order. As long as the claim holds, nobody else sends them."""
        query = (
            select(outbox)
            .where(
                outbox.c.chat == row.post.chat,
                outbox.c.id > row.id,
                outbox.c.due <= now,
                outbox.c.template.like(f"{prefix}%"),
            )
            .order_by(outbox.c.id)
            .limit(limit)
        )
        return [(found.id, post_of(found)) for found in self._connection.execute(query)]

    def sent_along(self, ids: Sequence[int], message_id: str, at: datetime) -> None:
        """These left as part of another post of the same chat, whose claim still holds; call `sent`
        for that one afterwards."""
        if ids:
            self._connection.execute(
                update(outbox)
                .where(outbox.c.id.in_(ids), WAITING)
                .values(due=None, sent_at=at, message_id=message_id)
            )

    def retry(self, id: int, lease: int, at: datetime, error: str) -> None:
        """Try again at `at`; until then the chat's later posts wait too. Ignored when the lease was
        lost or the post has left."""
        queue = self._lock([id])
        changed = self._connection.execute(
            sql.of_lease(id, lease).values(due=at, in_flight=0, error=clean(error))
        )
        if changed.rowcount:
            self._free([(id, lease, None)], queue)
            self._connection.execute(sql.put_off(), [{"name": queue[id][0], "later": at}])

    def park(self, id: int, lease: int, reason: str, at: datetime) -> None:
        """Give up on a post and say why; the chat's later posts go on."""
        queue = self._lock([id])
        self._connection.execute(
            sql.of_lease(id, lease).values(due=None, in_flight=0, parked_at=at, error=clean(reason))
        )
        self._free([(id, lease, None)], queue)

    def release(self, rows: Sequence[OutboxRow]) -> None:
        """Give back posts that were claimed but not tried."""
        if not rows:
            return
        queue = self._lock([row.id for row in rows])
        self._connection.execute(
            update(outbox)
            .where(
                outbox.c.id == bindparam("row"),
                outbox.c.in_flight == bindparam("lease"),
                WAITING,
            )
            .values(in_flight=0, attempts=outbox.c.attempts - 1),
            [{"row": row.id, "lease": row.lease} for row in rows],
        )
        self._free([(row.id, row.lease, None) for row in rows], queue)

    def drop_leases(self, owner: str) -> int:
        """Give back what `owner` had in flight before it was killed; returns how many posts may
        have been sent all the same. They are sent again, once."""
        held = self._connection.scalars(
            self._dialect.locked(
                select(queues.c.chat)
                .where(queues.c.owner == owner)
                .order_by(self._dialect.ordered(queues.c.chat))
            )
        ).all()
        if not held:
            return 0
        names = [str(chat) for chat in held]
        doubtful = self._connection.execute(
            update(outbox)
            .where(self._dialect.among(outbox.c.chat, "names"), WAITING, outbox.c.in_flight > 0)
            .values(in_flight=0, uncertain=outbox.c.uncertain + 1),
            {"names": self._dialect.listed(names)},
        )
        self._settle(names)
        return doubtful.rowcount

    def pending(self, now: datetime | None = None) -> int:
        """How many posts are neither sent nor parked, those held for a morning included; with `now`, only
        those whose time has come."""
        count = select(func.count()).select_from(outbox)
        if now is not None:
            return self._connection.scalar(count.where(WAITING, outbox.c.due <= now)) or 0
        both = [count.where(some).scalar_subquery() for some in (WAITING, HELD)]
        return self._connection.scalar(select(both[0] + both[1])) or 0

    def next_due(self) -> datetime | None:
        """When the next post may leave, those in flight included."""
        due: datetime | None = self._connection.scalar(select(func.min(queues.c.due)))
        return due

    def cases_behind(self, messages: Iterable[MessageRef]) -> dict[MessageRef, CaseId]:
        """The cases that sent posts are about, by (chat, the platform's message id)."""
        wanted = sorted(set(messages))
        if not wanted:
            return {}
        found = self._connection.execute(
            sql.cases_behind(self._dialect),
            {"messages": self._dialect.listed_pairs((str(chat), id) for chat, id in wanted)},
        )
        return {MessageRef(row.chat, row.message_id): row.case_id for row in found}

    def move_chat(self, old: ChatRef, new: ChatRef) -> None:
        """Send what waits for `old` to `new`. Quotes and edits are dropped: message ids do not move.
        A post in flight at this moment is counted as uncertain and sent again to the new chat."""
        self._connection.execute(
            sql.mark_queues(self._dialect),
            [{"chat": chat, "rank": IDLE, "due": None} for chat in sorted((old, new))],
        )
        self._connection.execute(
            update(outbox)
            .where(outbox.c.chat == old, WAITING)
            .values(
                chat=new,
                reply_to=None,
                edits=None,
                in_flight=0,
                uncertain=outbox.c.uncertain + case((outbox.c.in_flight > 0, 1), else_=0),
            )
        )
        self._connection.execute(
            update(outbox).where(outbox.c.chat == old, HELD).values(chat=new, reply_to=None)
        )
        self._settle([str(old)])
        self._remark([str(new)])

    def forget(self, now: datetime) -> int:
        """Drop sent and parked posts after 90 days; returns how many, a few thousand at a time."""
        old = (
            select(outbox.c.id)
            .where(outbox.c.created_at < now - KEEP_SENT, outbox.c.due.is_(None))
            .limit(_SWEEP)
        )
        return self._connection.execute(delete(outbox).where(outbox.c.id.in_(old))).rowcount

    def pictures(self) -> set[str]:
        """The pictures that posts name."""
        query = select(outbox.c.picture).where(outbox.c.picture.is_not(None)).distinct()
        return set(self._connection.scalars(query))

    def _lock(self, ids: Sequence[int]) -> dict[int, tuple[ChatRef, int]]:
        """The queue of each post, (chat, lease), with the queues' rows locked until commit."""
        found = self._connection.execute(
            sql.lock_queues(self._dialect), {"ids": self._dialect.listed(ids)}
        ).all()
        return {row.id: (row.chat, row.lease) for row in found}

    def _free(
        self,
        rows: Iterable[tuple[int, int, str | None]],
        queue: Mapping[int, tuple[ChatRef, int]],
    ) -> None:
        """Free the queues that are still held under these leases."""
        chats = sorted(
            {
                str(queue[number][0])
                for number, lease, _ in rows
                if number in queue and queue[number][1] == lease
            }
        )
        if chats:
            self._settle(chats)

    def _settle(self, chats: Sequence[str]) -> None:
        """Free queues whose rows are locked, marked by what still waits in them."""
        self._connection.execute(
            sql.settle_queues(self._dialect, True), {"names": self._dialect.listed(chats)}
        )

    def _remark(self, chats: Sequence[str]) -> None:
        """Mark queues by what waits in them and leave their leases alone."""
        self._connection.execute(
            sql.settle_queues(self._dialect, False), {"names": self._dialect.listed(chats)}
        )


def _due(post: Post) -> datetime:
    return max(post.created_at, post.not_before) if post.not_before else post.created_at


def _stored(post: Post) -> dict[str, Any]:
    buttons = [[button.label, button.data] for button in post.buttons]
    return {
        **ROWS.values(post),
        "params": dict(post.params),
        "buttons": buttons or None,
        "due": None if post.morning else _due(post),
    }
