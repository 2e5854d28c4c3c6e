"""Training what hears dangers: whether there is one, and which.

The law of this file: a machine for each danger against everything else, and two that tell danger from
the rest; the three answers are weighed, and two thresholds chosen, on lines whose persona the machines
had not seen. A look-alike weighs more than another line: it is what the alarm must not be rung for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from intake.taxonomy import Taxonomy
from nlp.emergency import SUSPECTED_FROM
from nlp.features import Floats
from nlp.gate import learn
from nlp.machines import (
    Ints,
    Table,
    border_and_evidence,
    summed,
    support_machine,
    unseen,
)
from nlp.model import Head
from nlp.scorer import Linear, join

UNCALIBRATED = 0.25
# Cost, smoothing, and weight of look-alikes in the machines of danger; by held-out writer.
DANGER_COST = 0.05
SMOOTHING_DANGERS = 0.05
HARD_WEIGHT = 3.0
# Shares of false alarms that the danger thresholds may cost on held-out lines. Requests are often
# near a danger (a wire hangs low), and a person looks at them anyway.
FALSE_ON_LOOK_ALIKES = 0.017
FALSE_ON_CHATTER = 0.004
FALSE_ON_REQUESTS = 0.04
# With fewer lines of danger than this the rows decide, and the machine only adds what it is sure of.
FEW_DANGERS = 60


@dataclass(frozen=True, slots=True)
class Dangers:
    """`alarm` scores danger or not, with `share` of the likeliest danger's score on top; `which` scores
    each danger. A line is one from `threshold` on, or from `backed` on where an unguarded row saw it."""

    alarm: Head | None = None
    which: Head | None = None
    share: float = 0.0
    threshold: float = 0.5
    backed: float = 0.05


def train_dangers(
    table: Table, taxonomy: Taxonomy, say: Callable[[str], None], calibrated: bool
) -> Dangers:
    """Danger or not, and which; the thresholds are chosen on lines whose persona was not seen."""
    where = np.arange(len(table.rows))
    truth = np.asarray([row.danger is not None for row in table.rows])
    if not truth.any():
        return Dangers()
    codes = list(taxonomy.emergencies)

    def scored(part: Ints) -> Linear:
        return join([_danger_words(table, part, truth[part]), _which(table, codes, part)])

    whole = scored(where)
    dangers = Head(tuple(codes), _columns(whole, slice(2, None)), UNCALIBRATED)
    if not calibrated:
        words = _columns(whole, slice(0, 2))
        return Dangers(Head(("danger",), summed(words, (1.0, 1.0), 0.0)), dangers)
    found = unseen(table, where, scored, "persona")
    figures = np.column_stack([found[:, :2], found[:, 2:].max(axis=1)])
    weighing = learn(figures, truth)
    border, evidence, share = weighing.weights
    words = summed(_columns(whole, slice(0, 2)), (border, evidence), weighing.offset)
    alarm = Head(("danger",), words)
    if truth.sum() < FEW_DANGERS:
        return Dangers(alarm, dangers, share, 0.95, 0.0)
    risk = weighing.chances(figures)
    limits = _danger_thresholds(table, risk, truth)
    raised = _raised(table, risk, *limits)
    alike = table.look_alikes
    say(
        f"dangers held out: recall {raised[truth].mean():.3f}, look-alikes "
        f"{raised[alike].mean() if alike.any() else 0:.3f}, others {raised[~truth & ~alike].mean():.4f}"
    )
    return Dangers(alarm, dangers, share, *limits)


def _danger_words(table: Table, part: Ints, truth: NDArray[np.bool_]) -> Linear:
    return border_and_evidence(
        table, part, truth, SMOOTHING_DANGERS, np.where(table.look_alikes[part], HARD_WEIGHT, 1.0)
    )


def _which(table: Table, codes: Sequence[str], part: Ints) -> Linear:
    """One column a danger, against the other dangers and everything else."""
    nothing = len(codes)
    wanted = np.asarray(
        [
            codes.index(table.rows[i].label) if table.rows[i].danger in codes else nothing
            for i in part
        ],
        dtype=np.intp,
    )
    machine = support_machine(table, part, wanted, nothing + 1, cost=DANGER_COST)
    return _columns(machine, slice(0, nothing))


def _columns(table: Linear, which: slice) -> Linear:
    return Linear(np.ascontiguousarray(table.weights[:, which]), table.offsets[which])


def _raised(table: Table, risk: Floats, alone: float, backed: float) -> NDArray[np.bool_]:
    backing = table.unguarded & (risk >= backed)
    heard = (risk >= alone) | backing | (table.looked_at & (risk >= SUSPECTED_FROM))
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
