"""The statements of the outbox, each built once.

The law of this file: only SQL, no values; what they mean stands in `outbox.py`.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Update,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.sql.base import Executable

from intake.notices import Post, Urgency
from storage.dialect import Dialect
from storage.flow_tables import outbox, queues
from storage.rows import Rows

ROWS = Rows(outbox, Post, case="case_id")
WAITING = outbox.c.due.is_not(None)
IDLE: Final = 9  # the rank of a queue in which nothing waits
_MOMENT = outbox.c.created_at.type


def of_lease(number: int, lease: int) -> Update:
    return update(outbox).where(outbox.c.id == number, outbox.c.in_flight == lease, WAITING)


FATES = select(
    *ROWS.columns,
    outbox.c.id,
    outbox.c.message_id,
    outbox.c.sent_at,
    outbox.c.parked_at,
    outbox.c.error,
    outbox.c.attempts,
)


@cache
def add_posts(dialect: Dialect) -> Executable:
    return dialect.insert(outbox).on_conflict_do_nothing(index_elements=["key"])


@cache
def mark_queues(dialect: Dialect) -> Executable:
    insert = dialect.insert(queues)
    new = insert.excluded
    earlier = or_(queues.c.due.is_(None), new.due < queues.c.due)
    return insert.on_conflict_do_update(
        index_elements=["chat"],
        set_={
            "rank": case((new.rank < queues.c.rank, new.rank), else_=queues.c.rank),
            "due": case((earlier, new.due), else_=queues.c.due),
        },
    )


@cache
def claim_queues(dialect: Dialect) -> Executable:
    now = bindparam("now", type_=_MOMENT)
    picked = dialect.locked(
        select(queues.c.chat)
        .where(
            queues.c.due.is_not(None),
            queues.c.due <= now,
            or_(queues.c.leased_until.is_(None), queues.c.leased_until <= now),
            ~dialect.among(queues.c.chat, "skipped"),
        )
        .order_by(queues.c.rank, queues.c.due)
        .limit(bindparam("limit")),
        skip=True,
    ).cte("picked")
    return (
        update(queues)
        .where(queues.c.chat.in_(select(picked.c.chat)))
        .values(
            lease=queues.c.lease + 1,
            owner=bindparam("owner"),
            leased_until=bindparam("until", type_=_MOMENT),
        )
        .returning(queues.c.chat, queues.c.lease, queues.c.rank, queues.c.due)
    )


def _alerts_first(table: Any) -> ColumnElement[int]:
    """Danger is said before whatever else waits in the chat."""
    return case((table.c.urgency == Urgency.ALERT, 0), else_=1)


@cache
def first_posts(dialect: Dialect) -> Executable:
    now = bindparam("now", type_=_MOMENT)
    return dialect.first_of_each(
        parent=queues.c.chat,
        condition=dialect.among(queues.c.chat, "chats"),
        child=outbox,
        group="chat",
        where=lambda table: (
            table.c.due.is_not(None)
            & or_(table.c.not_before.is_(None), table.c.not_before <= now)
            & (table.c.created_at <= now)
        ),
        order=[_alerts_first, lambda table: table.c.id],
        columns=(*ROWS.keys, "id", "due", "attempts", "in_flight", "uncertain"),
        limit="one",
    )


@cache
def take_off() -> Executable:
    """An attempt begins. A row that is in flight already was never reported: it is uncertain now."""
    return (
        update(outbox)
        .where(outbox.c.id == bindparam("row"))
        .values(
            attempts=outbox.c.attempts + 1,
            uncertain=outbox.c.uncertain + case((outbox.c.in_flight > 0, 1), else_=0),
            in_flight=bindparam("lease"),
        )
    )


@cache
def note_sent() -> Executable:
    return (
        update(outbox)
        .where(outbox.c.id == bindparam("row"), outbox.c.sent_at.is_(None))
        .values(
            due=None,
            in_flight=0,
            parked_at=None,
            error=None,
            message_id=bindparam("message"),
            sent_at=bindparam("now", type_=_MOMENT),
        )
    )


@cache
def put_off() -> Executable:
    return (
        update(queues)
        .where(queues.c.chat == bindparam("name"), queues.c.due.is_not(None))
        .values(due=bindparam("later", type_=_MOMENT))
    )


@cache
def lock_queues(dialect: Dialect) -> Executable:
    query = (
        select(outbox.c.id, queues.c.chat, queues.c.lease)
        .join(queues, queues.c.chat == outbox.c.chat)
        .where(dialect.among(outbox.c.id, "ids"))
        .order_by(dialect.ordered(queues.c.chat))
    )
    return query if dialect.name == "sqlite" else query.with_for_update(of=queues)


@cache
def cases_behind(dialect: Dialect) -> Executable:
    return select(outbox.c.chat, outbox.c.message_id, outbox.c.case_id).where(
        dialect.pairs(outbox.c.chat, outbox.c.message_id, "messages"),
        outbox.c.case_id.is_not(None),
    )


@cache
def settle_queues(dialect: Dialect, free: bool) -> Executable:
    waiting = (outbox.c.chat == queues.c.chat) & WAITING
    rank = case(
        *((outbox.c.urgency == urgency, number) for number, urgency in enumerate(Urgency)),
        else_=IDLE,
    )
    values: dict[str, Any] = {
        "due": select(func.min(outbox.c.due)).where(waiting).correlate(queues).scalar_subquery(),
        "rank": func.coalesce(
            select(func.min(rank, type_=BigInteger))
            .where(waiting)
            .correlate(queues)
            .scalar_subquery(),
            IDLE,
        ),
    }
    if free:
        values |= {"owner": None, "leased_until": None}
    return update(queues).where(dialect.among(queues.c.chat, "names")).values(**values)
