"""Some of a grid goes to another (网格拆分、楼栋调整): its open cases go with it.

The law of this file: a case keeps the number by which people know it, its limits and its followers, and gets
a row that says who moved it and why. It goes where its building goes; where none was said, with the group in
which it was told. Whoever has it in hand keeps it only if they work in the new grid too. What is over stays
with the grid that did it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from intake.areas import in_area
from intake.buildings import building_of
from intake.cases import Case
from intake.desk import Desk
from intake.grids import ChatRef
from intake.leaving import may_work_on
from intake.lifecycle import Action, actions_from
from intake.notices import Notice, ToStaff, Urgency
from intake.people import Person
from intake.reorganising import move_words
from intake.templates import Template

NAMED: Final = 20
"""So many cases are named in one notice; of the rest it says how many."""


@dataclass(frozen=True, slots=True)
class Split:
    """What goes from grid `old` to grid `new`: buildings (or roads), and groups."""

    old: str
    new: str
    buildings: tuple[str, ...]
    chats: frozenset[ChatRef]


def goes(case: Case, split: Split) -> bool:
    """Whether an open case goes over."""
    if case.grid != split.old or Action.MOVE not in actions_from(case.kind, case.state):
        return False
    if in_area(case.place, split.buildings):
        return True
    return building_of(case.place) is None and case.chat in split.chats


def regrid(desk: Desk, cases: Iterable[Case], split: Split, person: Person, why: str) -> list[Case]:
    """Let these cases go over, oldest first; the people and groups of both grids must be as they are after
    it."""
    names = move_words(split.old, split.new, why)
    some = sorted(cases, key=lambda case: (case.opened_at, case.id))
    moved = [desk.regrid(case, split.new, person.id, names) for case in some]
    for case in moved:
        holder = desk.facts.people.get(case.taken_by or "")
        if holder is not None and not may_work_on(desk, case, holder):
            desk.act(case, Action.LEAVE, person.id, holder.id, taken_by=None)
    if moved:
        _tell(desk, moved, split, person, why)
    return [desk.facts.cases[case.id] for case in moved]


def _tell(desk: Desk, moved: list[Case], split: Split, person: Person, why: str) -> None:
    """The staff of both grids hear once."""
    more = len(moved) - NAMED
    params = {
        "old": desk.grid(split.old).name,
        "new": desk.grid(split.new).name,
        "by": person.name,
        "reason": why,
        "count": str(len(moved)),
        "cases": "、".join(case.id for case in moved[:NAMED]),
        "more": str(more) if more > 0 else "",
    }
    for grid in (split.old, split.new):
        desk.say(Notice(Template.STAFF_MOVED, ToStaff(grid), params, (), Urgency.PROGRESS))
