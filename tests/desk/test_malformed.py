"""Forms that are none: 400 with a sentence at every door, never a traceback."""

from __future__ import annotations

import io
import logging

import pytest
from office import Office
from test_gates import all_routes

from bot.web.desk.words import Refused

TRUNCATED = b'--x\r\nContent-Disposition: form-data; name="choice"\r\n\r\nSZ0'
NESTED = (
    b'--x\r\nContent-Disposition: form-data; name="a"\r\n'
    b"Content-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\nb\r\n--y--\r\n--x--\r\n"
)
BAD_TRANSFER = (
    b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: odd\r\n\r\n'
    b"b\r\n--x--\r\n"
)
PLAIN, MULTI = "application/x-www-form-urlencoded", "multipart/form-data"
BROKEN = {
    "no boundary": (MULTI, b"--x--"),
    "cut off": (f"{MULTI}; boundary=x", TRUNCATED),
    "a form within a form": (f"{MULTI}; boundary=x", NESTED),
    "unknown transfer": (f"{MULTI}; boundary=x", BAD_TRANSFER),
    "bad UTF-8": (PLAIN, b"choice=\xff\xfe"),
    "unknown charset": (f"{PLAIN}; charset=klingon", b"choice=SZ03"),
}


@pytest.mark.parametrize("what", BROKEN)
async def test_a_form_that_is_none_gets_a_sentence(
    office: Office, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    case = await office.case()
    kind, body = BROKEN[what]
    sun, stranger = await office.sits("sun"), office.person()
    headers = {"Content-Type": kind, "Origin": office.url}
    paths = [
        f"/desk/case/{case.id}/set",
        f"/desk/case/{case.id}/merge",
        "/desk/cases",
        "/desk/demo",
    ]
    with caplog.at_level(logging.ERROR):
        for visitor in (sun, stranger):
            for path in [*paths, "/desk/sign-in"]:
                async with visitor.session.post(
                    office.url + path, data=body, headers=headers
                ) as got:
                    text = await got.text()
                    assert got.status in (400, 401, 404, 405), (path, got.status)
                    assert got.status != 400 or Refused.MALFORMED in text
    assert caplog.records == []


async def test_every_door_takes_a_broken_form(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    case = await office.case()
    blanks = {"id": case.id, "case": case.id, "grid": "DEMO-1", "scope": "DEMO-1", "token": "t"}
    kind, body = BROKEN["cut off"]
    headers = {"Content-Type": kind, "Origin": office.url}
    posts = [route.path for route in all_routes(office) if route.method == "POST"]
    with caplog.at_level(logging.ERROR):
        for name in ("sun", "admin", "street", "auditor", "chen"):
            for path in posts:
                if "sign-out" in path:
                    continue
                visitor = await office.sits(name)
                filled = path.format_map(Blanks(blanks))
                async with visitor.session.post(
                    office.url + filled, data=body, headers=headers
                ) as got:
                    assert got.status < 500, (name, path)
    assert caplog.records == []


class Blanks(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "1"


async def test_too_much_is_a_page(office: Office) -> None:
    sun = await office.sits("sun")
    case = await office.case()
    headers = {"Content-Type": PLAIN, "Origin": office.url}
    async with sun.session.post(
        f"{office.url}/desk/case/{case.id}/report",
        data=io.BytesIO(b"words=" + b"a" * 1_500_000),
        headers=headers,
    ) as got:
        assert got.status == 413
        page = await got.text()
    assert Refused.TOO_LARGE in page
    assert "<html" in page
