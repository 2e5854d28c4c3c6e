"""How well and how fast the language part reads, all in one run so that figures can be compared.

Usage: python bench/nlp_bench.py [--writers] [--letters] [--corpus DIR] [--holdout DIR] [--data DIR]

Trains on `training_data/corpus`, measures on `training_data/holdout` and, where it is there, on
`../shared/data` (chatter; with --letters the civic letters, some minutes). --writers adds one training
a writer, each measured on the lines of the one left out. Ratios are against plain jieba and a plain
scikit-learn pipeline in the same run; "x" above 1 means quicker than theirs.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import yaml

from intake.taxonomy import Taxonomy
from nlp.corpus import Row, read_folder
from nlp.evaluate import evaluate_labels, evaluate_model
from nlp.reader import Reader
from nlp.train import fit, train_model

ROOT = Path(__file__).resolve().parent.parent
WORDS = ROOT / "training_data" / "dictionaries" / "words.txt"
BATCH = 64


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def in_batches(reader: Reader, texts: Sequence[str], size: int = BATCH) -> None:
    for start in range(0, len(texts), size):
        reader.read(texts[start : start + size])


def speed(reader: Reader, texts: list[str], folder: Path, taxonomy: Taxonomy) -> None:
    """Batch, single message, and waking up, each beside its yardstick."""
    import jieba

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    waking = seconds(lambda: jieba.Tokenizer().initialize())
    in_batches(reader, texts[:200])
    cut = min(seconds(lambda: [jieba.lcut(text) for text in texts]) for _ in range(3))
    read = min(seconds(lambda: in_batches(reader, texts)) for _ in range(3))
    print(f"jieba.lcut alone           {len(texts) / cut:9.0f} messages/s")
    print(
        f"full reading, batches {BATCH:4} {len(texts) / read:9.0f} messages/s   x {cut / read:.2f}"
    )
    ours = [seconds(lambda text=text: reader.read([text])) for text in texts[:500]]  # type: ignore[misc]
    theirs = plain_pipeline(texts)
    ratio = statistics.median(ours) / theirs
    print(
        f"one message, median        {statistics.median(ours) * 1e3:9.2f} ms, {ratio:.2f} of a pipeline"
    )
    loading = seconds(lambda: Reader.load(folder, taxonomy))
    print(f"load to first answer       {loading:9.2f} s, {loading / waking:.1f} of jieba's waking")


def plain_pipeline(texts: list[str]) -> float:
    """Median seconds of jieba + TfidfVectorizer + LogisticRegression, one text at a time."""
    import jieba
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    vectoriser = TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None)
    plain = make_pipeline(vectoriser, LogisticRegression(max_iter=50))
    plain.fit(texts[:2000], [len(text) % 5 for text in texts[:2000]])
    return statistics.median(
        seconds(lambda text=text: plain.predict([text]))  # type: ignore[misc]
        for text in texts[:300]
    )


def chatter(data: Path) -> list[str]:
    path = data / "chatter.jsonl.gz"
    if not path.is_file():
        return []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line)["text"] for line in file]


def letters(data: Path, taxonomy: Taxonomy) -> None:
    """Macro-F1 on `dev` after training on `train`, long (topic and text) and short (topic)."""
    with gzip.open(data / "civic_letters_7class.jsonl.gz", "rt", encoding="utf-8") as file:
        found = [json.loads(line) for line in file]

    def rows(split: str, short: bool) -> list[Row]:
        mine = [row for row in found if row["split"] == split and (row["topic"] or not short)]
        whole = "{topic}。{text}"
        return [Row(r["label"], r["topic"] if short else whole.format(**r)) for r in mine]

    with tempfile.TemporaryDirectory() as folder:
        took = seconds(lambda: train_model(rows("train", False), Path(folder), None, WORDS))
        reader = Reader.load(Path(folder), taxonomy)
        for name, short in (("long", False), ("short", True)):
            report = evaluate_labels(reader, rows("dev", short))
            print(
                f"letters, {name:5} (trained in {took:.0f} s)  macro-F1 {report.figures['label_f1']}"
            )


def by_writer(rows: list[Row], taxonomy: Taxonomy) -> None:
    """Each writer of requests measured by a model that saw none of that writer's lines."""
    for writer in sorted({row.writer for row in rows if row.label in taxonomy.items}):
        model = fit([row for row in rows if row.writer != writer], taxonomy, WORDS)
        report = evaluate_model(Reader(model, taxonomy), [r for r in rows if r.writer == writer])
        names = ("category_f1", "lead_accuracy", "item_top1", "item_top3", "auto_share")
        names += ("auto_precision", "ask_truth", "item_ece", "gate_recall")
        print(writer, " ".join(f"{n} {report.figures[n].value:.3f}" for n in names), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--writers", action="store_true")
    parser.add_argument("--letters", action="store_true")
    parser.add_argument("--corpus", type=Path, default=ROOT / "training_data" / "corpus")
    parser.add_argument("--holdout", type=Path, default=ROOT / "training_data" / "holdout")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    wanted = parser.parse_args()
    raw = yaml.safe_load((ROOT / "training_data" / "taxonomy.yaml").read_text(encoding="utf-8"))
    taxonomy = Taxonomy.from_mapping(raw)
    rows = read_folder(wanted.corpus, taxonomy)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        took = seconds(lambda: train_model(rows, folder, taxonomy, WORDS, say=print))
        print(f"{len(rows)} lines trained in {took:.0f} s")
        reader = Reader.load(folder, taxonomy)
        if wanted.holdout.is_dir():
            print(evaluate_model(reader, read_folder(wanted.holdout, taxonomy)).text())
        if talk := chatter(wanted.data):
            readings = reader.read(talk)
            asked = sum(reading.kind.asks for reading in readings) / len(talk)
            danger = sum(reading.emergency is not None for reading in readings) / len(talk)
            print(
                f"chatter: taken for a request {asked:.4f}, for a danger {danger:.4f}, n={len(talk)}"
            )
        speed(reader, [row.text for row in rows[:4000]] + talk[:4000], folder, taxonomy)
    if wanted.writers:
        by_writer(rows, taxonomy)
    if wanted.letters and wanted.data.is_dir():
        letters(wanted.data, taxonomy)


if __name__ == "__main__":
    main()
