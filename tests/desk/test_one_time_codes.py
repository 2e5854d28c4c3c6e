"""Two-step codes as RFC 6238 has them."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from bot.web.desk.one_time_codes import counter_of, new_secret, picture, spelt

SECRET = base64.b32encode(b"12345678901234567890").decode()
VECTORS = {  # RFC 6238, appendix B (SHA1), the last six of eight digits
    59: "287082",
    1111111109: "081804",
    1111111111: "050471",
    1234567890: "005924",
    2000000000: "279037",
    20000000000: "353130",
}


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize(("seconds", "code"), VECTORS.items())
def test_the_vectors_of_the_standard(seconds: int, code: str) -> None:
    counter = seconds // 30
    assert counter_of(SECRET, code, at(seconds)) == counter
    assert counter_of(SECRET, code, at(seconds + 30)) == counter, "half a minute late"
    assert counter_of(SECRET, code, at(seconds - 29)) == counter, "half a minute early"
    assert counter_of(SECRET, code, at(seconds + 60)) is None
    assert counter_of(new_secret(), code, at(seconds)) is None


@pytest.mark.parametrize("code", ["", "28708", "2870820", "28708x", "94287082", "-28708"])
def test_what_is_no_code(code: str) -> None:
    assert counter_of(SECRET, code, at(59)) is None


def test_a_code_as_people_type_it() -> None:
    for code in (" 287 082 ", "２８７０８２", "287　082"):
        assert counter_of(SECRET, code, at(59)) == 1


def test_the_picture_is_ours_alone() -> None:
    drawn = picture(SECRET, '小陈"><script>').decode()
    assert drawn.startswith("<svg")
    assert "script" not in drawn
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")


def test_secrets_are_new_and_long() -> None:
    assert len({new_secret() for _ in range(50)}) == 50
    assert len(base64.b32decode(new_secret())) >= 20
    assert spelt("ABCDEFGHIJ") == "ABCD EFGH IJ"
