"""Where addresses begin, and that each is one place."""

from __future__ import annotations

import pytest

from intake.reading import MaskSpan, Span
from nlp.whole_addresses import from_their_beginning, with_addresses


@pytest.mark.parametrize(
    ("places", "addresses", "whole"),
    [
        ([], [(2, 9)], [(2, 9)]),
        ([(2, 4), (6, 9)], [(2, 9)], [(2, 9)]),
        ([(0, 12)], [(2, 9)], [(0, 12)]),
        ([(2, 11)], [(0, 9)], [(0, 11)]),
        ([(0, 2), (9, 11)], [(2, 9)], [(0, 2), (2, 9), (9, 11)]),
    ],
)
def test_an_address_is_one_place(
    places: list[tuple[int, int]], addresses: list[tuple[int, int]], whole: list[tuple[int, int]]
) -> None:
    masks = [*(MaskSpan(*one, "address") for one in addresses), MaskSpan(20, 31, "phone")]
    found = with_addresses([Span(*one) for one in places], masks)
    assert [(span.start, span.end) for span in found] == whole


@pytest.mark.parametrize(
    ("text", "place", "address", "covered"),
    [
        ("东方巴黎2栋2904漏水", "东方巴黎2栋2904", "2栋2904", "东方巴黎2栋2904"),
        ("送到东方巴黎2栋2904", "2栋2904", "东方巴黎2栋2904", "东方巴黎2栋2904"),
        ("楼上2栋2904太吵", "楼上2栋2904", "2栋2904", "2栋2904"),
        ("樓下12樓B漏水", "樓下12樓B", "12樓B", "12樓B"),
        ("北门和2栋2904", "北门", "2栋2904", "2栋2904"),
    ],
)
def test_an_address_begins_with_its_place(
    text: str, place: str, address: str, covered: str
) -> None:
    at = text.index(place)
    mask = MaskSpan(text.index(address), text.index(address) + len(address), "address")
    (found,) = from_their_beginning(text, [mask], [Span(at, at + len(place))])
    assert text[found.start : found.end] == covered


def test_what_is_covered_never_overlaps() -> None:
    text = "13800138000东方巴黎2栋2904"
    masks = [MaskSpan(0, 11, "phone"), MaskSpan(15, 21, "address")]
    found = from_their_beginning(text, masks, [Span(0, 21)])
    assert [(mask.start, mask.end) for mask in found] == [(0, 11), (11, 21)]
