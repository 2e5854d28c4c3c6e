"""What of somebody's words is said back to them.

The law of this file: whole phrases around the place and the words that tell what it is, in the order in which
they were said; only a phrase that is too long by itself is cut, and it shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

LIMIT = 24
"""Signs that fit in a glance."""
_PHRASE = re.compile(r"[^，,。！!？?；;：:\s]+")


def gist(said: str, telling: Iterable[str], limit: int = LIMIT) -> str:
    """The part of `said` in which `telling` words stand, a place or what a thing is called."""
    line = " ".join(said.split())
    if len(line) <= limit:
        return line
    phrases = [found.span() for found in _PHRASE.finditer(line)]
    words = [word for word in telling if word]
    weights = [sum(word in line[start:end] for word in words) for start, end in phrases]
    if not phrases:
        return line[:limit] + "…"
    best = weights.index(max(weights))
    first, last = _grown(phrases, weights, best, limit)
    start, end = phrases[first][0], phrases[last][1]
    if end - start > limit:
        start, end = _cut(line, start, end, words, limit)
    return (
        f"{'…' if start else ''}{line[start:end]}{'…' if end < len(line.rstrip('。.!！')) else ''}"
    )


def _grown(
    phrases: Sequence[tuple[int, int]], weights: Sequence[int], best: int, limit: int
) -> tuple[int, int]:
    """The first and last that fit beside the best: first what tells something, then what follows."""
    first = last = best
    while True:
        beside = [
            (weights[at], at > last, low, high)
            for at, low, high in ((last + 1, first, last + 1), (first - 1, first - 1, last))
            if 0 <= at < len(phrases) and phrases[high][1] - phrases[low][0] <= limit
        ]
        if not beside or (best and max(beside)[:2] == (0, False)):
            return first, last
        _, _, first, last = max(beside)


def _cut(line: str, start: int, end: int, words: Sequence[str], limit: int) -> tuple[int, int]:
    """So much of one long phrase, from the first telling word on."""
    found = [at for word in words if (at := line.find(word, start, end)) >= 0]
    begin = min(found, default=start)
    if end - begin < limit // 2:
        begin = end - limit
    return begin, min(end, begin + limit)
