"""What strangers may write in a line of JSON."""

from __future__ import annotations

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.cli.errors import UserError
from bot.json_lines import dumps, loads, whole
from bot.transcript import read_transcripts

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize("value", [2**70, "\ud83d", {"a": [1, None, True]}, "停电了"])
def test_lawful_json_is_taken_and_given_back(value: object) -> None:
    line = json.dumps(value).encode()
    assert loads(line) == value
    assert json.loads(dumps(value)) == value


@pytest.mark.parametrize("line", [b"{", b"\xff", b"[" * 100_000, b"NaN1"])
def test_what_is_no_json_is_said_so(line: bytes) -> None:
    with pytest.raises(ValueError, match="is not JSON"):
        loads(line)


def test_half_pairs_become_the_sign_for_what_is_missing() -> None:
    assert whole("灯\ud83d坏") == "灯\ufffd坏"


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00", "9999-12-31T23:59:59"])
def test_a_time_that_cannot_be_reckoned_with_is_named(tmp_path: Path, at: str) -> None:
    file = tmp_path / "t.jsonl"
    file.write_text(json.dumps({"group": "g", "id": 1, "at": at, "text": "x"}))
    with pytest.raises(UserError, match=r"t\.jsonl line 1: .*year"):
        read_transcripts([file], ZONE)
