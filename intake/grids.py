"""Grids, the chats that belong to them, and who is on duty.

The law of this file: a grid is identified by its id, never by a chat; a grid may have several chats,
a chat has one grid and one purpose.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from intake.people import PersonId


class ChatRef(NamedTuple):
    """A chat on a platform. `str()` of it, `channel:chat`, is also the key of its lane."""

    channel: str
    chat: str

    def __str__(self) -> str:
        return f"{self.channel}:{self.chat}"


class MessageRef(NamedTuple):
    """A message in a chat, by the platform's own id."""

    chat: ChatRef
    message: str


class Purpose(StrEnum):
    RESIDENTS = "residents"
    STAFF = "staff"
    DEPARTMENT = "department"
    VOLUNTEERS = "volunteers"


@dataclass(frozen=True, slots=True)
class Chat:
    """A bound group chat. `silent_until`: the bot says nothing but emergencies until then."""

    ref: ChatRef
    grid: str
    purpose: Purpose = Purpose.RESIDENTS
    department: str | None = None
    silent_until: datetime | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class DutyEntry:
    """The `order`-th person (from 1) to be alerted in a grid."""

    order: int
    person: PersonId
    title: str = "值班"


@dataclass(frozen=True, slots=True)
class Grid:
    """`path` is the chain of node ids district … grid, the grid's own id last.

    `places` are the grid's own place names and nicknames; `area` are the buildings and roads that belong to
    it, where somebody said so. `next_number` is the number that the next
    case of this grid gets.
    """

    id: str
    name: str
    path: tuple[str, ...]
    places: tuple[str, ...] = ()
    duty: tuple[DutyEntry, ...] = ()
    next_number: int = 1
    area: tuple[str, ...] = ()


def near(one: Grid, other: Grid) -> bool:
    """Whether two grids are the same or neighbours: of one community."""
    return one.id == other.id or one.path[:-1] == other.path[:-1] != ()
