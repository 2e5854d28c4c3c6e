"""The ways in and out: inbox with its lanes, outbox with its queues.

The law of this file: what waits is found through partial indexes that hold only what waits, so that
millions of decided rows cost nothing. A lane (a chat on its way in) and a queue (a chat on its way
out) have one row each, which carries the lease and is locked first by whoever adds or decides; so the
ids of its rows rise in the order in which they became visible.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint, text

from intake.notices import Urgency
from storage.columns import ChatKey, Clean, Coded, Json, Moment, Words, metadata, serial

HELD = text("morning IS NOT NULL AND sent_at IS NULL")
"""Posts that wait for the morning of their group."""
UNASKED = text(
    "audience = 'group' AND morning IS NULL AND edits IS NULL AND urgency IN ('progress', 'digest')"
)
"""Posts that nobody in the group asked for, but for those that came together in a morning."""

inbox = Table(
    "inbox",
    metadata,
    Column("id", serial(), primary_key=True),
    Column("channel", Clean, nullable=False),
    Column("external_id", Clean, nullable=False),
    Column("lane", Clean, nullable=False),
    Column("payload", Json),
    Column("received_at", Moment, nullable=False),
    Column("outcome", Clean),
    Column("error", Clean),
    Column("decided_at", Moment),
    UniqueConstraint("channel", "external_id"),
    Index(
        "ix_inbox_waiting",
        "lane",
        "id",
        sqlite_where=text("outcome IS NULL"),
        postgresql_where=text("outcome IS NULL"),
    ),
    Index(
        "ix_inbox_kept",
        "decided_at",
        sqlite_where=text("decided_at IS NOT NULL AND payload IS NOT NULL"),
        postgresql_where=text("decided_at IS NOT NULL AND payload IS NOT NULL"),
    ),
    Index("ix_inbox_decided_at", "decided_at"),
)

lanes = Table(
    "lanes",
    metadata,
    Column("lane", Clean, primary_key=True),
    Column("since", Moment),
    Column("lease", Integer, nullable=False, server_default="0"),
    Column("owner", Clean),
    Column("leased_until", Moment),
    Index(
        "ix_lanes_since",
        "since",
        sqlite_where=text("since IS NOT NULL"),
        postgresql_where=text("since IS NOT NULL"),
    ),
    Index("ix_lanes_owner", "owner"),
    comment="since: arrival of the oldest waiting row; NULL when nothing waits",
)

outbox = Table(
    "outbox",
    metadata,
    Column("key", Clean, nullable=False),
    Column("chat", ChatKey, nullable=False),
    Column("urgency", Coded(Urgency), nullable=False),
    Column("template", Clean, nullable=False),
    Column("params", Json, nullable=False),
    Column("text", Words),
    Column("cause", Clean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("buttons", Json),
    Column("reply_to", Clean),
    Column("case_id", Clean),
    Column("audience", Clean, nullable=False),
    Column("not_before", Moment),
    Column("edits", Clean),
    Column("morning", Moment),
    Column("picture", Clean),
    Column("id", serial(), primary_key=True),
    Column("due", Moment),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("in_flight", Integer, nullable=False, server_default="0"),
    Column("uncertain", Integer, nullable=False, server_default="0"),
    Column("message_id", Clean),
    Column("sent_at", Moment),
    Column("parked_at", Moment),
    Column("error", Clean),
    UniqueConstraint("key"),
    Index(
        "ix_outbox_waiting",
        "chat",
        "id",
        sqlite_where=text("due IS NOT NULL"),
        postgresql_where=text("due IS NOT NULL"),
    ),
    Index("ix_outbox_message", "chat", "message_id"),
    Index("ix_outbox_case", "case_id"),
    Index("ix_outbox_cause", "cause"),
    Index("ix_outbox_created_at", "created_at"),
    Index(
        "ix_outbox_picture",
        "picture",
        sqlite_where=text("picture IS NOT NULL"),
        postgresql_where=text("picture IS NOT NULL"),
    ),
    Index(
        "ix_outbox_parked",
        "parked_at",
        sqlite_where=text("parked_at IS NOT NULL"),
        postgresql_where=text("parked_at IS NOT NULL"),
    ),
    Index(
        "ix_outbox_uncertain",
        "uncertain",
        sqlite_where=text("uncertain > 0"),
        postgresql_where=text("uncertain > 0"),
    ),
    Index("ix_outbox_held", "chat", "morning", sqlite_where=HELD, postgresql_where=HELD),
    Index(
        "ix_outbox_unasked", "chat", "created_at", sqlite_where=UNASKED, postgresql_where=UNASKED
    ),
    comment="due: NULL once sent or parked; in_flight: the lease under which it is being sent, or 0",
)

queues = Table(
    "queues",
    metadata,
    Column("chat", ChatKey, primary_key=True),
    Column("rank", Integer, nullable=False, server_default="9"),
    Column("due", Moment),
    Column("lease", Integer, nullable=False, server_default="0"),
    Column("owner", Clean),
    Column("leased_until", Moment),
    Index(
        "ix_queues_due",
        "rank",
        "due",
        sqlite_where=text("due IS NOT NULL"),
        postgresql_where=text("due IS NOT NULL"),
    ),
    Index("ix_queues_owner", "owner"),
    comment="rank and due: the most urgent and the earliest of the waiting posts of a chat",
)
