"""What the web room's history is told in: rooms, members, messages, invitations, photos.

The law of this file: records and their errors, no database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["group", "private"]


@dataclass(frozen=True, slots=True)
class Room:
    chat: str
    kind: Kind
    title: str
    grid: str | None = None
    rev: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """`person` is `web:<random>`; `title` the tag beside the name; `avatar` a colour `c0` … `c9`."""

    person: str
    nickname: str
    title: str | None = None
    avatar: str = "c0"
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Membership:
    chat: str
    person: str
    since: int = 0
    read_mark: int = 0


@dataclass(frozen=True, slots=True)
class Photo:
    """`alt` is what the bot says of a picture of its own, in words."""

    name: str
    width: int
    height: int
    alt: str = ""

    def stored(self) -> dict[str, str | int]:
        """As JSON-like values."""
        return {"name": self.name, "w": self.width, "h": self.height, "alt": self.alt}


@dataclass(frozen=True, slots=True)
class Quoted:
    """What is left of a quoted message to show; `author` None: the bot."""

    id: str
    author: str | None
    name: str | None
    text: str | None
    photos: int
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Message:
    """`kind`: said by a member, a post of the bot, or a notice of the room itself."""

    id: str
    chat: str
    seq: int
    rev: int
    kind: str
    at: datetime
    author: str | None = None
    client_id: str | None = None
    name: str | None = None
    title: str | None = None
    avatar: str | None = None
    text: str | None = None
    quote: Quoted | None = None
    photos: tuple[Photo, ...] = ()
    buttons: tuple[tuple[str, str], ...] = ()
    edited: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """What a member wants to say; `client_id` makes a second sending the same message."""

    id: str
    chat: str
    author: str
    client_id: str | None
    text: str | None
    quote: str | None = None
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BotPost:
    """A post of the bot; `key` makes a second sending the same, `edits` is the key it replaces."""

    id: str
    key: str
    chat: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    quote: str | None = None
    edits: str | None = None
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A room as the list of conversations shows it."""

    room: Room
    since: int
    read_mark: int
    unread: int
    members: int
    last: Message | None


@dataclass(frozen=True, slots=True)
class Invitation:
    code: str
    chat: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None

    def open_at(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at


class NoSuchRoom(LookupError):
    """没有这个群。"""


class NoSuchPhoto(LookupError):
    """照片不见了,请重新选一张。"""


def private_chat(person: str) -> str:
    """The chat id of the private talk between this person and the bot."""
    return f"p-{person}"
