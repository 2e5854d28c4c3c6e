"""Further words about a case that is already there.

The law of this file: many voices make one case. A supplement brings its words to staff and no new post
to the group; one more voice is counted and, the first time, told the number; a chase is told how things
honestly stand.
"""

from __future__ import annotations

from datetime import timedelta

from intake.acknowledging import case_params, public_params, refresh_ack, staff_buttons
from intake.cases import Case, Line, LineRole
from intake.commands import Said
from intake.desk import Desk
from intake.lifecycle import Action, actions_from
from intake.notices import Button, Notice, ToChat, ToPerson, ToStaff, Urgency, once_in
from intake.opening import SAID_LIMIT, public_place
from intake.pausing import heard_more
from intake.people import Person
from intake.reading import Kind, Reading
from intake.taxonomy import Visibility
from intake.templates import Template
from intake.verdict import Verdict
from intake.working import params_for_others

SOMETHING_ELSE = 0.2
"""From this chance on staff are shown what else a voice that joined may tell of."""
COUNT_AGAIN = timedelta(hours=1)
"""So often at most a group hears how many have joined."""
TOLD_LATELY = timedelta(minutes=10)
"""So long a group that was told how a case stands need not hear it again."""


def attach(desk: Desk, case: Case, said: Said, person: Person, role: LineRole, text: str) -> None:
    """Hang a chat line on a case; from here on its sender is known to us."""
    if person.id not in desk.facts.people:
        chat = desk.facts.chats.get(said.chat)
        home = chat.grid if chat is not None else case.grid
        desk.save_person(Person(person.id, person.name, home=home))
    line = Line(case.id, said.chat, said.message, person.id, role, text, said.media, desk.now)
    desk.attach(line)


def supplement(desk: Desk, case: Case, said: Said, person: Person, reading: Reading) -> Verdict:
    """The reporter adds to their case: a place that was missing, a photo, more words."""
    attach(desk, case, said, person, LineRole.SUPPLEMENT, reading.masked_text)
    case = desk.act(case, Action.SUPPLEMENT, person.id, reading.masked_text or _media(said))
    if not case.said and case.item is None and case.emergency is None:
        case = desk.amend(case, said=reading.masked_text[:SAID_LIMIT])
    place = public_place(reading)
    if case.place is None and place is not None:
        case = desk.amend(case, place=place)
        refresh_ack(desk, case)
    tell_staff_more(desk, case, reading.masked_text or _media(said))
    heard_more(desk, case)
    return Verdict("supplement", None, (case.id,))


def add(desk: Desk, case: Case, said: Said, person: Person, reading: Reading) -> Verdict:
    """A reporter's further words: to staff while somebody is at it, else only kept with the case."""
    if Action.SUPPLEMENT in actions_from(case.kind, case.state):
        return supplement(desk, case, said, person, reading)
    attach(desk, case, said, person, LineRole.SUPPLEMENT, reading.masked_text)
    return Verdict("supplement", None, (case.id,))


def _media(said: Said) -> str:
    names = {"photo": "照片", "voice": "语音", "video": "视频", "location": "位置"}
    return "、".join(names.get(kind, "附件") for kind in said.media)


def join(desk: Desk, case: Case, said: Said, person: Person, reading: Reading) -> Verdict:
    """One more neighbour with the same trouble."""
    attach(desk, case, said, person, LineRole.PLUS_ONE, reading.masked_text)
    emergency = reading.emergency
    if case.emergency is not None or _tells_more(case, reading):
        tell_staff_more(desk, case, reading.masked_text)
    if person.id == case.reporter:
        heard_more(desk, case)
        return Verdict("supplement", emergency, (case.id,))
    first_here = said.chat not in {case.chat, *(one.chat for one in desk.followers(case.id))}
    if desk.follow(case, person.id, said.chat):
        case = desk.amend(case, voices=case.voices + 1)
        if first_here or _worth_telling(case.voices):
            _tell_joined(desk, case, said, person)
    return Verdict("emergency" if emergency else "plus_one", emergency, (case.id,))


def _tells_more(case: Case, reading: Reading) -> bool:
    """Whether a call that joins a case may tell of something else as well: 路灯坏了，井盖也掉了."""
    others = [guess for guess in reading.guesses if guess.item != case.item]
    return reading.kind.asks and any(guess.probability >= SOMETHING_ELSE for guess in others)


def tell_staff_more(desk: Desk, case: Case, words: str, chased: str = "") -> None:
    """Staff hear the words; those about a danger at once, whatever the hour."""
    params = case_params(desk, case) | {"words": words, "chased": chased}
    to, buttons = ToStaff(case.grid), staff_buttons(desk, case)
    urgency = Urgency.PROGRESS if case.emergency is None else Urgency.ANSWER
    desk.say(Notice(Template.STAFF_SUPPLEMENT, to, params, buttons, urgency, case.id))


def _worth_telling(voices: int) -> bool:
    """The second voice is answered, as is the first of another group; later ones are counted in silence but
    for round numbers, and those once an hour at most (`_tell_joined`), so that a storm night does not drown
    the group."""
    return voices == 2 or voices % 10 == 0


def _tell_joined(desk: Desk, case: Case, said: Said, person: Person) -> None:
    if case.visibility is Visibility.PRIVATE:
        if desk.reachable(person.id):
            params = case_params(desk, case)
            desk.say(Notice(Template.JOINED, ToPerson(person.id), params, case=case.id))
        return
    wrong = (Button("不是这件", f"apart:{case.id}"),) if case.item and not case.emergency else ()
    reply_to = said.message if case.visibility is Visibility.GROUP else None
    params = params_for_others(desk, case, {}, ToChat(said.chat))
    hourly = once_in(COUNT_AGAIN, desk.now, "joined", case.id)
    desk.say(
        Notice(
            Template.JOINED,
            ToChat(said.chat),
            params,
            wrong,
            case=case.id,
            reply_to=reply_to,
            once=hourly if case.voices > 2 else None,
        )
    )


def chase(desk: Desk, case: Case, said: Said, person: Person, reading: Reading) -> Verdict:
    """Somebody asks how it stands: tell them honestly, and staff that they were asked."""
    attach(desk, case, said, person, LineRole.CHASE, reading.masked_text)
    if Action.SUPPLEMENT in actions_from(case.kind, case.state):
        case = desk.act(case, Action.SUPPLEMENT, person.id, reading.masked_text)
    if person.id == case.reporter and reading.kind is not Kind.CHASE:
        case = heard_more(desk, case)  # the number, and what was asked for
    tell_state(desk, case, said, person)
    tell_staff_more(desk, case, reading.masked_text, chased="1")
    return Verdict("chase", None, (case.id,))


def tell_state(desk: Desk, case: Case, said: Said, person: Person) -> None:
    """Answer with the state: alone if the matter is private, in the group otherwise."""
    if said.private:
        to: ToChat | ToPerson = ToChat(said.chat)
        params = case_params(desk, case) if _concerns(desk, case, person) else {"case": case.id}
    elif case.visibility is Visibility.PRIVATE:
        to, params = ToPerson(person.id), case_params(desk, case)
        if not _concerns(desk, case, person):
            return
    else:
        to, params = ToChat(said.chat), public_params(desk, case)
    reply_to = said.message if isinstance(to, ToChat) else None
    lately = once_in(TOLD_LATELY, desk.now, "state", case.id, case.state)
    once = None if said.private else lately
    desk.say(Notice(Template.STATE_NOW, to, params, case=case.id, reply_to=reply_to, once=once))


def _concerns(desk: Desk, case: Case, person: Person) -> bool:
    follows = any(follower.person == person.id for follower in desk.followers(case.id))
    return person.id == case.reporter or follows


def said_solved(desk: Desk, case: Case, said: Said, person: Person, reading: Reading) -> Verdict:
    """Somebody says that it is over: offer to close, but only the reporter's word closes."""
    attach(desk, case, said, person, LineRole.RESOLVED_SELF, reading.masked_text)
    if Action.FINISH not in actions_from(case.kind, case.state):
        tell_staff_more(desk, case, reading.masked_text)
        return Verdict("resolved_self", None, (case.id,))
    buttons = (Button("好了，可以结了", f"solved:{case.id}"), Button("还没好", f"still:{case.id}"))
    params = case_params(desk, case)
    asked = f"solved|{case.id}|{case.reopened}"
    if case.visibility is not Visibility.PRIVATE:
        public = public_params(desk, case)
        to_chat = ToChat(case.chat)
        desk.say(Notice(Template.MAYBE_SOLVED, to_chat, public, buttons, case=case.id, once=asked))
    elif desk.reachable(case.reporter):
        to = ToPerson(case.reporter)
        desk.say(Notice(Template.MAYBE_SOLVED, to, params, buttons, case=case.id, once=asked))
    tell_staff_more(desk, case, reading.masked_text)
    return Verdict("resolved_self", None, (case.id,))
