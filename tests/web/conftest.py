"""A web room on loopback for each test, and people who speak in it over HTTP."""

from __future__ import annotations

import io
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from devserver import Running, serving
from playwright.async_api import Browser, async_playwright
from room_tabs import ARGUMENTS

from storage.store import Store


@pytest.fixture
def file_store(sqlite_url: str) -> Iterator[Store]:
    with Store.open(sqlite_url, "dev") as store:
        yield store


@pytest_asyncio.fixture
async def running(file_store: Store, tmp_path: Path) -> AsyncIterator[Running]:
    async with serving(file_store, tmp_path) as server:
        yield server


_open: list[aiohttp.ClientWebSocketResponse] = []


class Neighbour:
    """One tab: a demo persona (by token) or a member with a cookie."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.session = session
        self.token: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        return {"X-Room-Token": self.token} if self.token else {}

    async def become(self, name: str) -> Neighbour:
        asked = {"person": f"web:demo-{name}"}
        status, answer = await self.post("/room/persona", asked)
        assert status == 200, answer
        self.token = answer["token"]
        return self

    async def post(self, path: str, value: Any, **headers: str) -> tuple[int, Any]:
        sent = {"Origin": self.url, **self.headers, **headers}
        raw = isinstance(value, bytes | io.BytesIO)
        data, json = (value, None) if raw else (None, value)
        async with self.session.post(self.url + path, json=json, data=data, headers=sent) as got:
            return got.status, await got.json()

    async def get(self, path: str, **query: str) -> tuple[int, Any]:
        async with self.session.get(self.url + path, params=query, headers=self.headers) as got:
            return got.status, await got.json()

    async def say(self, chat: str, text: str, client_id: str, **more: Any) -> tuple[int, Any]:
        return await self.post("/room/send", {"chat": chat, "text": text, "id": client_id, **more})

    async def history(self, chat: str) -> list[dict[str, Any]]:
        status, answer = await self.get("/room/history", chat=chat)
        assert status == 200, answer
        found: list[dict[str, Any]] = answer["messages"]
        return found

    async def socket(self, cursor: str = "{}", **headers: str) -> aiohttp.ClientWebSocketResponse:
        offered = ["huying-room", *([f"token.{self.token}"] if self.token else [])]
        socket = await self.session.ws_connect(
            f"{self.url}/room/ws",
            params={"cursor": cursor},
            protocols=offered,
            headers={"Origin": self.url, **headers},
        )
        _open.append(socket)
        return socket


@pytest_asyncio.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened
        while _open:
            await _open.pop().close()


@pytest_asyncio.fixture
async def wang(running: Running, session: aiohttp.ClientSession) -> Neighbour:
    return await Neighbour(running.url, session).become("wang")


@pytest_asyncio.fixture
async def li(running: Running, session: aiohttp.ClientSession) -> Neighbour:
    return await Neighbour(running.url, session).become("li")


@pytest_asyncio.fixture
async def wu(running: Running, session: aiohttp.ClientSession) -> Neighbour:
    """老吴 of the department, who is in no residents' group."""
    return await Neighbour(running.url, session).become("wu")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One browser for all: starting it takes longer than most of what is done in it."""
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(
            executable_path=os.environ.get("HUYING_CHROMIUM", "/usr/bin/chromium"), args=ARGUMENTS
        )
        yield opened
        await opened.close()


@pytest_asyncio.fixture(loop_scope="session")
async def browser(chromium: Browser) -> AsyncIterator[Browser]:
    """The browser, in which nothing is open and nothing remembered."""
    yield chromium
    for context in chromium.contexts:
        await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def live(file_store: Store, tmp_path: Path) -> AsyncIterator[Running]:
    """`running`, on the loop of the browser."""
    async with serving(file_store, tmp_path) as server:
        yield server
