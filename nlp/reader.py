"""The reader: a batch of messages in, a `Reading` of each out.

The law of this file: the order of design.md §2 (mask, danger, words, gate, item, urgency, places), for
the whole batch at once. It knows nothing of cases, people or chats, and changes nothing: two calls with
the same texts give the same readings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from intake.phrases import is_plus_one
from intake.reading import ItemGuess, Kind, Reading, Triage
from intake.taxonomy import Level, Taxonomy, Visibility
from nlp.calibrate import Thresholds, triage
from nlp.explain import weighty_words
from nlp.features import Batch, Floats
from nlp.model import Head, Model, ModelError, load
from nlp.places import PlaceFinder, is_bare_place
from nlp.prepare import Prepared, prepare
from nlp.privacy import cover
from nlp.scorer import join, sigmoid, softmax
from nlp.split import pieces
from nlp.urgency import level_of

GUESSES = 3
# A danger whose best item is less likely than this fits no item.
FITS = 0.3
# A short line whose item is this sure asks for it even where the gate hesitates. Measured on the
# holdout and on shared chatter: recall of requests +0.03 to +0.06 for 0.1 % more of the chatter.
PLAIN_SURENESS = 0.95
PLAIN_LENGTH = 20
PLAIN_GATE_SHORT = 0.35
PLAIN_GATE = 0.5
_UNSURE = Thresholds(0.9, 0.8)
_MEDIA = re.compile(
    r"(?:\s*[\[【(<](?:图片|圖片|照片|相片|语音|語音|视频|視頻|影片|表情|动画表情|动图|链接|文件|位置|photo|image|voice|video|sticker)[^\]】)>]{0,12}[\]】)>]\s*)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Scores:
    """What the model said of a batch; one line a text."""

    rows: Batch
    answers: Floats
    asks: list[float]
    kinds: Floats | None
    risks: list[float]
    dangers: Floats | None


class Reader:
    """Reads messages with one model. Safe to use from several threads."""

    def __init__(self, model: Model, taxonomy: Taxonomy) -> None:
        if not model.foreign:
            _check_items(model, taxonomy)
        self.model = model
        self.taxonomy = taxonomy
        self._places = PlaceFinder(model.vectoriser.maker.segmenter)
        self._heads = {
            name: head
            for name in ("answers", "gate", "kinds", "alarm", "dangers")
            if (head := getattr(model, name)) is not None
        }
        heads = self._heads.values()
        self._answer_columns = {label: n for n, label in enumerate(model.answers.labels)}
        self._table = join([head.table for head in heads])
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
        ready = [prepare(text, settings.cap, settings.signals) for text in texts]
        scores = self._score(ready)
        names = local_places or [()] * len(texts)
        readings = [
            self._reading(row, text, one, scores, local)
            for row, (text, one, local) in enumerate(zip(texts, ready, names, strict=True))
        ]
        self.model.vectoriser.maker.segmenter.forget()
        return readings

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

    def _score(self, ready: Sequence[Prepared]) -> _Scores:
        rows = self.model.vectoriser.vectors((one.normal, one.signals) for one in ready)
        found = self._table.scores(rows)
        parts: dict[str, Floats] = {}
        at = 0
        for name, head in self._heads.items():
            part = found[:, at : at + len(head.labels)]
            one = len(head.labels) == 1
            if name == "gate":
                part = part + self.model.sureness_share * parts["answers"].max(
                    axis=1, keepdims=True
                )
            parts[name] = sigmoid(part[:, 0]) if one else softmax(part, head.temperature)
            at += len(head.labels)
        return _Scores(
            rows,
            parts["answers"],
            parts["gate"].tolist() if "gate" in parts else [],
            parts.get("kinds"),
            parts["alarm"].tolist() if "alarm" in parts else [],
            parts.get("dangers"),
        )

    def _reading(
        self, row: int, text: str, ready: Prepared, scores: _Scores, local: Sequence[str]
    ) -> Reading:
        if self.model.foreign:
            return self._foreign(row, text, ready, scores)
        guesses = self._guesses(scores.answers[row])
        places = self._places.find(ready.folded, local)
        bare = is_bare_place(text, places)
        danger = self._danger(row, ready, scores)
        kind, asks = self._kind(row, text, scores, bare, guesses[0].probability)
        if danger:
            kind = Kind.REQUEST
        item = self.taxonomy.items[guesses[0].item] if kind is Kind.REQUEST else None
        if item and danger and guesses[0].probability < FITS:
            item = None
        if item and item.is_wish and not danger:
            kind = Kind.WISH
        level = None
        if kind.asks:
            level = (
                Level.A if danger or not item else level_of(item.level, item.category, ready.normal)
            )
        return Reading(
            text=text,
            kind=kind,
            request_probability=max(asks, 0.99) if danger else asks,
            guesses=guesses,
            category=item.category if item else None,
            item=item.code if item else None,
            level=level,
            lead=item.lead if item else None,
            visibility=self._visibility(danger, item.visibility if item else None, kind),
            triage=self._triage(guesses, danger),
            emergency=danger,
            masks=ready.masks,
            masked_text=cover(text, ready.masks),
            places=places,
            because=self._because(text, ready, guesses[0].item) if kind.asks else (),
            bare_place=bare,
        )

    def _foreign(self, row: int, text: str, ready: Prepared, scores: _Scores) -> Reading:
        """A reading by somebody's own labels: the label stands as category."""
        guesses = self._guesses(scores.answers[row])
        best = guesses[0].item
        return Reading(
            text=text,
            kind=Kind.REQUEST,
            request_probability=1.0,
            guesses=guesses,
            category=best,
            item=None,
            level=None,
            lead=None,
            visibility=None,
            triage=self._triage(guesses, None),
            emergency=None,
            masks=ready.masks,
            masked_text=cover(text, ready.masks),
            places=self._places.find(ready.folded),
            because=self._because(text, ready, best),
        )

    def _guesses(self, chances: Floats) -> tuple[ItemGuess, ...]:
        labels = self.model.answers.labels
        count = min(GUESSES, len(labels))
        best = np.argpartition(-chances, count - 1)[:count]
        best = best[np.argsort(-chances[best], kind="stable")]
        return tuple(ItemGuess(labels[i], float(chances[i])) for i in best)

    def _danger(self, row: int, ready: Prepared, scores: _Scores) -> str | None:
        if scores.dangers is None or self.model.dangers is None or not scores.risks:
            return ready.signals.alarm
        risk = scores.risks[row]
        backed = ready.signals.alarm is not None and risk >= self.model.backed_danger_threshold
        if risk < self.model.danger_threshold and not backed and not ready.signals.certain:
            return None
        return _which_danger(self.model.dangers, scores.dangers[row], ready)

    def _kind(
        self, row: int, text: str, scores: _Scores, bare: bool, sure: float
    ) -> tuple[Kind, float]:
        """The kind, and the gate's probability that the message asks for something."""
        asks = scores.asks[row]
        if _MEDIA.fullmatch(text):
            return Kind.MEDIA_ONLY, 0.0
        if is_plus_one(text):
            return Kind.PLUS_ONE, asks
        if scores.rows.starts[row] == scores.rows.starts[row + 1]:
            return Kind.CHAT, 0.0
        if not bare and (asks >= self.model.request_threshold or _says_plainly(asks, sure, text)):
            return Kind.REQUEST, asks
        if bare or scores.kinds is None or self.model.kinds is None:
            return Kind.CHAT, asks
        return Kind(self.model.kinds.labels[int(scores.kinds[row].argmax())]), asks

    def _visibility(
        self, danger: str | None, own: Visibility | None, kind: Kind
    ) -> Visibility | None:
        if danger and not self.taxonomy.emergencies[danger].group_reply:
            return Visibility.PRIVATE
        return (own or Visibility.MASKED) if kind.asks else None

    def _triage(self, guesses: Sequence[ItemGuess], danger: str | None) -> Triage:
        if danger:
            return Triage.AUTO
        best = guesses[0]
        item = self.taxonomy.items.get(best.item)
        limits = self.model.thresholds
        own = limits.get(item.category if item else best.item) or limits.get("") or _UNSURE
        second = guesses[1].probability if len(guesses) > 1 else 0.0
        return triage(best.probability, second, own)

    def _because(self, text: str, ready: Prepared, answer: str) -> tuple[str, ...]:
        column = self._answer_columns[answer]
        weights, vectoriser = self.model.answers.table.weights, self.model.vectoriser

        def adds(term: str) -> float:
            row = vectoriser.column(term)
            return 0.0 if row is None else float(weights[row, column] * vectoriser.rarity[row])

        return weighty_words(text, ready, adds, vectoriser.maker.segmenter)


def _says_plainly(asks: float, sure: float, text: str) -> bool:
    """Whether a line that the gate doubts is a plain statement of one item (停电了, 电梯坏了): the
    item is beyond doubt, and the line is short or the gate at least undecided."""
    least = PLAIN_GATE_SHORT if len(text) <= PLAIN_LENGTH else PLAIN_GATE
    return sure >= PLAIN_SURENESS and asks >= least


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
