"""What comes in at the door, in one form for all channels.

The law of this file: a channel turns its payload into one of these and knows nothing further. Ids are
the platform's own, as text. Times are the platform's where it has one, otherwise that of arrival.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from intake.grids import ChatRef
from intake.people import Role


@dataclass(frozen=True, slots=True)
class Sender:
    """`identity` is `channel:external id`. `role` is set only by replay, where the transcript says."""

    identity: str
    name: str
    is_bot: bool = False
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """The message that somebody replied to, as far as the platform hands it over."""

    message: str
    sender: Sender | None
    text: str
    media: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """The form on which something was written: that of a grid, with the place that stands on it. On
    `patrol` it is staff's own; `done` is what they did about it on the spot, or ""."""

    grid: str
    place: str = ""
    patrol: bool = False
    done: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A message. `media` holds kinds such as photo, voice, video, file, sticker, location. On a `form` it
    is a call, whatever its words."""

    chat: ChatRef
    message: str
    sender: Sender
    text: str
    at: datetime
    private: bool = False
    quote: Quote | None = None
    media: tuple[str, ...] = ()
    edited: bool = False
    form: Form | None = None


@dataclass(frozen=True, slots=True)
class Unsaid:
    """A message was withdrawn by its sender."""

    chat: ChatRef
    message: str
    at: datetime
    sender: Sender | None = None


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button under a post of the bot was pressed; `data` is the button's data."""

    chat: ChatRef
    message: str
    sender: Sender
    data: str
    at: datetime
    private: bool = False
    press: str = ""


@dataclass(frozen=True, slots=True)
class Started:
    """Somebody opened the private talk with the bot, with a link's parameter or none."""

    chat: ChatRef
    sender: Sender
    parameter: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BotAdded:
    """The platform says that the bot was added to a group."""

    chat: ChatRef
    title: str
    by: Sender | None
    at: datetime


@dataclass(frozen=True, slots=True)
class BotRemoved:
    """The platform says that the bot may no longer write in a chat (kicked, blocked)."""

    chat: ChatRef
    at: datetime
    private: bool = False


@dataclass(frozen=True, slots=True)
class ChatMoved:
    """The platform gave a chat a new id (Telegram: group to supergroup)."""

    chat: ChatRef
    to: ChatRef
    at: datetime


Command = Said | Unsaid | Pressed | Started | BotAdded | BotRemoved | ChatMoved
