"""A small town in which stories are played: real desk, real language part, real store, a clock that the
story moves, and chats in which one reads what the bot said."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.channels.base import Capabilities
from bot.counting import Counters
from bot.dispatch import Surroundings
from bot.lanes import LaneWorker, Reads
from bot.sending import Sender as PostSender
from bot.surroundings import Live, places_of
from bot.taxonomy_file import load_taxonomy
from bot.timekeeping import Timekeeper
from bot.work_calendar import ChineseCalendar
from intake.cases import Case
from intake.commands import Command, Pressed, Quote, Said, Sender, Started, Unsaid
from intake.grids import ChatRef, DutyEntry, Grid, Purpose
from intake.notices import Post
from intake.people import Grant, Person, Role
from intake.rules import Rules
from storage.records import Arrival
from storage.store import Store

ZONE = ZoneInfo("Asia/Shanghai")
GRID = "DEMO-1"
PATH = ("D", "S", "C", GRID)
GROUP = ChatRef("town", "group")
STAFF = ChatRef("town", "staff")
VOLUNTEERS = ChatRef("town", "volunteers")
DEPARTMENT = ChatRef("town", "department-js")


class TownChannel:
    """A platform that does what it is told and remembers it; edits change the earlier post."""

    name = "town"
    capabilities = Capabilities(
        can_edit=True, per_chat_minute=10_000, per_second=10_000, repeats=True
    )

    def __init__(self) -> None:
        self.commands: dict[str, Command] = {}
        self.posts: list[tuple[str, Post]] = []
        self.edited: list[Post] = []

    def read(self, payload: Mapping[str, Any], received_at: datetime) -> Command | None:
        return self.commands[payload["id"]]

    async def send(self, post: Post) -> str:
        if post.edits is not None:
            self.edited.append(post)
            return next((m for m, p in self.posts if p.key == post.edits), "none")
        message = f"b{len(self.posts) + 1}"
        self.posts.append((message, post))
        return message

    def private_link(self, parameter: str) -> str | None:
        return f"https://t.example/{parameter}"


@dataclass
class Town:
    """`reachable` people may be written to alone."""

    store: Store
    reader: Reads
    quiet: tuple[time, time] | None = None
    retrain: time | None = None
    collect: time | None = None
    brief: time | None = None
    which: timedelta | None = None
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 24, 10, 0, tzinfo=ZONE))
    channel: TownChannel = field(default_factory=TownChannel)

    def __post_init__(self) -> None:
        self.rules = Rules(
            load_taxonomy(),
            ChineseCalendar(),
            ZONE,
            retrain=self.retrain,
            collect=self.collect,
            brief=self.brief,
            which=self.which,
        )
        self.store.write_now(self._settle)
        places = self.store.read_now(places_of)
        live = Live(
            self.store, Surroundings({"town": self.channel}, ZONE, self.quiet, places=places)
        )
        counters = Counters()
        self.ids = itertools.count(1)
        self.worker = LaneWorker(
            self.store, self.reader, self.rules, live, self.clock, counters, renamed=live.refresh
        )
        self.sender = PostSender(self.store, {"town": self.channel}, self.clock, counters)
        self.timekeeper = Timekeeper(self.store, self.rules, live, self.clock)

    def clock(self) -> datetime:
        return self.now.astimezone(UTC)

    def _settle(self, tx: Any) -> None:
        tx.grids.add([Grid(GRID, "第一网格", PATH, ("老榕树",))])
        for ref, purpose, department in (
            (GROUP, Purpose.RESIDENTS, None),
            (STAFF, Purpose.STAFF, None),
            (VOLUNTEERS, Purpose.VOLUNTEERS, None),
            (DEPARTMENT, Purpose.DEPARTMENT, "JS"),
        ):
            tx.chats.bind(ref, GRID, purpose, department)
        staff = (
            ("小陈", Role.GRID_WORKER, GRID),
            ("孙姐", Role.MODERATOR, GRID),
            ("老吴", Role.DEPARTMENT, "JS"),
            ("林书记", Role.PARTY_MEMBER, GRID),
        )
        for name, role, scope in staff:
            tx.people.save([Person(f"town:{name}", name, private=("town", f"p-{name}"))], self.now)
            tx.people.grant(f"town:{name}", Grant(role, scope), "test", self.now)
        tx.grids.set_duty(
            GRID, [DutyEntry(1, "town:小陈", "值班网格员"), DutyEntry(2, "town:孙姐", "值班调度")]
        )

    def person(self, name: str) -> Neighbour:
        return Neighbour(self, name)

    async def bring(self, command: Command, lane: ChatRef) -> list[Post]:
        """Put a command in at the door; the new posts that it caused."""
        number = f"c{next(self.ids)}"
        self.channel.commands[number] = command
        arrival = Arrival("town", number, str(lane), {"id": number}, self.clock())
        await self.store.append([arrival])
        return await self.settle()

    async def settle(self) -> list[Post]:
        """Let the loops run until nothing is left to do now; the posts that went out."""
        before = len(self.channel.posts)
        while await self.worker.work_once() or await self.sender.send_once():
            pass
        return [post for _, post in self.channel.posts[before:]]

    async def wait(self, **span: float) -> list[Post]:
        """Time passes, timer by timer."""
        before = len(self.channel.posts)
        end = self.now + timedelta(**span)
        while True:
            due = self.store.read_now(lambda tx: tx.timers.next_due())
            if due is None or due > end:
                break
            self.now = max(self.now, due.astimezone(ZONE))
            await self.timekeeper.fire_once()
            await self.settle()
        self.now = end
        await self.settle()
        return [post for _, post in self.channel.posts[before:]]

    def case(self, number: int = 1) -> Case:
        found = self.store.read_now(lambda tx: tx.cases.get(f"{GRID}-{number}"))
        assert found is not None, f"there is no case {number}"
        return found

    def cases(self) -> list[Case]:
        from storage.recall import all_cases

        return self.store.read_now(all_cases)

    def said_in(self, chat: ChatRef) -> list[str]:
        return [post.text for _, post in self.channel.posts if post.chat == chat]


@dataclass
class Neighbour:
    """Somebody in town, by name."""

    town: Town
    name: str

    @property
    def sender(self) -> Sender:
        return Sender(f"town:{self.name}", self.name)

    @property
    def alone(self) -> ChatRef:
        return ChatRef("town", f"p-{self.name}")

    async def opens_private_talk(self, parameter: str = "") -> list[Post]:
        command = Started(self.alone, self.sender, parameter, self.town.clock())
        return await self.town.bring(command, self.alone)

    async def says(
        self,
        text: str,
        chat: ChatRef = GROUP,
        reply_to: str | None = None,
        media: tuple[str, ...] = (),
        edits: str | None = None,
    ) -> list[Post]:
        """Say something; what the bot posted at once. The message's id is `last_message`."""
        private = chat.chat.startswith("p-")
        self.last_message = edits or f"m{next(self.town.ids)}"
        quote = self._quote(reply_to) if reply_to else None
        said = Said(
            chat,
            self.last_message,
            self.sender,
            text,
            self.town.clock(),
            private,
            quote,
            media,
            edited=edits is not None,
        )
        self.town.channel.commands[self.last_message] = said
        return await self.town.bring(said, chat)

    async def says_later(self, text: str, chat: ChatRef = GROUP) -> Said:
        """Say something that waits at the door until the town settles."""
        number = f"m{next(self.town.ids)}"
        said = Said(chat, number, self.sender, text, self.town.clock())
        self.town.channel.commands[number] = said
        arrival = Arrival("town", number, str(chat), {"id": number}, self.town.clock())
        await self.town.store.append([arrival])
        return said

    def _quote(self, message: str) -> Quote:
        original = self.town.channel.commands.get(message)
        if isinstance(original, Said):
            return Quote(message, original.sender, original.text, original.media)
        post = next(p for m, p in self.town.channel.posts if m == message)
        return Quote(message, Sender("town:bot", "小呼", is_bot=True), post.text)

    async def takes_back(self, message: str, chat: ChatRef = GROUP) -> list[Post]:
        return await self.town.bring(Unsaid(chat, message, self.town.clock(), self.sender), chat)

    async def presses(self, label: str, post: Post | None = None) -> list[Post]:
        """Press a button by its label, under a post or under the newest post that has it."""
        shown = [
            *self.town.channel.posts,
            *((f"e{i}", p) for i, p in enumerate(self.town.channel.edited)),
        ]
        for message, candidate in reversed(shown):
            if post is not None and candidate.key != post.key:
                continue
            for button in candidate.buttons:
                if button.label == label:
                    private = candidate.chat.chat.startswith("p-")
                    pressed = Pressed(
                        candidate.chat,
                        message,
                        self.sender,
                        button.data,
                        self.town.clock(),
                        private,
                    )
                    return await self.town.bring(pressed, candidate.chat)
        raise AssertionError(f"no post has a button {label!r}")
