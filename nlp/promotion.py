"""Whether a new model may take the place of the one that serves.

The law of this file: a new model is compared line by line with the one that serves, on the frozen holdout
and on corrections it was not trained on. It is refused where it is worse by more than chance would make
it, and where a category falls through its floor. The rule (`judge`) is pure; reading the lines (`try_on`)
stands beside it. Chance is counted exactly: of the lines on which the two differ, so many lost to so few
won, as if each were a toss of a fair coin.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from math import comb, isfinite
from typing import Any

from intake.reading import Reading
from nlp.corpus import ASKS, Row
from nlp.figures import f1_by_class, macro_f1
from nlp.reader import Reader

BATCH = 500

HEARD, QUIET, DANGER, CALM, CORRECTED = (
    "requests heard",
    "chatter left alone",
    "dangers heard",
    "no false alarm",
    "corrections right",
)
CHANCE: dict[str, float] = {HEARD: 0.05, QUIET: 0.05, DANGER: 0.15, CALM: 0.05, CORRECTED: 0.05}
"""A model is refused where losing so many lines and winning so few is less likely than this. 0.05: from 5
lost and none won on; 0.15, for dangers, where a line may be a life: from 3 on. "Heard" and "left alone"
together are the gate's recall and precision."""

FALL = 0.03
"""How much a category's F1 may fall: of the holdout's forty lines a category, one or two."""

FLOOR = 0.70
"""The F1 below which no category may fall, however slowly: many small steps down end here. Where the model
that serves is below it already, the new one may not be lower."""


@dataclass(frozen=True)
class Trial:
    """How a model did. `lines` holds for each measure one answer a line, in the same order for every
    model: right, wrong, or None where the line is not of that measure."""

    lines: Mapping[str, Sequence[bool | None]]
    f1: Mapping[str, float] = field(default_factory=dict)
    macro_f1: float = 0.0
    finite: bool = True

    def share(self, measure: str) -> float | None:
        """The share of right answers, or None where nothing was measured."""
        answers = [answer for answer in self.lines.get(measure, ()) if answer is not None]
        return sum(answers) / len(answers) if answers else None

    def scores(self) -> dict[str, float]:
        """For a manifest and a list."""
        shares = {measure: self.share(measure) for measure in self.lines}
        named = {name: round(share, 4) for name, share in shares.items() if share is not None}
        return {"category_f1": round(self.macro_f1, 4), **named}


class Flaw(StrEnum):
    """What is wrong with a model."""

    NOT_FINITE = "not finite"  # it gives numbers that are none
    WORSE = "worse"  # it loses more lines than chance would
    FALLEN = "fallen"  # a category falls through its floor
    LOW = "low"  # a category is below the lowest floor, and there is nothing to compare with
    SAID = "said"  # words from an older manifest


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a model may not serve. `about` is a measure or a category, `rival` whom it lost to; `lost` and
    `won` are lines, the others F1."""

    flaw: Flaw
    about: str = ""
    rival: str = ""
    lost: int = 0
    won: int = 0
    mine: float = 0.0
    theirs: float = 0.0
    floor: float = FLOOR

    def __str__(self) -> str:
        return _SENTENCES[self.flaw].format(**asdict(self))

    def stored(self) -> dict[str, Any]:
        """For a manifest."""
        return asdict(self)

    @staticmethod
    def of(stored: object) -> Reason:
        """As a manifest has it."""
        if not isinstance(stored, dict):
            return Reason(Flaw.SAID, str(stored))
        return Reason(**stored | {"flaw": Flaw(stored["flaw"])})


_SENTENCES: dict[Flaw, str] = {
    Flaw.NOT_FINITE: "it gives numbers that are not finite",
    Flaw.WORSE: "{about}: {lost} lines lost and {won} won against {rival}",
    Flaw.FALLEN: "{about}: F1 {mine:.3f} falls through the floor {floor:.3f} ({rival} has {theirs:.3f})",
    Flaw.LOW: "{about}: F1 {mine:.3f} is below the floor {floor:.2f}",
    Flaw.SAID: "{about}",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """May it serve, and if not, why not."""

    why: tuple[Reason, ...] = ()

    @property
    def may_serve(self) -> bool:
        return not self.why

    @property
    def reasons(self) -> tuple[str, ...]:
        """One sentence a reason."""
        return tuple(map(str, self.why))


def judge(candidate: Trial, rivals: Mapping[str, Trial]) -> Judgement:
    """Compare with each of `rivals`, by name: the model that serves, and the one that was built from the
    corpus alone, so that small losses of many nights do not add up."""
    if not candidate.finite:
        return Judgement((Reason(Flaw.NOT_FINITE),))
    reasons = [
        reason
        for name, rival in rivals.items()
        for reason in (*_worse(candidate, rival, name), *_fallen(candidate, rival, name))
    ]
    if not rivals:
        reasons = [
            Reason(Flaw.LOW, category, mine=f1)
            for category, f1 in sorted(candidate.f1.items())
            if f1 < FLOOR
        ]
    return Judgement(tuple(dict.fromkeys(reasons)))


def _worse(candidate: Trial, rival: Trial, name: str) -> list[Reason]:
    found = []
    for measure, chance in CHANCE.items():
        lost, won = lost_and_won(candidate.lines.get(measure, ()), rival.lines.get(measure, ()))
        if is_worse(lost, won, chance):
            found.append(Reason(Flaw.WORSE, measure, name, lost, won))
    return found


def lost_and_won(mine: Sequence[bool | None], theirs: Sequence[bool | None]) -> tuple[int, int]:
    """Lines that only the other had right, and lines that only we have right. Lines that one of the two
    was not asked are left out."""
    pairs = [(a, b) for a, b in zip(mine, theirs, strict=False) if a is not None and b is not None]
    return sum(b and not a for a, b in pairs), sum(a and not b for a, b in pairs)


def is_worse(lost: int, won: int, chance: float) -> bool:
    """Whether `lost` or more of so many tosses are less likely than `chance`."""
    tosses = lost + won
    ways = sum(comb(tosses, heads) for heads in range(lost, tosses + 1))
    return lost > won and ways < chance * 2**tosses


def _fallen(candidate: Trial, rival: Trial, name: str) -> list[Reason]:
    found = []
    for category, theirs in sorted(rival.f1.items()):
        floor = floor_of(theirs)
        mine = candidate.f1.get(category, 0.0)
        if mine < floor - 1e-9:
            found.append(Reason(Flaw.FALLEN, category, name, mine=mine, theirs=theirs, floor=floor))
    return found


def floor_of(f1: float) -> float:
    """The least F1 of a category in which the model that serves has `f1`."""
    return max(f1 - FALL, min(FLOOR, f1))


# -- reading the lines ------------------------------------------------------------------------------


def try_on(reader: Reader, rows: Sequence[Row]) -> Trial:
    """Read the holdout's single lines with `reader`."""
    readings: list[Reading] = []
    for start in range(0, len(rows), BATCH):
        readings += reader.read([row.text for row in rows[start : start + BATCH]])
    pairs = list(zip(rows, readings, strict=True))
    items = reader.taxonomy.items
    asking = [(row, reading) for row, reading in pairs if row.label in items]
    truth = [items[row.label].category for row, _ in asking]
    read = [_category(reader, reading) for _, reading in asking]
    return Trial(
        {
            HEARD: [_if(_asks(reader, row) is True, reading.kind.asks) for row, reading in pairs],
            QUIET: [
                _if(_asks(reader, row) is False, not reading.kind.asks) for row, reading in pairs
            ],
            DANGER: [
                _if(row.danger is not None, bool(reading.emergency)) for row, reading in pairs
            ],
            CALM: [_if(row.danger is None, not reading.emergency) for row, reading in pairs],
        },
        f1_by_class(truth, read),
        macro_f1(truth, read),
        all(_finite(reading) for reading in readings),
    )


def right_items(reader: Reader, rows: Sequence[Row]) -> list[bool]:
    """For each row with an item's label, whether it is the first guess."""
    readings = reader.read([row.text for row in rows])
    return [
        reading.guesses[0].item == row.label for row, reading in zip(rows, readings, strict=True)
    ]


def _if(belongs: bool, answer: bool) -> bool | None:
    return answer if belongs else None


def _asks(reader: Reader, row: Row) -> bool | None:
    if row.label in reader.taxonomy.items or row.danger or row.label in ASKS:
        return True
    return False if row.label in reader.taxonomy.kinds else None


def _category(reader: Reader, reading: Reading) -> str:
    item = reader.taxonomy.items.get(reading.guesses[0].item)
    return item.category if item else ""


def _finite(reading: Reading) -> bool:
    chances = (guess.probability for guess in reading.guesses)
    return isfinite(reading.request_probability) and all(isfinite(chance) for chance in chances)
