"""When who is told that a part is owed still.

The law of this file: one clock a case, set to whatever of its open parts comes next. Past its day a part
climbs the rungs of `PART_LADDER`, each once and each a row of the timeline; after the last whoever owes it is
reminded once a day. A clock that strikes twice or late says nothing twice. Hours are ours (自拟), in the
manner of `ladder.py`: what is whistled for cannot wait.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from intake.acknowledging import case_params
from intake.cases import Case, TimerKind
from intake.desk import Desk
from intake.joint_parts import DISTRICT, JointPart, PartKind
from intake.ladder import REMIND_AGAIN, ROLE_OF, Whom
from intake.lifecycle import Action
from intake.notices import Audience, Notice, ToDepartment, ToPerson, ToRole, ToStaff, Urgency
from intake.taxonomy import Level
from intake.templates import Template


@dataclass(frozen=True, slots=True)
class PartRung:
    """So long `after` the day of a part `whom` is told; `urgent` is the same for level A."""

    whom: Whom
    after: timedelta
    urgent: timedelta

    def wait(self, level: Level) -> timedelta:
        return self.urgent if level is Level.A else self.after


def _hours(number: float) -> timedelta:
    return timedelta(hours=number)


PART_LADDER: Final[Mapping[PartKind, Sequence[PartRung]]] = {
    PartKind.JOINT: (
        PartRung(Whom.HANDLER, _hours(0), _hours(0)),
        PartRung(Whom.STREET, _hours(72), _hours(24)),
    ),
    PartKind.WHISTLE: (
        PartRung(Whom.STREET, _hours(0), _hours(0)),
        PartRung(Whom.DISTRICT, _hours(24), _hours(2)),
    ),
    PartKind.BEYOND: (PartRung(Whom.DISTRICT, _hours(0), _hours(0)),),
}


_NOBODYS: Final = "-"


def next_at(part: JointPart, level: Level) -> datetime:
    """When somebody is told of an open part next."""
    return _strikes(part, level, part.told)


def late_words(part: JointPart, whom: Whom) -> str:
    """A rung of a part as it stands in the timeline."""
    return f"{part.kind.value} {part.department or _NOBODYS} {whom.value}"


class Late(NamedTuple):
    """What was owed, by which department (DISTRICT: by the district), and who was told."""

    kind: PartKind
    department: str
    whom: Whom


def late_of(words: str) -> Late | None:
    """The words of a rung in the timeline, read again."""
    try:
        kind, department, whom = words.split(" ")
        return Late(PartKind(kind), department.replace(_NOBODYS, DISTRICT), Whom(whom))
    except ValueError:
        return None


def set_part_clock(desk: Desk, case: Case) -> None:
    """Set the clock of a case's parts; a case that nobody else owes anything has none."""
    due = [next_at(part, case.level) for part in case.open_parts]
    if due:
        desk.set_timer(TimerKind.JOINT, case.id, min(due), case.grid)
    else:
        desk.cancel_timers(case.id, (TimerKind.JOINT,))


def climb_parts(desk: Desk, case: Case) -> None:
    """Tell whoever is to be told now, and set the clock for what comes next."""
    for part in case.open_parts:
        if next_at(part, case.level) <= desk.now:
            case = _climb(desk, case, part)
    set_part_clock(desk, case)


def _strikes(part: JointPart, level: Level, number: int) -> datetime:
    rungs = PART_LADDER[part.kind]
    if number < len(rungs):
        return part.due + rungs[number].wait(level)
    return part.due + rungs[-1].wait(level) + (number - len(rungs) + 1) * REMIND_AGAIN


def _climb(desk: Desk, case: Case, part: JointPart) -> Case:
    """All that struck since: whoever comes late to a long ladder tells its top, and reminds once."""
    number = part.told
    while _strikes(part, case.level, number) <= desk.now:
        number += 1
    rungs = PART_LADDER[part.kind][part.told : number]
    parts = tuple(
        replace(one, told=number) if one.is_open and one.key == part.key else one
        for one in case.parts
    )
    case = desk.amend(case, parts=parts)
    for rung in rungs:
        case = desk.act(case, Action.JOINT_LATE, None, late_words(part, rung.whom))
    _tell(desk, case, part, rungs[-1].whom if rungs else None)
    return case


def _tell(desk: Desk, case: Case, part: JointPart, whom: Whom | None) -> None:
    department = desk.rules.taxonomy.departments.get(part.department)
    params = case_params(desk, case) | {
        "kind": part.kind.value,
        "whom": department.name if department else part.department,
        "words": part.asked,
        "due": part.due.isoformat(),
        "told": whom.value if whom in ROLE_OF else "",
    }
    urgency = Urgency.ALERT if case.level is Level.A else Urgency.PROGRESS
    for to in _audiences(desk, case, part, whom):
        mine = {"mine": "1"} if to == ToDepartment(part.department, case.grid) else {}
        desk.say(Notice(Template.STAFF_PART_LATE, to, params | mine, (), urgency, case.id))


def _audiences(desk: Desk, case: Case, part: JointPart, whom: Whom | None) -> list[Audience]:
    """Whoever owes it each time; on a rung also those who wait for it, and those above."""
    if part.department == DISTRICT:
        return [ToRole(ROLE_OF[Whom.DISTRICT], case.grid)]
    found: list[Audience] = [ToDepartment(part.department, case.grid)]
    if whom is None:
        return found
    found.append(ToStaff(case.grid))
    found += [ToDepartment(code, case.grid) for code in case.leads if code != part.department]
    if whom in ROLE_OF:
        found.append(ToRole(ROLE_OF[whom], case.grid))
    if not _among(desk, case, part, whom):
        found.append(ToPerson(part.asked_by))
    return found


def _among(desk: Desk, case: Case, part: JointPart, whom: Whom) -> bool:
    """Whether whoever asked hears of it already as one of those above."""
    asker = desk.facts.people.get(part.asked_by)
    if asker is None or whom not in ROLE_OF:
        return False
    return asker.has_role_in(frozenset({ROLE_OF[whom]}), desk.grid(case.grid).path)
