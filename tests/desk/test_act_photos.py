"""Photos with 进展 and 办好了: how it looks now."""

from __future__ import annotations

import io
import re

import aiohttp
import pytest
from office import Office, Visitor
from photo_files import bomb_png, jpeg
from PIL import Image

from bot.web.desk.words_photos import MOST_PHOTOS, PhotoWrong
from intake.cases import Case
from intake.lifecycle import State

GOOD = jpeg((900, 600))
DONE = "换了新灯泡，已经亮了"


async def send(
    who: Visitor, case: Case, act: str, words: str, *photos: bytes, **fields: str
) -> tuple[int, str]:
    now = await who.office.store.read(lambda tx: tx.cases.get(case.id))
    assert now is not None
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value in ({"version": str(now.version), "words": words} | fields).items():
        form.add_field(name, value)
    for one in photos:
        form.add_field("photo", io.BytesIO(one), filename="a.jpg", content_type="image/jpeg")
    form.add_field("photo", b"", filename="", content_type="application/octet-stream")
    url = f"{who.office.url}/desk/case/{case.id}/{act}"
    async with who.session.post(url, data=form, headers={"Origin": who.office.url}) as got:
        return got.status, await got.text()


def shown(page: str) -> list[str]:
    return re.findall(r'<a href="([^"]+/photo/[^"]+)"><img', page)


def files(office: Office) -> int:
    assert office.photos is not None
    return len(list(office.photos._folder.glob("*.jpg")))


@pytest.mark.parametrize(("act", "words"), [("finish", DONE), ("report", "灯杆换好了，等通电")])
async def test_a_photo_comes_with_it_and_stands_on_the_page(
    office: Office, act: str, words: str
) -> None:
    chen, case = await office.sits("chen"), await office.case()
    _, page = await chen.get(f"/desk/case/{case.id}")
    assert page.count('enctype="multipart/form-data"') == 2
    status, page = await send(chen, case, act, words, GOOD, jpeg((300, 200)))
    assert status == 200
    (first, second) = shown(page)
    assert "第 1 张照片，共 2 张：小陈，回话" in page
    assert page.count(words) >= 1
    assert "没有取到这里来" not in page
    async with chen.session.get(office.url + first) as got:
        assert got.status == 200
        with Image.open(io.BytesIO(await got.read())) as image:
            assert image.size == (900, 600)
            assert not dict(image.getexif()), "no place, no telephone, no name"
    assert first != second
    wu = await office.sits("auditor")
    async with wu.session.get(office.url + first) as got:
        assert got.status == 403


async def test_who_found_it_and_put_it_right_stands_there_as_who_works(office: Office) -> None:
    chen, case = await office.sits("chen"), await office.case(reporter="web:demo-chen")
    _, page = await send(chen, case, "finish", DONE, GOOD)
    assert "第 1 张照片，共 1 张：小陈，回话" in page


async def test_without_a_photo_it_is_as_before(office: Office) -> None:
    chen, case = await office.sits("chen"), await office.case()
    status, page = await send(chen, case, "finish", DONE)
    assert (status, shown(page), files(office)) == (200, [], 0)


@pytest.mark.parametrize(
    ("photos", "sentence"),
    [
        ([b"<svg onload=alert(1)>"], PhotoWrong.UNREADABLE),
        ([bomb_png(60_000, 60_000)], PhotoWrong.UNREADABLE),
        ([GOOD[:200]], PhotoWrong.UNREADABLE),
        ([b"\xff\xd8" + b"0" * (12 * 1024 * 1024)], PhotoWrong.TOO_BIG),
        ([GOOD] * (MOST_PHOTOS + 1), PhotoWrong.TOO_MANY),
    ],
    ids=["svg", "bomb", "cut off", "big", "many"],
)
async def test_what_is_no_photo_is_said_and_the_words_stay(
    office: Office, photos: list[bytes], sentence: str
) -> None:
    chen, case = await office.sits("chen"), await office.case()
    status, page = await send(chen, case, "finish", DONE, *photos)
    assert (status, sentence in page, f"{DONE}</textarea>" in page) == (400, True, True)
    now = await office.store.read(lambda tx: tx.cases.get(case.id))
    assert now is not None
    assert now.state is State.DISPATCHED


async def test_photos_stay_with_the_form_that_comes_back(office: Office) -> None:
    chen, case = await office.sits("chen"), await office.case()
    status, page = await send(chen, case, "finish", "已转相关部门", GOOD)
    assert (status, "空话不能算数" in page, "已收下 1 张照片" in page) == (400, True, True)
    (kept,) = re.findall(r'name="kept" value="([^"]+)"', page)
    status, page = await send(chen, case, "finish", DONE, kept=kept)
    assert (status, len(shown(page))) == (200, 1)


async def test_an_act_that_takes_none_keeps_none(office: Office) -> None:
    chen, case = await office.sits("chen"), await office.case()
    status, page = await send(chen, case, "send", "归环卫", GOOD, to="HW")
    assert (status, shown(page), files(office)) == (200, [], 0)


async def test_too_many_words_are_refused_with_a_sentence(office: Office) -> None:
    chen, case = await office.sits("chen"), await office.case()
    status, page = await send(chen, case, "finish", "长" * 20_000)
    assert (status, PhotoWrong.BROKEN in page) == (413, True)
    status, page = await send(chen, case, "finish", "长" * 501, GOOD)
    assert (status, "500 字以内" in page, "已收下 1 张照片" in page) == (400, True, True)
