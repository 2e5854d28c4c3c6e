"""Polling: nothing is lost between the inbox and the offset, and it never spins or dies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from fake_bot_api import ODD_ANSWERS, TOKEN, FakeBotApi
from standins import NOW, RecordingDoor

from bot.channels.telegram import Poller, TelegramChannel
from bot.channels.telegram.presence import SetUp


@pytest_asyncio.fixture
async def channel(bot_api: FakeBotApi) -> AsyncIterator[TelegramChannel]:
    made = TelegramChannel(TOKEN, api=bot_api.url, set_up=SetUp("polling"), read_timeout=0.5)
    await made.start()
    yield made
    await made.close()


def poller(channel: Any, door: RecordingDoor, wait: int = 0, **options: Any) -> Poller:
    return Poller(channel, door, now=lambda: NOW, wait=wait, **options)


async def test_updates_come_in_order(channel: TelegramChannel, bot_api: FakeBotApi) -> None:
    door = RecordingDoor()
    group = bot_api.group("三栋群")
    task = asyncio.create_task(poller(channel, door, wait=5).run())
    for number in range(250):
        bot_api.user("王阿姨").says(group, f"第{number}句")
    await bot_api.delivered()
    texts = [arrival.payload["message"]["text"] for arrival in door.kept.values()]
    assert texts == [f"第{number}句" for number in range(250)]
    bot_api.user("王阿姨").says(group, "还有")
    await bot_api.delivered()
    assert len(door.kept) == 251
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_kill_between_append_and_offset_loses_and_doubles_nothing(
    channel: TelegramChannel, bot_api: FakeBotApi
) -> None:
    door = RecordingDoor()
    group = bot_api.group("三栋群")
    aunt = bot_api.user("王阿姨")
    aunt.says(group, "一")
    await poller(channel, door).step()  # appended; killed before the next getUpdates confirms it
    aunt.says(group, "二")
    after = poller(channel, door)
    await after.step()
    await after.step()
    await bot_api.delivered()
    texts = [arrival.payload["message"]["text"] for arrival in door.kept.values()]
    assert texts == ["一", "二"]


async def test_the_offset_waits_for_the_commit(
    channel: TelegramChannel, bot_api: FakeBotApi
) -> None:
    door = RecordingDoor()
    bot_api.user("王阿姨").says(bot_api.group("三栋群"), "一")
    one = poller(channel, door)
    door.broken = OSError("disk full")
    assert [await one.step() for _ in range(3)] == [1.0, 2.0, 5.0]
    assert {call.get("offset") for call in bot_api.called("getUpdates")} == {None}
    door.broken = None
    assert await one.step() == 0.0
    assert door.ids == ["100001"]
    await one.step()
    assert bot_api.called("getUpdates")[-1]["offset"] == "100002"


async def test_what_is_not_an_update_is_stepped_over(bot_api: FakeBotApi) -> None:
    class Source:
        def __init__(self, *answers: list[Any]) -> None:
            self.answers = list(answers)
            self.offsets: list[int | None] = []

        async def updates(self, offset: int | None, wait: int) -> list[Any]:
            self.offsets.append(offset)
            return self.answers.pop(0)

        async def make_room_for_polling(self) -> bool:
            return True

    good = {"update_id": 7, "message": {"message_id": 1, "chat": {"id": -5}, "text": "x"}}
    bad = {"update_id": 8, "message": "x"}
    source = Source([bad, good, None, "x"], [{"no": "id"}], [])
    door = RecordingDoor()
    one = poller(source, door)
    assert await one.step() == 0.0
    assert door.ids == ["7"]
    assert await one.step() == 1.0
    assert await one.step() > 0
    assert source.offsets == [None, 9, 9]


@pytest.mark.parametrize("odd", ODD_ANSWERS)
async def test_odd_answers_are_waited_out(
    channel: TelegramChannel, bot_api: FakeBotApi, odd: str
) -> None:
    door = RecordingDoor()
    bot_api.user("王阿姨").says(bot_api.group("三栋群"), "一")
    one = poller(channel, door)
    if odd == "hang":
        return  # the read time-out is that of a long poll
    bot_api.odd["getUpdates"] = odd
    assert await one.step() >= 1.0
    bot_api.odd.clear()
    assert await one.step() == 0.0
    assert door.ids == ["100001"]


async def test_a_webhook_in_the_way_is_taken_away(
    channel: TelegramChannel, bot_api: FakeBotApi
) -> None:
    door = RecordingDoor()
    bot_api.webhook = {"url": "http://127.0.0.1:9/somewhere"}
    one = poller(channel, door)
    assert await one.step() == 1.0
    bot_api.user("王阿姨").says(bot_api.group("三栋群"), "一")
    assert await one.step() == 0.0
    assert door.ids == ["100001"]


async def test_an_overloaded_house_does_not_ask(
    channel: TelegramChannel, bot_api: FakeBotApi
) -> None:
    assert await poller(channel, RecordingDoor(), overloaded=lambda: 3.0).step() == 3.0
    assert not bot_api.called("getUpdates")


async def test_flood_control_is_obeyed(channel: TelegramChannel, bot_api: FakeBotApi) -> None:
    body = {"ok": False, "error_code": 429, "parameters": {"retry_after": 9}}
    bot_api.odd["getUpdates"] = lambda params: web.json_response(body, status=429)
    assert await poller(channel, RecordingDoor()).step() == 9.0
