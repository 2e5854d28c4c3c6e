"""Which of the neighbour's own words weighed most for an answer.

The law of this file: only words that stand in the message, as they were written, and never a word that
touches personal data. A word weighs what its own terms add: itself as a word, and the runs of signs
inside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from nlp.features import WORD_MARK
from nlp.normalise import normalise
from nlp.prepare import Prepared
from nlp.segment import Segmenter

MOST = 4
# A word counts when it carries at least this share of what the heaviest word carries.
LEAST_SHARE = 0.25
CAP = 200
_LONGEST_RUN = 4


def weighty_words(
    text: str, ready: Prepared, adds: Callable[[str], float], segmenter: Segmenter
) -> tuple[str, ...]:
    """One to four words of `text`, heaviest first. `adds` says what a term adds to the answer."""
    found: dict[str, float] = {}
    for word, start, end in _words(ready, segmenter):
        found[text[start:end]] = max(found.get(text[start:end], 0.0), _weight(word, adds))
    if not found:
        return ()
    heaviest = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST]
    least = max(heaviest[0][1] * LEAST_SHARE, 1e-6)
    return tuple(word for word, weight in heaviest if weight >= least) or (heaviest[0][0],)


def _words(ready: Prepared, segmenter: Segmenter) -> Iterator[tuple[str, int, int]]:
    """Words outside masks, with their places in the text as it came."""
    folded = ready.folded.text[:CAP]
    at = 0
    for word in segmenter.cut(folded):
        at = folded.index(word, at)
        start, end = ready.folded.original(at, at + len(word))
        at += len(word)
        masked = any(start < mask.end and mask.start < end for mask in ready.masks)
        if not masked and word[0].isalnum():
            yield word, start, end


def _weight(word: str, adds: Callable[[str], float]) -> float:
    said = _said(word) if len(word) <= _LONGEST_RUN else normalise(word, 20)
    if not said:
        return 0.0
    total = adds(WORD_MARK + said)
    for size in range(1, min(_LONGEST_RUN, len(said)) + 1):
        for start in range(len(said) - size + 1):
            total += adds(said[start : start + size])
    return total


@lru_cache(maxsize=8192)
def _said(word: str) -> str:
    """A short word in everyday Mandarin; short words are nobody's secret, longer ones are not kept."""
    return normalise(word, 20)
