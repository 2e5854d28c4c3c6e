"""Training the gate: whether a line asks for something.

The law of this file: what is weighed stands in `gate.py`; here the weights and the threshold are learned,
on lines whose writer the machines had not seen. Corrections are learned from, but choose no threshold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from intake.taxonomy import Taxonomy
from nlp.calibrate import gate_threshold
from nlp.corpus import ASKS, Row
from nlp.features import Floats
from nlp.gate import WORDS_ALONE, Gate, figures, learn
from nlp.machines import Ints, Table, border_and_evidence, unseen
from nlp.model import Head
from nlp.scorer import Linear, sigmoid

# With fewer lines of chatter than this nothing can be held out: the machine's own border stands.
FEW_CHATTER = 100
# A line of a whole chat counts so often: there requests are as rare, and talk about them as common, as in
# life. By held-out chat; more costs single lines their hearing (decisions 0010, 0014).
CHAT_WEIGHT = 5.0


@dataclass(frozen=True)
class TrainedGate:
    """The words' two scores, how the figures are weighed, the threshold, and by the position of the rows
    the chances that machines gave which had not seen the writer."""

    head: Head
    weighing: Gate
    threshold: float
    held_out: Mapping[int, float] = field(default_factory=dict)


def train_gate(
    table: Table,
    taxonomy: Taxonomy,
    items: Floats,
    temperature: float,
    say: Callable[[str], None],
    calibrated: bool,
) -> TrainedGate:
    """Asks for something or not. `items` are the item scores of every row (requests held out), with
    their `temperature`.
    """

    def asks(row: Row) -> bool:
        return row.label in taxonomy.items or row.danger is not None or row.label in ASKS

    where = table.where(lambda row: asks(row) or row.label in taxonomy.kinds)
    truth = np.asarray([asks(table.rows[i]) for i in where])
    if truth.all():
        return TrainedGate(_yes_always(table), WORDS_ALONE, 0.5)
    heavier = np.asarray([CHAT_WEIGHT if table.rows[i].in_chat else 1.0 for i in where])
    head = Head(("border", "evidence"), border_and_evidence(table, where, truth, heavier=heavier))
    if not calibrated or int((~truth).sum()) < FEW_CHATTER:
        return TrainedGate(head, WORDS_ALONE, _own_border(table, where, truth, head))
    real = np.asarray([not table.rows[i].support for i in where])
    words = unseen(
        table,
        where,
        lambda part: border_and_evidence(table, where[part], truth[part], heavier=heavier[part]),
        "writer",
    )
    terms = np.diff(table.matrix.indptr)[where]
    found = figures(words, items[where], temperature, terms)
    weighing = learn(found[real], truth[real])
    chances = weighing.chances(found)
    threshold = gate_threshold(chances[truth & real], chances[~truth & real])
    taken = chances[truth & real] >= threshold
    say(f"gate held out: recall {taken.mean():.3f} at {threshold}")
    held_out = dict(zip(where.tolist(), chances.tolist(), strict=True))
    return TrainedGate(head, weighing, threshold, held_out)


def _own_border(table: Table, where: Ints, truth: NDArray[np.bool_], head: Head) -> float:
    """Half way between the loudest chatter and the quietest requests of the training lines."""
    real = np.asarray([not table.rows[i].support for i in where])
    chances = sigmoid(table.scores(where, head.table).sum(axis=1))
    loud = np.quantile(chances[~truth & real], 0.9)
    quiet = np.quantile(chances[truth & real], 0.1) if (truth & real).any() else loud
    return round(float((loud + quiet) / 2), 4)


def _yes_always(table: Table) -> Head:
    """A gate for a corpus without one line of chatter: everything asks."""
    terms = table.matrix.shape[1]
    flat = Linear(np.zeros((terms, 2), dtype=np.float32), np.full(2, 1.5, dtype=np.float32))
    return Head(("border", "evidence"), flat)
