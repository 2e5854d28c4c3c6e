"""Personal data in a message: where it stands, so that it can be covered before anything is kept.

The law of this file: masked are mobiles, landlines, ID numbers, bank
cards, number plates, WeChat ids, e-mail and addresses down to a house or room. Not masked are names,
a building alone (3栋), case numbers, hotlines, prices, parcel numbers and dates. How each kind is
written stands in `privacy_rules.py`; the first rule that claims a stretch keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from intake.reading import MaskSpan
from nlp.address_ends import MAYBE
from nlp.addresses import find_addresses
from nlp.normalise import Folded, fold
from nlp.number_checks import CHINESE, FIGURES, digits_of, is_identity_number, passes_luhn
from nlp.privacy_rules import PROVINCES, RULES, WECHAT

__all__ = ["COVER", "cover", "digits_of", "find_masks", "is_identity_number", "passes_luhn"]

COVER = "＊＊＊"

# Most talk has none of the signs of the first, most of the rest nothing of the second, and ends here.
_HINT = re.compile(r"[0-9a-z@号栋幢座楼层阁门元室房户零〇幺二两三四五六七八九壹贰叁第]")
_MAYBE = re.compile(
    rf"\d{{3}}|@|[{CHINESE}]{{3}}|[\d{CHINESE}]{{2}}[-\s.]|(?:\d[-\s./_~*\u20e3]){{2}}\d|{WECHAT}"
    rf"|{MAYBE}|[a-z][a-z\d_.-]{{5}}|[{PROVINCES}]\s?[a-z][·.\s-]?[a-z\d{CHINESE}]|牌[^\da-z]{{0,5}}[a-z]"
)


def find_masks(folded: Folded) -> tuple[MaskSpan, ...]:
    """Every stretch of personal data, in order, as spans of the original text."""
    text = folded.text
    if not _HINT.search(text) or not _MAYBE.search(text):
        return ()
    found: list[MaskSpan] = []
    taken = bytearray(len(text))
    for what, start, end in _claims(text):
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            found.append(MaskSpan(start, end, what))
    spans = (MaskSpan(*folded.original(span.start, span.end), span.what) for span in found)
    return tuple(sorted(spans, key=lambda span: span.start))


# What a kind needs before its rules are asked: no number has fewer figures (o is a nought to some;
# a Hong Kong id has six where its check sign is an A).
_FIGURE = re.compile(f"[{FIGURES}o]")
_FEWEST_FIGURES = 6
_LETTER = re.compile("[a-z]")
_NUMBERS = frozenset({"id", "card", "phone", "landline"})
_LETTERED = frozenset({"plate", "wechat"})


def _claims(text: str) -> Iterator[tuple[str, int, int]]:
    """What each rule claims, in the order of the rules: (kind, start, end)."""
    idle: frozenset[str] = frozenset()
    if len(_FIGURE.findall(text)) < _FEWEST_FIGURES:
        idle |= _NUMBERS
    if not _LETTER.search(text):
        idle |= _LETTERED
    for rule in RULES:
        if rule.what in idle:
            continue
        for hit in rule.pattern.finditer(text):
            start, end = hit.span("x") if "x" in rule.pattern.groupindex else hit.span()
            if rule.holds(text, start, end):
                yield rule.what, start, end
    for start, end in find_addresses(text):
        yield "address", start, end


def personal_in(text: str) -> list[str]:
    """The personal data in a text, as they stand there."""
    return [text[mask.start : mask.end] for mask in find_masks(fold(text))]


def covered(text: str) -> str:
    """A text without its personal data."""
    return cover(text, find_masks(fold(text)))


def cover(text: str, masks: Iterable[MaskSpan], sign: str = COVER) -> str:
    """`text` with every mask replaced by `sign`, whatever its length: the length tells nothing."""
    parts, at = [], 0
    for span in masks:
        parts += [text[at : span.start], sign]
        at = span.end
    return "".join([*parts, text[at:]])
