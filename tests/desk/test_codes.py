"""Codes: made for the grids one reaches, hung up, revoked."""

from __future__ import annotations

import re

from office import Office, Visitor

from storage.report_codes import ReportCode


async def make(visitor: Visitor, place: str, grid: str = "DEMO-1") -> ReportCode:
    status, _ = await visitor.post("/desk/codes", grid=grid, place=place)
    assert status == 200
    found = await visitor.office.store.read(lambda tx: tx.report_codes.of_grids([grid]))
    return found[0]


async def test_a_code_is_made_printed_and_revoked(office: Office) -> None:
    chen = await office.sits("chen")
    made = await make(chen, " 3栋2单元\n电梯 ")
    assert made.place == "3栋2单元 电梯"
    assert re.fullmatch("[2-9a-z]{8}", made.code)
    _, page = await chen.get("/desk/codes")
    assert "3栋2单元 电梯" in page
    assert f"/desk/codes/{made.code}/qr.svg" in page
    _, poster = await chen.get(f"/desk/codes/{made.code}")
    assert f"{office.url}/r/{made.code}" in poster
    await chen.post(f"/desk/codes/{made.code}/revoke")
    _, page = await chen.get("/desk/codes")
    assert "已停用的码（1）" in page
    assert f"/desk/codes/{made.code}/revoke" not in page


async def test_the_pictures_are_pictures(office: Office) -> None:
    chen = await office.sits("chen")
    made = await make(chen, "")
    for name, type, start in (("svg", "image/svg+xml", b"<?xml"), ("png", "image/png", b"\x89PNG")):
        url = f"{office.url}/desk/codes/{made.code}/qr.{name}"
        async with chen.session.get(url) as got:
            assert got.content_type == type
            assert (await got.read()).startswith(start)


async def test_nobody_makes_or_sees_codes_beyond_their_grids(office: Office) -> None:
    chen, wu = await office.sits("chen"), await office.sits("wu")
    made = await make(chen, "5栋")
    for path in ("", "/qr.svg", "/qr.png"):
        status, page = await wu.get(f"/desk/codes/{made.code}{path}")
        assert (status, "没有找到这个码" in page) == (404, True)
    assert (await wu.post(f"/desk/codes/{made.code}/revoke"))[0] == 404
    _, page = await wu.get("/desk/codes")
    assert "5栋" not in page
    for visitor, grid in ((wu, "DEMO-1"), (chen, "ELSEWHERE"), (chen, "")):
        status, _ = await visitor.post("/desk/codes", grid=grid, place="x")
        assert status == 400
    assert len(await office.store.read(lambda tx: tx.report_codes.of_grids(["DEMO-1"]))) == 1


async def test_a_place_that_is_too_long_or_html(office: Office) -> None:
    chen = await office.sits("chen")
    status, page = await chen.post("/desk/codes", grid="DEMO-2", place="<b>" * 14)
    assert (status, "地点最多 40 个字" in page) == (400, True)
    assert "&lt;b&gt;" * 14 in page, "what was typed is kept"
    assert 'value="DEMO-2" selected' in page
    made = await make(chen, "<img src=x>")
    for path in ("/desk/codes", f"/desk/codes/{made.code}"):
        assert "<img src=x>" not in (await chen.get(path))[1]
