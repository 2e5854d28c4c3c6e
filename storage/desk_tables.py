"""How staff are known on the pages of the desk: sessions, one-time links, passwords.

The law of this file: of a token only the SHA-256 is kept, of a password only its argon2 hash. The secret of
two-step codes must be kept as it is; while `one_time_counter` is empty it is being set up and opens nothing.
"""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table

from storage.columns import Clean, Moment, Words, metadata

desk_sessions = Table(
    "desk_sessions",
    metadata,
    Column("token_hash", Clean, primary_key=True),
    Column("person", Clean, nullable=False, index=True),
    Column("began_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False, index=True),
    Column("device", Words),
)

desk_links = Table(
    "desk_links",
    metadata,
    Column("token_hash", Clean, primary_key=True),
    Column("person", Clean, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("used_at", Moment),
)

desk_accounts = Table(
    "desk_accounts",
    metadata,
    Column("person", Clean, primary_key=True),
    Column("login", Clean, nullable=False, unique=True),
    Column("password_hash", Clean, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("one_time_secret", Clean),
    Column("one_time_counter", Integer),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until", Moment),
    Column("inside_failures", Integer, nullable=False, server_default="0"),
    Column("inside_locked_until", Moment),
)
