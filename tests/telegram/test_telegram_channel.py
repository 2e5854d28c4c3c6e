"""Sending, editing and being polite, against the fake server; and what each of its refusals becomes."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from fake_bot_api import BOT_NAME, ODD_ANSWERS, TOKEN, FakeBotApi
from fake_world import Chat
from standins import NOW

from bot.channels.base import Channel, ChatHasMoved, SendLater, SendRefused
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.channel import EDIT_TRIES, UNKNOWN_MESSAGE
from bot.channels.telegram.keyboard import keyboard
from bot.channels.telegram.presence import NO_WEBHOOK
from intake.grids import ChatRef
from intake.notices import Button, Post, Urgency


def post(chat: Chat | int | str, text: str = "收到啦", **fields: Any) -> Post:
    number = str(chat.id if isinstance(chat, Chat) else chat)
    known: dict[str, Any] = {
        "key": "k1",
        "chat": ChatRef("telegram", number),
        "urgency": Urgency.ANSWER,
        "template": "ack",
        "params": {},
        "cause": "telegram:1",
        "created_at": NOW,
    }
    return Post(text=text, **(known | fields))


class Sent:
    """Which message each key became, as the outbox remembers it."""

    def __init__(self) -> None:
        self.ids: dict[str, str] = {}

    async def __call__(self, key: str) -> str | None:
        return self.ids.get(key)


@pytest.fixture
def sent() -> Sent:
    return Sent()


@pytest_asyncio.fixture
async def channel(bot_api: FakeBotApi, sent: Sent) -> AsyncIterator[TelegramChannel]:
    made = TelegramChannel(TOKEN, api=bot_api.url + "/", sent_as=sent, read_timeout=0.3)
    await made.start()
    yield made
    await made.close()


def test_it_is_a_channel() -> None:
    made: Channel = TelegramChannel(TOKEN, api="http://127.0.0.1:9")
    assert made.name == "telegram"
    assert made.capabilities.can_edit


async def test_a_post_arrives(channel: TelegramChannel, bot_api: FakeBotApi) -> None:
    group = bot_api.group("三栋群")
    call = bot_api.user("王阿姨").says(group, "路灯坏了")
    buttons = (Button("不是报事", "no:DEMO-1-1"), Button("补充地点", "where:DEMO-1-1"))
    number = await channel.send(post(group, reply_to=str(call.id), buttons=buttons))
    [shown] = bot_api.posts(group)
    assert (str(shown.id), shown.text, shown.reply_to) == (number, "收到啦", call)
    assert shown.data("补充地点") == "where:DEMO-1-1"
    [request] = bot_api.called("sendMessage")
    assert "parse_mode" not in request
    assert '"is_disabled": true' in request["link_preview_options"]
    assert '"allow_sending_without_reply": true' in request["reply_parameters"]


async def test_no_words_of_ours_are_markup(channel: TelegramChannel, bot_api: FakeBotApi) -> None:
    group = bot_api.group("三栋群")
    words = "*3栋* <b>_二单元_</b> & [x](y) \\ `漏水`"
    await channel.send(post(group, words))
    assert bot_api.posts(group)[0].text == words


async def test_a_quoted_message_that_is_gone(channel: TelegramChannel, bot_api: FakeBotApi) -> None:
    group = bot_api.group("三栋群")
    for quoted in ("777", "c-web-id", ""):
        await channel.send(post(group, reply_to=quoted or None))
    assert [shown.reply_to for shown in bot_api.posts(group)] == [None, None, None]


async def test_a_server_that_knows_no_leniency(
    channel: TelegramChannel, bot_api: FakeBotApi
) -> None:
    group = bot_api.group("三栋群")

    def strict(params: dict[str, Any]) -> web.Response:
        if "reply_parameters" in params:
            body = {"ok": False, "description": "Bad Request: message to be replied not found"}
            return web.json_response(body, status=400)
        return web.json_response({"ok": True, "result": {"message_id": 12}})

    bot_api.odd["sendMessage"] = strict
    assert await channel.send(post(group, reply_to="777")) == "12"


LENGTHS = {"短": 1, "字" * 4096: 4096, "字" * 5000: 4096, "🔥" * 2048: 2048, "🔥" * 3000: 2048}


@pytest.mark.parametrize("text", LENGTHS)
async def test_long_texts_are_cut(channel: TelegramChannel, bot_api: FakeBotApi, text: str) -> None:
    group = bot_api.group("三栋群")
    await channel.send(post(group, text))
    shown = bot_api.posts(group)[0].text
    assert len(shown) == LENGTHS[text]
    assert shown.endswith("…") == (shown != text)


ROWS: dict[str, tuple[tuple[str, ...], list[int]]] = {
    "none": ((), []),
    "yes and no": (("是,报修", "不是"), [2]),
    "five points and a word": (("1", "2", "3", "4", "5", "没好"), [6]),
    "a long one": (("签收", "退回", "请其他部门一起办理这件事情", "完成"), [2, 1, 1]),
    "ten digits": (tuple("0123456789"), [8, 2]),
    "three of middle length": (("不是报事", "补充地点", "转人工"), [3]),
}


@pytest.mark.parametrize("name", ROWS)
def test_rows_of_buttons(name: str) -> None:
    labels, lengths = ROWS[name]
    made = keyboard([Button(label, f"d{label[0]}") for label in labels])
    rows = made.inline_keyboard if made else ()
    assert [len(row) for row in rows] == lengths
    assert [button.text for row in rows for button in row] == list(labels)


UNSENDABLE = {
    "data too long": post(-5, buttons=(Button("好", "x" * 65),)),
    "data too long in bytes": post(-5, buttons=(Button("好", "街" * 22),)),
    "no data": post(-5, buttons=(Button("好", ""),)),
    "no label": post(-5, buttons=(Button(" ", "x"),)),
    "101 buttons": post(-5, buttons=(Button("好", "x"),) * 101),
    "no text": post(-5, "  \u202e"),
    "no chat of Telegram": post("room-1"),
    "somebody with the face of a chat": post("as:-100500"),
}


@pytest.mark.parametrize("name", UNSENDABLE)
async def test_what_cannot_be_sent_is_refused_at_once(
    channel: TelegramChannel, bot_api: FakeBotApi, name: str
) -> None:
    with pytest.raises(SendRefused):
        await channel.send(UNSENDABLE[name])
    assert not bot_api.called("sendMessage")


# — what refusals become —


async def test_a_private_chat_never_started(channel: TelegramChannel, bot_api: FakeBotApi) -> None:
    aunt = bot_api.user("王阿姨")
    with pytest.raises(SendRefused, match="can't initiate"):
        await channel.send(post(aunt.private))
    aunt.starts()
    await channel.send(post(aunt.private))
    aunt.blocks_the_bot()
    with pytest.raises(SendRefused, match="blocked"):
        await channel.send(post(aunt.private))


async def test_a_group_that_has_no_room_for_us(
    channel: TelegramChannel, bot_api: FakeBotApi
) -> None:
    group = bot_api.group("三栋群")
    bot_api.world.member_changed(group, bot_api.user("群主"), present=False)
    with pytest.raises(SendRefused, match="kicked"):
        await channel.send(post(group))
    with pytest.raises(SendRefused, match="Chat not found"):
        await channel.send(post(-99))


async def test_a_group_that_moved(channel: TelegramChannel, bot_api: FakeBotApi) -> None:
    group = bot_api.group("三栋群", type="group")
    new = bot_api.world.migrate(group)
    with pytest.raises(ChatHasMoved) as moved:
        await channel.send(post(group))
    assert moved.value.to == str(new.id)
    await channel.send(post(moved.value.to))
    assert len(bot_api.posts(new)) == 1


async def test_too_many_posts_in_a_group(channel: TelegramChannel, bot_api: FakeBotApi) -> None:
    bot_api.limits = True
    bot_api.world.clock = lambda: 1_000.0
    group, other = bot_api.group("三栋群"), bot_api.group("五栋群")
    for number in range(20):
        await channel.send(post(group, f"第{number}条"))
    with pytest.raises(SendLater) as later:
        await channel.send(post(group))
    assert later.value.seconds == 60
    for number in range(10):
        await channel.send(post(other, f"第{number}条"))
    with pytest.raises(SendLater) as later:
        await channel.send(post(other))
    assert later.value.seconds == 1


def says(status: int, description: str = "no", **more: Any) -> web.Response:
    body = {"ok": False, "error_code": status, "description": description, **more}
    return web.json_response(body, status=status)


ANSWERS: dict[str, tuple[web.Response | str, type[Exception], float | None]] = {
    "not enough rights": (says(400, "not enough rights to send text"), SendRefused, None),
    "no right to speak": (says(403, "CHAT_WRITE_FORBIDDEN"), SendRefused, None),
    "wrong token": (says(401, "Unauthorized"), SendLater, 60),
    "method not known": (says(404, "Not Found"), SendLater, 60),
    "conflict": (says(409, "Conflict"), SendLater, 60),
    "flood": (says(429, "x", parameters={"retry_after": 7}), SendLater, 7),
    "flood without a time": (says(429, "x"), SendLater, 30),
    "flood with an absurd time": (says(429, "x", parameters={"retry_after": 1e9}), SendLater, 3600),
    "flood in HTML": (web.Response(status=429, text="<html>"), SendLater, 30),
    "parameters of another shape": (says(400, parameters=[7]), SendRefused, None),
    "server error": (says(500), SendLater, None),
    "no with 200": (web.json_response({"ok": False, "error_code": 403}), SendRefused, None),
    "no with 200 and nothing": (web.json_response({"ok": False}), SendLater, None),
    "418": (says(418), SendLater, None),
    "redirect": (web.Response(status=302, headers={"Location": "/login"}), SendLater, None),
    "html": ("html", SendLater, None),
    "html500": ("html500", SendLater, None),
    "garbage": ("garbage", SendLater, None),
    "empty": ("empty", SendLater, None),
    "list": ("list", SendLater, None),
    "hang": ("hang", SendLater, None),
}


@pytest.mark.parametrize("name", ANSWERS)
async def test_every_answer_becomes_one_of_three(
    channel: TelegramChannel, bot_api: FakeBotApi, name: str
) -> None:
    answer, expected, seconds = ANSWERS[name]
    body = answer
    if isinstance(answer, web.Response):
        status, text, location = answer.status, answer.text or "", answer.headers.get("Location")
        more = {"Location": location} if location else {}
        body_of = web.Response
        bot_api.odd["sendMessage"] = lambda params: body_of(status=status, text=text, headers=more)
    else:
        bot_api.odd["sendMessage"] = str(body)
    with pytest.raises(expected) as raised:
        await channel.send(post(bot_api.group("三栋群")))
    if isinstance(raised.value, SendLater):
        assert raised.value.seconds == seconds
    assert TOKEN not in str(raised.value)


async def test_no_server_at_all() -> None:
    made = TelegramChannel(TOKEN, api="http://127.0.0.1:9")
    with pytest.raises(SendLater) as raised:
        await made.send(post(-5))
    assert TOKEN not in str(raised.value)
    await made.close()


@pytest.mark.parametrize("odd", ["null", "missing", "true", "strange"])
async def test_a_yes_without_a_message_id_is_a_yes(
    channel: TelegramChannel, bot_api: FakeBotApi, sent: Sent, odd: str
) -> None:
    group = bot_api.group("三栋群")
    bot_api.odd["sendMessage"] = odd
    assert await channel.send(post(group)) == UNKNOWN_MESSAGE
    sent.ids["k1"] = UNKNOWN_MESSAGE
    with pytest.raises(SendRefused, match="not known"):
        await channel.send(post(group, "新", key="k2", edits="k1"))


async def test_half_a_message_still_has_its_id(
    channel: TelegramChannel, bot_api: FakeBotApi
) -> None:
    numbers: list[int | str] = [7, "7"]

    def half(params: dict[str, Any]) -> web.Response:
        return web.json_response({"ok": True, "result": {"message_id": numbers.pop()}})

    bot_api.odd["sendMessage"] = half
    while numbers:
        assert await channel.send(post(-5)) == "7"


# — editing —


async def test_an_edit_takes_the_place_of_the_earlier_post(
    channel: TelegramChannel, bot_api: FakeBotApi, sent: Sent
) -> None:
    group = bot_api.group("三栋群")
    sent.ids["k1"] = await channel.send(post(group, buttons=(Button("补充", "x"),)))
    edit = post(group, "收到啦,在3栋", key="k2", edits="k1")
    for _ in range(2):  # the second time Telegram says "not modified"
        assert await channel.send(edit) == sent.ids["k1"]
    [shown] = bot_api.posts(group)
    assert (shown.text, shown.buttons, shown.edits) == ("收到啦,在3栋", [], 1)


async def test_an_edit_of_what_was_never_sent_is_sent(
    channel: TelegramChannel, bot_api: FakeBotApi
) -> None:
    group = bot_api.group("三栋群")
    await channel.send(post(group, "收到啦,在3栋", key="k2", edits="k1"))
    assert [shown.text for shown in bot_api.posts(group)] == ["收到啦,在3栋"]


async def test_an_edit_that_cannot_be_is_refused_not_sent_anew(
    channel: TelegramChannel, bot_api: FakeBotApi, sent: Sent
) -> None:
    group = bot_api.group("三栋群")
    sent.ids["k1"] = "777"
    with pytest.raises(SendRefused, match="not found"):
        await channel.send(post(group, key="k2", edits="k1"))
    assert not bot_api.posts(group)


@pytest.mark.parametrize("odd", ODD_ANSWERS)
async def test_an_edit_never_holds_up_a_chat(
    channel: TelegramChannel, bot_api: FakeBotApi, sent: Sent, odd: str
) -> None:
    group = bot_api.group("三栋群")
    sent.ids["k1"] = await channel.send(post(group))
    bot_api.odd["editMessageText"] = odd
    for attempt in range(1, EDIT_TRIES + 1):
        try:
            assert await channel.send(post(group, "新", key="k2", edits="k1")) == sent.ids["k1"]
            break
        except SendLater:
            assert attempt < EDIT_TRIES
        except SendRefused:
            break
    await channel.send(post(group, "下一条", key="k3"))
    noted = any("editMessageText" in problem for problem in channel.problems())
    assert noted == (odd not in ("null", "missing", "true", "strange"))


# — courtesies —


async def test_a_press_is_acknowledged_once(channel: TelegramChannel, bot_api: FakeBotApi) -> None:
    group = bot_api.group("三栋群")
    await channel.send(post(group, buttons=(Button("接单", "take:1"),)))
    press = bot_api.user("李师傅").presses(bot_api.posts(group)[0], "接单")
    await channel.acknowledge(press, "好的")
    await channel.acknowledge(press)
    assert channel.problems() == [NO_WEBHOOK], "one late press is nothing for doctor"
    assert [call["callback_query_id"] for call in bot_api.called("answerCallbackQuery")] == [
        press
    ] * 2


async def test_a_silent_reaction(channel: TelegramChannel, bot_api: FakeBotApi) -> None:
    group = bot_api.group("三栋群")
    message = bot_api.user("王阿姨").says(group, "老板不发工资")
    assert await channel.react(str(group.id), str(message.id))
    assert [reaction["emoji"] for reaction in message.reactions] == ["👌"]
    assert not await channel.react(str(group.id), "777")
    assert not await channel.react("as:-100", "1")
    assert not await channel.react(str(group.id), "x")


LINKS = {
    "c-DEMO-1-12": f"https://t.me/{BOT_NAME}?start=c-DEMO-1-12",
    "x" * 64: f"https://t.me/{BOT_NAME}?start={'x' * 64}",
    "x" * 65: f"https://t.me/{BOT_NAME}",
    "三栋": f"https://t.me/{BOT_NAME}",
    "a b": f"https://t.me/{BOT_NAME}",
    "": f"https://t.me/{BOT_NAME}",
}


async def test_private_links(channel: TelegramChannel) -> None:
    assert {word: channel.private_link(word) for word in LINKS} == LINKS


# — secrecy —


async def test_neither_token_nor_words_reach_a_log(
    channel: TelegramChannel, bot_api: FakeBotApi, sent: Sent, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    group = bot_api.group("三栋群")
    sent.ids["k1"] = await channel.send(post(group, "王阿姨家漏水"))
    for odd in ("html", "garbage", "error400", "error500", "ok_false", "missing"):
        bot_api.odd = dict.fromkeys(("sendMessage", "editMessageText", "answerCallbackQuery"), odd)
        await channel.acknowledge("1", "王阿姨家漏水")
        for edits in (None, "k1"):
            try:
                await channel.send(post(group, "王阿姨家漏水", edits=edits))
            except (SendLater, SendRefused):
                continue
    assert "漏水" not in caplog.text
    assert TOKEN.split(":")[1] not in caplog.text
