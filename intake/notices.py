"""Who must hear what, without wording.

The law of this file: the desk says *that* somebody must hear something, as a template's name and its
parameters; how it is said stands in `bot/wording/`, and where it is said is found by `bot/dispatch.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from intake.grids import ChatRef
from intake.people import PersonId, Role


class Urgency(StrEnum):
    """ALERT and ANSWER are never held; PROGRESS waits for the morning and may be merged; DIGEST is
    a summary."""

    ALERT = "alert"
    ANSWER = "answer"
    PROGRESS = "progress"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Button:
    """`data` is at most 64 bytes (Telegram's limit): `action:case[:argument]`."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class ToChat:
    chat: ChatRef


@dataclass(frozen=True, slots=True)
class ToPerson:
    """Privately; where that person cannot be reached privately, nothing is said."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class ToStaff:
    """The staff chats of a grid; without one, the people on its duty list, privately."""

    grid: str


@dataclass(frozen=True, slots=True)
class ToDepartment:
    """A department's chat, mail and webhook; without any, the grid's staff."""

    department: str
    grid: str


@dataclass(frozen=True, slots=True)
class ToRole:
    """Everybody who holds a role over a grid, or stands in for somebody who does, privately."""

    role: Role
    grid: str


@dataclass(frozen=True, slots=True)
class ToVolunteers:
    grid: str


Audience = ToChat | ToPerson | ToStaff | ToDepartment | ToRole | ToVolunteers


@dataclass(frozen=True)
class Notice:
    """`template` names a sentence of `bot/wording/`; `reply_to` quotes a message of that chat.
    A second notice with the same `once` says nothing. `picture` names a kept picture that goes along."""

    template: str
    audience: Audience
    params: Mapping[str, str] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()
    urgency: Urgency = Urgency.ANSWER
    case: str | None = None
    reply_to: str | None = None
    once: str | None = None
    picture: str | None = None


def once_in(span: timedelta, now: datetime, *what: str) -> str:
    """The `once` of a notice that is said no more than once in each `span`."""
    return "|".join((*what, str(int(now.timestamp() // span.total_seconds()))))


@dataclass(frozen=True)
class Post:
    """A notice on its way to one chat: worded, with everything needed to send it once.

    `key` is derived from what caused it, so that the same cause cannot speak twice. `cause` is
    `channel:external id` of the message that caused it, or `timer:key`. `not_before` holds progress
    through the quiet hours. `edits` is the key of an earlier post that this one replaces where the
    channel can edit. With `morning` it does not leave: its group hears then, in one post, of all that waited.
    `picture` names a kept picture, of which `text` says what it shows.
    """

    key: str
    chat: ChatRef
    urgency: Urgency
    template: str
    params: Mapping[str, str]
    text: str
    cause: str
    created_at: datetime
    buttons: tuple[Button, ...] = ()
    reply_to: str | None = None
    case: str | None = None
    audience: str = "group"
    not_before: datetime | None = None
    edits: str | None = None
    morning: datetime | None = None
    picture: str | None = None
