"""The socket: nothing lost, nothing doubled, whatever breaks."""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import WSMsgType
from conftest import Neighbour
from devserver import Running, now, post, serving

from bot.web.room.hub import Hub, Line
from bot.web.room.limits import Limits
from bot.web.room.words import Refused
from storage.room import RoomRepository
from storage.store import Store

Frame = dict[str, Any]


class Page:
    """What the page keeps: the cursor per room, and messages by id with the highest rev."""

    def __init__(self) -> None:
        self.cursors: dict[str, int] = {"DEMO-1": 0}
        self.messages: dict[str, Frame] = {}
        self.deliveries: list[tuple[str, int]] = []

    def take(self, frame: Frame) -> None:
        for room in frame.get("rooms", ()):
            self.cursors[room["chat"]] = room["rev"]
            for message in room["messages"]:
                self.deliveries.append((message["id"], message["rev"]))
                known = self.messages.get(message["id"])
                if known is None or known["rev"] < message["rev"]:
                    self.messages[message["id"]] = message

    @property
    def texts(self) -> list[str]:
        ordered = sorted(self.messages.values(), key=lambda message: int(message["seq"]))
        return [message["text"] for message in ordered]

    @property
    def cursor(self) -> str:
        return json.dumps(self.cursors)


async def hear(socket: aiohttp.ClientWebSocketResponse, kind: str) -> Frame:
    """The next frame of this kind."""
    async with asyncio.timeout(5):
        while True:
            frame: Frame = json.loads(await socket.receive_str())
            if frame["t"] == kind:
                return frame


async def say(socket: aiohttp.ClientWebSocketResponse, text: str, cid: str) -> None:
    await socket.send_json({"t": "say", "id": cid, "chat": "DEMO-1", "text": text})


async def test_a_word_is_acknowledged_and_heard(wang: Neighbour, li: Neighbour) -> None:
    mine = await wang.socket()
    theirs = await li.socket('{"DEMO-1": 0, "p-web:demo-li": 0}')
    assert mine.protocol == "huying-room"
    await say(mine, "大家早", "client-id-1")
    ack = await hear(mine, "ack")
    assert (ack["id"], ack["message"]["text"]) == ("client-id-1", "大家早")
    frame = await hear(theirs, "changes")
    (room,) = frame["rooms"]
    assert (room["chat"], room["messages"]) == ("DEMO-1", [ack["message"]])


async def test_a_repeated_word_is_acknowledged_as_the_same(wang: Neighbour) -> None:
    socket = await wang.socket()
    for _ in range(2):
        await say(socket, "大家早", "client-id-1")
    first, second = await hear(socket, "ack"), await hear(socket, "ack")
    assert first == second


async def test_an_edit_comes_in_place(running: Running, wang: Neighbour) -> None:
    message = await running.channel.send(post("k", "DEMO-1", "受理"))
    socket = await wang.socket('{"DEMO-1": 1, "p-web:demo-wang": 0}')
    await running.channel.send(post("k2", "DEMO-1", "办好了", edits="k"))
    (room,) = (await hear(socket, "changes"))["rooms"]
    assert [(m["id"], m["text"], m["rev"]) for m in room["messages"]] == [(message, "办好了", 2)]


@pytest.mark.parametrize(
    "frame",
    ["", "{", "[]", '"x"', "{}", '{"t": "sing"}', '{"t": "say"}', '{"t": "read", "chat": 1}'],
)
async def test_a_frame_without_sense_is_answered_not_punished(wang: Neighbour, frame: str) -> None:
    socket = await wang.socket()
    await socket.send_str(frame)
    assert (await hear(socket, "no"))["error"] == Refused.MALFORMED
    await socket.send_json({"t": "ping"})
    await hear(socket, "pong")


async def test_a_word_into_a_foreign_room_is_refused(wu: Neighbour) -> None:
    socket = await wu.socket()
    await say(socket, "我来了", "client-id-1")
    answer = await hear(socket, "no")
    assert (answer["id"], answer["status"], answer["error"]) == (
        "client-id-1",
        403,
        Refused.NOT_IN_ROOM,
    )


@pytest.mark.parametrize("cursor", ["[]", "{", '{"DEMO-1": "x"}', '{"DEMO-1": -1}', '{"a": true}'])
async def test_an_odd_cursor_is_refused(wang: Neighbour, cursor: str) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as error:
        await wang.socket(cursor)
    assert error.value.status == 400


async def test_a_cursor_of_another_life_starts_anew(running: Running, wang: Neighbour) -> None:
    socket = await wang.socket('{"DEMO-1": 99, "p-web:demo-wang": 0}')
    frame = await hear(socket, "changes")
    assert frame["reset"] == ["DEMO-1"]
    await running.channel.send(post("k", "DEMO-1", "收到"))
    assert (await hear(socket, "changes"))["rooms"][0]["rev"] == 1


async def test_who_is_far_behind_starts_anew(running: Running, wang: Neighbour) -> None:
    def many(tx: Any) -> None:
        for number in range(401):
            RoomRepository(tx.connection).note(f"n{number}", "DEMO-1", "来了", at)

    at = now()
    await running.store.write(many)
    socket = await wang.socket('{"DEMO-1": 0, "p-web:demo-wang": 0}')
    frame = await hear(socket, "changes")
    assert (frame["reset"], frame["rooms"]) == (["DEMO-1"], [])


async def test_who_left_hears_no_more(running: Running, wang: Neighbour, li: Neighbour) -> None:
    socket = await wang.socket('{"DEMO-1": 0, "p-web:demo-wang": 0}')
    await running.store.write(
        lambda tx: RoomRepository(tx.connection).leave("DEMO-1", "web:demo-wang")
    )
    await li.say("DEMO-1", "她不在了吗", "client-id-1")
    frame = await hear(socket, "changes")
    assert (frame["relist"], frame["rooms"]) == (True, [])
    assert (await wang.get("/room/history", chat="DEMO-1"))[0] == 403


async def test_a_new_room_is_announced(running: Running, wang: Neighbour) -> None:
    socket = await wang.socket('{"DEMO-1": 0, "p-web:demo-wang": 0}')
    member = await running.room.persona("web:demo-wang")
    assert member is not None
    await running.room.join(member, "DEMO-2")
    assert (await hear(socket, "changes"))["relist"]


async def test_too_many_windows_are_refused(
    file_store: Store, tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    async with serving(file_store, tmp_path, limits=Limits(sockets_per_member=2)) as server:
        wang = await Neighbour(server.url, session).become("wang")
        kept = [await wang.socket() for _ in range(2)]
        with pytest.raises(aiohttp.WSServerHandshakeError) as error:
            await wang.socket()
        assert error.value.status == 429
        await kept[0].close()
        await asyncio.sleep(0.1)
        await wang.socket()


async def test_without_a_socket_the_same_changes_are_asked_for(
    wang: Neighbour, li: Neighbour
) -> None:
    page = Page()
    for number in range(3):
        await li.say("DEMO-1", str(number), f"client-id-{number}")
    for _ in range(2):
        _, frame = await wang.get("/room/changes", cursor=page.cursor)
        page.take(frame)
    assert page.texts == ["0", "1", "2"]
    assert len(page.deliveries) == 3


async def test_who_does_not_read_is_left_alone_and_misses_nothing(
    running: Running, li: Neighbour
) -> None:
    slow, quick = Line("web:demo-wang", {"DEMO-1": 0}), Line("web:demo-he", {"DEMO-1": 0})
    hub: Hub = running.room.hub
    page, other = Page(), Page()
    for number in range(20):
        await li.say("DEMO-1", str(number), f"client-id-{number}")
        for line in (slow, quick):
            if line.ready:
                for each, frame in await hub.pull([line]):
                    each.put(frame)
        other.take(json.loads(await quick.next()))
    assert not slow.ready
    for _ in range(4):
        page.take(json.loads(await slow.next()))
    assert len(page.messages) == 4
    for _, frame in await hub.pull([slow]):
        page.take(json.loads(frame))
    everything = [str(number) for number in range(20)]
    assert page.texts == everything
    assert other.texts == everything
    assert len(page.deliveries) == 20


async def _listen_and_break(wang: Neighbour, page: Page, total: int, chance: random.Random) -> None:
    """Read some frames, break off in the middle, come back with the cursor, until all is there."""
    while len(page.messages) < total:
        socket = await wang.socket(page.cursor)
        for _ in range(chance.randint(1, 4)):
            if len(page.messages) >= total:
                break
            frame = await socket.receive(timeout=60)
            if frame.type is not WSMsgType.TEXT:
                break
            if chance.random() < 0.8:  # else: the line broke before the page got it
                page.take(json.loads(frame.data))
            else:
                break
        if chance.random() < 0.5:
            assert socket._response.connection is not None
            transport = socket._response.connection.transport
            assert transport is not None
            transport.abort()
        await socket.close()


async def test_resuming_loses_and_doubles_nothing(
    shared_url: str, tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """Two processes over one database, four people talking, one line that breaks all the time."""
    each, names = 40, ("li", "zhao", "he", "chen")
    with Store.open(shared_url, "one") as first, Store.open(shared_url, "two") as second:
        async with serving(first, tmp_path) as one, serving(second, tmp_path) as two:
            wang = await Neighbour(one.url, session).become("wang")
            page, chance = Page(), random.Random(7)

            async def talk(name: str, url: str) -> None:
                who = await Neighbour(url, session).become(name)
                for number in range(each):
                    cid = f"client-{name}-{number:03}"
                    for _ in range(1 + (number % 5 == 0)):  # some are sent twice
                        status, _ = await who.say("DEMO-1", f"{name} {number}", cid)
                        assert status == 200

            total = each * len(names)
            async with asyncio.timeout(60):
                await asyncio.gather(
                    _listen_and_break(wang, page, total, chance),
                    *(talk(name, (one, two)[n % 2].url) for n, name in enumerate(names)),
                )
            assert len(page.texts) == len(set(page.texts)) == total
            for name in names:
                told = [text for text in page.texts if text.startswith(name)]
                assert told == [f"{name} {number}" for number in range(each)]
            seqs = sorted(message["seq"] for message in page.messages.values())
            assert seqs == list(range(1, total + 1))
            assert len(page.deliveries) == len(set(page.deliveries)) == total


async def test_a_change_of_another_process_arrives(
    shared_url: str, tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    with Store.open(shared_url, "one") as first, Store.open(shared_url, "two") as second:
        async with serving(first, tmp_path) as one, serving(second, tmp_path) as two:
            wang = await Neighbour(one.url, session).become("wang")
            socket = await wang.socket('{"DEMO-1": 0, "p-web:demo-wang": 0}')
            li = await Neighbour(two.url, session).become("li")
            await li.say("DEMO-1", "隔壁机器说的", "client-id-1")
            (room,) = (await hear(socket, "changes"))["rooms"]
            assert room["messages"][0]["text"] == "隔壁机器说的"
