"""What is known of single words, and how a neighbourhood's own words enter the dictionary.

The law of this file: a word counts in the spelling in which texts are read. Whether it is everyday is
asked of the dictionary that the model reads with; its counts are sightings among 60 million words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nlp.normalise import fold, normalise
from nlp.segment import Segmenter, Word

EVERYDAY = 500
"""From so many sightings on, a word is everybody's: 电梯 has 524, 祠堂 425, 新市 26."""

OWN_TAG = "n"
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Asked before somebody's word becomes a name of their neighbourhood."""

    segmenter: Segmenter

    def plain(self, word: str) -> str:
        """The one spelling of a word: simplified, half width, small letters."""
        return fold(word).text.strip()

    def is_everyday(self, word: str) -> bool:
        """Whether everybody uses the word, wherever they live."""
        entry = self.segmenter.entries.get(self.plain(word))
        return entry is not None and (entry.count or 0) >= EVERYDAY


def dictionary_words(texts: Iterable[str]) -> tuple[Word, ...]:
    """A neighbourhood's words for the dictionary: as places are read, and, where dialect words are put
    into Mandarin before features are made, as features are."""
    spelt: dict[str, None] = {}
    for text in texts:
        plain = fold(text).text.strip()
        spelt |= dict.fromkeys((plain, normalise(plain, _LONGEST)))
    return tuple(Word(word, None, OWN_TAG) for word in sorted(spelt) if word and " " not in word)
