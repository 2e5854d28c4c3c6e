"""How well the intake hears recorded group chats: `python bench/transcripts_bench.py [FILE…]`.

Reads transcripts with gold keys (`gold_kind`, `gold_cases`, `gold_item`, `gold_emergency`), runs
`huying replay` on each, and prints precision and recall of what opened a case, of the lines that belong
together, the share of right items, and the posts per case.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TRANSCRIPTS = Path(__file__).resolve().parent.parent / "tests" / "transcripts"
ASKING = frozenset({"request", "wish", "emergency"})


@dataclass
class Tally:
    """Counts over one or more transcripts."""

    hit: Counter[str] = field(default_factory=Counter)
    mistakes: list[str] = field(default_factory=list)

    def rate(self, right: str, *of: str) -> float:
        whole = sum(self.hit[name] for name in (right, *of))
        return self.hit[right] / whole if whole else 1.0

    def text(self) -> str:
        hit = self.hit
        pairs = f"{self.rate('pair', 'pair_wrong'):.2f}/{self.rate('pair', 'pair_missed'):.2f}"
        gate = f"{self.rate('asks', 'asks_wrong'):.2f}/{self.rate('asks', 'asks_missed'):.2f}"
        return (
            f"opens P/R {gate}  pairs P/R {pairs}  item {self.rate('item', 'item_wrong'):.2f}"
            f"  kinds {self.rate('kind', 'kind_wrong'):.2f}  cases {hit['cases']}"
            f"  posts to groups a case {hit['group_posts'] / max(1, hit['cases']):.2f}"
        )


def replay(file: Path) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "bot", "replay", str(file)]
    done = subprocess.run(command, capture_output=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def score(file: Path, tally: Tally) -> None:
    """Add one transcript to the tally."""
    gold = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]
    found = replay(file)
    seen: set[str] = set()
    for want, got in zip(gold, found, strict=True):
        _kind(want, got, tally)
        _opening(want, got, tally, seen)
        tally.hit["group_posts"] += sum(post["to"] == "group" for post in got["posts"])
    _pairs(gold, found, tally)
    tally.hit["cases"] += len({c["case"] for line in found for c in line["cases"]})


def _kind(want: dict[str, Any], got: dict[str, Any], tally: Tally) -> None:
    right = want["gold_kind"] == got["kind"]
    tally.hit["kind" if right else "kind_wrong"] += 1
    if not right:
        tally.mistakes.append(f"{want['gold_kind']:>13} → {got['kind']:<13} {want['text']}")


def _opening(want: dict[str, Any], got: dict[str, Any], tally: Tally, seen: set[str]) -> None:
    """Whether a line that names a new trouble opened a case, and as which item."""
    fresh = [label for label in want["gold_cases"] if label not in seen]
    names = want["gold_kind"] in ASKING or got["emergency"] is not None
    if want["gold_kind"] != "supplement":
        seen.update(want["gold_cases"])
    opened = [case for case in got["cases"] if case["opened"]]
    if names and fresh:
        tally.hit["asks" if got["cases"] else "asks_missed"] += 1
        if got["cases"] and want.get("gold_item"):
            wanted = want["gold_item"]
            wanted = wanted if isinstance(wanted, list) else [wanted]
            right = any(case["item"] in wanted for case in got["cases"])
            tally.hit["item" if right else "item_wrong"] += 1
    elif opened and not want["gold_cases"]:
        tally.hit["asks_wrong"] += 1


def _pairs(gold: list[dict[str, Any]], found: list[dict[str, Any]], tally: Tally) -> None:
    """Pairs of lines that belong to one case, as meant and as found."""
    meant: defaultdict[str, set[int]] = defaultdict(set)
    made: defaultdict[str, set[int]] = defaultdict(set)
    for index, (want, got) in enumerate(zip(gold, found, strict=True)):
        for label in want["gold_cases"]:
            meant[label].add(index)
        for case in got["cases"]:
            made[case["case"]].add(index)
    wanted = {pair for lines in meant.values() for pair in itertools.combinations(sorted(lines), 2)}
    got_pairs = {
        pair for lines in made.values() for pair in itertools.combinations(sorted(lines), 2)
    }
    tally.hit["pair"] += len(wanted & got_pairs)
    tally.hit["pair_missed"] += len(wanted - got_pairs)
    tally.hit["pair_wrong"] += len(got_pairs - wanted)


def main(files: list[Path]) -> None:
    whole = Tally()
    for file in files or sorted(TRANSCRIPTS.glob("*.jsonl")):
        one = Tally()
        score(file, one)
        whole.hit.update(one.hit)
        print(f"{file.stem:<14} {one.text()}")
        for mistake in one.mistakes:
            print(f"    {mistake}")
    print(f"{'all':<14} {whole.text()}")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
