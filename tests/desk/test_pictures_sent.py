"""The picture of a brief and of the figures, on its way into a group."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from office import GROUP, Office, opened
from test_briefs import AT, a_week

from bot import fonts
from bot.channels.web import WebChannel
from bot.pictures import PictureFolder
from bot.web.desk import drawing
from bot.web.desk.brief_pages import BENEATH
from bot.web.desk.brief_picture import poster_of
from bot.web.desk.words_briefs import Wrong
from bot.web.desk.words_figures import SENDING, PictureRefused, SendRefused
from bot.wording.brief import Area
from intake.briefing import Brief, Marks, Part, Work, week_named
from intake.notices import Post
from intake.taxonomy import Visibility
from storage.store import Store

WORDS = "【第一网格一周简报】大家报的事办了不少。"
SEND = "/desk/figures/send"


class NoRoom:
    async def post(self, post: Post) -> str:
        raise AssertionError("nothing is sent here")


@pytest_asyncio.fixture
async def desk(store: Store, tmp_path: Path) -> AsyncIterator[Office]:
    channels = {"web": WebChannel(NoRoom(), "http://127.0.0.1")}
    async with opened(store, channels=channels, pictures=PictureFolder(tmp_path)) as office:
        yield office


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What was ordered from the one who draws; drawing itself takes seconds and is tried elsewhere."""
    orders: list[bytes] = []

    async def draw(order: bytes) -> bytes:
        orders.append(order)
        return b"\x89PNG " + order

    monkeypatch.setattr(drawing, "_ordered", draw)
    if fonts.find_font() is None:
        monkeypatch.setattr(drawing, "find_font", lambda _: fonts.Font("x", Path("/")))
    return orders


async def posts(office: Office) -> list[Post]:
    every = await office.store.read(lambda tx: tx.outbox.every())
    return [one.post for one in every if one.post.template == "brief"]


def released(**more: str) -> dict[str, str]:
    form = {"version": "1", "words": WORDS, "chat": str(GROUP), "sure": "1", "do": "released"}
    return form | {"picture": "1"} | more


async def test_a_brief_goes_with_its_picture(
    desk: Office, drawn: list[bytes], tmp_path: Path
) -> None:
    await a_week(desk)
    chen = await desk.sits("chen")
    _, page = await chen.get(AT)
    assert f'src="{AT}/picture.png"' in page
    assert "一周简报（11月23日至11月29日）：受理 9 件" in page, "what it shows is said in words"
    status, _ = await chen.post(AT, **released())
    assert status == 200
    (post,) = await posts(desk)
    assert post.text == WORDS
    assert post.picture is not None
    assert (tmp_path / post.picture).is_file()
    order = drawn[-1].decode()
    assert "路灯" in order
    secret = desk.rules.taxonomy.items["MZ11"].name
    for hidden in (secret, "王阿姨", "demo-wang", "13800138000", "别告诉别人"):
        assert hidden not in order
    await chen.post(AT, **released())
    assert len(await posts(desk)) == 1, "pressed twice it goes once"


async def test_a_long_brief_goes_before_its_picture(desk: Office, drawn: list[bytes]) -> None:
    await a_week(desk)
    chen = await desk.sits("chen")
    long = "字" * (BENEATH + 1)
    await chen.post(AT, **released(words=long))
    words, picture = await posts(desk)
    assert (words.text, words.picture) == (long, None)
    assert picture.picture is not None
    assert "受理 9 件" in picture.text


async def test_a_brief_without_its_picture(desk: Office, drawn: list[bytes]) -> None:
    await a_week(desk)
    chen = await desk.sits("chen")
    await chen.post(AT, **released(picture=""))
    (post,) = await posts(desk)
    assert (post.text, post.picture) == (WORDS, None)
    assert drawn == []


async def test_where_none_can_be_drawn_nothing_is_lost(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "find_font", lambda _: None)
    await a_week(desk)
    chen = await desk.sits("chen")
    status, page = await chen.post(AT, **released())
    assert status == 400
    assert PictureRefused.NO_FONT[:12] in page
    assert Wrong.WITHOUT[:8] in page
    assert WORDS in page
    assert await posts(desk) == []
    await chen.post(AT, **released(picture=""))
    assert len(await posts(desk)) == 1


def test_what_is_rare_is_not_drawn(desk: Office) -> None:
    taxonomy, zone = desk.rules.taxonomy, desk.rules.zone
    week = week_named("2026-11-23", zone)
    assert week is not None
    work = (Work("JS", 2, Marks(in_time=1, open=1)),)
    brief = Brief(4, 0, 0, categories=(Part("SZ", 2), Part(None, 2)), work=work)
    what = poster_of(brief, Area("第一网格", week, zone), taxonomy)
    assert what.data["category"] == []
    assert dict(what.tiles) == {"受理": "4", "办好": "不到3", "还在办": "不到3", "眼下超期": "0"}


async def some_cases(office: Office) -> None:
    for _ in range(4):
        await office.case("SZ03", opened_at=office.now - timedelta(minutes=5))
    more: dict[str, Any] = {"visibility": Visibility.PRIVATE, "said": "我家的事别告诉别人"}
    await office.case("MZ11", opened_at=office.now - timedelta(minutes=5), **more)


async def test_figures_are_looked_at_and_then_sent(
    desk: Office, drawn: list[bytes], tmp_path: Path
) -> None:
    await some_cases(desk)
    chen = await desk.sits("chen")
    _, page = await chen.get("/desk/figures?span=week")
    assert "/desk/figures/send?span=week" in page
    _, page = await chen.get(f"{SEND}?span=week")
    assert "新报 4 件" in page, "what is private is not counted"
    assert "/desk/figures/picture.png?span=week" in page
    status, page = await chen.post(SEND, span="week", chat=str(GROUP), sure="1")
    assert status == 200
    assert SENDING["sent"] in page
    (post,) = await posts(desk)
    assert post.chat == GROUP
    assert "新报 4 件" in post.text
    assert post.picture is not None
    assert (tmp_path / post.picture).is_file()
    await chen.post(SEND, span="week", chat=str(GROUP), sure="1")
    assert len(await posts(desk)) == 1, "the same picture goes into a group once"
    looks = await desk.store.read(lambda tx: tx.audit.latest())
    assert looks[0].what == "figures sent"


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"chat": "", "sure": "1"}, SendRefused.NO_CHAT),
        ({"chat": "web:nowhere", "sure": "1"}, SendRefused.NO_CHAT),
        ({"chat": "web:DEMO-3", "sure": "1"}, SendRefused.NO_CHAT),
        ({"chat": str(GROUP)}, SendRefused.NOT_SURE),
    ],
)
async def test_what_cannot_be_sent_says_why(
    desk: Office, drawn: list[bytes], form: dict[str, str], sentence: str
) -> None:
    await some_cases(desk)
    chen = await desk.sits("chen")
    status, page = await chen.post(SEND, span="week", part="DEMO-1", **form)
    assert status == 400
    assert sentence in page
    assert await posts(desk) == []


async def test_of_nothing_there_is_no_picture(desk: Office) -> None:
    chen = await desk.sits("chen")
    assert (await chen.get(f"{SEND}?span=week"))[0] == 404
    assert (await chen.get(f"{SEND}?from=x&to=y"))[0] == 400
    assert (await chen.get(f"{SEND}?part=nowhere"))[0] == 400


async def test_a_department_sends_nothing_into_groups(desk: Office) -> None:
    await some_cases(desk)
    wu = await desk.sits("wu")
    _, page = await wu.get("/desk/figures?span=week")
    assert "/desk/figures/send" not in page
    assert (await wu.get(f"{SEND}?span=week"))[0] == 403
