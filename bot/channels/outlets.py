"""The other ways to reach a department: e-mail and a webhook.

The law of this file: these ways only speak; nothing is read from them. Each is a channel, so that the
outbox paces, retries and parks for them as for any chat.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from typing import Any

import aiohttp
import aiosmtplib

from bot.channels.base import Capabilities, SendLater, SendRefused
from intake.commands import Command
from intake.notices import Post

_SPEAKS_ONLY = Capabilities(
    can_read_all=False, can_private=False, buttons=False, per_chat_minute=60, per_second=10
)
TIMEOUT = 15.0


class Mail:
    """`server` is host:port of an SMTP server, `sender` the address in From."""

    name = "mail"
    capabilities = _SPEAKS_ONLY

    def __init__(self, server: str, sender: str) -> None:
        host, _, port = server.rpartition(":")
        self._host, self._port = (host, int(port)) if host else (server, 25)
        self._sender = sender

    def read(self, payload: Mapping[str, Any], received_at: datetime) -> Command | None:
        return None

    def private_link(self, parameter: str) -> str | None:
        return None

    async def send(self, post: Post) -> str:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = post.chat.chat
        message["Subject"] = post.text.splitlines()[0][:80]
        message["X-Huying-Key"] = post.key
        message.set_content(post.text)
        try:
            await aiosmtplib.send(message, hostname=self._host, port=self._port, timeout=TIMEOUT)
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise SendRefused(f"the mail server refuses the address: {error}") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise SendLater(f"mail: {type(error).__name__}") from None
        return post.key


class Webhook:
    """Posts JSON to a department's own system; `key` is its idempotency key."""

    name = "webhook"
    capabilities = _SPEAKS_ONLY

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    def read(self, payload: Mapping[str, Any], received_at: datetime) -> Command | None:
        return None

    def private_link(self, parameter: str) -> str | None:
        return None

    async def send(self, post: Post) -> str:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT))
        body = {
            "key": post.key,
            "template": post.template,
            "case": post.case,
            "text": post.text,
            "params": dict(post.params),
        }
        headers = {"Idempotency-Key": post.key}
        try:
            async with self._session.post(post.chat.chat, json=body, headers=headers) as answer:
                status = answer.status
        except (aiohttp.InvalidURL, ValueError) as error:
            raise SendRefused(f"the webhook's address cannot be used: {error}") from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SendLater(f"webhook: {type(error).__name__}") from None
        if status >= 500 or status == 429:
            raise SendLater(f"webhook: status {status}")
        if status >= 400:
            raise SendRefused(f"webhook: status {status}")
        return post.key

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
