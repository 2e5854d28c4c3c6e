"""When an answer and an end are due: a table that can be checked with a wall calendar.

The holidays of 2026 stand below as the State Council announced them, so that the table does not move
when a new calendar package comes; one test compares them with that package.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.work_calendar import ChineseCalendar
from intake.deadlines import Deadlines, deadlines, due
from intake.taxonomy import Clock, Limits

ZONE = ZoneInfo("Asia/Shanghai")
WEEKDAYS = "一二三四五六日"
WORK, EVERY = Clock.WORKDAY, Clock.CALENDAR


def days(first: str, last: str) -> set[date]:
    start, end = date.fromisoformat(f"2026-{first}"), date.fromisoformat(f"2026-{last}")
    return {start + timedelta(n) for n in range((end - start).days + 1)}


OFF = (
    days("01-01", "01-03")  # 元旦
    | days("02-15", "02-23")  # 春节
    | days("04-04", "04-06")  # 清明
    | days("05-01", "05-05")  # 劳动节
    | days("06-19", "06-21")  # 端午
    | days("09-25", "09-27")  # 中秋
    | days("10-01", "10-07")  # 国庆
)
MAKE_UP = {
    date.fromisoformat(f"2026-{day}")
    for day in ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")
}


class Calendar2026:
    """Knows 2026 and nothing else."""

    def is_workday(self, day: date) -> bool | None:
        if day.year != 2026:
            return None
        return day in MAKE_UP or (day.weekday() < 5 and day not in OFF)


# From, weekday; hours and clock; due, weekday; provisional. A working day is 24, its hours 09:00-18:00.
CASES = [
    # calendar hours run through nights, weekends and holidays
    ("2026-11-23 10:00", "一", 0.5, EVERY, "2026-11-23 10:30", "一", False),
    ("2026-11-23 23:50", "一", 0.5, EVERY, "2026-11-24 00:20", "二", False),
    ("2026-11-27 21:00", "五", 4, EVERY, "2026-11-28 01:00", "六", False),
    ("2026-11-27 10:00", "五", 72, EVERY, "2026-11-30 10:00", "一", False),
    ("2026-09-30 20:00", "三", 24, EVERY, "2026-10-01 20:00", "四", False),
    ("2026-12-31 23:00", "四", 24, EVERY, "2027-01-01 23:00", "五", False),
    # whole working days keep the hour of the clock
    ("2026-11-23 10:00", "一", 24, WORK, "2026-11-24 10:00", "二", False),
    ("2026-11-26 17:00", "四", 24, WORK, "2026-11-27 17:00", "五", False),
    ("2026-11-27 17:00", "五", 24, WORK, "2026-11-30 17:00", "一", False),
    ("2026-11-23 15:30", "一", 168, WORK, "2026-12-02 15:30", "三", False),
    ("2026-11-23 09:00", "一", 120, WORK, "2026-11-30 09:00", "一", False),
    # nights and weekends count from the next 09:00
    ("2026-11-23 20:00", "一", 24, WORK, "2026-11-25 09:00", "三", False),
    ("2026-11-24 07:30", "二", 24, WORK, "2026-11-25 09:00", "三", False),
    ("2026-11-24 08:59", "二", 4, WORK, "2026-11-24 13:00", "二", False),
    ("2026-11-27 18:30", "五", 24, WORK, "2026-12-01 09:00", "二", False),
    ("2026-11-28 10:00", "六", 24, WORK, "2026-12-01 09:00", "二", False),
    ("2026-11-29 23:59", "日", 4, WORK, "2026-11-30 13:00", "一", False),
    # below a day only 09:00-18:00 counts
    ("2026-11-23 10:00", "一", 4, WORK, "2026-11-23 14:00", "一", False),
    ("2026-11-23 16:00", "一", 4, WORK, "2026-11-24 11:00", "二", False),
    ("2026-11-27 17:00", "五", 4, WORK, "2026-11-30 12:00", "一", False),
    ("2026-11-23 09:00", "一", 20, WORK, "2026-11-25 11:00", "三", False),
    ("2026-11-23 10:00", "一", 28, WORK, "2026-11-24 14:00", "二", False),
    # 18:00 still belongs to its day, and nothing is left of it
    ("2026-11-23 14:00", "一", 4, WORK, "2026-11-23 18:00", "一", False),
    ("2026-11-23 18:00", "一", 4, WORK, "2026-11-24 13:00", "二", False),
    ("2026-11-23 18:00", "一", 24, WORK, "2026-11-24 18:00", "二", False),
    ("2026-11-23 18:01", "一", 24, WORK, "2026-11-25 09:00", "三", False),
    # 国庆 2026: off 1-7 October, Saturday the 10th is worked
    ("2026-09-30 16:00", "三", 24, WORK, "2026-10-08 16:00", "四", False),
    ("2026-09-30 16:00", "三", 4, WORK, "2026-10-08 11:00", "四", False),
    ("2026-09-30 16:00", "三", 72, WORK, "2026-10-10 16:00", "六", False),
    ("2026-10-03 12:00", "六", 24, WORK, "2026-10-09 09:00", "五", False),
    ("2026-10-09 10:00", "五", 24, WORK, "2026-10-10 10:00", "六", False),
    ("2026-10-10 10:00", "六", 24, WORK, "2026-10-12 10:00", "一", False),
    ("2026-09-18 10:00", "五", 24, WORK, "2026-09-20 10:00", "日", False),
    # 春节 2026: off 15-23 February, Saturdays the 14th and the 28th are worked
    ("2026-02-13 17:00", "五", 24, WORK, "2026-02-14 17:00", "六", False),
    ("2026-02-14 17:00", "六", 24, WORK, "2026-02-24 17:00", "二", False),
    ("2026-02-14 17:00", "六", 4, WORK, "2026-02-24 12:00", "二", False),
    ("2026-02-27 10:00", "五", 24, WORK, "2026-02-28 10:00", "六", False),
    ("2026-02-12 10:00", "四", 168, WORK, "2026-02-28 10:00", "六", False),
    # 元旦 2026: Sunday the 4th is worked
    ("2026-01-03 10:00", "六", 4, WORK, "2026-01-04 13:00", "日", False),
    # into 2027, whose holidays are not published: weekdays are assumed, and it is said
    ("2026-12-31 10:00", "四", 4, WORK, "2026-12-31 14:00", "四", False),
    ("2026-12-31 10:00", "四", 24, WORK, "2027-01-01 10:00", "五", True),
    ("2026-12-30 17:00", "三", 24, WORK, "2026-12-31 17:00", "四", False),
    ("2026-12-31 17:00", "四", 4, WORK, "2027-01-01 12:00", "五", True),
    ("2026-12-28 10:00", "一", 168, WORK, "2027-01-06 10:00", "三", True),
    ("2027-03-01 10:00", "一", 4, WORK, "2027-03-01 14:00", "一", True),
]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("start", "day", "hours", "clock", "end", "end_day", "provisional"),
    CASES,
    ids=[f"{row[0]} {row[1]} +{row[2]} {row[3]}" for row in CASES],
)
def test_when_it_is_due(
    start: str, day: str, hours: float, clock: Clock, end: str, end_day: str, provisional: bool
) -> None:
    assert WEEKDAYS[moment(start).weekday()] == day, "the weekday in the margin"
    assert WEEKDAYS[moment(end).weekday()] == end_day, "the weekday in the margin"
    found = due(moment(start), hours, clock, Calendar2026(), ZONE)
    assert (found.at, found.provisional) == (moment(end), provisional)


def test_the_start_may_come_in_any_zone() -> None:
    start = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in the neighbourhood
    found = due(start, 4, WORK, Calendar2026(), ZONE)
    assert found.at == moment("2026-11-23 14:00")
    assert found.at.utcoffset() == timedelta(hours=8)


def test_a_calendar_hour_is_an_hour_where_clocks_are_changed() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 10, 24, 12, 0, tzinfo=berlin)
    found = due(start, 24, EVERY, Calendar2026(), berlin)
    assert found.at.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=24)


def test_one_guessed_limit_makes_both_provisional() -> None:
    limits = Limits(4, 168, WORK)
    found = deadlines(moment("2026-12-28 10:00"), limits, Calendar2026(), ZONE)
    assert isinstance(found, Deadlines)
    assert (found.respond.provisional, found.resolve.provisional) == (False, True)
    assert found.provisional


def test_a_later_start_is_never_due_earlier() -> None:
    """Every quarter of an hour through the busiest fortnight of the calendar."""
    for hours in (4, 24, 28, 72):
        start, last = moment("2026-09-28 00:00"), None
        while start < moment("2026-10-13 00:00"):
            at = due(start, hours, WORK, Calendar2026(), ZONE).at
            assert last is None or at >= last, (start, hours)
            assert at > start
            start, last = start + timedelta(minutes=15), at


def test_the_table_above_is_what_the_calendar_package_says() -> None:
    day = date(2026, 1, 1)
    while day.year == 2026:
        assert ChineseCalendar().is_workday(day) == Calendar2026().is_workday(day), day
        day += timedelta(1)


def test_a_year_that_is_not_published_is_not_known() -> None:
    assert ChineseCalendar().is_workday(date(2099, 5, 4)) is None
