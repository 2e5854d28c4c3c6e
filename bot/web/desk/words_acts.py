"""What every act of a case's page says of itself.

The law of this file: the shape only; the sentences stand with the part that they belong to.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.web.desk.words_cases import WORDS_LIMIT


@dataclass(frozen=True, slots=True)
class ActWords:
    """What an act says of itself: what comes of it, its field, usual sentences, and that it is done."""

    lead: str
    done: str
    field: str = ""
    usual: tuple[str, ...] = ()
    limit: int = WORDS_LIMIT
