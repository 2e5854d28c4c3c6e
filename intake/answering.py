"""What staff announced or know already answers a neighbour, and opens no case.

The law of this file: only what is plainly asked for and plainly fits is answered so, once a person; danger
went before. The way out stands under every answer and needs one word: then the neighbour's own words go to
the window as if there had been no answer. Whom a bulletin answered is remembered, so that they hear the end.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Final

from intake.answer_cards import AnswerCard
from intake.bulletins import Asked, Bulletin, asks_for_more, says_still_not, tells_more
from intake.commands import Pressed, Said, Sender
from intake.desk import Desk
from intake.heard import Heard, works
from intake.joining import add, join
from intake.lifecycle import CaseKind
from intake.matching import BURST
from intake.notices import Button, Notice, ToChat, ToPerson
from intake.opening import Call, open_case, public_place
from intake.people import Person
from intake.phrases import case_named
from intake.questions import best, is_question
from intake.reading import ItemGuess, Kind, Reading, Span, Triage
from intake.steering import quoted_case
from intake.templates import Template
from intake.told_before import told_before
from intake.verdict import IGNORED, Verdict

SURE: Final = 0.6
"""The least chance of its item at which a line is about what was announced."""
SOMETHING_ELSE: Final = 0.15
"""From this chance on it may tell of something else as well."""
WAY_OUT: Final = timedelta(days=1)
"""So long somebody may say that an answer did not answer."""
QUESTION_LIMIT: Final = 60
"""What is longer tells a story, and a person should read it."""
MISS: Final = "miss"

_NEVER = frozenset({Kind.AD, Kind.QUARREL, Kind.RUMOR, Kind.THANKS, Kind.REPORT_BACK})
_LOUD = frozenset({Kind.NOTICE, Kind.JIELONG})
_NOT_IT = re.compile(
    "^(没|沒|冇|未)(有)?(答|回答)到|^不是(问|說|说)?这(个|回|次|件)|答非所问|^没答|^不是我(问|說|说)的|^(问|說|说)的不是这"
)


def answered(desk: Desk, heard: Heard, grid: str) -> Verdict | Heard:
    """The verdict on a line that is answered; else the line, or what of it is left to decide."""
    if not (desk.facts.bulletins or desk.facts.cards) or not _may_be(desk, heard, grid):
        return heard
    after = _after_an_answer(desk, heard, grid)
    if after is not None:
        return after
    left = _left(desk, heard, grid)
    return (_by_card(desk, heard, grid) or heard) if left is heard else left


def _may_be(desk: Desk, heard: Heard, grid: str) -> bool:
    """Whether it is a neighbour's line of its own, in words alone."""
    said = heard.said
    if works(desk, heard.person, grid) or said.media or said.form is not None:
        return False
    if any(reading.emergency or reading.suspicion for reading in heard.readings):
        return False
    gathered = desk.facts.gatherings.get((said.chat, heard.person.id))
    if gathered is not None and gathered.media:
        return False
    return case_named(said.text) is None and quoted_case(desk, said) is None


# -- bulletins ----------------------------------------------------------------------------------


def _left(desk: Desk, heard: Heard, grid: str) -> Verdict | Heard:
    """Answer each thing that is asked and was announced; a verdict where nothing else is left."""
    open_still: list[Reading] = []
    for reading in heard.asked:
        bulletin = _fitting(desk, heard, grid, reading)
        if bulletin is None:
            open_still.append(reading)
        else:
            _tell(desk, heard, grid, reading, bulletin)
    if not open_still:
        desk.end_gathering(heard.said.chat, heard.person.id)
        return Verdict(heard.reading.kind.value)
    if len(open_still) == len(heard.asked):
        return heard
    return replace(heard, readings=(heard.reading, *open_still))


def _fitting(desk: Desk, heard: Heard, grid: str, reading: Reading) -> Bulletin | None:
    if not _is_about(heard, reading) or tells_more(heard.said.text):
        return None
    path = desk.grid(grid).path
    asks = is_question(reading.text)
    for bulletin in desk.facts.bulletins.values():
        now = bulletin.holds(desk.now) or (asks and bulletin.is_ahead(desk.now))
        if not (now and _names(reading, bulletin) and bulletin.reaches(path)):
            continue
        if bulletin.fits(_places(desk, heard, reading)) and not _own(desk, heard, grid, bulletin):
            return bulletin
    return None


def _names(reading: Reading, bulletin: Bulletin) -> bool:
    """Whether the line is about what was announced, and about nothing else."""
    chances = [guess.probability for guess in reading.guesses if guess.item in bulletin.items]
    others = (g.probability for g in reading.guesses if g.item not in bulletin.items)
    return sum(chances) >= SURE and max(others, default=0.0) < SOMETHING_ELSE


def _is_about(heard: Heard, reading: Reading) -> bool:
    """Whether the line asks for something, or for news of it; neighbours' talk among themselves is theirs."""
    asks = reading.kind.asks or (reading.otherwise is not None and reading.otherwise.kind.asks)
    if asks:
        return True
    quote = heard.said.quote
    to_others = quote is not None and not (quote.sender and quote.sender.is_bot)
    if to_others or reading.kind in _NEVER:
        return False
    if reading.kind in (Kind.CHASE, Kind.PLUS_ONE):
        return True
    short = len(reading.text) <= QUESTION_LIMIT // 2
    return is_question(reading.text) and (short or reading.kind not in _LOUD)


def _places(desk: Desk, heard: Heard, reading: Reading) -> list[str]:
    gathered = desk.facts.gatherings.get((heard.said.chat, heard.person.id))
    named = [span.of(reading.text) for span in reading.places]
    return [*named, gathered.place] if gathered and gathered.place else named


def _own(desk: Desk, heard: Heard, grid: str, bulletin: Bulletin) -> bool:
    """Whether they have a case of it open: then their words belong to that."""
    return any(
        case.reporter == heard.person.id and case.item in bulletin.items
        for case in desk.open_cases(grid)
    )


def _tell(desk: Desk, heard: Heard, grid: str, reading: Reading, bulletin: Bulletin) -> None:
    if (bulletin.id, heard.person.id) in desk.facts.asked:
        return
    desk.keep_asked(_asked(desk, heard, grid, reading, bulletin.id))
    params = {
        "words": bulletin.words,
        "source": bulletin.source,
        "starts_at": bulletin.starts_at.isoformat(),
        "ends_at": bulletin.ends_at.isoformat(),
    } | ({"open_end": "1"} if bulletin.open_end else {})
    once = f"bulletin|{bulletin.id}|{heard.person.id}"
    button = Button("不是这回事", f"{MISS}:{bulletin.id}")
    to, said = ToChat(heard.said.chat), heard.said.message
    desk.say(Notice(Template.BULLETIN, to, params, (button,), reply_to=said, once=once))


# -- answer cards -------------------------------------------------------------------------------


def _by_card(desk: Desk, heard: Heard, grid: str) -> Verdict | None:
    """Answer a question to which somebody keeps the answer."""
    reading, quote = heard.reading, heard.said.quote
    if len(heard.asked) > 1 or len(reading.text) > QUESTION_LIMIT or quote is not None:
        return None
    if reading.kind in _NEVER - {Kind.REPORT_BACK}:
        return None
    path = desk.grid(grid).path
    good = [card for card in desk.facts.cards if card.is_good(desk.now) and card.reaches(path)]
    card = best(good, reading.text)
    to = _where(desk, heard, card) if card else None
    if card is None or to is None:
        return None
    desk.keep_asked(_asked(desk, heard, grid, reading, card.id))
    desk.end_gathering(heard.said.chat, heard.person.id)
    _say(desk, heard.said, card, to)
    return Verdict(reading.kind.value)


def _where(desk: Desk, heard: Heard, card: AnswerCard) -> ToChat | ToPerson | None:
    """Where it may be said: its keeper knows whether that is a matter for a group."""
    if heard.said.private or card.aloud:
        return ToChat(heard.said.chat)
    return ToPerson(heard.person.id) if desk.reachable(heard.person.id) else None


def _say(desk: Desk, said: Said, card: AnswerCard, to: ToChat | ToPerson) -> None:
    params = {
        "answer": card.answer,
        "source": card.source,
        "checked_at": card.checked_at.isoformat(),
    }
    button = Button("没答到", f"{MISS}:{card.id}")
    reply_to = said.message if isinstance(to, ToChat) else None
    desk.say(Notice(Template.ANSWER, to, params, (button,), reply_to=reply_to))


# -- the way out --------------------------------------------------------------------------------


def _after_an_answer(desk: Desk, heard: Heard, grid: str) -> Verdict | None:
    """Whoever was answered says that it was no answer, that it has not come back, or what makes it worse."""
    asked = _last(desk, heard)
    if asked is None:
        return None
    text, age = heard.said.text.strip(), desk.now - asked.at
    bulletin = desk.facts.bulletins.get(asked.about)
    if age <= WAY_OUT and _NOT_IT.search(text):
        return to_window(desk, asked, heard.said.sender, heard.person, heard.said.private)
    if bulletin is None:
        return None
    if bulletin.is_over(desk.now) and says_still_not(text):
        return to_window(desk, asked, heard.said.sender, heard.person, heard.said.private)
    if age <= BURST and not heard.reading.kind.asks and _changes_it(desk, heard, bulletin):
        more = heard.reading.masked_text
        place = public_place(heard.reading) or asked.place
        asked = replace(asked, words=f"{asked.words} {more}", place=place)
        return to_window(desk, asked, heard.said.sender, heard.person, heard.said.private)
    return None


def _changes_it(desk: Desk, heard: Heard, bulletin: Bulletin) -> bool:
    if heard.reading.kind in _NEVER:
        return False
    elsewhere = heard.reading.bare_place and not bulletin.fits(_places(desk, heard, heard.reading))
    return elsewhere or asks_for_more(heard.said.text)


def _last(desk: Desk, heard: Heard) -> Asked | None:
    """The newest answer that this person got in this chat and left at that."""
    mine = (
        asked
        for asked in desk.facts.asked.values()
        if asked.person == heard.person.id
        and not asked.missed
        and (heard.said.private or asked.chat == heard.said.chat)
    )
    return max(mine, key=lambda asked: asked.at, default=None)


def press_answer(desk: Desk, pressed: Pressed, about: str) -> Verdict:
    """The button under an answer: it did not answer, or it has not come back."""
    person = desk.person(pressed.sender)
    asked = desk.facts.asked.get((about, person.id))
    if asked is not None and asked.missed:
        return IGNORED
    if asked is None or not asked.words or asked.grid not in desk.facts.grids:
        once = f"ask_again|{about}|{person.id}"
        desk.say(Notice(Template.ASK_AGAIN, ToChat(pressed.chat), once=once))
        return IGNORED
    return to_window(desk, asked, pressed.sender, person, pressed.private)


def to_window(desk: Desk, asked: Asked, sender: Sender, person: Person, private: bool) -> Verdict:
    """What was answered is a call after all, in the words in which it was asked."""
    desk.keep_asked(replace(asked, missed=True))
    said = Said(asked.chat, asked.message, sender, asked.words, desk.now, private)
    reading = _reading(desk, asked)
    known = told_before(desk, Heard(said, person, asked.grid, (reading,)), asked.grid)
    if known is not None:
        joins = add if known.reporter == person.id else join
        return joins(desk, known, said, person, reading)
    case = open_case(desk, Call(said, person, asked.grid, reading))
    shown = "wish" if case.kind is CaseKind.WISH else "request"
    return Verdict(shown, None, (case.id,), (case.id,))


def _asked(desk: Desk, heard: Heard, grid: str, reading: Reading, about: str) -> Asked:
    said = heard.said
    return Asked(
        about,
        heard.person.id,
        grid,
        said.chat,
        said.message,
        reading.masked_text,
        public_place(reading),
        tuple(f"{guess.item}:{guess.probability:.3f}" for guess in reading.guesses),
        reading.triage if reading.kind.asks else Triage.HUMAN,
        desk.now,
    )


def _reading(desk: Desk, asked: Asked) -> Reading:
    """What the words were read as when they were asked, now a call: no less secret than before."""
    items = desk.rules.taxonomy.items
    pairs = (guess.split(":") for guess in asked.guesses)
    guesses = tuple(ItemGuess(code, float(chance)) for code, chance in pairs if code in items)
    item = items[guesses[0].item] if guesses else None
    start = asked.words.find(asked.place) if asked.place else -1
    places = (Span(start, start + len(asked.place or "")),) if start >= 0 else ()
    return Reading(
        text=asked.words,
        kind=Kind.WISH if item is not None and item.is_wish else Kind.REQUEST,
        request_probability=1.0,
        guesses=guesses,
        category=item.category if item else None,
        item=item.code if item else None,
        level=item.level if item else None,
        lead=item.lead if item else None,
        visibility=item.visibility if item else None,
        triage=asked.triage if len(guesses) > 1 else Triage.HUMAN,
        emergency=None,
        masks=(),
        masked_text=asked.words,
        places=places,
        because=(),
    )
