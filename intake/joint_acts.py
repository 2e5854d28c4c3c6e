"""The acts by which others than the lead are asked for their part, and say how it stands.

The law of this file: the same rights and the same table of a case's life as for the lead's own acts
(`acting.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from intake.acts import Act, Given, NoSuchChoice, NoSuchPlace, NotAllowed, Way, WordsMissing
from intake.beyond import asked_of_district, hand_up, is_streets, may_hand_up, send_down
from intake.cases import Case
from intake.desk import Desk
from intake.joint import ask_joint, decline_joint, end_parts, finish_joint, say_joint
from intake.joint_parts import PartKind
from intake.leading import named
from intake.lifecycle import Action
from intake.parts import owed_by_others, parts_of
from intake.people import Person, Right
from intake.phrases import is_empty_talk
from intake.tiers import can_pass_on, may_pass_on, pass_on
from intake.whistling import report_in, whistle, whistled


def several(desk: Desk, given: Given) -> list[str]:
    """The departments that were named, by code or by name. Raises NoSuchPlace."""
    said = [one for one in _BETWEEN.split(given.place) if one]
    codes: dict[str, None] = {}
    for one in said or [given.place]:
        found = named(desk.rules.taxonomy.departments, one)
        if len(found) != 1:
            raise NoSuchPlace(one, found)
        codes[found[0]] = None
    return list(codes)


def _ask_joint(desk: Desk, case: Case, person: Person, given: Given) -> None:
    departments = several(desk, given)
    if case.lead in departments:
        raise NoSuchPlace(given.place, (case.lead,))
    ask_joint(desk, case, person, departments, given.day, given.words)


def _end_parts(desk: Desk, case: Case, person: Person, given: Given) -> None:
    """`whistle` ends the call for all, `joint:CODE` a part of one."""
    kind, _, department = given.choice.partition(":")
    if kind not in (PartKind.WHISTLE, PartKind.JOINT):
        raise NoSuchChoice(given.choice)
    if kind == PartKind.WHISTLE and not desk.may(person, Right.WHISTLE, case):
        raise NotAllowed
    some = [part for part in case.open_parts if part.kind == kind]
    if kind == PartKind.JOINT:
        some = [part for part in some if part.department == department]
    end_parts(desk, case, person, some)


def _has_joint(desk: Desk, person: Person, case: Case) -> bool:
    return bool(parts_of(case, person, PartKind.JOINT))


def _own_part(step: Callable[..., Case]) -> Callable[[Desk, Case, Person, Given], object]:
    def do(desk: Desk, case: Case, person: Person, given: Given) -> object:
        if step is finish_joint and is_empty_talk(given.words):
            raise WordsMissing
        return step(desk, case, person, parts_of(case, person, PartKind.JOINT)[0], given.words)

    return do


_BETWEEN = re.compile(r"[、,，;；+\s]+")
JOINT_ACTS: dict[Act, Way] = {
    Act.HAND_UP: Way(
        Right.HAND_UP,
        Action.HAND_UP,
        lambda desk, case, person, given: hand_up(desk, case, person, given.words),
        words=True,
        may=may_hand_up,
        now=lambda desk, case: (
            asked_of_district(case) is None and is_streets(desk.rules.taxonomy, case)
        ),
    ),
    Act.SEND_DOWN: Way(
        Right.DECIDE_UP,
        Action.SEND_DOWN,
        lambda desk, case, person, given: send_down(desk, case, person, given.words),
        words=True,
        now=lambda desk, case: asked_of_district(case) is not None,
    ),
    Act.PASS_ON: Way(
        Right.REPORT,
        Action.PASS_ON,
        lambda desk, case, person, given: pass_on(desk, case, person, given.words),
        words=True,
        may=may_pass_on,
        now=lambda desk, case: can_pass_on(case),
    ),
    Act.ASK_JOINT: Way(Right.ASK_JOINT, Action.ASK_JOINT, _ask_joint, words=True),
    Act.WHISTLE: Way(
        Right.WHISTLE,
        Action.WHISTLE,
        lambda desk, case, person, given: whistle(
            desk, case, person, several(desk, given), given.words
        ),
        words=True,
    ),
    Act.REPORT_IN: Way(
        Right.SEE_PRIVATE,
        Action.REPORT_IN,
        lambda desk, case, person, given: report_in(desk, case, person),
        may=lambda desk, person, case: bool(parts_of(case, person, PartKind.WHISTLE)),
        now=lambda desk, case: bool(whistled(case)),
    ),
    Act.SAY_JOINT: Way(
        Right.SEE_PRIVATE, Action.JOINT_NOTE, _own_part(say_joint), words=True, may=_has_joint
    ),
    Act.FINISH_JOINT: Way(
        Right.SEE_PRIVATE, Action.JOINT_DONE, _own_part(finish_joint), words=True, may=_has_joint
    ),
    Act.DECLINE_JOINT: Way(
        Right.SEE_PRIVATE,
        Action.JOINT_DECLINE,
        _own_part(decline_joint),
        words=True,
        may=_has_joint,
    ),
    Act.END_PARTS: Way(
        Right.ASK_JOINT,
        Action.END_PART,
        _end_parts,
        now=lambda desk, case: bool(owed_by_others(case)),
    ),
}
