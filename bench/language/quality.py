"""Quality: the whole report on the holdout, and how seldom chatter is taken for something."""

from __future__ import annotations

from language.common import WORDS, Data, heading, missing, tell
from nlp.corpus import Row
from nlp.evaluate import evaluate_model
from nlp.figures import share
from nlp.reader import Reader
from nlp.train import fit

FALSE_REQUESTS, FALSE_DANGERS = 0.003, 0.0005
BATCH = 1000
SHOWN = ("category_f1", "lead_accuracy", "item_top1", "item_top3", "auto_share", "auto_precision")


def on_chatter(reader: Reader, data: Data) -> None:
    """Real private messages and social-media chat: nearly none asks a neighbourhood for anything."""
    heading("chatter of strangers")
    if not data.chatter:
        missing("chatter")
        return
    readings = [
        reading
        for start in range(0, len(data.chatter), BATCH)
        for reading in reader.read(data.chatter[start : start + BATCH])
    ]
    asked = share([reading.kind.asks and not reading.emergency for reading in readings])
    danger = share([reading.emergency is not None for reading in readings])
    for name, found, most in (
        ("taken for a request", asked, FALSE_REQUESTS),
        ("taken for a danger", danger, FALSE_DANGERS),
    ):
        said = f"{found.value:.2%} [{found.low:.2%}, {found.high:.2%}]"
        tell(name, said, f"≤ {most:.2%}", found.value <= most)


def by_writer(data: Data) -> None:
    """Each writer of requests measured by a model that saw none of that writer's lines."""
    heading("each writer by a model that never read them")
    for writer in sorted({row.writer for row in data.requests}):
        seen: list[Row] = [row for row in data.rows if row.writer != writer]
        model = fit(seen, data.taxonomy, WORDS)
        unseen = [row for row in data.rows if row.writer == writer]
        report = evaluate_model(Reader(model, data.taxonomy), unseen)
        said = "  ".join(f"{name} {report.figures[name].value:.3f}" for name in SHOWN)
        print(f"{writer:12} {said}", flush=True)
