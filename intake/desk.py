"""The desk: the batch's facts, and the few ways in which they may change.

The law of this file: every change of a case goes through the table of its life and leaves a row in its
timeline; everything said is recorded with its cause; what one line changed can be undone as a whole, so
that a line that raises leaves nothing behind. The desk decides in memory; loading and saving are
somebody else's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta, tzinfo
from typing import Any, TypeVar

from intake.briefing import next_brief
from intake.cases import (
    Case,
    CaseId,
    Entry,
    Example,
    Follower,
    Gathering,
    Line,
    LineRole,
    Prompt,
    Timer,
    TimerKind,
    at_rest,
    with_its_ladder,
)
from intake.commands import Sender
from intake.covering import on_duty
from intake.deadlines import WorkCalendar
from intake.facts import Changes, Facts
from intake.grids import Chat, ChatRef, DutyEntry, Grid, MessageRef
from intake.hearing import Hearing
from intake.lifecycle import Action, next_state
from intake.nameless import without_names
from intake.naming import Lexicon, Naming, NoLexicon, Sort
from intake.notices import Notice
from intake.people import Grant, Person, PersonId, Right
from intake.taxonomy import Taxonomy, Visibility

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True)
class Rules:
    """What does not change from line to line: the taxonomy, the calendar, the zone, what the language part
    knows of single words, and how it weighs what surrounds a line (None: its words alone count)."""

    taxonomy: Taxonomy
    calendar: WorkCalendar
    zone: tzinfo
    lexicon: Lexicon = field(default=NoLexicon())
    hearing: Hearing | None = None
    retrain: time | None = None
    """The local hour at which the next model is trained; None: never by itself."""
    collect: time | None = None
    """The local hour of the daily collection; None: there is none."""
    brief: time | None = None
    """The local hour of Monday at which the week's brief is drafted; None: there is none."""


@dataclass
class Desk:
    """Facts and changes of one batch. `now` and `cause` belong to the line under decision."""

    rules: Rules
    facts: Facts
    now: datetime
    cause: str = ""
    changes: Changes = field(default_factory=Changes)
    _undo: list[Callable[[], None]] = field(default_factory=list)

    # -- one line at a time ---------------------------------------------------------------------

    def begin(self, cause: str, now: datetime) -> None:
        """Start a line: from here `undo` goes back to."""
        self.cause = cause
        self.now = now
        self._undo.clear()

    def undo(self) -> None:
        """Take back all that the current line changed."""
        for step in reversed(self._undo):
            step()
        self._undo.clear()

    def _put(self, table: dict[K, V], key: K, value: V) -> None:
        if key in table:
            old = table[key]
            self._undo.append(lambda: table.__setitem__(key, old))
        else:
            self._undo.append(lambda: table.__delitem__(key))
        table[key] = value

    def _drop(self, table: dict[K, V], key: K) -> None:
        if key in table:
            old = table.pop(key)
            self._undo.append(lambda: table.__setitem__(key, old))

    def _add(self, rows: list[V], row: V) -> None:
        rows.append(row)
        self._undo.append(lambda: rows.__delitem__(-1))

    # -- looking --------------------------------------------------------------------------------

    def person(self, sender: Sender) -> Person:
        """The sender as a person; somebody unknown is a resident. A transcript's role counts in
        every grid that is loaded, since a transcript knows no others."""
        person_id = self.facts.people_of.get(sender.identity, sender.identity)
        person = self.facts.people.get(person_id) or Person(person_id, sender.name)
        if sender.role is None:
            return person
        grants = tuple(Grant(sender.role, grid) for grid in self.facts.grids)
        return replace(person, grants=person.grants + grants)

    def grid(self, grid_id: str) -> Grid:
        return self.facts.grids[grid_id]

    def duty(self, grid_id: str) -> tuple[DutyEntry, ...]:
        """Who is to be alerted in a grid, in order, stand-ins in the place of those on leave."""
        return on_duty(self.grid(grid_id), self.facts.people, self.facts.covers)

    def case(self, token: str | None) -> Case | None:
        """The case of that number, in whatever letter case it was typed; a merged one leads to its
        main case."""
        case = self.itself(token)
        return None if case is None else self.surviving(case)

    def itself(self, token: str | None) -> Case | None:
        """The case of that number, a merged one as itself."""
        spelt = (token, token.upper(), token.lower()) if token else ()
        return next((self.facts.cases[one] for one in spelt if one in self.facts.cases), None)

    def behind(self, case: Case) -> list[Case]:
        """The cases that are merged into this one."""
        return [one for one in self.facts.cases.values() if one.merged_into == case.id]

    def surviving(self, case: Case) -> Case:
        """The case that a merged case now stands for."""
        for _ in range(20):
            if case.merged_into is None or case.merged_into not in self.facts.cases:
                return case
            case = self.facts.cases[case.merged_into]
        return case

    def cases_behind(self, ref: MessageRef) -> list[Case]:
        """The cases that a chat line (or a post of the bot) belongs to, newest first."""
        found = (self.case(case_id) for case_id, _ in self.facts.lines.get(ref, ()))
        unique = {case.id: case for case in found if case is not None}
        return sorted(unique.values(), key=lambda case: case.opened_at, reverse=True)

    def said_in(self, ref: MessageRef) -> list[Case]:
        """The cases in which a chat line itself hangs, merged ones as themselves."""
        ids = dict.fromkeys(case_id for case_id, _ in self.facts.lines.get(ref, ()))
        return [self.facts.cases[id] for id in ids if id in self.facts.cases]

    def open_cases(self, grid_id: str) -> list[Case]:
        """Open cases of a grid, newest first."""
        mine = [c for c in self.facts.cases.values() if c.grid == grid_id and c.is_open]
        return sorted(mine, key=lambda case: (case.opened_at, case.number), reverse=True)

    def may(self, person: Person, right: Right, case: Case) -> bool:
        return person.may(right, self.grid(case.grid).path, case.departments)

    def followers(self, case_id: CaseId) -> tuple[Follower, ...]:
        return self.facts.followers.get(case_id, ())

    def reachable(self, person_id: PersonId) -> bool:
        """Whether the bot can write to that person alone."""
        person = self.facts.people.get(person_id)
        return person is not None and person.private is not None

    # -- changing -------------------------------------------------------------------------------

    def next_number(self, grid_id: str) -> int:
        grid = self.grid(grid_id)
        self._put(self.facts.grids, grid_id, replace(grid, next_number=grid.next_number + 1))
        self._put(self.changes.numbers, grid_id, grid.next_number + 1)
        return grid.next_number

    def add_case(self, case: Case) -> Case:
        self._put(self.facts.cases, case.id, case)
        self._put(self.changes.cases, case.id, case)
        self.collect(case.grid)
        if self.rules.brief is not None:
            due = next_brief(self.now, self.rules.brief, self.rules.zone)
            subject = f"{case.grid}@{due.date().isoformat()}"
            self.set_timer(TimerKind.BRIEF, subject, due, case.grid)
        return case

    def act(
        self,
        case: Case,
        action: Action,
        actor: PersonId | None,
        words: str = "",
        **fields: Any,
    ) -> Case:
        """Move a case by `action`, with other fields changed along; raises NotNow if it may not."""
        current = self.facts.cases[case.id]
        state = next_state(current.kind, current.state, action)
        entry = Entry(
            current.id,
            current.entries + 1,
            self.now,
            action,
            actor,
            words,
            current.state.value,
            state.value,
        )
        changed = replace(current, state=state, entries=entry.seq, **fields)
        changed = self._save_case(current, changed)
        self._add(self.changes.entries, entry)
        self.collect(current.grid)
        return changed

    def amend(self, case: Case, **fields: Any) -> Case:
        """Change fields that are no step in its life (such as how many voices it has)."""
        current = self.facts.cases[case.id]
        return self._save_case(current, replace(current, **fields))

    def _save_case(self, current: Case, changed: Case) -> Case:
        changed = with_its_ladder(current, at_rest(changed))
        if current.id not in self.changes.cases:
            self._put(self.changes.versions, current.id, current.version)
        self._put(self.facts.cases, current.id, changed)
        self._put(self.changes.cases, current.id, changed)
        return changed

    def attach(self, line: Line) -> None:
        """Attach a chat line to a case, once in each role."""
        ref = MessageRef(line.chat, line.message)
        known = self.facts.lines.get(ref, ())
        if (line.case, line.role) in known:
            return
        self._put(self.facts.lines, ref, (*known, (line.case, line.role)))
        self._add(self.facts.talk, line)
        self._add(self.changes.lines, line)

    def detach(self, line: Line) -> None:
        """Take a chat line off its case, in whatever role it hangs there."""
        ref = MessageRef(line.chat, line.message)
        known = self.facts.lines.get(ref, ())
        self._put(self.facts.lines, ref, tuple(one for one in known if one[0] != line.case))
        self._add(self.changes.detached, line)

    def follow(self, case: Case, person: PersonId, chat: ChatRef) -> bool:
        """Let somebody hear of a case; False if they already do or reported it themselves, and always where
        it is private."""
        if case.visibility is Visibility.PRIVATE:
            return False
        known = self.facts.followers.get(case.id, ())
        if person == case.reporter or any(f.person == person for f in known):
            return False
        follower = Follower(case.id, person, chat)
        self._put(self.facts.followers, case.id, (*known, follower))
        self._add(self.changes.followers, follower)
        return True

    def unfollow(self, case: Case, person: PersonId) -> bool:
        """Let somebody hear no more of a case; False if they did not follow it."""
        known = self.facts.followers.get(case.id, ())
        gone = next((follower for follower in known if follower.person == person), None)
        if gone is None:
            return False
        kept = tuple(follower for follower in known if follower is not gone)
        self._put(self.facts.followers, case.id, kept)
        self._add(self.changes.unfollowed, gone)
        return True

    def set_timer(self, kind: TimerKind, subject: str, due: datetime, grid: str | None) -> None:
        """Set or move the one timer of this kind for this subject."""
        key = timer_key(kind, subject)
        self._put(self.changes.timers, key, Timer(key, kind, subject, due, grid))

    def cancel_timers(self, subject: str, kinds: Iterable[TimerKind]) -> None:
        for kind in kinds:
            self._put(self.changes.timers, timer_key(kind, subject), None)

    def gather(self, gathering: Gathering) -> None:
        key = (gathering.chat, gathering.sender)
        self._put(self.facts.gatherings, key, gathering)
        self._put(self.changes.gatherings, key, gathering)

    def end_gathering(self, chat: ChatRef, sender: PersonId) -> Gathering | None:
        gathering = self.facts.gatherings.get((chat, sender))
        if gathering is not None:
            self._drop(self.facts.gatherings, (chat, sender))
            self._put(self.changes.gatherings, (chat, sender), None)
        return gathering

    def prompt(self, prompt: Prompt) -> None:
        key = (prompt.person, prompt.chat)
        self._put(self.facts.prompts, key, prompt)
        self._put(self.changes.prompts, key, prompt)

    def end_prompt(self, person: PersonId, chat: ChatRef) -> Prompt | None:
        prompt = self.facts.prompts.get((person, chat))
        if prompt is not None:
            self._drop(self.facts.prompts, (person, chat))
            self._put(self.changes.prompts, (person, chat), None)
        return prompt

    def save_person(self, person: Person) -> None:
        self._put(self.facts.people, person.id, person)
        self._put(self.changes.people, person.id, person)

    def save_chat(self, chat: Chat) -> None:
        self._put(self.facts.chats, chat.ref, chat)
        self._put(self.changes.chats, chat.ref, chat)

    def move_chat(self, old: ChatRef, new: ChatRef) -> None:
        chat = self.facts.chats.get(old)
        if chat is not None:
            self._drop(self.facts.chats, old)
            self._put(self.facts.chats, new, replace(chat, ref=new))
        self._add(self.changes.moved, (old, new))

    def erase(self, ref: MessageRef) -> None:
        """A message was withdrawn: its words go from wherever chat lines are kept."""
        self._add(self.changes.erased, ref)

    def learn(self, example: Example) -> None:
        """Keep a correction, without names; the first of a day sets the clock of the next training."""
        text = without_names(example.text).strip()
        if not text:
            return
        self._add(self.changes.examples, replace(example, text=text))
        self._train_tonight()

    def unlearn(self, case: CaseId) -> None:
        """The words of a case were withdrawn: nothing is learned from them."""
        self._add(self.changes.unlearned, case)

    def name(self, naming: Naming) -> None:
        """Names are added to a scope or go from it; words are to be learned."""
        if naming.sort is Sort.PLACE:
            grid = self.grid(naming.scope)
            self._put(
                self.facts.grids, grid.id, replace(grid, places=_renamed(grid.places, naming))
            )
        else:
            words = self.facts.words.get(naming.scope, ())
            self._put(self.facts.words, naming.scope, _renamed(words, naming))
            self._train_tonight()
        self._add(self.changes.namings, naming)

    def _train_tonight(self) -> None:
        """There is something new to learn: set the clock of the next training."""
        if self.rules.retrain is not None:
            due = next_night(self.now, self.rules.retrain, self.rules.zone)
            self.set_timer(TimerKind.RETRAIN, due.date().isoformat(), due, None)

    def collect(self, grid: str) -> None:
        """Something happened in a grid: set the clock of its next daily collection."""
        if self.rules.collect is not None:
            due = next_night(self.now, self.rules.collect, self.rules.zone)
            self.set_timer(TimerKind.DIGEST, f"{grid}@{due.date().isoformat()}", due, grid)

    def say(self, notice: Notice) -> None:
        self._add(self.changes.notices, (self.cause, notice))


def _renamed(names: tuple[str, ...], naming: Naming) -> tuple[str, ...]:
    kept = (name for name in names if name not in naming.removed)
    return tuple(dict.fromkeys((*kept, *naming.added)))


def timer_key(kind: TimerKind, subject: str) -> str:
    return f"{kind.value}|{subject}"


def next_night(now: datetime, at: time, zone: tzinfo) -> datetime:
    """The first local `at` after `now`. One timer a day, so that a later cause moves none away."""
    local = now.astimezone(zone)
    due = datetime.combine(local.date(), at, zone)
    return due if due > local else datetime.combine(local.date() + timedelta(days=1), at, zone)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one command came to: the kind shown by `huying replay`, the emergency's code, and the
    cases it opened or was attached to."""

    kind: str
    emergency: str | None = None
    cases: tuple[CaseId, ...] = ()
    opened: tuple[CaseId, ...] = ()


IGNORED = Verdict("chat")

__all__ = ["IGNORED", "Desk", "LineRole", "Rules", "Verdict", "next_night", "timer_key"]
