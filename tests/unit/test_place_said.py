"""Which of the places of a line is its place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from unit_samples import a_reading

from intake.reading import Kind, Span


@pytest.mark.parametrize(
    ("text", "places", "place"),
    [
        ("灯不亮", (), None),
        ("后门灯不亮", ("后门",), "后门"),
        ("我屋门口盏灯唔着，3栋楼下", ("门口", "3栋楼下"), "3栋楼下"),
        ("3栋和5栋都停水", ("3栋", "5栋"), "3栋"),
        ("后门和凉亭都黑", ("后门", "凉亭"), "后门"),
    ],
)
def test_a_building_says_more_than_a_door(
    text: str, places: tuple[str, ...], place: str | None
) -> None:
    spans = tuple(Span(text.index(one), text.index(one) + len(one)) for one in places)
    reading = replace(a_reading(0.9, Kind.REQUEST), text=text, places=spans)
    assert reading.place == place
