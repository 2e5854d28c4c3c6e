"""Whose job it is, how urgent, by when, and who may see it.

The law of this file: an item decides; words can only make a case more urgent, and doubt can only make
it less visible.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from intake.deadlines import Deadlines, deadlines
from intake.reading import ItemGuess, Triage
from intake.rules import Rules
from intake.taxonomy import Clock, Item, Level, Limits, Tier, Visibility

_VISIBILITY_ORDER = (Visibility.GROUP, Visibility.MASKED, Visibility.PRIVATE)
DOUBT_FLOOR = 0.25
"""From this probability on, a guess that is less visible wins while the reading is not sure."""

FALLBACK_LEAD = "WGZX"
"""The grid service centre takes what has no item (an emergency that fits none)."""


@dataclass(frozen=True, slots=True)
class Route:
    category: str | None
    item: str | None
    level: Level
    lead: str | None
    co: tuple[str, ...]
    tier: Tier
    visibility: Visibility
    is_wish: bool
    deadlines: Deadlines


def route(
    rules: Rules, item_code: str | None, start: datetime, level: Level | None = None
) -> Route:
    """Where a case of this item goes; `level` may raise the item's own, never lower it."""
    item = rules.taxonomy.item(item_code)
    if item is None:
        limits = rules.taxonomy.levels[level or Level.B]
        due = deadlines(start, limits, rules.calendar, rules.zone)
        lead = FALLBACK_LEAD if FALLBACK_LEAD in rules.taxonomy.departments else None
        return Route(
            None, None, level or Level.B, lead, (), Tier.DEPARTMENT, Visibility.MASKED, False, due
        )
    urgent = min(level, item.level) if level else item.level
    due = deadlines(start, _limits(rules, item, urgent), rules.calendar, rules.zone)
    return Route(
        item.category,
        item.code,
        urgent,
        item.lead,
        item.co,
        item.tier,
        item.visibility,
        item.is_wish,
        due,
    )


def _limits(rules: Rules, item: Item, level: Level) -> Limits:
    if level is item.level:
        return item.limits
    general = rules.taxonomy.levels[level]
    return Limits(
        min(general.respond_hours, item.limits.respond_hours),
        min(general.resolve_hours, item.limits.resolve_hours),
        Clock.CALENDAR,
    )


def is_secret(rules: Rules, danger: str | None) -> bool:
    """Whether of this class of danger not one word may appear in a group."""
    emergency = rules.taxonomy.emergencies.get(danger or "")
    return emergency is not None and not emergency.group_reply


def kept_visibility(
    rules: Rules, danger: str | None, was: Visibility, own: Visibility
) -> Visibility:
    """How visible a case is with another item, whose own visibility is `own`: what was private or masked
    stays so, whatever it turns out to be about. Only `show` in `correcting.py` loosens it."""
    if is_secret(rules, danger):
        return Visibility.PRIVATE
    return max(was, own, key=_VISIBILITY_ORDER.index)


def shows_more(rules: Rules, danger: str | None, item: str | None, was: Visibility) -> bool:
    """Whether the item by itself allows more to be seen than is."""
    known = rules.taxonomy.item(item)
    if known is None or is_secret(rules, danger):
        return False
    return _VISIBILITY_ORDER.index(known.visibility) < _VISIBILITY_ORDER.index(was)


def careful_visibility(
    rules: Rules, own: Visibility, triage: Triage, guesses: tuple[ItemGuess, ...]
) -> Visibility:
    """The item's visibility; while unsure, the least visible of the likely guesses."""
    if triage is Triage.AUTO:
        return own
    likely = [
        rules.taxonomy.items[guess.item].visibility
        for guess in guesses
        if guess.probability >= DOUBT_FLOOR and guess.item in rules.taxonomy.items
    ]
    return max((own, *likely), key=_VISIBILITY_ORDER.index)
