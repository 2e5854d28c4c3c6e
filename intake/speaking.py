"""Somebody said something: what does it mean here?

The law of this file, in this order: what stands on a form is a call; fixed words steer; words that were
asked for go where they were asked; danger comes before all else; staff's words about work are work; a
neighbour's words join what they belong to, or open a case; everything else is met with silence and
forgotten, but staff are shown what may be a danger.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from intake.about_me import own_cases
from intake.alarming import alarm, look
from intake.announcing import propose
from intake.answering import answered
from intake.areas import rightful
from intake.asking_which import forget_held
from intake.cases import Case, Gathering, LineRole, TimerKind
from intake.commands import Form, Said
from intake.desk import Desk
from intake.forms import on_form
from intake.grids import MessageRef, Purpose
from intake.heard import Heard, in_the_talk, meant, seen_by, works
from intake.joining import add, attach, chase, join, said_solved, supplement
from intake.lifecycle import Action, CaseKind, State, actions_from
from intake.matching import (
    BURST,
    own_recent,
)
from intake.notices import Notice, ToChat
from intake.opening import Call, open_case
from intake.people import Person
from intake.phrases import (
    case_named,
    is_plus_one,
    offers_help,
    phrases_in,
)
from intake.promising import keep_promise
from intake.reading import Kind, Reading
from intake.refusing import refusal
from intake.staff_talk import about_work
from intake.steering import steer
from intake.talk import LIKELY, is_known_in, is_worker, likeliest, talked_of
from intake.taxonomy import Visibility
from intake.templates import Template
from intake.told_before import quoted_by, told_before
from intake.verdict import IGNORED, Verdict
from intake.wishing import claim, offer
from intake.wordless import own_open, say_what, waits_for_words

LEAD_IN_WAIT = timedelta(seconds=60)
LEAD_IN_LIMIT = timedelta(seconds=120)
"""interfaces.md: only a lead-in waits, 60 s after the neighbour's last line and 120 s in all."""

LIKELIER = 0.4
"""Chatter is about a case only where that is likelier than words that tell of it."""
ON_EVERYBODYS_LIPS = timedelta(days=1)
"""So long chatter may be about what was spoken of."""
OFFERED = 0.4
"""From this chance on words of help are about a wish."""

_SENSITIVE = frozenset({"id", "card", "phone", "address"})
_TELLING = frozenset({Kind.PLUS_ONE, Kind.CHASE, Kind.RESOLVED_SELF, Kind.REPORT_BACK})
_LOUD = frozenset({Kind.AD, Kind.NOTICE, Kind.JIELONG})


def text_to_read(said: Said) -> str:
    """The words that the language part shall read: those of the quoted line for a bare `#报事`."""
    if said.form is not None:
        return said.text
    for phrase in phrases_in(said.text):
        if phrase.word.value.startswith("force"):
            return phrase.rest or (said.quote.text if said.quote else "")
    return said.text


def hear(desk: Desk, said: Said, readings: tuple[Reading, ...]) -> Verdict:
    """Decide one line."""
    if said.sender.is_bot:
        return IGNORED
    person = desk.person(said.sender)
    if said.form is not None:
        form = _at_home(desk, said.form, readings)
        return on_form(desk, Heard(said, person, form.grid, readings), form)
    chat = desk.facts.chats.get(said.chat)
    if chat is None and not said.private:
        return IGNORED
    grid = chat.grid if chat is not None else _home(desk, person)
    heard = Heard(said, person, grid, readings)
    if said.edited:
        forget_held(desk, MessageRef(said.chat, said.message))
        if (edited := _edited(desk, heard)) is not None:
            return edited
    steered = steer(desk, said, person, grid, phrases_in(said.text), heard.reading)
    if steered is not None:
        return steered
    promised = keep_promise(desk, heard.masked, person)
    if promised is not None:
        return promised
    if grid is None:
        return _nowhere(desk, heard)
    if chat is not None and chat.purpose is Purpose.RESIDENTS and grid in desk.facts.grids:
        grid = rightful(desk.grid(grid), desk.facts.grids.values(), heard.reading.place)
    return _in_grid(desk, heard, grid, chat.purpose if chat else None)


def _at_home(desk: Desk, form: Form, readings: tuple[Reading, ...]) -> Form:
    """A form with the grid that its place belongs to; a round's form stays where its worker walks."""
    own = desk.facts.grids.get(form.grid)
    if own is None or form.patrol:
        return form
    place = form.place or next((reading.place for reading in readings), None)
    return replace(form, grid=rightful(own, desk.facts.grids.values(), place))


def _home(desk: Desk, person: Person) -> str | None:
    """The grid of somebody who talks to the bot alone."""
    if person.home in desk.facts.grids:
        return person.home
    scopes = [grant.scope for grant in person.grants if grant.scope in desk.facts.grids]
    return scopes[0] if scopes else None


def _nowhere(desk: Desk, heard: Heard) -> Verdict:
    template = Template.WHICH_GRID if heard.reading.kind.asks else Template.HELP
    desk.say(Notice(template, ToChat(heard.said.chat)))
    return Verdict("ask_bot")


def _in_grid(desk: Desk, heard: Heard, grid: str, purpose: Purpose | None) -> Verdict:
    person = heard.person
    if purpose is Purpose.RESIDENTS and (verdict := _helps(desk, heard, grid)) is not None:
        return verdict
    ahead = propose(desk, heard, grid, purpose)
    if is_worker(desk, heard, grid):
        heard = in_the_talk(desk, heard, grid)
        if (verdict := about_work(desk, heard, grid, purpose, ahead)) is not None:
            return verdict
    danger = heard.emergency
    if danger is not None and purpose in (Purpose.RESIDENTS, None):
        return alarm(desk, Call(heard.said, person, grid, danger, _lead_in(desk, heard)))
    if person.opted_out or purpose not in (Purpose.RESIDENTS, None):
        return IGNORED
    left = answered(desk, heard, grid)
    verdict = _neighbour(desk, left, grid) if isinstance(left, Heard) else left
    doubted = next((reading for reading in heard.readings if reading.suspicion), None)
    if doubted is not None and not works(desk, person, grid):
        look(desk, Call(heard.said, person, grid, doubted), verdict.opened)
    return verdict


def _helps(desk: Desk, heard: Heard, grid: str) -> Verdict | None:
    """Somebody takes up a wish in their own words."""
    said, person = heard.said, heard.person
    if heard.emergency is not None or not offers_help(said.text):
        return None
    wishes = [
        case
        for case in talked_of(desk, heard, grid)
        if case.kind is CaseKind.WISH and case.taken_by is None and case.reporter != person.id
    ]
    if not wishes:
        return None
    quoted = quoted_by(desk, heard)
    if quoted is not None and quoted not in wishes:
        return None
    case = quoted or likeliest(desk, heard, wishes, OFFERED)
    if case is None:
        return None
    if case.state is State.PUBLISHED:
        return claim(desk, case, person, said.chat, said)
    return offer(desk, case, person, heard.masked)


def _neighbour(desk: Desk, heard: Heard, grid: str) -> Verdict:
    reading = heard.reading
    named = desk.case(case_named(heard.said.text))
    if named is not None and (named.grid == grid or is_known_in(desk, named, heard.said.chat)):
        return _about_named(desk, heard, named)
    if reading.kind.asks:
        return _asks(desk, heard, grid)
    so = in_the_talk(desk, heard, grid)
    if so.reading.kind.asks:
        return _asks(desk, so, grid)
    if reading.kind is Kind.MEDIA_ONLY or reading.bare_place or _only_media(heard.said):
        return _lead_or_supplement(desk, heard, grid)
    return _talk(desk, heard, grid)


def _talk(desk: Desk, heard: Heard, grid: str) -> Verdict:
    """Words that ask for nothing new: about a case, or none of ours."""
    kind = Kind.PLUS_ONE if is_plus_one(heard.said.text) else heard.reading.kind
    case = quoted_by(desk, heard) or likeliest(
        desk, heard, _thought_of(desk, heard, grid, kind), _least(kind)
    )
    match kind:
        case Kind.PLUS_ONE:
            return _plus_one(desk, heard, case)
        case Kind.CHASE:
            return _chase(desk, heard, grid, case)
        case Kind.RESOLVED_SELF:
            return _resolved(desk, heard, case)
        case _:
            return _other(desk, heard, case)


def _thought_of(desk: Desk, heard: Heard, grid: str, kind: Kind) -> list[Case]:
    """The cases that words of this kind may be about: chatter only about what is on everybody's lips."""
    cases = talked_of(desk, heard, grid)
    if kind in _TELLING:
        return cases
    lately = {line.case for line in desk.facts.talk if desk.now - line.at <= ON_EVERYBODYS_LIPS}
    return [case for case in cases if case.id in lately]


def _least(kind: Kind) -> float:
    return LIKELY if kind in _TELLING else LIKELIER


def _about_named(desk: Desk, heard: Heard, case: Case) -> Verdict:
    """A neighbour names a case: how it stands. A private one is nobody's business but its own
    people's, and is not even touched."""
    own = case.reporter == heard.person.id
    if case.visibility is Visibility.PRIVATE and not own:
        about = {"case": case.id}
        desk.say(refusal(desk, Template.ONLY_REPORTER, heard.person.id, about, heard.said.chat))
        return Verdict("chase")
    return chase(desk, case, heard.said, heard.person, heard.reading)


def _asks(desk: Desk, heard: Heard, grid: str) -> Verdict:
    """One case, or one for each thing that the line asks for."""
    verdicts = [_ask(desk, heard, grid, reading) for reading in heard.asked if reading.kind.asks]
    cases = tuple(dict.fromkeys(c for v in verdicts for c in v.cases))
    opened = tuple(dict.fromkeys(c for v in verdicts for c in v.opened))
    first = next((v for v in verdicts if v.opened), None) or next(
        (v for v in verdicts if v.cases), verdicts[0]
    )
    return Verdict(first.kind, None, cases, opened)


def _ask(desk: Desk, heard: Heard, grid: str, reading: Reading) -> Verdict:
    said, person = heard.said, heard.person
    photo = waits_for_words(desk, grid, said.chat, person.id)
    if photo is not None:
        return say_what(desk, photo, Call(said, person, grid, reading))
    known = told_before(desk, replace(heard, readings=(reading,)), grid)
    if known is not None:
        return _again(desk, known, said, person, reading)
    as_meant = meant(desk, heard, grid, reading)
    if not as_meant.kind.asks:
        so = replace(heard, readings=(as_meant,))
        # It was taken for a call at first: too unsure a word that all is well.
        well = as_meant.kind is Kind.RESOLVED_SELF
        return _other(desk, so, quoted_by(desk, heard)) if well else _talk(desk, so, grid)
    case = open_case(desk, Call(said, person, grid, reading, _lead_in(desk, heard)))
    shown = "wish" if case.kind is CaseKind.WISH else "request"
    return Verdict(shown, None, (case.id,), (case.id,))


def _again(desk: Desk, case: Case, said: Said, person: Person, reading: Reading) -> Verdict:
    """What is told already: more about it by its reporter, or their asking after it; one more voice."""
    if case.reporter != person.id:
        return join(desk, case, said, person, reading)
    if desk.now - case.opened_at <= BURST or reading.item != case.item:
        return add(desk, case, said, person, reading)
    return chase(desk, case, said, person, reading)


def _lead_or_supplement(desk: Desk, heard: Heard, grid: str) -> Verdict:
    """A bare place or a photo: part of an open case of theirs, or the beginning of one."""
    said, person = heard.said, heard.person
    about = quoted_by(desk, heard)
    own = about if about and about.reporter == person.id else None
    own = own or own_recent(desk, grid, said.chat, person.id)
    if own is None and _only_media(said) and "photo" in said.media:
        own = own_open(desk, grid, said.chat, person.id)
    if own is not None and Action.SUPPLEMENT in actions_from(own.kind, own.state):
        return supplement(desk, own, said, person, heard.reading)
    other = likeliest(desk, heard, talked_of(desk, heard, grid), LIKELIER)
    if other is not None and other.reporter == person.id:
        return add(desk, other, said, person, heard.reading)
    key = (said.chat, person.id)
    old = desk.facts.gatherings.get(key)
    if old is not None and desk.now - old.started_at > LEAD_IN_LIMIT:
        old = None
    gathering = Gathering(
        said.chat,
        person.id,
        (*(old.texts if old else ()), heard.reading.masked_text),
        (*(old.messages if old else ()), said.message),
        (*(old.media if old else ()), *said.media),
        heard.reading.place or (old.place if old else None),
        old.started_at if old else desk.now,
        desk.now,
    )
    desk.gather(gathering)
    due = min(desk.now + LEAD_IN_WAIT, gathering.started_at + LEAD_IN_LIMIT)
    desk.set_timer(TimerKind.GATHER, gathering_subject(gathering), due, grid)
    return Verdict("media_only" if _only_media(said) else "chat")


def gathering_subject(gathering: Gathering) -> str:
    return f"{gathering.chat}|{gathering.sender}"


def _only_media(said: Said) -> bool:
    return bool(said.media) and not said.text.strip() and "sticker" not in said.media


def _lead_in(desk: Desk, heard: Heard) -> Gathering | None:
    gathering = desk.facts.gatherings.get((heard.said.chat, heard.person.id))
    if gathering is None:
        return None
    desk.end_gathering(heard.said.chat, heard.person.id)
    desk.cancel_timers(gathering_subject(gathering), (TimerKind.GATHER,))
    return gathering if desk.now - gathering.started_at <= LEAD_IN_LIMIT else None


def _chase(desk: Desk, heard: Heard, grid: str, case: Case | None) -> Verdict:
    said, person = heard.said, heard.person
    if case is None:
        mine = [c for c in own_cases(desk, person, said) if c.is_open]
        here = [c for c in seen_by(desk, person, grid) if c.chat == said.chat]
        case = next(iter((*mine, *here)), None)
    if case is None:
        return Verdict("chase")
    return chase(desk, case, said, person, heard.reading)


def _resolved(desk: Desk, heard: Heard, case: Case | None) -> Verdict:
    if case is None or not case.is_open:
        return Verdict("resolved_self")
    return said_solved(desk, case, heard.said, heard.person, heard.reading)


def _plus_one(desk: Desk, heard: Heard, case: Case | None) -> Verdict:
    """One more voice for what was quoted, or what the chat speaks of."""
    if case is None or not case.is_open:
        return Verdict("plus_one")
    return join(desk, case, heard.said, heard.person, heard.reading)


def _other(desk: Desk, heard: Heard, case: Case | None) -> Verdict:
    """Silence, but for more words on a case, a question to the bot, and bare data."""
    said, reading = heard.said, heard.reading
    if case is not None and (verdict := _more(desk, heard, case)) is not None:
        return verdict
    if said.private or (reading.kind is Kind.ASK_BOT and _speaks_to_bot(said.text)):
        desk.say(Notice(Template.HELP, ToChat(said.chat), reply_to=said.message))
        return Verdict("ask_bot")
    exposed = any(mask.what in _SENSITIVE for mask in reading.masks)
    if exposed and reading.kind not in _LOUD:
        what = next(mask.what for mask in reading.masks if mask.what in _SENSITIVE)
        params = {"what": what}
        notice = Notice(Template.PRIVACY_WARNING, ToChat(said.chat), params, reply_to=said.message)
        desk.say(notice)
        return Verdict("privacy")
    return Verdict(reading.kind.value)


def _more(desk: Desk, heard: Heard, case: Case) -> Verdict | None:
    """Further words on a case: its reporter adds to it; somebody else has the same trouble."""
    if heard.reading.kind in (Kind.THANKS, Kind.ASK_BOT, Kind.QUARREL) or not case.is_open:
        return None
    if case.reporter == heard.person.id:
        return add(desk, case, heard.said, heard.person, heard.reading)
    if case.kind is CaseKind.REQUEST:
        return join(desk, case, heard.said, heard.person, heard.reading)
    return None


def _speaks_to_bot(text: str) -> bool:
    return any(
        word in text for word in ("机器人", "機器人", "呼应", "呼應", "小助手", "网格助手", "bot")
    )


def _edited(desk: Desk, heard: Heard) -> Verdict | None:
    """An edited line: its case takes the new words; a line in no case is heard as if new."""
    behind = desk.cases_behind(MessageRef(heard.said.chat, heard.said.message))
    if not behind:
        return None
    case = behind[0]
    if case.reporter != heard.person.id:
        return Verdict("supplement", None, (case.id,))
    if Action.SUPPLEMENT not in actions_from(case.kind, case.state):
        return Verdict("supplement", None, (case.id,))
    attach(desk, case, heard.said, heard.person, LineRole.SUPPLEMENT, heard.reading.masked_text)
    if case.message == heard.said.message:
        case = desk.amend(case, said=heard.reading.masked_text[:300])
    return supplement(desk, case, heard.said, heard.person, heard.reading)
