"""What was found out about words, remembered for as long as the process lives.

The law of this file: only words of up to four signs are kept, and not too many. A word that short is
everybody's; what is longer may be somebody's number or name and is worked out again each time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")

LONGEST = 4
MOST = 20_000


class ShortWords(dict[str, Answer]):
    """`ask` for every word, but for a short one only once."""

    def __init__(self, ask: Callable[[str], Answer]) -> None:
        super().__init__()
        self._ask = ask

    def __missing__(self, word: str) -> Answer:
        answer = self._ask(word)
        if len(word) <= LONGEST and len(self) < MOST:
            self[word] = answer
        return answer
