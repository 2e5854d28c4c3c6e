"""Cases and what hangs on them.

The law of this file: columns stand in the order of the dataclasses of `intake/cases.py`; rows are found
by grid, by reporter, by message, or by their own id, and each of these ways has its index. No foreign
keys here: every row is written in the transaction that writes its case.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    Table,
    UniqueConstraint,
    text,
)

from intake.cases import CallBack, LineRole, TimerKind
from intake.lifecycle import Action, CaseKind, State
from intake.nature import Nature
from intake.reading import Triage
from intake.taxonomy import Level, Tier, Visibility
from storage.columns import ChatKey, Clean, Coded, Moment, Parts, Texts, Words, metadata, serial

cases = Table(
    "cases",
    metadata,
    Column("id", Clean, primary_key=True),
    Column("grid", Clean, nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", Coded(CaseKind), nullable=False),
    Column("state", Coded(State), nullable=False),
    Column("triage", Coded(Triage), nullable=False),
    Column("category", Clean),
    Column("item", Clean),
    Column("level", Coded(Level), nullable=False),
    Column("lead", Clean),
    Column("co", Texts),
    Column("tier", Coded(Tier), nullable=False),
    Column("visibility", Coded(Visibility), nullable=False),
    Column("emergency", Clean),
    Column("place", Clean),
    Column("said", Words),
    Column("title", Words),
    Column("reporter", Clean, nullable=False),
    Column("chat", ChatKey, nullable=False),
    Column("message", Words),
    Column("guesses", Texts),
    Column("opened_at", Moment, nullable=False),
    Column("respond_due", Moment),
    Column("resolve_due", Moment),
    Column("provisional", Boolean, nullable=False),
    Column("taken_by", Clean),
    Column("responded_at", Moment),
    Column("done_words", Clean),
    Column("done_by", Clean),
    Column("done_at", Moment),
    Column("closed_at", Moment),
    Column("score", Integer),
    Column("voices", Integer, nullable=False),
    Column("reopened", Integer, nullable=False),
    Column("returns", Integer, nullable=False),
    Column("alert", Integer, nullable=False),
    Column("merged_into", Clean),
    Column("published", Clean),
    Column("climbed", Texts),
    Column("extensions", Integer, nullable=False),
    Column("asked_until", Moment),
    Column("asked_why", Clean),
    Column("asked_by", Clean),
    Column("parts", Parts),
    Column("asked_pause", Clean),
    Column("paused_why", Clean),
    Column("paused_at", Moment),
    Column("paused_until", Moment),
    Column("paused_due", Moment),
    Column("pauses", Integer, nullable=False),
    Column("paused_seconds", Integer, nullable=False),
    Column("supervised_until", Moment),
    Column("supervised_why", Clean),
    Column("supervised_by", Clean),
    Column("call_back", Coded(CallBack)),
    Column("nature", Coded(Nature), nullable=False, server_default=Nature.HELP.value),
    Column("version", Integer, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("stamp", Integer, nullable=False),
    UniqueConstraint("grid", "number"),
    Index("ix_cases_grid_stamp", "grid", "stamp"),
    Index("ix_cases_reporter", "reporter", "opened_at"),
    Index("ix_cases_opened_at", "opened_at"),
    Index("ix_cases_chat", "chat"),
    Index("ix_cases_merged_into", "merged_into"),
    Index(
        "ix_cases_open",
        "grid",
        "number",
        sqlite_where=text("is_open"),
        postgresql_where=text("is_open"),
    ),
    Index(
        "ix_cases_call_back",
        "grid",
        sqlite_where=text("call_back = 'due'"),
        postgresql_where=text("call_back = 'due'"),
    ),
    comment="stamp is the grid's stamp at the last save of this case or of its followers",
)

entries = Table(
    "entries",
    metadata,
    Column("case_id", Clean, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("action", Coded(Action), nullable=False),
    Column("actor", Clean),
    Column("words", Words),
    Column("before", Words),
    Column("after", Words),
)

lines = Table(
    "lines",
    metadata,
    Column("case_id", Clean, primary_key=True),
    Column("chat", ChatKey, primary_key=True),
    Column("message", Clean, primary_key=True),
    Column("sender", Clean, nullable=False),
    Column("role", Coded(LineRole), nullable=False),
    Column("text", Words),
    Column("media", Texts),
    Column("at", Moment, nullable=False),
    Index("ix_lines_message", "message", "chat"),
    Index("ix_lines_at", "at"),
    Index("ix_lines_chat", "chat", "at"),
    Index("ix_lines_sender", "sender"),
)

followers = Table(
    "followers",
    metadata,
    Column("case_id", Clean, primary_key=True),
    Column("person", Clean, primary_key=True),
    Column("chat", ChatKey, nullable=False),
    Index("ix_followers_person", "person"),
    Index("ix_followers_chat", "chat"),
)

gatherings = Table(
    "gatherings",
    metadata,
    Column("chat", ChatKey, primary_key=True),
    Column("sender", Clean, primary_key=True),
    Column("texts", Texts),
    Column("messages", Texts),
    Column("media", Texts),
    Column("place", Clean),
    Column("started_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
)

prompts = Table(
    "prompts",
    metadata,
    Column("person", Clean, primary_key=True),
    Column("chat", ChatKey, primary_key=True),
    Column("case_id", Clean, nullable=False),
    Column("action", Coded(Action), nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("ix_prompts_chat", "chat"),
)

held = Table(
    "held",
    metadata,
    Column("key", Clean, primary_key=True),
    Column("person", Clean, nullable=False),
    Column("grid", Clean, nullable=False),
    Column("chat", ChatKey, nullable=False),
    Column("message", Clean, nullable=False),
    Column("text", Words),
    Column("media", Texts),
    Column("cases", Texts),
    Column("at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("ix_held_person", "person"),
    comment="staff's words that wait for a tap: which case they are about",
)

examples = Table(
    "examples",
    metadata,
    Column("case_id", Clean),
    Column("text", Words),
    Column("read_as", Clean),
    Column("label", Clean, nullable=False),
    Column("said_by", Clean, nullable=False),
    Column("source", Clean, nullable=False),
    Column("at", Moment, nullable=False),
    Column("id", serial(), primary_key=True),
    Column("reviewed_by", Clean),
    Column("reviewed_at", Moment),
    Column("accepted", Boolean),
    Index("ix_examples_reviewed_at", "reviewed_at", "id"),
    Index("ix_examples_said_by", "said_by"),
)

timers = Table(
    "timers",
    metadata,
    Column("key", Clean, primary_key=True),
    Column("kind", Coded(TimerKind), nullable=False),
    Column("subject", Clean, nullable=False),
    Column("due", Moment, nullable=False),
    Column("grid", Clean),
    Index("ix_timers_due", "due"),
    Index("ix_timers_subject", "subject"),
)
