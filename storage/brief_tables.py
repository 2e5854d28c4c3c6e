"""The weekly briefs: drafted by the system, released or discarded by a person."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table

from storage.columns import ChatKey, Clean, Json, Moment, Words, metadata

briefs = Table(
    "briefs",
    metadata,
    Column("node", Clean, primary_key=True),
    Column("week", Clean, primary_key=True),
    Column("made_at", Moment, nullable=False),
    Column("figures", Json, nullable=False),
    Column("words", Words),
    Column("state", Clean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("chat", ChatKey),
    Column("decided_by", Clean),
    Column("decided_at", Moment),
    Index("ix_briefs_made_at", "made_at"),
    comment="week: its Monday; figures: as counted when it was drafted",
)
