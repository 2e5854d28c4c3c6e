"""What every channel is.

The law of this file: a channel reads payloads into commands (pure: no I/O, no clock) and sends posts,
one at a time. What it can do is declared, and the wording adapts. Pacing, retrying and ordering are not
its business; it says with an exception what happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from intake.commands import Command
from intake.notices import Post


@dataclass(frozen=True, slots=True)
class Capabilities:
    """`per_chat_minute` is how many posts the platform takes in one chat in a minute, `per_second`
    how many from the bot in all; `media`: pictures go along; `files`: a file can be sent to somebody
    alone, or `own_page` is where people signed in as themselves get theirs; `repeats` says that a send is
    idempotent by the post's key, so that a kill between send and commit repeats nothing."""

    can_read_all: bool = True
    can_post: bool = True
    can_private: bool = True
    can_edit: bool = False
    buttons: bool = True
    reactions: bool = False
    media: bool = False
    files: bool = False
    own_page: str = ""
    per_chat_minute: int = 20
    per_second: int = 30
    repeats: bool = False


class SendLater(Exception):
    """The platform asks to wait, or cannot be reached; the post stays in the outbox."""

    def __init__(self, reason: str, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.seconds = seconds


class SendRefused(Exception):
    """The platform will never take this post (blocked, kicked, chat gone, malformed): park it."""


class ChatHasMoved(Exception):
    """The chat has a new id on the platform; send there instead."""

    def __init__(self, to: str) -> None:
        super().__init__(f"the chat has moved to {to}")
        self.to = to


class Channel(Protocol):
    """One platform."""

    @property
    def name(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    def read(self, payload: Mapping[str, Any], received_at: datetime) -> Command | None:
        """The command in a payload that this channel put into the inbox; None: nothing for us."""

    async def send(self, post: Post) -> str:
        """Send a post and return the platform's message id; with `post.edits`, replace the earlier
        one in place. Raises SendLater, SendRefused, ChatHasMoved."""

    def private_link(self, parameter: str) -> str | None:
        """A link that opens the private talk with the bot, or None where there is none."""
