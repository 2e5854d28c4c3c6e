"""The places, people and settings: small tables that change rarely.

The law of this file: columns stand in the order of the fields of the dataclass that they hold, so that
a row is turned into it by position (`storage/rows.py`); what no dataclass has comes after. Case tables
stand in `case_tables.py`, the ways in and out in `flow_tables.py`, the web room in `room_tables.py`.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table

from intake.grids import Purpose
from intake.people import Role
from storage.columns import (
    ChatKey,
    Clean,
    Coded,
    Moment,
    Texts,
    Words,
    metadata,
    serial,
)

areas = Table(
    "areas",
    metadata,
    Column("id", Clean, primary_key=True),
    Column("kind", Clean, nullable=False),
    Column("name", Words),
    Column("parent", Clean, ForeignKey("areas.id")),
    comment="the tree above the grids: district, street, community",
)

grids = Table(
    "grids",
    metadata,
    Column("id", Clean, primary_key=True),
    Column("name", Words),
    Column("path", Texts),
    Column("places", Texts),
    Column("next_number", Integer, nullable=False, server_default="1"),
    Column("stamp", Integer, nullable=False, server_default="0"),
    Column("area", Texts),
    # What is remembered from before this stamp is read anew, since cases went to another grid.
    Column("anew", Integer, nullable=False, server_default="0"),
    comment="stamp counts the saves that touched a case of the grid",
)

duty = Table(
    "duty",
    metadata,
    Column("grid", Clean, ForeignKey("grids.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("person", Clean, nullable=False),
    Column("title", Words),
)

manners = Table(
    "manners",
    metadata,
    Column("node", Clean, primary_key=True),
    Column("quiet", Clean),
    Column("budget", Integer),
    comment="NULL: as above it in the tree; quiet is 22-7 or none",
)

chats = Table(
    "chats",
    metadata,
    Column("chat", ChatKey, primary_key=True),
    Column("grid", Clean, ForeignKey("grids.id"), nullable=False),
    Column("purpose", Coded(Purpose), nullable=False),
    Column("department", Clean),
    Column("silent_until", Moment),
    Column("title", Words),
    Index("ix_chats_grid", "grid"),
)

chat_moves = Table(
    "chat_moves",
    metadata,
    Column("old_chat", ChatKey, primary_key=True),
    Column("new_chat", ChatKey, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_chat_moves_new_chat", "new_chat"),
    comment="ids a platform gave up; every row points at the chat's present id",
)

people = Table(
    "people",
    metadata,
    Column("id", Clean, primary_key=True),
    Column("name", Words),
    Column("private_chat", ChatKey),
    Column("opted_out", Boolean, nullable=False),
    Column("email", Clean),
    Column("home", Clean),
    Column("created_at", Moment, nullable=False),
    Index("ix_people_private_chat", "private_chat"),
)

identities = Table(
    "identities",
    metadata,
    Column("identity", Clean, primary_key=True),
    Column("person", Clean, nullable=False),
    Index("ix_identities_person", "person"),
    comment="only identities whose person has another id",
)

grants = Table(
    "grants",
    metadata,
    Column("person", Clean, primary_key=True),
    Column("role", Coded(Role), primary_key=True),
    Column("scope", Clean, primary_key=True),
    Column("granted_by", Clean, nullable=False),
    Column("at", Moment, nullable=False),
    Column("leaves_at", Moment),
    Column("leaves_by", Clean),
    Column("leaves_why", Clean),
    Index("ix_grants_scope_role", "scope", "role"),
)

invites = Table(
    "invites",
    metadata,
    Column("token_hash", Clean, primary_key=True),
    Column("role", Coded(Role), nullable=False),
    Column("scope", Clean, nullable=False),
    Column("made_by", Clean, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_by", Clean),
    Column("used_at", Moment),
    comment="sha256 of the token; the token itself is nowhere",
)

outlets = Table(
    "outlets",
    metadata,
    Column("department", Clean, primary_key=True),
    Column("kind", Clean, primary_key=True),
    Column("address", Clean, primary_key=True),
)

looks = Table(
    "looks",
    metadata,
    Column("id", serial(), primary_key=True),
    Column("case_id", Clean, nullable=False),
    Column("person", Clean, nullable=False),
    Column("what", Clean, nullable=False),
    Column("why", Clean),
    Column("at", Moment, nullable=False),
    Index("ix_looks_case_id", "case_id"),
    Index("ix_looks_person_at", "person", "at"),
    Index("ix_looks_at", "at"),
)

local_words = Table(
    "local_words",
    metadata,
    Column("scope", Clean, primary_key=True),
    Column("word", Clean, primary_key=True),
    Column("added_by", Clean, nullable=False),
    Column("added_at", Moment, nullable=False),
    comment="words for the next training; scope is a grid, or * for all",
)

settings = Table(
    "settings",
    metadata,
    Column("name", Clean, primary_key=True),
    Column("value", Words),
)
