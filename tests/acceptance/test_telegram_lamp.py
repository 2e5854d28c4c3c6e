"""The lamp once more, through Telegram: a real server process, python-telegram-bot, and a Bot API server
on loopback, by webhook and by polling; request for request."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

import pytest
from fake_bot_api import FakeBotApi
from fake_world import Chat, Message, User
from serving import SECRET, Served


async def until(found: Callable[[], Message | None], within: float = 60.0) -> Message:
    """The post that `found` looks for, waited for."""
    async with asyncio.timeout(within):
        while (post := found()) is None:
            await asyncio.sleep(0.02)
    return post


def post_with(api: FakeBotApi, chat: Chat, words: str) -> Callable[[], Message | None]:
    return lambda: next((p for p in api.posts(chat) if words in p.text), None)


async def become(served: Served, api: FakeBotApi, user: User, role: str, scope: str) -> None:
    """Follow a one-time link and become staff."""
    link = await asyncio.to_thread(served.run, "invite", role, scope)
    found = re.search(r"/start/(\S+)", link)
    assert found is not None
    user.starts(found.group(1))
    await until(post_with(api, user.private, "有事我会在这里找您"))


@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_from_the_call_to_five_points(served: Served, bot_api: FakeBotApi, mode: str) -> None:
    served.extra["HUYING_TELEGRAM_MODE"] = mode
    bot_api.world.privacy = False
    await asyncio.to_thread(served.start)
    if mode == "webhook":
        bot_api.deliver_to(f"{served.url}/channels/telegram", SECRET)
    wang, chen, stranger = (bot_api.user(n) for n in ("王阿姨", "小陈", "小赵"))
    group = bot_api.group("桥头社区邻里群", wang)
    staff = bot_api.group("桥头社区工作群", chen)
    await until(post_with(bot_api, group, "大家好,我是网格助手".replace(",", "，")))
    await asyncio.to_thread(served.run, "bind", "telegram", str(group.id), "DEMO-1")
    await asyncio.to_thread(
        served.run, "bind", "telegram", str(staff.id), "DEMO-1", "--purpose", "staff"
    )
    await become(served, bot_api, chen, "grid_worker", "DEMO-1")
    wang.starts()
    await until(post_with(bot_api, wang.private, "小呼"))

    stranger.says(group, "今晚吃啥好呢")
    call = wang.says(group, "3栋楼下路灯又不亮了")
    ack = await until(post_with(bot_api, group, "DEMO-1-1"))
    assert "规划建设部" in ack.text
    assert ack.reply_to is not None
    assert ack.reply_to.id == call.id
    card = await until(post_with(bot_api, staff, "DEMO-1-1"))

    chen.presses(card, "接手")
    await until(lambda: ack if "有人接手了" in ack.text else None)  # edited in place
    chen.says(staff, "DEMO-1-1 已到现场,配件明天到")
    await until(post_with(bot_api, group, "配件明天到"))
    chen.says(staff, "DEMO-1-1 修好了,换了灯头,试过亮了")
    await until(post_with(bot_api, group, "换了灯头"))
    question = await until(post_with(bot_api, wang.private, "1~5 分"))

    stranger.presses_data(question, question.data("5分"))
    wang.presses(question, "没好")
    await until(post_with(bot_api, wang.private, "已重新打开"))
    chen.says(staff, "DEMO-1-1 修好了,这次换了整个灯")
    again = await until(lambda: _newest(bot_api, wang.private, "换了整个灯"))
    wang.presses(again, "5分")
    await until(post_with(bot_api, wang.private, "记下了"))

    with served.store() as store:
        case = store.read_now(lambda tx: tx.cases.get("DEMO-1-1"))
    assert case is not None
    assert (case.state.value, case.score, case.reopened) == ("closed", 5, 1)
    texts = [post.text for post in bot_api.posts(group)]
    assert len(texts) == len(set(texts)), "no post twice"
    assert not any("王阿姨" in text for text in texts)


def _newest(api: FakeBotApi, chat: Chat, words: str) -> Message | None:
    return next((p for p in reversed(api.posts(chat)) if words in p.text), None)
