"""When an answer and an end are due.

The law of this file: a calendar limit counts every hour; a working limit counts working days of 24 and,
below a day, hours between 09:00 and 18:00 on working days (`taxonomy.yaml`, meta). Holidays and
make-up days come in as a `WorkCalendar`; where its year is not published yet, weekdays are assumed and
the deadline is marked provisional.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Protocol

from intake.taxonomy import Clock, Limits

DAY_STARTS = time(9)
DAY_ENDS = time(18)
_DAY = timedelta(days=1)


class WorkCalendar(Protocol):
    def is_workday(self, day: date) -> bool | None:
        """Whether people work on that day; None where the year is not published yet."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """`provisional`: computed with plain weekdays for a year without published holidays."""

    at: datetime
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Deadlines:
    respond: Deadline
    resolve: Deadline

    @property
    def provisional(self) -> bool:
        return self.respond.provisional or self.resolve.provisional


def deadlines(start: datetime, limits: Limits, calendar: WorkCalendar, zone: tzinfo) -> Deadlines:
    """Both limits from `start` (aware), in the zone of the neighbourhood."""
    return Deadlines(
        due(start, limits.respond_hours, limits.clock, calendar, zone),
        due(start, limits.resolve_hours, limits.clock, calendar, zone),
    )


def due(
    start: datetime, hours: float, clock: Clock, calendar: WorkCalendar, zone: tzinfo
) -> Deadline:
    """The moment `hours` of `clock` after `start`."""
    if clock is Clock.CALENDAR:
        # In UTC, so that an hour is an hour also where clocks are changed.
        return Deadline((start.astimezone(UTC) + timedelta(hours=hours)).astimezone(zone))
    walk = _Walk(calendar)
    moment = walk.to_working_time(start.astimezone(zone))
    days, rest = divmod(hours, 24)
    for _ in range(int(days)):
        moment = walk.next_workday(moment)
    moment = walk.add_hours(moment, timedelta(hours=rest))
    return Deadline(moment, walk.guessed)


def moved(
    limit: datetime,
    start: datetime,
    end: datetime,
    clock: Clock,
    calendar: WorkCalendar,
    zone: tzinfo,
) -> datetime:
    """A limit whose clock stood still from `start` to `end`: later by so much time of the same kind. Of
    working time a night or a weekend is nothing, and a whole working day is a working day."""
    if end <= start:
        return limit
    if clock is Clock.CALENDAR:
        return (limit.astimezone(UTC) + (end - start)).astimezone(zone)
    walk = _Walk(calendar)
    spent = walk.worked(start.astimezone(zone), end.astimezone(zone))
    if not spent:
        return limit
    return walk.add_hours(walk.to_working_time(limit.astimezone(zone)), spent)


class _Walk:
    """Steps through working time and remembers whether it had to guess a day."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self.calendar = calendar
        self.guessed = False

    def works(self, day: date) -> bool:
        known = self.calendar.is_workday(day)
        if known is None:
            self.guessed = True
            return day.weekday() < 5
        return known

    def to_working_time(self, moment: datetime) -> datetime:
        """The same moment, or the next 09:00 of a working day. 18:00 counts as the end of its day."""
        if self.works(moment.date()):
            if moment.time() < DAY_STARTS:
                return _at(moment, DAY_STARTS)
            if moment.time() <= DAY_ENDS:
                return moment
        moment = _at(moment + _DAY, DAY_STARTS)
        while not self.works(moment.date()):
            moment = _at(moment + _DAY, DAY_STARTS)
        return moment

    def next_workday(self, moment: datetime) -> datetime:
        """The same time of day on the next working day."""
        moment += _DAY
        while not self.works(moment.date()):
            moment += _DAY
        return moment

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """The working time between two moments."""
        spent, day = timedelta(0), start
        while day.date() <= end.date():
            if self.works(day.date()):
                opens, closes = max(start, _at(day, DAY_STARTS)), min(end, _at(day, DAY_ENDS))
                spent += max(timedelta(0), closes - opens)
            day += _DAY
        return spent

    def add_hours(self, moment: datetime, rest: timedelta) -> datetime:
        while rest > timedelta(0):
            left_today = _at(moment, DAY_ENDS) - moment
            if rest <= left_today:
                return moment + rest
            rest -= left_today
            moment = self.to_working_time(_at(moment + _DAY, DAY_STARTS))
        return moment


def _at(moment: datetime, clock: time) -> datetime:
    return moment.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)


def next_night(now: datetime, at: time, zone: tzinfo) -> datetime:
    """The first local `at` after `now`. One timer a day, so that a later cause moves none away."""
    local = now.astimezone(zone)
    due = datetime.combine(local.date(), at, zone)
    return due if due > local else datetime.combine(local.date() + timedelta(days=1), at, zone)
