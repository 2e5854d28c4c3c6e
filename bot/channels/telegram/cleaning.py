"""Taking out of people's words what no screen shows and some machine trips over.

The law of this file: a neighbour's words stay as they are written; only signs go that show nothing and
do harm: controls (a database refuses NUL), direction overrides (they turn our own posts around when
we quote), half surrogate pairs (not encodable). Direction marks of Arabic and Uyghur text stay.
"""

from __future__ import annotations

import re

_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_HALF = re.compile("[\ud800-\udfff]")
_NAME_LENGTH = 64


def clean(text: str) -> str:
    """`text` without harmful signs; line breaks and tabs stay, half pairs become U+FFFD."""
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _HALF.sub("\ufffd", _HARMFUL.sub("", text))


def clean_name(*parts: str) -> str:
    """A name in one line of at most 64 signs; empty when nothing visible is left."""
    return " ".join(clean(" ".join(parts)).split())[:_NAME_LENGTH].rstrip()
