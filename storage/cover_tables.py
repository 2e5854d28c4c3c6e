"""Who stands in for whom, from when until when."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table

from storage.columns import Clean, Moment, Texts, metadata

covers = Table(
    "covers",
    metadata,
    Column("id", Clean, primary_key=True),
    Column("absent", Clean, nullable=False),
    Column("stand_in", Clean, nullable=False),
    Column("grants", Texts),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("made_by", Clean, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("ended_by", Clean),
    Index("ix_covers_ends_at", "ends_at"),
    Index("ix_covers_absent", "absent", "ends_at"),
    Index("ix_covers_stand_in", "stand_in", "ends_at"),
    comment="cover for leave; grants: role and scope of what is handed on",
)
