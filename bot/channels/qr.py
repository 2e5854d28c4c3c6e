"""The reports that begin with a scanned code, as a channel.

The law of this file: the report page writes its payloads here and reads them here. Every report is a private
talk of its own, `qr:GRID:random`; what the bot says there is kept in the outbox, where the progress page
finds it: sending is nothing but having been kept.

A payload is JSON with `type`, chat, message, sender {"person", "name"}, and:
- `wrote`: grid, place, text, about (the first message of the report, for what is added later; or null),
  photos (how many came with it; none where the key is missing)
- `pressed`: data
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.channels import payload as read
from bot.channels.base import Capabilities
from intake.commands import Command, Form, Pressed, Quote, Said, Sender
from intake.grids import ChatRef
from intake.notices import Post

NAME = "qr"


class QrChannel:
    """There is nobody to be sent to: who wants to know looks at the progress page."""

    name = NAME
    capabilities = Capabilities(
        buttons=False, per_chat_minute=1_000, per_second=1_000, repeats=True
    )

    def read(self, payload: Mapping[str, Any], received_at: datetime) -> Command | None:
        """The command in a payload of the report page; None for what makes no sense."""
        try:
            reader = {"wrote": _read_wrote, "pressed": _read_pressed}.get(payload["type"])
            return None if reader is None else reader(payload, received_at)
        except (KeyError, TypeError, ValueError):
            return None

    async def send(self, post: Post) -> str:
        """The outbox has it, and that is all."""
        return post.key

    def private_link(self, parameter: str) -> str | None:
        return None


def wrote(
    chat: ChatRef,
    message: str,
    sender: Sender,
    text: str,
    form: Form,
    about: str | None,
    photos: int = 0,
) -> dict[str, Any]:
    """What somebody wrote on the form, or added later (`about`: the report's first message)."""
    return {
        "type": "wrote",
        **_where(chat, message, sender),
        "grid": form.grid,
        "place": form.place,
        "text": text,
        "about": about,
        "photos": photos,
    }


def pressed(chat: ChatRef, message: str, sender: Sender, data: str) -> dict[str, Any]:
    """Something was pressed on the progress page."""
    return {"type": "pressed", **_where(chat, message, sender), "data": data}


def _where(chat: ChatRef, message: str, sender: Sender) -> dict[str, Any]:
    who = read.sender_of(sender)
    return {"chat": chat.chat, "message": message, "sender": who}


def _read_wrote(payload: Mapping[str, Any], received_at: datetime) -> Command:
    about = payload["about"]
    sender = read.sender(payload)
    return Said(
        chat=ChatRef(NAME, read.word(payload, "chat")),
        message=read.word(payload, "message"),
        sender=sender,
        text=read.word(payload, "text"),
        at=received_at,
        private=True,
        quote=None if about is None else Quote(read.word(payload, "about"), sender, ""),
        media=("photo",) * int(payload.get("photos", 0)),
        form=Form(read.word(payload, "grid"), str(payload["place"])),
    )


def _read_pressed(payload: Mapping[str, Any], received_at: datetime) -> Command:
    return Pressed(
        chat=ChatRef(NAME, read.word(payload, "chat")),
        message=read.word(payload, "message"),
        sender=read.sender(payload),
        data=read.word(payload, "data"),
        at=received_at,
        private=True,
    )
