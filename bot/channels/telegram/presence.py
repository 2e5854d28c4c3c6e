"""Being there: who the bot is, how updates come to it, and what is wrong with that.

The law of this file: nothing here ever stops a start. `getMe` and the set-up of the webhook are tried
with patience and then again in the background; every other courtesy is tried once. What failed last is
remembered by method and shown by `doctor` until it works.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Literal, TypeVar

from telegram import Bot
from telegram.error import BadRequest

from bot.channels.telegram.webhook import PATH

T = TypeVar("T")

ALLOWED = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "message_reaction",
    "chat_member",
)

PRIVACY_MODE = (
    "Telegram's privacy mode is on: in groups the bot sees only commands, replies and mentions, and"
    " will miss most calls. Send /setprivacy to @BotFather, choose the bot, Disable; then remove the"
    " bot from each group and add it again, or make it an administrator there."
)
NO_ANSWER = (
    "Telegram does not answer getMe, so the bot's name is not known ({why})."
    " Check HUYING_TELEGRAM_TOKEN, HUYING_TELEGRAM_API and the network."
)
FAILED = "Telegram's {method} failed: {why}. The bot works without it as far as it can."
NO_WEBHOOK = (
    "Telegram does not know where to send updates: set HUYING_PUBLIC_URL (https), or"
    " HUYING_TELEGRAM_MODE=polling. Until then only a webhook set by hand brings updates."
)
LAST_ERROR = "Telegram could not deliver updates to the webhook: {why} ({waiting} wait)."

_ORDINARY = (
    "query is too old",
    "query id is invalid",
    "message to edit not found",
    "message to react not found",
    "message can't be edited",
    "message_id_invalid",
)
_PATIENCE = 5.0  # seconds for one courtesy
_START_PATIENCE = 4.0  # seconds that a start waits in all; `serve` must be ready within 15
_PAUSES = (1.0, 2.0, 5.0, 15.0, 60.0, 300.0)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SetUp:
    """How updates come. Without `public_url` the webhook is left as it is."""

    mode: Literal["webhook", "polling"] = "webhook"
    secret: str = ""
    public_url: str | None = None
    path: str = PATH

    @property
    def url(self) -> str | None:
        return f"{self.public_url.rstrip('/')}{self.path}" if self.public_url else None


class Presence:
    """What is known about the bot. `bot_id` is taken from the token until the server has told it."""

    allowed_json = json.dumps(ALLOWED, separators=(",", ":"))

    def __init__(
        self,
        bot: Bot,
        token: str,
        set_up: SetUp,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._bot = bot
        self._set_up = set_up
        self._sleep = sleep
        self._failed: dict[str, str] = {}
        self._delivery: str | None = None
        self._task: asyncio.Task[None] | None = None
        self._first_try = asyncio.Event()
        head = token.partition(":")[0]
        self.bot_id = int(head) if head.isascii() and head.isdigit() and len(head) < 19 else 0
        self.username: str | None = None
        self.reads_all: bool | None = None

    async def start(self, *, doors: bool = True) -> None:
        """Introduce the bot; come back after the first try or a few seconds, whichever is sooner.
        `doors`: also say where updates shall come to."""
        self._task = asyncio.create_task(self._settle(doors), name="telegram presence")
        with suppress(TimeoutError):
            async with asyncio.timeout(_START_PATIENCE):
                await self._first_try.wait()

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def examine(self) -> list[str]:
        """Ask the server how things stand, change nothing, and return the problems: for `doctor`."""
        await self._introduce()
        if self._set_up.mode == "webhook":
            info = await self.courtesy("getWebhookInfo", self._bot.get_webhook_info())
            if info is not None and info.last_error_message:
                self._delivery = LAST_ERROR.format(
                    why=info.last_error_message, waiting=info.pending_update_count
                )
        return self.problems()

    def problems(self) -> list[str]:
        """What a person should put right."""
        failed = dict(self._failed)
        no_answer = failed.pop("getMe", None)
        found = [NO_ANSWER.format(why=no_answer)] if no_answer else []
        if self.reads_all is False:
            found.append(PRIVACY_MODE)
        if self._set_up.mode == "webhook" and self._set_up.url is None:
            found.append(NO_WEBHOOK)
        if self._delivery:
            found.append(self._delivery)
        return found + [FAILED.format(method=method, why=why) for method, why in failed.items()]

    def note(self, method: str, error: BaseException) -> None:
        """Remember and log a failure; the same one is logged once. What a single message or press is
        to blame for is no failure of the method."""
        why = f"{type(error).__name__}: {error}"[:300]
        if isinstance(error, BadRequest) and any(word in why.lower() for word in _ORDINARY):
            _log.info("%s: %s", method, why)
            return
        if self._failed.get(method) != why:
            _log.warning("%s failed: %s", method, why)
        self._failed[method] = why

    async def courtesy(
        self, method: str, call: Awaitable[T], patience: float = _PATIENCE
    ) -> T | None:
        """The answer to something that may as well fail: then None, and a note."""
        try:
            async with asyncio.timeout(patience):
                answer = await call
        except Exception as error:
            # Not only the library's own errors: it raises all sorts on answers that it cannot parse.
            self.note(method, error)
            return None
        self._failed.pop(method, None)
        return answer

    async def remove_webhook(self) -> bool:
        """Polling and a webhook exclude each other. Updates that wait are kept."""
        call = self._bot.delete_webhook(drop_pending_updates=False)
        return await self.courtesy("deleteWebhook", call) is not None

    async def _settle(self, doors: bool) -> None:
        """Try until all is well, with growing pauses."""
        introduced, announced = False, not doors
        for pause in chain(_PAUSES, repeat(_PAUSES[-1])):
            introduced = introduced or await self._introduce()
            announced = announced or await self._announce()
            self._first_try.set()
            if introduced and announced:
                return
            await self._sleep(pause)

    async def _introduce(self) -> bool:
        me = await self.courtesy("getMe", self._bot.get_me())
        if me is None:
            return False
        self.bot_id = me.id or self.bot_id
        self.username = me.username or None
        self.reads_all = me.can_read_all_group_messages
        if self.reads_all is False:
            _log.warning(PRIVACY_MODE)
        return True

    async def _announce(self) -> bool:
        if self._set_up.mode == "polling":
            return await self.remove_webhook()
        if self._set_up.url is None:
            return True
        call = self._bot.set_webhook(
            self._set_up.url,
            secret_token=self._set_up.secret,
            allowed_updates=ALLOWED,
            max_connections=40,
        )
        return await self.courtesy("setWebhook", call) is not None
