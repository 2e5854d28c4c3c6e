"""A body that would grow when it is unpacked is refused at every route, before a byte of it is."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from loopback import address, served

from bot.runtime import running as running_system
from bot.server import make_app
from bot.settings import Settings
from storage.store import Store

BOMB = gzip.compress(b"0" * 8_000_000)


@pytest_asyncio.fixture
async def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """The whole server, as it is put together to be served."""
    monkeypatch.setenv("HUYING_HOME", str(tmp_path))
    with Store.open("sqlite://", "test") as store:
        async with (
            running_system(Settings(), store, None) as runtime,  # type: ignore[arg-type]
            served(make_app(runtime, demo=False)) as runner,
        ):
            yield address(runner)


@pytest.mark.parametrize("path", ["/health", "/room/enter", "/desk/sign-in", "/desk/case/1/set"])
@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "deflate", "br", "identity, gzip"])
async def test_nothing_compressed_comes_in(
    url: str, path: str, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    inflated: list[int] = []
    original = zlib.decompressobj

    def counted(*given: int) -> object:
        inflated.append(1)
        return original(*given)

    monkeypatch.setattr(zlib, "decompressobj", counted)
    headers = {"Content-Encoding": encoding, "Origin": url}
    body = zlib.compress(b"0" * 1000) if encoding == "deflate" else BOMB
    async with (
        aiohttp.ClientSession() as browser,
        browser.post(url + path, data=body, headers=headers) as got,
    ):
        assert got.status == 415
    assert inflated == []


async def test_what_is_not_compressed_comes_in(url: str) -> None:
    form = {"login": "nobody", "password": "wrong"}
    headers = {"Content-Encoding": "identity", "Origin": url}
    async with (
        aiohttp.ClientSession() as browser,
        browser.post(url + "/desk/sign-in", data=form, headers=headers) as got,
    ):
        assert got.status == 401
