"""Reading the fields of a payload that one of our own pages wrote.

The law of this file: a field is what it should be, or KeyError (missing), TypeError (of another kind) or
ValueError (empty) says which; the channel makes nothing of such a payload.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intake.commands import Sender

Payload = Mapping[str, Any]


def text(payload: Payload, key: str) -> str:
    """Words, which may be none."""
    value = payload[key]
    if not isinstance(value, str):
        raise TypeError(key)
    return value


def word(payload: Payload, key: str) -> str:
    """Words, at least one sign."""
    value = text(payload, key)
    if not value:
        raise ValueError(key)
    return value


def media(payload: Payload) -> tuple[str, ...]:
    """What came with the words, by kind: ("photo", "photo"); none where the key is missing."""
    kinds = payload.get("media") or ()
    if isinstance(kinds, str) or not all(isinstance(kind, str) for kind in kinds):
        raise TypeError("media")
    return tuple(kinds)


def sender(payload: Payload) -> Sender:
    """Who wrote: {"person", "name"}."""
    who = payload["sender"]
    return Sender(word(who, "person"), text(who, "name"))


def sender_of(value: Sender) -> dict[str, str]:
    """A sender as it stands in a payload."""
    return {"person": value.identity, "name": value.name}
