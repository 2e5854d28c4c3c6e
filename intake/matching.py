"""Which open case a report repeats.

The law of this file: two reports are the same thing when item, place and time agree. What is no report of
its own (a chase, a word of progress) is placed by `fitting`. The tables of windows are ours (domain.md gives
none).
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache

from intake.cases import Case
from intake.desk import Desk
from intake.grids import ChatRef, near
from intake.lifecycle import CaseKind
from intake.people import PersonId
from intake.reading import Reading
from intake.taxonomy import Visibility

AREA_WIDE = frozenset({"GY01", "GY02", "GY04", "GY06", "GY07", "GY10", "SZ05", "AQ11"})
"""Faults that hit many houses at once: without a place they are one thing for a whole grid."""

OUTAGES = frozenset({"GY01", "GY04"})
"""Of these, those that are one thing even where two houses are named."""

SAME_WINDOW = timedelta(hours=72)
AREA_WINDOW = timedelta(hours=12)
OUTAGE_WINDOW = timedelta(hours=2)
NO_PLACE_WINDOW = timedelta(hours=6)
DANGER_WINDOW = timedelta(hours=1)
"""How long a further cry about the same danger joins it."""

BURST = timedelta(seconds=150)
RECENT = timedelta(minutes=30)

_HOUSE = re.compile(r"(\d+|[一二三四五六七八九十]+|[A-Za-z])\s*(?:号楼|號樓|栋|棟|幢|座|期)")
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")
_DIGITS = {char: str(n) for n, char in enumerate("零一二三四五六七八九")} | {"十": "10"}


@lru_cache(8192)
def houses(place: str | None) -> frozenset[str]:
    """The buildings named in a place: `3栋`, `三号楼` and `3幢` are the same."""
    if not place:
        return frozenset()
    return frozenset(_number(found).upper() for found in _HOUSE.findall(place))


def _number(text: str) -> str:
    if len(text) == 2 and text[0] == "十":
        return "1" + _DIGITS.get(text[1], text[1])
    return _DIGITS.get(text, text)


def places_agree(one: str | None, other: str | None) -> bool | None:
    """True or False where both are known, None where one is not said."""
    if not one or not other:
        return None
    mine, theirs = houses(one), houses(other)
    if mine and theirs:
        return bool(mine & theirs)
    if one in other or other in one:
        return True
    pairs_one, pairs_other = pairs_of(one), pairs_of(other)
    shared = len(pairs_one & pairs_other)
    return shared >= 1 and shared / max(1, min(len(pairs_one), len(pairs_other))) >= 0.5


@lru_cache(8192)
def pairs_of(text: str) -> frozenset[str]:
    """The words of a text, roughly: its neighbouring Chinese signs, two by two."""
    runs = _CHINESE.findall(text)
    return frozenset(run[i : i + 2] for run in runs for i in range(len(run) - 1))


def same_report(
    desk: Desk, grid: str, chat: ChatRef, person: PersonId, reading: Reading
) -> Case | None:
    """The open request that this report repeats, or None."""
    for case in desk.open_cases(grid):
        if case.kind is CaseKind.REQUEST and _is_same(desk, case, chat, person, reading):
            return case
    return _outage_next_door(desk, grid, reading) if tells_of_outage(reading) else None


def tells_of_outage(reading: Reading) -> bool:
    """Whether a report is of what may have hit neighbouring grids too."""
    return reading.item in OUTAGES and reading.emergency is None


def _outage_next_door(desk: Desk, grid: str, reading: Reading) -> Case | None:
    """The same outage, told first in a neighbouring grid. Grids number their own houses, so that places say
    nothing here."""
    some = [
        case
        for case in desk.facts.cases.values()
        if case.item == reading.item
        and case.is_open
        and case.visibility is Visibility.GROUP
        and case.emergency is None
        and desk.now - case.opened_at <= OUTAGE_WINDOW
        and near(desk.grid(case.grid), desk.grid(grid))
    ]
    return min(some, key=lambda case: (case.opened_at, case.id), default=None)


def _is_same(desk: Desk, case: Case, chat: ChatRef, person: PersonId, reading: Reading) -> bool:
    """What is private is one person's own: two who speak of the same are two cases, and neither
    learns of the other. What is masked needs a place to be the same thing."""
    own = case.reporter == person
    if case.visibility is Visibility.PRIVATE and not own:
        return False
    age = desk.now - case.opened_at
    place = places_agree(case.place, reading.place)
    if reading.emergency is not None:
        alike = case.emergency == reading.emergency or (bool(place) and case.emergency is not None)
        return alike and age <= DANGER_WINDOW and place is not False
    if case.emergency is not None and place and age <= DANGER_WINDOW:
        return _milder_form(desk, reading.item, case.emergency)
    item = desk.rules.taxonomy.item(case.item)
    if item is None or item.code != reading.item:
        return False
    if place is False:
        return case.item in OUTAGES and age <= OUTAGE_WINDOW
    if place:
        return age <= SAME_WINDOW
    if case.item in AREA_WIDE:
        return age <= AREA_WINDOW
    public = case.visibility is Visibility.GROUP and case.chat == chat
    return age <= NO_PLACE_WINDOW and (public or own)


def _milder_form(desk: Desk, item: str | None, emergency: str) -> bool:
    """Whether an item is what a danger is easily taken for (the taxonomy's hard pairs): smoke where
    there is a fire, a lift out of order where somebody is stuck."""
    pairs = desk.rules.taxonomy.hard_pairs
    return any({a, b} == {item, emergency} for a, b, _ in pairs)


def own_recent(desk: Desk, grid: str, chat: ChatRef, person: PersonId) -> Case | None:
    """The newest open case that this person reported in this chat within the last half hour."""
    for case in desk.open_cases(grid):
        if case.reporter == person and case.chat == chat and desk.now - case.opened_at <= RECENT:
            return case
    return None
