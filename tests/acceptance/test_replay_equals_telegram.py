"""The same transcript, replayed and sent through the Telegram door, gives the same decisions."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.telegram import NAME, TelegramChannel, webhook_routes
from bot.counting import Counters
from bot.deciding import fire_timers
from bot.dispatch import Surroundings
from bot.lanes import LaneWorker
from bot.replaying import Replay, next_deciding
from bot.taxonomy_file import load_taxonomy
from bot.transcript import Spoken, read_transcripts
from bot.work_calendar import ChineseCalendar
from intake.grids import ChatRef, DutyEntry, Grid, Purpose
from intake.people import Grant, Person
from intake.rules import Rules
from nlp.reader import Reader
from storage.recall import all_cases, all_lines
from storage.store import Store
from storage.tx import Tx

ZONE = ZoneInfo("Asia/Shanghai")
SECRET = "s"
TRANSCRIPTS = Path(__file__).parent.parent / "transcripts"

Decisions = tuple[dict[int, list[tuple[int, str]]], list[tuple[str | None, str, str]]]


@pytest.mark.parametrize("name", ["quiet_day", "storm_night", "mixed_week"])
async def test_both_doors_decide_alike(name: str, reader: Reader) -> None:
    lines = read_transcripts([TRANSCRIPTS / f"{name}.jsonl"], ZONE)
    rules = Rules(load_taxonomy(), ChineseCalendar(), ZONE)
    with Replay(rules, reader) as run:
        for _ in run.play(lines):
            pass
        index = {(line.chat, line.message): i for i, line in enumerate(lines)}
        replayed = run.store.read_now(lambda tx: decisions(tx, index))
    with Store.open("sqlite://", "telegram") as store:
        sent = await Sending(store, reader, rules, lines).run()
    assert replayed[1], "the transcript opens cases"
    assert sent == replayed


def decisions(tx: Tx, index: dict[tuple[str, str], int]) -> Decisions:
    """Which lines hang on which case in which role, and what each case is; cases by order."""
    cases = all_cases(tx)
    order = {case.id: n for n, case in enumerate(cases)}
    roles: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for line in all_lines(tx):
        roles[index[line.chat.chat, line.message]].append((order[line.case], line.role.value))
    return (
        {number: sorted(found) for number, found in roles.items()},
        [(case.item, case.level.value, case.state.value) for case in cases],
    )


class Sending:
    """Sends a transcript as updates through the webhook, with the transcript's clock."""

    def __init__(self, store: Store, reader: Reader, rules: Rules, lines: Sequence[Spoken]) -> None:
        self.store, self.rules, self.lines = store, rules, lines
        self.now = lines[0].at
        chats = sorted({line.chat for line in lines})
        self.chat_ids = {chat: -1000 - n for n, chat in enumerate(chats)}
        self.users = {who: 500 + n for n, who in enumerate(sorted({x.sender for x in lines}))}
        self.numbers = {(line.chat, line.message): 10 + n for n, line in enumerate(lines)}
        channel = TelegramChannel("1:x", api="http://127.0.0.1:9")
        self.around = Surroundings({NAME: channel}, ZONE)
        self.worker = LaneWorker(store, reader, rules, lambda: self.around, self.clock, Counters())
        self.update_ids = itertools.count(1)

    def clock(self) -> datetime:
        return self.now.astimezone(UTC)

    async def run(self) -> Decisions:
        self.store.write_now(self._settle)
        app = web.Application()
        app.add_routes(webhook_routes(self.store, secret=SECRET, now=self.clock))
        async with TestClient(TestServer(app)) as client:
            for line in self.lines:
                self._fire_until(line.at)
                self.now = line.at
                header = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
                answer = await client.post(
                    "/channels/telegram", json=self._update(line), headers=header
                )
                assert answer.status == 200
                while await self.worker.work_once():
                    pass
        self._run_out()
        index = {
            (str(self.chat_ids[line.chat]), str(self.numbers[line.chat, line.message])): n
            for n, line in enumerate(self.lines)
        }
        return self.store.read_now(lambda tx: decisions(tx, index))

    def _update(self, line: Spoken) -> dict[str, Any]:
        message = self._message(line)
        replied = next(
            (x for x in self.lines if (x.chat, x.message) == (line.chat, line.reply_to)), None
        )
        if replied is not None:
            message["reply_to_message"] = self._message(replied)
        return {"update_id": next(self.update_ids), "message": message}

    def _message(self, line: Spoken) -> dict[str, Any]:
        user = {"id": self.users[line.sender], "is_bot": False, "first_name": line.name}
        chat = {"id": self.chat_ids[line.chat], "type": "supergroup", "title": line.chat}
        message: dict[str, Any] = {
            "message_id": self.numbers[line.chat, line.message],
            "date": int(line.at.timestamp()),
            "chat": chat,
            "from": user,
        }
        file = {"file_id": "f", "file_unique_id": "f"}
        kinds = {
            "photo": [file | {"width": 1, "height": 1}],
            "voice": file | {"duration": 1},
            "video": file | {"duration": 1, "width": 1, "height": 1},
        }
        for kind in line.media:
            message[kind] = kinds[kind]
        if line.text:
            message["caption" if line.media else "text"] = line.text
        return message

    def _settle(self, tx: Tx) -> None:
        """As replay does: a grid for each group, roles as in the transcript, all reachable alone."""
        grids = sorted({line.grid for line in self.lines})
        tx.grids.add([Grid(grid, grid, ("replay", grid)) for grid in grids])
        duty = Person("telegram:duty", "网格员", private=(NAME, "9999"))
        tx.people.save([duty], self.clock())
        for grid in grids:
            tx.grids.set_duty(grid, [DutyEntry(1, duty.id)])
            tx.chats.bind(ChatRef(NAME, f"-9{grids.index(grid)}"), grid, Purpose.STAFF)
        for chat, grid in sorted({(line.chat, line.grid) for line in self.lines}):
            tx.chats.bind(ChatRef(NAME, str(self.chat_ids[chat])), grid, Purpose.RESIDENTS)
        for line in self.lines:
            person, number = f"tg:{self.users[line.sender]}", str(self.users[line.sender])
            known = Person(person, line.name, private=(NAME, number), home=line.grid)
            tx.people.save([known], self.clock())
            if line.role is not None:
                tx.people.grant(person, Grant(line.role, line.grid), "test", self.clock())

    def _fire_until(self, until: datetime) -> None:
        while (due := self._next_due()) is not None and due <= until:
            self.now = due
            self.store.write_now(self._fire)

    def _next_due(self) -> datetime | None:
        return self.store.read_now(lambda tx: tx.timers.next_due())

    def _fire(self, tx: Tx) -> None:
        now = self.clock()
        fire_timers(tx, self.rules, self.around, now, tx.timers.due(now, 1000))

    def _run_out(self) -> None:
        while (due := self.store.read_now(next_deciding)) is not None:
            self._fire_until(due)
