"""Photos that came without a word.

The law of this file: a photo from somebody whose case is open is evidence of it. Of a photo alone that can be
looked at, one question is asked, and a person looks meanwhile: a case without item, words or department,
masked until somebody knows what it shows. The neighbour's next words about it say what that case is; they
open no second one. A photo of which only is known that there was one is forgotten, as there is nothing to
look at.
"""

from __future__ import annotations

from datetime import timedelta

from intake.acknowledging import acknowledge, not_a_case, tell_staff
from intake.cases import Case, Gathering, Line, LineRole, TimerKind
from intake.desk import Desk
from intake.grids import ChatRef, MessageRef
from intake.lifecycle import Action, CaseKind, State, actions_from
from intake.notices import Notice, ToChat, Urgency
from intake.opening import CONFIRM_WINDOW, Call, dispatch, draft_of, start_clocks
from intake.people import Person, PersonId
from intake.reading import Triage
from intake.routing import route
from intake.templates import Template
from intake.verdict import Verdict

TITLE = "一张照片"
ANSWER_WINDOW = timedelta(days=1)
"""How long a neighbour's next words are taken as the answer to the question."""


def is_wordless(case: Case) -> bool:
    """Whether nobody has said yet what it is."""
    bare = case.item is None and case.emergency is None
    return bare and case.state is State.TO_CONFIRM and case.title == TITLE


def own_open(desk: Desk, grid: str, chat: ChatRef, person: PersonId) -> Case | None:
    """The newest case of this person, told in this chat, that a photo can still say something about."""
    for case in desk.open_cases(grid):
        own = case.reporter == person and case.chat == chat
        if own and Action.SUPPLEMENT in actions_from(case.kind, case.state):
            return case
    return None


def waits_for_words(desk: Desk, grid: str, chat: ChatRef, person: PersonId) -> Case | None:
    """This person's photo of which was asked what it is."""
    for case in desk.open_cases(grid):
        if case.reporter == person and case.chat == chat and is_wordless(case):
            return case if desk.now - case.opened_at <= ANSWER_WINDOW else None
    return None


def pictured(desk: Desk, gathering: Gathering) -> bool:
    """Whether there is a photo to look at."""
    refs = (MessageRef(gathering.chat, message) for message in gathering.messages)
    return any(ref in desk.facts.pictured for ref in refs)


def open_wordless(desk: Desk, gathering: Gathering, grid: str) -> Case:
    """A photo alone takes its place in the queue, and its sender is asked."""
    case = desk.add_case(_draft(desk, gathering, grid))
    if gathering.sender not in desk.facts.people:
        desk.save_person(Person(gathering.sender, "", home=grid))
    _attach(desk, case, gathering)
    case = desk.act(case, Action.DOUBT, None)
    start_clocks(desk, case)
    params = {"case": case.id, "place": "1" if case.place else ""}
    to, buttons = ToChat(case.chat), (not_a_case(case),)
    desk.say(
        Notice(
            Template.ASK_PHOTO, to, params, buttons, Urgency.ANSWER, case.id, reply_to=case.message
        )
    )
    tell_staff(desk, case)
    return case


def say_what(desk: Desk, case: Case, call: Call) -> Verdict:
    """The neighbour said what the photo shows: from here on it is a case like any other."""
    said, person, told = call.said, call.person, draft_of(desk, call, case.number)
    line = (LineRole.SUPPLEMENT, told.said, said.media, desk.now)
    desk.attach(Line(case.id, said.chat, said.message, person.id, *line))
    case = desk.act(case, Action.SUPPLEMENT, person.id, told.said, **_fields(case, told))
    if told.kind is CaseKind.WISH:
        case = desk.act(case, Action.REVIEW, None, kind=CaseKind.WISH)
    elif told.triage is Triage.AUTO:
        case = dispatch(desk, desk.act(case, Action.ACCEPT, None))
    elif told.triage is Triage.ASK:
        desk.set_timer(TimerKind.CONFIRM, case.id, desk.now + CONFIRM_WINDOW, case.grid)
    start_clocks(desk, case)
    acknowledge(desk, case, said, call.reading)
    tell_staff(desk, case)
    return Verdict("supplement", None, (case.id,))


_OF_WORDS = (
    *("category", "item", "level", "lead", "co", "tier", "visibility"),
    *("said", "title", "guesses", "triage", "nature"),
)
"""What a case has from what was said."""


def _fields(case: Case, told: Case) -> dict[str, object]:
    """What the words say; nothing gets later by having been asked."""
    respond = [due for due in (case.respond_due, told.respond_due) if due]
    resolve = [due for due in (case.resolve_due, told.resolve_due) if due]
    return {name: getattr(told, name) for name in _OF_WORDS} | {
        "place": told.place or case.place,
        "respond_due": min(respond, default=None),
        "resolve_due": min(resolve, default=None),
    }


def _draft(desk: Desk, gathering: Gathering, grid: str) -> Case:
    where = route(desk.rules, None, gathering.started_at)
    number = desk.next_number(grid)
    return Case(
        id=f"{grid}-{number}",
        grid=grid,
        number=number,
        kind=CaseKind.REQUEST,
        state=State.DRAFT,
        triage=Triage.HUMAN,
        category=None,
        item=None,
        level=where.level,
        lead=where.lead,
        co=where.co,
        tier=where.tier,
        visibility=where.visibility,
        emergency=None,
        place=gathering.place,
        said="",
        title=TITLE,
        reporter=gathering.sender,
        chat=gathering.chat,
        message=gathering.messages[0],
        guesses=(),
        opened_at=gathering.started_at,
        respond_due=where.deadlines.respond.at,
        resolve_due=where.deadlines.resolve.at,
        provisional=where.deadlines.provisional,
    )


def _attach(desk: Desk, case: Case, gathering: Gathering) -> None:
    """One line for each message; what came is noted with the message that had it."""
    for message, text in zip(gathering.messages, gathering.texts, strict=True):
        first = message == gathering.messages[0]
        role = LineRole.OPENED if first else LineRole.SUPPLEMENT
        held = MessageRef(gathering.chat, message) in desk.facts.pictured
        media = ("photo",) if held else ()
        at = gathering.started_at if first else gathering.last_at
        line = Line(case.id, gathering.chat, message, gathering.sender, role, text, media, at)
        desk.attach(line)
