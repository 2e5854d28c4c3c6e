"""Whether a line of a group's talk asks for something new: what its words say, and what surrounds them.

The law of this file: words alone do not tell 泵换上了 from 泵坏了, nor a neighbour's joke about the lift from
the call that it stands. Who speaks does, what the line replies to, and what the group was told before. The
weights are learned from whole chats (`nlp/train_hearing.py`); dangers are none of its business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from intake.reading import ItemGuess, Reading

FIGURES = (
    "asks",  # log-odds that the words alone ask for something
    "surest",  # log-odds of the likeliest item
    "worker",  # the speaker's work is to see to such things
    "replies",  # the line replies to another
    "about_case",  # and that one belongs to a case
    "told",  # chance that its item is one which the group was told before
    "length",  # logarithm of the number of its signs
)
# So many of the newest cases are what a group still talks about.
NEWEST = 12
# A call missed is taken for half as bad again as a line too many.
LEAST = 0.4
# A plain call is seldom longer (路灯坏了, 3栋又停水了): with nothing against it, it stays a call.
PLAIN_SIGNS = 14
# From this chance on a line's item is one that the group was told of.
SAME_ITEM = 0.2
# Whoever writes to the bot alone wants something: there an even chance will do.
ALONE = 0.5
_SMALL = 1e-4


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds a line: `told` are the items of the group's open cases, newest first, without those
    of another place than the line's."""

    worker: bool = False
    replies: bool = False
    about_case: bool = False
    told: Sequence[str | None] = ()

    def speaks_against(self, guesses: Sequence[ItemGuess]) -> bool:
        """Whether anything here makes a call less likely."""
        return self.worker or self.replies or self.chance_told(guesses) >= SAME_ITEM

    def chance_told(self, guesses: Sequence[ItemGuess]) -> float:
        """The chance that a line with these guesses is about something that was told."""
        told = set(self.told[:NEWEST])
        return max((guess.probability for guess in guesses if guess.item in told), default=0.0)


@dataclass(frozen=True, slots=True)
class Hearing:
    """One weight a figure, and an offset: log-odds that a line of a group's talk asks for something new."""

    weights: tuple[float, ...]
    offset: float

    def hears(self, reading: Reading, around: Around) -> bool:
        """Whether `reading` is heard as a call."""
        found = figures(reading.request_probability, reading.guesses, around, len(reading.text))
        odds = self.offset + sum(w * x for w, x in zip(self.weights, found, strict=True))
        return odds >= _log_odds(LEAST)

    def heard(self, reading: Reading, around: Around) -> Reading:
        """The reading as it is meant in the talk: itself, or the other way to take it."""
        other = reading.otherwise
        if other is None or reading.emergency is not None:
            return reading
        short = reading.kind.asks and len(reading.text) <= PLAIN_SIGNS
        if short and not around.speaks_against(reading.guesses):
            return reading
        return reading if self.hears(reading, around) == reading.kind.asks else other


def heard_alone(reading: Reading) -> Reading:
    """The reading as it is meant by somebody who talks to the bot alone."""
    other = reading.otherwise
    likely = reading.request_probability >= ALONE
    return other if other is not None and other.kind.asks and likely else reading


def figures(
    asks: float, guesses: Sequence[ItemGuess], around: Around, signs: int
) -> tuple[float, ...]:
    """What is weighed of a line of so many signs, in the order of FIGURES; `asks` and `guesses` are those of
    a reading."""
    return (
        _log_odds(asks),
        _log_odds(guesses[0].probability),
        float(around.worker),
        float(around.replies),
        float(around.about_case),
        around.chance_told(guesses),
        log(max(signs, 1)),
    )


def _log_odds(chance: float) -> float:
    return log((chance + _SMALL) / (1 - chance + _SMALL))
