"""Words: jieba's dictionary and jieba's rule, for a whole batch at once.

The law of this file: the most probable path through the dictionary, exactly `jieba.lcut(text,
HMM=False)` (a test holds it to that). Likelihoods are whole numbers, so that a sum is the same in
whatever order it is made; of two equal paths the one with the longer first word wins. A few lines are cut
sign by sign, many at once over arrays (`segment_many.py`), with the same words. The dictionary is
versioned with the model: what the model was trained on is what it reads with.
"""

from __future__ import annotations

import hashlib
import logging
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from weakref import WeakValueDictionary

from nlp.segment_many import ManyCutter

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+|[^\s]")
# jieba's own frequencies end at 3; a word rarer than this many sightings in its 60-million-word
# source never wins against its parts, so the stored dictionary leaves it out.
RARE = 3
# Likelihoods (logarithms) are whole multiples of 1 / EXACT.
EXACT = 2**40
# Up to so many signs the arrays of many texts cost more than they bring.
FEW_SIGNS = 400


class DictionaryError(ValueError):
    """A dictionary line is not `word`, `word frequency` or `word frequency tag`; mend that line."""


@dataclass(frozen=True, slots=True)
class Word:
    """A dictionary word: how often it was seen, and jieba's tag of its kind (n, v, ns …)."""

    text: str
    count: int | None = None
    tag: str = "n"


class Dictionary(Mapping[str, Word]):
    """The words that were seen at all, each by its text. Kept as two plain dictionaries: a hundred
    thousand small objects would be walked through by every collection of garbage."""

    def __init__(self, texts: Sequence[str], counts: Iterable[int], tags: Iterable[str]) -> None:
        self.counts = {text: count for text, count in zip(texts, counts, strict=True) if count}
        self.tags = dict(zip(texts, map(sys.intern, tags), strict=True))
        if len(self.tags) > len(self.counts):
            self.tags = {text: self.tags[text] for text in self.counts}

    def __getitem__(self, text: str) -> Word:
        return Word(text, self.counts[text], self.tags[text])

    def __iter__(self) -> Iterator[str]:
        return iter(self.counts)

    def __len__(self) -> int:
        return len(self.counts)


class Segmenter:
    """Cuts folded text into words. Build it with `from_jieba` or `read`; it never changes."""

    def __init__(self, entries: Dictionary) -> None:
        self.entries = entries
        counts = entries.counts
        total = log(sum(counts.values()) or 1)
        weight = {count: round((log(count) - total) * EXACT) for count in set(counts.values())}
        self._weights = {text: weight[count] for text, count in counts.items()}
        self._unknown = round(-total * EXACT)
        # The first two signs of longer words, with the size of the longest.
        self._longest: dict[str, int] = {}
        for text in sorted(counts, key=len):
            if len(text) > 1:
                self._longest[text[:2]] = len(text)
        self._many = ManyCutter(self._weights, self._unknown)

    @classmethod
    def from_jieba(
        cls, own_words: Path | None = None, rare: int = 0, more: Iterable[Word] = ()
    ) -> Segmenter:
        """jieba's dictionary, our own file and `more` on top; of jieba's, words seen `rare` times or less
        stay out."""
        import jieba

        jieba.setLogLevel(logging.WARNING)
        tokenizer = jieba.Tokenizer()
        tokenizer.initialize()
        own = {word.text: word for word in more}
        own |= {word.text: word for word in read_words(own_words)} if own_words else {}
        for word in own.values():
            tokenizer.add_word(word.text, word.count)
        with jieba.get_module_res("dict.txt") as file:
            tags = dict(line.decode("utf-8").split()[::2] for line in file)
        tags |= {text: word.tag for text, word in own.items()}
        seen = tokenizer.FREQ
        kept = [
            text
            for text, count in sorted(seen.items())
            if count > rare or text in own or (count and len(text) == 1)
        ]
        counts = (seen[text] for text in kept)
        return cls(Dictionary(kept, counts, (tags.get(text, "x") for text in kept)))

    @classmethod
    def read(cls, path: Path) -> Segmenter:
        """A dictionary as `write` left it; one written by hand is for `read_words`. Models that have the same
        one share it for as long as one of them is there."""
        raw = path.read_bytes()
        key = hashlib.sha256(raw).digest()
        if (known := _READ.get(key)) is None:
            fields = raw.decode("utf-8").split()
            entries = Dictionary(fields[::3], map(int, fields[1::3]), fields[2::3])
            known = _READ[key] = cls(entries)
        return known

    def write(self, path: Path) -> None:
        tags = self.entries.tags
        lines = (f"{text} {count} {tags[text]}\n" for text, count in self.entries.counts.items())
        path.write_text("".join(lines), encoding="utf-8")

    def tag(self, word: str) -> str:
        """jieba's tag, or x for a word that no dictionary has."""
        return self.entries.tags.get(word, "x")

    def cut(self, text: str) -> list[str]:
        """The words of `text`; blanks are dropped, runs of letters and digits stay whole."""
        return self.cut_all([text])[0]

    def cut_all(self, texts: Sequence[str]) -> list[list[str]]:
        """The words of every text."""
        if sum(map(len, texts)) > FEW_SIGNS:
            return self._many.cut_all(texts)
        return [self._cut(text) for text in texts]

    def _cut(self, text: str) -> list[str]:
        words: list[str] = []
        for run in _RUN.findall(text):
            if len(run) == 1 or run[0] < "\u3400":
                words.append(run)
            else:
                words += self._best_path(run)
        return words

    def _best_path(self, run: str) -> Iterator[str]:
        weights, longest, size = self._weights, self._longest, len(run)
        best, ends = [0] * (size + 1), [0] * size
        for start in range(size - 1, -1, -1):
            top, top_end = weights.get(run[start], self._unknown) + best[start + 1], start + 1
            last = min(start + longest.get(run[start : start + 2], 0), size)
            for end in range(start + 2, last + 1):
                weight = weights.get(run[start:end])
                if weight is not None and weight + best[end] >= top:
                    top, top_end = weight + best[end], end
            best[start], ends[start] = top, top_end
        start = 0
        while start < size:
            yield run[start : ends[start]]
            start = ends[start]


_READ: WeakValueDictionary[bytes, Segmenter] = WeakValueDictionary()


def read_words(path: Path) -> list[Word]:
    """Read `word`, `word frequency` or `word frequency tag` lines; # begins a remark."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        _word(line.split("#")[0].split(), f"{path}, line {number}")
        for number, line in enumerate(lines, 1)
        if line.split("#")[0].strip()
    ]


def _word(fields: list[str], where: str) -> Word:
    if len(fields) > 3 or (len(fields) > 1 and not fields[1].isdigit()):
        raise DictionaryError(f"{where}: write a word, or a word, its frequency and its tag")
    count = int(fields[1]) if len(fields) > 1 else None
    return Word(fields[0], count, fields[2] if len(fields) > 2 else "n")
