"""A call on a form: its writer says that it is one, and where.

The law of this file: whatever stands on a form is a call of the form's grid, whoever wrote it; fixed words
mean nothing there. Danger comes first; one form makes one case, or one voice more for a case that is open;
what is written on it later belongs to that case. Nothing is learned from it: on a form people write
otherwise than in a group. Staff's own form on their round is decided in `patrol.py`.
"""

from __future__ import annotations

from dataclasses import replace

from intake.alarming import alarm, look
from intake.cases import Case
from intake.commands import Form
from intake.desk import Desk
from intake.heard import Heard
from intake.joining import chase, join, supplement
from intake.lifecycle import Action, CaseKind, actions_from
from intake.matching import same_report
from intake.opening import Call, open_case
from intake.patrol import on_patrol
from intake.reading import Kind, Reading, Span
from intake.steering import forced, quoted_case
from intake.verdict import IGNORED, Verdict


def on_form(desk: Desk, heard: Heard, form: Form) -> Verdict:
    """What the words on a form came to."""
    if form.grid not in desk.facts.grids:
        return IGNORED
    readings = tuple(_placed(reading, form.place) for reading in heard.readings)
    heard = replace(heard, readings=readings)
    if form.patrol:
        return on_patrol(desk, heard, form)
    danger = heard.emergency
    if danger is not None:
        return alarm(desk, _call(heard, form, danger))
    about = quoted_case(desk, heard.said)
    if about is not None:
        return _more(desk, heard, about)
    verdict = _called(desk, heard, form, forced(desk, heard.reading, CaseKind.REQUEST))
    doubted = next((reading for reading in readings if reading.suspicion), None)
    if doubted is not None:
        look(desk, _call(heard, form, doubted), verdict.opened)
    return verdict


def _called(desk: Desk, heard: Heard, form: Form, reading: Reading) -> Verdict:
    said, person = heard.said, heard.person
    if reading.kind is Kind.REQUEST:
        known = same_report(desk, form.grid, said.chat, person.id, reading)
        if known is not None and known.reporter == person.id:
            return chase(desk, known, said, person, reading)
        if known is not None:
            return join(desk, known, said, person, reading)
    case = open_case(desk, _call(heard, form, reading))
    shown = "wish" if case.kind is CaseKind.WISH else "request"
    return Verdict(shown, None, (case.id,), (case.id,))


def _more(desk: Desk, heard: Heard, case: Case) -> Verdict:
    """Further words on the same form; `chase` takes what a case that is over cannot take."""
    said, person = heard.said, heard.person
    open_to_words = Action.SUPPLEMENT in actions_from(case.kind, case.state)
    if case.reporter == person.id and open_to_words:
        return supplement(desk, case, said, person, heard.reading)
    return chase(desk, case, said, person, heard.reading)


def _call(heard: Heard, form: Form, reading: Reading) -> Call:
    return Call(heard.said, heard.person, form.grid, reading)


def _placed(reading: Reading, place: str) -> Reading:
    """The reading with the form's place, which its text names, before all others."""
    start = reading.text.find(place) if place else -1
    if start < 0:
        return reading
    return replace(reading, places=(Span(start, start + len(place)), *reading.places))
