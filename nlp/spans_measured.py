"""How well spans are found: personal data to mask, places, and the parts of a message.

The law of this file: a span counts as found when it is exactly the stretch that was marked. Beside it
stands the overlap, sign by sign, since a phone number masked with one sign too many is no leak, and a
place that lacks 门口 is still found. The kind of a marked stretch is read from its own signs
(`_SHAPES`), not from our rules, so that what the rules miss is counted under its kind as well.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from intake.taxonomy import Level, Taxonomy
from nlp.figures import Figure, resampled, share
from nlp.holdout import Parts, Spans, Urgent
from nlp.privacy import digits_of
from nlp.reader import Reader

_SHAPES: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("email", lambda text: "@" in text),
    ("plate", re.compile(r"^[\u4e00-\u9fff粤]?\s?[A-Za-z][·.\s-]?(?=\w*\d)\w{5,7}$").search),
    ("wechat", re.compile(r"^[A-Za-z][\w-]{4,}$").search),
    ("id", lambda text: len(digits_of(text)) in (15, 17, 18) and "-" not in text),
    ("address", re.compile(r"[栋幢座樓楼号號室房路街巷村单單元梯弄]|^\w{1,3}-\d").search),
    ("id", re.compile(r"^[A-Z]{1,2}\d{6}\(?[\dA]\)?$").search),
    ("card", lambda text: len(digits_of(text)) >= 14),
    ("phone", re.compile(r"^(?:\+|00)?(?:852|853)").search),
    ("phone", lambda text: len(digits_of(text)) in (11, 13) and digits_of(text)[-11] == "1"),
)


def kind_of_mask(text: str) -> str:
    """What a marked stretch is, by its own signs; a landline where nothing else fits."""
    return next((kind for kind, fits in _SHAPES if fits(text)), "landline")


@dataclass(frozen=True, slots=True)
class _Pair:
    """The marked and the found spans of one text, as words and as covered signs."""

    marked: tuple[str, ...]
    found: tuple[str, ...]
    marked_signs: frozenset[int]
    found_signs: frozenset[int]

    @property
    def exact(self) -> int:
        return sum((Counter(self.marked) & Counter(self.found)).values())

    @property
    def shared(self) -> int:
        return len(self.marked_signs & self.found_signs)


def measure_spans(
    reader: Reader, rows: Sequence[Spans]
) -> tuple[dict[str, Figure], dict[str, Figure]]:
    """Figures of masks and places, and the recall of each kind of mask."""
    readings = reader.read([row.text for row in rows])
    masks, places = [], []
    for row, reading in zip(rows, readings, strict=True):
        masks.append(_pair(row.text, row.mask, [(m.start, m.end) for m in reading.masks]))
        places.append(_pair(row.text, row.place, [(p.start, p.end) for p in reading.places]))
    figures = {**_exact("mask", masks), **_overlap("mask", masks)}
    figures |= {**_exact("place", places), **_overlap("place", places)}
    return figures, _by_kind(masks)


def _pair(text: str, marked: Sequence[str], found: Sequence[tuple[int, int]]) -> _Pair:
    return _Pair(
        tuple(marked),
        tuple(text[start:end] for start, end in found),
        frozenset(sign for start, end in _located(text, marked) for sign in range(start, end)),
        frozenset(sign for start, end in found for sign in range(start, end)),
    )


def _located(text: str, stretches: Sequence[str]) -> list[tuple[int, int]]:
    """Where the stretches stand, in order; the same words twice are two places."""
    places, at = [], 0
    for stretch in stretches:
        start = text.find(stretch, at)
        start = start if start >= 0 else text.index(stretch)
        places.append((start, start + len(stretch)))
        at = start + len(stretch)
    return places


def _exact(name: str, pairs: Sequence[_Pair]) -> dict[str, Figure]:
    recall = [hit for pair in pairs for hit in _hits(pair.marked, pair.found)]
    precision = [hit for pair in pairs for hit in _hits(pair.found, pair.marked)]
    counts = [(pair.exact, len(pair.marked), len(pair.found)) for pair in pairs]
    return {
        f"{name}_recall": share(recall),
        f"{name}_precision": share(precision),
        f"{name}_f1": _f1(counts),
    }


def _hits(wanted: Sequence[str], there: Sequence[str]) -> list[bool]:
    """For each of `wanted`, whether `there` has it; each of `there` answers for one."""
    left = Counter(there)
    hits = []
    for words in wanted:
        hits.append(left[words] > 0)
        left[words] -= 1
    return hits


def _overlap(name: str, pairs: Sequence[_Pair]) -> dict[str, Figure]:
    counts = [(pair.shared, len(pair.marked_signs), len(pair.found_signs)) for pair in pairs]
    figures = {f"{name}_overlap_f1": _f1(counts)}
    if name == "mask":
        touched = [s in p.found_signs for p in pairs for s in p.marked_signs]
        figures["mask_covered"] = share(touched)
    return figures


def _f1(counts: Sequence[tuple[int, int, int]]) -> Figure:
    """F1 from (hits, marked, found) per text, resampled over texts."""
    table = np.asarray(counts, dtype=np.float64).reshape(-1, 3)

    def score(pick: NDArray[np.intp]) -> float:
        hits, marked, found = table[pick].sum(axis=0)
        return float(2 * hits / max(marked + found, 1.0))

    return resampled(len(table), score)


def _by_kind(pairs: Sequence[_Pair]) -> dict[str, Figure]:
    hits: dict[str, list[bool]] = {}
    for pair in pairs:
        for words, hit in zip(pair.marked, _hits(pair.marked, pair.found), strict=True):
            hits.setdefault(kind_of_mask(words), []).append(hit)
    return {kind: share(found) for kind, found in sorted(hits.items())}


def measure_splits(reader: Reader, rows: Sequence[Parts]) -> dict[str, Figure]:
    """Whether a message falls into as many requests as were marked, and which of them are found."""
    taxonomy = reader.taxonomy
    counted, recall, precision = [], [], []
    for row in rows:
        wanted = [
            label for label, _ in row.parts if label in {*taxonomy.items, *taxonomy.emergencies}
        ]
        pieces = reader.split(row.text)
        readings = reader.read(pieces)
        found = [r.emergency or r.item or "" for r in readings if r.kind.asks]
        counted.append(len(pieces) == max(len(wanted), 1))
        recall += _hits(wanted, found)
        precision += _hits(found, wanted)
    return {
        "split_count": share(counted),
        "split_recall": share(recall),
        "split_precision": share(precision),
    }


def measure_levels(reader: Reader, rows: Sequence[Urgent]) -> dict[str, Figure]:
    """Urgency by words, on lines whose level is marked."""
    readings = reader.read([row.text for row in rows])
    read = [reading.level or _own(reading.guesses[0].item, reader.taxonomy) for reading in readings]
    urgent = [
        level is Level.C for row, level in zip(rows, read, strict=True) if row.level is Level.A
    ]
    return {
        "level_right": share([a.level is b for a, b in zip(rows, read, strict=True)]),
        "level_marked_a_as_c": share(urgent),
    }


def _own(item: str, taxonomy: Taxonomy) -> Level:
    return taxonomy.items[item].level
