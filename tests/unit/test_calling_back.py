"""Whose reporters are asked: the same draw whoever makes it, of every grid somebody, of some closers more."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from intake.calling_back import drawn, lot
from intake.lapsed import Lapsed

WEEK = "DEMO-1@2026-11-30"


def cases(count: int, **more: bool) -> list[Lapsed]:
    return [Lapsed(f"DEMO-1-{n}", **more) for n in range(1, count + 1)]


@given(st.integers(0, 60), st.randoms())
def test_the_same_draw_in_whatever_order(count: int, dice) -> None:  # type: ignore[no-untyped-def]
    some = cases(count)
    shuffled = some[:]
    dice.shuffle(shuffled)
    found = drawn(some, WEEK)
    assert found == drawn(shuffled, WEEK)
    assert set(found) <= {one.case for one in some}
    assert bool(found) is bool(some), "at least one, where there is any"


def test_about_one_in_ten_and_of_some_closers_one_in_three() -> None:
    assert 60 < len(drawn(cases(1000), WEEK)) < 140
    assert 280 < len(drawn(cases(1000, more=True), WEEK)) < 390
    assert len(drawn(cases(50, supervised=True), WEEK)) == 50


def test_another_week_is_another_draw() -> None:
    assert lot("DEMO-1-1", WEEK) != lot("DEMO-1-1", "DEMO-1@2026-12-07")
    assert drawn(cases(200), WEEK) != drawn(cases(200), "DEMO-1@2026-12-07")
