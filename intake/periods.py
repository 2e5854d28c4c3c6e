"""Stretches of time that figures are told of.

The law of this file: pure functions of a local time; days begin at midnight of the neighbourhood's zone,
weeks on Monday; the end is not part of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` until before `end`, both aware."""

    start: datetime
    end: datetime

    def days(self, zone: tzinfo | None) -> list[date]:
        """The days that it touches."""
        first = self.start.astimezone(zone).date()
        last = (self.end - timedelta(microseconds=1)).astimezone(zone).date()
        return [first + n * _DAY for n in range((last - first).days + 1)]


def today(now: datetime) -> Period:
    """Since midnight; `now` is local, as in all that follow."""
    return between(now.date(), now.date(), now.tzinfo)


def week(now: datetime) -> Period:
    """Since Monday."""
    return between(_monday(now.date()), now.date(), now.tzinfo)


def last_week(now: datetime) -> Period:
    """Monday to Sunday of the week before."""
    monday = _monday(now.date()) - 7 * _DAY
    return between(monday, monday + 6 * _DAY, now.tzinfo)


def last_days(now: datetime, days: int) -> Period:
    """The last so many days, today among them."""
    return between(now.date() - (days - 1) * _DAY, now.date(), now.tzinfo)


def between(first: date, last: date, zone: tzinfo | None) -> Period:
    """From the first of two days to the last, both whole."""
    return Period(_midnight(first, zone), _midnight(last + _DAY, zone))


def before(period: Period, now: datetime, step: timedelta) -> Period:
    """`period` moved back by `step`; where it is still going on, only as far as it has come."""
    return Period(period.start - step, min(period.end, now) - step)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _midnight(day: date, zone: tzinfo | None) -> datetime:
    return datetime.combine(day, time(), zone)
