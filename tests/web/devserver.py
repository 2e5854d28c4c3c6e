"""A small server with the web room alone and a desk that only pretends.

Run it to look at the pages: `.venv/bin/python tests/web/devserver.py [port]`; the tests start it inside
themselves.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import web
from loopback import address, served
from sqlalchemy import create_engine

from bot.channels.web import WebChannel
from bot.own_file import OwnFile
from bot.pictures import PictureFolder
from bot.taxonomy_file import load_taxonomy
from bot.web.room.demo import PERSONAS, seed_rooms
from bot.web.room.limits import Limits, Pace
from bot.web.room.pages import MayStart
from bot.web.room.photos import PhotoFolder
from bot.web.room.routes import web_routes
from bot.web.room.service import WebRoom
from bot.web.site import Site
from intake.commands import Command, Pressed, Said
from intake.grids import ChatRef
from intake.notices import Button, Post, Urgency
from storage.records import Claim, Outcome
from storage.schema import metadata
from storage.store import Store, Tx

GRIDS = ("DEMO-1", "DEMO-2", "DEMO-3")
QUICK = Pace(10_000, 0.001)
LOOSE = Limits(say=QUICK, press=QUICK, photo=QUICK, enter=QUICK, read=QUICK, sockets_per_member=50)
ACK = "收到啦,DEMO-1-12:3栋楼下路灯不亮。市政科负责,周三18:00前给您回话。进展看这里 http://127.0.0.1/p/x"


def now() -> datetime:
    return datetime.now(UTC)


def post(
    key: str,
    chat: str,
    text: str,
    *buttons: Button,
    edits: str | None = None,
    reply_to: str | None = None,
) -> Post:
    """A post of the bot."""
    return Post(
        key=key,
        chat=ChatRef("web", chat),
        urgency=Urgency.ANSWER,
        template="test",
        params={},
        text=text,
        cause="test",
        created_at=now(),
        buttons=buttons,
        edits=edits,
        reply_to=reply_to,
    )


@dataclass
class FakeDesk:
    """Reads the inbox as a worker would, remembers what it heard, answers a word or two."""

    store: Store
    channel: WebChannel
    heard: list[Command] = field(default_factory=list)
    more: asyncio.Condition = field(default_factory=asyncio.Condition)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    errors: list[Exception] = field(default_factory=list)

    async def run(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.3):
                    await self.wake.wait()
            self.wake.clear()
            for command in await self.store.write(self._take):
                async with self.more:
                    self.heard.append(command)
                    self.more.notify_all()
                await self._answer(command)

    async def first(self, count: int) -> list[Command]:
        """The first `count` commands that it heard."""
        async with asyncio.timeout(5), self.more:
            await self.more.wait_for(lambda: len(self.heard) >= count)
        return self.heard[:count]

    def _take(self, tx: Tx) -> list[Command]:
        claims: list[Claim] = tx.inbox.claim("dev", now(), timedelta(seconds=30), 50, 50)
        found = [self.channel.read(row.payload, row.received_at) for c in claims for row in c.rows]
        for claim in claims:
            tx.inbox.decide(claim, [Outcome(row.id, "decided") for row in claim.rows], now())
        return [command for command in found if command is not None]

    async def _answer(self, command: Command) -> None:
        if isinstance(command, Said) and "灯" in command.text:
            buttons = (
                Button("+1 我家也是", f"plus:{command.message}"),
                Button("不是报事", "not:1"),
            )
            key = f"ack:{command.message}"
            quote = command.message
            await self.channel.send(post(key, command.chat.chat, ACK, *buttons, reply_to=quote))
        if isinstance(command, Pressed) and command.data.startswith("plus:"):
            first = f"ack:{command.data.removeprefix('plus:')}"
            text = f"{ACK}\n已有 2 位街坊反映(刚加上:{command.sender.name})"
            key = f"{first}:{command.press}"
            await self.channel.send(post(key, command.chat.chat, text, edits=first))


@dataclass
class Running:
    """A server on loopback."""

    url: str
    store: Store
    room: WebRoom
    channel: WebChannel
    desk: FakeDesk
    runner: web.AppRunner
    port: int


def open_store(url: str) -> Store:
    """A store whose tables are there."""
    if url != "sqlite://":
        engine = create_engine(url)
        metadata.create_all(engine)
        engine.dispose()
    return Store.open(url, "dev")


@contextlib.asynccontextmanager
async def serving(
    store: Store,
    home: Path,
    *,
    limits: Limits = LOOSE,
    demo: bool = True,
    port: int = 0,
    may_start: MayStart | None = None,
) -> AsyncIterator[Running]:
    """The web room on a free port of loopback, with the demo people in it."""
    pictures = PictureFolder(home / "pictures")
    photos = PhotoFolder(home / "uploads" / "room")
    room = WebRoom(store, photos, now, limits=limits, pictures=pictures)
    channel = WebChannel(room, "http://127.0.0.1")
    desk = FakeDesk(store, channel)
    room.on_arrival = desk.wake.set
    if demo:
        await store.write(lambda tx: seed_rooms(tx, GRIDS, PERSONAS, now()))
    app = web.Application()
    own = OwnFile(store, load_taxonomy(), ZoneInfo("Asia/Shanghai"), now)
    web_routes(app, room, Site(demo=demo), may_start=may_start, own=own)
    async with served(app, port) as runner:
        bound = runner.addresses[0][1]
        answering = asyncio.create_task(desk.run())
        try:
            yield Running(address(runner), store, room, channel, desk, runner, bound)
        finally:
            answering.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await answering


async def main() -> None:
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8099
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with open_store(f"sqlite:///{home}/room.db") as store:
            async with serving(store, home, port=port) as running:
                print(running.url, flush=True)
                await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
