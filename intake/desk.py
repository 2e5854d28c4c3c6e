"""The desk: the batch's facts, and the few ways in which they may change.

The law of this file: every change of a case goes through the table of its life and leaves a row in its
timeline; everything said is recorded with its cause; what one line changed can be undone as a whole, so
that a line that raises leaves nothing behind. The desk decides in memory; loading and saving are
somebody else's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from intake.briefing import next_brief
from intake.bulletins import Asked, Bulletin
from intake.cases import (
    Case,
    CaseId,
    Entry,
    Example,
    Follower,
    Gathering,
    Held,
    Line,
    Prompt,
    Timer,
    TimerKind,
    at_rest,
    timer_key,
    with_its_ladder,
)
from intake.commands import Sender
from intake.covering import on_duty
from intake.deadlines import next_night
from intake.facts import Changes, Facts
from intake.grids import Chat, ChatRef, DutyEntry, Grid, MessageRef
from intake.lifecycle import Action, next_state
from intake.nameless import without_names
from intake.naming import Naming, Sort
from intake.notices import Notice
from intake.paused import unpaused
from intake.people import Grant, Person, PersonId, Right
from intake.rules import Rules
from intake.taxonomy import Visibility
from intake.whose import is_of, led_now

K = TypeVar("K")
V = TypeVar("V")


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
        cases, chats = self.facts.cases.values(), self.facts.chats
        mine = [case for case in cases if case.is_open and is_of(case, grid_id, chats)]
        return sorted(mine, key=lambda case: (case.opened_at, case.number), reverse=True)

    def may(self, person: Person, right: Right, case: Case) -> bool:
        mine = case.departments if right is Right.SEE_PRIVATE else case.leads
        return person.may(right, self.grid(case.grid).path, mine)

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
        """Move a case by `action`, other fields along (`at`: when, if not now); raises NotNow."""
        current = self.facts.cases[case.id]
        state = next_state(current.kind, current.state, action)
        entry = Entry(
            current.id,
            current.entries + 1,
            fields.pop("at", None) or self.now,
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

    def regrid(self, case: Case, grid: str, actor: PersonId, words: str) -> Case:
        """It goes to another grid: it keeps the id by which people know it, and gets a number there."""
        number, left = self.next_number(grid), case.grid
        case = self.act(case, Action.MOVE, actor, words, grid=grid, number=number)
        self._put(self.changes.gone, case.id, left)
        self.collect(grid)
        return case

    def amend(self, case: Case, **fields: Any) -> Case:
        """Change fields that are no step in its life (such as how many voices it has)."""
        current = self.facts.cases[case.id]
        return self._save_case(current, replace(current, **fields))

    def _save_case(self, current: Case, changed: Case) -> Case:
        changed = led_now(changed, self.rules.taxonomy)
        changed = unpaused(current, at_rest(changed, self.now), self.now, self.rules)
        changed = with_its_ladder(current, changed)
        if current.is_paused and not changed.is_paused and changed.resolve_due is not None:
            self.set_timer(TimerKind.RESOLVE_DUE, changed.id, changed.resolve_due, changed.grid)
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
        self._keep(self.facts.gatherings, self.changes.gatherings, key, gathering)

    def end_gathering(self, chat: ChatRef, sender: PersonId) -> Gathering | None:
        return self._end(self.facts.gatherings, self.changes.gatherings, (chat, sender))

    def prompt(self, prompt: Prompt) -> None:
        key = (prompt.person, prompt.chat)
        self._keep(self.facts.prompts, self.changes.prompts, key, prompt)

    def end_prompt(self, person: PersonId, chat: ChatRef) -> Prompt | None:
        return self._end(self.facts.prompts, self.changes.prompts, (person, chat))

    def hold(self, held: Held) -> None:
        self._keep(self.facts.held, self.changes.held, held.key, held)

    def end_held(self, key: str) -> Held | None:
        return self._end(self.facts.held, self.changes.held, key)

    def _keep(self, known: dict[K, V], changed: dict[K, V | None], key: K, value: V) -> None:
        self._put(known, key, value)
        self._put(changed, key, value)

    def _end(self, known: dict[K, V], changed: dict[K, V | None], key: K) -> V | None:
        value = known.get(key)
        if value is not None:
            self._drop(known, key)
            self._put(changed, key, None)
        return value

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
            renamed = replace(grid, places=naming.applied(grid.places))
            self._put(self.facts.grids, grid.id, renamed)
        else:
            words = self.facts.words.get(naming.scope, ())
            self._put(self.facts.words, naming.scope, naming.applied(words))
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

    def told_in_the_morning(self, held: str, said: bool) -> None:
        """What became of a held post, by its key: said together with others, or not at all."""
        self._put(self.changes.mornings, held, said)

    def keep_bulletin(self, bulletin: Bulletin) -> None:
        self._put(self.facts.bulletins, bulletin.id, bulletin)
        self._put(self.changes.bulletins, bulletin.id, bulletin)

    def keep_asked(self, asked: Asked) -> None:
        self._put(self.facts.asked, (asked.about, asked.person), asked)
        self._put(self.changes.asked, (asked.about, asked.person), asked)

    def say(self, notice: Notice) -> None:
        self._add(self.changes.notices, (self.cause, notice))
