"""What an Update must look like before anybody builds objects of it.

The law of this file: the table `KINDS` names the kinds of update that can mean something to us and how
each is checked; whatever else stands in an Update is lawful and not for us. Checking is cheap, because
the door does it for every POST; reading does it again and can then rely on every field named here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, NoReturn, TypeGuard

from intake.grids import ChatRef

NAME = "telegram"
"""The channel's name: in chat references, lanes and the inbox."""

_HIGHEST = 2**63


class NotAnUpdate(ValueError):
    """This is not an Update of the Bot API: nothing was kept; send what the Bot API sends."""


class Envelope(NamedTuple):
    """The outside of an update. `kind` and `lane` are None for an update that we have no use for."""

    update_id: int
    kind: str | None = None
    lane: str | None = None


def envelope(payload: object) -> Envelope:
    """Check the shape of an update. Raises NotAnUpdate."""
    if not isinstance(payload, Mapping):
        _refuse("an Update is a JSON object")
    update_id = payload.get("update_id")
    if not is_id(update_id) or update_id < 0:
        _refuse("update_id must be a whole number")
    for kind, check in KINDS.items():
        part = payload.get(kind)
        if part is not None:
            chat = check(_object(part, kind))
            lane = None if chat is None else str(ChatRef(NAME, str(chat)))
            return Envelope(update_id, kind if lane else None, lane)
    return Envelope(update_id)


def is_id(value: object) -> TypeGuard[int]:
    """A whole number as the Bot API uses for ids; True and False are not numbers here."""
    return type(value) is int and -_HIGHEST < value < _HIGHEST


def _message(part: Mapping[str, Any]) -> int:
    chat = _where(part)
    for key in ("from", "sender_chat"):
        if part.get(key) is not None:
            _id(_object(part[key], key), key)
    for key in ("text", "caption"):
        if not isinstance(part.get(key), str | None):
            _refuse(f"{key} must be a string")
    if part.get("reply_to_message") is not None:
        _number(_object(part["reply_to_message"], "reply_to_message"), "message_id")
    for key in ("migrate_to_chat_id", "migrate_from_chat_id"):
        if part.get(key) is not None and not is_id(part[key]):
            _refuse(f"{key} must be a whole number")
    return chat


def _press(part: Mapping[str, Any]) -> int | None:
    """The chat of the message under which a button was pressed; None for an inline message."""
    if not isinstance(part.get("id"), str) or not part["id"]:
        _refuse("callback_query.id must be a string")
    _id(_object(part.get("from"), "from"), "from")
    if not isinstance(part.get("data"), str | None):
        _refuse("data must be a string")
    message = part.get("message")
    if message is None:
        return None
    # Some relatives of the Bot API leave the message's id out; the data says all that we need.
    return _where({"message_id": 0} | dict(_object(message, "message")))


def _membership(part: Mapping[str, Any]) -> int:
    for key in ("old_chat_member", "new_chat_member"):
        if not isinstance(_object(part.get(key), key).get("status"), str):
            _refuse(f"{key}.status must be a string")
    if part.get("from") is not None:
        _id(_object(part["from"], "from"), "from")
    return _id(_object(part.get("chat"), "chat"), "chat")


KINDS: Mapping[str, Callable[[Mapping[str, Any]], int | None]] = {
    "message": _message,
    "edited_message": _message,
    "callback_query": _press,
    "my_chat_member": _membership,
}


def _where(message: Mapping[str, Any]) -> int:
    _number(message, "message_id")
    return _id(_object(message.get("chat"), "chat"), "chat")


def _object(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        _refuse(f"{name} must be an object")
    return value


def _id(value: Mapping[str, Any], name: str) -> int:
    number = value.get("id")
    if not is_id(number):
        _refuse(f"{name}.id must be a whole number")
    return number


def _number(value: Mapping[str, Any], key: str) -> None:
    if not is_id(value.get(key)):
        _refuse(f"{key} must be a whole number")


def _refuse(why: str) -> NoReturn:
    raise NotAnUpdate(why)
