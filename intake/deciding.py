"""The one place through which every command goes.

The law of this file: what a command needs to know is said before anything is loaded (`wants_of`), and
what it comes to is decided afterwards (`decide`), both without I/O.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from intake.acknowledging import ack_buttons, ack_extras, ack_template, case_params
from intake.announcing import KEEP
from intake.asking_which import OF_HELD, forget_held, held_key
from intake.cases import Case
from intake.commands import (
    BotAdded,
    BotRemoved,
    ChatMoved,
    Command,
    Pressed,
    Said,
    Sender,
    Started,
    Unsaid,
)
from intake.desk import Desk
from intake.facts import Wants
from intake.grids import MessageRef
from intake.joint_words import is_beyond
from intake.lifecycle import Action, State, actions_from
from intake.notices import Notice, ToChat
from intake.people import Person
from intake.phrases import Word, case_named, phrases_in
from intake.pressing import press
from intake.reading import Reading
from intake.speaking import hear, text_to_read
from intake.splitting import without_line
from intake.templates import Template
from intake.verdict import IGNORED, Verdict
from intake.working import withdraw

_OF_WORDS = frozenset({Word.ADD_WORD, Word.DROP_WORD})
_REMOVABLE = (State.TO_CONFIRM, State.ACCEPTED, State.DISPATCHED, State.REVIEW)


def words_of(command: Command) -> str | None:
    """What the language part shall read, or None."""
    return text_to_read(command) if isinstance(command, Said) else None


def wants_of(command: Command) -> Wants:
    """What must be loaded to decide this command."""
    match command:
        case Said():
            return _wants_of_line(command)
        case Pressed():
            parts = command.data.split(":")
            cases = frozenset(parts[1:2])
            ref = MessageRef(command.chat, command.message)
            wants = _wants(command, command.sender, cases, frozenset({ref}))
            named = frozenset(parts[2:3])
            if parts[0] == KEEP:
                return replace(wants, grids=named)
            return replace(wants, held=named) if parts[0] in OF_HELD else wants
        case Unsaid():
            ref = MessageRef(command.chat, command.message)
            wants = _wants(command, command.sender, frozenset(), frozenset({ref}))
            return replace(wants, held=frozenset({held_key(ref)}))
        case Started():
            kind, _, rest = command.parameter.partition("-")
            cases = frozenset({rest}) if kind == "c" else frozenset()
            grids = frozenset({rest}) if kind == "g" else frozenset()
            return replace(_wants(command, command.sender, cases), grids=grids)
        case ChatMoved():
            return Wants(chats=frozenset({command.chat, command.to}))
        case BotAdded() | BotRemoved():
            return Wants(chats=frozenset({command.chat}))
        case _:
            assert_never(command)


def _wants(
    command: Said | Pressed | Unsaid | Started,
    sender: Sender | None,
    cases: frozenset[str] = frozenset(),
    messages: frozenset[MessageRef] = frozenset(),
) -> Wants:
    identities = frozenset({sender.identity}) if sender else frozenset()
    return Wants(frozenset({command.chat}), messages, identities, cases, frozenset())


def _wants_of_line(said: Said) -> Wants:
    phrases = phrases_in(said.text)
    named = {case_named(said.text)} | {phrase.case for phrase in phrases}
    tokens = {token for token in named if token}
    variants = frozenset(v for t in tokens for v in (t, t.upper(), t.lower()))
    own = MessageRef(said.chat, said.message)
    messages = {own} if said.edited else set()
    held = frozenset({held_key(own)}) if said.edited else frozenset()
    identities = {said.sender.identity}
    if said.quote is not None:
        messages.add(MessageRef(said.chat, said.quote.message))
        if said.quote.sender is not None:
            identities.add(said.quote.sender.identity)
    wants = _wants(said, said.sender, variants, frozenset(messages))
    of_words = any(phrase.word in _OF_WORDS for phrase in phrases)
    grids = frozenset({said.form.grid}) if said.form is not None else frozenset()
    return replace(
        wants,
        identities=frozenset(identities),
        words=of_words,
        grids=grids,
        above=is_beyond(said.text),
        held=held,
    )


def decide(desk: Desk, command: Command, readings: tuple[Reading, ...]) -> Verdict:
    """Decide one command on the desk. `readings` is empty for all but `Said`."""
    match command:
        case Said():
            return hear(desk, command, readings)
        case Pressed():
            return press(desk, command)
        case Unsaid():
            return _unsaid(desk, command)
        case Started():
            return _started(desk, command)
        case BotAdded():
            desk.say(Notice(Template.FIRST_NOTICE, ToChat(command.chat)))
            return IGNORED
        case BotRemoved():
            return _removed(desk, command)
        case ChatMoved():
            desk.move_chat(command.chat, command.to)
            return IGNORED
        case _:
            assert_never(command)


def _unsaid(desk: Desk, command: Unsaid) -> Verdict:
    """A withdrawn message takes its words with it, and its case too while nobody works on it."""
    ref = MessageRef(command.chat, command.message)
    forget_held(desk, ref)
    behind = desk.cases_behind(ref)
    desk.erase(ref)
    if not behind:
        return IGNORED
    for case in desk.said_in(ref):
        if case.message != command.message or case.chat != command.chat:
            _forget_part(desk, case, desk.facts.texts.get(ref, ""))
            continue
        case = desk.amend(case, said="")
        desk.unlearn(case.id)
        nobody_works = case.state in _REMOVABLE and case.taken_by is None
        alone = case.voices == 1 and not desk.behind(case)  # one neighbour may have called twice
        if nobody_works and alone and Action.WITHDRAW in actions_from(case.kind, case.state):
            withdraw(desk, case, None, "原消息已撤回")
    return Verdict("chat", None, tuple(case.id for case in behind))


def _forget_part(desk: Desk, case: Case, text: str) -> None:
    """A case that was split off has the words of several messages, one behind the other (`splitting.py`)."""
    rest = without_line(case.said, text)
    if rest != case.said:
        desk.amend(case, said=rest)
        desk.unlearn(case.id)


def _started(desk: Desk, command: Started) -> Verdict:
    """Somebody opened the private talk: from now on they can be answered alone."""
    person = desk.person(command.sender)
    kind, _, rest = command.parameter.partition("-")
    case = desk.case(rest) if kind == "c" else None
    mine = case is not None and case.reporter == person.id
    home = person.home
    if case is not None and mine:
        home = home or case.grid
    elif kind == "g" and rest in desk.facts.grids:
        home = rest
    private = (command.chat.channel, command.chat.chat)
    desk.save_person(replace(person, private=private, home=home))
    if case is not None and mine:
        params = case_params(desk, case) | ack_extras(desk, case) | {"alone": "1"}
        to = ToChat(command.chat)
        buttons = ack_buttons(desk, case)
        desk.say(Notice(ack_template(case), to, params, buttons, case=case.id))
        return Verdict("chat", None, (case.id,))
    desk.say(Notice(Template.WELCOME, ToChat(command.chat)))
    return IGNORED


def _removed(desk: Desk, command: BotRemoved) -> Verdict:
    """Whoever blocks the bot can no longer be written to; a chat that threw it out stays bound, for
    its cases go on, but nothing can be posted there until it is let in again."""
    if command.private:
        ref = (command.chat.channel, command.chat.chat)
        for person in list(desk.facts.people.values()):
            if person.private == ref:
                desk.save_person(_unreachable(person))
    return IGNORED


def _unreachable(person: Person) -> Person:
    return replace(person, private=None)
