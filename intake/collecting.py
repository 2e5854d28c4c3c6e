"""一日一收集: what stands in a grid, told to its staff once a day.

The law of this file: numbers only, nobody's words and nobody's name. A collection belongs to the last time
that the hour has struck, whenever it is told: however often the clock jumps, one is said. Where nobody waits
for anything nothing is said; where nothing is open any more the clock stops until something happens.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, time, timedelta, tzinfo

from intake.cases import Timer
from intake.desk import Desk
from intake.notices import Notice, ToStaff, Urgency
from intake.templates import Template
from intake.verdict import IGNORED, Verdict


def struck(now: datetime, at: time, zone: tzinfo) -> datetime:
    """The last local `at` that is not after `now`."""
    local = now.astimezone(zone)
    today = datetime.combine(local.date(), at, zone)
    if today <= local:
        return today
    return datetime.combine(local.date() - timedelta(days=1), at, zone)


def collect(desk: Desk, timer: Timer) -> Verdict:
    """Tell the staff of a grid what stands there."""
    at, grid = desk.rules.collect, desk.facts.grids.get(timer.grid or "")
    day = desk.facts.days.get(timer.grid or "")
    if at is None or grid is None or day is None:
        return IGNORED
    if day.open:
        desk.collect(grid.id)
    if not day.tells:
        return IGNORED
    once = f"day|{grid.id}|{struck(desk.now, at, desk.rules.zone).date().isoformat()}"
    params = {name: str(count) for name, count in asdict(day).items() if count}
    notice = Notice(
        Template.STAFF_DAY,
        ToStaff(grid.id),
        params | {"area": grid.name},
        urgency=Urgency.DIGEST,
        once=once,
    )
    desk.say(notice)
    return Verdict("timer")
