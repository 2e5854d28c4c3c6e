"""What a pause does to a limit: a table that can be checked with a wall calendar, and what always holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit_samples import NOW, a_case, a_desk

from bot.work_calendar import ChineseCalendar
from intake.deadlines import due, moved
from intake.lifecycle import State
from intake.pausing import can_pause
from intake.taxonomy import Clock, Level

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = ChineseCalendar()
WORK, EVERY = Clock.WORKDAY, Clock.CALENDAR


def at(text: str) -> datetime:
    """`11-24 10:00` of 2026, a Tuesday."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("clock", "limit", "start", "end", "then"),
    [
        (EVERY, "11-27 10:00", "11-24 10:00", "11-26 18:00", "11-29 18:00"),
        (EVERY, "11-27 10:00", "11-24 10:00", "11-24 10:00", "11-27 10:00"),
        (WORK, "11-27 10:00", "11-24 10:00", "11-25 10:00", "11-30 10:00"),  # a day, over a weekend
        (WORK, "11-27 10:00", "11-24 10:00", "11-24 18:00", "11-27 18:00"),  # eight hours
        (WORK, "11-27 17:00", "11-24 16:00", "11-24 18:00", "11-30 10:00"),  # an hour is left over
        (WORK, "12-01 15:00", "11-27 18:00", "11-30 09:00", "12-01 15:00"),  # a weekend is nothing
        (WORK, "09-30 12:00", "09-29 09:00", "09-30 09:00", "10-08 12:00"),  # 国庆
    ],
)
def test_a_limit_is_later_by_the_time_that_it_stood(
    clock: Clock, limit: str, start: str, end: str, then: str
) -> None:
    assert moved(at(limit), at(start), at(end), clock, CALENDAR, ZONE) == at(then)


@given(
    st.sampled_from(list(Clock)),
    st.integers(1, 60 * 24 * 30),
    st.integers(1, 200),
    st.integers(0, 60 * 24 * 20),
    st.integers(0, 60 * 24 * 20),
)
def test_whoever_pauses_in_time_gets_the_time_that_was_left(
    clock: Clock, begins: int, hours: int, first: int, second: int
) -> None:
    start = NOW + timedelta(minutes=begins)
    limit = due(start, hours, clock, CALENDAR, ZONE).at
    short, long = (start + timedelta(minutes=m) for m in sorted((first, second)))
    one, other = (moved(limit, start, end, clock, CALENDAR, ZONE) for end in (short, long))
    assert limit <= one <= other
    assert one >= short
    assert moved(one, short, long, clock, CALENDAR, ZONE) == other, "in two pieces it is as much"


@pytest.mark.parametrize(
    ("changed", "may"),
    [
        ({}, True),
        ({"level": Level.A}, False),
        ({"emergency": "E01"}, False),
        ({"resolve_due": NOW}, False),
        ({"resolve_due": None}, False),
        ({"pauses": 3}, False),
        ({"paused_at": NOW}, False),
        ({"asked_until": NOW}, False),
        ({"state": State.DISPATCHED}, False),
        ({"state": State.TO_RATE}, False),
    ],
)
def test_who_may_wait(changed: dict[str, object], may: bool) -> None:
    case = a_case(state=State.WORKING, resolve_due=NOW + timedelta(hours=5))
    assert can_pause(a_desk(), replace(case, **changed)) is may  # type: ignore[arg-type]
