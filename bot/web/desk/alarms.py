"""The red bar over every page: dangers that nobody has answered.

The law of this file: it stands before whoever may answer that alarm and sees the case, and before nobody
else; of a private case, and of a danger that is kept out of the group, it says the number and not one word
more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.web.desk.words import ALARMS
from intake.cases import CaseId
from intake.grids import Grid
from intake.people import Person, Right
from intake.sight import Sight
from intake.taxonomy import Emergency
from storage.open_rows import Open, OpenRow, is_seen

MOST: Final = 5
"""So many stand in the bar; of more it says how many."""


@dataclass(frozen=True, slots=True)
class AlarmView:
    """A line of the bar, with what its form needs."""

    id: CaseId
    version: int
    words: str


def alarms_for(
    person: Person, sight: Sight, grids: Iterable[Grid], known: Open
) -> tuple[OpenRow, ...]:
    """Those that somebody may answer by right and by sight, the oldest first."""
    if not known.alarms:
        return ()
    paths = {grid.id: grid.path for grid in grids}
    mine = (
        row
        for row in known.alarms
        if is_seen(row, sight)
        and person.may(Right.ANSWER_ALERT, paths.get(row.grid, ()), row.departments)
    )
    return tuple(sorted(mine, key=lambda row: (row.opened, row.id)))


def mark_of(rows: Iterable[OpenRow]) -> str:
    """By which a page knows whether its bar is still the right one: numbers only."""
    return " ".join(f"{row.id}.{row.alarm.version}" for row in rows if row.alarm)


def views_of(rows: Iterable[OpenRow], dangers: Mapping[str, Emergency]) -> list[AlarmView]:
    return [AlarmView(row.id, row.alarm.version, _words(row, dangers)) for row in rows if row.alarm]


def _words(row: OpenRow, dangers: Mapping[str, Emergency]) -> str:
    danger = dangers.get(row.alarm.emergency) if row.alarm else None
    if row.alarm is None or danger is None or row.private or not danger.group_reply:
        return ALARMS["private"].format(case=row.id)
    place = row.alarm.place or ALARMS["no_place"]
    return ALARMS["one"].format(danger=danger.name, place=place)
