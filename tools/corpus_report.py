"""What the training lines are like: `python tools/corpus_report.py [FOLDER]`."""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

from intake.taxonomy import Taxonomy
from nlp.corpus_folder import read_folder
from nlp.corpus_quality import measure_corpus, overlapping

DATA = Path(__file__).resolve().parent.parent / "training_data"


def main(folder: Path) -> None:
    raw = yaml.safe_load((DATA / "taxonomy.yaml").read_text(encoding="utf-8"))
    taxonomy = Taxonomy.from_mapping(raw)
    rows = read_folder(folder, taxonomy)
    quality = measure_corpus(rows, taxonomy)
    print(quality.text())
    for code, one, other in quality.near_duplicates:
        print(f"  {code}: {one} / {other}")
    print("\nhard pairs: lines of each side, and how many use the other's keywords")
    for first, second, rule in taxonomy.hard_pairs:
        there = [sum(row.label == code for row in rows) for code in (first, second)]
        border = [overlapping(rows, *pair, taxonomy) for pair in ((first, second), (second, first))]
        print(f"  {first:4} {second:4} {there} {border}  {rule}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA / "corpus")
