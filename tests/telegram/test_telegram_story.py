"""A small story told twice, by webhook and by polling, over the real inbox: what people do in Telegram
arrives as commands, once and in order, and the answers stand in the chats.

Instead of the desk there is a parrot that answers each command with what it understood.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from fake_bot_api import TOKEN, FakeBotApi
from standins import NOW, SECRET
from test_telegram_channel import post

from bot.channels.telegram import Poller, TelegramChannel, webhook_routes
from bot.channels.telegram.presence import SetUp
from intake.commands import BotAdded, ChatMoved, Command, Pressed, Said, Started
from intake.notices import Button
from storage.records import Claim, Outcome
from storage.store import Store

LEASE = timedelta(seconds=60)


class Parrot:
    """Claims lanes, reads, answers."""

    def __init__(self, store: Store, channel: TelegramChannel) -> None:
        self.store = store
        self.channel = channel
        self.heard: list[Command] = []

    async def run(self) -> None:
        while True:
            claims = await self.store.write(lambda tx: tx.inbox.claim("p", NOW, LEASE, 9, 99))
            for claim in claims:
                for row in claim.rows:
                    command = self.channel.read(row.payload, row.received_at)
                    if command:
                        self.heard.append(command)
                        await self._answer(command, row.external_id)
                await self._decide(claim)
            if not claims:
                await asyncio.sleep(0.01)

    async def _decide(self, claim: Claim) -> None:
        done = [Outcome(row.id, "done") for row in claim.rows]
        await self.store.write(lambda tx: tx.inbox.decide(claim, done, NOW))

    async def _answer(self, command: Command, key: str) -> None:
        quoted: str | None
        match command:
            case Said() if not command.sender.is_bot:
                words, quoted, press = f"听到:{command.text}", command.message, ""
            case Pressed():
                words, quoted, press = f"按了:{command.data}", None, command.press
            case Started():
                words, quoted, press = f"你好 {command.parameter}", None, ""
            case _:
                return
        button = Button("接单", f"take:{key}")
        sent = post(command.chat.chat, words, key=key, reply_to=quoted, buttons=(button,))
        await self.channel.send(sent)
        if press:
            await self.channel.acknowledge(press)


@pytest.fixture
def store() -> Store:
    return Store.open("sqlite://", "story")


@pytest_asyncio.fixture(params=["webhook", "polling"])
async def parrot(
    request: pytest.FixtureRequest, bot_api: FakeBotApi, store: Store
) -> AsyncIterator[Parrot]:
    app = web.Application()
    app.add_routes(webhook_routes(store, secret=SECRET, now=lambda: NOW))
    server = TestServer(app)
    await server.start_server(access_log=None)
    public = str(server.make_url(""))
    channel = TelegramChannel(TOKEN, api=bot_api.url, set_up=SetUp(request.param, SECRET, public))
    await channel.start()
    made = Parrot(store, channel)
    tasks = [asyncio.create_task(made.run())]
    if request.param == "polling":
        poller = Poller(channel, store, now=lambda: NOW, wait=5)
        tasks.append(asyncio.create_task(poller.run()))
    yield made
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    await channel.close()
    await server.close()
    store.close()


async def test_the_story(parrot: Parrot, bot_api: FakeBotApi) -> None:
    head, aunt, master = (bot_api.user(name) for name in ("群主", "王阿姨", "李师傅"))
    group = bot_api.group("三栋群", head)
    call = aunt.says(group, "3栋楼下路灯又不亮了")
    answer = await bot_api.post(group)
    assert (answer.text, answer.reply_to) == ("听到:3栋楼下路灯又不亮了", call)

    master.presses(answer, "接单")
    await bot_api.post(group, 2)
    master.presses_data(answer, "take:old", old=True)
    await bot_api.post(group, 3)
    aunt.says(group, "没好", reply_to=answer)
    await bot_api.post(group, 4)
    aunt.edits(call, "3栋楼下的路灯")
    await bot_api.post(group, 5)
    master.starts("c-DEMO-1-1")
    assert (await bot_api.post(master.private)).text == "你好 c-DEMO-1-1"
    aunt.says(group, photo=True)
    await bot_api.post(group, 6)

    assert [shown.text for shown in bot_api.posts(group)] == [
        "听到:3栋楼下路灯又不亮了",
        f"按了:{answer.data('接单')}",
        "按了:take:old",
        "听到:没好",
        "听到:3栋楼下的路灯",
        "听到:",
    ]
    assert isinstance(parrot.heard[0], BotAdded)
    chase = parrot.heard[4]
    assert isinstance(chase, Said)
    assert chase.quote
    assert (chase.quote.text, chase.quote.sender and chase.quote.sender.is_bot) == (
        answer.text,
        True,
    )
    assert not bot_api.world.open_presses, "every press was acknowledged"


async def test_repeats_are_heard_once(parrot: Parrot, bot_api: FakeBotApi) -> None:
    group = bot_api.group("三栋群")
    bot_api.repeats = 3
    for number in range(20):
        bot_api.user("王阿姨").says(group, f"第{number}句")
    await bot_api.post(group, 20)
    await bot_api.delivered()
    bot_api.user("王阿姨").says(group, "完了")
    await bot_api.post(group, 21)
    words = [command.text for command in parrot.heard if isinstance(command, Said)]
    assert words == [f"第{number}句" for number in range(20)] + ["完了"]


async def test_updates_out_of_order_are_all_heard(parrot: Parrot, bot_api: FakeBotApi) -> None:
    group = bot_api.group("三栋群")
    bot_api.hold()
    for number in range(5):
        bot_api.user("王阿姨").says(group, f"第{number}句")
    bot_api.release(reverse=True)
    await bot_api.post(group, 5)
    words = [command.text for command in parrot.heard if isinstance(command, Said)]
    assert sorted(words) == [f"第{number}句" for number in range(5)]


async def test_a_group_moves(parrot: Parrot, bot_api: FakeBotApi) -> None:
    group = bot_api.group("三栋群", type="group")
    new = bot_api.world.migrate(group)
    bot_api.user("王阿姨").says(new, "还在吗")
    assert (await bot_api.post(new)).text == "听到:还在吗"
    moves = [command for command in parrot.heard if isinstance(command, ChatMoved)]
    assert {(move.chat.chat, move.to.chat) for move in moves} == {(str(group.id), str(new.id))}
    assert isinstance(parrot.heard[-1], Said)


async def test_words_that_databases_dislike(parrot: Parrot, bot_api: FakeBotApi) -> None:
    group = bot_api.group("三栋群")
    for words in ("路\x00灯\ud83d坏了", "漏" * 30_000, "\u202e倒过来"):
        bot_api.user("王阿姨").says(group, words)
    await bot_api.post(group, 3)
    shown = [shown.text for shown in bot_api.posts(group)]
    assert shown[0] == "听到:路灯\ufffd坏了"
    assert len(shown[1]) == 4096
    assert shown[2] == "听到:倒过来"


async def test_privacy_mode_hides_chatter(parrot: Parrot, bot_api: FakeBotApi) -> None:
    group = bot_api.group("三栋群")
    bot_api.world.privacy = True
    aunt = bot_api.user("王阿姨")
    aunt.says(group, "今天天气好")
    aunt.says(group, "@huying_bot 路灯坏了")
    answer = await bot_api.post(group)
    aunt.says(group, "谢谢", reply_to=answer)
    await bot_api.post(group, 2)
    assert [command.text for command in parrot.heard if isinstance(command, Said)] == [
        "@huying_bot 路灯坏了",
        "谢谢",
    ]
