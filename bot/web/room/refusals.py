"""What the room says no to, each with its HTTP status and a sentence from `words`."""

from __future__ import annotations

from bot.web.room.words import Refused


class Refusal(Exception):
    """Something that cannot be done; `str()` of it is the sentence for the person."""

    status = 400
    words = Refused.MALFORMED

    def __init__(self, words: str | None = None, *, wait: float | None = None) -> None:
        super().__init__(words or self.words)
        self.wait = wait


class Malformed(Refusal):
    """The request is not what the page sends."""


class NotKnown(Refusal):
    """No valid device token."""

    status, words = 401, Refused.WHO


class Forbidden(Refusal):
    """Not a member of that room, or not theirs to change."""

    status, words = 403, Refused.NOT_IN_ROOM


class NotFound(Refusal):
    status, words = 404, Refused.NOT_FOUND


class Outdated(Refusal):
    """It was possible a moment ago."""

    status, words = 409, Refused.BUTTON_GONE


class TooBig(Refusal):
    status, words = 413, Refused.TOO_LONG


class Unreadable(Refusal):
    """A photo that no decoder opens."""

    status, words = 415, Refused.PHOTO_UNREADABLE


class TooFast(Refusal):
    """`wait` says after how many seconds it goes on."""

    status, words = 429, Refused.TOO_FAST
