"""Which of many rows may hit a text, by the signs that the text has.

The law of this file: a row that is held back cannot hit (`sieve.py` says what each needs). All rows are
asked at once: each way to hit is one bit of a number, in as many numbers as groups are worth a look, and
each sign carries the bits of the groups that it is in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nlp.sieve import Way

# So many groups of a way are looked at, the smallest.
_GROUPS = 3


class ManySieve:
    """Made of the ways in which each row can hit."""

    def __init__(self, rows: Sequence[Sequence[Way]]) -> None:
        ways = [(number, way) for number, of in enumerate(rows) for way in of]
        self._owners = [number for number, _ in ways]
        self._size = len(ways)
        self._every = (1 << len(ways)) - 1
        # What every text has: the groups that are not asked for.
        self._always = 0
        self._bits: dict[str, int] = {}
        for number, (_, way) in enumerate(ways):
            groups = sorted(way, key=len)[:_GROUPS]
            for which in range(_GROUPS):
                bit = 1 << (number + which * self._size)
                if which >= len(groups):
                    self._always |= bit
                for sign in groups[which] if which < len(groups) else ():
                    self._bits[sign] = self._bits.get(sign, 0) | bit

    def ways(self, text: str) -> int:
        """The ways that are open to `text`, as the ones of a number."""
        bits, has = self._bits, self._always
        for sign in text:
            if sign in bits:
                has |= bits[sign]
        ways = has & self._every
        for _ in range(1, _GROUPS):
            has >>= self._size
            ways &= has
        return ways

    def of(self, rows: Iterable[int]) -> int:
        """All ways of some rows."""
        wanted = set(rows)
        return sum(1 << way for way, owner in enumerate(self._owners) if owner in wanted)

    def rows(self, ways: int) -> list[int]:
        """The numbers of the rows that have any of these ways, in order."""
        found = []
        while ways:
            lowest = ways & -ways
            found.append(self._owners[lowest.bit_length() - 1])
            ways ^= lowest
        return list(dict.fromkeys(found))
