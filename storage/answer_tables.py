"""What staff announced and know already, and whom it answered."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Table, text

from intake.bulletins import BulletinState
from intake.reading import Triage
from storage.columns import ChatKey, Clean, Coded, Moment, Texts, Words, metadata

bulletins = Table(
    "bulletins",
    metadata,
    Column("id", Clean, primary_key=True),
    Column("items", Texts),
    Column("scopes", Texts),
    Column("houses", Texts),
    Column("words", Words),
    Column("source", Words),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("state", Coded(BulletinState), nullable=False),
    Column("made_by", Clean, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("open_end", Boolean, nullable=False, server_default=text("false")),
    Index("ix_bulletins_ends_at", "ends_at"),
    comment="scopes: nodes of the tree; houses: numbers of buildings, none for all",
)

answer_cards = Table(
    "answer_cards",
    metadata,
    Column("id", Clean, primary_key=True),
    Column("wordings", Texts),
    Column("answer", Words),
    Column("source", Words),
    Column("scopes", Texts),
    Column("expires_at", Moment, nullable=False),
    Column("keeper", Clean, nullable=False),
    Column("checked_at", Moment, nullable=False),
    Column("aloud", Boolean, nullable=False),
    Column("ended", Boolean, nullable=False),
    Index("ix_answer_cards_expires_at", "expires_at"),
)

asked = Table(
    "asked",
    metadata,
    Column("about", Clean, primary_key=True),
    Column("person", Clean, primary_key=True),
    Column("grid", Clean, nullable=False),
    Column("chat", ChatKey, nullable=False),
    Column("message", Clean, nullable=False),
    Column("words", Words),
    Column("place", Clean),
    Column("guesses", Texts),
    Column("triage", Coded(Triage), nullable=False),
    Column("at", Moment, nullable=False),
    Column("missed", Boolean, nullable=False),
    Index("ix_asked_person", "person", "at"),
    Index("ix_asked_message", "message", "chat"),
    Index("ix_asked_chat", "chat"),
    Index("ix_asked_at", "at"),
    comment="about: a bulletin or an answer card; words: masked",
)
