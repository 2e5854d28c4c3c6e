"""When the bot may speak unasked in a grid, and how often.

The law of this file: what can wait is not said in the quiet hours, and no group hears more of it in a day
than its grid wants; the rest waits for the morning. What is not said of a grid it takes from above.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Final

QuietHours = tuple[time, time]
"""Whole hours, start and end; 22 to 7 crosses midnight."""

BUDGET: Final = 6
"""Posts a day that nobody in a group asked for (domain.md, section 6: 每群每日 ≤6 条主动消息)."""
MOST: Final = 50
MORNING: Final = time(8)
"""When a group without quiet hours hears what waited (domain.md, template 19)."""
NONE: Final = "none"
"""How it is written that there are no quiet hours."""
_HOURS: Final = re.compile(r"\s*([01]?\d|2[0-4])\s*-\s*([01]?\d|2[0-4])\s*")


@dataclass(frozen=True, slots=True)
class Manners:
    """What holds in a grid. `quiet` None: no quiet hours. `budget`: unasked posts a group and day."""

    quiet: QuietHours | None = None
    budget: int = BUDGET


@dataclass(frozen=True, slots=True)
class OwnManners:
    """What was said of one node of the tree: `quiet` as `22-7` or NONE; None takes what stands above."""

    node: str
    quiet: str | None = None
    budget: int | None = None


def quiet_hours(text: str) -> QuietHours | None:
    """The hours of `22-7`; None where both are the same, so that there are none. Raises ValueError for what
    are no hours."""
    found = _HOURS.fullmatch(text)
    if found is None:
        raise ValueError("write start-end in hours, such as 22-7")
    start, end = (int(part) % 24 for part in found.groups())
    return None if start == end else (time(start), time(end))


def manners_at(
    path: Sequence[str], own: Mapping[str, OwnManners], quiet: QuietHours | None
) -> Manners:
    """What holds at the end of a path from the top: of each the nearest that was said, else `quiet` and
    BUDGET."""
    said = [own[node] for node in path if node in own]
    hours = next((one.quiet for one in reversed(said) if one.quiet is not None), None)
    budget = next((one.budget for one in reversed(said) if one.budget is not None), BUDGET)
    if hours is not None:
        quiet = None if hours == NONE else quiet_hours(hours)
    return Manners(quiet, budget)


def quiet_until(now: datetime, zone: tzinfo, quiet: QuietHours | None) -> datetime | None:
    """The end of the quiet hours that `now` lies in, or None."""
    if quiet is None:
        return None
    start, end = quiet
    clock = now.astimezone(zone).time()
    inside = start <= clock < end if start < end else clock >= start or clock < end
    return _next(now, end, zone) if inside else None


def next_morning(now: datetime, zone: tzinfo, quiet: QuietHours | None) -> datetime:
    """The next end of the quiet hours; without them the next MORNING."""
    return _next(now, quiet[1] if quiet else MORNING, zone)


def midnight(now: datetime, zone: tzinfo) -> datetime:
    """The beginning of the local day of `now`."""
    return datetime.combine(now.astimezone(zone).date(), time(), zone)


def _next(now: datetime, at: time, zone: tzinfo) -> datetime:
    local = now.astimezone(zone)
    due = datetime.combine(local.date(), at, zone)
    return due if due > local else datetime.combine(local.date() + timedelta(days=1), at, zone)
