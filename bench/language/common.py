"""What every part of the bench needs: the data, the clock, and one way to print a figure."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from intake.taxonomy import Taxonomy
from nlp.corpus import Row
from nlp.corpus_folder import read_folder
from nlp.holdout import Holdout, read_holdout

ROOT = Path(__file__).resolve().parents[2]
TRAINING = ROOT / "training_data"
WORDS = TRAINING / "dictionaries" / "words.txt"


@dataclass(frozen=True)
class Data:
    """Where the data lies; read when it is first asked for. `shared` may be missing."""

    corpus: Path
    holdout_folder: Path
    shared: Path

    @cached_property
    def taxonomy(self) -> Taxonomy:
        raw = yaml.safe_load((TRAINING / "taxonomy.yaml").read_text(encoding="utf-8"))
        return Taxonomy.from_mapping(raw)

    @cached_property
    def rows(self) -> list[Row]:
        return read_folder(self.corpus, self.taxonomy)

    @cached_property
    def requests(self) -> list[Row]:
        """The training lines that carry an item."""
        return [row for row in self.rows if row.label in self.taxonomy.items]

    @cached_property
    def holdout(self) -> Holdout:
        return read_holdout(self.holdout_folder, self.taxonomy)

    @cached_property
    def chatter(self) -> list[str]:
        return [row["text"] for row in self._shared("chatter.jsonl.gz")]

    @cached_property
    def letters(self) -> list[dict[str, Any]]:
        return self._shared("civic_letters_7class.jsonl.gz")

    def _shared(self, name: str) -> list[dict[str, Any]]:
        path = self.shared / name
        if not path.is_file():
            return []
        with gzip.open(path, "rt", encoding="utf-8") as file:
            return [json.loads(line) for line in file]


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def busy_seconds(work: Callable[[], object]) -> float:
    """Seconds of this process at work: what else runs on the machine does not count."""
    began = time.process_time()
    work()
    return time.process_time() - began


def heading(words: str) -> None:
    print(f"\n── {words}", flush=True)


def tell(name: str, said: str, wanted: str = "", reached: bool | None = None) -> None:
    """One line: what, how much, what was wanted, and whether it is so."""
    mark = "" if reached is None else "✓" if reached else "✗"
    print(f"{name:46} {said:34} {wanted:16} {mark}".rstrip(), flush=True)


def missing(name: str) -> None:
    tell(name, "no data here")
