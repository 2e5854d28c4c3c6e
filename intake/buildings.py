"""The building that a place lies in: as fine as figures of places ever are.

The law of this file: `3栋`, `三号楼` and `3幢楼下` are one building; where several are named, or none,
there is no answer. Nothing finer than a building comes out: no unit, no floor, no door.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_NUMBER = r"(\d{1,3}|[一二三四五六七八九十]{1,3}|[A-Za-z])"
_BUILDING = re.compile(rf"(?:{_NUMBER}\s*期\s*)?{_NUMBER}\s*(?:号楼|號樓|栋|棟|幢|座)")
_DIGITS = {char: n for n, char in enumerate("零一二三四五六七八九")}


def building_of(place: str | None, names: Iterable[str] = ()) -> str | None:
    """`3栋`, or `2期3栋` where the phase is said; else the longest of the neighbourhood's own `names`
    that stands in `place`; else None."""
    if not place:
        return None
    found = {_written(phase, number) for phase, number in _BUILDING.findall(place)}
    if found:
        return found.pop() if len(found) == 1 else None
    return max((name for name in names if name and name in place), key=len, default=None)


def _written(phase: str, number: str) -> str:
    return f"{_number(phase)}期{_number(number)}栋" if phase else f"{_number(number)}栋"


def _number(text: str) -> str:
    """`十二` and `12` are the same, and so are `a` and `A`."""
    if text[0] not in _DIGITS and text[0] != "十":
        return text.lstrip("0").upper() or "0"
    tens, ten, ones = text.partition("十")
    if not ten:
        return "".join(str(_DIGITS[char]) for char in text)
    return str(10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0))
