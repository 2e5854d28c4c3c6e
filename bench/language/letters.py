"""Real letters of citizens: how well the same training reads another corpus with other labels."""

from __future__ import annotations

import tempfile
from pathlib import Path

from language.common import WORDS, Data, heading, missing, seconds, tell
from nlp.corpus import Row
from nlp.evaluate import evaluate_labels
from nlp.reader import Reader
from nlp.train import train_model

WANTED = {"long": 0.915, "short": 0.865}


def rows_of(data: Data, split: str, short: bool) -> list[Row]:
    """Letters of one split: the subject alone, or subject and text."""
    mine = [row for row in data.letters if row["split"] == split and (row["topic"] or not short)]
    whole = "{topic}。{text}"
    return [
        Row(r["label"], r["topic"] if short else whole.format(**r), persona=r["id"]) for r in mine
    ]


def measure(data: Data) -> None:
    heading("civic letters, learned from `train`, measured on `dev`")
    if not data.letters:
        missing("civic letters")
        return
    with tempfile.TemporaryDirectory() as folder:
        rows = rows_of(data, "train", short=False)
        took = seconds(lambda: train_model(rows, Path(folder), None, WORDS))
        reader = Reader.load(Path(folder), data.taxonomy)
        for name, wanted in WANTED.items():
            report = evaluate_labels(reader, rows_of(data, "dev", short=name == "short"))
            figure = report.figures["label_f1"]
            tell(f"macro-F1, {name}", str(figure), f"≥ {wanted}", figure.value >= wanted)
        tell("training", f"{took:.0f} s for {len(rows)} letters")
