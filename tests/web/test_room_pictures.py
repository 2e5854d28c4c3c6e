"""A picture of the bot in the room: seen by its members, said in words, gone with its message."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from conftest import Neighbour
from devserver import Running, now, post
from PIL import Image

from bot.pictures import PictureFolder
from intake.notices import Post
from storage.room import KEPT

WORDS = "第一网格上周受理 12 件，办好 9 件。"


def chart() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1080, 1400), "white").save(out, "PNG")
    return out.getvalue()


async def with_picture(home: Path, key: str = "brief|1") -> Post:
    name = await PictureFolder(home / "pictures").keep(chart())
    return replace(post(key, "DEMO-1", WORDS), picture=name, params={"alt": "一周的图"})


def files(home: Path) -> list[Path]:
    return sorted((home / "uploads" / "room").glob("*"))


async def test_a_picture_stands_beneath_its_words(
    running: Running, wang: Neighbour, wu: Neighbour, tmp_path: Path
) -> None:
    await running.channel.send(await with_picture(tmp_path))
    shown = (await wang.history("DEMO-1"))[-1]
    assert shown["text"] == WORDS
    (photo,) = shown["photos"]
    assert (photo["w"], photo["h"], photo["alt"]) == (1080, 1400, "一周的图")
    url = f"{running.url}/room/photo/{photo['name']}"
    async with wang.session.get(url, headers=wang.headers) as got:
        assert got.status == 200
        assert got.headers["Content-Type"] == "image/jpeg"
    assert (await wu.get(f"/room/photo/{photo['name']}"))[0] == 403, "not a member of this room"


async def test_sent_twice_it_is_there_once(
    running: Running, wang: Neighbour, tmp_path: Path
) -> None:
    made = await with_picture(tmp_path)
    assert await running.channel.send(made) == await running.channel.send(made)
    assert len(await wang.history("DEMO-1")) == 1
    assert len(files(tmp_path)) == 1, "the second copy is not left behind"


async def test_without_the_file_the_words_stand_alone(
    running: Running, wang: Neighbour, tmp_path: Path
) -> None:
    await running.channel.send(replace(await with_picture(tmp_path), picture="f" * 64 + ".png"))
    broken = await PictureFolder(tmp_path / "pictures").keep(b"no picture at all")
    await running.channel.send(replace(await with_picture(tmp_path, "brief|2"), picture=broken))
    shown = await wang.history("DEMO-1")
    assert [(one["text"], one["photos"]) for one in shown] == [(WORDS, []), (WORDS, [])]


async def test_it_goes_with_its_message(running: Running, tmp_path: Path) -> None:
    await running.channel.send(await with_picture(tmp_path))
    running.room._now = lambda: now() + KEPT + timedelta(days=1)
    await running.room.purge()
    assert files(tmp_path) == []
