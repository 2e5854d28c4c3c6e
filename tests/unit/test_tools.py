"""The runner of the suite: nothing passes by being left out."""

from __future__ import annotations

import json
import os
import subprocess
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


@pytest.mark.parametrize(("said", "beside"), [("1", 1), ("3", 3), ("64", 64)])
def test_how_many_test_side_by_side(
    monkeypatch: pytest.MonkeyPatch, said: str, beside: int
) -> None:
    monkeypatch.setenv("HUYING_TEST_PROCESSES", said)
    assert run_tests.processes() == (beside, "")


def test_without_a_word_there_is_one_process_a_core_and_four_at_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for cores, beside in ((None, 1), (1, 1), (2, 2), (64, 4)):
        monkeypatch.setattr("os.cpu_count", lambda cores=cores: cores)
        assert run_tests.processes() == (beside, "")


@pytest.mark.parametrize("said", ["0", "-2", "two", "1.5", "²"])
def test_what_is_no_number_of_processes_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], said: str
) -> None:
    monkeypatch.setenv("HUYING_TEST_PROCESSES", said)
    assert run_tests.main(["quick"]) == 2
    assert f"HUYING_TEST_PROCESSES is {said!r}; write a whole number" in capsys.readouterr().err


def test_several_processes_make_one_account(tmp_path: Path) -> None:
    """Two files in two processes: all is counted once, what failed in one of them too."""
    (tmp_path / "tests" / "unit").mkdir(parents=True)
    for name, end in (("good", "True"), ("bad", "False")):
        text = f"def test_{name}(): assert {end}\ndef test_{name}_too(): pass\n"
        (tmp_path / "tests" / "unit" / f"test_{name}.py").write_text(text, encoding="utf-8")
    command = [
        *(sys.executable, "-m", "pytest", "tests", "-p", "parts", "--parts-report=parts.json"),
        *("--numprocesses=2", "--dist=loadfile", f"--rootdir={tmp_path}"),
    ]
    environment = os.environ | {"PYTHONPATH": str(Path(parts.__file__).parent)}
    subprocess.run(command, cwd=tmp_path, env=environment, check=False, capture_output=True)
    found = json.loads((tmp_path / "parts.json").read_text(encoding="utf-8"))
    assert {part: (one["passed"], one["failed"]) for part, one in found.items()} == {"unit": (3, 1)}
