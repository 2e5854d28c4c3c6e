"""Photos: written anew, seen only by those in the room, refused when hostile."""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import Neighbour
from devserver import Running
from photo_files import bomb_png, jpeg
from PIL import Image

from bot.web.room.photos import LONGEST_SIDE, MOST_BYTES, PhotoFolder
from bot.web.room.words import Refused
from intake.commands import Said


async def upload(who: Neighbour, data: bytes) -> str:
    status, answer = await who.post("/room/photo?chat=DEMO-1", data)
    assert status == 200, answer
    name: str = answer["name"]
    return name


async def test_a_photo_travels_without_its_secrets(
    running: Running, wang: Neighbour, li: Neighbour, wu: Neighbour, tmp_path: Path
) -> None:
    name = await upload(wang, jpeg((3000, 2000), orientation=6))
    assert (await li.get(f"/room/photo/{name}"))[0] == 403
    photos = {"photos": [name]}
    status, answer = await wang.say("DEMO-1", "", "client-id-1", **photos)
    assert status == 200
    assert answer["message"]["photos"][0]["name"] == name
    url = f"{running.url}/room/photo/{name}"
    async with li.session.get(url, headers=li.headers) as got:
        assert got.status == 200
        assert got.headers["Content-Type"] == "image/jpeg"
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        data = await got.read()
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.size) == ("JPEG", (1067, LONGEST_SIDE))
        assert not dict(image.getexif())
    assert "王阿姨家门口".encode() not in data
    assert (await wu.get(f"/room/photo/{name}"))[0] == 403
    assert (tmp_path / "uploads" / "room" / name).is_file()
    (command,) = await running.desk.first(1)
    assert isinstance(command, Said)
    assert command.media == ("photo",)
    asked = {"chat": "DEMO-1", "message": answer["message"]["id"]}
    assert (await wang.post("/room/withdraw", asked))[0] == 200
    assert not (tmp_path / "uploads" / "room" / name).exists()


HOSTILE = [
    ("nothing", b""),
    ("words", "不是照片".encode() * 100),
    ("a page", b"<html><script>alert(1)</script>"),
    ("a drawing with a script", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
    ("cut off", jpeg((800, 600))[:700]),
    ("30000 x 30000 in 200 bytes", bomb_png(30_000, 30_000)),
    ("6000 x 6000", bomb_png(6_000, 6_000)),
    ("0 x 0", bomb_png(0, 0)),
    ("PostScript", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"),
    ("noise behind a JPEG's head", b"\xff\xd8\xff\xe0" + os.urandom(5000)),
]


@pytest.mark.parametrize("data", [row[1] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
async def test_what_is_no_photo_is_refused(wang: Neighbour, data: bytes, tmp_path: Path) -> None:
    status, answer = await wang.post("/room/photo?chat=DEMO-1", data)
    assert (status, answer["error"]) == (415, Refused.PHOTO_UNREADABLE)
    assert not (tmp_path / "uploads").exists()


async def test_twenty_megapixels_are_taken(wang: Neighbour) -> None:
    status, answer = await wang.post("/room/photo?chat=DEMO-1", jpeg((5472, 3648)))
    assert (status, answer["w"], answer["h"]) == (200, 1600, 1067)


async def test_more_than_twelve_megabytes_are_refused(wang: Neighbour) -> None:
    status, answer = await wang.post(
        "/room/photo?chat=DEMO-1", io.BytesIO(b"\xff" * (MOST_BYTES + 1))
    )
    assert (status, answer["error"]) == (413, Refused.PHOTO_TOO_BIG)


@pytest.mark.parametrize("name", ["../../etc/passwd", "..%2froom.db", "x.jpg", "0" * 32 + ".png"])
async def test_only_our_own_names_are_looked_up(wang: Neighbour, name: str) -> None:
    url = f"{wang.url}/room/photo/{name}"
    async with wang.session.get(url, headers=wang.headers) as got:
        assert got.status in (403, 404)


async def test_files_that_nobody_knows_are_swept_away(tmp_path: Path) -> None:
    folder = PhotoFolder(tmp_path)
    kept, lost = await folder.keep(jpeg((10, 10))), await folder.keep(jpeg((10, 10)))
    now = datetime.now(UTC)
    await folder.sweep({kept.name}, now)
    assert folder.path(lost.name) is not None
    await folder.sweep({kept.name}, now + timedelta(days=2))
    assert folder.path(kept.name) is not None
    assert folder.path(lost.name) is None


async def test_a_photo_with_a_hole_stands_on_white(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 10), (0, 0, 0, 0)).save(out, "PNG")
    folder = PhotoFolder(tmp_path)
    photo = await folder.keep(out.getvalue())
    path = folder.path(photo.name)
    assert path is not None
    with Image.open(path) as image:
        assert image.getpixel((5, 5)) == (255, 255, 255)
