"""Spelling things one way, so that what is looked for is found however it was typed.

The law of this file: what is kept and what is looked for go through the same functions. Sign by sign:
traditional to simplified, full width to half width, capitals to small, what shows nothing left out. Numbers
of doors are written in figures beside, for 十二栋 is 12栋.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

import opencc

_DIGITS: Final = {sign: n for n, sign in enumerate("零一二三四五六七八九")} | {"〇": 0}
_PLACES: Final = {"十": 10, "百": 100}
_DOOR: Final = re.compile("[零〇一二三四五六七八九十百]+(?=[栋幢座号楼单层室弄巷期户组路])")
_ALIKE: Final = {"裏": "里", "週": "周"}
"""Variants that the converter leaves alone."""


class _Signs(dict[int, str]):
    """What each sign becomes; found out when it is first met."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        if unicodedata.category(sign) in ("Cc", "Cf") and not sign.isspace():
            made = ""
        else:
            plain = unicodedata.normalize("NFKC", sign).casefold()
            made = "".join(_ALIKE.get(one) or _simplified(one) for one in plain)
        self[code] = made
        return made


_SIGNS: Final = _Signs()


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _simplified(sign: str) -> str:
    converted: str = _converter().convert(sign)
    return converted


def fold(text: str) -> str:
    """The one spelling of `text`."""
    return text.lower() if text.isascii() else text.translate(_SIGNS)


def in_figures(folded: str) -> str:
    """A folded text with the numbers of doors in figures."""
    return _DOOR.sub(lambda found: _number(found[0]), folded)


def spellings(words: str) -> tuple[str, ...]:
    """What to look for when somebody looks for `words`."""
    folded = fold(words)
    return tuple(dict.fromkeys((folded, in_figures(folded))))


def _number(signs: str) -> str:
    if not any(sign in _PLACES for sign in signs):
        return "".join(str(_DIGITS[sign]) for sign in signs)
    total, digit = 0, None
    for sign in signs:
        if sign in _PLACES:
            total += _PLACES[sign] * (1 if digit is None else digit)
            digit = None
        else:
            digit = _DIGITS[sign]
    return str(total + (digit or 0))
