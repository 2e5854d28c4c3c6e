"""What is marked as a change, and what may be chance."""

from __future__ import annotations

import pytest

from bot.cli.learning import ADVICE
from intake.drifting import Counts, Move, drifts, more_than_chance

TABLE = (
    # yes, of, before, of: what it is
    (50, 100, 50, 100, None),
    (60, 100, 50, 100, None),
    (80, 100, 50, 100, True),
    (50, 100, 80, 100, False),
    (3, 3, 0, 3, None),  # too little to say anything
    (0, 0, 5, 10, None),
    (0, 1000, 30, 1000, False),
    (530, 1000, 500, 1000, None),
    (5300, 10000, 5000, 10000, True),
)


@pytest.mark.parametrize(("yes", "of", "before", "of_before", "wanted"), TABLE)
def test_more_than_chance(
    yes: int, of: int, before: int, of_before: int, wanted: bool | None
) -> None:
    assert more_than_chance(yes, of, before, of_before) is wanted


def test_a_category_that_is_corrected_more_is_marked_with_what_to_do() -> None:
    before = {"SZ": Counts(80, 10, 10, 2), "WY": Counts(80, 10, 10, 2)}
    now = {"SZ": Counts(80, 10, 10, 30), "WY": Counts(80, 10, 10, 3)}
    sz, wy = drifts(now, before)
    assert sz.moved == (Move("corrected", True),)
    assert "huying examples" in ADVICE[sz.moved[0]]
    assert wy.moved == ()


def test_a_new_category_and_one_that_is_gone_are_listed() -> None:
    found = drifts({"SZ": Counts(auto=100)}, {"WY": Counts(auto=100)})
    assert [(one.category, one.now.requests, one.before.requests) for one in found] == [
        ("SZ", 100, 0),
        ("WY", 0, 100),
    ]
    assert all(one.moved for one in found)
