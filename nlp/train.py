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
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intake.taxonomy import Taxonomy
from nlp.calibrate import Thresholds, choose_thresholds, fit_line, fit_plane, fit_temperature
from nlp.corpus import Row, fingerprint, weak_rows
from nlp.features import FeatureSettings, Floats
from nlp.machines import (
    SEED,
    Table,
    folds_of,
    held_out,
    joined,
    letter_machine,
    support_machine,
    yes_or_no,
)
from nlp.model import Head, Model, save
from nlp.scorer import Linear, sigmoid, softmax

# How much the category's score counts beside the item's own; measured by held-out writer.
CATEGORY_SHARE = 0.35
UNCALIBRATED = 0.25
# Of the lines that ask for nothing, the gate may let through this share (held-out personas).
FALSE_REQUESTS = 0.05
# But so many requests must be heard, however noisy the rest (matters where there is little chatter).
LEAST_HEARD = 0.75
# With fewer lines of chatter than this nothing can be held out: the machine's own border stands.
FEW_CHATTER = 100
# Shares of false alarms that the danger thresholds may cost on held-out lines. Requests are often
# near a danger (a wire hangs low), and a person looks at them anyway.
FALSE_ON_LOOK_ALIKES = 0.03
FALSE_ON_CHATTER = 0.004
FALSE_ON_REQUESTS = 0.04
# With fewer lines of danger than this the rows decide, and the machine only adds what it is sure of.
FEW_DANGERS = 60
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
)
OPENING = 40
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
) -> Model:
    """Train on `rows` and save into `out`.

    With `taxonomy`, labels are items, kinds, dangers and look-alikes; without, whatever they are.
    `words` is our own dictionary. `scores` go into the manifest. `say` hears of progress.
    """
    began = time.monotonic()
    model = fit(rows, taxonomy, words, say)
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
) -> Model:
    """The model alone, not saved. `calibrated=False` skips what held-out lines choose."""
    if taxonomy is None:
        return _fit_foreign(rows, words, say, calibrated)
    return _fit_ours(rows, taxonomy, words, say, calibrated)


def _fit_foreign(rows: Sequence[Row], words: Path | None, say: Say, calibrated: bool) -> Model:
    labels = sorted({row.label for row in rows})
    if len(labels) < 2:
        raise TrainingError("fewer than two labels: a model needs something to tell apart")
    letters = float(np.mean([len(row.text) for row in rows])) > LETTERS
    chat = replace(FeatureSettings(), signals=False, meanings=False)
    lines = [*rows, *_openings(rows)] if letters else list(rows)
    table = Table(lines, LETTER_SETTINGS if letters else chat, words, say)
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
    """Each letter's first sentence once more, at half weight: a subject line must be read as well."""
    return [
        replace(row, text=opening, weight=row.weight / 2)
        for row in rows
        if (opening := _SENTENCE_END.split(row.text.strip("。 \n"))[0][:OPENING]) != row.text
    ]


def _fit_ours(
    rows: Sequence[Row], taxonomy: Taxonomy, words: Path | None, say: Say, calibrated: bool
) -> Model:
    if not any(row.label in taxonomy.items for row in rows):
        raise TrainingError("no line has an item's code for a label: nothing to learn")
    rows = [*rows, *weak_rows(taxonomy)]
    table = Table(rows, FeatureSettings(), words, say)
    answers, thresholds, surest = _answers(table, taxonomy, say, calibrated)
    gate, request_threshold, sureness = _gate(table, taxonomy, surest, say, calibrated)
    alarm, limits = _alarm(table, say, calibrated)
    return Model(
        table.vectoriser,
        answers,
        gate,
        _kinds(table, taxonomy),
        alarm,
        _dangers(table, taxonomy),
        thresholds,
        request_threshold,
        *limits,
        sureness_share=sureness,
        facts=_facts(rows, taxonomy),
    )


def _answers(
    table: Table, taxonomy: Taxonomy, say: Say, calibrated: bool
) -> tuple[Head, dict[str, Thresholds], Floats]:
    """Items and categories, joined into one table: item's score + share × its category's score.

    With it the thresholds, and for every row the probability of its likeliest item (held out).
    """
    codes = list(taxonomy.items)
    categories = list(taxonomy.categories)
    of_item = np.asarray([categories.index(taxonomy.items[code].category) for code in codes])
    where = table.where(lambda row: row.label in taxonomy.items)
    wanted = np.asarray([codes.index(table.rows[i].label) for i in where])

    def machine(part: Ints, truth: Ints) -> Linear:
        fine = joined(table, part, truth, len(codes))
        coarse = joined(table, part, of_item[truth], len(categories))
        return Linear(
            fine.weights + CATEGORY_SHARE * coarse.weights[:, of_item],
            fine.offsets + CATEGORY_SHARE * coarse.offsets[of_item],
        )

    head = Head(tuple(codes), machine(where, wanted), UNCALIBRATED)
    kept = np.flatnonzero([table.rows[i].writer != "taxonomy" for i in where])
    scores = table.scores(np.arange(len(table.rows)), head.table)
    if not calibrated or not len(kept):
        return head, {}, softmax(scores, head.temperature).max(axis=1)
    scores[where] = held_out(table, where, wanted, len(codes), machine)
    truth = wanted[kept].tolist()
    head = replace(head, temperature=fit_temperature(scores[where[kept]], truth))
    chances = softmax(scores[where[kept]], head.temperature)
    say(f"items held out: {np.mean(chances.argmax(1) == wanted[kept]):.3f} right")
    category_of = [taxonomy.items[code].category for code in codes]
    surest = softmax(scores, head.temperature).max(axis=1)
    return head, choose_thresholds(chances, truth, category_of), surest


def _gate(
    table: Table, taxonomy: Taxonomy, surest: Floats, say: Say, calibrated: bool
) -> tuple[Head, float, float]:
    """Asks for something or not; its threshold; and how much the likeliest item's probability adds."""

    def asks(row: Row) -> bool:
        return row.label in taxonomy.items or row.danger is not None

    where = table.where(lambda row: asks(row) or row.label in taxonomy.kinds)
    truth = np.asarray([asks(table.rows[i]) for i in where])
    if truth.all():
        return _yes_always(table), 0.5, 0.0
    calibrated = calibrated and int((~truth).sum()) >= FEW_CHATTER
    scores, head = _yes_head(table, where, truth, "request", calibrated)
    if not calibrated:
        return head, _own_border(table, where, truth, head), 0.0
    real = np.asarray([table.rows[i].writer != "taxonomy" for i in where])
    slope, share, offset = fit_plane(scores[real], surest[where][real], truth[real])
    chances = sigmoid(scores * slope + surest[where] * share + offset)
    quiet = float(np.quantile(chances[~truth], 1 - FALSE_REQUESTS))
    heard = float(np.quantile(chances[truth & real], 1 - LEAST_HEARD)) if truth[real].any() else 0.5
    threshold = round(min(quiet, heard), 3)
    taken = chances[truth & real] >= threshold
    say(f"gate held out: recall {taken.mean():.3f} at {threshold}")
    return replace(head, table=_scaled(head.table, slope, offset)), threshold, share


def _own_border(table: Table, where: Ints, truth: NDArray[np.bool_], head: Head) -> float:
    """Half way between the loudest chatter and the quietest requests of the training lines."""
    real = np.asarray([table.rows[i].writer != "taxonomy" for i in where])
    chances = sigmoid(table.scores(where, head.table)[:, 0])
    loud = np.quantile(chances[~truth], 0.9)
    quiet = np.quantile(chances[truth & real], 0.1) if (truth & real).any() else loud
    return round(float((loud + quiet) / 2), 4)


def _scaled(table: Linear, slope: float, offset: float) -> Linear:
    return Linear(
        (table.weights * slope).astype(np.float32),
        (table.offsets * slope + offset).astype(np.float32),
    )


def _yes_always(table: Table) -> Head:
    """A gate for a corpus without one line of chatter: everything asks."""
    terms = len(table.vectoriser.terms)
    flat = Linear(np.zeros((terms, 1), dtype=np.float32), np.full(1, 3.0, dtype=np.float32))
    return Head(("request",), flat)


def _yes_head(
    table: Table, where: Ints, truth: NDArray[np.bool_], name: str, calibrated: bool
) -> tuple[Floats, Head]:
    """A yes-or-no machine with its held-out scores, both as log-odds."""
    linear = yes_or_no(table, where, truth)
    if not calibrated:
        return np.zeros(0, dtype=np.float32), Head((name,), linear)
    parts = folds_of([table.rows[i] for i in where], "persona")
    scores = np.zeros(len(where), dtype=np.float32)
    for part in sorted(set(parts.tolist())):
        seen, unseen = parts != part, parts == part
        scores[unseen] = table.scores(where[unseen], yes_or_no(table, where[seen], truth[seen]))[
            :, 0
        ]
    slope, offset = fit_line(scores, truth)
    fitted = (scores * slope + offset).astype(np.float32)
    return fitted, Head((name,), _scaled(linear, slope, offset))


def _kinds(table: Table, taxonomy: Taxonomy) -> Head | None:
    """What a message is that asks for nothing."""
    labels = list(taxonomy.kinds)
    where = table.where(lambda row: row.label in taxonomy.kinds)
    wanted = np.asarray([labels.index(table.rows[i].label) for i in where], dtype=np.intp)
    if len(set(wanted.tolist())) < 2:
        return None
    return Head(tuple(labels), support_machine(table, where, wanted, len(labels), balance=0.5))


def _alarm(table: Table, say: Say, calibrated: bool) -> tuple[Head | None, tuple[float, float]]:
    """Danger or not. Two thresholds: for the machine alone, and backed by an unguarded row."""
    where = np.arange(len(table.rows))
    truth = np.asarray([row.danger is not None for row in table.rows])
    if not truth.any():
        return None, (0.5, 0.05)
    scores, head = _yes_head(table, where, truth, "danger", calibrated)
    if not calibrated:
        return head, (0.5, 0.05)
    if truth.sum() < FEW_DANGERS:
        return head, (0.95, 0.0)
    risk = sigmoid(scores)
    limits = _danger_thresholds(table, risk, truth)
    raised = _raised(table, risk, *limits)
    alike = table.look_alikes
    say(
        f"dangers held out: recall {raised[truth].mean():.3f}, look-alikes "
        f"{raised[alike].mean() if alike.any() else 0:.3f}, others {raised[~truth & ~alike].mean():.4f}"
    )
    return head, limits


def _raised(table: Table, risk: Floats, alone: float, backed: float) -> NDArray[np.bool_]:
    heard = (risk >= alone) | (table.unguarded & (risk >= backed)) | table.certain
    found: NDArray[np.bool_] = heard
    return found


def _danger_thresholds(
    table: Table, risk: Floats, danger: NDArray[np.bool_]
) -> tuple[float, float]:
    """The pair with the best recall whose false alarms stay within the shares set above."""
    alike = table.look_alikes
    asks = table.is_item
    groups = (
        (alike, FALSE_ON_LOOK_ALIKES),
        (asks, FALSE_ON_REQUESTS),
        (~danger & ~alike & ~asks, FALSE_ON_CHATTER),
    )
    best, chosen = -1.0, (0.95, 0.5)
    steps = np.unique(np.quantile(risk[danger], np.linspace(0, 0.98, 50)))
    for alone in steps:
        for backed in steps[steps <= alone]:
            raised = _raised(table, risk, alone, backed)
            if any(group.any() and raised[group].mean() > most for group, most in groups):
                continue
            if raised[danger].mean() > best:
                best, chosen = float(raised[danger].mean()), (float(alone), float(backed))
    return round(chosen[0], 4), round(chosen[1], 4)


def _dangers(table: Table, taxonomy: Taxonomy) -> Head | None:
    """Which danger, learned from dangers alone."""
    labels = list(taxonomy.emergencies)
    where = table.where(lambda row: row.danger in taxonomy.emergencies)
    wanted = np.asarray([labels.index(table.rows[i].label) for i in where], dtype=np.intp)
    if len(set(wanted.tolist())) < 2:
        return None
    return Head(tuple(labels), support_machine(table, where, wanted, len(labels)), UNCALIBRATED)


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
