"""The stand-in has to be as strict as Telegram where we rely on it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from fake_bot_api import TOKEN, FakeBotApi
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Conflict, Forbidden


async def ask(api: FakeBotApi, method: str, **params: Any) -> dict[str, Any]:
    async with (
        ClientSession() as session,
        session.post(f"{api.url}/bot{TOKEN}/{method}", json=params) as answer,
    ):
        found: dict[str, Any] = await answer.json()
        return found


async def test_json_form_and_query_alike(bot_api: FakeBotApi) -> None:
    group = bot_api.group("三栋群")
    keyboard = {"inline_keyboard": [[{"text": "好", "callback_data": "x"}]]}
    assert (await ask(bot_api, "sendMessage", chat_id=group.id, text="一", reply_markup=keyboard))[
        "ok"
    ]
    url = f"{bot_api.url}/bot{TOKEN}/sendMessage"
    async with ClientSession() as session:
        await (await session.post(url, data={"chat_id": str(group.id), "text": "二"})).read()
        await (await session.get(url, params={"chat_id": str(group.id), "text": "三"})).read()
    assert [shown.text for shown in bot_api.posts(group)] == ["一", "二", "三"]
    assert bot_api.posts(group)[0].buttons == ["好"]


async def test_the_library_is_content_with_it(bot_api: FakeBotApi) -> None:
    """Every method and every update as python-telegram-bot itself reads them."""
    group = bot_api.group("三栋群", bot_api.user("群主"))
    async with Bot(TOKEN, base_url=f"{bot_api.url}/bot") as bot:
        long = InlineKeyboardMarkup([[InlineKeyboardButton("好", callback_data="街" * 22)]])
        markup = InlineKeyboardMarkup([[InlineKeyboardButton("好", callback_data="x")]])
        sent = await bot.send_message(group.id, "一", reply_markup=markup)
        aunt = bot_api.user("王阿姨")
        message = aunt.says(group, "看", photo=True)
        aunt.edits(message, "看这里")
        press = aunt.presses(bot_api.posts(group)[0], "好")
        aunt.starts("x")
        aunt.blocks_the_bot()
        bot_api.world.migrate(bot_api.group("小群", type="group"))
        assert await bot.answer_callback_query(press)
        edited = await bot.edit_message_text("二", group.id, sent.message_id)
        assert isinstance(edited, type(sent))
        assert await bot.set_message_reaction(group.id, message.id, "👍")
        assert (await bot.get_chat(group.id)).title == "三栋群"
        assert (await bot.get_chat_member(group.id, aunt.id)).user.first_name == "王阿姨"
        assert (await bot.get_webhook_info()).pending_update_count == 8
        updates = await bot.get_updates()
        assert len(updates) == 8
        assert all(isinstance(update, Update) for update in updates)
        with pytest.raises(BadRequest, match=r"(?i)not modified"):
            await bot.edit_message_text("二", group.id, sent.message_id)
        with pytest.raises(BadRequest, match=r"(?i)can't be edited"):
            await bot.edit_message_text("二", group.id, message.id)
        with pytest.raises(BadRequest, match=r"(?i)button_data_invalid"):
            await bot.send_message(group.id, "一", reply_markup=long)
        with pytest.raises(BadRequest, match=r"(?i)too long"):
            await bot.send_message(group.id, "字" * 4097)
        with pytest.raises(Forbidden, match="initiate"):
            await bot.send_message(bot_api.user("新人").private.id, "一")
        await bot.set_webhook("http://127.0.0.1:9/")
        with pytest.raises(Conflict):
            await bot.get_updates()


async def test_an_offset_forgets_what_is_before_it(bot_api: FakeBotApi) -> None:
    group = bot_api.group("三栋群")
    for number in range(3):
        bot_api.user("王阿姨").says(group, str(number))
    first = (await ask(bot_api, "getUpdates", limit=2))["result"]
    assert [update["message"]["text"] for update in first] == ["0", "1"]
    assert len((await ask(bot_api, "getUpdates"))["result"]) == 3
    rest = (await ask(bot_api, "getUpdates", offset=first[-1]["update_id"] + 1))["result"]
    assert [update["message"]["text"] for update in rest] == ["2"]


async def test_a_long_poll_waits_for_news(bot_api: FakeBotApi) -> None:
    waiting = asyncio.create_task(ask(bot_api, "getUpdates", timeout=5))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    bot_api.user("王阿姨").says(bot_api.group("三栋群"), "在吗")
    assert len((await waiting)["result"]) == 1


async def test_a_webhook_hears_again_until_it_says_200(bot_api: FakeBotApi) -> None:
    codes = [500, 503, 401, 200, 200]
    heard: list[tuple[int, str | None]] = []

    async def receive(request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        heard.append(((await request.json())["update_id"], secret))
        return web.Response(status=codes[len(heard) - 1])

    app = web.Application()
    app.router.add_post("/hook", receive)
    server = TestServer(app)
    await server.start_server(access_log=None)
    group = bot_api.group("三栋群")
    bot_api.user("王阿姨").says(group, "一")
    bot_api.user("王阿姨").says(group, "二")
    await ask(bot_api, "setWebhook", url=str(server.make_url("/hook")), secret_token="s")
    await bot_api.delivered()
    assert heard == [(100001, "s")] * 4 + [(100002, "s")]
    assert [delivery.status for delivery in bot_api.deliveries] == codes
    await server.close()


async def test_kinds_that_nobody_asked_for_stay_away(bot_api: FakeBotApi) -> None:
    bot_api.raw("chat_member", {"x": 1})
    bot_api.raw("message_reaction", {"x": 1})
    assert (await ask(bot_api, "getUpdates"))["result"] == []
    await ask(bot_api, "getUpdates", allowed_updates=["chat_member"])
    bot_api.raw("chat_member", {"x": 1})
    bot_api.raw("message", {"x": 1})
    assert [list(u) for u in (await ask(bot_api, "getUpdates"))["result"]] == [
        ["update_id", "chat_member"]
    ]


async def test_requests_are_recorded_in_order(bot_api: FakeBotApi) -> None:
    for method in ("getMe", "getChat", "noSuchMethod"):
        await ask(bot_api, method, chat_id=5)
    assert [(call.method, call.params["chat_id"]) for call in bot_api.calls] == [
        ("getMe", 5),
        ("getChat", 5),
        ("noSuchMethod", 5),
    ]
