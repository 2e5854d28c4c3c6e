"""Staff's words on a case: by its number, by replying, or in plain words of progress.

The law of this file: who works on a case tells of it as people do, without number and form. A line that tells
of work goes to the case that it fits and that the group talks of; where several fit alike its speaker is
asked; one that could be anything goes to none.
"""

from __future__ import annotations

from intake.asking_which import alike, ask_which
from intake.cases import Case
from intake.desk import Desk
from intake.grids import Purpose
from intake.heard import Heard
from intake.joint_words import comes_unasked
from intake.lifecycle import CaseKind, State
from intake.people import Right
from intake.phrases import WorkWord, case_named, sounds_like_work, work_said, work_words
from intake.promising import staff_words
from intake.reading import Kind
from intake.steering import quoted_case
from intake.talk import AT_WORK, LIKELY, about, from_next_door
from intake.taxonomy import Visibility
from intake.verdict import Verdict


def about_work(
    desk: Desk, heard: Heard, grid: str, purpose: Purpose | None, ahead: bool = False
) -> Verdict | None:
    """What a worker's line does to a case; None where it is about none, so that it is heard as anybody's.
    What was announced for later (`ahead`) is about one only where it names it."""
    said, person = heard.said, heard.person
    token = case_named(said.text)
    case = desk.case(token)
    if case is not None and token is not None and _may_know(desk, heard, case):
        return staff_words(desk, case, heard.masked, person, token)
    behind = quoted_case(desk, said)
    if behind is not None and said.text.strip() and _may_know(desk, heard, behind):
        return _reply(desk, heard, behind)
    if purpose is Purpose.DEPARTMENT and (verdict := comes_unasked(desk, heard, grid)) is not None:
        return verdict
    if purpose is not Purpose.RESIDENTS or not said.text.strip():
        return None
    if ahead:
        return Verdict(Kind.NOTICE.value)
    return _in_plain_words(desk, heard, grid)


def _may_know(desk: Desk, heard: Heard, case: Case) -> bool:
    """What is private is worked on by those who may see it."""
    hidden = case.visibility is Visibility.PRIVATE and case.taken_by != heard.person.id
    return not hidden or desk.may(heard.person, Right.SEE_PRIVATE, case)


def _reply(desk: Desk, heard: Heard, case: Case) -> Verdict | None:
    if case.kind is CaseKind.WISH and case.state is State.PUBLISHED:
        return None
    if heard.emergency is not None and case.emergency is None:
        return None
    if heard.reading.kind.asks and work_words(heard.said.text) is WorkWord.PROGRESS:
        return None
    return staff_words(desk, case, heard.masked, heard.person, None)


def _in_plain_words(desk: Desk, heard: Heard, grid: str) -> Verdict | None:
    """A worker's line in the residents' group: on the case that it is about, or none of ours. What asks
    for something itself is taken for a report only where it tells of work on a case."""
    reading = heard.reading
    known = (*desk.open_cases(grid), *from_next_door(desk, heard.said.chat, grid))
    cases = [case for case in known if case.visibility is not Visibility.PRIVATE]
    asks = reading.kind.asks or reading.emergency is not None
    works = reading.kind in (Kind.REPORT_BACK, Kind.RESOLVED_SELF) or sounds_like_work(reading.text)
    found = about(desk, heard, cases)
    least = LIKELY if asks or not works else AT_WORK
    best = found[0].case if found and found[0].chance >= least else None
    if heard.emergency is not None and (best is None or best.emergency is None):
        return None  # a danger is none of a lamp's progress, whoever tells of it
    if asks and not (best is not None and work_said(reading.text)):
        return None
    several = alike(desk, heard, found) if best is not None or works else []
    if several:
        return ask_which(desk, heard, grid, several)
    if best is not None:
        return _line(desk, heard, best)
    return Verdict("report_back") if works else None


def _line(desk: Desk, heard: Heard, case: Case) -> Verdict:
    return staff_words(desk, case, heard.masked, heard.person, None)
