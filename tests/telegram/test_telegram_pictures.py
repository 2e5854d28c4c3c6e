"""A picture with its words beneath; and where the server takes none, the words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from fake_bot_api import TOKEN, FakeBotApi
from test_telegram_channel import post

from bot.channels.base import ChatHasMoved, SendLater, SendRefused
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.channel import CAPTION, PICTURE_TRIES, UNKNOWN_MESSAGE

PNG = b"\x89PNG\r\n\x1a\n and what follows"
WORDS = "第一网格上周受理 12 件，办好 9 件。"


class Kept:
    """The folder of pictures."""

    def __init__(self) -> None:
        self.files = {"week.png": PNG}

    async def __call__(self, name: str) -> bytes | None:
        return self.files.get(name)


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest_asyncio.fixture
async def channel(bot_api: FakeBotApi, kept: Kept) -> AsyncIterator[TelegramChannel]:
    made = TelegramChannel(TOKEN, api=bot_api.url, pictures=kept, read_timeout=0.3)
    await made.start()
    yield made
    await made.close()


async def test_a_picture_arrives_with_its_words(
    channel: TelegramChannel, bot_api: FakeBotApi
) -> None:
    group = bot_api.group("三栋群")
    assert channel.capabilities.media
    number = await channel.send(post(group, WORDS, picture="week.png"))
    (shown,) = bot_api.posts(group)
    assert (str(shown.id), shown.text) == (number, WORDS)
    assert shown.extra["photo"] == PNG
    assert bot_api.called("sendMessage") == []


@pytest.mark.parametrize(
    "odd", ["error404", "error400", "html", "garbage", "empty", "list", "ok_false"]
)
async def test_a_server_that_takes_no_pictures_gets_the_words(
    channel: TelegramChannel, bot_api: FakeBotApi, odd: str
) -> None:
    group = bot_api.group("三栋群")
    bot_api.odd["sendPhoto"] = odd
    await channel.send(post(group, WORDS, picture="week.png"))
    (shown,) = bot_api.posts(group)
    assert shown.text == WORDS
    assert any("sendPhoto" in problem for problem in channel.problems())


@pytest.mark.parametrize("odd", ["true", "missing", "null"])
async def test_a_picture_that_was_taken_without_a_number(
    channel: TelegramChannel, bot_api: FakeBotApi, odd: str
) -> None:
    group = bot_api.group("三栋群")
    bot_api.odd["sendPhoto"] = odd
    assert await channel.send(post(group, WORDS, picture="week.png")) == UNKNOWN_MESSAGE
    assert bot_api.called("sendMessage") == []


@pytest.mark.parametrize("odd", ["hang", "error500"])
async def test_what_may_have_arrived_is_tried_again_and_then_said(
    channel: TelegramChannel, bot_api: FakeBotApi, odd: str
) -> None:
    group = bot_api.group("三栋群")
    bot_api.odd["sendPhoto"] = odd
    for _ in range(PICTURE_TRIES - 1):
        with pytest.raises(SendLater):
            await channel.send(post(group, WORDS, picture="week.png"))
        assert not bot_api.posts(group)
    await channel.send(post(group, WORDS, picture="week.png"))
    assert [shown.text for shown in bot_api.posts(group)] == [WORDS]


async def test_a_refusal_after_silence_is_left_to_words(
    channel: TelegramChannel, bot_api: FakeBotApi
) -> None:
    group = bot_api.group("三栋群")
    bot_api.odd["sendPhoto"] = "error500"
    with pytest.raises(SendLater):
        await channel.send(post(group, WORDS, picture="week.png"))
    bot_api.odd["sendPhoto"] = "error400"
    await channel.send(post(group, WORDS, picture="week.png"))
    assert [shown.text for shown in bot_api.posts(group)] == [WORDS]


async def test_a_flood_is_waited_for_with_the_picture(
    channel: TelegramChannel, bot_api: FakeBotApi
) -> None:
    group = bot_api.group("三栋群")

    def flood(params: dict[str, Any]) -> web.Response:
        body = {"ok": False, "error_code": 429, "parameters": {"retry_after": 7}}
        return web.json_response(body, status=429)

    bot_api.odd["sendPhoto"] = flood
    with pytest.raises(SendLater) as later:
        await channel.send(post(group, WORDS, picture="week.png"))
    assert later.value.seconds == 7
    assert not bot_api.posts(group)


async def test_a_group_that_moved(channel: TelegramChannel, bot_api: FakeBotApi) -> None:
    group = bot_api.group("三栋群", type="group")

    def moved(params: dict[str, Any]) -> web.Response:
        body = {"ok": False, "error_code": 400, "parameters": {"migrate_to_chat_id": -1009}}
        return web.json_response(body, status=400)

    bot_api.odd["sendPhoto"] = moved
    with pytest.raises(ChatHasMoved):
        await channel.send(post(group, WORDS, picture="week.png"))


async def test_thrown_out_is_thrown_out(channel: TelegramChannel, bot_api: FakeBotApi) -> None:
    group = bot_api.group("三栋群")
    bot_api.odd["sendPhoto"] = bot_api.odd["sendMessage"] = lambda _: web.json_response(
        {"ok": False, "description": "Forbidden: bot was kicked"}, status=403
    )
    with pytest.raises(SendRefused):
        await channel.send(post(group, WORDS, picture="week.png"))


async def test_without_the_file_or_with_too_many_words_the_words_go_alone(
    channel: TelegramChannel, bot_api: FakeBotApi, kept: Kept
) -> None:
    group = bot_api.group("三栋群")
    await channel.send(post(group, "字" * (CAPTION + 1), picture="week.png"))
    kept.files.clear()
    await channel.send(post(group, WORDS, picture="week.png"))
    assert [len(shown.text) for shown in bot_api.posts(group)] == [CAPTION + 1, len(WORDS)]
    assert bot_api.called("sendPhoto") == []
