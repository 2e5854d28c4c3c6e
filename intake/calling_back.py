"""Call-backs: of what closed without its reporter's word, some are asked about.

The law of this file: once a week, of the cases of a grid that closed by silence; the same draw whoever makes
it; of some closers more, but nobody is ranked. Whoever closed it does not ask. A case is drawn once. "没好"
reopens, with somebody else, as if its reporter had said it; that it is well is no score.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

from intake.briefing import next_brief
from intake.cases import CallBack, Case, CaseId, Timer, TimerKind
from intake.desk import Desk
from intake.grids import ChatRef
from intake.lapsed import Lapsed
from intake.lifecycle import Action, CaseKind, NotNow, State
from intake.notices import Notice, ToRole, Urgency
from intake.people import Person, PersonId, Role
from intake.rating import reopen
from intake.supervising import content
from intake.templates import Template
from intake.verdict import IGNORED, Verdict

SHARE: Final = 1 / 10
"""Of what closed by silence so much is asked about, and at least one case a grid and week."""
SHARE_OF_MORE: Final = 1 / 3
"""So much of what was closed by somebody of whom something came back lately, or came back itself."""
_SEED: Final = "call-back"


def lot(case: CaseId, week: str) -> float:
    """A case's lot in the draw of a week, from 0 up to 1: the same whoever draws."""
    digest = hashlib.sha256(f"{_SEED}|{week}|{case}".encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48


def drawn(lapsed: Iterable[Lapsed], week: str) -> list[CaseId]:
    """The cases of a grid that are asked about."""
    some = list(lapsed)
    found = [one.case for one in some if lot(one.case, week) < _share(one)]
    if some and not found:
        found = [min((one.case for one in some), key=lambda case: (lot(case, week), case))]
    return sorted(found)


def _share(one: Lapsed) -> float:
    if one.supervised:
        return 1
    return SHARE_OF_MORE if one.more else SHARE


def set_the_draw(desk: Desk, case: Case) -> None:
    """A case closed by silence: the next draw of its grid is due."""
    if desk.rules.brief is None or case.kind is not CaseKind.REQUEST:
        return
    due = next_brief(desk.now, desk.rules.brief, desk.rules.zone)
    subject = f"{case.grid}@{due.date().isoformat()}"
    desk.set_timer(TimerKind.CALL_BACKS, subject, due, case.grid)


def draw(desk: Desk, timer: Timer) -> Verdict:
    """Draw of what closed by silence in the week before; each that is drawn is marked by its own clock."""
    grid = timer.grid or ""
    found = drawn(desk.facts.lapsed.get(grid, ()), timer.subject)
    if grid not in desk.facts.grids or not found:
        return IGNORED
    for case in found:
        desk.set_timer(TimerKind.CALL_BACK, case, desk.now, grid)
    params = {"area": desk.grid(grid).name, "count": str(len(found))}
    once = f"call-backs|{timer.subject}"
    to = ToRole(Role.MODERATOR, grid)
    desk.say(Notice(Template.STAFF_CALL_BACKS, to, params, urgency=Urgency.DIGEST, once=once))
    return Verdict("timer")


def mark(desk: Desk, case: Case) -> Verdict:
    """It was drawn; nothing where its reporter has spoken since."""
    if not _is_silent(case) or case.call_back is not None:
        return IGNORED
    case = desk.act(case, Action.DRAW, None, call_back=CallBack.DUE)
    return Verdict("timer", None, (case.id,))


def _is_silent(case: Case) -> bool:
    return case.state is State.CLOSED and case.score is None


def awaits_call(case: Case) -> bool:
    """Whether its reporter is to be asked now."""
    return case.call_back is CallBack.DUE and case.state is State.CLOSED


def may_call(case: Case, person: PersonId) -> bool:
    """Whoever closed it does not ask whether it is closed well."""
    return case.done_by != person


def call_back(desk: Desk, case: Case, person: Person, outcome: CallBack) -> Case:
    """What asking came to."""
    if not awaits_call(case) or outcome is CallBack.DUE:
        raise NotNow(case.state, Action.CALL_BACK)
    case = desk.act(case, Action.CALL_BACK, person.id, outcome.value, call_back=outcome)
    if outcome is CallBack.NOT_FIXED:
        return reopen(desk, case, person, NOT_FIXED, _where(desk, case))
    return content(desk, case) if outcome is CallBack.FIXED else case


NOT_FIXED: Final = "回访时说没好"


def _where(desk: Desk, case: Case) -> ChatRef:
    """Where it was told; what was told on a form, where its reporter is reached alone."""
    person = desk.facts.people.get(case.reporter)
    alone = ChatRef(*person.private) if person is not None and person.private else case.chat
    return case.chat if case.chat in desk.facts.chats else alone


OUTCOMES: Final[Sequence[CallBack]] = (CallBack.FIXED, CallBack.NOT_FIXED, CallBack.UNREACHED)
