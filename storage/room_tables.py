"""The tables of the web room: a platform like any other, whose history is its own.

The law of this file: nothing of Huying reads these tables except the web channel itself; the desk knows
only what came through the inbox. What is written here lives 90 days.

Order and resuming hang on one number per room. `room_chats.rev` rises by one with every insert, edit and
withdrawal; a message keeps the number of its birth in `seq` (its place in the talk) and that of its last
change in `rev`. The room's row stays locked until commit, so numbers appear in order and without gaps, and
"everything with rev > cursor" is exactly what a client has not seen.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, UniqueConstraint

from storage.columns import Clean, Json, Moment, metadata

room_chats = Table(
    "room_chats",
    metadata,
    Column("chat", Clean, primary_key=True),
    Column("kind", Clean, nullable=False),  # group | private
    Column("title", Clean, nullable=False),
    Column("grid", Clean),
    Column("rev", BigInteger, nullable=False),
    Column("created_at", Moment, nullable=False),
)

room_members = Table(
    "room_members",
    metadata,
    Column("person", Clean, primary_key=True),
    Column("nickname", Clean, nullable=False),
    Column("title", Clean),  # the small tag beside the name, such as 网格员
    Column("avatar", Clean, nullable=False),  # a colour's name in the page's palette: c0 … c9
    Column("demo", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
)

# A device proves who it is by a token; only its SHA-256 is kept.
room_devices = Table(
    "room_devices",
    metadata,
    Column("token_hash", Clean, primary_key=True),
    Column("person", Clean, nullable=False, index=True),
    Column("seen_at", Moment, nullable=False, index=True),
)

# `since`: somebody who joins later sees what was said after that number. `read_mark`: read up to here.
room_memberships = Table(
    "room_memberships",
    metadata,
    Column("chat", Clean, primary_key=True),
    Column("person", Clean, primary_key=True, index=True),
    Column("since", BigInteger, nullable=False),
    Column("read_mark", BigInteger, nullable=False),
    Column("joined_at", Moment, nullable=False),
)

# `author` NULL: the bot, or the room itself (kind notice). `text` NULL: photos only, or withdrawn.
room_messages = Table(
    "room_messages",
    metadata,
    Column("id", Clean, primary_key=True),
    Column("chat", Clean, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("rev", BigInteger, nullable=False),
    Column("kind", Clean, nullable=False),  # said | post | notice
    Column("author", Clean),
    Column("client_id", Clean),
    Column("text", Clean),
    Column("quote", Clean),
    Column("photos", Json),  # [{"name", "w", "h"}]
    Column("buttons", Json),  # [{"label", "data"}]
    Column("at", Moment, nullable=False, index=True),
    Column("edited_at", Moment),
    Column("withdrawn_at", Moment),
    UniqueConstraint("chat", "seq"),
    UniqueConstraint("chat", "author", "client_id", name="uq_room_messages_client"),
    Index("ix_room_messages_chat_rev", "chat", "rev"),
)

# Every post key that was ever sent, with the message that it became or that it edited.
room_posts = Table(
    "room_posts",
    metadata,
    Column("post_key", Clean, primary_key=True),
    Column("message", Clean, nullable=False, index=True),
)

# An upload belongs to a chat and an owner from the first; `message` NULL: not sent yet.
room_photos = Table(
    "room_photos",
    metadata,
    Column("name", Clean, primary_key=True),
    Column("chat", Clean, nullable=False),
    Column("owner", Clean, nullable=False),
    Column("message", Clean, index=True),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("at", Moment, nullable=False, index=True),
)

# Invitation links into a group: used by many, until they expire or are revoked.
room_invitations = Table(
    "room_invitations",
    metadata,
    Column("code", Clean, primary_key=True),
    Column("chat", Clean, nullable=False, index=True),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)
