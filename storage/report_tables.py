"""Codes to be scanned, and the reports that began with one.

The law of this file: of a progress link only the SHA-256 of its token is kept.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Table

from storage.columns import ChatKey, Clean, Moment, Texts, Words, metadata

report_codes = Table(
    "report_codes",
    metadata,
    Column("code", Clean, primary_key=True),
    Column("grid", Clean, nullable=False),
    Column("place", Words),
    Column("made_by", Clean, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Index("ix_report_codes_grid", "grid", "made_at"),
)

report_pages = Table(
    "report_pages",
    metadata,
    Column("token_hash", Clean, primary_key=True),
    Column("chat", ChatKey, nullable=False),
    Column("grid", Clean, nullable=False),
    Column("sender", Clean, nullable=False),
    Column("messages", Texts),
    Column("made_at", Moment, nullable=False),
    Index("ix_report_pages_made_at", "made_at"),
    comment="sha256 of the token of a progress link; messages: what was written there, in order",
)
