"""What staff find on their round (随手报): told, or seen to at once (自行处置).

The law of this file: a round's form is a call of its grid like any other. What is already open is not told
twice: more words for it, or, where it was seen to at once, done, and then its reporter is asked as always.
What nobody else had told and was put right on the spot is opened and closed in one step; nobody hears of it,
but of a danger staff do: a second person shall look (docs/decisions/0016-found-and-fixed.md).
"""

from __future__ import annotations

from dataclasses import replace

from intake.acknowledging import case_params
from intake.alarming import alarm
from intake.cases import Case, LineRole
from intake.commands import Form
from intake.desk import Desk
from intake.heard import Heard, works
from intake.joining import attach, supplement
from intake.lifecycle import Action, CaseKind, actions_from
from intake.matching import same_report
from intake.notices import Notice, ToStaff
from intake.opening import Call, open_case, open_settled
from intake.people import Right
from intake.phrases import is_empty_talk
from intake.steering import forced
from intake.templates import Template
from intake.verdict import IGNORED, Verdict
from intake.working import finish, may_work, possible


def on_patrol(desk: Desk, heard: Heard, form: Form) -> Verdict:
    """What the words on a round's form came to. `heard` knows the form's place."""
    if not works(desk, heard.person, form.grid):
        return IGNORED
    danger = heard.emergency
    reading = danger or forced(desk, heard.reading, CaseKind.REQUEST)
    call = Call(heard.said, heard.person, form.grid, reading)
    known = same_report(desk, form.grid, heard.said.chat, heard.person.id, reading)
    if form.done and _may_finish(desk, heard, form):
        return _done(desk, call, known, form.done)
    if known is not None and Action.SUPPLEMENT in actions_from(known.kind, known.state):
        verdict = supplement(desk, known, heard.said, heard.person, reading)
        return replace(verdict, kind="emergency", emergency=danger.emergency) if danger else verdict
    if danger is not None:
        return alarm(desk, call)
    case = open_case(desk, call)
    return Verdict(case.kind.value, None, (case.id,), (case.id,))


def _may_finish(desk: Desk, heard: Heard, form: Form) -> bool:
    path = desk.grid(form.grid).path
    return heard.person.may(Right.FINISH, path) and not is_empty_talk(form.done)


def _done(desk: Desk, call: Call, known: Case | None, words: str) -> Verdict:
    """It was put right on the spot."""
    said, person, code = call.said, call.person, call.reading.emergency
    shown = "emergency" if code else "request"
    if known is not None and _can_be_finished(desk, known, call):
        attach(desk, known, said, person, LineRole.REPORT_BACK, call.reading.masked_text)
        finish(desk, known, person, words, said.chat)
        return Verdict("report_back", code, (known.id,))
    case = open_settled(desk, replace(call, force=CaseKind.REQUEST), words)
    if code is not None:
        _show_staff(desk, case, call, words)
    return Verdict(shown, code, (case.id,), (case.id,))


def _can_be_finished(desk: Desk, case: Case, call: Call) -> bool:
    return possible(case, Action.FINISH) and may_work(desk, call.person, case, Right.FINISH)


def _show_staff(desk: Desk, case: Case, call: Call, words: str) -> None:
    """A danger that somebody saw to alone: one line to staff."""
    params = case_params(desk, case)
    params |= {"what": "巡查发现险情，当场办好", "words": words, "by": call.person.name}
    desk.say(Notice(Template.STAFF_UPDATE, ToStaff(case.grid), params, case=case.id))
