"""Talking to a Bot API server that may be Telegram, a relative, or out of its mind.

The law of this file: every answer is judged here, before python-telegram-bot sees it, and comes out as
a lawful result or as one of a few errors:

    200 with `ok` and a result            the result, mended to what the library demands
    any with parameters.retry_after, 429  FloodWait
    migrate_to_chat_id                    ChatMigrated
    400 / 403 / 409                       BadRequest / Forbidden / Conflict
    401 / 404                             InvalidToken (404: also a method that is not known)
    5xx, no connection                    NetworkError;   no answer in time   TimedOut
    everything else                       OddAnswer

We judge ourselves because the library logs what it cannot parse (people's words may be in it), drops
the message id of a half answer, and warns about its own RetryAfter.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx
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
from telegram.request import HTTPXRequest

from bot.channels.telegram.decoding import decode, encode
from bot.channels.telegram.shape import is_id

PUBLIC_API = "https://api.telegram.org"
FLOOD_WAIT = 30.0
_LONGEST_WAIT = 3600.0
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

# These log request addresses, and with them the token; what matters is said by our own loggers.
_TALKATIVE = ("httpx", "httpcore", "telegram")


class FloodWait(TelegramError):
    """The server asks to wait `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"flood control: wait {seconds:g} s")
        self.seconds = seconds


class OddAnswer(TelegramError):
    """The server answered something that is not the Bot API's: look at what HUYING_TELEGRAM_API
    points to."""


class Wire(HTTPXRequest):
    """The library's HTTP client with our own judgement of answers."""

    def __init__(self, api: str, *, connections: int = 32, read_timeout: float = 10.0) -> None:
        loopback = urlsplit(api).hostname in _LOOPBACK
        super().__init__(
            connection_pool_size=connections,
            read_timeout=read_timeout,
            write_timeout=10.0,
            connect_timeout=5.0,
            pool_timeout=10.0,
            # A proxy from the environment is for the world outside, not for this machine.
            httpx_kwargs={"trust_env": not loopback, "verify": _tls()},
        )

    async def download(self, url: str, most_bytes: int) -> bytes:
        """A file of the server, read only as far as is allowed. Raises TelegramError."""
        try:
            async with self._client.stream("GET", url) as answer:
                if answer.status_code != 200:
                    raise _BY_STATUS.get(answer.status_code, OddAnswer)(
                        f"HTTP {answer.status_code}"
                    )
                body = bytearray()
                async for chunk in answer.aiter_bytes():
                    body += chunk
                    if len(body) > most_bytes:
                        raise OddAnswer("the file is larger than it may be")
                return bytes(body)
        except httpx.HTTPError as error:
            raise NetworkError(_without_address(str(error), url)) from None

    async def do_request(self, url: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        try:
            code, payload = await super().do_request(url, *args, **kwargs)
        except TimedOut:
            raise
        except Exception as error:
            raise NetworkError(_without_address(str(error), url)) from None
        result = judge(code, payload)
        mend = _MENDED.get(urlsplit(url).path.rpartition("/")[2], _same)
        return 200, encode({"ok": True, "result": mend(result)})


@cache
def _tls() -> ssl.SSLContext:
    """The certificates to trust, read once: that takes as long as many requests."""
    return httpx.create_ssl_context()


def hush() -> None:
    """Keep tokens and texts out of the logs of the libraries below us."""
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def judge(code: int, payload: bytes) -> Any:
    """The `result` of an answer (None where it has none). Raises TelegramError."""
    answer = _json_object(code, payload)
    if answer.get("ok") is True and 200 <= code < 300:
        return answer.get("result")
    description = _words(answer.get("description")) or f"HTTP {code}"
    parameters = answer.get("parameters")
    if isinstance(parameters, dict):
        if is_id(parameters.get("migrate_to_chat_id")):
            raise ChatMigrated(parameters["migrate_to_chat_id"])
        if isinstance(parameters.get("retry_after"), int | float):
            raise FloodWait(min(max(1.0, float(parameters["retry_after"])), _LONGEST_WAIT))
    error_code = answer.get("error_code")
    status = error_code if 200 <= code < 300 and isinstance(error_code, int) else code
    if status == 429:
        raise FloodWait(FLOOD_WAIT)
    if status >= 500:
        raise NetworkError(f"the server has trouble: {description}")
    raise _BY_STATUS.get(status, OddAnswer)(description)


_BY_STATUS: dict[int, type[TelegramError]] = {
    400: BadRequest,
    401: InvalidToken,
    403: Forbidden,
    404: InvalidToken,
    409: Conflict,
}


def _without_address(words: str, url: str) -> str:
    """`words` without the address of a request, of which the token is a part."""
    bot = urlsplit(url).path.rpartition("/")[0].rpartition("/")[2]
    for secret in (url, bot, bot.removeprefix("bot")):
        if secret:
            words = words.replace(secret, "…")
    return words[:200]


def _json_object(code: int, payload: bytes) -> dict[str, Any]:
    try:
        answer = decode(payload, "replace")
    except ValueError:
        answer = None
    if isinstance(answer, dict):
        return answer
    if code == 429:
        raise FloodWait(FLOOD_WAIT)
    if code >= 500:
        raise NetworkError(f"the server has trouble: HTTP {code} without JSON")
    raise OddAnswer(f"HTTP {code} without a JSON object")


def _same(result: Any) -> Any:
    return result


def _message(result: Any) -> dict[str, Any]:
    """A Message as the library demands it; id 0 where the server told none."""
    message = result if isinstance(result, dict) else {}
    number = message.get("message_id")
    if isinstance(number, str) and number.isascii() and number.isdigit():
        number = int(number)
    return {
        "message_id": number if is_id(number) and number > 0 else 0,
        "date": 0,
        "chat": {"id": 0, "type": "private"},
    }


def _me(result: Any) -> dict[str, Any]:
    """A User as the library demands it; id 0 where the server told none."""
    me = result if isinstance(result, dict) else {}
    return {
        "id": me["id"] if is_id(me.get("id")) else 0,
        "is_bot": True,
        "first_name": _words(me.get("first_name")),
        "username": _words(me.get("username")) or None,
        "can_read_all_group_messages": me.get("can_read_all_group_messages"),
    }


def _yes(result: Any) -> bool:
    """The server said `ok`; what else it said does not matter."""
    return True


_MENDED: dict[str, Callable[[Any], Any]] = {
    "sendMessage": _message,
    "sendPhoto": _message,
    "editMessageText": _message,
    "getMe": _me,
    "setWebhook": _yes,
    "deleteWebhook": _yes,
    "answerCallbackQuery": _yes,
    "setMessageReaction": _yes,
}


def _words(value: object) -> str:
    return value[:200] if isinstance(value, str) else ""


__all__ = ["PUBLIC_API", "FloodWait", "OddAnswer", "Wire", "hush", "judge"]
