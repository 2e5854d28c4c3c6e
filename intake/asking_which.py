"""Asking a worker which case their words are about.

The law of this file: where several cases fit a worker's words alike nobody guesses: the words are held, their
speaker is asked alone, or in the staff's group, and one tap does what they meant as of when they were said.
Unanswered they go, and staff are told that they were noted nowhere. When a case was told sets no two apart;
what its worker spoke of lately does. The numbers are ours.
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Sequence
from datetime import timedelta
from hashlib import blake2b

from intake.cases import Case, Held, Line, LineRole, Timer, TimerKind
from intake.commands import Said, Sender
from intake.desk import Desk
from intake.fitting import Fit
from intake.grids import ChatRef, MessageRef, Purpose
from intake.heard import Heard, works
from intake.lifecycle import Action
from intake.notices import Button, Notice, ToChat, ToPerson, ToStaff, Urgency
from intake.people import Person, Right
from intake.phrases import WorkWord, work_words
from intake.promising import staff_words
from intake.refusing import refusal
from intake.talk import AT_WORK
from intake.templates import Template
from intake.verdict import IGNORED, Verdict
from intake.working import may_work, possible

ALIKE = 2.0
"""So near in log odds, but for the times, two cases fit alike."""
FITS = 0.15
"""The least chance of the likeliest at which a word that something is done is worth a question."""
MOST = 3
"""More than a tap can choose from at a glance."""
PLACE_SHOWN = 12
"""Signs of a place that a button has room for."""
SPOKEN_OF = timedelta(hours=2)
"""So long a worker's words are taken to be about what they spoke of before."""
JUST_NOW = timedelta(minutes=10)
"""So long they are taken to answer what somebody asked after."""

OF_HELD = frozenset({"which", "none"})
"""Buttons whose argument is the key of held words."""

_STEPS = {
    WorkWord.TAKES: (Right.TAKE, Action.TAKE),
    WorkWord.DONE: (Right.FINISH, Action.FINISH),
    WorkWord.PROGRESS: (Right.REPORT, Action.REPORT),
}


def held_key(ref: MessageRef) -> str:
    """The key of the words of a message: short, since a button carries it."""
    digest = blake2b(f"{ref.chat}|{ref.message}".encode(), digest_size=5).digest()
    return b32encode(digest).decode()[:6].lower()


def alike(desk: Desk, heard: Heard, found: Sequence[Fit]) -> list[Case]:
    """The cases among which a worker is to be asked, the likeliest first; none where one is meant."""
    grid = heard.grid
    if desk.rules.which is None or grid is None or not found or heard.said.quote is not None:
        return []
    best, done = found[0], work_words(heard.reading.masked_text) is WorkWord.DONE
    if best.chance < (FITS if done else AT_WORK) or not works(desk, heard.person, grid):
        return []
    if not (desk.reachable(heard.person.id) or _staffed(desk, grid)):
        return []
    near = [fit.case for fit in found if fit.chance and abs(fit.even - best.even) <= ALIKE]
    some = [case for case in near if _can_be(desk, heard, case)]
    if len(some) < 2 or best.case not in some or _spoken_of(desk, heard, some) == [best.case]:
        return []
    return some[:MOST]


def _staffed(desk: Desk, grid: str) -> bool:
    chats = desk.facts.chats.values()
    return any(chat.grid == grid and chat.purpose is Purpose.STAFF for chat in chats)


def _can_be(desk: Desk, heard: Heard, case: Case) -> bool:
    """Whether this person may do now to this case what the words say."""
    right, step = _STEPS[work_words(heard.reading.masked_text)]
    if step is Action.TAKE and case.taken_by is not None:
        step = Action.REPORT
    return possible(case, step) and may_work(desk, heard.person, case, right)


def _spoken_of(desk: Desk, heard: Heard, cases: Sequence[Case]) -> list[Case]:
    """Those of which this worker spoke lately here, or somebody asked just now."""
    told: set[str] = set()
    for line in desk.facts.talk:
        own = line.sender == heard.person.id and line.role is LineRole.REPORT_BACK
        within = SPOKEN_OF if own else JUST_NOW
        news = own or line.role is not LineRole.OPENED
        if line.chat == heard.said.chat and news and desk.now - line.at <= within:
            told.add(line.case)
    return [case for case in cases if case.id in told]


def ask_which(desk: Desk, heard: Heard, grid: str, cases: Sequence[Case]) -> Verdict:
    """Hold the words and ask which of `cases` they are about."""
    said, person, wait = heard.masked, heard.person, desk.rules.which
    assert wait is not None
    held = Held(
        held_key(MessageRef(said.chat, said.message)),
        person.id,
        grid,
        said.chat,
        said.message,
        said.text.strip(),
        said.media,
        tuple(case.id for case in cases),
        desk.now,
        desk.now + wait,
    )
    desk.hold(held)
    desk.set_timer(TimerKind.WHICH, held.key, held.expires_at, grid)
    to = ToPerson(person.id) if desk.reachable(person.id) else ToStaff(grid)
    listed = "\n".join(f"{case.id}\t{short(desk, case)}" for case in cases)
    params = {"words": held.text, "who": person.name, "cases": listed}
    offered = (Button(short(desk, case), f"which:{case.id}:{held.key}") for case in cases)
    buttons = (*offered, Button("都不是", f"none:{cases[0].id}:{held.key}"))
    once = f"which|{held.key}"
    desk.say(Notice(Template.STAFF_WHICH, to, params, buttons, case=None, once=once))
    return Verdict("report_back", None, (cases[0].id,))


def short(desk: Desk, case: Case) -> str:
    """A case on a button: where and what."""
    item = desk.rules.taxonomy.items.get(case.item or "")
    return f"{(case.place or '')[:PLACE_SHOWN]} {item.name if item else case.title}".strip()


def answer_which(
    desk: Desk, case: Case, person: Person, key: str, where: ChatRef | None = None
) -> bool:
    """The tap: what the words meant is done to this case, as of when they were said. What became of it is
    told in `where`; False: they do not wait for this person and case."""
    held = _waiting(desk, person, key, case, where)
    if held is None:
        return False
    _let_go(desk, key)
    speaker = desk.facts.people.get(held.person) or Person(held.person, person.name)
    said = Said(
        held.chat, held.message, Sender(speaker.id, speaker.name), held.text, held.at, False, None
    )
    role = LineRole.REPORT_BACK
    desk.attach(
        Line(case.id, held.chat, held.message, speaker.id, role, held.text, held.media, held.at)
    )
    staff_words(desk, case, said, speaker, None, held.at)
    if where is not None:
        params = {"case": case.id, "words": held.text}
        desk.say(Notice(Template.STAFF_WHICH_NOTED, ToChat(where), params, case=case.id))
    return True


def none_of_them(
    desk: Desk, case: Case, person: Person, key: str, where: ChatRef | None = None
) -> bool:
    """The words are about something else; as for `answer_which`."""
    held = _waiting(desk, person, key, case, where)
    if held is None:
        return False
    _let_go(desk, key)
    if where is not None:
        desk.say(Notice(Template.STAFF_WHICH_NONE, ToChat(where), {"words": held.text}))
    return True


def _waiting(
    desk: Desk, person: Person, key: str, case: Case, where: ChatRef | None
) -> Held | None:
    """The words, if they still wait for this person's tap on this case; otherwise it is told why not."""
    held = desk.facts.held.get(key)
    asked = {known.id for id in held.cases if (known := desk.case(id))} if held else set()
    if held is not None and case.id in asked:
        if person.id == held.person or desk.may(person, Right.CORRECT, case):
            return held
        wrong = Template.NOT_ALLOWED
    else:
        wrong = Template.STAFF_WHICH_GONE
    if where is not None:
        desk.say(refusal(desk, wrong, person.id, {"case": case.id}, where))
    return None


def _let_go(desk: Desk, key: str) -> Held | None:
    desk.cancel_timers(key, (TimerKind.WHICH,))
    return desk.end_held(key)


def lapse_which(desk: Desk, timer: Timer) -> Verdict:
    """Nobody tapped: the words go, and staff are told that they stand nowhere."""
    held = desk.end_held(timer.subject)
    if held is None:
        return IGNORED
    speaker = desk.facts.people.get(held.person)
    name = speaker.name if speaker else ""
    params = {"words": held.text, "who": name, "cases": "、".join(held.cases)}
    to = ToStaff(held.grid)
    desk.say(Notice(Template.STAFF_WHICH_LAPSED, to, params, urgency=Urgency.PROGRESS))
    return Verdict("timer")


def forget_held(desk: Desk, ref: MessageRef) -> None:
    """The message was withdrawn or edited: its old words wait no more."""
    if held_key(ref) in desk.facts.held:
        _let_go(desk, held_key(ref))
