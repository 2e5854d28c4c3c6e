"""Photos that came with messages: what a case knows of the files in the uploads folder.

The law of this file: a photo is known by the message that it came with, so that it goes where the message
goes, and is gone when the words of the message are gone.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table

from storage.columns import ChatKey, Clean, Moment, metadata

photos = Table(
    "photos",
    metadata,
    Column("name", Clean, primary_key=True),
    Column("chat", ChatKey, nullable=False),
    Column("message", Clean, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_photos_message", "message", "chat"),
    Index("ix_photos_at", "at"),
    comment="name is that of the file; seq its place among the photos of its message",
)
