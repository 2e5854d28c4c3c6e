"""What we hand to python-telegram-bot of an update: the fields that we read, each in lawful form.

The law of this file: the Bot API grows with every release and its relatives leave things out; a field
that we never read must not cost us a neighbour's message. So unknown fields are dropped and required
ones that we do not need are filled in. Everything here has passed `shape.envelope`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.channels.telegram.shape import is_id

_PRESENT = frozenset({"creator", "administrator", "member"})
_LATEST = 4_102_444_800  # the year 2100
_TOPIC = {"name": "topic", "icon_color": 0}


def lean(payload: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """An update of `kind` with nothing in it but what `reading` reads."""
    part: Mapping[str, Any] = payload[kind]
    if kind == "callback_query":
        inner = _callback(part)
    elif kind == "my_chat_member":
        inner = _membership(part)
    else:
        inner = _message(part, part["chat"])
    return {"update_id": payload["update_id"], kind: inner}


def _message(part: Mapping[str, Any], chat: Mapping[str, Any]) -> dict[str, Any]:
    message: dict[str, Any] = {
        "message_id": part["message_id"],
        "date": _date(part.get("date")),
        "chat": _chat(chat),
        "text": _text(part.get("text")) or None,
        "caption": _text(part.get("caption")) or None,
        "author_signature": _text(part.get("author_signature")) or None,
        "is_automatic_forward": part.get("is_automatic_forward") is True,
        "edit_date": _date(part.get("edit_date")) or None,
    }
    if _has_id(part.get("from")):
        message["from"] = _user(part["from"])
    if _has_id(part.get("sender_chat")):
        message["sender_chat"] = _chat(part["sender_chat"])
    for key in ("message_thread_id", "migrate_to_chat_id", "migrate_from_chat_id"):
        if is_id(part.get(key)):
            message[key] = part[key]
    if part.get("forum_topic_created") is not None:
        message["forum_topic_created"] = _TOPIC
    quoted = part.get("reply_to_message")
    if quoted is not None:
        inner = {key: value for key, value in quoted.items() if key != "reply_to_message"}
        message["reply_to_message"] = _message(inner, chat)
    return message


def _callback(part: Mapping[str, Any]) -> dict[str, Any]:
    callback: dict[str, Any] = {
        "id": part["id"],
        "from": _user(part["from"]),
        "chat_instance": "",
        "data": _text(part.get("data")) or None,
    }
    message = part.get("message")
    if message is not None:
        # Date 0 is how the Bot API marks a message that is too old to show; we need no more of it.
        callback["message"] = {
            "message_id": message.get("message_id", 0),
            "chat": _chat(message["chat"]),
            "date": 0,
        }
    return callback


def _membership(part: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "chat": _chat(part["chat"]),
        "from": _user(part["from"]) if _has_id(part.get("from")) else _user({"id": 0}),
        "date": _date(part.get("date")),
        "old_chat_member": _presence(part["old_chat_member"]),
        "new_chat_member": _presence(part["new_chat_member"]),
    }


def _presence(member: Mapping[str, Any]) -> dict[str, Any]:
    """Present or not is all we ask; the many rights of an administrator are not for us."""
    present = member["status"] in _PRESENT or (
        member["status"] == "restricted" and member.get("is_member") is not False
    )
    return {"status": "member" if present else "left", "user": _user({"id": 0})}


def _user(user: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": user["id"],
        "is_bot": user.get("is_bot") is True,
        "first_name": _text(user.get("first_name")),
        "last_name": _text(user.get("last_name")) or None,
        "username": _text(user.get("username")) or None,
    }


def _chat(chat: Mapping[str, Any]) -> dict[str, Any]:
    kind = chat.get("type")
    usual = "private" if chat["id"] > 0 else "supergroup"
    return {
        "id": chat["id"],
        "type": kind if isinstance(kind, str) and kind else usual,
        "title": _text(chat.get("title")) or None,
    }


def _has_id(value: object) -> bool:
    return isinstance(value, Mapping) and is_id(value.get("id"))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _date(value: Any) -> int:
    """Seconds since 1970; 0 for what is missing or absurd."""
    return value if is_id(value) and 0 < value < _LATEST else 0
