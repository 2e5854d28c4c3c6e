"""How well and how fast the language part reads, all in one run so that figures can be compared.

    python bench/nlp_bench.py                        what takes less than ten minutes
    python bench/nlp_bench.py --only speed           one part, or several with commas
    python bench/nlp_bench.py --ablation --curve     what each part of the model brings; what more lines would

Parts: corpus, quality, chatter, speed, letters, learning (these run by default), writers, ablation, curve.
Trains on `training_data/corpus` unless `--model` names a model, measures on `training_data/holdout`
and, where it is there, on `../shared/data`. Figures of speed are ratios to jieba and scikit-learn in
the same run.
"""

from __future__ import annotations

import argparse
import contextlib
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from language import ablation, curve, learning, letters, quality, speed
from language.common import ROOT, TRAINING, WORDS, Data, busy_seconds, heading

from nlp.corpus_quality import measure_corpus
from nlp.evaluate import evaluate_holdout
from nlp.reader import Reader
from nlp.train import train_model

DEFAULT = ("corpus", "quality", "chatter", "speed", "letters", "learning")
PARTS = (*DEFAULT, "writers", "ablation", "curve")
WITH_MODEL = {"quality", "chatter", "speed"}


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", help=f"parts with commas between: {', '.join(PARTS)}")
    parser.add_argument("--ablation", action="store_true", help="that part (some 15 minutes)")
    parser.add_argument("--curve", action="store_true", help="that part (some 10 minutes)")
    parser.add_argument("--seeds", type=int, help="default: learning 3, curve 2, ablation 1")
    parser.add_argument("--strategies", default=",".join(learning.DEFAULT))
    parser.add_argument("--picture", type=Path, help="where the curve is drawn (SVG)")
    parser.add_argument("--model", type=Path, help="a trained model; otherwise one is trained")
    parser.add_argument("--corpus", type=Path, default=TRAINING / "corpus")
    parser.add_argument("--holdout", type=Path, default=TRAINING / "holdout")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    wanted = parser.parse_args()
    extra = [name for name in ("ablation", "curve") if getattr(wanted, name)]
    wanted.parts = wanted.only.split(",") if wanted.only else [] if extra else [*DEFAULT]
    wanted.parts += extra
    if unknown := sorted(set(wanted.parts) - set(PARTS)):
        parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    return wanted


def main() -> None:
    wanted = parse()
    began = time.monotonic()
    data = Data(wanted.corpus, wanted.holdout, wanted.data)
    parts = set(wanted.parts)
    if "corpus" in parts:
        heading("the training lines")
        print(measure_corpus(data.rows, data.taxonomy).text())
    if parts & WITH_MODEL:
        with_model(data, wanted.model, parts)
    if "letters" in parts:
        letters.measure(data)
    if "learning" in parts:
        learning.measure(data, wanted.seeds or 3, wanted.strategies.split(","))
    if "writers" in parts:
        quality.by_writer(data)
    if "ablation" in parts:
        ablation.measure(data, wanted.seeds or 1)
    if "curve" in parts:
        curve.measure(data, wanted.seeds or 2, wanted.picture)
    print(f"\n{(time.monotonic() - began) / 60:.1f} min", flush=True)


def with_model(data: Data, model: Path | None, parts: set[str]) -> None:
    with trained(data, model) as (folder, took):
        reader = Reader.load(folder, data.taxonomy)
        if "quality" in parts:
            heading("quality on the holdout")
            print(evaluate_holdout(reader, data.holdout).text(), flush=True)
        if "chatter" in parts:
            quality.on_chatter(reader, data)
        if "speed" in parts:
            speed.measure(reader, folder, data, took)


@contextlib.contextmanager
def trained(data: Data, model: Path | None) -> Iterator[tuple[Path, float | None]]:
    """A model's folder, and how many seconds its training took if it was trained now."""
    if model is not None:
        yield model, None
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        heading(f"training on {len(data.rows)} lines")
        took = busy_seconds(lambda: train_model(data.rows, folder, data.taxonomy, WORDS, say=print))
        yield folder, took


if __name__ == "__main__":
    main()
