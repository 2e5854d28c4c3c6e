"""The runner of the suite: nothing passes by being left out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

import needs
import parts
import run_tests

PARTS_OF = [
    ("tests/unit/test_x.py::test_y", set(), "unit"),
    ("tests/storage/test_x.py::test_y[memory]", set(), "storage (memory)"),
    ("tests/storage/test_x.py::test_y[sqlite-3]", set(), "storage (sqlite)"),
    ("tests/storage/test_x.py::test_y[postgresql]", {"postgres"}, "storage (postgresql)"),
    ("tests/storage/test_x.py::test_alone", {"postgres"}, "storage (postgresql)"),
    ("tests/storage/test_x.py::test_pure", set(), "storage"),
    ("tests/web/test_x.py::test_y[postgresql]", {"postgres"}, "web (postgresql)"),
    ("tests/web/test_x.py::test_y[chromium]", {"browser"}, "browser"),
    ("tests/test_x.py::test_y", set(), "tests"),
]


@pytest.mark.parametrize(("nodeid", "marks", "part"), PARTS_OF)
def test_which_part_a_test_belongs_to(nodeid: str, marks: set[str], part: str) -> None:
    assert parts.part_of(nodeid, marks) == part


def counted(**found: Any) -> dict[str, Any]:
    return {"passed": 3, "failed": 0, "skipped": 0, "seconds": 1.0, "reasons": []} | found


ACCOUNTS = [
    ("unit", counted(), (), "passed"),
    ("unit", counted(failed=1), (), "failed"),
    ("unit", counted(skipped=1, reasons=["no font"]), (), "missing"),
    ("unit", None, (), "missing"),
    ("browser", None, (), "missing"),
    ("browser", None, ("browser",), "left out"),
    ("browser", None, ("postgres",), "missing"),
    ("storage (postgresql)", None, ("postgres",), "left out"),
    ("storage (sqlite)", None, ("postgres",), "missing"),
]


@pytest.mark.parametrize(("part", "found", "without", "state"), ACCOUNTS)
def test_every_part_is_accounted_for(
    part: str, found: dict[str, Any] | None, without: tuple[str, ...], state: str
) -> None:
    assert run_tests.account(part, found, frozenset(without)).state == state


@pytest.mark.parametrize(
    ("states", "code"),
    [
        (("passed",), 0),
        (("passed", "left out"), 0),
        (("passed", "missing"), 1),
        (("failed", "passed"), 1),
    ],
)
def test_what_is_missing_fails_and_is_named(
    states: tuple[str, ...], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    results = [run_tests.Result(f"part {state}", state, "note") for state in states]
    assert run_tests.summary(results, 1.0) == code
    said = capsys.readouterr().out
    assert all(f"part {state}" in said for state in states)


def test_only_what_is_optional_may_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUYING_TEST_WITHOUT", "browser,postgres")
    assert run_tests.left_out() == (frozenset({"browser", "postgres"}), "")
    monkeypatch.setenv("HUYING_TEST_WITHOUT", "unit")
    assert "it may name browser, postgres" in run_tests.left_out()[1]


def test_without_rights_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "can_install", lambda: False)
    monkeypatch.setattr(needs, "find_browser", lambda: None)
    monkeypatch.setattr(needs, "has_chinese_font", lambda: True)
    said = needs.browser_ready()
    assert said.startswith("Chromium: not found")
    assert "apt-get install chromium" in said
    assert "HUYING_TEST_WITHOUT=browser" in said
