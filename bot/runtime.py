"""The running system: every concrete part, put together.

The law of this file: the only place where database, language part, channels and loops meet. Opened, it
runs; closed, it has let go of everything it held.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any

from bot.arranged import ArrangedTaxonomy
from bot.channels.base import Channel
from bot.channels.field import FieldChannel
from bot.channels.outlets import Mail, Webhook
from bot.channels.qr import QrChannel
from bot.channels.telegram import Poller, TelegramChannel
from bot.channels.telegram.presence import SetUp
from bot.channels.web import WebChannel
from bot.counting import Counters
from bot.fetching import PhotoFetcher
from bot.inviting import TELEGRAM_NAME
from bot.lanes import LaneWorker, Reads
from bot.own_file import OwnFile
from bot.pictures import PictureFolder
from bot.places import pictures_folder, uploads_folder
from bot.reloading import PROBLEM, ModelWatch, Serving
from bot.retraining import Retrainer
from bot.sending import Sender
from bot.settings import Settings
from bot.surroundings import Live, surroundings
from bot.sweeping import sweep
from bot.taxonomy_file import load_taxonomy
from bot.timekeeping import Timekeeper
from bot.web.room.photos import PhotoFolder
from bot.web.room.service import WebRoom
from bot.work_calendar import ChineseCalendar
from intake.rules import Rules
from intake.taxonomy import Taxonomy
from storage.store import Store

log = logging.getLogger(__name__)

CONFIG_POLL = 1.0
"""Seconds between looks at the configuration's stamp; interfaces.md promises 2."""

TELEGRAM_PROBLEMS = "telegram_problems"
"""The setting under which the server keeps what Telegram refused, a sentence a line."""

TOO_MUCH_WAITS = 50_000
"""Undecided messages from which on doors ask senders to come again later."""

RETRY_AFTER = 5.0

COLLECT_AT = time(18)
"""When staff hear what their day came to."""

BRIEF_AT = time(9)
"""When the brief of the week before is drafted, on Mondays."""

WHICH = timedelta(hours=24)
"""How long a worker's words wait for the tap that says which case they are about."""


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Runtime:
    """What is running. `wake` makes the loops look at once."""

    settings: Settings
    store: Store
    rules: Rules
    live: Live
    counters: Counters
    worker: LaneWorker
    sender: Sender
    timekeeper: Timekeeper
    room: WebRoom
    telegram: TelegramChannel | None
    clock: Callable[[], datetime] = utc_now
    tasks: list[asyncio.Task[Any]] = field(default_factory=list)
    courtesies: set[asyncio.Task[Any]] = field(default_factory=set)
    noted_name: str | None = None
    noted_problems: str | None = None
    _pending: int = 0

    def wake(self) -> None:
        """Something is in the inbox."""
        self.worker.wake.set()

    def backlog(self) -> float | None:
        """Seconds for which doors shall send people away, since too much waits; None: come in."""
        return RETRY_AFTER if self._pending > TOO_MUCH_WAITS else None

    async def look_at_backlog(self) -> None:
        self._pending = await self.store.read(lambda tx: tx.inbox.pending())

    def is_alive(self) -> list[str]:
        """Reasons why this process cannot work; empty when all is well."""
        return [f"the loop {task.get_name()} has stopped" for task in self.tasks if task.done()]


def make_rules(settings: Settings, taxonomy: Taxonomy | None = None) -> Rules:
    return Rules(
        taxonomy or load_taxonomy(),
        ChineseCalendar(),
        settings.zone,
        retrain=settings.retrain_at,
        collect=COLLECT_AT,
        brief=BRIEF_AT,
        which=WHICH,
    )


@asynccontextmanager
async def running(
    settings: Settings,
    store: Store,
    reader: Reads,
    *,
    doors: bool = True,
    serving: Serving | None = None,
) -> AsyncIterator[Runtime]:
    """Start all loops; with `doors`, the channels listen too. With `serving`, which says where `reader`
    came from, another model is taken up as soon as it is promoted."""
    async with AsyncExitStack() as stack:
        runtime = await _assemble(settings, store, reader, stack)
        await _drop_own_leases(runtime)
        if runtime.telegram is not None:
            await runtime.telegram.start(doors=doors)
            stack.push_async_callback(runtime.telegram.close)
            runtime.worker.pressed = partial(_acknowledge, runtime, runtime.telegram)
            fetcher = PhotoFetcher(runtime.telegram, store, runtime.room.photos, runtime.clock)
            stack.push_async_callback(fetcher.close)
            runtime.worker.pictured = fetcher.see
        loop = asyncio.get_running_loop()
        store.listen(partial(_hint, loop, runtime))
        _spawn(runtime, "lanes", runtime.worker.run())
        if doors:  # so that one process knows the pace of every chat
            _spawn(runtime, "sender", runtime.sender.run())
            _spawn(runtime, "retraining", Retrainer(store, runtime.clock).run())
        if serving is not None:
            _spawn(runtime, "model", _model_watch(runtime, serving).run())
        _spawn(runtime, "timekeeper", runtime.timekeeper.run())
        _spawn(runtime, "config", _watch(runtime))
        if doors and runtime.telegram is not None and settings.telegram_mode == "polling":
            poller = Poller(
                runtime.telegram, Door(runtime), now=runtime.clock, overloaded=runtime.backlog
            )
            _spawn(runtime, "telegram", poller.run())
        try:
            yield runtime
        finally:
            for task in runtime.tasks:
                task.cancel()
            await asyncio.gather(*runtime.tasks, return_exceptions=True)


async def _assemble(
    settings: Settings, store: Store, reader: Reads, stack: AsyncExitStack
) -> Runtime:
    counters = Counters()
    arranged = ArrangedTaxonomy(load_taxonomy())
    rules = make_rules(settings, arranged.taxonomy)
    pictures = PictureFolder(pictures_folder(settings))
    room = WebRoom(store, PhotoFolder(uploads_folder(settings)), utc_now, pictures=pictures)
    telegram = make_telegram(settings, store, rules.taxonomy)
    channels: dict[str, Channel] = {
        "web": WebChannel(room, settings.base_url),
        "qr": QrChannel(),
        "field": FieldChannel(),
    }
    if telegram is not None:
        channels["telegram"] = telegram
    webhook = Webhook()
    stack.push_async_callback(webhook.close)
    channels["webhook"] = webhook
    if settings.mail_server and settings.mail_from:
        channels["mail"] = Mail(settings.mail_server, settings.mail_from)
    live = Live(store, surroundings(settings, channels), arranged)
    await live.refresh()
    sender = Sender(store, channels, utc_now, counters)
    worker = LaneWorker(store, reader, rules, live, utc_now, counters, sender.wake.set)
    worker.renamed = live.refresh
    timekeeper = Timekeeper(
        store, rules, live, utc_now, sender.wake.set, partial(sweep, store, room, pictures=pictures)
    )
    runtime = Runtime(
        settings, store, rules, live, counters, worker, sender, timekeeper, room, telegram
    )
    room.on_arrival = runtime.wake
    return runtime


def _hint(loop: asyncio.AbstractEventLoop, runtime: Runtime) -> None:
    loop.call_soon_threadsafe(runtime.wake)


def make_telegram(settings: Settings, store: Store, taxonomy: Taxonomy) -> TelegramChannel | None:
    """The bot, not yet started, or None where no token is set."""
    if settings.telegram_token is None:
        return None

    async def sent_as(key: str) -> str | None:
        found = await store.read(lambda tx: tx.outbox.find(key))
        return found.message_id if found else None

    secret = settings.telegram_secret.get_secret_value() if settings.telegram_secret else ""
    set_up = SetUp(settings.telegram_mode, secret, settings.public_url or None)
    token = settings.telegram_token.get_secret_value()
    pictures = PictureFolder(pictures_folder(settings))
    return TelegramChannel(
        token,
        api=settings.telegram_api,
        set_up=set_up,
        sent_as=sent_as,
        pictures=pictures.read,
        own=OwnFile(store, taxonomy, settings.zone, utc_now),
    )


def _acknowledge(runtime: Runtime, telegram: TelegramChannel, channel: str, press: str) -> None:
    """Let the platform stop its waiting sign; nobody waits for it, and nothing depends on it."""
    if channel == telegram.name:
        task = asyncio.create_task(telegram.acknowledge(press))
        runtime.courtesies.add(task)
        task.add_done_callback(runtime.courtesies.discard)


@dataclass(frozen=True)
class Door:
    """Where channels put what arrives: durable on return, and the worker is woken."""

    runtime: Runtime

    async def append(self, arrivals: list[Any]) -> list[bool]:
        new = await self.runtime.store.append(arrivals)
        self.runtime.wake()
        return new


async def _drop_own_leases(runtime: Runtime) -> None:
    """A process that was killed left its leases; the same process, started again, drops them."""
    owner = runtime.store.owner
    repeats = await runtime.store.write(
        lambda tx: (tx.inbox.drop_leases(owner), tx.outbox.drop_leases(owner))[1]
    )
    if repeats:
        log.warning("%d posts were under way when this process was killed", repeats)


async def _watch(runtime: Runtime) -> None:
    while True:
        await asyncio.sleep(CONFIG_POLL)
        try:
            await runtime.live.refresh()
            await runtime.look_at_backlog()
            await _note_telegram_name(runtime)
        except Exception:
            log.exception("the configuration could not be read; trying again")


async def _note_telegram_name(runtime: Runtime) -> None:
    """Keep the bot's user name where `huying invite` finds it, and what Telegram refused where
    `huying doctor` does."""
    if runtime.telegram is None:
        return
    name = runtime.telegram.presence.username
    if name is not None and name != runtime.noted_name:
        await runtime.store.write(lambda tx: tx.settings.put(TELEGRAM_NAME, name))
        runtime.noted_name = name
    problems = "\n".join(runtime.telegram.problems()) or None
    if problems != runtime.noted_problems:
        await runtime.store.write(lambda tx: tx.settings.put(TELEGRAM_PROBLEMS, problems))
        runtime.noted_problems = problems


def _model_watch(runtime: Runtime, serving: Serving) -> ModelWatch:
    async def note(problem: str | None) -> None:
        await runtime.store.write(lambda tx: tx.settings.put(PROBLEM, problem))

    return ModelWatch(runtime.settings, runtime.rules.taxonomy, runtime.worker, serving, note)


def _spawn(runtime: Runtime, name: str, work: Any) -> None:
    runtime.tasks.append(asyncio.create_task(work, name=name))
