"""Making what people type safe to store and to show, keeping their words.

The law of this file: control characters, marks that turn the direction of writing, and invisible characters
that hide words are dropped; the words stay. Joiners inside emoji stay.
"""

from __future__ import annotations

import re
import unicodedata

from bot.web.room.refusals import Refusal, TooBig
from bot.web.room.words import NICKNAME_LIMIT, TEXT_LIMIT, Refused

_INVISIBLE = frozenset(
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u2028\u2029\u2060\ufeff"
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_MANY_LINES = re.compile(r"\n{4,}")


def clean(text: str) -> str:
    """The text without what cannot be seen; lines end in \\n, at most two empty ones in a row."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    kept = "".join(c for c in lines if _shown(c))
    return _MANY_LINES.sub("\n\n\n", kept).strip()


def message_text(text: str) -> str:
    """The cleaned text of a message. Raises TooBig over the limit; may be empty."""
    cleaned = clean(text)
    if len(cleaned) > TEXT_LIMIT:
        raise TooBig
    return cleaned


def nickname(text: str) -> str:
    """The cleaned nickname on one line. Raises Refusal with what to do."""
    name = " ".join(clean(text).split())
    if not any(unicodedata.category(c)[0] in "LNS" for c in name):
        raise Refusal(Refused.NICKNAME_EMPTY)
    if len(name) > NICKNAME_LIMIT:
        raise Refusal(Refused.NICKNAME_LONG)
    if "呼应" in unicodedata.normalize("NFKC", name).replace(" ", ""):
        raise Refusal(Refused.NICKNAME_TAKEN_BY_BOT)
    return name


def _shown(c: str) -> bool:
    return c in "\n\t" or (c not in _INVISIBLE and unicodedata.category(c) not in ("Cc", "Cs"))
