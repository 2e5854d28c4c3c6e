"""What a town changed in the departments of the taxonomy's file."""

from __future__ import annotations

from sqlalchemy import Column, Table

from storage.columns import Clean, Moment, Words, metadata

departments = Table(
    "departments",
    metadata,
    Column("code", Clean, primary_key=True),
    Column("name", Clean),
    Column("into", Clean),
    Column("changed_by", Clean, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("why", Words),
    comment="only departments that were renamed or merged; into: what took over their work",
)
