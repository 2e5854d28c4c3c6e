"""What a pause does to a limit.

The law of this file: from the first moment of a pause the limit stands where it will be if the pause lasts as
long as it may; so nothing that asks for limits needs to know of pauses. Whatever ends it earlier, the limit
comes back to what was left.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from intake.cases import Case
from intake.deadlines import moved
from intake.lifecycle import AT_WORK
from intake.taxonomy import Clock, Level, Taxonomy

if TYPE_CHECKING:
    from intake.rules import Rules

RUNS: Final[dict[str, Any]] = {
    "paused_why": None,
    "paused_at": None,
    "paused_until": None,
    "paused_due": None,
}
"""The fields of a case whose clock runs."""


def clock_of(case: Case, taxonomy: Taxonomy) -> Clock:
    """In which time its limits are counted."""
    item = taxonomy.items.get(case.item or "")
    if item is None:
        return taxonomy.levels[case.level].clock
    return item.limits.clock if case.level is item.level else Clock.CALENDAR


def moved_by(case: Case, limit: datetime, start: datetime, end: datetime, rules: Rules) -> datetime:
    """The limit of a case, later by the time from `start` to `end` in the time in which it is counted."""
    clock = clock_of(case, rules.taxonomy)
    return moved(limit, start, end, clock, rules.calendar, rules.zone)


def unpaused(before: Case, now: Case, at: datetime, rules: Rules) -> Case:
    """A case after a step that ended its pause beside what else it did: nobody works on it any more, it
    cannot wait any more, or its limit is another, which then counts."""
    if before.paused_at is None or now.paused_at != before.paused_at:
        return now
    set_anew = now.resolve_due != before.resolve_due
    waits = now.level is not Level.A and now.emergency is None
    if now.state in AT_WORK and waits and not set_anew:
        return now
    ended = replace(now, **resumed(now, at, rules))
    return replace(ended, resolve_due=now.resolve_due) if set_anew else ended


def resumed(case: Case, now: datetime, rules: Rules) -> dict[str, Any]:
    """The fields of a paused case whose clock runs again: its limit is later by the time that it stood."""
    start, until, limit = case.paused_at, case.paused_until, case.paused_due
    if start is None or until is None or limit is None:
        return RUNS
    end = min(now, until)
    return RUNS | {
        "resolve_due": moved_by(case, limit, start, end, rules),
        "paused_seconds": case.paused_seconds + max(0, int((end - start).total_seconds())),
    }
