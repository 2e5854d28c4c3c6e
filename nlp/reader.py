"""The reader: a batch of messages in, a `Reading` of each out.

The law of this file: the order of design.md §2 (mask, danger, words, gate, item, urgency, places), for
the whole batch at once. It knows nothing of cases, people or chats, and changes nothing: two calls with
the same texts give the same readings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import NamedTuple

import numpy as np

from intake.hearing import Hearing
from intake.phrases import is_plus_one
from intake.reading import ItemGuess, Kind, Reading, Span, Triage
from intake.taxonomy import Item, Level, Taxonomy, Visibility
from nlp.calibrate import Thresholds, triage
from nlp.emergency import LOOKED_AT_FROM, NOTHING, concerns
from nlp.explain import Explainer, wording
from nlp.features import Batch, Floats
from nlp.gate import figures
from nlp.lexicon import Lexicon
from nlp.model import Head, Model, ModelError, load
from nlp.normalise import parted
from nlp.places import PlaceFinder, is_bare_place, with_addresses
from nlp.prepare import Prepared, prepare_all
from nlp.privacy import cover
from nlp.scorer import join, sigmoid, softmax
from nlp.split import pieces
from nlp.urgency import level_of

GUESSES = 3
# A danger whose best item is less likely than this fits no item.
FITS = 0.3
# A guess this likely may be the truth: what it asks for in discretion or haste is granted beforehand.
MAY_BE = 0.15
# A line of so few signs whose item is this sure asks for it though the gate doubts as much: 路灯坏了 has
# no word that asks. Measured in decision 0010.
PLAIN_SIGNS, PLAIN_SURE, PLAIN_ASKS = 8, 0.9, 0.3
# From this chance on a message may be a call by what surrounds it (`intake/hearing.py`).
DOUBT_FROM = 0.2
# Looking up a member of an enumeration for every message costs more than one would think.
_REQUEST, _WISH = Kind.REQUEST, Kind.WISH
_NEVER_ASKS = (Kind.MEDIA_ONLY, Kind.PLUS_ONE)
_DISCREET = (Visibility.GROUP, Visibility.MASKED, Visibility.PRIVATE)
_UNSURE = Thresholds(0.9, 0.8)
_MEDIA = re.compile(
    r"\s*(?:[\[【(<](?:图片|圖片|照片|相片|语音|語音|视频|視頻|影片|表情|动画表情|动图|链接|文件|位置|photo|image|voice|video|sticker)[^\]】)>]{0,12}[\]】)>]\s*)+",
    re.IGNORECASE,
)


Guesses = tuple[ItemGuess, ...]
Words = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class _Scores:
    """What the model said of a batch; one entry a text. `best` is the column of the likeliest answer,
    `silent` says that no term of the text is known."""

    guesses: list[Guesses]
    best: list[int]
    silent: list[bool]
    asks: list[float]
    kinds: list[int]
    risks: list[float]
    dangers: Floats | None


class _Verdict(NamedTuple):
    """What a message is; `asks` is the gate's probability, `is_call` says that it becomes a case."""

    kind: Kind
    asks: float
    item: Item | None
    danger: str | None
    bare: bool
    is_call: bool


class Reader:
    """Reads messages with one model. Safe to use from several threads."""

    def __init__(self, model: Model, taxonomy: Taxonomy) -> None:
        if not model.foreign:
            _check_items(model, taxonomy)
        self.model = model
        self.taxonomy = taxonomy
        self._places = PlaceFinder(model.vectoriser.maker.segmenter, model.places)
        self._heads = {
            name: head
            for name in ("answers", "gate", "kinds", "alarm", "dangers")
            if (head := getattr(model, name)) is not None
        }
        heads = self._heads.values()
        self._table = join([head.table for head in heads])
        # The answers come first among the columns of the joined table.
        self._explainer = Explainer(model.vectoriser, self._table)
        self._kinds = [Kind(label) for label in model.kinds.labels] if model.kinds else []
        self._limits = {label: self._limits_of(label) for label in model.answers.labels}
        self.read(["暖機"])

    @classmethod
    def load(cls, model_dir: Path, taxonomy: Taxonomy) -> Reader:
        """The model in `model_dir`; raises ModelError with one clear sentence."""
        return cls(load(model_dir), taxonomy)

    def read(
        self, texts: Sequence[str], local_places: Sequence[Sequence[str]] | None = None
    ) -> list[Reading]:
        """One reading a text, in order. `local_places` are the grid's own names, text by text."""
        if local_places is not None and len(local_places) != len(texts):
            raise ValueError("local_places must have one entry a text")
        if not texts:
            return []
        settings = self.model.settings
        ready = prepare_all(texts, settings.cap, settings.signals)
        names = local_places or [()] * len(texts)
        words = self._cut_texts(list(dict.fromkeys(one.normal for one in ready)))
        scores = self._score(ready, words)
        found = self._places.find_all([one.folded for one in ready], names)
        places = [
            with_addresses(spans, one.masks) if one.masks else spans
            for spans, one in zip(found, ready, strict=True)
        ]
        judge = self._foreign_verdict if self.model.foreign else self._verdict
        verdicts = [judge(row, one, scores, places[row]) for row, one in enumerate(ready)]
        others = list(
            map(self._otherwise, range(len(ready)), scores.guesses, verdicts, repeat(scores))
        )
        because = self._because(ready, words, verdicts, others, scores)
        return list(map(self._reading, ready, verdicts, others, scores.guesses, places, because))

    def _cut_texts(self, texts: Sequence[str]) -> Words:
        cut = self.model.vectoriser.maker.segmenter.cut_all(texts)
        return dict(zip(texts, cut, strict=True))

    @property
    def hearing(self) -> Hearing | None:
        """How this model weighs what surrounds a line of a group's talk."""
        return self.model.hearing

    @property
    def lexicon(self) -> Lexicon:
        """What this model's dictionary knows of single words."""
        return Lexicon(self.model.vectoriser.maker.segmenter)

    def split(self, text: str) -> list[str]:
        """The separate requests of one message, in its own words; `[text]` when it is one."""
        parts = pieces(text)
        if len(parts) < 2:
            return [text]
        groups: list[str] = []
        seen: list[tuple[str | None, str | None]] = []
        for part, reading in zip(parts, self.read(parts), strict=True):
            what = (reading.item, reading.place)
            if reading.kind.asks and not (seen and _same(seen[-1], what)):
                groups.append(part)
                seen.append(what)
            elif groups:
                groups[-1] = f"{groups[-1]} {part}"
        return groups if len(groups) > 1 else [text]

    def _score(self, ready: Sequence[Prepared], words: Words) -> _Scores:
        rows = self.model.vectoriser.vectors(
            [(one.normal, one.signals) for one in ready], [words[one.normal] for one in ready]
        )
        found = self._table.scores(rows)
        parts: dict[str, Floats] = {}
        at = 0
        for name, head in self._heads.items():
            part = found[:, at : at + len(head.labels)]
            one = len(head.labels) == 1
            if name == "alarm" and self.model.dangers is not None:
                which = found[:, at + 1 : at + 1 + len(self.model.dangers.labels)]
                parts[name] = sigmoid(part[:, 0] + self.model.danger_share * which.max(axis=1))
            elif name in ("kinds", "dangers"):
                # Only which is likeliest is asked of these, and seldom of dangers.
                parts[name] = part
            elif name == "gate":
                parts[name] = self._weighed(part, found[:, : len(self.model.answers.labels)], rows)
            else:
                parts[name] = sigmoid(part[:, 0]) if one else softmax(part, head.temperature)
            at += len(head.labels)
        best, chances = _top(parts["answers"])
        labels = self.model.answers.labels
        return _Scores(
            [
                tuple(map(ItemGuess, [labels[column] for column in columns], row))
                for columns, row in zip(best, chances, strict=True)
            ],
            [row[0] for row in best],
            (rows.sizes == 0).tolist(),
            parts["gate"].tolist() if "gate" in parts else [],
            parts["kinds"].argmax(axis=1).tolist() if "kinds" in parts else [],
            parts["alarm"].tolist() if "alarm" in parts else [],
            parts.get("dangers"),
        )

    def _weighed(self, words: Floats, items: Floats, rows: Batch) -> Floats:
        temperature = self.model.answers.temperature
        return self.model.weighing.chances(figures(words, items, temperature, rows.sizes))

    def _verdict(
        self, row: int, ready: Prepared, scores: _Scores, places: Sequence[Span]
    ) -> _Verdict:
        best = scores.guesses[row][0]
        bare = is_bare_place(ready.text, places)
        danger = self._danger(row, ready, scores)
        kind, asks = self._kind(row, ready.text, scores, bare)
        if danger:
            kind, asks = Kind.REQUEST, max(asks, 0.99)
        item = self.taxonomy.items[best.item] if kind is Kind.REQUEST else None
        if item and danger and (best.probability < FITS or not concerns(danger, item)):
            item = None
        if item and item.is_wish and not danger:
            kind = Kind.WISH
        return _Verdict(kind, asks, item, danger, bare, kind is _REQUEST or kind is _WISH)

    def _otherwise(
        self, row: int, guesses: Guesses, verdict: _Verdict, scores: _Scores
    ) -> _Verdict | None:
        """The other way to take a message, where what surrounds it may change the answer."""
        if self.model.foreign or verdict.danger or verdict.bare or verdict.asks < DOUBT_FROM:
            return None
        if verdict.is_call:
            return verdict._replace(kind=self._talk(row, scores), item=None, is_call=False)
        if verdict.kind in _NEVER_ASKS:
            return None
        item = self.taxonomy.items[guesses[0].item]
        kind = Kind.WISH if item.is_wish else Kind.REQUEST
        return verdict._replace(kind=kind, item=item, is_call=True)

    def _talk(self, row: int, scores: _Scores) -> Kind:
        """What a message is if it asks for nothing."""
        return self._kinds[scores.kinds[row]] if scores.kinds else Kind.CHAT

    def _foreign_verdict(
        self, row: int, ready: Prepared, scores: _Scores, places: Sequence[Span]
    ) -> _Verdict:
        """By somebody's own labels everything asks for something."""
        return _Verdict(Kind.REQUEST, 1.0, None, None, False, True)

    def _because(
        self,
        ready: Sequence[Prepared],
        words: Words,
        verdicts: Sequence[_Verdict],
        others: Sequence[_Verdict | None],
        scores: _Scores,
    ) -> list[tuple[str, ...]]:
        """The weightiest words of the messages that ask for something, or may."""
        both = enumerate(zip(verdicts, others, strict=True))
        asking = [row for row, (verdict, other) in both if verdict.is_call or other]
        those = [ready[row] for row in asking]
        cut = self._cut_wordings(those, words)
        found = self._explainer.because(those, cut, [scores.best[row] for row in asking])
        of_row = dict(zip(asking, found, strict=True))
        return [of_row.get(row, ()) for row in range(len(ready))]

    def _cut_wordings(self, ready: Sequence[Prepared], words: Words) -> list[Sequence[str]]:
        """The words of messages as they were said, given those of their normalised texts."""
        said = list(map(wording, ready))
        pairs = zip(said, ready, strict=True)
        known = {one: words[of.normal] for one, of in pairs if parted(one) == of.normal}
        known |= self._cut_texts([one for one in dict.fromkeys(said) if one not in known])
        return [known[one] for one in said]

    def _reading(
        self,
        ready: Prepared,
        verdict: _Verdict,
        other: _Verdict | None,
        guesses: Guesses,
        places: tuple[Span, ...],
        because: tuple[str, ...],
    ) -> Reading:
        item, danger = verdict.item, verdict.danger
        foreign = self.model.foreign
        return Reading(
            text=ready.text,
            kind=verdict.kind,
            request_probability=verdict.asks,
            guesses=guesses,
            category=guesses[0].item if foreign else item.category if item else None,
            item=item.code if item else None,
            level=self._level(verdict, ready.normal, guesses),
            lead=item.lead if item else None,
            visibility=self._visibility(verdict, guesses),
            triage=self._triage(guesses, danger),
            emergency=danger,
            masks=ready.masks,
            masked_text=cover(ready.text, ready.masks) if ready.masks else ready.text,
            places=places,
            because=because if verdict.is_call else (),
            bare_place=verdict.bare,
            otherwise=self._reading(ready, other, None, guesses, places, because)
            if other
            else None,
        )

    def _danger(self, row: int, ready: Prepared, scores: _Scores) -> str | None:
        if scores.dangers is None or self.model.dangers is None or not scores.risks:
            return ready.signals.alarm
        risk = scores.risks[row]
        if risk < self.model.danger_threshold and ready.signals is NOTHING:
            return None
        backed = ready.signals.alarm is not None and risk >= self.model.backed_danger_threshold
        looked_at = ready.signals.looked_at and risk >= LOOKED_AT_FROM
        if risk < self.model.danger_threshold and not backed and not looked_at:
            return None
        head = self.model.dangers
        return _which_danger(head, softmax(scores.dangers[row], head.temperature), ready)

    def _kind(self, row: int, text: str, scores: _Scores, bare: bool) -> tuple[Kind, float]:
        """The kind, and the gate's probability that the message asks for something."""
        asks = scores.asks[row]
        if _MEDIA.fullmatch(text):
            return Kind.MEDIA_ONLY, 0.0
        if is_plus_one(text):
            return Kind.PLUS_ONE, asks
        if scores.silent[row]:
            return Kind.CHAT, 0.0
        sure = scores.guesses[row][0].probability
        plain = len(text) <= PLAIN_SIGNS and sure >= PLAIN_SURE and asks >= PLAIN_ASKS
        if not bare and (asks >= self.model.request_threshold or plain):
            return Kind.REQUEST, asks
        return Kind.CHAT if bare else self._talk(row, scores), asks

    def _visibility(self, verdict: _Verdict, guesses: Guesses) -> Visibility | None:
        """The item's, or the least visible of what it may be as well."""
        if not verdict.is_call or self.model.foreign:
            return None
        danger, item = verdict.danger, verdict.item
        if danger and not self.taxonomy.emergencies[danger].group_reply:
            return Visibility.PRIVATE
        if not item:
            return Visibility.MASKED
        return max(
            (item.visibility, *(other.visibility for other in self._may_be(guesses))),
            key=_DISCREET.index,
        )

    def _level(self, verdict: _Verdict, normal: str, guesses: Guesses) -> Level | None:
        """The item's as the words raise it; B at least where it may be an item of level A."""
        if not verdict.is_call or self.model.foreign:
            return None
        item = verdict.item
        if verdict.danger or not item:
            return Level.A
        level = level_of(item.level, item.category, normal)
        may_be_urgent = any(other.level is Level.A for other in self._may_be(guesses))
        return Level.B if level is Level.C and may_be_urgent else level

    def _may_be(self, guesses: Guesses) -> list[Item]:
        items = self.taxonomy.items
        return [items[guess.item] for guess in guesses if guess.probability >= MAY_BE]

    def _triage(self, guesses: Sequence[ItemGuess], danger: str | None) -> Triage:
        if danger:
            return Triage.AUTO
        second = guesses[1].probability if len(guesses) > 1 else 0.0
        return triage(guesses[0].probability, second, self._limits[guesses[0].item])

    def _limits_of(self, label: str) -> Thresholds:
        item = self.taxonomy.items.get(label)
        limits = self.model.thresholds
        return limits.get(item.category if item else label) or limits.get("") or _UNSURE


def _top(chances: Floats) -> tuple[list[tuple[int, ...]], list[tuple[float, ...]]]:
    """The columns of the likeliest answers of every row, likeliest first, and their probabilities."""
    left = chances.copy()
    rows = np.arange(len(left))
    columns, found = [], []
    for _ in range(min(GUESSES, left.shape[1])):
        column = left.argmax(axis=1)
        columns.append(column.tolist())
        found.append(left[rows, column].tolist())
        left[rows, column] = -1.0
    return list(zip(*columns, strict=True)), list(zip(*found, strict=True))


def _which_danger(head: Head, chances: Floats, ready: Prepared) -> str:
    """The model's likeliest danger, a danger that a row saw counting five times."""
    counted = {
        label: float(chance) * (5.0 if label in ready.signals.hits else 1.0)
        for label, chance in zip(head.labels, chances, strict=True)
    }
    return max(counted, key=lambda label: counted[label])


def _same(one: tuple[str | None, str | None], other: tuple[str | None, str | None]) -> bool:
    """Whether two neighbouring pieces speak of one request."""
    same_place = one[1] is None or other[1] is None or one[1] == other[1]
    return one[0] == other[0] and same_place


def _check_items(model: Model, taxonomy: Taxonomy) -> None:
    unknown = [code for code in model.answers.labels if code not in taxonomy.items]
    if unknown:
        raise ModelError(
            f"the model knows items that the taxonomy does not have ({', '.join(unknown[:5])}): train anew"
        )
