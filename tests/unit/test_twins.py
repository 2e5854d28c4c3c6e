"""What is offered as the same thing, and in which order, as a table of situations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from unit_samples import GRID, NOW, a_case, a_desk

from intake.cases import Case
from intake.desk import Desk
from intake.grids import Grid
from intake.taxonomy import Level, Visibility
from intake.twins import LIKELY, MOST, likeness, twins

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def told(number: int, **changed: Any) -> Case:
    fields: dict[str, Any] = {
        "id": f"{changed.get('grid', GRID)}-{number}",
        "number": number,
        "item": "SZ03",
        "category": "SZ",
        "guesses": (),
        "place": "3栋楼下",
        "said": "3栋楼下路灯不亮",
        "reporter": f"web:r{number}",
        "opened_at": NOW,
    }
    return a_case(**(fields | changed))


def town() -> Desk:
    desk = a_desk()
    desk.facts.grids["DEMO-2"] = Grid("DEMO-2", "第二网格", ("D", "S", "C", "DEMO-2"))
    return desk


LIFT = {"item": "WY01", "category": "WY", "said": "电梯停了"}

# What the other case is; whether it is offered beside the lamp of building 3.
SITUATIONS: list[tuple[str, dict[str, Any], bool]] = [
    ("the same lamp, told again", {}, True),
    ("the same lamp, a month ago", {"opened_at": NOW - 30 * DAY}, True),
    ("a lamp, no place said, today", {"place": None, "said": "灯不亮"}, True),
    ("a lamp, no place, last month", {"place": None, "said": "没亮", "opened_at": NOW - 30 * DAY}, False),
    ("the lamp of another building", {"place": "9栋楼下", "said": "9栋楼下路灯不亮"}, False),
    ("the lift of the same building", LIFT, False),
    ("another thing in the same words of place", LIFT | {"said": "3栋楼下电梯停了"}, False),
    ("another thing that is 坏了 as well", LIFT | {"said": "门坏了，今天没人修"}, False),
    ("of the same category, other words", {"item": "SZ04", "said": "井盖没了"}, False),
    ("of the same category, same words", {"item": "SZ04", "said": "路灯不亮看不清"}, True),
    ("read otherwise, with this as a guess", LIFT | {"guesses": ("SZ03",), "said": "黑"}, True),
    ("a guess at it, in another building", {"item": "SZ04", "guesses": ("SZ03",), "place": "9栋"}, False),
    ("not read at all, the same words", {"item": None, "category": None, "said": "路灯不亮"}, True),
    ("not read at all, other words", {"item": None, "category": None, "said": "太吵"}, False),
    ("a lamp of the next grid, house of the same number", {"grid": "DEMO-2"}, True),
    ("a lamp of the next grid, no place", {"grid": "DEMO-2", "place": None, "said": "黑"}, False),
    ("private", {"visibility": Visibility.PRIVATE}, False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "changed", "offered"), SITUATIONS, ids=[s[0] for s in SITUATIONS])
def test_what_is_offered(name: str, changed: dict[str, Any], offered: bool) -> None:
    lamp = told(1, said="3栋楼下路灯不亮")
    assert bool(twins(town(), lamp, [lamp, told(2, **changed)])) is offered
    if changed.get("visibility") is None:
        both = likeness(lamp, told(2, **changed)), likeness(told(2, **changed), lamp)
        assert both[0] == both[1], "as like as the other way round"


# Each is likelier than the one below it.
ORDER: list[dict[str, Any]] = [
    {"said": "3栋楼下路灯不亮", "opened_at": NOW - HOUR},
    {"said": "黑", "opened_at": NOW - HOUR},
    {"said": "黑", "opened_at": NOW - 12 * HOUR},
    {"said": "黑", "opened_at": NOW - 48 * HOUR},
    {"said": "黑", "opened_at": NOW - 5 * DAY},
    {"said": "黑", "opened_at": NOW - 20 * DAY},
    {"said": "黑", "place": None, "opened_at": NOW - HOUR},
    {"said": "黑", "grid": "DEMO-2", "opened_at": NOW - HOUR},
]


def test_the_order_of_what_is_offered() -> None:
    lamp = told(99)
    others = [told(number, **changed) for number, changed in enumerate(ORDER, 1)]
    offered = [twin.case.id for twin in twins(town(), lamp, reversed(others))]
    assert offered == [other.id for other in others]
    scores = [likeness(lamp, other) for other in others]
    assert scores == sorted(set(scores), reverse=True)


def test_water_is_gone_in_two_buildings_at_once_but_not_in_two_weeks() -> None:
    dry = {"item": "GY01", "category": "GY", "said": "停水了"}
    here = told(1, **dry)
    there = dry | {"place": "9栋"}
    assert likeness(here, told(2, **there, opened_at=NOW - HOUR)) >= LIKELY
    assert likeness(here, told(2, **there, opened_at=NOW - 2 * DAY)) < LIKELY


def test_two_cries_about_one_fire_are_one_fire() -> None:
    fire = {"item": None, "category": None, "emergency": "E01", "level": Level.A}
    one, two = told(1, said="着火了", **fire), told(2, said="好大的烟", **fire)
    assert [twin.case.id for twin in twins(town(), one, [two])] == [two.id]


def test_a_storm_offers_the_best_and_of_equals_the_first_told() -> None:
    lamp = told(99)
    storm = [told(n, opened_at=NOW - n * timedelta(minutes=1)) for n in range(1, 20)]
    offered = [twin.case.number for twin in twins(town(), lamp, storm)]
    assert offered == list(range(19, 19 - MOST, -1))
