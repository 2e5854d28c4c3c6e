"""不是这件: a neighbour whose words joined a case says that they told of something else.

The law of this file: one tap, and it is theirs alone to make: their lines leave the case with them and become
a case of their own, counted from when they were said, for a person to look at; bare words such as +1 only
leave. The step stands in the timelines of both.
"""

from __future__ import annotations

from collections.abc import Sequence

from intake.acknowledging import tell_staff
from intake.cases import Case, Line
from intake.desk import Desk
from intake.grids import ChatRef, MessageRef
from intake.lifecycle import Action, NotNow, actions_from
from intake.notices import Notice, ToChat
from intake.opening import start_clocks
from intake.people import Person
from intake.phrases import is_plus_one
from intake.refusing import refusal
from intake.splitting import (
    Part,
    acknowledge_part,
    draft_of_lines,
    may_be_split,
    take_along,
)
from intake.templates import Template

NOT_THIS = "不是这件"
"""The words of the button, and of the step."""


def part_ways(desk: Desk, case: Case, person: Person, where: ChatRef) -> None:
    """What this person told leaves the case. Raises NotNow where the case is over."""
    lines = [line for line in desk.facts.talk if _hangs_on(desk, line, case)]
    own = [line for line in lines if line.sender == person.id and may_be_split(line)]
    if person.id == case.reporter or not own:
        desk.say(refusal(desk, Template.NOT_JOINED, person.id, {"case": case.id}, where))
        return
    if Action.SPLIT not in actions_from(case.kind, case.state):
        raise NotNow(case.state, Action.SPLIT)
    own.sort(key=lambda line: (not _tells(line), line.at, line.message))
    if _tells(own[0]):
        _own_case(desk, case, person, lines, own)
    else:
        _leave(desk, case, person, own, where)


def _tells(line: Line) -> bool:
    """Whether a line tells of something by itself."""
    return bool(line.text) and not is_plus_one(line.text)


def _hangs_on(desk: Desk, line: Line, case: Case) -> bool:
    known = desk.case(line.case)
    return known is not None and known.id == case.id


def _own_case(
    desk: Desk, case: Case, person: Person, lines: Sequence[Line], own: Sequence[Line]
) -> None:
    chat = desk.facts.chats.get(own[0].chat)
    part = Part(frozenset(MessageRef(one.chat, one.message) for one in own), case.item or "")
    grid = chat.grid if chat is not None else case.grid
    new = desk.add_case(draft_of_lines(desk, case, grid, own, part))
    desk.act(case, Action.SPLIT, person.id, new.id)
    take_along(desk, case, new, lines, own, whole=True)
    new = desk.act(new, Action.DOUBT, person.id, f"从 {case.id} 分出：报的人说不是这件")
    start_clocks(desk, new)
    acknowledge_part(desk, new)
    tell_staff(desk, new)


def _leave(desk: Desk, case: Case, person: Person, own: Sequence[Line], where: ChatRef) -> None:
    for line in own:
        desk.detach(line)
    if desk.unfollow(case, person.id):
        case = desk.amend(case, voices=max(1, case.voices - 1))
    desk.act(case, Action.SUPPLEMENT, person.id, NOT_THIS)
    desk.say(Notice(Template.LEFT, ToChat(where), {"case": case.id}, case=case.id))
