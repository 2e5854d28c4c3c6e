"""The reader: a batch of messages in, a `Reading` of each out.

The law of this file: the order of design.md §2 (mask, danger, words, gate, item, urgency, places), for
the whole batch at once. It knows nothing of cases, people or chats, and changes nothing: two calls with
the same texts give the same readings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from intake.hearing import Hearing
from intake.reading import ItemGuess, Reading, Span, Triage
from intake.taxonomy import Taxonomy
from nlp import plain_questions
from nlp.calibrate import Thresholds, triage
from nlp.care import haste_of, visibility_of
from nlp.explain import Explainer, wording
from nlp.lexicon import Lexicon
from nlp.model import Model, ModelError, load
from nlp.normalise import parted
from nlp.places import PlaceFinder
from nlp.prepare import Prepared, prepare_all
from nlp.privacy import cover
from nlp.scoring import Scoring
from nlp.sense import Guesses, Judge, Scores, Sense
from nlp.split import pieces
from nlp.whole_addresses import from_their_beginning, with_addresses

_UNSURE = Thresholds(0.9, 0.8)

Words = Mapping[str, Sequence[str]]


class Reader:
    """Reads messages with one model. Safe to use from several threads."""

    def __init__(self, model: Model, taxonomy: Taxonomy) -> None:
        if not model.foreign:
            _check_items(model, taxonomy)
        self.model = model
        self.taxonomy = taxonomy
        self._places = PlaceFinder(model.vectoriser.maker.segmenter, model.places)
        self._scoring = Scoring(model, {} if model.foreign else _stands_for(model, taxonomy))
        self._explainer = Explainer(model.vectoriser, self._scoring.common)
        self._judge = Judge(model, taxonomy)
        self._limits = {label: self._limits_of(label) for label in self._scoring.labels}
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
        ready = list(map(_covered_whole, ready, found))
        places = [
            with_addresses(spans, one.masks) if one.masks else spans
            for spans, one in zip(found, ready, strict=True)
        ]
        judge = self._judge
        senses = [judge.sense(row, one, scores, places[row]) for row, one in enumerate(ready)]
        others = [judge.otherwise(row, one, scores) for row, one in enumerate(senses)]
        because = self._because(ready, words, senses, others, scores)
        return list(map(self._reading, ready, senses, others, scores.guesses, places, because))

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

    def _score(self, ready: Sequence[Prepared], words: Words) -> Scores:
        rows = self.model.vectoriser.vectors(
            [(one.normal, one.signals) for one in ready], [words[one.normal] for one in ready]
        )
        scores = self._scoring.scores(rows)
        if self.model.foreign:
            return scores
        return plain_questions.heard(scores, ready, self._scoring.labels)

    def _because(
        self,
        ready: Sequence[Prepared],
        words: Words,
        senses: Sequence[Sense],
        others: Sequence[Sense | None],
        scores: Scores,
    ) -> list[tuple[str, ...]]:
        """The weightiest words of the messages that ask for something, or may."""
        both = enumerate(zip(senses, others, strict=True))
        asking = [row for row, (sense, other) in both if sense.is_call or other]
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
        sense: Sense,
        other: Sense | None,
        guesses: Guesses,
        places: tuple[Span, ...],
        because: tuple[str, ...],
    ) -> Reading:
        item, danger = sense.item, sense.danger
        foreign, taxonomy = self.model.foreign, self.taxonomy
        is_ours = sense.is_call and not foreign
        return Reading(
            text=ready.text,
            kind=sense.kind,
            request_probability=sense.asks,
            guesses=guesses,
            category=guesses[0].item if foreign else item.category if item else None,
            item=item.code if item else None,
            level=haste_of(sense, ready.normal, guesses, taxonomy) if is_ours else None,
            lead=item.lead if item else None,
            visibility=visibility_of(sense, guesses, taxonomy) if is_ours else None,
            triage=self._triage(guesses, danger),
            emergency=danger,
            masks=ready.masks,
            masked_text=cover(ready.text, ready.masks) if ready.masks else ready.text,
            places=places,
            because=because if sense.is_call else (),
            bare_place=sense.bare,
            suspicion=sense.suspicion,
            otherwise=self._reading(ready, other, None, guesses, places, because)
            if other
            else None,
        )

    def _triage(self, guesses: Sequence[ItemGuess], danger: str | None) -> Triage:
        if danger:
            return Triage.AUTO
        second = guesses[1].probability if len(guesses) > 1 else 0.0
        return triage(guesses[0].probability, second, self._limits[guesses[0].item])

    def _limits_of(self, label: str) -> Thresholds:
        item = self.taxonomy.items.get(label)
        limits = self.model.thresholds
        return limits.get(item.category if item else label) or limits.get("") or _UNSURE


def _covered_whole(ready: Prepared, places: Sequence[Span]) -> Prepared:
    if not ready.masks:
        return ready
    return ready._replace(masks=from_their_beginning(ready.text, ready.masks, places))


def _same(one: tuple[str | None, str | None], other: tuple[str | None, str | None]) -> bool:
    """Whether two neighbouring pieces speak of one request."""
    same_place = one[1] is None or other[1] is None or one[1] == other[1]
    return one[0] == other[0] and same_place


_UNKNOWN_SHARE = 0.1
"""A model of which more items are unknown than this was made for something else."""


def _check_items(model: Model, taxonomy: Taxonomy) -> None:
    """A model may name some items that were retired since, and no more than that."""
    labels = model.answers.labels
    gone = [code for code in labels if taxonomy.is_retired(code)]
    unknown = [code for code in gone if code not in taxonomy.retired]
    if len(unknown) > _UNKNOWN_SHARE * len(labels) or len(gone) == len(labels):
        raise ModelError(
            f"the model knows items that the taxonomy does not have ({', '.join(gone[:5])}): train anew"
        )


def _stands_for(model: Model, taxonomy: Taxonomy) -> dict[str, str | None]:
    """What took the place of the items that a model knows and that are retired since; None: nothing did."""
    gone = (code for code in model.answers.labels if taxonomy.is_retired(code))
    now = ((code, taxonomy.item(code)) for code in gone)
    return {code: item.code if item else None for code, item in now}
