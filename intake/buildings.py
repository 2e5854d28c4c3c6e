"""The building that a place lies in: as fine as figures of places ever are.

The law of this file: `3栋`, `三号楼` and `3幢楼下` are one building; where several are named, or none,
there is no answer. Nothing finer than a building comes out: no unit, no floor, no door.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_NUMBER = r"(\d{1,3}|[一二三四五六七八九十]{1,3}|[A-Za-z])"
_KIND = "(?:号楼|號樓|栋楼?|棟|幢|座)"
_BUILDING = re.compile(rf"(?:{_NUMBER}\s*期\s*)?{_NUMBER}\s*{_KIND}")
_SEPARATED = r"\s*(?:[-—–~～至到、,，和及]|以及)\s*"
_LIST = re.compile(rf"(?:{_NUMBER}{_KIND}?{_SEPARATED})*{_NUMBER}\s*{_KIND}")
_RANGE = re.compile(rf"{_NUMBER}{_KIND}?\s*[-—–~～至到]\s*{_NUMBER}")
_MOST = 60
"""A range of more buildings than that is a slip of the finger."""
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


def buildings_in(text: str) -> frozenset[str]:
    """The numbers of all buildings that a text names, ranges included: `1-4栋`, `一至三栋`, `5栋、A座`."""
    found: set[str] = set()
    for match in _LIST.finditer(text):
        listed = match.group()
        for first, last in _RANGE.findall(listed):
            found |= _between(_number(first), _number(last))
        found |= {_number(one) for one in re.findall(_NUMBER, re.sub(_KIND, " ", listed))}
    return frozenset(found)


def _between(first: str, last: str) -> set[str]:
    if first.isdigit() and last.isdigit() and int(first) < int(last) <= int(first) + _MOST:
        return {str(number) for number in range(int(first), int(last) + 1)}
    if len(first) == len(last) == 1 and first.isalpha() and last.isalpha() and first < last:
        return {chr(sign) for sign in range(ord(first), ord(last) + 1)}
    return {first, last}


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
