"""Which photo of an update to fetch, and where it lies.

The law of this file: pure. A file is asked for by the id that the update gave, and looked for only under a
path of the form that the Bot API gives; whatever else an answer says leads nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_PATH = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*", re.ASCII)
_LONGEST_ID = 300


def photo_of(payload: Mapping[str, Any], most_bytes: int) -> str | None:
    """The id of the largest picture in an update that is not too large; None where there is none."""
    message = payload.get("message") or payload.get("edited_message")
    if not isinstance(message, Mapping):
        return None
    document = message.get("document")
    sizes = message.get("photo")
    some = list(sizes) if isinstance(sizes, list) else []
    if isinstance(document, Mapping) and str(document.get("mime_type")).startswith("image/"):
        some.append(document)
    known = [one for one in some if isinstance(one, Mapping) and _id(one)]
    fit = [one for one in known if _number(one, "file_size") <= most_bytes]
    best = max(fit, key=lambda one: _number(one, "width") * _number(one, "height"), default=None)
    return _id(best) if best is not None else None


def path_of(answer: object) -> str | None:
    """Where a file lies, from the answer to getFile; None for what is no path."""
    path = answer.get("file_path") if isinstance(answer, Mapping) else None
    return path if isinstance(path, str) and _PATH.fullmatch(path) else None


def _id(size: Mapping[str, Any]) -> str:
    id = size.get("file_id")
    return id if isinstance(id, str) and len(id) <= _LONGEST_ID else ""


def _number(size: Mapping[str, Any], key: str) -> int:
    value = size.get(key)
    return value if isinstance(value, int) and value > 0 else 0
