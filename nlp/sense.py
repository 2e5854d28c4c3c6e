"""What a message is: a call, a danger, talk, and what else it may be.

The law of this file: from the scores of a model and what its rows saw, one message at a time. How careful
one has to be with what it is stands in `care.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from intake.phrases import is_plus_one
from intake.reading import ItemGuess, Kind, Span
from intake.taxonomy import Item, Taxonomy
from nlp.dangers.plain import cry_within, plain_danger
from nlp.emergency import SUSPECTED_FROM, concerns, guarded
from nlp.features import Floats
from nlp.gate import WORDS_ALONE
from nlp.model import Head, Model
from nlp.places import is_bare_place
from nlp.prepare import Prepared
from nlp.scorer import softmax

# A danger whose best item is less likely than this fits no item.
FITS = 0.3
# A line of at most so many signs whose item is this sure asks for it though the gate doubts as much:
# 路灯坏了 has no word that asks; a longer one must be surer on both sides, and the gate's chances weighed.
# Measured in decisions 0010 and 0014.
PLAIN_SHORT, PLAIN_LONG = (8, 0.9, 0.2), (40, 0.97, 0.5)
# From this chance on a message may be a call by what surrounds it (`intake/hearing.py`).
DOUBT_FROM = 0.2
# Looking up a member of an enumeration for every message costs more than one would think.
_REQUEST, _WISH = Kind.REQUEST, Kind.WISH
_NEVER_ASKS = (Kind.MEDIA_ONLY, Kind.PLUS_ONE)
_MEDIA = re.compile(
    r"\s*(?:[\[【(<](?:图片|圖片|照片|相片|语音|語音|视频|視頻|影片|表情|动画表情|动图|链接|文件|位置|photo|image|voice|video|sticker)[^\]】)>]{0,12}[\]】)>]\s*)+",
    re.IGNORECASE,
)

Guesses = tuple[ItemGuess, ...]


@dataclass(frozen=True, slots=True)
class Scores:
    """What the model said of a batch; one entry a text. `best` is the column of the likeliest answer,
    `silent` says that no term of the text is known."""

    guesses: list[Guesses]
    best: list[int]
    silent: list[bool]
    asks: list[float]
    kinds: list[int]
    risks: list[float]
    dangers: Floats | None


class Sense(NamedTuple):
    """What a message is, as the model takes it; `asks` is the gate's probability, `is_call` says that it
    becomes a case."""

    kind: Kind
    asks: float
    item: Item | None
    danger: str | None
    suspicion: str | None
    bare: bool
    is_call: bool


class Judge:
    """Says what messages are, by one model."""

    def __init__(self, model: Model, taxonomy: Taxonomy) -> None:
        self._model = model
        self._taxonomy = taxonomy
        weighed = model.weighing != WORDS_ALONE
        self._plain = (PLAIN_SHORT, PLAIN_LONG) if weighed else (PLAIN_SHORT,)
        self._kinds = [Kind(label) for label in model.kinds.labels] if model.kinds else []

    def sense(self, row: int, ready: Prepared, scores: Scores, places: Sequence[Span]) -> Sense:
        """What the message in `row` is; by somebody's own labels everything asks for something."""
        if self._model.foreign:
            return Sense(Kind.REQUEST, 1.0, None, None, None, False, True)
        best = scores.guesses[row][0]
        bare = is_bare_place(ready.text, places)
        which = self._may_be_danger(row, ready, scores)
        danger = plain_danger(ready.normal) or self._sure_danger(row, ready, scores, which)
        kind, asks = self._kind(row, ready.text, scores, bare)
        if danger:
            kind, asks = Kind.REQUEST, max(asks, 0.99)
        item = self._taxonomy.items[best.item] if kind is Kind.REQUEST else None
        if item and danger and (best.probability < FITS or not concerns(danger, item)):
            item = None
        if item and item.is_wish and not danger:
            kind = Kind.WISH
        suspicion = None if danger else which
        is_call = kind is _REQUEST or kind is _WISH
        return Sense(kind, asks, item, danger, suspicion, bare, is_call)

    def otherwise(self, row: int, sense: Sense, scores: Scores) -> Sense | None:
        """The other way to take a message, where what surrounds it may change the answer."""
        if self._model.foreign or sense.danger or sense.bare or sense.asks < DOUBT_FROM:
            return None
        if sense.is_call:
            return sense._replace(kind=self._talk(row, scores), item=None, is_call=False)
        if sense.kind in _NEVER_ASKS:
            return None
        item = self._taxonomy.items[scores.guesses[row][0].item]
        kind = Kind.WISH if item.is_wish else Kind.REQUEST
        return sense._replace(kind=kind, item=item, is_call=True)

    def _talk(self, row: int, scores: Scores) -> Kind:
        """What a message is if it asks for nothing."""
        return self._kinds[scores.kinds[row]] if scores.kinds else Kind.CHAT

    def _may_be_danger(self, row: int, ready: Prepared, scores: Scores) -> str | None:
        """The danger that the message tells of, if it tells of one at all."""
        if scores.dangers is None or self._model.dangers is None or not scores.risks:
            return ready.signals.alarm
        if scores.risks[row] < SUSPECTED_FROM and not self._rings(row, ready, scores):
            return None
        head = self._model.dangers
        return _which_danger(head, softmax(scores.dangers[row], head.temperature), ready)

    def _sure_danger(
        self, row: int, ready: Prepared, scores: Scores, which: str | None
    ) -> str | None:
        """What may be a danger, where it is sure enough for an alarm; or where it is cried in so many words
        among others that hold nothing against it."""
        if which is None or self._rings(row, ready, scores):
            return which
        return None if guarded(ready.normal) else cry_within(ready.normal)

    def _rings(self, row: int, ready: Prepared, scores: Scores) -> bool:
        """Whether what may be a danger is sure enough for an alarm."""
        if not scores.risks:
            return True
        risk = scores.risks[row]
        backed = ready.signals.alarm is not None and risk >= self._model.backed_danger_threshold
        looked_at = ready.signals.looked_at and risk >= SUSPECTED_FROM
        return risk >= self._model.danger_threshold or backed or looked_at

    def _kind(self, row: int, text: str, scores: Scores, bare: bool) -> tuple[Kind, float]:
        """The kind, and the gate's probability that the message asks for something."""
        asks = scores.asks[row]
        if _MEDIA.fullmatch(text):
            return Kind.MEDIA_ONLY, 0.0
        if is_plus_one(text):
            return Kind.PLUS_ONE, asks
        if scores.silent[row]:
            return Kind.CHAT, 0.0
        sure = scores.guesses[row][0].probability
        plain = any(
            len(text) <= signs and sure >= item and asks >= gate
            for signs, item, gate in self._plain
        )
        if not bare and (asks >= self._model.request_threshold or plain):
            return Kind.REQUEST, asks
        return Kind.CHAT if bare else self._talk(row, scores), asks


def _which_danger(head: Head, chances: Floats, ready: Prepared) -> str:
    """The model's likeliest danger, a danger that a row saw counting five times."""
    counted = {
        label: float(chance) * (5.0 if label in ready.signals.hits else 1.0)
        for label, chance in zip(head.labels, chances, strict=True)
    }
    return max(counted, key=lambda label: counted[label])
