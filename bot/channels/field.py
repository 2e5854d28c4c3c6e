"""What staff tell from their round, as a channel.

The law of this file: the page of the round (随手报) writes its payloads here and reads them here. Every
report is a private talk of its own, `field:random`; what the bot says there is kept in the outbox and shown
nowhere, for whoever told it sees the case itself: sending is nothing but having been kept.

A payload is JSON with `type` told, message (also the name of its talk), sender {"person", "name"}, grid,
place, text, done (what was done on the spot, or ""), media ["photo", …], photos [file].
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.channels import payload as read
from bot.channels.base import Capabilities
from intake.cases import PATROL
from intake.commands import Command, Form, Said, Sender
from intake.grids import ChatRef
from intake.notices import Post

NAME = PATROL


class FieldChannel:
    """There is nobody to be sent to."""

    name = NAME
    capabilities = Capabilities(
        buttons=False, per_chat_minute=1_000, per_second=1_000, repeats=True
    )

    def read(self, payload: Mapping[str, Any], received_at: datetime) -> Command | None:
        """The command in a payload of the page; None for what makes no sense."""
        try:
            return _read(payload, received_at)
        except (KeyError, TypeError, ValueError):
            return None

    async def send(self, post: Post) -> str:
        """The outbox has it, and that is all."""
        return post.key

    def private_link(self, parameter: str) -> str | None:
        return None


def talk(message: str) -> ChatRef:
    """The talk that a report is."""
    return ChatRef(NAME, message)


def told(
    message: str, sender: Sender, text: str, form: Form, photos: tuple[str, ...]
) -> dict[str, Any]:
    """What somebody tells from their round."""
    return {
        "type": "told",
        "message": message,
        "sender": read.sender_of(sender),
        "grid": form.grid,
        "place": form.place,
        "text": text,
        "done": form.done,
        "media": ["photo"] * len(photos),
        "photos": list(photos),
    }


def _read(payload: Mapping[str, Any], received_at: datetime) -> Command | None:
    if payload["type"] != "told":
        return None
    message = read.word(payload, "message")
    form = Form(
        read.word(payload, "grid"),
        read.text(payload, "place"),
        patrol=True,
        done=read.text(payload, "done"),
    )
    return Said(
        chat=talk(message),
        message=message,
        sender=read.sender(payload),
        text=read.word(payload, "text"),
        at=received_at,
        private=True,
        media=read.media(payload),
        form=form,
    )
