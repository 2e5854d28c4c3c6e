"""Telegram as a channel: posts through python-telegram-bot, one request each.

The law of this file: `getMe` and `sendMessage` are all that serving needs. Whatever else the bot asks
of the server is a courtesy: it is tried, noted for `doctor` where it fails, and never raises. Nobody
is told a token or a neighbour's words by way of a log.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, NoReturn
from urllib.parse import quote as escaped

from telegram import Bot, LinkPreviewOptions, Message, ReplyParameters
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from bot.channels.base import Capabilities, ChatHasMoved, SendLater, SendRefused
from bot.channels.telegram.keyboard import fitted, in_messages, keyboard
from bot.channels.telegram.photos import path_of
from bot.channels.telegram.presence import Presence, SetUp
from bot.channels.telegram.reading import read
from bot.channels.telegram.shape import NAME
from bot.channels.telegram.wire import PUBLIC_API, FloodWait, OddAnswer, Wire, hush
from bot.wording.mine import FILE_NAME
from intake.commands import Command
from intake.notices import Post

UNKNOWN_MESSAGE = "?"
"""The message id of a post that the server took without telling its id: it cannot be edited."""

PICTURE_PATIENCE = 20.0
"""Seconds for one picture: well before a neighbour's photo alone is asked about."""

EDIT_TRIES = 3
PICTURE_TRIES = 3
PICTURE = "huying.png"
CAPTION = 1000
"""Signs that may stand beneath a picture, a little below Telegram's 1024."""
_TOKEN_REST = 60.0  # seconds until a refused token is tried again
_CONNECTIONS = 64  # more than the sender has under way at once
_CHAT = re.compile(r"-?[1-9][0-9]{0,18}", re.ASCII)
_MESSAGE = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)
_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


async def _no_picture(name: str) -> bytes | None:
    return None


async def _nothing_kept(person: str) -> str | None:
    return None


async def _never_sent(key: str) -> str | None:
    return None


class TelegramChannel:
    """One bot.

    `api` is the address of the Bot API server without `/bot`. `set_up` says how updates shall come.
    `sent_as` finds the message id under which the post with a key was sent, for edits in place; `pictures`
    the picture of a name, `own` all that is kept of a person.
    """

    name = NAME

    def __init__(
        self,
        token: str,
        *,
        api: str = PUBLIC_API,
        set_up: SetUp | None = None,
        sent_as: Callable[[str], Awaitable[str | None]] = _never_sent,
        pictures: Callable[[str], Awaitable[bytes | None]] = _no_picture,
        own: Callable[[str], Awaitable[str | None]] = _nothing_kept,
        read_timeout: float = 10.0,
    ) -> None:
        hush()
        base = f"{api.rstrip('/')}/bot"
        self._wire = Wire(api, connections=_CONNECTIONS, read_timeout=read_timeout)
        self._polls = Wire(api, connections=2, read_timeout=read_timeout)
        self._bot = Bot(token, base_url=base, request=self._wire, get_updates_request=self._polls)
        self._updates_url = f"{base}{token}/getUpdates"
        self._file_url = f"{base}{token}/getFile"
        self._files = f"{api.rstrip('/')}/file/bot{token}/"
        self._sent_as = sent_as
        self._pictures = pictures
        self._own = own
        self._edits_failed: Counter[str] = Counter()
        self._attaching_failed: Counter[str] = Counter()
        self.presence = Presence(self._bot, token, set_up or SetUp())

    @property
    def capabilities(self) -> Capabilities:
        """What the platform lets this bot do; whether it reads everything is known after `start`."""
        return Capabilities(
            can_read_all=self.presence.reads_all is not False,
            can_edit=True,
            reactions=True,
            media=True,
            files=True,
        )

    async def start(self, *, doors: bool = True) -> None:
        """Say hello to the server. Returns within a few seconds whatever the server does; what did
        not work is tried again in the background. `doors` False is for a worker process: it learns
        the bot's name, which links need, and leaves the webhook alone."""
        await self._wire.initialize()
        await self._polls.initialize()
        await self.presence.start(doors=doors)

    async def close(self) -> None:
        """Stop what `start` began and close the connections."""
        await self.presence.stop()
        await self._wire.shutdown()
        await self._polls.shutdown()

    def problems(self) -> list[str]:
        """What a person should put right, in full sentences, for `doctor`."""
        return self.presence.problems()

    async def examine(self) -> list[str]:
        """Ask the server how things stand, change nothing, and return the problems."""
        return await self.presence.examine()

    def read(self, payload: Mapping[str, Any], received_at: datetime) -> Command | None:
        """The command in an update; None: nothing for us. Raises NotAnUpdate."""
        return read(payload, received_at, self.presence.bot_id)

    async def send(self, post: Post) -> str:
        """Send a post, or put it in the place of the earlier one that it `edits`, where that one was
        sent. An edit that cannot be done is refused, not sent anew: it was promised without a new
        post. Raises SendLater, SendRefused, ChatHasMoved."""
        chat, text, markup = _chat_of(post), fitted(post.text), keyboard(post.buttons)
        earlier = await self._sent_as(post.edits) if post.edits else None
        if earlier is not None:
            return await self._edit(post.key, chat, earlier, text, markup)
        try:
            if post.params.get("file"):
                return await self._hand_over(post, chat, text)
            shown = await self._show(post, chat, text, markup) if post.picture else None
            return shown or await self._say(chat, text, markup, post.reply_to)
        except TelegramError as error:
            _raise_for(error)

    async def _show(self, post: Post, chat: int, text: str, markup: Any) -> str | None:
        """Send a picture with its words beneath; None where the words shall go alone: the picture is gone,
        the words are too many, or the server does not take it. What may have arrived is tried again as
        any post is, and after PICTURE_TRIES left to words."""
        data = await self._pictures(post.picture or "") if len(text) <= CAPTION else None
        if data is None:
            return None
        number = _message_number(post.reply_to)
        quote = ReplyParameters(number, allow_sending_without_reply=True) if number else None
        call = self._bot.send_photo(
            chat, data, text, reply_markup=markup, reply_parameters=quote, filename=PICTURE
        )
        return await self._attached(post.key, "sendPhoto", call)

    async def _attached(self, key: str, method: str, call: Awaitable[Message]) -> str | None:
        """The message id of a post with something attached; None where the server does not take it."""
        try:
            sent = await call
        except (FloodWait, ChatMigrated):
            raise
        except TelegramError as error:
            # Exactly these: what the library calls a bad request is a NetworkError to it too.
            if type(error) in (NetworkError, TimedOut):
                self._attaching_failed[key] += 1
                if self._attaching_failed[key] < PICTURE_TRIES:
                    raise
            self._attaching_failed.pop(key, None)
            self.presence.note(method, error)
            return None
        self._attaching_failed.pop(key, None)
        return str(sent.message_id) if sent.message_id else UNKNOWN_MESSAGE

    async def _hand_over(self, post: Post, chat: int, text: str) -> str:
        """Send all that is kept of whoever this talk belongs to, as a file; where the server takes none,
        in as many messages as it needs."""
        kept = await self._own(post.params.get("person", ""))
        if kept is None:
            raise SendRefused("nothing is kept of them any more")
        data = kept.encode("utf-8-sig")
        call = self._bot.send_document(chat, data, caption=text, filename=FILE_NAME)
        handed = await self._attached(post.key, "sendDocument", call)
        if handed is not None:
            return handed
        said = [await self._say(chat, part, None, None) for part in in_messages(kept)]
        return said[-1]

    async def _say(self, chat: int, text: str, markup: Any, reply_to: str | None) -> str:
        number = _message_number(reply_to)
        quote = ReplyParameters(number, allow_sending_without_reply=True) if number else None
        arguments = {"reply_markup": markup, "link_preview_options": _NO_PREVIEW}
        try:
            sent = await self._bot.send_message(chat, text, reply_parameters=quote, **arguments)
        except BadRequest as error:
            if quote is None or "repl" not in error.message.lower():
                raise
            sent = await self._bot.send_message(chat, text, **arguments)
        return str(sent.message_id) if sent.message_id else UNKNOWN_MESSAGE

    async def _edit(self, key: str, chat: int, earlier: str, text: str, markup: Any) -> str:
        """Edit in place. A server on which that fails must not hold up what comes behind, so after
        EDIT_TRIES the edit is given up."""
        number = _message_number(earlier)
        if number is None:
            raise SendRefused("the earlier post cannot be edited: its message id is not known")
        try:
            await self._bot.edit_message_text(
                text,
                chat_id=chat,
                message_id=number,
                reply_markup=markup,
                link_preview_options=_NO_PREVIEW,
            )
        except (FloodWait, ChatMigrated) as error:
            _raise_for(error)
        except BadRequest as error:
            if "not modified" not in error.message.lower():
                self._give_up(key, error)
        except (Forbidden, InvalidToken) as error:
            self._give_up(key, error)
        except TelegramError as error:
            self._edits_failed[key] += 1
            if self._edits_failed[key] >= EDIT_TRIES:
                self._give_up(key, error)
            raise SendLater(f"edit: {_reason(error)}") from None
        self._edits_failed.pop(key, None)
        return earlier

    def _give_up(self, key: str, error: TelegramError) -> NoReturn:
        self._edits_failed.pop(key, None)
        self.presence.note("editMessageText", error)
        raise SendRefused(f"edit: {_reason(error)}") from None

    async def acknowledge(self, press: str, text: str | None = None) -> None:
        """Stop the little clock on a pressed button; best effort."""
        await self.presence.courtesy(
            "answerCallbackQuery",
            self._bot.answer_callback_query(press, text=text[:200] if text else None),
        )

    async def react(self, chat: str, message: str, emoji: str = "👌") -> bool:
        """Put a silent reaction under a message; best effort. `emoji` is one of Telegram's list."""
        number = _message_number(message)
        if number is None or not _CHAT.fullmatch(chat):
            return False
        call = self._bot.set_message_reaction(int(chat), number, emoji)
        return await self.presence.courtesy("setMessageReaction", call) is True

    async def picture(self, file_id: str, most_bytes: int) -> bytes | None:
        """A file that somebody sent, as it came; None where it cannot be had, is too large, or takes too
        long. Best effort: the message is there without it."""
        call = self._fetch(file_id, most_bytes)
        return await self.presence.courtesy("getFile", call, PICTURE_PATIENCE)

    async def _fetch(self, file_id: str, most_bytes: int) -> bytes:
        found = await self._wire.post(f"{self._file_url}?file_id={escaped(file_id, safe='')}")
        path = path_of(found)
        if path is None:
            raise OddAnswer("getFile gave no path")
        return await self._wire.download(self._files + path, most_bytes)

    def private_link(self, parameter: str) -> str | None:
        """A link that opens the private talk with the bot. A parameter that Telegram would not carry
        is left out. None until the bot's name is known."""
        username = self.presence.username
        if username is None:
            return None
        start = f"?start={parameter}" if _PARAMETER.fullmatch(parameter) else ""
        return f"https://t.me/{username}{start}"

    async def updates(self, offset: int | None, wait: int) -> list[Any]:
        """Updates from `offset` on, raw, waiting up to `wait` seconds for the first. Confirms all
        before `offset`. Raises TelegramError."""
        kinds = escaped(self.presence.allowed_json)
        query = f"timeout={wait}&limit=100&allowed_updates={kinds}"
        if offset is not None:
            query += f"&offset={offset}"
        found: Any = await self._polls.post(
            f"{self._updates_url}?{query}", read_timeout=wait + 10.0
        )
        if not isinstance(found, list):
            raise OddAnswer("getUpdates gave no list")
        return found

    async def make_room_for_polling(self) -> bool:
        """Take away a webhook that stands in the way of polling; whether that worked."""
        return await self.presence.remove_webhook()


_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def _chat_of(post: Post) -> int:
    if not _CHAT.fullmatch(post.chat.chat):
        raise SendRefused("this is no chat of Telegram")
    return int(post.chat.chat)


def _message_number(message: str | None) -> int | None:
    """The number of a message; None for what is none, such as an id of another channel."""
    return int(message) if message and _MESSAGE.fullmatch(message) else None


def _raise_for(error: TelegramError) -> NoReturn:
    """Say with an exception of `base` what happened."""
    match error:
        case FloodWait():
            raise SendLater(_reason(error), error.seconds) from None
        case ChatMigrated():
            raise ChatHasMoved(str(error.new_chat_id)) from None
        case Forbidden() | BadRequest():
            raise SendRefused(_reason(error)) from None
        case InvalidToken() | Conflict():
            # Somebody will put the token right; the posts must still be there then.
            raise SendLater(f"the token is refused: {_reason(error)}", _TOKEN_REST) from None
        case _:
            raise SendLater(_reason(error)) from None


def _reason(error: TelegramError) -> str:
    return f"{type(error).__name__}: {error.message}"
