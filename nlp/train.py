"""Training: from labelled lines to a model.

The law of this file: everything is seeded, so that the same lines give the same bytes. Linear machines
over the same terms answer five questions: which item, asks or not, which kind, danger or not, which
danger. What has to be chosen (probabilities, thresholds) is chosen on lines held out by writer or
persona. How a machine is made stands in `machines.py`.
"""

from __future__ import annotations

import platform
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intake.taxonomy import Taxonomy
from nlp.apart import Job, apart
from nlp.calibrate import Thresholds, choose_thresholds, fit_temperature
from nlp.corpus import Row, fingerprint, weak_rows
from nlp.features import FeatureSettings, Floats
from nlp.machines import (
    SEED,
    Table,
    held_out,
    joined,
    letter_machine,
    support_machine,
)
from nlp.model import Head, Model, save
from nlp.place_tagger import PlaceTable
from nlp.place_training import PlaceRow, train_places
from nlp.scorer import Linear, softmax
from nlp.segment import Word
from nlp.train_dangers import train_dangers
from nlp.train_gate import train_gate
from nlp.train_hearing import train_hearing

# How much the category's score counts beside the item's own; measured by held-out writer.
CATEGORY_SHARE = 0.35
UNCALIBRATED = 0.25
# From so many lines on a second process is worth its start.
MANY_ROWS = 5000
# From so many signs a line on average, a corpus is letters rather than chat.
LETTERS = 80
LETTER_SETTINGS = FeatureSettings(
    cap=6000,
    longest_run=3,
    presence=False,
    signals=False,
    meanings=False,
    min_count=3,
    max_terms=150_000,
    common_terms=150_000,
    word_weight=2.5,
)
# A subject line's length in signs; a sentence of fewer signs is a greeting.
OPENING = 40
FEW_SIGNS = 8
OPENING_WEIGHTS = (0.5, 0.3)
_SENTENCE_END = re.compile(r"[。\n!！?？]")

Say = Callable[[str], None]
Ints = NDArray[np.intp]


class TrainingError(ValueError):
    """The lines cannot make a model; the sentence says what is missing."""


def _silent(line: str) -> None:
    """Says nothing."""


def train_model(
    rows: Sequence[Row],
    out: Path,
    taxonomy: Taxonomy | None = None,
    words: Path | None = None,
    scores: Mapping[str, Any] | None = None,
    say: Say = _silent,
    own_words: Sequence[Word] = (),
    places: Sequence[PlaceRow] = (),
) -> Model:
    """Train on `rows` and save into `out`.

    With `taxonomy`, labels are items, kinds, dangers and look-alikes; without, whatever they are.
    `words` is our own dictionary, `own_words` what a neighbourhood adds to it; `scores` go into the
    manifest, and so do its words. `say` hears of progress. `places` are lines with their places
    marked; without them places are found by the grammar alone.
    """
    began = time.monotonic()
    model = fit(rows, taxonomy, words, say, own_words=own_words, places=places)
    model = replace(model, facts={**model.facts, "scores": dict(scores or {})})
    save(model, out)
    say(f"saved to {out} after {time.monotonic() - began:.0f} s")
    return model


def fit(
    rows: Sequence[Row],
    taxonomy: Taxonomy | None = None,
    words: Path | None = None,
    say: Say = _silent,
    calibrated: bool = True,
    own_words: Sequence[Word] = (),
    places: Sequence[PlaceRow] = (),
) -> Model:
    """The model alone, not saved. `calibrated=False` skips what held-out lines choose."""
    dictionary = _Dictionary(words, own_words)
    if taxonomy is None:
        model = _fit_foreign(rows, dictionary, say, calibrated)
    else:
        model = _fit_ours(rows, taxonomy, dictionary, say, calibrated, places)
    return replace(model, facts={**model.facts, "own_words": [word.text for word in own_words]})


@dataclass(frozen=True)
class _Dictionary:
    """What stands on top of jieba's: our file, and a neighbourhood's words."""

    file: Path | None
    own: Sequence[Word]


def _fit_foreign(rows: Sequence[Row], dictionary: _Dictionary, say: Say, calibrated: bool) -> Model:
    labels = sorted({row.label for row in rows})
    if len(labels) < 2:
        raise TrainingError("fewer than two labels: a model needs something to tell apart")
    letters = float(np.mean([len(row.text) for row in rows])) > LETTERS
    few = FeatureSettings().common_terms
    chat = replace(FeatureSettings(), signals=False, meanings=False, max_terms=few)
    lines = [*rows, *_openings(rows)] if letters else list(rows)
    settings = LETTER_SETTINGS if letters else chat
    table = Table(lines, settings, dictionary.file, say, dictionary.own)
    wanted = np.asarray([labels.index(row.label) for row in lines])

    def machine(part: Ints, truth: Ints) -> Linear:
        build = letter_machine if letters else joined
        return build(table, part, truth, len(labels))

    head = Head(tuple(labels), machine(np.arange(len(lines)), wanted), UNCALIBRATED)
    thresholds: dict[str, Thresholds] = {}
    if calibrated and len(rows) >= 10 * len(labels):
        own, truth = np.arange(len(rows)), wanted[: len(rows)]
        scores = held_out(table, own, truth, len(labels), machine)
        head = replace(head, temperature=fit_temperature(scores, truth.tolist()))
        thresholds = choose_thresholds(softmax(scores, head.temperature), truth.tolist(), labels)
    return Model(table.vectoriser, head, thresholds=thresholds, facts=_facts(rows, None))


def _openings(rows: Sequence[Row]) -> list[Row]:
    """Each letter's first sentence once more, and its first three, at less weight: a subject line
    must be read as well as a whole letter."""
    parts = [
        (row, part, weight)
        for row in rows
        for part, weight in zip(_beginnings(row.text), OPENING_WEIGHTS, strict=True)
    ]
    return [
        replace(row, text=part, weight=row.weight * weight)
        for row, part, weight in parts
        if part != row.text
    ]


def _beginnings(text: str) -> tuple[str, str]:
    sentences = _SENTENCE_END.split(text.strip("。 \n"))
    long = [sentence for sentence in sentences[1:] if len(sentence) > FEW_SIGNS]
    return sentences[0][:OPENING], "".join(long[:3])[: 2 * OPENING] or sentences[0][:OPENING]


def _fit_ours(
    rows: Sequence[Row],
    taxonomy: Taxonomy,
    dictionary: _Dictionary,
    say: Say,
    calibrated: bool,
    places: Sequence[PlaceRow],
) -> Model:
    if not any(row.label in taxonomy.items for row in rows):
        raise TrainingError("no line has an item's code for a label: nothing to learn")
    texts = [row.text for row in rows]
    rows = [*rows, *weak_rows(taxonomy)]
    table = Table(rows, FeatureSettings(), dictionary.file, say, dictionary.own)
    common = table.commonest()
    jobs: list[Job] = [
        lambda say: _answers(common, taxonomy, say, calibrated),
        lambda say: train_dangers(table, taxonomy, say, calibrated),
        lambda _say: _places(places, table, texts),
    ]
    worth = len(rows) >= MANY_ROWS
    (answers, thresholds, items), dangers, finding = apart(jobs, say, worth=worth)
    gate = train_gate(table, taxonomy, items, answers.temperature, say, calibrated)
    chances = softmax(items, answers.temperature)
    return Model(
        table.vectoriser,
        answers,
        gate.head,
        _kinds(common, taxonomy),
        dangers.alarm,
        dangers.which,
        thresholds,
        gate.threshold,
        dangers.threshold,
        dangers.backed,
        weighing=gate.weighing,
        hearing=train_hearing(rows, taxonomy, chances, gate.held_out),
        danger_share=dangers.share,
        places=finding,
        facts=_facts(rows, taxonomy),
    )


def _places(places: Sequence[PlaceRow], table: Table, texts: Sequence[str]) -> PlaceTable | None:
    """What finds places, where there is something to learn it from."""
    return train_places(places, table.vectoriser.maker.segmenter, texts) if places else None


def _answers(
    table: Table, taxonomy: Taxonomy, say: Say, calibrated: bool
) -> tuple[Head, dict[str, Thresholds], Floats]:
    """Items and categories, joined into one table: item's score + share × its category's score.

    With it the thresholds, and the item scores of every row (requests, and further words on one, held out by
    writer). Thresholds are chosen by requests alone.
    """
    codes = list(taxonomy.items)
    categories = list(taxonomy.categories)
    of_item = np.asarray([categories.index(taxonomy.items[code].category) for code in codes])
    where = table.where(lambda row: bool(_item_of(row, taxonomy)))
    wanted = np.asarray([codes.index(_item_of(table.rows[i], taxonomy)) for i in where])

    def machine(part: Ints, truth: Ints) -> Linear:
        fine = joined(table, part, truth, len(codes))
        coarse = joined(table, part, of_item[truth], len(categories))
        return Linear(
            fine.weights + CATEGORY_SHARE * coarse.weights[:, of_item],
            fine.offsets + CATEGORY_SHARE * coarse.offsets[of_item],
        )

    head = Head(tuple(codes), machine(where, wanted), UNCALIBRATED)
    calls = (table.rows[i].label in taxonomy.items and not table.rows[i].support for i in where)
    kept = np.flatnonzero(list(calls))
    scores = table.scores(np.arange(len(table.rows)), head.table)
    if not calibrated or not len(kept):
        return head, {}, scores
    scores[where] = held_out(table, where, wanted, len(codes), machine)
    truth = wanted[kept].tolist()
    head = replace(head, temperature=fit_temperature(scores[where[kept]], truth))
    chances = softmax(scores[where[kept]], head.temperature)
    say(f"items held out: {np.mean(chances.argmax(1) == wanted[kept]):.3f} right")
    category_of = [taxonomy.items[code].category for code in codes]
    return head, choose_thresholds(chances, truth, category_of), scores


def _item_of(row: Row, taxonomy: Taxonomy) -> str:
    """The item that a line asks for or is about; "" where it is about none."""
    return row.label if row.label in taxonomy.items else row.about


def _kinds(table: Table, taxonomy: Taxonomy) -> Head | None:
    """What a message is that asks for nothing."""
    labels = list(taxonomy.kinds)
    where = table.where(lambda row: row.label in taxonomy.kinds)
    wanted = np.asarray([labels.index(table.rows[i].label) for i in where], dtype=np.intp)
    if len(set(wanted.tolist())) < 2:
        return None
    return Head(tuple(labels), support_machine(table, where, wanted, len(labels), balance=0.5))


def _facts(rows: Sequence[Row], taxonomy: Taxonomy | None) -> dict[str, Any]:
    """Which data, which versions: what a manifest must say to be trusted later."""
    names = ("huying", "numpy", "scikit-learn", "scipy", "jieba", "OpenCC")
    return {
        "data": fingerprint(rows),
        "lines": len(rows),
        "taxonomy": taxonomy.version if taxonomy else None,
        "seed": SEED,
        "versions": {"python": platform.python_version()}
        | {name: _version(name) for name in names},
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"
