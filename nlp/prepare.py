"""The first steps with any text, the same for training and for serving: fold, mask, normalise, signals.

The law of this file: what a model is trained on and what it reads pass through this one door. Personal
data never becomes a feature.
"""

from __future__ import annotations

from dataclasses import dataclass

from intake.reading import MaskSpan
from nlp.emergency import NOTHING, Signals, read_signals
from nlp.normalise import Folded, fold, normalise
from nlp.privacy import find_masks


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text made ready. `masks` index the text as it came; `normal` has covered stretches as ＊."""

    folded: Folded
    masks: tuple[MaskSpan, ...]
    normal: str
    signals: Signals


def prepare(text: str, cap: int, dangers: bool = True) -> Prepared:
    """Make `text` ready; `cap` is the number of signs that features are made of."""
    folded = fold(text)
    masks = find_masks(folded)
    normal = normalise(_covered(folded, masks), cap)
    return Prepared(folded, masks, normal, read_signals(normal) if dangers else NOTHING)


def _covered(folded: Folded, masks: tuple[MaskSpan, ...]) -> str:
    if not masks:
        return folded.text
    hidden = list(folded.text)
    places = folded.offsets or range(len(hidden))
    for position, place in enumerate(places):
        if any(span.start <= place < span.end for span in masks):
            hidden[position] = "＊"
    return "".join(hidden)
