"""The room over HTTP: who may, what is refused, what reaches the inbox."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import pytest
from conftest import Neighbour
from devserver import Running, post, serving

from bot.channels.base import SendRefused
from bot.web.room.limits import Limits, Pace
from bot.web.room.words import ENTRY, TEXT_LIMIT, Refused, Room
from intake.commands import Pressed, Said, Started, Unsaid
from intake.notices import Button
from storage.room import RoomRepository
from storage.store import Store

CID = "client-id-0001"


async def test_a_word_goes_to_the_room_and_to_the_desk(running: Running, wang: Neighbour) -> None:
    status, answer = await wang.say("DEMO-1", "大家早", CID)
    assert status == 200
    assert [m["text"] for m in await wang.history("DEMO-1")] == ["大家早"]
    (command,) = await running.desk.first(1)
    assert isinstance(command, Said)
    assert command.message == answer["message"]["id"]
    assert str(command.chat) == "web:DEMO-1"
    assert (command.sender.identity, command.sender.name) == ("web:demo-wang", "王阿姨")
    assert not command.private


async def test_the_private_talk_is_private(
    running: Running, wang: Neighbour, li: Neighbour
) -> None:
    chat = "p-web:demo-wang"
    assert (await wang.say(chat, "老板三个月没发工资了", CID))[0] == 200
    (command,) = await running.desk.first(1)
    assert isinstance(command, Said)
    assert command.private
    assert (await li.get("/room/history", chat=chat))[0] == 403


async def test_sending_again_is_the_same_message(running: Running, wang: Neighbour) -> None:
    answers = await asyncio.gather(*(wang.say("DEMO-1", "大家早", CID) for _ in range(8)))
    assert {answer["message"]["id"] for _, answer in answers} == {answers[0][1]["message"]["id"]}
    assert len(await wang.history("DEMO-1")) == 1
    assert await running.store.read(lambda tx: tx.inbox.pending()) <= 1
    await asyncio.sleep(0.5)
    assert len(running.desk.heard) == 1


async def test_a_stranger_to_the_room_is_refused(wang: Neighbour, wu: Neighbour) -> None:
    _, said = await wang.say("DEMO-1", "大家早", CID)
    message = said["message"]["id"]
    tries = [
        await wu.get("/room/history", chat="DEMO-1"),
        await wu.say("DEMO-1", "我来了", CID),
        await wu.post("/room/photo?chat=DEMO-1", b"x"),
        await wu.post("/room/withdraw", {"chat": "DEMO-1", "message": message}),
        await wu.post(
            "/room/press", {"chat": "DEMO-1", "message": message, "data": "x", "id": CID}
        ),
        await wu.get("/room/history", chat="no such room"),
    ]
    assert [(status, answer["error"]) for status, answer in tries] == [
        (403, Refused.NOT_IN_ROOM)
    ] * len(tries)


async def test_a_message_is_not_reached_through_another_room(wang: Neighbour) -> None:
    _, said = await wang.say("DEMO-1", "大家早", CID)
    asked = {"chat": "p-web:demo-wang", "message": said["message"]["id"]}
    assert (await wang.post("/room/withdraw", asked))[0] == 404


async def test_nobody_is_refused(running: Running, session: aiohttp.ClientSession) -> None:
    nobody = Neighbour(running.url, session)
    assert await nobody.get("/room/list") == (
        401,
        {"error": Refused.WHO, "status": 401, "wait": None},
    )
    nobody.token = "wrong"
    assert (await nobody.get("/room/list"))[0] == 401


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://[", ""]
)
async def test_a_forged_origin_is_refused(wang: Neighbour, origin: str) -> None:
    asked = {"chat": "DEMO-1", "text": "大家早", "id": CID}
    status, answer = await wang.post("/room/send", asked, Origin=origin)
    assert (status, answer["error"]) == (403, Refused.ORIGIN)
    with pytest.raises(aiohttp.WSServerHandshakeError) as error:
        await wang.socket(Origin=origin)
    assert error.value.status == 403


async def test_without_an_origin_nothing_changes(
    wang: Neighbour, session: aiohttp.ClientSession
) -> None:
    async with session.post(f"{wang.url}/room/send", json={}, headers=wang.headers) as answer:
        assert answer.status == 403


async def test_the_demo_is_closed_to_another_host_name(
    running: Running, session: aiohttp.ClientSession
) -> None:
    """A foreign name that points at loopback gets no persona."""
    rebound = {"Host": "evil.example", "Origin": "http://evil.example"}
    url = f"{running.url}/room/persona"
    async with session.post(url, json={"person": "web:demo-wang"}, headers=rebound) as answer:
        assert answer.status == 403
        assert (await answer.json())["error"] == Refused.NO_DEMO


async def test_outside_the_demo_nobody_speaks_as_somebody_else(
    file_store: Store, tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    async with serving(file_store, tmp_path) as demo:
        wang = await Neighbour(demo.url, session).become("wang")
    async with serving(file_store, tmp_path, demo=False) as live:
        wang.url = live.url
        assert (await wang.get("/room/list"))[0] == 401
        status, answer = await wang.post("/room/persona", {"person": "web:demo-wang"})
        assert (status, answer["error"]) == (403, Refused.NO_DEMO)
        async with session.get(live.url) as door:
            text = await door.text()
        assert ENTRY["invited_only"] in text
        assert "王阿姨" not in text


@pytest.mark.parametrize(
    ("text", "status", "error"),
    [
        ("", 400, Refused.EMPTY),
        ("  \n\t ", 400, Refused.EMPTY),
        ("\u202e\u200b\x00\x07", 400, Refused.EMPTY),
        ("路" * TEXT_LIMIT, 200, None),
        ("路" * (TEXT_LIMIT + 1), 413, Refused.TOO_LONG),
        ("灯" * 65536, 413, Refused.TOO_LONG),
        ("x" * 1_040_000, 413, Refused.TOO_LONG),
    ],
    ids=["empty", "blank", "invisible", "at the limit", "over", "64 K", "1 MB"],
)
async def test_the_length_of_a_message(
    wang: Neighbour, text: str, status: int, error: str | None
) -> None:
    got, answer = await wang.say("DEMO-1", text, CID)
    assert (got, answer.get("error")) == (status, error)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("3栋\x00路灯\x1b[31m坏了\x7f", "3栋路灯[31m坏了"),
        ("\u202e了坏\u202c灯\u2066x\u2069", "了坏灯x"),
        ("一\r\n二\r三\n\n\n\n\n\n四", "一\n二\n三\n\n\n四"),
        ("👨‍👩‍👧 好", "👨‍👩‍👧 好"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
async def test_words_stay_and_tricks_go(wang: Neighbour, typed: str, kept: str) -> None:
    _, answer = await wang.say("DEMO-1", typed, CID)
    assert answer["message"]["text"] == kept


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'{"chat": "DEMO-1", "text": "x"}',
        b'{"chat": "DEMO-1", "text": "x", "id": "short"}',
        b'{"chat": "DEMO-1", "text": 5, "id": "client-id-1"}',
        b'{"chat": ["DEMO-1"], "text": "x", "id": "client-id-1"}',
        b'{"chat": "DEMO-1", "text": "x", "id": "client-id-1", "photos": "a.jpg"}',
        b'{"chat": "DEMO-1", "text": "x", "id": "client-id-1", "photos": [1]}',
        b'{"chat": "DEMO-1", "text": "x", "id": "client-id-1", "photos": ["none.jpg"]}',
        b'{"chat": "DEMO-1", "text": "\\ud800", "id": "client-id-1"}',
        b'{"chat": "DEMO-1", "text": "x", "id": "client-id-1", "quote": 7}',
    ],
)
async def test_a_request_without_sense_is_refused_in_words(wang: Neighbour, body: bytes) -> None:
    status, answer = await wang.post("/room/send", body)
    assert status == 400
    assert answer["error"] in (Refused.MALFORMED, Refused.PHOTO_GONE)
    assert await wang.history("DEMO-1") == []


@pytest.mark.parametrize("query", ["before=-1", "before=x", "before=" + "9" * 30, "chat=%00"])
async def test_an_odd_history_request(wang: Neighbour, query: str) -> None:
    url = f"{wang.url}/room/history?chat=DEMO-1&{query}"
    async with wang.session.get(url, headers=wang.headers) as answer:
        assert answer.status in (200, 400, 403)
        assert isinstance(await answer.json(), dict)


async def test_too_fast_is_told_when_to_go_on(
    file_store: Store, tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    limits = Limits(say=Pace(3, 60))
    async with serving(file_store, tmp_path, limits=limits) as slow:
        wang = await Neighbour(slow.url, session).become("wang")
        li = await Neighbour(slow.url, session).become("li")
        sent = [await wang.say("DEMO-1", "喂", f"client-id-{n}") for n in range(5)]
        assert [status for status, _ in sent] == [200, 200, 200, 429, 429]
        assert sent[3][1]["error"] == Refused.TOO_FAST
        assert 0 < sent[3][1]["wait"] <= 60
        assert (await li.say("DEMO-1", "我还能说", CID))[0] == 200


async def test_a_button_is_pressed_once(running: Running, wang: Neighbour, li: Neighbour) -> None:
    button = Button("+1", "plus:1")
    message = await running.channel.send(post("ack", "DEMO-1", "收到", button))
    asked = {"chat": "DEMO-1", "message": message, "data": "plus:1", "id": CID}
    for _ in range(3):
        assert (await li.post("/room/press", asked))[0] == 200
    assert (await wang.post("/room/press", asked))[0] == 200
    first, second = await running.desk.first(2)
    assert isinstance(first, Pressed)
    assert isinstance(second, Pressed)
    assert (first.message, first.data, first.sender.name) == (message, "plus:1", "李叔")
    assert second.sender.name == "王阿姨"


async def test_a_button_of_long_ago_is_refused(running: Running, li: Neighbour) -> None:
    message = await running.channel.send(post("ack", "DEMO-1", "收到", Button("+1", "plus:1")))
    await running.channel.send(post("ack2", "DEMO-1", "办好了", edits="ack"))
    asked = {"chat": "DEMO-1", "message": message, "data": "plus:1", "id": CID}
    status, answer = await li.post("/room/press", asked)
    assert (status, answer["error"]) == (409, Refused.BUTTON_GONE)
    forged = {**asked, "data": "close:DEMO-1-12"}
    assert (await li.post("/room/press", forged))[0] == 409


async def test_only_my_own_words_are_taken_back(
    running: Running, wang: Neighbour, li: Neighbour
) -> None:
    _, said = await wang.say("DEMO-1", "说错了", CID)
    asked = {"chat": "DEMO-1", "message": said["message"]["id"]}
    status, answer = await li.post("/room/withdraw", asked)
    assert (status, answer["error"]) == (403, Refused.NOT_YOURS)
    for _ in range(2):
        assert (await wang.post("/room/withdraw", asked))[0] == 200
    (message,) = await li.history("DEMO-1")
    assert (message["text"], message["withdrawn"]) == (None, True)
    first, second = await running.desk.first(2)
    assert isinstance(first, Said)
    assert isinstance(second, Unsaid)
    assert second.message == first.message
    assert second.sender == first.sender


async def test_a_post_sent_twice_stands_once(running: Running, wang: Neighbour) -> None:
    ids = [await running.channel.send(post("k", "DEMO-1", "收到")) for _ in range(3)]
    assert len(set(ids)) == 1
    assert [m["kind"] for m in await wang.history("DEMO-1")] == ["post"]
    with pytest.raises(SendRefused):
        await running.channel.send(post("k2", "DEMO-9", "收到"))


async def test_unread_and_read(wang: Neighbour, li: Neighbour) -> None:
    for number in range(3):
        await wang.say("DEMO-1", "喂", f"client-id-{number}")
    _, answer = await li.get("/room/list")
    (room,) = [room for room in answer["rooms"] if room["chat"] == "DEMO-1"]
    assert (room["unread"], room["last"]["text"]) == (3, "喂")
    await li.post("/room/read", {"chat": "DEMO-1", "seq": room["last"]["seq"]})
    _, answer = await li.get("/room/list")
    assert [room["unread"] for room in answer["rooms"]] == [0, 0]


async def test_entering_by_invitation(running: Running) -> None:
    invitation = await running.room.invite("DEMO-1")
    url, origin = f"{running.url}/g/{invitation.code}", {"Origin": running.url}
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        async with browser.get(url) as page:
            assert page.status == 200
            assert "DEMO-1 邻里群" in await page.text()
        for name, words in (
            ("", Refused.NICKNAME_EMPTY),
            ("呼 应 助手", Refused.NICKNAME_TAKEN_BY_BOT),
            ("长" * 21, Refused.NICKNAME_LONG),
        ):
            async with browser.post(url, data={"nickname": name}, headers=origin) as page:
                assert (page.status, words in await page.text()) == (400, True)
        async with browser.post(url, data={"nickname": "老张"}) as page:
            assert page.status == 403
        form = {"nickname": " 5栋\u202e老张 "}
        async with browser.post(url, data=form, headers=origin, allow_redirects=False) as page:
            assert (page.status, page.headers["Location"]) == (303, "/chat?own=1#DEMO-1")
            cookie = page.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        zhang = Neighbour(running.url, browser)
        _, answer = await zhang.get("/room/list")
        assert [room["kind"] for room in answer["rooms"]] == ["group", "private"]
        assert (await zhang.history("DEMO-1"))[0]["text"] == Room.JOINED.format(name="5栋老张")
        async with browser.get(url) as page:
            assert ENTRY["as_member"].format(name="5栋老张") in await page.text()
    (command,) = await running.desk.first(1)
    assert isinstance(command, Started)
    assert command.chat.chat == f"p-{command.sender.identity}"
    hashed = await running.store.read(lambda tx: RoomRepository(tx.connection).device("x"))
    assert hashed is None


async def test_a_revoked_invitation_leads_nowhere(
    running: Running, session: aiohttp.ClientSession
) -> None:
    invitation = await running.room.invite("DEMO-1")
    assert await running.room.revoke(invitation.code)
    for code in (invitation.code, "never-made", "%00"):
        async with session.get(f"{running.url}/g/{code}") as page:
            assert page.status == 404
            assert Refused.INVITATION_GONE in await page.text()


async def test_a_link_starts_the_private_talk(running: Running, wang: Neighbour) -> None:
    status, answer = await wang.post("/room/start", {"parameter": "inv-42"})
    assert (status, answer["chat"]) == (200, "p-web:demo-wang")
    (command,) = await running.desk.first(1)
    assert isinstance(command, Started)
    assert command.parameter == "inv-42"
    async with wang.session.get(f"{running.url}/start/inv-42") as page:
        assert page.status == 404


async def test_staff_may_begin_by_their_invitation(file_store: Store, tmp_path: Path) -> None:
    """Somebody unknown begins a private talk only with a parameter that the desk knows."""

    async def known(parameter: str) -> bool:
        return parameter == "inv-42"

    jar = aiohttp.CookieJar(unsafe=True)
    async with (
        serving(file_store, tmp_path, demo=False, may_start=known) as live,
        aiohttp.ClientSession(cookie_jar=jar) as browser,
    ):
        origin = {"Origin": live.url}
        async with browser.get(f"{live.url}/start/guessed") as page:
            assert page.status == 404
        form = {"nickname": "小陈"}
        async with browser.post(
            f"{live.url}/start/inv-42", data=form, headers=origin, allow_redirects=False
        ) as page:
            assert page.status == 303
        entered, invited = await live.desk.first(2)
        assert isinstance(entered, Started)
        assert isinstance(invited, Started)
        assert (invited.parameter, invited.sender.name) == ("inv-42", "小陈")
        assert (await Neighbour(live.url, browser).get("/room/list"))[0] == 200


@pytest.mark.parametrize("path", ["/", "/chat", "/g/x", "/room/me", "/room/static/x/main.js"])
async def test_every_answer_carries_the_security_headers(
    running: Running, session: aiohttp.ClientSession, path: str
) -> None:
    async with session.get(running.url + path) as answer:
        csp = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in csp
        assert "frame-ancestors 'none'" in csp
        assert "unsafe" not in csp
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"


async def test_the_first_load_is_small(running: Running, session: aiohttp.ClientSession) -> None:
    async with session.get(f"{running.url}/chat") as page:
        text = await page.text()
    paths = {part.split('"')[0] for part in text.split('="')[1:] if part.startswith("/room/")}
    assert len(paths) > 10
    size = len(text)
    for path in paths:
        async with session.get(running.url + path) as asset:
            assert asset.status == 200
            size += len(await asset.read())
    assert size <= 150 * 1024
    assert "<script>" not in text
    assert "style=" not in text
    assert "onclick" not in text


async def test_an_open_token_is_never_logged(
    file_store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What goes wrong behind a link is told by the route's pattern: the token stands in the path."""

    async def known(parameter: str) -> bool:
        return True

    async with (
        serving(file_store, tmp_path, demo=False, may_start=known) as live,
        aiohttp.ClientSession() as browser,
        browser.post(
            f"{live.url}/start/i-SECRETTOKEN",
            data=b"--x--",
            headers={"Content-Type": "multipart/form-data", "Origin": live.url},
        ) as got,
    ):
        assert got.status == 500
    assert "/start/{parameter}" in caplog.text
    assert "SECRETTOKEN" not in "".join(record.getMessage() for record in caplog.records)
