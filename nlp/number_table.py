"""A dictionary from whole numbers to whole numbers that answers thousands of questions at once.

The law of this file: every key stands at one of two places that its hashes name (cuckoo hashing), in
plain arrays that are filled once and stay less than half full. So a question is two looks, for one
key as for thousands, and no step waits for the unlucky. 0 is no key, and the answer for what is not there.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint64]
Found = NDArray[np.int32]
Slots = NDArray[np.int64]

# Fibonacci hashing: the golden ratio of 2**64 spreads neighbouring keys over the whole table; so does
# another number that looks like chance.
_SPREADS = (0x9E3779B97F4A7C15, 0xD1B54A32D192ED03)
# With 2.5 times the room all find a place within some ten rounds; where three keys share two places, other
# spreads part them.
_ROOM = 2.5
_MOST_ROUNDS = 60
_TRIES_A_SIZE, _TRIES = 8, 64
_NEXT = 0x5851F42D4C957F2D


class NumberTable:
    """Distinct keys above 0, each with a value above 0."""

    def __init__(self, keys: Numbers, values: Found) -> None:
        bits = max(int(_ROOM * len(keys)).bit_length(), 4)
        for number, self._spreads in enumerate(_all_spreads()):
            size = bits + number // _TRIES_A_SIZE
            self._shift = np.uint64(64 - size)
            if (owners := _settled(*self._slots(keys), 1 << size)) is not None:
                self._fill(owners, keys, values)
                break
        else:
            raise ValueError("some numbers find no place in the table: they are not distinct")

    def _fill(self, owners: Slots, keys: Numbers, values: Found) -> None:
        taken = np.flatnonzero(owners >= 0)
        self._keys = np.zeros(len(owners), dtype=np.uint64)
        self._values = np.zeros(len(owners), dtype=np.int32)
        self._keys[taken] = keys[owners[taken]]
        self._values[taken] = values[owners[taken]]

    def _slots(self, keys: Numbers) -> tuple[Slots, Slots]:
        first, second = self._spreads
        return (
            ((keys * first) >> self._shift).view(np.int64),
            ((keys * second) >> self._shift).view(np.int64),
        )

    def find(self, keys: Numbers) -> Found:
        """The value of every key, 0 for a key that is not there."""
        first, second = self._slots(keys)
        slots = np.where(self._keys.take(first) == keys, first, second)
        found: Found = self._values.take(slots)
        found *= self._keys.take(slots) == keys
        return found


def _all_spreads() -> Iterator[tuple[np.uint64, np.uint64]]:
    """Pairs of odd numbers, the same in every process."""
    pair = _SPREADS
    for _ in range(_TRIES):
        yield np.uint64(pair[0]), np.uint64(pair[1])
        pair = ((pair[0] * _NEXT) % 2**64, (pair[1] * _NEXT + 2 * pair[0]) % 2**64)


def _settled(first: Slots, second: Slots, size: int) -> Slots | None:
    """Who stands in each slot (-1: nobody), everybody in one of their own two; None where that fails.

    All who have no place take theirs at once; whoever is thrown out goes to their other one.
    """
    owners = np.full(size, -1, dtype=np.int64)
    choices = np.stack([first, second])
    choice = np.zeros(len(first), dtype=np.int64)
    homeless = np.arange(len(first))
    for _ in range(_MOST_ROUNDS):
        if not len(homeless):
            return owners
        wanted = choices[choice[homeless], homeless]
        before = owners[wanted]
        owners[wanted] = homeless
        late = homeless[owners[wanted] != homeless]
        homeless = np.unique(np.concatenate([late, before[before >= 0]]))
        choice[homeless] ^= 1
    return None
