"""Starting up: what the bot asks of the server, and that nothing but getMe matters."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest
from aiohttp import web
from fake_bot_api import ODD_ANSWERS, TOKEN, FakeBotApi
from test_telegram_channel import post

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.presence import NO_WEBHOOK, PRIVACY_MODE, SetUp

WEBHOOK = SetUp("webhook", "s3cret", "https://huying.example/")
OPTIONAL = (
    "setWebhook",
    "deleteWebhook",
    "getWebhookInfo",
    "editMessageText",
    "editMessageReplyMarkup",
    "answerCallbackQuery",
    "setMessageReaction",
    "getChat",
    "getChatMember",
)


async def test_a_webhook_is_set_with_secret_and_kinds(bot_api: FakeBotApi) -> None:
    channel = TelegramChannel(TOKEN, api=bot_api.url, set_up=WEBHOOK)
    await channel.start()
    assert [call.method for call in bot_api.calls] == ["getMe", "setWebhook"]
    [request] = bot_api.called("setWebhook")
    assert request["url"] == "https://huying.example/channels/telegram"
    assert request["secret_token"] == "s3cret"
    assert set(json.loads(request["allowed_updates"])) == {
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
        "message_reaction",
        "chat_member",
    }
    assert channel.problems() == []
    await channel.close()


async def test_a_yes_without_words_is_a_yes(bot_api: FakeBotApi) -> None:
    bot_api.odd["setWebhook"] = "null"
    channel = TelegramChannel(TOKEN, api=bot_api.url, set_up=WEBHOOK)
    await channel.start()
    assert channel.presence._task
    await asyncio.wait_for(channel.presence._task, 5)
    assert channel.problems() == []
    await channel.close()


async def test_without_a_public_address_no_webhook_is_set(bot_api: FakeBotApi) -> None:
    channel = TelegramChannel(TOKEN, api=bot_api.url, set_up=SetUp("webhook", "s3cret"))
    await channel.start()
    await channel.close()
    assert [call.method for call in bot_api.calls] == ["getMe"]
    assert channel.problems() == [NO_WEBHOOK]


async def test_a_worker_learns_the_name_and_leaves_the_webhook_alone(bot_api: FakeBotApi) -> None:
    channel = TelegramChannel(TOKEN, api=bot_api.url, set_up=WEBHOOK)
    await channel.start(doors=False)
    assert channel.private_link("x")
    await channel.close()
    assert [call.method for call in bot_api.calls] == ["getMe"]


async def test_polling_takes_the_webhook_away_and_keeps_what_waits(bot_api: FakeBotApi) -> None:
    bot_api.webhook = {"url": "https://old.example"}
    bot_api.user("王阿姨").says(bot_api.group("三栋群"), "路灯坏了")
    channel = TelegramChannel(TOKEN, api=bot_api.url, set_up=SetUp("polling"))
    await channel.start()
    assert len(await channel.updates(None, 0)) == 1
    await channel.close()
    assert [call.method for call in bot_api.calls][:2] == ["getMe", "deleteWebhook"]


async def test_privacy_mode_is_said(bot_api: FakeBotApi, caplog: pytest.LogCaptureFixture) -> None:
    bot_api.world.privacy = True
    channel = TelegramChannel(TOKEN, api=bot_api.url, set_up=WEBHOOK)
    assert channel.capabilities.can_read_all, "unknown is no reason to warn"
    await channel.start()
    await channel.close()
    assert not channel.capabilities.can_read_all
    assert channel.problems() == [PRIVACY_MODE]
    assert PRIVACY_MODE in caplog.text


@pytest.mark.parametrize("mode", ["webhook", "polling"])
@pytest.mark.parametrize("odd", ODD_ANSWERS)
async def test_odd_answers_to_all_but_getme_and_sendmessage_stop_nothing(
    bot_api: FakeBotApi, odd: str, mode: Any
) -> None:
    bot_api.odd = dict.fromkeys(OPTIONAL, odd)
    group = bot_api.group("三栋群")
    message = bot_api.user("王阿姨").says(group, "路灯坏了")
    set_up = SetUp(mode, "s3cret", "https://huying.example")
    channel = TelegramChannel(TOKEN, api=bot_api.url, set_up=set_up, read_timeout=0.2)
    before = time.monotonic()
    await channel.start()
    assert time.monotonic() - before < 5
    await channel.send(post(group, reply_to=str(message.id)))
    await channel.acknowledge("1")
    await channel.react(str(group.id), str(message.id))
    await channel.examine()
    assert len(bot_api.posts(group)) == 1
    assert channel.private_link("x")
    failed = mode == "webhook" or odd not in ("null", "missing", "true", "strange")
    assert any(word in " ".join(channel.problems()) for word in OPTIONAL) == failed
    await channel.close()


@pytest.mark.parametrize("odd", ODD_ANSWERS)
async def test_even_an_odd_getme_does_not_stop_a_start(bot_api: FakeBotApi, odd: str) -> None:
    bot_api.odd["getMe"] = odd
    group = bot_api.group("三栋群")
    channel = TelegramChannel(TOKEN, api=bot_api.url, set_up=WEBHOOK, read_timeout=0.2)
    await channel.start()
    assert channel.presence.bot_id == 4242
    assert channel.private_link("x") is None
    await channel.send(post(group))
    await channel.close()


async def test_a_name_that_comes_late(bot_api: FakeBotApi) -> None:
    bot_api.odd["getMe"] = "error500"
    channel = TelegramChannel(TOKEN, api=bot_api.url, set_up=WEBHOOK)
    pauses: list[float] = []
    server_is_back = asyncio.Event()

    async def rest(seconds: float) -> None:
        pauses.append(seconds)
        await server_is_back.wait()
        bot_api.odd.clear()

    channel.presence._sleep = rest
    await channel.start()
    assert channel.private_link("x") is None
    assert "HUYING_TELEGRAM_TOKEN" in channel.problems()[0]
    server_is_back.set()
    assert channel.presence._task
    await asyncio.wait_for(channel.presence._task, 5)
    assert channel.private_link("x")
    assert channel.problems() == []
    assert pauses == [1.0]
    await channel.close()


async def test_a_wrong_token_is_a_problem_not_a_crash(bot_api: FakeBotApi) -> None:
    channel = TelegramChannel("1:wrong", api=bot_api.url, set_up=WEBHOOK)
    await channel.start()
    assert "InvalidToken" in channel.problems()[0]
    assert "wrong" not in channel.problems()[0]
    await channel.close()


async def test_a_secret_that_telegram_does_not_take_is_a_problem(bot_api: FakeBotApi) -> None:
    set_up = SetUp("webhook", "呼应!", "https://huying.example")
    channel = TelegramChannel(TOKEN, api=bot_api.url, set_up=set_up)
    await channel.start()
    assert any("unallowed characters" in problem for problem in channel.problems())
    await channel.close()


async def test_doctor_hears_of_failed_deliveries(bot_api: FakeBotApi) -> None:
    info = {
        "url": "https://huying.example",
        "has_custom_certificate": False,
        "pending_update_count": 3,
        "last_error_message": "Connection refused",
    }
    bot_api.odd["getWebhookInfo"] = lambda params: web.json_response({"ok": True, "result": info})
    channel = TelegramChannel(TOKEN, api=bot_api.url, set_up=WEBHOOK)
    problems = await channel.examine()
    assert any("Connection refused (3 wait)" in problem for problem in problems)
    assert not bot_api.called("setWebhook"), "looking changes nothing"
    await channel.close()
