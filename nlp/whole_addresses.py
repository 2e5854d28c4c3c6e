"""Addresses and places brought together: each tells where the other begins.

The law of this file: a grammar knows how an address goes on and ends, down to the room, but not every name
that one may begin with; the tagger of places has seen more names. Whatever is covered is covered from the
first of the two on, and it is one place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from intake.reading import MaskSpan, Span

_ABOVE_OR_BELOW = re.compile("[楼樓][上下]")
"""A neighbour's way to say whose home is meant, and no part of the address."""


def from_their_beginning(
    text: str, masks: Sequence[MaskSpan], places: Sequence[Span]
) -> tuple[MaskSpan, ...]:
    """`masks`, where an address begins with the place that it stands in."""
    found: list[MaskSpan] = []
    for mask in masks:
        before = found[-1].end if found else 0
        start = _beginning(text, mask, places, before) if mask.what == "address" else mask.start
        found.append(mask if start == mask.start else replace(mask, start=start))
    return tuple(found)


def _beginning(text: str, mask: MaskSpan, places: Sequence[Span], before: int) -> int:
    for place in places:
        if place.start < mask.start < place.end:
            start = max(place.start, before)
            return mask.start if _ABOVE_OR_BELOW.fullmatch(text[start : mask.start]) else start
    return mask.start


def with_addresses(places: Sequence[Span], masks: Sequence[MaskSpan]) -> tuple[Span, ...]:
    """`places` and every address, whole: where a tagger sees pieces of one, or nothing, it is one place."""
    addresses = (Span(mask.start, mask.end) for mask in masks if mask.what == "address")
    whole: list[Span] = []
    for span in sorted([*places, *addresses], key=lambda span: span.start):
        if whole and span.start < whole[-1].end:
            last = whole.pop()
            span = Span(last.start, max(last.end, span.end))
        whole.append(span)
    return tuple(whole)
