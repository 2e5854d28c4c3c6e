"""A member's word and its copy for the inbox, within one transaction.

The law of this file: whoever writes is in the room; what is refused is refused before anything is written.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.channels import web
from bot.web.room import words
from bot.web.room.refusals import Forbidden, NotFound, Outdated
from intake.commands import Sender
from intake.grids import ChatRef
from storage.records import Arrival
from storage.room import RoomRepository
from storage.room_records import Draft, Member, Membership, Message, private_chat
from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Pressing:
    chat: str
    message: str
    data: str
    client_id: str


def rooms(tx: Tx) -> RoomRepository:
    return RoomRepository(tx.connection)


def new_id() -> str:
    return secrets.token_hex(8)


def must_be_in(tx: Tx, chat: str, person: str) -> Membership:
    membership = rooms(tx).membership(chat, person)
    if membership is None:
        raise Forbidden
    return membership


def _sender(member: Member) -> Sender:
    return Sender(member.person, member.nickname)


def _arrival(external_id: str, chat: str, payload: dict[str, Any], now: datetime) -> Arrival:
    return Arrival(web.NAME, external_id, f"{web.NAME}:{chat}", payload, now)


def started(member: Member, parameter: str, now: datetime) -> Arrival:
    chat = private_chat(member.person)
    payload = web.started(chat, _sender(member), parameter, now)
    return _arrival(f"start-{new_id()}", chat, payload, now)


def _is_private(tx: Tx, chat: str) -> bool:
    room = rooms(tx).room(chat)
    return room is not None and room.kind == "private"


def say(tx: Tx, member: Member, draft: Draft, now: datetime) -> Message:
    must_be_in(tx, draft.chat, member.person)
    message, new = rooms(tx).say(draft, now)
    if new:
        payload = web.said(
            draft.chat,
            _is_private(tx, draft.chat),
            message.id,
            _sender(member),
            message.text,
            now,
            _quoted(message),
            tuple(photo.name for photo in message.photos),
        )
        tx.inbox.append([_arrival(message.id, draft.chat, payload, now)])
        tx.photos.add(ChatRef(web.NAME, draft.chat), message.id, message.photos, now)
    return message


def _quoted(message: Message) -> dict[str, Any] | None:
    quote = message.quote
    if quote is None or quote.withdrawn:
        return None
    sender = web.BOT if quote.author is None else Sender(quote.author, quote.name or "")
    return web.quoted(quote.id, sender, quote.text, quote.photos)


def press(tx: Tx, member: Member, pressing: Pressing, now: datetime) -> None:
    must_be_in(tx, pressing.chat, member.person)
    message = rooms(tx).message(pressing.message)
    if message is None or message.chat != pressing.chat:
        raise NotFound
    if pressing.data not in {data for _, data in message.buttons}:
        raise Outdated
    cause = "\0".join((member.person, message.id, pressing.data, pressing.client_id))
    press = f"press-{hashlib.sha256(cause.encode()).hexdigest()[:24]}"
    private = _is_private(tx, pressing.chat)
    sender = _sender(member)
    payload = web.pressed(pressing.chat, private, message.id, sender, pressing.data, press, now)
    tx.inbox.append([_arrival(press, pressing.chat, payload, now)])


def withdraw(tx: Tx, member: Member, chat: str, message: str, now: datetime) -> list[str]:
    must_be_in(tx, chat, member.person)
    known = rooms(tx).message(message)
    if known is None or known.chat != chat:
        raise NotFound
    if known.author != member.person:
        raise Forbidden(words.Refused.NOT_YOURS)
    changed, photos = rooms(tx).withdraw(chat, message, member.person, now)
    if changed:
        tx.photos.drop(ChatRef(web.NAME, chat), message)
        payload = web.unsaid(chat, _is_private(tx, chat), message, _sender(member), now)
        tx.inbox.append([_arrival(f"{message}:unsaid", chat, payload, now)])
    return photos
