"""Recorded chats: read wholly before anything runs; a mistake names file and line."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.cli.errors import UserError
from bot.transcript import Spoken, read_transcripts
from intake.people import Role

ZONE = ZoneInfo("Asia/Shanghai")
LINE: dict[str, Any] = {
    "group": "g1",
    "id": 1,
    "at": "2026-11-24T10:00:00",
    "sender": "u1",
    "name": "王阿姨",
    "role": "resident",
    "text": "3栋楼下路灯又不亮了",
    "reply_to": None,
    "media": [],
}


def read(tmp_path: Path, *rows: Any) -> list[Spoken]:
    path = tmp_path / "chat.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_transcripts([path], ZONE)


def test_a_whole_line(tmp_path: Path) -> None:
    (line,) = read(tmp_path, LINE)
    assert (line.group, line.id, line.grid, line.text) == ("g1", 1, "g1", LINE["text"])
    assert line.at == datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)
    assert (line.sender, line.name, line.role) == ("u1", "王阿姨", None)
    assert (line.chat, line.message, line.reply_to, line.media) == ("g1", "1", None, ())


def test_the_least_that_is_needed(tmp_path: Path) -> None:
    (line,) = read(tmp_path, {"group": 7, "id": "a", "at": "2026-11-24T10:00:00"})
    assert (line.group, line.chat, line.text, line.media) == (7, "7", "", ())
    assert line.sender


@pytest.mark.parametrize(
    ("role", "found"),
    [
        ("resident", None),
        ("mayor", None),
        (None, None),
        (5, None),
        (["property"], None),
        ("admin", None),
        ("grid_worker", Role.GRID_WORKER),
        ("volunteer", Role.VOLUNTEER),
        ("property", Role.PROPERTY),
        ("building_head", Role.BUILDING_HEAD),
    ],
)
def test_roles_unknown_ones_are_residents(tmp_path: Path, role: Any, found: Role | None) -> None:
    (line,) = read(tmp_path, LINE | {"role": role})
    assert line.role is found


@pytest.mark.parametrize(
    ("at", "hour_in_shanghai"),
    [
        ("2026-11-24T10:00:00", 10),
        ("2026-11-24 10:00", 10),
        ("2026-11-24T10:00:00+08:00", 10),
        ("2026-11-24T02:00:00Z", 10),
        ("2026-11-24T02:00:00.250+00:00", 10),
    ],
)
def test_times_without_offset_are_the_neighbourhoods(
    tmp_path: Path, at: str, hour_in_shanghai: int
) -> None:
    (line,) = read(tmp_path, LINE | {"at": at})
    assert line.at.astimezone(ZONE).hour == hour_in_shanghai


def test_unknown_media_and_further_keys_are_let_through(tmp_path: Path) -> None:
    (line,) = read(tmp_path, LINE | {"media": ["photo", "hologram"], "likes": 3})
    assert line.media == ("photo", "hologram")


def test_a_grid_key_says_where_a_group_belongs(tmp_path: Path) -> None:
    (line,) = read(tmp_path, LINE | {"grid": "DEMO-1"})
    assert (line.chat, line.grid) == ("g1", "DEMO-1")


def test_empty_lines_do_not_count(tmp_path: Path) -> None:
    assert len(read(tmp_path, "", LINE, "   ", LINE | {"id": 2})) == 2


def test_a_windows_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "chat.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(LINE).encode() + b"\r\n")
    assert len(read_transcripts([path], ZONE)) == 1


def test_a_line_separator_inside_a_text_does_not_end_the_line(tmp_path: Path) -> None:
    row = json.dumps(LINE | {"text": "一\u2028二\u0085三"}, ensure_ascii=False)
    (line,) = read(tmp_path, row)
    assert line.text == "一\u2028二\u0085三"


MISTAKES: list[tuple[Any, str]] = [
    ("{", "is not JSON"),
    ("[1, 2]", "is not a JSON object"),
    ('"text"', "is not a JSON object"),
    ({key: LINE[key] for key in LINE if key != "group"}, "'group' is missing"),
    ({key: LINE[key] for key in LINE if key != "id"}, "'id' is missing"),
    ({key: LINE[key] for key in LINE if key != "at"}, "'at' is missing"),
    (LINE | {"id": 1.5}, '"id" must be a string or an integer'),
    (LINE | {"id": True}, '"id" must be a string or an integer'),
    (LINE | {"id": None}, '"id" must be'),
    (LINE | {"group": {}}, '"group" must be'),
    (LINE | {"text": 5}, '"text" must be a string'),
    (LINE | {"media": "photo"}, '"media" must be a list'),
    (LINE | {"at": 1700000000}, '"at" must be a time'),
    (LINE | {"at": "yesterday"}, "write a time such as"),
    (LINE | {"at": "2026-02-30T10:00:00"}, "write a time such as"),
]


@pytest.mark.parametrize(("row", "words"), MISTAKES)
def test_a_mistake_names_file_and_line(tmp_path: Path, row: Any, words: str) -> None:
    with pytest.raises(UserError) as error:
        read(tmp_path, LINE | {"id": 99}, "", row)
    assert "chat.jsonl line 3: " in str(error.value)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_bytes_that_are_not_utf8_are_named(tmp_path: Path) -> None:
    path = tmp_path / "chat.jsonl"
    path.write_bytes('{"group":"g","id":1,"at":"2026-11-24","text":"路灯"}'.encode("gbk"))
    with pytest.raises(UserError, match="line 1"):
        read_transcripts([path], ZONE)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        read_transcripts([tmp_path / "none.jsonl"], ZONE)


def test_the_same_id_twice_in_a_group_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="id 1 is there twice"):
        read(tmp_path, LINE, LINE | {"id": "1"})
    assert len(read(tmp_path, LINE, LINE | {"group": "g2"})) == 2


def test_files_are_merged_by_time_and_stay_in_order_within(tmp_path: Path) -> None:
    rows = {
        "one": [("g1", 1, "10:00"), ("g1", 2, "10:02"), ("g1", 3, "10:02")],
        "two": [("g2", 1, "10:01"), ("g2", 2, "10:02")],
    }
    for name, lines in rows.items():
        text = "".join(
            json.dumps(LINE | {"group": group, "id": number, "at": f"2026-11-24T{clock}:00"}) + "\n"
            for group, number, clock in lines
        )
        (tmp_path / name).write_text(text)
    found = read_transcripts([tmp_path / "one", tmp_path / "two"], ZONE)
    assert [(line.group, line.id) for line in found] == [
        ("g1", 1),
        ("g2", 1),
        ("g1", 2),
        ("g1", 3),
        ("g2", 2),
    ]
