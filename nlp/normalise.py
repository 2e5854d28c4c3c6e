"""Making different spellings of one thing look alike, before anything reads them.

The law of this file: two steps, never mixed. `fold` changes single characters only, so that every
span found in the folded text can be shown in the neighbour's own text. `normalise` goes further
(dialect words, digits, repeats, emoji) and is for features only: nothing it returns has offsets. Both
take many texts at once; no pattern crosses the `PART` between two of them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np
import opencc

from nlp.signs import EVERY_SIGN, PART, Codes, codes_of, text_of

# Characters that show nothing: C0/C1 controls, soft hyphen, zero-width and direction marks, BOM,
# variation selectors. Left in a text they hide a phone number or a fire from every pattern.
_INVISIBLE_RANGES = (
    (0x00, 0x08),
    (0x0B, 0x0C),
    (0x0E, 0x1F),
    (0x7F, 0x9F),
    (0xAD, 0xAD),
    (0x61C, 0x61C),
    (0x180E, 0x180E),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFC),
    (0xE0000, 0xE0FFF),
)
_INVISIBLE = re.compile(
    "[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in _INVISIBLE_RANGES) + "]"
)
_HAN_RANGES = ((0x3400, 0x9FFF), (0xF900, 0xFAD9), (0x20000, 0x2A6DF))
# Variants that the converter leaves alone but neighbours type.
_EXTRA = {
    "裏": "里",
    "喺": "喺",
    "畀": "俾",
    "冇": "冇",
    "嚟": "嚟",
    "台": "台",
    "週": "周",
    "噉": "咁",
}

# Up to so many texts are folded faster one by one.
FEW_TEXTS = 8
GOOD_MOOD = "♡"
OTHER_MOOD = "☺"
_MOOD_WORDS = "强|赞|玫瑰|抱拳|鼓掌|爱心|握手|ok|胜利|拥抱|加油|比心|合十|鲜花|庆祝"
_MOOD_GOOD = re.compile(rf"\[(?:{_MOOD_WORDS})\]|[👍🙏👏💪❤🌹🎉💐🥳💕👌🌸🎊]")
_MOOD_ANY = re.compile(
    r"\[[a-z\u4e00-\u9fff]{1,6}\]|[\u2600-\u2660\u2662-\u27bf\U0001f000-\U0001faff\u2b00-\u2bff]"
)
_MOOD_HINT = re.compile("[\\[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
_LINK = re.compile(r"(?:https?://|www\.)[\w./?=&%#:+~-]+")
_DIGITS = re.compile(r"\d+(?:[.:]\d+)*")
_REPEAT = re.compile(r"([^\n\0])\1{2,}")
_BREAK = re.compile(r"[^\w?!♡☺＊\0]+|_+")


class Folded(NamedTuple):
    """A text with simple characters only; `offsets` is None when nothing was taken out."""

    text: str
    offsets: tuple[int, ...] | None = None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stands in the text that was folded."""
        if self.offsets is None or start >= end:
            return start, end
        return self.offsets[start], self.offsets[end - 1] + 1

    def position(self, at: int) -> int:
        """Where the sign at `at` of the original text, or else the next that was kept, stands in `text`."""
        return at if self.offsets is None else bisect_left(self.offsets, at)


@cache
def _fold_table() -> dict[int, str]:
    """Traditional to simplified, full width to half width, capitals to small: one sign each."""
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    table |= {code: chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
    table |= {code: chr(code - 0xFEE0 + 32) for code in range(0xFF21, 0xFF3B)}
    table |= {0x3000: " ", 0xA0: " ", ord("﹣"): "-", ord("–"): "-", ord("—"): "-"}
    signs = [chr(code) for first, last in _HAN_RANGES for code in range(first, last + 1)]
    converted = opencc.OpenCC("t2s").convert("\n".join(signs)).split("\n")
    pairs = zip(signs, converted, strict=True)
    table |= {ord(old): new for old, new in pairs if old != new and len(new) == 1}
    return table | {ord(old): new for old, new in _EXTRA.items()}


def fold(text: str) -> Folded:
    """Fold `text` sign by sign; invisible signs are taken out and their places remembered."""
    if text.isascii() and text.isprintable():
        return Folded(text.lower())
    if not _INVISIBLE.search(text):
        return Folded(text.translate(_fold_text()))
    kept = tuple(i for i, sign in enumerate(text) if not _INVISIBLE.match(sign))
    return Folded("".join(text[i] for i in kept).translate(_fold_text()), kept)


@cache
def _fold_signs() -> Codes:
    """`_fold_table` for every sign, 0 for those that show nothing."""
    signs = np.arange(EVERY_SIGN, dtype=np.uint32)
    table = _fold_table()
    signs[list(table)] = [ord(new) for new in table.values()]
    for first, last in _INVISIBLE_RANGES:
        signs[first : last + 1] = 0
    return signs


@cache
def _fold_text() -> str:
    """The same as one text, of which translating takes the n-th sign: a dictionary would raise, and have
    caught, an error for each of the many signs that stay as they are. Further signs stay, too."""
    return text_of(_fold_signs()[: _HAN_RANGES[-1][1] + 1])


def fold_all(texts: Sequence[str]) -> list[Folded]:
    """`fold` for many texts at once."""
    if len(texts) < FEW_TEXTS:
        return list(map(fold, texts))
    signs = _fold_signs().take(codes_of("".join(texts)))
    folded = text_of(signs)
    ends = list(accumulate(map(len, texts), initial=0))
    found = [Folded(folded[start:end]) for start, end in pairwise(ends)]
    for at in np.unique(np.searchsorted(ends, np.flatnonzero(signs == 0), side="right")):
        found[at - 1] = fold(texts[at - 1])
    return found


def grouped_pattern(words: Iterable[str]) -> str:
    """A regular expression for any of `words`, longest first, branching on the first sign.

    Branching on the first sign keeps a list of hundreds of words as quick as a short one.
    """
    by_first: dict[str, list[str]] = {}
    for word in sorted(set(words), key=lambda w: (-len(w), w)):
        by_first.setdefault(word[0], []).append(re.escape(word[1:]))
    return "|".join(
        re.escape(first) + ("(?:" + "|".join(rest) + ")" if rest != [""] else "")
        for first, rest in sorted(by_first.items())
    )


def read_pairs(text: str) -> dict[str, str]:
    """Read `from<TAB>to` lines; empty lines and lines that begin with # are skipped."""
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {row[0]: row[1] if len(row) > 1 else "" for row in rows}


@dataclass(frozen=True, slots=True)
class Dialect:
    """Cantonese and other dialect words with their everyday Mandarin."""

    words: Mapping[str, str]
    pattern: re.Pattern[str]

    def translate(self, text: str) -> str:
        return self.pattern.sub(lambda hit: self.words[hit.group()], text)


@cache
def dialect() -> Dialect:
    """The table `nlp/dialect.txt`, read once."""
    words = read_pairs(files("nlp").joinpath("dialect.txt").read_text(encoding="utf-8"))
    folded = {fold(old).text: fold(new).text for old, new in words.items()}
    return Dialect(folded, re.compile(f"(?={_heads(folded)})(?:{grouped_pattern(folded)})"))


def _heads(words: Iterable[str]) -> str:
    """How any of `words` begins: a look at two signs spares most places the long list."""
    seconds: dict[str, set[str]] = {}
    for word in words:
        seconds.setdefault(word[0], set()).add(word[1:2])
    alone = {first for first, of in seconds.items() if "" in of}
    longer = seconds.keys() - alone
    following = set().union(*(seconds[first] for first in longer))
    one, two, three = (re.escape("".join(sorted(of))) for of in (alone, longer, following))
    return f"[{one}]|[{two}][{three}]"


def normalise(folded: str, cap: int) -> str:
    """The text that features are made of: at most `cap` signs, clauses parted by one blank.

    `folded` comes from `fold`. Numbers become 0, since 3栋 and 5栋 have the same troubles.
    """
    return normalise_all([folded], cap)[0]


def parted(folded: str) -> str:
    """Only the clauses parted by one blank, as in normalised text, and nothing else changed."""
    return _BREAK.sub(" ", folded).strip()


def normalise_all(folded: Sequence[str], cap: int) -> list[str]:
    """`normalise` for many texts at once."""
    text = PART.join(one[: cap * 2] for one in folded)
    if _MOOD_HINT.search(text):
        text = _MOOD_ANY.sub(OTHER_MOOD, _MOOD_GOOD.sub(GOOD_MOOD, text))
    if "/" in text or "www" in text:
        text = _LINK.sub(" 链接 ", text)
    text = _REPEAT.sub(r"\1\1", _DIGITS.sub("0", text))
    text = _BREAK.sub(" ", dialect().translate(text))
    return [one.strip()[:cap] for one in text.split(PART)]
