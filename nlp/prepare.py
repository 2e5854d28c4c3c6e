"""The first steps with any text, the same for training and for serving: fold, mask, normalise, signals.

The law of this file: what a model is trained on and what it reads pass through this one door. Personal
data never becomes a feature.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import NamedTuple

from intake.reading import MaskSpan
from nlp.emergency import NOTHING, Signals, read_signals
from nlp.normalise import Folded, fold_all, normalise_all
from nlp.openings import without_opening
from nlp.privacy import find_masks


class Prepared(NamedTuple):
    """A text made ready. `masks` index the text as it came; `normal` has covered stretches as ＊."""

    text: str
    folded: Folded
    masks: tuple[MaskSpan, ...]
    normal: str
    signals: Signals


def prepare(text: str, cap: int, dangers: bool = True) -> Prepared:
    """Make `text` ready; `cap` is the number of signs that features are made of."""
    return prepare_all([text], cap, dangers)[0]


def prepare_all(texts: Sequence[str], cap: int, dangers: bool = True) -> list[Prepared]:
    """`prepare` for many texts at once."""
    folded = fold_all(texts)
    masks = list(map(find_masks, folded))
    normal = list(map(without_opening, normalise_all(list(map(_covered, folded, masks)), cap)))
    signals = map(read_signals, normal) if dangers else repeat(NOTHING, len(normal))
    return list(map(Prepared, texts, folded, masks, normal, signals))


def _covered(folded: Folded, masks: tuple[MaskSpan, ...]) -> str:
    if not masks:
        return folded.text
    hidden = list(folded.text)
    for span in masks:
        start, end = folded.position(span.start), folded.position(span.end)
        hidden[start:end] = "＊" * (end - start)
    return "".join(hidden)
