"""Which of the words as said weighed for the machine's first guess.

The law of this file: a case keeps no explanation, so the words are read again when they are shown. Where the
model now in use would answer otherwise, its words explain nothing, and none are marked.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence

from bot.lanes import Reads
from intake.cases import Case, CaseId
from intake.grids import Grid
from intake.reading import Reading

WhoReads = Callable[[], Reads]
"""Who reads messages now; it changes when another model is promoted."""

Marked = tuple[tuple[str, bool], ...]
"""A text in pieces, each with whether it weighed."""


class Weighing:
    """Reads the words of cases again, and marks those that weighed. Without a reader it does neither."""

    def __init__(self, reader: WhoReads | None = None) -> None:
        self._reader = reader

    @property
    def reads(self) -> bool:
        """Whether there is a reader."""
        return self._reader is not None

    async def marked(
        self, cases: Sequence[Case], grids: Mapping[str, Grid]
    ) -> dict[CaseId, Marked]:
        """The words as said of each case, in pieces."""
        readings = await self.read(cases, grids)
        return {
            case.id: in_pieces(case.said, _weighed(case, readings.get(case.id)))
            for case in cases
            if case.said
        }

    async def read(self, cases: Sequence[Case], grids: Mapping[str, Grid]) -> dict[CaseId, Reading]:
        """What is read now in the words of each case that has any; one batch beside the event loop."""
        spoken = [case for case in cases if case.said]
        if self._reader is None or not spoken:
            return {}
        texts = [case.said for case in spoken]
        names = [grids[case.grid].places if case.grid in grids else () for case in spoken]
        readings = await asyncio.to_thread(self._reader().read, texts, names)
        return {case.id: reading for case, reading in zip(spoken, readings, strict=True)}


def _weighed(case: Case, reading: Reading | None) -> tuple[str, ...]:
    """The words that explain the case's first guess."""
    if reading is None or not (case.guesses and reading.guesses):
        return ()
    return reading.because if reading.guesses[0].item == case.guesses[0] else ()


def plain(text: str) -> Marked:
    """A text of which nothing is marked."""
    return ((text, False),)


def in_pieces(text: str, words: Sequence[str]) -> Marked:
    """`text` cut so that `words` stand alone, the longest first where they overlap."""
    if not words:
        return plain(text)
    longest_first = sorted(words, key=len, reverse=True)
    pieces = re.split(f"({'|'.join(map(re.escape, longest_first))})", text)
    return tuple((piece, odd % 2 == 1) for odd, piece in enumerate(pieces) if piece)
