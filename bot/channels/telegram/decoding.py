"""JSON as the world sends it.

The law of this file: orjson does the work. It refuses half surrogate pairs, which are odd but may stand
in a neighbour's words, so where it refuses, the slower parser of the standard library has the last say.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

import orjson


def decode(body: bytes, errors: str = "strict") -> Any:
    """The value in `body`. `errors` as in `bytes.decode`. Raises ValueError, for endless depth too."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        try:
            return json.loads(body.decode("utf-8", errors), parse_constant=_no_number)
        except RecursionError:
            raise ValueError("nested too deeply") from None


def encode(value: Any) -> bytes:
    """What `decode` reads back as `value`."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        return json.dumps(value).encode()


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")
