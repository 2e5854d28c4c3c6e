"""The ladder: who is told, and when, that a limit was missed.

The law of this file: the ladder is the table `LADDER`. Each rung is climbed once for a limit, and stands in
the timeline; a limit that is moved later has the whole ladder before it again. Whoever works on it is
reminded every day beside that. What is not level A waits through the quiet hours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from intake.acknowledging import case_params, staff_buttons
from intake.cases import Case, TimerKind, rung_name
from intake.desk import Desk
from intake.lifecycle import Action, State, actions_from
from intake.notices import Notice, ToDepartment, ToRole, ToStaff, Urgency
from intake.people import Role
from intake.taxonomy import Level
from intake.templates import Template
from intake.urgency import ANSWERED, awaits_answer

REMIND_AGAIN: Final = timedelta(days=1)
"""After a limit has passed, those who work on it are reminded once a day until it is met."""


class Whom(StrEnum):
    """Who stands on a rung, from below."""

    HANDLER = "handler"
    SUPERVISOR = "supervisor"
    STREET = "street"
    DISTRICT = "district"


@dataclass(frozen=True, slots=True)
class Rung:
    """So long `after` the limit was missed somebody is told; `urgent` is the same for level A."""

    limit: TimerKind
    whom: Whom
    after: timedelta
    urgent: timedelta

    @property
    def name(self) -> str:
        return rung_name(self.limit, self.whom)

    def wait(self, level: Level) -> timedelta:
        return self.urgent if level is Level.A else self.after


def _hours(number: float) -> timedelta:
    return timedelta(hours=number)


_ANSWER, _END = TimerKind.RESPOND_DUE, TimerKind.RESOLVE_DUE
_WATCH = TimerKind.SUPERVISION

LADDER: Final = (
    Rung(_ANSWER, Whom.HANDLER, _hours(0), _hours(0)),
    Rung(_ANSWER, Whom.SUPERVISOR, _hours(4), _hours(0.5)),
    Rung(_ANSWER, Whom.STREET, _hours(24), _hours(2)),
    Rung(_ANSWER, Whom.DISTRICT, _hours(72), _hours(6)),
    Rung(_END, Whom.HANDLER, _hours(0), _hours(0)),
    Rung(_END, Whom.SUPERVISOR, _hours(24), _hours(2)),
    Rung(_END, Whom.STREET, _hours(72), _hours(6)),
    Rung(_END, Whom.DISTRICT, _hours(144), _hours(24)),
    Rung(_WATCH, Whom.HANDLER, _hours(0), _hours(0)),
    Rung(_WATCH, Whom.DISTRICT, _hours(0), _hours(0)),
)
"""domain.md §3: 到期次日催办, 催后再超 5 日通报; the hours are ours, and may be changed. That nothing was
reported whoever supervises hears beside it (`supervising.py`)."""

ROLE_OF: Final = {
    Whom.SUPERVISOR: Role.MODERATOR,
    Whom.STREET: Role.STREET,
    Whom.DISTRICT: Role.DISTRICT,
}
ABOVE: Final = frozenset(ROLE_OF.values())
"""Roles that hear of a missed limit, and of what is asked for above the handler."""

_BY_NAME: Final = {rung.name: rung for rung in LADDER}
_NOBODY: Final = " nobody"


@dataclass(frozen=True, slots=True)
class Climbed:
    """A rung as it stands in the timeline, and whether there was anybody on it."""

    rung: Rung
    anybody: bool


def climbed(words: str) -> Climbed | None:
    """The words of a rung in the timeline, read again."""
    rung = _BY_NAME.get(words.removesuffix(_NOBODY))
    return Climbed(rung, not words.endswith(_NOBODY)) if rung else None


def goes_up(words: str) -> bool:
    """Whether by this step of the timeline somebody above came to know; a reminder goes to nobody above."""
    step = climbed(words)
    return step is not None and step.anybody and step.rung.whom is not Whom.HANDLER


def highest(case: Case) -> Whom | None:
    """How far up it is known that the limit that counts now was missed; None: not above its handler."""
    if not case.is_open or case.state in ANSWERED:
        return None
    limit = _ANSWER if awaits_answer(case) else _END
    rungs = (_BY_NAME[name] for name in case.climbed if name in _BY_NAME)
    above = [one.whom for one in rungs if one.limit is limit and one.whom is not Whom.HANDLER]
    return max(above, key=list(Whom).index, default=None)


def climb(desk: Desk, case: Case, limit: TimerKind) -> None:
    """A limit may have been missed: tell whoever is to be told now, and set the clock for the next."""
    if (limit is _ANSWER and case.responded_at is not None) or case.state is State.TO_RATE:
        return
    missed = _limit(case, limit)
    if missed is None or missed > desk.now:  # it was moved since
        if missed is not None:
            desk.set_timer(limit, case.id, missed, case.grid)
        return
    told = []
    for rung in _reached(case, limit, missed, desk.now):
        case = _step(desk, case, rung)
        if rung.whom is not Whom.HANDLER and _anybody(desk, case, rung):
            told.append(rung)
    if told:  # whoever comes late to a long ladder tells its top, and not every rung
        _tell_above(desk, case, told[-1], missed)
    _remind(desk, case, limit, [rung.whom for rung in told])
    later = [missed + one.wait(case.level) for one in _left(case, limit)]
    again = min([desk.now + REMIND_AGAIN, *(at for at in later if at > desk.now)])
    desk.set_timer(limit, case.id, again, case.grid)


def _limit(case: Case, limit: TimerKind) -> datetime | None:
    limits = {_ANSWER: case.respond_due, _END: case.resolve_due, _WATCH: case.supervised_until}
    return limits[limit]


def past_the_top(case: Case) -> bool:
    """Whether a missed limit was told to the last who stands on the ladder."""
    return any(rung_name(limit, Whom.DISTRICT) in case.climbed for limit in (_ANSWER, _END))


def _left(case: Case, limit: TimerKind) -> list[Rung]:
    """The rungs that are not climbed yet. A wish is nobody's duty: only those who see to it are reminded."""
    if Action.ESCALATE not in actions_from(case.kind, case.state):
        return []
    return [rung for rung in LADDER if rung.limit is limit and rung.name not in case.climbed]


def _reached(case: Case, limit: TimerKind, missed: datetime, now: datetime) -> list[Rung]:
    return [one for one in _left(case, limit) if missed + one.wait(case.level) <= now]


def _anybody(desk: Desk, case: Case, rung: Rung) -> bool:
    role = ROLE_OF.get(rung.whom)
    if role is None:
        return True
    path, roles = desk.grid(case.grid).path, frozenset({role})
    return any(person.has_role_in(roles, path) for person in desk.facts.people.values())


def _step(desk: Desk, case: Case, rung: Rung) -> Case:
    words = rung.name if _anybody(desk, case, rung) else rung.name + _NOBODY
    return desk.act(case, Action.ESCALATE, None, words, climbed=(*case.climbed, rung.name))


def _tell_above(desk: Desk, case: Case, rung: Rung, missed: datetime) -> None:
    params = case_params(desk, case) | {"what": _what(rung.limit), "missed": missed.isoformat()}
    to, buttons = ToRole(ROLE_OF[rung.whom], case.grid), staff_buttons(desk, case)
    desk.say(Notice(Template.STAFF_ESCALATED, to, params, buttons, _urgency(case), case.id))


def _remind(desk: Desk, case: Case, limit: TimerKind, told: Iterable[Whom]) -> None:
    """Those who work on it hear that it is late, and who knows of it now."""
    params = case_params(desk, case) | {"what": _what(limit), "told": " ".join(told)}
    buttons = staff_buttons(desk, case)
    audiences: list[ToStaff | ToDepartment] = [ToStaff(case.grid)]
    if case.lead is not None and case.state is not State.TO_CONFIRM:
        audiences.append(ToDepartment(case.lead, case.grid))
    for audience in audiences:
        desk.say(Notice(Template.STAFF_DUE, audience, params, buttons, _urgency(case), case.id))


def _what(limit: TimerKind) -> str:
    return {_ANSWER: "respond", _END: "resolve", _WATCH: "supervise"}[limit]


def _urgency(case: Case) -> Urgency:
    return Urgency.ALERT if case.level is Level.A else Urgency.PROGRESS
