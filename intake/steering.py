"""The fixed words by which anybody can steer the bot.

The law of this file: a person can always steer. `#报事` makes a case of any line and `不是报事` takes it
back, and both teach; one word reaches a person; silence and being left alone are honoured.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from intake.about_me import ANSWERED_ONCE, about_me, own_cases
from intake.acknowledging import case_params, options
from intake.alarming import alarm
from intake.cases import Case, CaseId, Example, LineRole
from intake.commands import Said
from intake.correcting import not_a_case, set_item, tell_not_a_case
from intake.desk import Desk
from intake.grids import Chat, MessageRef
from intake.joining import attach, tell_state
from intake.lifecycle import Action, CaseKind, State, actions_from
from intake.matching import own_recent
from intake.notices import Notice, ToChat, ToStaff, Urgency, once_in
from intake.opening import Call, open_case
from intake.people import Person, Right
from intake.phrases import Phrase, Word, silence_of
from intake.rating import can_reopen, may_rate, may_reopen, rate, reopen
from intake.reading import Kind, Reading, Triage
from intake.refusing import answered_in, not_now, refusal
from intake.teaching import teach
from intake.templates import Template
from intake.verdict import Verdict
from intake.wishing import claim

CALLED_ONCE = timedelta(minutes=10)
"""So often at most staff are called to the same person in the same place about the same case."""


def steer(
    desk: Desk,
    said: Said,
    person: Person,
    grid: str | None,
    phrases: tuple[Phrase, ...],
    reading: Reading,
) -> Verdict | None:
    """What the fixed words came to; None where they mean nothing here, so that the line is read."""
    for phrase in phrases:
        verdict = _one(desk, said, person, grid, phrase, reading)
        if verdict is not None:
            return verdict
    return None


def _one(
    desk: Desk, said: Said, person: Person, grid: str | None, phrase: Phrase, reading: Reading
) -> Verdict | None:
    match phrase.word:
        case Word.FORCE_CASE | Word.FORCE_WISH:
            return _force(desk, said, person, grid, phrase, reading)
        case Word.NOT_A_CASE:
            return _not_a_case(desk, said, person, phrase)
        case Word.NOT_FIXED:
            return _not_fixed(desk, said, person, phrase)
        case Word.CLAIM:
            return _claim(desk, said, person, grid, phrase)
        case Word.RATE:
            return _rate(desk, said, person, int(phrase.rest))
        case Word.CHOOSE:
            return _choose(desk, said, person, int(phrase.rest))
        case Word.HUMAN:
            return _human(desk, said, person, grid)
        case Word.URGENT:
            return _urgent(desk, said, person, phrase)
        case Word.SILENCE | Word.SPEAK:
            return _silence(desk, said, phrase)
        case Word.FORGET_ME | Word.REMEMBER_ME | Word.MINE | Word.ERASE_ME | Word.EXPORT_ME:
            return about_me(desk, said, person, phrase.word)
        case Word.ADD_PLACE | Word.DROP_PLACE | Word.ADD_WORD | Word.DROP_WORD:
            return teach(desk, said, person, grid, phrase, reading)


def quoted_case(desk: Desk, said: Said) -> Case | None:
    """The case behind the message that was replied to."""
    if said.quote is None:
        return None
    behind = desk.cases_behind(MessageRef(said.chat, said.quote.message))
    return behind[0] if behind else None


def _quoted_itself(desk: Desk, said: Said) -> Case | None:
    """The case behind the message that was replied to; a merged one as itself where it is only that."""
    if said.quote is None:
        return None
    there = desk.said_in(MessageRef(said.chat, said.quote.message))
    return there[0] if there and all(c.merged_into for c in there) else quoted_case(desk, said)


def _force(
    desk: Desk, said: Said, person: Person, grid: str | None, phrase: Phrase, reading: Reading
) -> Verdict:
    if grid is None:
        desk.say(Notice(Template.WHICH_GRID, ToChat(said.chat)))
        return Verdict("ask_bot")
    known = quoted_case(desk, said)
    if known is not None and known.is_open:
        tell_state(desk, known, said, person)
        return Verdict("chase", None, (known.id,))
    if not reading.text.strip():
        desk.say(Notice(Template.HELP, ToChat(said.chat), reply_to=said.message))
        return Verdict("ask_bot")
    meant = _meant(desk, said, person, phrase)
    if meant is None:
        desk.say(Notice(Template.HELP, ToChat(said.chat), reply_to=said.message))
        return Verdict("ask_bot")
    source, author = meant
    if reading.emergency is not None:  # whoever insists on a danger alarms as anybody does
        verdict = alarm(desk, Call(source, author, grid, reading))
    else:
        kind = CaseKind.WISH if phrase.word is Word.FORCE_WISH else CaseKind.REQUEST
        call = Call(source, author, grid, forced(desk, reading, kind), None, kind)
        case = open_case(desk, call)
        _teach_the_gate(desk, case, reading, person)
        verdict = Verdict(case.kind.value, None, (case.id,), (case.id,))
    if source is not said:
        case = desk.facts.cases[verdict.cases[0]]
        attach(desk, case, said, person, LineRole.SUPPLEMENT, "#报事")
    return verdict


def _meant(desk: Desk, said: Said, person: Person, phrase: Phrase) -> tuple[Said, Person] | None:
    """The line that shall be a case, and who said it: this one, or the one that it replies to. None where
    that was the bot's."""
    quote = said.quote
    if phrase.rest or quote is None or quote.sender is None:
        return said, person
    if quote.sender.is_bot:
        return None
    source = replace(said, message=quote.message, sender=quote.sender, media=quote.media)
    return source, desk.person(quote.sender)


def _teach_the_gate(desk: Desk, case: Case, reading: Reading, person: Person) -> None:
    """It was a call and not heard as one; which item it is, a tap on the staff card teaches later."""
    if not reading.kind.asks:
        label = case.kind.value
        example = Example(
            case.id, case.said, reading.kind.value, label, person.id, "forced", desk.now
        )
        desk.learn(example)


def forced(desk: Desk, reading: Reading, kind: CaseKind) -> Reading:
    """The reading of a line of which a person says that it is a call: the best guess stands, but
    where the gate had not heard it, a person looks."""
    if reading.kind.asks and kind is CaseKind.REQUEST:
        return reading
    items = desk.rules.taxonomy.items
    guess = reading.guesses[0].item
    if kind is CaseKind.WISH and not items[guess].is_wish:
        wishes = [g.item for g in reading.guesses if items[g.item].is_wish]
        guess = wishes[0] if wishes else next(c for c, item in items.items() if item.is_wish)
    item = items[guess]
    return replace(
        reading,
        kind=Kind.WISH if kind is CaseKind.WISH else Kind.REQUEST,
        category=item.category,
        item=item.code,
        level=item.level,
        lead=item.lead,
        visibility=item.visibility,
        triage=reading.triage if reading.kind.asks else Triage.HUMAN,
    )


def _not_a_case(desk: Desk, said: Said, person: Person, phrase: Phrase) -> Verdict | None:
    case = desk.itself(phrase.case) or _quoted_itself(desk, said)
    if case is None:
        recent = [c for c in own_cases(desk, person, said) if c.is_open]
        case = recent[0] if recent else None
    if case is None:
        return None
    return take_back(desk, case, person, said)


def take_back(desk: Desk, case: Case, person: Person, said: Said) -> Verdict:
    """`不是报事`, by its reporter or by whoever may correct the case."""
    if person.id != case.reporter and not desk.may(person, Right.CORRECT, case):
        about = {"case": case.id}
        desk.say(refusal(desk, Template.ONLY_REPORTER, person.id, about, said.chat))
        return Verdict("chat", None, (case.id,))
    if Action.WITHDRAW not in actions_from(case.kind, case.state):
        desk.say(refusal(desk, Template.NOT_NOW, person.id, not_now(case), said.chat))
        return Verdict("chat", None, (case.id,))
    case = not_a_case(desk, case, person)
    if person.id != case.reporter and said.chat != case.chat:
        tell_not_a_case(desk, case)
    to = answered_in(desk, case, said.chat)
    desk.say(Notice(Template.WITHDRAWN, to, {"case": case.id}, case=case.id))
    return Verdict("chat", None, (case.id,))


def _not_fixed(desk: Desk, said: Said, person: Person, phrase: Phrase) -> Verdict | None:
    case = desk.case(phrase.case) or quoted_case(desk, said)
    if case is None:
        mine = map(desk.surviving, own_cases(desk, person, said))
        case = next((one for one in mine if can_reopen(one)), None)
    if case is None or not can_reopen(case) or not may_reopen(desk, case, person.id):
        return None
    reopen(desk, case, person, said.text, said.chat)
    return Verdict("chase", None, (case.id,))


def _rate(desk: Desk, said: Said, person: Person, score: int) -> Verdict | None:
    case = quoted_case(desk, said)
    if case is None:
        waiting = [c for c in own_cases(desk, person, said) if c.state is State.TO_RATE]
        case = waiting[0] if waiting and said.private else None
    if case is None or not may_rate(case) or person.id != case.reporter:
        return None
    rate(desk, case, person, score, said.chat)
    return Verdict("thanks", None, (case.id,))


def _choose(desk: Desk, said: Said, person: Person, number: int) -> Verdict | None:
    case = quoted_case(desk, said) or _asked(desk, said, person)
    if case is None or case.reporter != person.id:
        return None
    if case.state is not State.TO_CONFIRM or case.triage is not Triage.ASK:
        return None
    set_item(desk, case, options(desk, case)[number - 1][0], person, "reporter")
    attach(desk, case, said, person, LineRole.SUPPLEMENT, said.text)
    return Verdict("supplement", None, (case.id,))


def _asked(desk: Desk, said: Said, person: Person) -> Case | None:
    chat = desk.facts.chats.get(said.chat)
    return own_recent(desk, chat.grid, said.chat, person.id) if chat else None


def _claim(
    desk: Desk, said: Said, person: Person, grid: str | None, phrase: Phrase
) -> Verdict | None:
    case = desk.case(phrase.case) or quoted_case(desk, said)
    if case is None and grid is not None and phrase.rest.isdigit():
        case = desk.case(f"{grid}-{phrase.rest}")
    if case is None and not phrase.rest and grid is not None:
        free = [c for c in desk.open_cases(grid) if c.state is State.PUBLISHED]
        case = free[0] if len(free) == 1 else None
    if case is None:
        return None
    return claim(desk, case, person, said.chat, said)


def _human(desk: Desk, said: Said, person: Person, grid: str | None) -> Verdict:
    """One word reaches a person; said again and again it calls them no louder."""
    if grid is None:
        desk.say(Notice(Template.WHICH_GRID, ToChat(said.chat)))
        return Verdict("ask_bot")
    mine = [case for case in own_cases(desk, person, said) if case.is_open]
    cases: tuple[CaseId, ...] = (mine[0].id,) if mine else ()
    case = mine[0].id if mine else ""
    params, to = {"by": person.name, "case": case}, ToStaff(grid)
    called = once_in(CALLED_ONCE, desk.now, "human", person.id, str(said.chat), case)
    desk.say(Notice(Template.STAFF_HUMAN, to, params, urgency=Urgency.ALERT, once=called))
    told = once_in(ANSWERED_ONCE, desk.now, "human_comes", person.id)
    where, quoted = ToChat(said.chat), said.message
    desk.say(Notice(Template.HUMAN_COMES, where, reply_to=quoted, once=told))
    return Verdict("ask_bot", None, cases)


def _urgent(desk: Desk, said: Said, person: Person, phrase: Phrase) -> Verdict | None:
    case = desk.case(phrase.case) or quoted_case(desk, said)
    if case is None or person.id != case.reporter or not case.is_open:
        return None
    params = case_params(desk, case) | {"words": "报事人说：急", "chased": "1"}
    to = ToStaff(case.grid)
    desk.say(Notice(Template.STAFF_SUPPLEMENT, to, params, urgency=Urgency.ALERT, case=case.id))
    tell_state(desk, case, said, person)
    return Verdict("chase", None, (case.id,))


def _silence(desk: Desk, said: Said, phrase: Phrase) -> Verdict | None:
    chat: Chat | None = desk.facts.chats.get(said.chat)
    if chat is None:
        return None
    if phrase.word is Word.SPEAK:
        desk.save_chat(replace(chat, silent_until=None))
        once = once_in(ANSWERED_ONCE, desk.now, "speaks")
        desk.say(Notice(Template.SPEAKS, ToChat(said.chat), once=once))
        return Verdict("ask_bot")
    span = silence_of(phrase.rest)
    until = desk.now + span
    # Said before the silence starts to count, so that the group knows that it was heard.
    desk.say(
        Notice(
            Template.SILENCED,
            ToChat(said.chat),
            {"until": until.isoformat()},
            urgency=Urgency.ALERT,
            once=once_in(ANSWERED_ONCE, desk.now, "silenced", str(span)),
        )
    )
    desk.save_chat(replace(chat, silent_until=until))
    return Verdict("ask_bot")
