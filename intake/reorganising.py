"""Departments are renamed and merged (机构调整) while cases are open.

The law of this file: the taxonomy's file says which departments a town has; what a town changed since lies
over it (`arranged`) and can be taken back. A code never changes its meaning: what a department did keeps its
code and its name, and only what is open goes over, with a row that says who and why, and its limits as they
were. Those who wait for it are told nothing: for them nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeVar

from intake.cases import Case, CaseId
from intake.desk import Desk
from intake.lifecycle import Action, actions_from
from intake.notices import Notice, ToDepartment, ToStaff, Urgency
from intake.people import Person, PersonId
from intake.taxonomy import Category, Department, Item, Taxonomy, successor
from intake.templates import Template

NAMED: Final = 20
"""So many cases are named in one notice; of the rest it says how many."""
_ARROW: Final = " → "


@dataclass(frozen=True, slots=True)
class DepartmentChange:
    """How a department of the file is called now (None: as there), and what it was merged into, if it was:
    by whom, when and why."""

    code: str
    name: str | None
    into: str | None
    by: PersonId
    at: datetime
    why: str = ""


def arranged(taxonomy: Taxonomy, changes: Iterable[DepartmentChange]) -> Taxonomy:
    """The taxonomy as the town has it now. Changes of departments that the file no longer has count for
    nothing."""
    known = dict(taxonomy.departments)
    for one in changes:
        if one.code in known:
            into = one.into if one.into in known else None
            name = one.name or known[one.code].name
            known[one.code] = replace(known[one.code], name=name, into=into)
    items = {code: _led(item, known) for code, item in taxonomy.items.items()}
    categories = {
        code: replace(
            _led(one, known), items=tuple(items.get(item.code, item) for item in one.items)
        )
        for code, one in taxonomy.categories.items()
    }
    return replace(taxonomy, departments=known, items=items, categories=categories)


Led = TypeVar("Led", Item, Category)


def _led(one: Led, departments: dict[str, Department]) -> Led:
    lead = successor(departments, one.lead)
    co = dict.fromkeys(successor(departments, code) for code in one.co)
    return replace(one, lead=lead, co=tuple(code for code in co if code != lead))


@dataclass(frozen=True, slots=True)
class Moved:
    """The words of a step by which a case went over, read again."""

    old: str
    new: str
    why: str


def moved(words: str) -> Moved | None:
    """None for words that are none of such a step."""
    old, arrow, rest = words.partition(_ARROW)
    new, _, why = rest.partition(" ")
    return Moved(old, new, why) if arrow else None


def move_words(old: str, new: str, why: str) -> str:
    """The words of the step."""
    return f"{old}{_ARROW}{new} {' '.join(why.split())}".rstrip()


def concerned(case: Case, department: str) -> bool:
    """Whether a case goes over with this department."""
    moves = Action.MOVE in actions_from(case.kind, case.state)
    return moves and department in case.departments


def hand_over(desk: Desk, old: str, new: str, person: Person, why: str) -> list[Case]:
    """The open cases of `old` are those of `new` from now on; whoever has one in hand keeps it."""
    gone = [case for case in desk.facts.cases.values() if concerned(case, old)]
    return tell_moved(
        desk, [_over(desk, case, old, new, person, why) for case in gone], old, person, why
    )


def _over(desk: Desk, case: Case, old: str, new: str, person: Person, why: str) -> Case:
    lead = new if case.lead == old else case.lead
    co = dict.fromkeys(new if code == old else code for code in case.co)
    words = move_words(old, new, why)
    rest = tuple(code for code in co if code != lead)
    return desk.act(case, Action.MOVE, person.id, words, lead=lead, co=rest)


def tell_moved(desk: Desk, some: list[Case], old: str, person: Person, why: str) -> list[Case]:
    """Each grid's staff, and the department that leads now, hear once of all their cases together."""
    departments = desk.rules.taxonomy.departments
    of: dict[tuple[str, str], list[CaseId]] = {}
    for case in some:
        of.setdefault((case.grid, case.lead or ""), []).append(case.id)
    for (grid, lead), cases in of.items():
        more = len(cases) - NAMED
        params = {
            "old": departments[old].name if old in departments else old,
            "new": departments[lead].name if lead in departments else lead,
            "by": person.name,
            "reason": why,
            "count": str(len(cases)),
            "cases": "、".join(cases[:NAMED]),
            "more": str(more) if more > 0 else "",
        }
        for to in (ToStaff(grid), ToDepartment(lead, grid)):
            desk.say(Notice(Template.STAFF_MOVED, to, params, (), Urgency.PROGRESS))
    return some


def give_back(
    desk: Desk, change: DepartmentChange, last: dict[CaseId, tuple[datetime, str]], person: Person
) -> list[Case]:
    """A merge is undone: the cases that went over by it and that nobody has touched since go back. `last` is
    when each took its last step, and the words of it."""
    old, new = change.code, change.into or ""
    back = []
    for case in list(desk.facts.cases.values()):
        at, words = last.get(case.id, (None, ""))
        step = moved(words)
        came = step is not None and (step.old, step.new) == (old, new) and at == change.at
        if came and concerned(case, new):
            back.append(_over(desk, case, new, old, person, "撤销合并"))
    return tell_moved(desk, back, new, person, "撤销合并")
