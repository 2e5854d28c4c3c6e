"""Loading the facts of a batch.

The law of this file: first what leads to the grids (chats, quoted messages, speakers), then the grids'
rows under lock, then everything that hangs on them. Each step is one statement, or none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from intake.cases import CaseId, LineRole
from intake.covering import standing_in
from intake.facts import Facts, Wants
from intake.grids import ChatRef, Grid, MessageRef, Purpose
from intake.ladder import ABOVE
from intake.naming import EVERYWHERE
from intake.people import PersonId
from storage import desk_load_sql as sql
from storage.answer_load import load_answers
from storage.answers import Answers
from storage.cache import OpenCases, people_of
from storage.chats import CHAT_ROWS, Chats
from storage.covers import Covers, near
from storage.desk_homes import belonging, homes
from storage.dialect import Dialect
from storage.grids import duty_lists
from storage.held import HeldWords
from storage.next_door import grids_next_door
from storage.open_cases import CASE_ROWS, followers_of, open_cases
from storage.outbox import Outbox
from storage.people import People
from storage.photos import Photos
from storage.records import StaleCase
from storage.words import Words

RECENT: Final = timedelta(days=30)
"""How far back a speaker's own cases are loaded, whatever their state."""
TALK: Final = timedelta(days=7)
"""How far back what a group says still belongs to what it says now."""
TALK_LINES: Final = 80
"""How many lines of talk are loaded, times the number of groups."""


def load(
    connection: Connection,
    dialect: Dialect,
    remembered: OpenCases,
    dirty: Set[str],
    lock: bool,
    wants: Wants,
    now: datetime,
) -> Facts:
    """The facts for `wants`. With `lock`, the grids stay locked until commit."""
    loading = _Loading(connection, dialect, remembered, dirty, lock, wants, now)
    loading.chats()
    loading.speakers()
    loading.messages()
    loading.held()
    loading.homes()
    loading.homes_of_speakers()
    loading.next_door()
    loading.grids()
    loading.open_cases()
    loading.cases()
    loading.chats_of_grids()
    loading.chats_of_followers()
    loading.said_lately()
    loading.talk()
    loading.answers()
    loading.people()
    loading.words()
    return loading.facts


@dataclass
class _Loading:
    """One load under way; the methods are its steps, in order."""

    connection: Connection
    dialect: Dialect
    remembered: OpenCases
    dirty: Set[str]
    lock: bool
    wants: Wants
    now: datetime
    facts: Facts = field(default_factory=Facts)
    persons: set[PersonId] = field(default_factory=set)
    case_ids: set[CaseId] = field(default_factory=set)
    grid_ids: set[str] = field(default_factory=set)
    case_people: set[PersonId] = field(default_factory=set)
    stamps: dict[str, int] = field(default_factory=dict)

    def chats(self) -> None:
        """The chats in which something was said, under the id that was used."""
        if self.wants.chats:
            self._chats_of(self.wants.chats)
            self._moved(self.wants.chats - self.facts.chats.keys())
        self.grid_ids = {chat.grid for chat in self.facts.chats.values()} | self.wants.grids

    def _chats_of(self, refs: Iterable[ChatRef]) -> None:
        found = self.connection.execute(
            sql.of_chats(self.dialect), {"chats": self.dialect.listed(str(ref) for ref in refs)}
        )
        for chat in CHAT_ROWS.many(found):
            self.facts.chats[chat.ref] = chat

    def _moved(self, missing: Iterable[ChatRef]) -> None:
        missing = set(missing)
        if not missing:
            return
        moves = Chats(self.connection, self.dialect).moved_to(missing)
        if moves:
            self._chats_of(moves.values())
            known = self.facts.chats
            known |= {old: known[new] for old, new in moves.items() if new in known}

    def speakers(self) -> None:
        """Who stands behind the identities."""
        linked = People(self.connection, self.dialect).ids_of(self.wants.identities)
        self.facts.people_of.update((i, p) for i, p in linked.items() if i != p)
        self.persons = {linked.get(identity, identity) for identity in self.wants.identities}

    def messages(self) -> None:
        """What the quoted messages and pressed posts are about."""
        self.case_ids = set(self.wants.cases)
        wanted = sorted(self.wants.messages)
        if not wanted:
            return
        about: dict[MessageRef, list[tuple[CaseId, LineRole]]] = defaultdict(list)
        pairs = self.dialect.listed_pairs((message, str(chat)) for chat, message in wanted)
        for row in self.connection.execute(sql.of_messages(self.dialect), {"messages": pairs}):
            ref = MessageRef(row.chat, row.message)
            about[ref].append((row.case_id, row.role))
            self.facts.texts[ref] = row.text
        for ref, case in Outbox(self.connection, self.dialect).cases_behind(wanted).items():
            about[ref].append((case, LineRole.ACK))
        self.facts.lines = {ref: tuple(some) for ref, some in about.items()}
        self.case_ids |= {case for some in about.values() for case, _ in some}

    def held(self) -> None:
        """Words that wait for a tap, whose speakers are wanted too."""
        self.facts.held = HeldWords(self.connection, self.dialect).of_keys(self.wants.held)
        for held in self.facts.held.values():
            self.case_ids.update(held.cases)
            self.case_people.add(held.person)

    def homes(self) -> None:
        """The grids of the cases asked for, of those whose words the speakers were asked for, of what these
        were merged into or was merged into them, of what the speakers reported lately, and of what these
        chats follow in other grids. A case hardly ever changes its grid, so this may be asked before the
        lock; `cases` sees where one did meanwhile."""
        if not self.case_ids and not self.persons:
            return
        rows = self.connection.execute(
            homes(self.dialect),
            {
                "ids": self.dialect.listed(self.case_ids),
                "persons": self.dialect.listed(self.persons),
                "since": self.now - RECENT,
                "chats": self.dialect.listed(sorted(str(ref) for ref in self.facts.chats)),
                "lately": self.now - TALK,
                "mine": self.dialect.listed(self.grid_ids),
            },
        )
        for id, grid, main, main_grid in rows:
            self.case_ids.add(id)
            self.grid_ids.add(grid)
            if main_grid is not None:
                self.case_ids.add(main)
                self.grid_ids.add(main_grid)

    def homes_of_speakers(self) -> None:
        """Where somebody spoke to the bot alone: the grids that the speakers belong to."""
        if not self.persons or self.wants.chats <= self.facts.chats.keys():
            return
        found = self.connection.scalars(
            belonging(self.dialect), {"persons": self.dialect.listed(self.persons)}
        )
        self.grid_ids.update(found)

    def next_door(self) -> None:
        """Neighbouring grids in which an outage was told lately."""
        if not self.wants.next_door or not self.grid_ids:
            return
        self.grid_ids |= grids_next_door(self.connection, self.dialect, self.grid_ids, self.now)

    def grids(self) -> None:
        """The grids, locked in order."""
        if not self.grid_ids:
            return
        names = self.dialect.listed(self.grid_ids)
        rows = self.connection.execute(sql.of_grids(self.dialect, self.lock), {"ids": names}).all()
        duty = duty_lists(self.connection, self.dialect, self.grid_ids)
        self.stamps = {row.id: row.stamp for row in rows}
        self.facts.grids = {
            row.id: Grid(row[0], row[1], row[2], row[3], duty[row[0]], row[4], row[5])
            for row in rows
        }
        self.remembered.forget_older({row.id: row.anew for row in rows})

    def open_cases(self) -> None:
        """The newest open cases of the grids, mostly from memory."""
        if not self.facts.grids:
            return
        known = open_cases(self.connection, self.dialect, self.remembered, self.stamps, self.dirty)
        for grid_cases in known.values():
            self.facts.cases.update(grid_cases.cases)
            self.facts.followers.update(grid_cases.followers)
            self.case_people |= grid_cases.people

    def cases(self) -> None:
        """The cases asked for that are not among them."""
        missing = sorted(self.case_ids - self.facts.cases.keys())
        if not missing:
            return
        rows = self.connection.execute(
            sql.of_cases(self.dialect), {"ids": self.dialect.listed(missing)}
        )
        found = {case.id: case for case in CASE_ROWS.many(rows)}
        told = followers_of(self.connection, self.dialect, list(found))
        self.facts.cases.update(found)
        self.facts.followers.update(told)
        self.case_people.update(people_of(found))
        self.case_people.update(f.person for some in told.values() for f in some)
        strayed = [case.id for case in found.values() if case.grid not in self.facts.grids]
        if strayed and self.lock:  # it went to another grid since its home was asked for
            raise StaleCase(strayed)

    def chats_of_grids(self) -> None:
        """Every chat of the grids: staff, volunteers, other groups."""
        if self.facts.grids:
            found = self.connection.execute(
                sql.chats_of_grids(self.dialect), {"grids": self.dialect.listed(self.facts.grids)}
            )
            for chat in CHAT_ROWS.many(found):
                self.facts.chats.setdefault(chat.ref, chat)

    def chats_of_followers(self) -> None:
        """Groups of other grids in which somebody follows one of the cases, so that they hear of it too."""
        told = {follower.chat for some in self.facts.followers.values() for follower in some}
        missing = told - self.facts.chats.keys()
        if missing:
            self._chats_of(missing)

    def said_lately(self) -> None:
        """What the residents' groups talk of: the newest lines about cases."""
        groups = [
            chat.ref
            for chat in self.facts.chats.values()
            if chat.purpose is Purpose.RESIDENTS and chat.grid in self.facts.grids
        ]
        if not groups or not self.wants.chats:
            return
        rows = self.connection.execute(
            sql.said_lately(self.dialect),
            {
                "chats": self.dialect.listed(sorted({str(ref) for ref in groups})),
                "since": self.now - TALK,
                "most": TALK_LINES * len(groups),
            },
        )
        self.facts.talk = sql.LINE_ROWS.many(rows)[::-1]

    def talk(self) -> None:
        """What is half said: gatherings of the chats, prompts of the speakers."""
        if not self.persons:
            return
        rooms = self.wants.chats | {
            self.facts.chats[r].ref for r in self.wants.chats & self.facts.chats.keys()
        }
        persons = self.dialect.listed(self.persons)
        if rooms:
            found = self.connection.execute(
                sql.of_gatherings(self.dialect),
                {"persons": persons, "chats": self.dialect.listed(str(ref) for ref in rooms)},
            )
            self.facts.gatherings = {
                (some.chat, some.sender): some for some in sql.GATHERING_ROWS.many(found)
            }
            self.facts.pictured = Photos(self.connection, self.dialect).held(
                MessageRef(some.chat, message)
                for some in self.facts.gatherings.values()
                for message in some.messages
            )
        waiting = self.connection.execute(sql.of_prompts(self.dialect), {"persons": persons})
        self.facts.prompts = {(p.person, p.chat): p for p in sql.PROMPT_ROWS.many(waiting)}

    def answers(self) -> None:
        """What was announced and is known already, and which of it answered the speakers."""
        if not self.facts.grids and not self.wants.bulletins:
            return
        answers = Answers(self.connection, self.dialect, self.remembered.answers)
        found = load_answers(answers, self.facts, self.wants, self.persons, self.now)
        self.case_people |= found[1]
        if missing := found[0] - self.facts.chats.keys():
            self._chats_of(missing)

    def people(self) -> None:
        """Speakers, duty people, who has to do with the cases, and who stands in for whom."""
        on_duty = {entry.person for grid in self.facts.grids.values() for entry in grid.duty}
        above = self._above() if self.wants.above or self._followed() else set()
        wanted = self.persons | on_duty | self.case_people | above
        if not wanted:
            return
        standing = Covers(self.connection, self.dialect).standing(self.now)
        paths = {grid.id: grid.path for grid in self.facts.grids.values()}
        covers = near(standing, self.persons | on_duty | above, paths)
        wanted |= {person for cover in covers for person in (cover.absent, cover.stand_in)}
        found = People(self.connection, self.dialect).many(wanted)
        self.facts.covers, self.facts.people = covers, standing_in(found, covers)

    def _followed(self) -> bool:
        """Whether those above may have to hear of what becomes of one of the cases."""
        known = self.facts.cases.values()
        return any(case.is_supervised or case.reopened for case in known)

    def _above(self) -> set[PersonId]:
        """Who is told what those who work in the grids leave undone."""
        nodes = {node for grid in self.facts.grids.values() for node in grid.path}
        return People(self.connection, self.dialect).ids_by_role(ABOVE, nodes) if nodes else set()

    def words(self) -> None:
        """The grids' own words, where a line is about them."""
        if self.wants.words and self.facts.grids:
            scopes = (*self.facts.grids, EVERYWHERE)
            self.facts.words = Words(self.connection, self.dialect).of(scopes)
