"""One message, several requests: where it may be cut.

The law of this file: cuts are proposed by signs that people use for lists (1. 2、①, 另外, 还有, line
ends); whether a cut stands is decided by what the pieces turn out to ask, which is the reader's work.
"""

from __future__ import annotations

import re
from itertools import pairwise

_MARK = (
    r"(?:^|(?<=[\s,，。;；:：!！?？、]))(?:\d{1,2}[.、)）．](?!\d)|[①-⑨]|"
    r"[一二三四五六七八九][、.．]|第[一二三四五六]件?[,，、:：]?"
    r"|其[一二三四](?:是)?[,，]?)"
)
_WORDS = (
    r"(?:另外|还有就是|还有(?:一件事?|一个|个事)?(?=[,，:：]|"
    r"[^人没些点多几什吗啊呢未])|顺便|再就是|再一个|对了|同埋|仲有(?=[,，:：]|"
    r"[^人冇啲几咩未])|另一件)"
)
_CUT = re.compile(
    rf"{_MARK}|(?<=[\s,，。;；!！?？~])(?={_WORDS})|[;；]\s*(?=\S)|(?<=[。！!？?])(?=\S)|\n+"
)
SHORTEST = 3
"""Signs of a piece that may ask for something: 没水了."""


def pieces(text: str) -> list[str]:
    """Possible single requests, in order; the list's own marks are dropped."""
    ends = [0, *(place for cut in _CUT.finditer(text) for place in cut.span()), len(text)]
    cuts = sorted(set(ends))
    parts = [text[a:b] for a, b in pairwise(cuts)]
    kept = [part.strip(" \t\r\n;；") for part in parts if not _CUT.fullmatch(part)]
    return [part for part in kept if sum(sign.isalnum() for sign in part) >= SHORTEST]
