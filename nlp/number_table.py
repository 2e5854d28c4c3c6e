"""A dictionary from whole numbers to whole numbers that answers thousands of questions at once.

The law of this file: open addressing in two plain arrays, filled once, at most a quarter full, so that a
question takes one look and seldom a second. 0 is no key, and the answer for what is not there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint64]
Found = NDArray[np.int32]

# Fibonacci hashing: the golden ratio of 2**64 spreads neighbouring keys over the whole table.
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_ROOM = 4


class NumberTable:
    """Distinct keys above 0, each with a value above 0."""

    def __init__(self, keys: Numbers, values: Found) -> None:
        bits = max(int(_ROOM * len(keys)).bit_length(), 4)
        self._shift = np.uint64(64 - bits)
        self._last = (1 << bits) - 1
        self._keys = np.zeros(1 << bits, dtype=np.uint64)
        self._values = np.zeros(1 << bits, dtype=np.int32)
        self._fill(keys, values)

    def _fill(self, keys: Numbers, values: Found) -> None:
        slots = self._slots(keys)
        while len(keys):
            free = self._keys[slots] == 0
            self._keys[slots[free]] = keys[free]
            mine = self._keys[slots] == keys
            self._values[slots[mine]] = values[mine]
            keys, values = keys[~mine], values[~mine]
            slots = (slots[~mine] + 1) & self._last

    def _slots(self, keys: Numbers) -> NDArray[np.int64]:
        return ((keys * _SPREAD) >> self._shift).view(np.int64)

    def find(self, keys: Numbers) -> Found:
        """The value of every key, 0 for a key that is not there."""
        slots = self._slots(keys)
        seen = self._keys.take(slots)
        found = self._values.take(slots)
        astray = np.flatnonzero((seen != keys) & (seen != 0))
        while len(astray):
            following = (slots.take(astray) + 1) & self._last
            slots[astray] = following
            seen = self._keys.take(following)
            found[astray] = self._values.take(following)
            astray = astray[(seen != keys.take(astray)) & (seen != 0)]
        return found
