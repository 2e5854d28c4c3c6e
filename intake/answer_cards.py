"""问答卡, an answer that a person keeps: with its source and until when it is good.

The law of this file: nothing is invented. An answer is said as its keeper wrote it, only while it is good.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from intake.people import PersonId

REMINDED: Final = timedelta(days=7)
"""So long before a card expires its keeper is asked to look at it again."""
LONGEST: Final = timedelta(days=400)
"""No card is good for longer without a look: opening hours and rules change from year to year."""
ANSWER_LIMIT: Final = 300
WORDINGS_LIMIT: Final = 12
WORDING_LIMIT: Final = 60


@dataclass(frozen=True, slots=True)
class AnswerCard:
    """`wordings` are ways to ask the same thing, `scopes` nodes of the tree where the answer holds,
    `source` where it is from, `checked_at` when its keeper last said that it is right.
    `aloud`: its keeper lets it be said in a group; else whoever asks is told alone."""

    id: str
    wordings: tuple[str, ...]
    answer: str
    source: str
    scopes: tuple[str, ...]
    expires_at: datetime
    keeper: PersonId
    checked_at: datetime
    aloud: bool = True
    ended: bool = False

    def is_good(self, now: datetime) -> bool:
        """Whether it may be said now."""
        return not self.ended and now < self.expires_at

    def reaches(self, path: Iterable[str]) -> bool:
        """Whether it holds in a grid with this path."""
        return not set(self.scopes).isdisjoint(path)
