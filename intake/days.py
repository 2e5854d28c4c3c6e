"""Days as people write them: on a page, on a button.

The law of this file: a day that is promised or waited for ends with its working hours.
"""

from __future__ import annotations

from datetime import date, datetime

from intake.deadlines import DAY_ENDS
from intake.desk import Desk


class NoSuchDate(Exception):
    """The date is none, or too early or too late; `latest` is the last that may be asked for."""

    def __init__(self, latest: datetime | None) -> None:
        super().__init__(str(latest))
        self.latest = latest


def end_of(desk: Desk, day: str) -> datetime | None:
    """The end of the working hours of a day as a page or a button writes it, or None."""
    try:
        chosen = date.fromisoformat(day.strip())
    except ValueError:
        return None
    return datetime.combine(chosen, DAY_ENDS, desk.rules.zone)


def day_of(desk: Desk, at: datetime) -> str:
    """The day of a moment, as a page or a button writes it."""
    return at.astimezone(desk.rules.zone).date().isoformat()


def day_between(desk: Desk, day: str, first: datetime, last: datetime) -> datetime:
    """The end of `day`, if it is later than `first` and on no later day than `last`. Raises NoSuchDate."""
    until = end_of(desk, day)
    if until is None or until <= first or until.date() > last.astimezone(desk.rules.zone).date():
        raise NoSuchDate(last)
    return until
