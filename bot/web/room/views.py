"""Rooms and messages as the page gets them.

The law of this file: the same JSON for every member of a room (whose message it is, the page knows by
`who`); times are milliseconds since 1970.
"""

from __future__ import annotations

from typing import Any

from storage.room_records import Listed, Member, Message, Quoted

_QUOTED_CHARACTERS = 120


def member_view(member: Member) -> dict[str, Any]:
    return {
        "person": member.person,
        "name": member.nickname,
        "tag": member.title,
        "avatar": member.avatar,
        "demo": member.demo,
    }


def message_view(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "cid": message.client_id,
        "seq": message.seq,
        "rev": message.rev,
        "kind": message.kind,
        "at": round(message.at.timestamp() * 1000),
        "who": message.author,
        "name": message.name,
        "tag": message.title,
        "avatar": message.avatar,
        "text": message.text,
        "quote": None if message.quote is None else quote_view(message.quote),
        "photos": [photo.stored() for photo in message.photos],
        "buttons": [{"label": label, "data": data} for label, data in message.buttons],
        "edited": message.edited,
        "withdrawn": message.withdrawn,
    }


def quote_view(quote: Quoted) -> dict[str, Any]:
    text = quote.text
    if text is not None and len(text) > _QUOTED_CHARACTERS:
        text = text[:_QUOTED_CHARACTERS] + "…"
    return {
        "id": quote.id,
        "who": quote.author,
        "name": quote.name,
        "text": text,
        "photos": quote.photos,
        "withdrawn": quote.withdrawn,
    }


def listed_view(item: Listed) -> dict[str, Any]:
    return {
        "chat": item.room.chat,
        "kind": item.room.kind,
        "title": item.room.title,
        "grid": item.room.grid,
        "rev": item.room.rev,
        "read": item.read_mark,
        "unread": item.unread,
        "members": item.members,
        "last": None if item.last is None else message_view(item.last),
    }
