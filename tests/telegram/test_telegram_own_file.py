"""All that is kept of somebody comes as a file; where the server takes none, in messages."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from fake_bot_api import TOKEN, FakeBotApi
from test_telegram_channel import post

from bot.channels.base import SendLater, SendRefused
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.channel import PICTURE_TRIES
from bot.channels.telegram.keyboard import in_messages

WORDS = "我记的关于您的比较多，都放在一个文件里。请收好，别转发。"
KEPT = "\n".join(["我记的关于您的：", *(f"DEMO-1-{n} 路灯不亮：{'灯' * 90}" for n in range(80))])
FILE = {"file": "own", "person": "telegram:7"}


async def own(person: str) -> str | None:
    return KEPT if person == "telegram:7" else None


@pytest_asyncio.fixture
async def channel(bot_api: FakeBotApi) -> AsyncIterator[TelegramChannel]:
    made = TelegramChannel(TOKEN, api=bot_api.url, own=own, read_timeout=0.3)
    await made.start()
    yield made
    await made.close()


async def test_it_comes_as_a_file(channel: TelegramChannel, bot_api: FakeBotApi) -> None:
    alone = bot_api.group("王阿姨")
    assert channel.capabilities.files
    number = await channel.send(post(alone, WORDS, params=FILE))
    (shown,) = bot_api.posts(alone)
    assert (str(shown.id), shown.text) == (number, WORDS)
    assert shown.extra["document"].decode("utf-8-sig") == KEPT
    assert bot_api.called("sendMessage") == []


@pytest.mark.parametrize("odd", ["error404", "error400", "html", "garbage", "ok_false"])
async def test_a_server_that_takes_no_files_gets_the_words(
    channel: TelegramChannel, bot_api: FakeBotApi, odd: str
) -> None:
    alone = bot_api.group("王阿姨")
    bot_api.odd["sendDocument"] = odd
    await channel.send(post(alone, WORDS, params=FILE))
    shown = bot_api.posts(alone)
    assert len(shown) > 1
    assert "\n".join(one.text for one in shown) == KEPT
    assert any("sendDocument" in problem for problem in channel.problems())


async def test_what_may_have_arrived_is_tried_again_and_then_said(
    channel: TelegramChannel, bot_api: FakeBotApi
) -> None:
    alone = bot_api.group("王阿姨")
    bot_api.odd["sendDocument"] = "error500"
    for _ in range(PICTURE_TRIES - 1):
        with pytest.raises(SendLater):
            await channel.send(post(alone, WORDS, params=FILE))
    assert bot_api.posts(alone) == []
    await channel.send(post(alone, WORDS, params=FILE))
    assert len(bot_api.posts(alone)) > 1


async def test_of_whom_nothing_is_kept_any_more_nothing_is_sent(
    channel: TelegramChannel, bot_api: FakeBotApi
) -> None:
    alone = bot_api.group("李叔")
    with pytest.raises(SendRefused):
        await channel.send(post(alone, WORDS, params=FILE | {"person": "telegram:8"}))
    assert bot_api.posts(alone) == []


def test_messages_are_cut_between_lines() -> None:
    assert in_messages("一\n二") == ["一\n二"]
    parts = in_messages("\n".join(["长" * 3000, "😀" * 1000, "短"]))
    assert [len(part.encode("utf-16-le")) // 2 for part in parts] == [3000, 2002]
    assert in_messages("长" * 5000) == ["长" * 4095 + "…"]
