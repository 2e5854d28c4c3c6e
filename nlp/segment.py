"""Words: jieba's dictionary and jieba's rule, in our own short code.

The law of this file: the most probable path through the dictionary, exactly `jieba.lcut(text,
HMM=False)` (a test holds it to that), but with logarithms taken beforehand, without generators, and
loadable from two plain arrays in a tenth of jieba's waking time. The dictionary is versioned with
the model: what the model was trained on is what it reads with.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import log
from pathlib import Path

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+|[^\s]")
# jieba's own frequencies end at 3; a word rarer than this many sightings in its 60-million-word
# source never wins against its parts, so the stored dictionary leaves it out.
RARE = 3


class DictionaryError(ValueError):
    """A dictionary line is not `word`, `word frequency` or `word frequency tag`; mend that line."""


@dataclass(frozen=True, slots=True)
class Word:
    """A dictionary word: how often it was seen, and jieba's tag of its kind (n, v, ns …)."""

    text: str
    count: int | None = None
    tag: str = "n"


class Segmenter:
    """Cuts folded text into words. Build it with `from_jieba` or `read`."""

    def __init__(self, words: Iterable[Word]) -> None:
        self.entries = {word.text: word for word in words if word.count}
        total = log(sum(word.count or 0 for word in self.entries.values()) or 1)
        self._weights = {text: log(word.count or 1) - total for text, word in self.entries.items()}
        self._unknown = -total
        # The same clause is cut for features, places and reasons; a batch ends with `forget`.
        self._cut_run = lru_cache(maxsize=1024)(self._best_path)
        self._prefixes = {word[:end] for word in self._weights for end in range(1, len(word))}

    @classmethod
    def from_jieba(cls, own_words: Path | None = None, rare: int = 0) -> Segmenter:
        """jieba's dictionary and our own file on top; words seen `rare` times or less stay out."""
        import jieba

        jieba.setLogLevel(logging.WARNING)
        tokenizer = jieba.Tokenizer()
        tokenizer.initialize()
        own = {word.text: word for word in read_words(own_words)} if own_words else {}
        for word in own.values():
            tokenizer.add_word(word.text, word.count)
        with jieba.get_module_res("dict.txt") as file:
            tags = dict(line.decode("utf-8").split()[::2] for line in file)
        tags |= {text: word.tag for text, word in own.items()}
        return cls(
            Word(text, count, tags.get(text, "x"))
            for text, count in sorted(tokenizer.FREQ.items())
            if count > rare or text in own or (count and len(text) == 1)
        )

    @classmethod
    def read(cls, path: Path) -> Segmenter:
        """A dictionary as `write` left it."""
        return cls(read_words(path))

    def write(self, path: Path) -> None:
        lines = (f"{word.text} {word.count} {word.tag}\n" for word in self.entries.values())
        path.write_text("".join(lines), encoding="utf-8")

    def tag(self, word: str) -> str:
        """jieba's tag, or x for a word that no dictionary has."""
        entry = self.entries.get(word)
        return entry.tag if entry else "x"

    def cut(self, text: str) -> list[str]:
        """The words of `text`; blanks are dropped, runs of letters and digits stay whole."""
        words: list[str] = []
        for run in _RUN.findall(text):
            if len(run) == 1 or run[0] < "\u3400":
                words.append(run)
            else:
                words += self._cut_run(run)
        return words

    def forget(self) -> None:
        """Drop the clauses that were remembered: messages are nobody's to keep."""
        self._cut_run.cache_clear()

    def _best_path(self, run: str) -> tuple[str, ...]:
        weights, prefixes, unknown = self._weights, self._prefixes, self._unknown
        size = len(run)
        best = [0.0] * (size + 1)
        ends = [0] * size
        for start in range(size - 1, -1, -1):
            end = start + 1
            piece = run[start]
            top, top_end = weights.get(piece, unknown) + best[end], end
            while piece in prefixes and end < size:
                end += 1
                piece = run[start:end]
                weight = weights.get(piece)
                if weight is not None and weight + best[end] >= top:
                    top, top_end = weight + best[end], end
            best[start], ends[start] = top, top_end
        words = []
        start = 0
        while start < size:
            words.append(run[start : ends[start]])
            start = ends[start]
        return tuple(words)


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
