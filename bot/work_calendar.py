"""Which days people work in China: holidays and make-up days from `chinesecalendar`."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import chinese_calendar


class ChineseCalendar:
    """The `WorkCalendar` of the core. The data of a year is published in the November before it."""

    def is_workday(self, day: date) -> bool | None:
        return _is_workday(day)


@lru_cache(maxsize=4096)
def _is_workday(day: date) -> bool | None:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def has_year(year: int) -> bool:
    """Whether the holidays of a year are known."""
    return _is_workday(date(year, 7, 1)) is not None
