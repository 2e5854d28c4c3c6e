"""JSON, a line at a time, as strangers write it.

The law of this file: what is lawful JSON is taken, also where the fast parser refuses it (half surrogate
pairs, whole numbers beyond 64 bits); half pairs in texts become U+FFFD, since no file can hold them.
"""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

_HALF_PAIR = re.compile("[\ud800-\udfff]")
BOM = b"\xef\xbb\xbf"


def loads(line: bytes) -> Any:
    """The value of one line. Raises ValueError with what is wrong with it."""
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        try:
            return json.loads(line.decode())
        except (ValueError, RecursionError):
            raise ValueError(f"is not JSON ({error})") from None


def whole(text: str) -> str:
    """The text without half surrogate pairs."""
    return _HALF_PAIR.sub("\ufffd", text)


def dumps(value: Any) -> bytes:
    """One line without its end."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()
