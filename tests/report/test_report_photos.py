"""Photos from the form behind a code and from the group, on their way to a case."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from kiosk import Kiosk, Phone, opened, value
from photo_files import bomb_png, jpeg
from PIL import Image

from bot.sweeping import sweep
from bot.web.report.service import ReportLimits
from bot.web.report.words import Refused
from bot.web.room.photos import MOST_BYTES
from bot.web.room.service import Saying, WebRoom
from intake.cases import Case, LineRole
from intake.facts import Changes
from intake.lifecycle import State
from nlp.reader import Reader
from storage.room import KEPT
from storage.room_records import Member, Photo
from storage.store import Store

LAMP = "楼道的灯不亮了，三天了"
SMALL = jpeg((60, 40))
WANG, CHEN = Member("web:demo-wang", "王阿姨"), Member("web:demo-chen", "小陈")


def form_of(photos: list[bytes], **fields: str) -> aiohttp.FormData:
    """A form as a browser without JavaScript sends it."""
    form = aiohttp.FormData()
    for name, text in fields.items():
        form.add_field(name, text)
    for number, data in enumerate(photos):
        name = f"王阿姨家{number}.jpg"
        form.add_field("photos", io.BytesIO(data), filename=name, content_type="image/jpeg")
    if not photos:
        form.add_field("photos", b"", filename="", content_type="application/octet-stream")
    return form


async def sends(phone: Phone, path: str, photos: list[bytes], **fields: str) -> tuple[int, str]:
    return await posts(phone, path, form_of(photos, **fields))


async def posts(phone: Phone, path: str, data: Any, **headers: str) -> tuple[int, str]:
    sent = {"Origin": phone.kiosk.url, **headers}
    async with phone.session.post(phone.kiosk.url + path, data=data, headers=sent) as got:
        phone.at = got.url.path
        return got.status, await got.text()


async def reported(kiosk: Kiosk, phone: Phone, photos: list[bytes]) -> Case:
    code = await kiosk.code()
    status, _ = await sends(phone, f"/r/{code}", photos, words=LAMP, place="3栋", once="x" * 22)
    assert status == 200
    assert phone.at.startswith("/p/")
    await kiosk.settle()
    (case,) = await kiosk.cases()
    return case


async def photos_of(kiosk: Kiosk, case: Case) -> list[Photo]:
    found = await kiosk.store.read(lambda tx: tx.photos.of_case(case.id))
    return [photo for some in found.values() for photo in some]


def files(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "photos").glob("*"))


async def says(kiosk: Kiosk, who: Member, text: str, *sizes: tuple[int, int]) -> str:
    """Somebody says something in the group, with photos; the id of the message."""
    names = [(await kiosk.room.add_photo(who, "DEMO-1", jpeg(size))).name for size in sizes]
    saying = Saying("DEMO-1", f"client-{kiosk.now.timestamp()}-{text}", text, None, tuple(names))
    message = await kiosk.room.say(who, saying)
    await kiosk.settle()
    return message.id


async def test_a_report_with_photos_becomes_a_case_that_has_them(
    kiosk: Kiosk, tmp_path: Path
) -> None:
    phone = kiosk.person()
    case = await reported(kiosk, phone, [jpeg((3000, 2000), orientation=6), SMALL])
    (line,) = await kiosk.store.read(lambda tx: tx.cases.lines(case.id))
    assert line.media == ("photo", "photo")
    kept = await photos_of(kiosk, case)
    assert [(photo.width, photo.height) for photo in kept] == [(1067, 1600), (60, 40)]
    assert files(tmp_path) == sorted(photo.name for photo in kept)
    chen = await kiosk.sits("chen")
    _, page = await chen.get(f"/desk/case/{case.id}")
    (first, _) = re.findall(r'<a href="([^"]+/photo/[^"]+)">', page)
    async with chen.session.get(kiosk.url + first) as got:
        data = await got.read()
    with Image.open(io.BytesIO(data)) as image:
        assert not dict(image.getexif())
    page = await phone.again()
    assert "附照片 2 张" in page
    assert ".jpg" not in page, "the link leads to no picture"
    assert (await phone.get(first))[0] == 200
    assert phone.at == "/desk/sign-in"


async def test_a_form_without_photos_is_as_before(kiosk: Kiosk, tmp_path: Path) -> None:
    phone = kiosk.person()
    _, form = await phone.get(f"/r/{await kiosk.code('花园')}")
    assert 'enctype="multipart/form-data"' in form
    assert re.search(r'<input id="photos"[^>]*type="file" accept="image/\*" multiple', form)
    case = await reported(kiosk, phone, [])
    assert files(tmp_path) == []
    assert await photos_of(kiosk, case) == []
    page = await phone.again()
    assert "附照片" not in page


HOSTILE = {
    "words": ("不是照片".encode() * 100, Refused.PHOTO_UNREADABLE),
    "nothing": (b"", Refused.PHOTO_UNREADABLE),
    "a page": (b"<html><script>alert(1)</script>", Refused.PHOTO_UNREADABLE),
    "a drawing": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', Refused.PHOTO_UNREADABLE),
    "cut off": (jpeg((800, 600))[:700], Refused.PHOTO_UNREADABLE),
    "a bomb": (bomb_png(30_000, 30_000), Refused.PHOTO_UNREADABLE),
    "36 megapixels": (bomb_png(6_000, 6_000), Refused.PHOTO_UNREADABLE),
    "too many bytes": (b"\xff\xd8" + b"\xff" * MOST_BYTES, Refused.PHOTO_TOO_BIG),
}


@pytest.mark.parametrize("kind", HOSTILE)
async def test_what_is_no_photo_is_said_and_the_words_are_kept(
    kiosk: Kiosk, tmp_path: Path, kind: str
) -> None:
    data, sentence = HOSTILE[kind]
    phone, code = kiosk.person(), await kiosk.code()
    filled = {"words": "灯<b>不亮", "place": "小花园<", "once": "x" * 22, "told": "nobody"}
    status, page = await sends(phone, f"/r/{code}", [SMALL, data, SMALL], **filled)
    assert (status, sentence in page, "请重新选" in page) == (400, True, True)
    assert "灯&lt;b&gt;不亮</textarea>" in page
    assert (value(page, "place"), value(page, "once")) == ("小花园&lt;", "x" * 22)
    assert files(tmp_path) == [], "nothing of a form that was not taken stays"
    status, _ = await sends(phone, f"/r/{code}", [SMALL], **filled)
    assert (status, phone.at.startswith("/p/")) == (200, True)
    assert len(files(tmp_path)) == 1


async def test_twenty_megapixels_are_taken(kiosk: Kiosk) -> None:
    case = await reported(kiosk, kiosk.person(), [jpeg((5472, 3648))])
    assert [(p.width, p.height) for p in await photos_of(kiosk, case)] == [(1600, 1067)]


async def test_four_are_too_many_and_empty_words_too_few(kiosk: Kiosk, tmp_path: Path) -> None:
    phone, code = kiosk.person(), await kiosk.code()
    status, page = await sends(phone, f"/r/{code}", [SMALL] * 4, words=LAMP, place="")
    assert (status, Refused.PHOTOS_TOO_MANY in page, LAMP in page) == (400, True, True)
    status, page = await sends(phone, f"/r/{code}", [SMALL], words=" ", place="3栋")
    assert (status, Refused.EMPTY in page, "请重新选" in page) == (400, True, True)
    status, page = await sends(phone, f"/r/{code}", [], words=" ", place="3栋")
    assert (status, "请重新选" in page) == (400, False)
    assert files(tmp_path) == []


async def test_forms_that_no_browser_sends(kiosk: Kiosk, tmp_path: Path) -> None:
    phone, code = kiosk.person(), await kiosk.code()
    head = '--b\r\nContent-Disposition: form-data; name="words"\r\n\r\n灯不亮\r\n'.encode()
    photo = (
        b'--b\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n' + SMALL
    )
    nested = b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c--\r\n--b--\r\n"
    for body in (b"", b"--b--", head, head + b"--b\r\n", head + photo, head + nested, head * 40):
        status, page = await posts(
            phone, f"/r/{code}", body, **{"Content-Type": "multipart/form-data; boundary=b"}
        )
        assert status in (200, 400), body
        assert status == 400 or phone.at.startswith("/p/")
        assert body.startswith(b"--b--") or not body or "灯不亮" in page or status == 200
    status, _ = await posts(phone, f"/r/{code}", head, **{"Content-Type": "multipart/form-data"})
    assert status == 400
    many = aiohttp.FormData({"words": "灯" * 20_000, "x": "y"})
    many.add_field("photos", SMALL, filename="a.jpg")
    status, page = await posts(phone, f"/r/{code}", many)
    assert (status, Refused.TOO_BIG in page) == (413, True)
    assert files(tmp_path) == []


async def test_nothing_is_read_where_there_is_nothing_to_report(kiosk: Kiosk) -> None:
    phone, code = kiosk.person(), await kiosk.code()
    await kiosk.store.write(lambda tx: tx.report_codes.revoke(code, kiosk.now))
    assert (await sends(phone, f"/r/{code}", [SMALL], words=LAMP))[0] == 410
    assert (await sends(phone, "/r/nothing", [SMALL], words=LAMP))[0] == 404
    assert (await sends(phone, "/p/nothing/add", [SMALL], words=LAMP))[0] == 404


async def test_sent_twice_it_has_its_photos_once(kiosk: Kiosk, tmp_path: Path) -> None:
    phone, code = kiosk.person(), await kiosk.code()
    filled = {"words": LAMP, "place": "", "once": "x" * 22}
    await sends(phone, f"/r/{code}", [SMALL, SMALL], **filled)
    there = phone.at
    await sends(phone, f"/r/{code}", [SMALL, SMALL], **filled)
    assert phone.at == there
    assert len(files(tmp_path)) == 2


async def test_too_many_photos_are_asked_to_wait(
    store: Store, reader: Reader, tmp_path: Path
) -> None:
    from bot.web.room.limits import Pace

    quick = Pace(1000, 0.01)
    limits = ReportLimits(quick, quick, quick, photo=Pace(3, 60.0), photo_there=Pace(5, 600.0))
    async with opened(store, reader, tmp_path, limits) as kiosk:
        phone, code = kiosk.person(), await kiosk.code()
        await sends(phone, f"/r/{code}", [SMALL] * 2, words="第一盏灯不亮", place="")
        status, page = await sends(phone, f"/r/{code}", [SMALL] * 2, words="第二盏灯不亮", place="")
        assert (status, "一下子报得太多" in page, "第二盏灯不亮" in page) == (429, True, True)
        assert "请重新选" in page
        assert len(files(tmp_path)) == 2
        assert (await sends(phone, f"/r/{code}", [], words="第二盏灯不亮", place=""))[0] == 200
        kiosk.now += timedelta(minutes=5)
        status, _ = await sends(phone, f"/r/{code}", [SMALL] * 3, words="第三盏灯不亮", place="")
        assert status == 429, "the code has had enough, whoever asks"


async def test_a_photo_may_be_added_later(kiosk: Kiosk, tmp_path: Path) -> None:
    phone = kiosk.person()
    case = await reported(kiosk, phone, [SMALL])
    there = phone.at
    page = await phone.again()
    assert 'enctype="multipart/form-data"' in page
    status, page = await sends(
        phone, f"{there}/add", [b"nothing"], words="还是不亮<", once="y" * 22
    )
    assert (status, Refused.PHOTO_UNREADABLE in page, "还是不亮&lt;" in page) == (400, True, True)
    for _ in range(2):
        await sends(phone, f"{there}/add", [SMALL, SMALL], words="还是不亮", once="y" * 22)
    assert phone.at == there
    page = await phone.again()
    assert "附照片 3 张" in page
    assert len(await photos_of(kiosk, case)) == len(files(tmp_path)) == 3
    lines = await kiosk.store.read(lambda tx: tx.cases.lines(case.id))
    assert {line.role for line in lines} == {LineRole.OPENED, LineRole.SUPPLEMENT}


# From the group


async def test_from_the_group_a_case_has_what_was_said_with_it(
    kiosk: Kiosk, tmp_path: Path
) -> None:
    await says(kiosk, WANG, "", (50, 40))
    kiosk.now += timedelta(seconds=5)
    await says(kiosk, WANG, "3栋2单元楼道灯不亮了", (80, 40))
    (case,) = await kiosk.cases()
    kiosk.now += timedelta(seconds=5)
    added = await says(kiosk, WANG, "", (90, 40), (100, 40))
    kiosk.now += timedelta(hours=1)
    await says(kiosk, CHEN, f"{case.id} 换了新灯泡，已修好", (110, 40))
    (case,) = await kiosk.cases()
    assert case.state is State.TO_RATE
    assert {p.width for p in await photos_of(kiosk, case)} == {50, 80, 90, 100, 110}
    chen = await kiosk.sits("chen")
    _, page = await chen.get(f"/desk/case/{case.id}")
    assert page.count('/small"') == 5
    assert "：小陈，回话" in page
    await kiosk.room.withdraw(WANG, "DEMO-1", added)
    assert len(files(tmp_path)) == 3
    assert {p.width for p in await photos_of(kiosk, case)} == {50, 80, 110}
    await kiosk.settle()
    _, page = await chen.get(f"/desk/case/{case.id}")
    assert page.count('/small"') == 3


async def test_the_room_forgets_and_the_case_remembers(kiosk: Kiosk, tmp_path: Path) -> None:
    await says(kiosk, WANG, "中午吃什么呀", (70, 40))
    await says(kiosk, WANG, "3栋2单元楼道灯不亮了", (80, 40))
    (case,) = await kiosk.cases()
    now = kiosk.now
    room: WebRoom = kiosk.room
    kiosk.now = now + timedelta(days=8)
    await sweep(kiosk.store, room, kiosk.now)
    assert len(files(tmp_path)) == 2, "the room's history still shows what no case took up"
    kiosk.now = now + KEPT - timedelta(days=1)
    lines = await kiosk.store.read(lambda tx: tx.cases.lines(case.id))
    quoted = Saying("DEMO-1", "client-quoting", "#报事", lines[-1].message)
    await kiosk.room.say(Member("web:demo-li", "李叔"), quoted)
    await kiosk.settle()
    kiosk.now = now + KEPT + timedelta(seconds=1)
    await sweep(kiosk.store, room, kiosk.now)
    held = await photos_of(kiosk, case)
    assert files(tmp_path) == sorted(photo.name for photo in held)
    kiosk.now = now + KEPT * 2
    await sweep(kiosk.store, room, kiosk.now)
    assert files(tmp_path) == []


async def test_the_reporter_sees_the_photos_of_the_work_and_nobody_else(kiosk: Kiosk) -> None:
    phone, other = kiosk.person(), kiosk.person()
    case = await reported(kiosk, phone, [SMALL])
    (own,) = await photos_of(kiosk, case)
    kiosk.now += timedelta(hours=1)
    await says(kiosk, CHEN, f"{case.id} 换了新灯泡，已修好", (110, 40), (120, 40))
    page = await phone.again()
    assert "附照片 1 张" in page
    assert "小陈" not in page
    shown = re.findall(r'<a href="([^"]+/photo/[^"]+)"><img src="\1/small"', page)
    assert len(shown) == 2
    for there in (shown[0], f"{shown[0]}/small"):
        async with phone.session.get(kiosk.url + there) as got:
            assert (got.status, got.headers["Content-Type"]) == (200, "image/jpeg")
            assert got.headers["Cache-Control"] == "no-store"
            assert not dict(Image.open(io.BytesIO(await got.read())).getexif())
    name = shown[0].rpartition("/")[2]
    wrong = (
        shown[0].replace(phone.at, "/p/nothing"),
        shown[0].replace(name, own.name),
        shown[0][:-5],
        f"{shown[0]}%00",
    )
    for there in wrong:
        async with other.session.get(kiosk.url + there) as got:
            assert got.status == 404, there


@pytest.mark.parametrize(("secret", "shown"), [(False, "办理的人拍的照片"), (True, "")])
async def test_who_told_the_same_later_sees_what_the_words_allow(
    kiosk: Kiosk, secret: bool, shown: str
) -> None:
    """A case that somebody else told on a form: its words are for that one, and so are its photos."""
    phone = kiosk.person()
    case = await reported(kiosk, phone, [])
    await says(kiosk, CHEN, f"{case.id} 换了新灯泡，已修好", (110, 40))
    (made,) = await photos_of(kiosk, case)
    now = (await kiosk.cases())[0]
    theirs = replace(now, reporter="qr:somebody") if secret else now
    changes = Changes(cases={case.id: theirs}, versions={case.id: now.version})
    await kiosk.store.write(lambda tx: tx.desk.save(changes, [], kiosk.now))
    page = await phone.again()
    assert shown in page
    assert ("办理的人附了照片 1 张" in page, made.name in page) == (secret, not secret)
    async with phone.session.get(f"{kiosk.url}{phone.at}/photo/{made.name}") as got:
        assert got.status == (404 if secret else 200)


async def test_what_is_sent_with_done_at_the_desk_reaches_the_reporter(kiosk: Kiosk) -> None:
    phone, chen = kiosk.person(), await kiosk.sits("chen")
    case = await reported(kiosk, phone, [])
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("version", str(case.version))
    form.add_field("words", "换了新灯泡，已经亮了")
    form.add_field("photo", SMALL, filename="a.jpg", content_type="image/jpeg")
    status, _ = await posts(chen, f"/desk/case/{case.id}/finish", form)
    assert status == 200
    page = await phone.again()
    assert "办理的人拍的照片" in page
    assert "小陈" not in page
