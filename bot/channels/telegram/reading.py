"""From a Telegram update to a command.

The law of this file: pure, and total for every payload: a Command, or None for what is lawful and not
for us, or NotAnUpdate. Service messages say nothing to us but that a chat moved; whether the bot was
added or removed is said by `my_chat_member` alone, so that the first notice is given once.

Who speaks: a user is `tg:<id>`. Who speaks as a chat (an anonymous administrator, somebody with the
face of a channel) is `tg:as:<chat id>`: never a number, so that nothing private can be sent to it and
end up in that chat.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from telegram import CallbackQuery, Chat, ChatMemberUpdated, Message, Update, User

from bot.channels.telegram.cleaning import clean, clean_name
from bot.channels.telegram.lean import lean
from bot.channels.telegram.shape import NAME, NotAnUpdate, envelope
from intake.commands import (
    BotAdded,
    BotRemoved,
    ChatMoved,
    Command,
    Pressed,
    Quote,
    Said,
    Sender,
    Started,
)
from intake.grids import ChatRef

# In this order: an animation also carries a document, a venue also a location.
_MEDIA = (
    ("photo", "photo"),
    ("live_photo", "photo"),
    ("paid_media", "photo"),
    ("voice", "voice"),
    ("video", "video"),
    ("video_note", "video"),
    ("animation", "sticker"),
    ("sticker", "sticker"),
    ("document", "file"),
    ("audio", "file"),
    ("venue", "location"),
    ("location", "location"),
)
_BY_MIME = {"image": "photo", "video": "video"}
_START = re.compile(r"/start(?:@\w+)?(?:\s+([A-Za-z0-9_-]{1,64}))?\s*", re.ASCII)
_TELEGRAM_BEGAN = datetime(2013, 8, 1, tzinfo=UTC)
_GROUPS = frozenset({"group", "supergroup"})


def read(payload: Mapping[str, Any], received_at: datetime, bot_id: int) -> Command | None:
    """The command in an update; None for one that we have no use for. Raises NotAnUpdate."""
    kind = envelope(payload).kind
    if kind is None:
        return None
    try:
        update = Update.de_json(lean(payload, kind), None)
    except (ArithmeticError, LookupError, OSError, TypeError, ValueError) as error:
        raise NotAnUpdate(f"python-telegram-bot cannot read it ({type(error).__name__})") from None
    if update.callback_query:
        return _pressed(update.callback_query, received_at)
    if update.my_chat_member:
        return _membership(update.my_chat_member, received_at)
    message = update.message or update.edited_message
    if message is None:
        return None
    return _message(message, payload[kind], received_at, bot_id, kind == "edited_message")


def _message(
    message: Message, raw: Mapping[str, Any], received_at: datetime, bot_id: int, edited: bool
) -> Command | None:
    at = _moment(message.edit_date or message.date, received_at)
    chat = _ref(message.chat.id)
    if message.migrate_to_chat_id:
        return ChatMoved(chat, _ref(message.migrate_to_chat_id), at)
    if message.migrate_from_chat_id:
        # Said again in the new chat, and before anything else there: its own lane needs to know.
        return ChatMoved(_ref(message.migrate_from_chat_id), chat, at)
    sender = _sender(message)
    if sender is None or sender.identity == f"tg:{bot_id}" or message.is_automatic_forward:
        return None
    private = message.chat.type == Chat.PRIVATE
    if not private and message.chat.type not in _GROUPS:
        return None
    text = clean(message.text or message.caption or "")
    start = _START.fullmatch(text) if private and not edited else None
    if start:
        return Started(chat, sender, start.group(1) or "", at)
    media = _media(raw)
    if edited and "location" in media:  # somebody's live location moved on
        return None
    if not text.strip() and not media:
        return None
    quote = _quote(message, raw)
    return Said(chat, str(message.message_id), sender, text, at, private, quote, media, edited)


def _quote(message: Message, raw: Mapping[str, Any]) -> Quote | None:
    """What was replied to. In a topic every message replies to the topic's beginning: no quote."""
    quoted = message.reply_to_message
    if quoted is None or quoted.forum_topic_created:
        return None
    text = clean(quoted.text or quoted.caption or "")
    media = _media(raw["reply_to_message"])
    return Quote(str(quoted.message_id), _sender(quoted), text, media)


def _sender(message: Message) -> Sender | None:
    if message.sender_chat:
        name = clean_name(message.sender_chat.title or message.author_signature or "")
        return Sender(f"tg:as:{message.sender_chat.id}", name)
    return _person(message.from_user) if message.from_user else None


def _person(user: User) -> Sender:
    name = clean_name(user.first_name, user.last_name or "") or clean_name(user.username or "")
    return Sender(f"tg:{user.id}", name, user.is_bot)


def _media(raw: Mapping[str, Any]) -> tuple[str, ...]:
    for key, kind in _MEDIA:
        part = raw.get(key)
        if part:
            mime = part.get("mime_type") if isinstance(part, Mapping) else None
            if key == "document" and isinstance(mime, str):
                return (_BY_MIME.get(mime.split("/")[0], kind),)
            return (kind,)
    return ()


def _pressed(callback: CallbackQuery, received_at: datetime) -> Command | None:
    """The Bot API gives a press no time: it is now. What the button's message said is not needed, and
    for an old one not given."""
    message = callback.message
    if message is None or not callback.data:
        return None
    return Pressed(
        _ref(message.chat.id),
        str(message.message_id),
        _person(callback.from_user),
        clean(callback.data),
        received_at,
        message.chat.type == Chat.PRIVATE,
        clean(callback.id),
    )


def _membership(change: ChatMemberUpdated, received_at: datetime) -> Command | None:
    was, now = (
        member.status == member.MEMBER
        for member in (change.old_chat_member, change.new_chat_member)
    )
    chat, at = _ref(change.chat.id), _moment(change.date, received_at)
    group = change.chat.type in _GROUPS
    if was and not now and (group or change.chat.type == Chat.PRIVATE):
        return BotRemoved(chat, at, private=not group)
    if now and not was and group:
        by = _person(change.from_user) if change.from_user.id else None
        return BotAdded(chat, clean_name(change.chat.title or ""), by, at)
    return None


def _ref(chat: int) -> ChatRef:
    return ChatRef(NAME, str(chat))


def _moment(at: datetime, received_at: datetime) -> datetime:
    """The platform's time. Nothing was said before Telegram began, nor after it had arrived."""
    return at if _TELEGRAM_BEGAN <= at < received_at else received_at
