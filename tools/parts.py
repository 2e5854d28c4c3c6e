"""A pytest plugin: which part of the suite each test belongs to, and what became of each part.

Loaded by `tools/run_tests.py` with `-p tools.parts`; it changes nothing about the tests.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest


def part_of(nodeid: str, marks: set[str]) -> str:
    """`tests/storage/…[sqlite]` → "storage (sqlite)"; a browser test is one wherever it stands."""
    if "browser" in marks:
        return "browser"
    pieces = nodeid.split("::")[0].split("/")
    folder = pieces[1] if len(pieces) > 2 else "tests"
    if folder != "storage":
        return f"{folder} (postgresql)" if "postgres" in marks else folder
    if "postgres" in marks:
        return "storage (postgresql)"
    inside = nodeid.partition("[")[2]
    for database in ("memory", "sqlite"):
        if database in inside:
            return f"storage ({database})"
    return "storage"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--parts-report", type=Path, help="Where to write what became of each part.")


def pytest_configure(config: pytest.Config) -> None:
    target = config.getoption("--parts-report")
    if target is not None and not hasattr(config, "workerinput"):  # one of several only tests
        config.pluginmanager.register(Counter(target), "huying-parts")


class Counter:
    """Counts by part, and writes them down when the run ends."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.parts: dict[str, dict[str, Any]] = defaultdict(
            lambda: {"passed": 0, "failed": 0, "skipped": 0, "seconds": 0.0, "reasons": []}
        )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        part = self.parts[part_of(report.nodeid, set(report.keywords))]
        part["seconds"] += report.duration
        if report.failed:
            part["failed"] += 1
        elif report.skipped:
            part["skipped"] += 1
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else "skipped"
            part["reasons"].append(str(reason).removeprefix("Skipped: ")[:120])
        elif report.when == "call":
            part["passed"] += 1

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.parts[part_of(report.nodeid, set())]["failed"] += 1

    def pytest_sessionfinish(self) -> None:
        self.target.write_text(json.dumps(self.parts, ensure_ascii=False), encoding="utf-8")
