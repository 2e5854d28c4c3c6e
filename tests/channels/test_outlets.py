"""A department's mail and webhook, against real peers on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from aiosmtpd.controller import Controller

from bot.channels.base import SendLater, SendRefused
from bot.channels.outlets import Mail, Webhook
from intake.grids import ChatRef
from intake.notices import Post, Urgency


def post(chat: ChatRef, text: str = "【新】DEMO-1-1 B级 路灯不亮\n3栋楼下路灯又不亮了") -> Post:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    params = {"case": "DEMO-1-1"}
    return Post("k1", chat, Urgency.ANSWER, "staff_case", params, text, "c", now, case="DEMO-1-1")


class Box:
    """A mail server that keeps what it takes and refuses one address."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address.startswith("gone@"):
            return "550 no such box"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(envelope.content)
        return "250 OK"


@pytest.fixture
def mail() -> Any:
    box = Box()
    controller = Controller(box, hostname="127.0.0.1", port=0)
    controller.port = _free_port()
    controller.start()
    yield box, Mail(f"127.0.0.1:{controller.port}", "huying@example.org")
    controller.stop()


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_a_mail_says_what_the_post_says(mail: tuple[Box, Mail]) -> None:
    box, channel = mail
    assert await channel.send(post(ChatRef("mail", "js@example.org"))) == "k1"
    (raw,) = box.mails
    read = message_from_bytes(raw, policy=policy.default)
    assert read["To"] == "js@example.org"
    assert read["Subject"] == "【新】DEMO-1-1 B级 路灯不亮"
    assert "3栋楼下路灯又不亮了" in read.get_content()


async def test_an_address_that_is_gone_is_refused_for_good(mail: tuple[Box, Mail]) -> None:
    with pytest.raises(SendRefused):
        await mail[1].send(post(ChatRef("mail", "gone@example.org")))


async def test_a_mail_server_that_is_down_is_tried_again() -> None:
    with pytest.raises(SendLater):
        await Mail(f"127.0.0.1:{_free_port()}", "a@b.c").send(post(ChatRef("mail", "x@y.z")))


@pytest_asyncio.fixture
async def webhook() -> AsyncIterator[Webhook]:
    channel = Webhook()
    yield channel
    await channel.close()


async def _served(status: int, taken: list[Any]) -> TestServer:
    async def take(request: web.Request) -> web.Response:
        taken.append((request.headers["Idempotency-Key"], await request.json()))
        return web.Response(status=status)

    app = web.Application()
    app.add_routes([web.post("/hook", take)])
    server = TestServer(app)
    await server.start_server()
    return server


async def test_a_webhook_gets_the_facts_and_a_key(webhook: Webhook) -> None:
    taken: list[Any] = []
    server = await _served(204, taken)
    await webhook.send(post(ChatRef("webhook", str(server.make_url("/hook")))))
    ((key, body),) = taken
    assert (key, body["case"], body["params"]) == ("k1", "DEMO-1-1", {"case": "DEMO-1-1"})
    await server.close()


@pytest.mark.parametrize(
    ("status", "error"),
    [(500, SendLater), (429, SendLater), (404, SendRefused), (400, SendRefused)],
)
async def test_what_a_webhook_answers(
    webhook: Webhook, status: int, error: type[Exception]
) -> None:
    server = await _served(status, [])
    with pytest.raises(error):
        await webhook.send(post(ChatRef("webhook", str(server.make_url("/hook")))))
    await server.close()


@pytest.mark.parametrize(
    ("url", "error"), [("http://127.0.0.1:9/x", SendLater), ("nonsense", SendRefused)]
)
async def test_an_address_that_leads_nowhere(
    webhook: Webhook, url: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await asyncio.wait_for(webhook.send(post(ChatRef("webhook", url))), 20)
