"""The web group chat as a channel.

The law of this file: the room writes its payloads here and reads them here, so that what goes into the
inbox and what comes out of it stand side by side. Reading is pure; a payload that makes no sense is
nothing for us (None). Sending is idempotent by the post's key.

A payload is JSON with `type`:
- `said`: chat, private, message, sender, text, quote | null, media ["photo", …], photos [file], at
- `pressed`: chat, private, message, sender, data, press, at
- `unsaid`: chat, message, sender, at
- `started`: chat, sender, parameter, at
where sender is {"person", "name"}, quote is {"message", "sender" | null, "text", "media"}, and at is
ISO 8601 with offset. `person` is the identity itself, such as `web:demo-wang`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import quote as escaped

from bot.channels import payload as read
from bot.channels.base import Capabilities
from intake.commands import Command, Pressed, Quote, Said, Sender, Started, Unsaid
from intake.grids import ChatRef
from intake.notices import Post

NAME = "web"
BOT = Sender("web:bot", "呼应", is_bot=True)


class Room(Protocol):
    """What the channel needs of the web room."""

    async def post(self, post: Post) -> str:
        """Write a post into its room, once per key; the message id."""


OWN_PAGE = "/room/mine.txt"
"""Where somebody in the room gets all that is kept of them."""


class WebChannel:
    """`base_url` is where the pages are reached, without a slash at the end."""

    name = NAME

    def __init__(self, room: Room, base_url: str) -> None:
        self._room = room
        self._base_url = base_url.rstrip("/")
        self.capabilities = Capabilities(
            can_edit=True,
            media=True,
            own_page=f"{self._base_url}{OWN_PAGE}",
            per_chat_minute=60,
            per_second=200,
            repeats=True,
        )

    def read(self, payload: Mapping[str, Any], received_at: datetime) -> Command | None:
        """The command in a payload of the room; None for what makes no sense."""
        try:
            reader = _READERS.get(payload["type"])
            return None if reader is None else reader(payload, received_at)
        except (KeyError, TypeError, ValueError, AttributeError):
            return None

    async def send(self, post: Post) -> str:
        """Write the post into its room. Raises SendRefused when there is no such room."""
        return await self._room.post(post)

    def private_link(self, parameter: str) -> str | None:
        """A link that opens the private talk of whoever follows it."""
        return f"{self._base_url}/chat?start={escaped(parameter, safe='')}"


def said(
    chat: str,
    private: bool,
    message: str,
    sender: Sender,
    text: str | None,
    at: datetime,
    quote: Mapping[str, Any] | None = None,
    photos: tuple[str, ...] = (),
) -> dict[str, Any]:
    return {
        "type": "said",
        **_where(chat, private, message, at),
        "sender": read.sender_of(sender),
        "text": text or "",
        "quote": quote,
        "media": ["photo"] * len(photos),
        "photos": list(photos),
    }


def quoted(message: str, sender: Sender, text: str | None, photos: int) -> dict[str, Any]:
    """The `quote` of a `said`."""
    person = None if sender.is_bot else read.sender_of(sender)
    media = ["photo"] * photos
    return {"message": message, "sender": person, "text": text or "", "media": media}


def pressed(
    chat: str, private: bool, message: str, sender: Sender, data: str, press: str, at: datetime
) -> dict[str, Any]:
    where = _where(chat, private, message, at)
    return {
        "type": "pressed",
        **where,
        "sender": read.sender_of(sender),
        "data": data,
        "press": press,
    }


def unsaid(chat: str, private: bool, message: str, sender: Sender, at: datetime) -> dict[str, Any]:
    return {
        "type": "unsaid",
        **_where(chat, private, message, at),
        "sender": read.sender_of(sender),
    }


def started(chat: str, sender: Sender, parameter: str, at: datetime) -> dict[str, Any]:
    return {
        "type": "started",
        "chat": chat,
        "sender": read.sender_of(sender),
        "parameter": parameter,
        "at": at.isoformat(),
    }


def _where(chat: str, private: bool, message: str, at: datetime) -> dict[str, Any]:
    return {"chat": chat, "private": private, "message": message, "at": at.isoformat()}


def _read_said(payload: Mapping[str, Any], received_at: datetime) -> Command:
    return Said(
        chat=_chat(payload),
        message=read.word(payload, "message"),
        sender=read.sender(payload),
        text=read.text(payload, "text"),
        at=_moment(payload, received_at),
        private=payload.get("private") is True,
        quote=_read_quote(payload.get("quote")),
        media=read.media(payload),
    )


def _read_pressed(payload: Mapping[str, Any], received_at: datetime) -> Command:
    return Pressed(
        chat=_chat(payload),
        message=read.word(payload, "message"),
        sender=read.sender(payload),
        data=read.word(payload, "data"),
        at=_moment(payload, received_at),
        private=payload.get("private") is True,
        press=read.text(payload, "press"),
    )


def _read_unsaid(payload: Mapping[str, Any], received_at: datetime) -> Command:
    sender = read.sender(payload)
    message = read.word(payload, "message")
    return Unsaid(_chat(payload), message, _moment(payload, received_at), sender)


def _read_started(payload: Mapping[str, Any], received_at: datetime) -> Command:
    sender = read.sender(payload)
    parameter = read.text(payload, "parameter")
    return Started(_chat(payload), sender, parameter, _moment(payload, received_at))


_READERS: dict[object, Callable[[Mapping[str, Any], datetime], Command]] = {
    "said": _read_said,
    "pressed": _read_pressed,
    "unsaid": _read_unsaid,
    "started": _read_started,
}


def _chat(payload: Mapping[str, Any]) -> ChatRef:
    return ChatRef(NAME, read.word(payload, "chat"))


def _read_quote(value: Mapping[str, Any] | None) -> Quote | None:
    if value is None:
        return None
    sender = BOT if value["sender"] is None else read.sender(value)
    return Quote(read.word(value, "message"), sender, read.text(value, "text"), read.media(value))


def _moment(payload: Mapping[str, Any], received_at: datetime) -> datetime:
    """The room's own time; where it is missing or odd, that of arrival."""
    try:
        at = datetime.fromisoformat(read.text(payload, "at"))
    except (KeyError, TypeError, ValueError):
        return received_at
    return at if at.tzinfo is not None else received_at
