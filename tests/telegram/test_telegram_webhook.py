"""The door over real HTTP: every status code, and nothing answered 200 that is not kept."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from standins import NOW, SECRET, RecordingDoor, serving

from bot.channels.telegram import PATH, webhook_routes
from bot.channels.telegram.webhook import LIMIT, SECRET_HEADER
from storage.records import Arrival


def update(number: int = 1, **fields: Any) -> dict[str, Any]:
    base = {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "group"}, "text": "路灯坏了"}
    return {"update_id": number, "message": base | fields}


@pytest_asyncio.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


@pytest.fixture
def door() -> RecordingDoor:
    return RecordingDoor()


@pytest_asyncio.fixture
async def server(door: RecordingDoor) -> AsyncIterator[TestServer]:
    async with serving(door) as running:
        yield running


async def post(
    http: ClientSession, server: TestServer, body: Any, secret: str | None = SECRET, **headers: str
) -> int:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    if secret is not None:
        headers[SECRET_HEADER] = secret
    async with http.post(server.make_url(PATH), data=io.BytesIO(raw), headers=headers) as answer:
        await answer.read()
        return answer.status


async def test_an_update_is_kept_as_it_came(
    http: ClientSession, server: TestServer, door: RecordingDoor
) -> None:
    assert await post(http, server, update(7, strange=[1])) == 200
    expected = Arrival("telegram", "7", "telegram:-5", update(7, strange=[1]), NOW)
    assert list(door.kept.values()) == [expected]


async def test_a_repeat_is_200_and_changes_nothing(
    http: ClientSession, server: TestServer, door: RecordingDoor
) -> None:
    for text in ("一", "二"):
        assert await post(http, server, update(7, text=text)) == 200
    assert [a.payload["message"]["text"] for a in door.kept.values()] == ["一"]


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", "\u00e9" * 50])
async def test_401_for_a_wrong_secret(
    http: ClientSession, server: TestServer, door: RecordingDoor, secret: str | None
) -> None:
    assert await post(http, server, update(), secret) == 401
    assert await post(http, server, b"{", secret) == 401
    assert not door.tries


BAD_BODIES: dict[str, bytes] = {
    "empty": b"",
    "blank": b"  ",
    "not JSON": b"hello",
    "broken off": b'{"update_id": 1, "mess',
    "not UTF-8": b'{"update_id": 1, "message": {"text": "\xff\xfe"}}',
    "UTF-16": json.dumps(update()).encode("utf-16"),
    "NUL bytes": b"\x00" * 100,
    "a list": b"[]",
    "a number": b"5",
    "no id": b"{}",
    "not a number": b'{"update_id": NaN}',
    "endless number": b'{"update_id": ' + b"9" * 5000 + b"}",
    "endless fraction": b'{"update_id": 1e999}',
    "endless depth": b'{"update_id": 1, "message": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "an unchatted message": b'{"update_id": 1, "message": {"text": "x"}}',
    "a form": b"update_id=1&message=x",
}


@pytest.mark.parametrize("name", BAD_BODIES)
async def test_400_for_what_is_not_an_update(
    http: ClientSession, server: TestServer, door: RecordingDoor, name: str
) -> None:
    assert await post(http, server, BAD_BODIES[name]) == 400
    assert not door.tries


async def test_half_a_surrogate_pair_is_odd_but_kept(
    http: ClientSession, server: TestServer, door: RecordingDoor
) -> None:
    body = b'{"update_id": 1, "message": {"message_id": 1, "chat": {"id": -5}, "text": "a\\ud83d"}}'
    assert await post(http, server, body) == 200
    assert door.ids == ["1"]


async def test_413_above_one_mebibyte(
    http: ClientSession, server: TestServer, door: RecordingDoor
) -> None:
    room = LIMIT - len(json.dumps(update(text="")).encode())
    assert await post(http, server, update(text="x" * room)) == 200
    assert await post(http, server, update(2, text="x" * (room + 1))) == 413
    assert door.ids == ["1"]


async def test_413_also_without_a_length(
    http: ClientSession, server: TestServer, door: RecordingDoor
) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 65_536

    headers = {SECRET_HEADER: SECRET}
    async with http.post(server.make_url(PATH), data=endless(), headers=headers) as answer:
        assert answer.status == 413
    assert not door.tries


async def test_packed_bodies(http: ClientSession, server: TestServer, door: RecordingDoor) -> None:
    for body in (json.dumps(update()).encode(), b" " * (8 * LIMIT)):
        packed = gzip.compress(body)
        assert await post(http, server, packed, **{"Content-Encoding": "gzip"}) == 415
    assert not door.tries


async def test_a_kind_without_use_is_200_and_not_kept(
    http: ClientSession, server: TestServer, door: RecordingDoor
) -> None:
    assert await post(http, server, {"update_id": 1}) == 200
    assert await post(http, server, {"update_id": 2, "poll_answer": {}}) == 200
    assert await post(http, server, {"update_id": 3, "telepathy": "x"}) == 200
    assert not door.tries


async def test_503_when_too_much_waits(http: ClientSession, door: RecordingDoor) -> None:
    wait: list[float | None] = [2.3]
    async with serving(door, lambda: wait[0]) as server:
        headers = {SECRET_HEADER: SECRET}
        async with http.post(server.make_url(PATH), json=update(), headers=headers) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (503, "3")
        assert await post(http, server, update(), "wrong") == 401
        assert not door.tries
        wait[0] = None
        assert await post(http, server, update()) == 200


async def test_503_when_the_inbox_fails_and_not_a_word_of_it_in_the_log(
    http: ClientSession, server: TestServer, door: RecordingDoor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    door.broken = OSError("disk full while storing 路灯坏了")
    assert await post(http, server, update()) == 503
    door.broken = None
    assert await post(http, server, update()) == 200
    assert "OSError" in caplog.text
    assert "路灯" not in caplog.text
    assert SECRET not in caplog.text


async def test_200_only_after_the_commit(
    http: ClientSession, server: TestServer, door: RecordingDoor
) -> None:
    door.gate = asyncio.Event()
    waiting = asyncio.create_task(post(http, server, update()))
    await asyncio.sleep(0.1)
    assert door.tries == 1
    assert not waiting.done()
    door.gate.set()
    assert await waiting == 200


async def test_a_sender_that_hangs_up_harms_nobody(
    http: ClientSession, server: TestServer, door: RecordingDoor
) -> None:
    _, writer = await asyncio.open_connection(server.host, server.port)
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n"
    secret = f"{SECRET_HEADER}: {SECRET}\r\n\r\n"
    writer.write((head + secret).encode() + b'{"update_id":')
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert await post(http, server, update()) == 200
    assert door.ids == ["1"]


async def test_only_posts(http: ClientSession, server: TestServer) -> None:
    async with http.get(server.make_url(PATH)) as answer:
        assert answer.status == 405


async def test_many_at_once_stay_whole(
    http: ClientSession, server: TestServer, door: RecordingDoor
) -> None:
    codes = await asyncio.gather(
        *(post(http, server, update(number % 150)) for number in range(300))
    )
    assert set(codes) == {200}
    assert sorted(map(int, door.ids)) == list(range(150))


def test_an_empty_secret_is_refused(door: RecordingDoor) -> None:
    with pytest.raises(ValueError, match="HUYING_TELEGRAM_SECRET"):
        webhook_routes(door, secret="", now=lambda: NOW)
