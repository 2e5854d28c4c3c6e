"""What the training lines are like: enough of each, of many voices, and none from a template.

The law of this file: it counts and judges nothing; what is enough stands in the test. An item that was
filled from slots (place × thing × plea) shows in two figures: its lines resemble one another
(`near_duplicates`), and they soon stop bringing new pairs of signs (`Vocabulary`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from intake.taxonomy import Taxonomy
from nlp.corpus import Row
from nlp.normalise import fold

NEAR = 0.8
"""From this cosine of their pairs of signs on, two lines are near-duplicates."""
SAMPLE = 60
"""Vocabulary is counted over so many lines, evenly taken, so that items of any size compare."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Of a sample of lines: distinct signs, distinct pairs of signs, and pairs' share of all."""

    signs: int
    pairs: int
    fresh: float


@dataclass(frozen=True)
class Quality:
    """The figures of a corpus. Shares are of lines that carry an item."""

    lines: Mapping[str, int]
    voices: Mapping[str, float]
    personas: int
    near_duplicates: Sequence[tuple[str, str, str]]
    keyword_free: float
    odd_lengths: Sequence[Row]
    vocabulary: Mapping[str, Vocabulary]

    @property
    def total(self) -> int:
        return sum(self.lines.values())

    @property
    def near_share(self) -> float:
        return len(self.near_duplicates) / max(self.total, 1)

    def text(self) -> str:
        """As a table for a terminal."""
        fewest = min(self.lines, key=lambda code: self.lines[code])
        poorest = min(self.vocabulary, key=lambda code: self.vocabulary[code].fresh)
        rows = [
            ("lines with an item", str(self.total)),
            ("fewest lines of an item", f"{self.lines[fewest]} ({fewest})"),
            ("personas", str(self.personas)),
            ("near-duplicates", f"{len(self.near_duplicates)} ({self.near_share:.2%})"),
            ("without a keyword of their item", f"{self.keyword_free:.1%}"),
            ("shorter than 4 or longer than 80 signs", str(len(self.odd_lengths))),
            ("least fresh pairs of signs", f"{self.vocabulary[poorest].fresh:.2f} ({poorest})"),
            *((f"voice {name}", f"{part:.1%}") for name, part in sorted(self.voices.items())),
        ]
        return "\n".join(f"{name:40} {value}" for name, value in rows)


def measure_corpus(rows: Sequence[Row], taxonomy: Taxonomy) -> Quality:
    """The figures of `rows`."""
    texts: dict[str, list[str]] = {code: [] for code in taxonomy.items}
    asking = [row for row in rows if row.label in taxonomy.items]
    for row in asking:
        texts[row.label].append(row.text)
    voices = Counter(row.voice for row in asking)
    return Quality(
        {code: len(found) for code, found in texts.items()},
        {voice: count / len(asking) for voice, count in voices.items()},
        len({(row.writer, row.persona) for row in asking}),
        [(code, *pair) for code, found in texts.items() for pair in near_duplicates(found)],
        float(np.mean([not names_a_keyword(row.text, row.label, taxonomy) for row in asking])),
        [row for row in asking if not 4 <= len(row.text) <= 80],
        {code: vocabulary(found) for code, found in texts.items()},
    )


def near_duplicates(texts: Sequence[str]) -> list[tuple[str, str]]:
    """Each text that resembles an earlier one of the list, with that one."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.preprocessing import normalize

    if len(texts) < 2:
        return []
    pairs = CountVectorizer(analyzer="char", ngram_range=(2, 2), lowercase=False)
    rows = normalize(pairs.fit_transform([bare(text) + " ." for text in texts]))
    alike = np.tril((rows @ rows.T).toarray(), k=-1)
    best = alike.argmax(axis=1)
    return [(texts[n], texts[b]) for n, b in enumerate(best.tolist()) if alike[n, b] >= NEAR]


def bare(text: str) -> str:
    """Letters, digits and signs alone, simplified: what makes two lines the same line."""
    return "".join(sign for sign in fold(text).text if sign.isalnum())


def names_a_keyword(text: str, code: str, taxonomy: Taxonomy) -> bool:
    """Whether `text` has a keyword of the item `code`, in whatever script."""
    folded = fold(text).text
    return any(fold(word).text in folded for word in taxonomy.items[code].keywords)


def vocabulary(texts: Sequence[str], sample: int = SAMPLE) -> Vocabulary:
    """The vocabulary of `sample` of the texts, taken evenly from the whole list."""
    step = max(1, len(texts) // sample)
    chosen = [bare(text) for text in texts[::step][:sample]]
    pairs = Counter(a + b for text in chosen for a, b in pairwise(text))
    return Vocabulary(len(set("".join(chosen))), len(pairs), len(pairs) / max(pairs.total(), 1))


def in_both(corpus: Iterable[Row], holdout: Iterable[Row]) -> list[Row]:
    """Lines of the holdout that also stand in the corpus, however spaced and punctuated."""
    known = {bare(row.text) for row in corpus}
    return [row for row in holdout if bare(row.text) in known]


def overlapping(rows: Iterable[Row], one: str, other: str, taxonomy: Taxonomy) -> int:
    """How many lines labelled `one` use a keyword of `other`: the border between the two."""
    if other not in taxonomy.items:
        return 0
    mine = [row for row in rows if row.label == one]
    return sum(names_a_keyword(row.text, other, taxonomy) for row in mine)
