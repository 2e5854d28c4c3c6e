"""Saving what a batch decided.

The law of this file: one bulk statement for each kind of change, rows in the order of their keys, so that
two batches that meet wait for each other and do not block each other. The grids' stamps rise first;
what they guard is written under them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Any

from sqlalchemy import Column, Connection, Table, and_, bindparam, case, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.base import Executable

from intake.cases import CaseId, Entry, Example
from intake.facts import Changes
from intake.notices import Post
from storage.answers import Answers, KnownAnswers, blank_asked
from storage.case_tables import (
    cases,
    entries,
    examples,
    followers,
    gatherings,
    lines,
    prompts,
)
from storage.chats import Chats
from storage.desk_load_sql import GATHERING_ROWS, LINE_ROWS, PROMPT_ROWS
from storage.dialect import Dialect, Upsert
from storage.held import HeldWords
from storage.mornings import Mornings
from storage.open_cases import CASE_ROWS, FOLLOWER_ROWS
from storage.outbox import Outbox
from storage.people import People
from storage.records import StaleCase
from storage.regridding import regrid
from storage.rows import Rows, excluded
from storage.tables import grids
from storage.timers import Timers
from storage.withdrawn import forget_copies
from storage.words import Words

ENTRY_ROWS = Rows(entries, Entry, case="case_id")
EXAMPLE_ROWS = Rows(examples, Example, case="case_id", by="said_by")

_FIXED = ("id", "grid", "number")


def save(
    connection: Connection,
    dialect: Dialect,
    dirty: set[str],
    changes: Changes,
    posts: Sequence[Post],
    now: datetime,
) -> None:
    """Save `changes` and `posts`; `dirty` takes up the grids whose cases changed."""
    saving = _Saving(connection, dialect, changes)
    stamps = saving.grids()
    dirty.update(stamps)
    saving.new_cases(stamps)
    saving.changed_cases(stamps)
    regrid(connection, changes, stamps)
    saving.entries()
    saving.parted()
    saving.lines()
    saving.followers(stamps)
    saving.erased()
    saving.timers()
    saving.talk()
    if changes.people:
        People(connection, dialect).save(changes.people.values(), now)
    saving.examples()
    saving.unlearned()
    saving.names()
    saving.answers()
    chats = Chats(connection, dialect, dirty)
    if changes.chats:
        chats.save(changes.chats.values())
    Mornings(connection, dialect).close(changes.mornings, now)
    Outbox(connection, dialect).add(posts)
    for old, new in changes.moved:
        chats.move(old, new, now)


@dataclass
class _Saving:
    """One save under way; the methods are its steps, in order."""

    connection: Connection
    dialect: Dialect
    changes: Changes

    def grids(self) -> Mapping[str, int]:
        """Raise the stamps (and running numbers) of the grids that this touches: grid → new stamp."""
        touched = {case.grid for case in self.changes.cases.values()} | self.changes.numbers.keys()
        touched |= set(self._homes_of_followed.values()) | set(self.changes.gone.values())
        if not touched:
            return {}
        numbers = self.changes.numbers
        self.connection.execute(
            _raise(), [{"grid": grid, "next": numbers.get(grid, 0)} for grid in sorted(touched)]
        )
        found = self.connection.execute(
            _stamps(self.dialect), {"ids": self.dialect.listed(sorted(touched))}
        )
        stamps: dict[str, int] = dict.fromkeys(touched, 0)
        stamps.update((row.id, row.stamp) for row in found)
        return stamps

    @cached_property
    def _homes_of_followed(self) -> dict[CaseId, str]:
        """The grids of cases that get followers but are not changed otherwise."""
        ids = sorted({f.case for f in self.changes.followers} - self.changes.cases.keys())
        if not ids:
            return {}
        rows = self.connection.execute(
            select(cases.c.id, cases.c.grid).where(self.dialect.among(cases.c.id, "ids")),
            {"ids": self.dialect.listed(ids)},
        )
        return {row.id: row.grid for row in rows}

    def new_cases(self, stamps: Mapping[str, int]) -> None:
        """Cases without a loaded version. A number that is taken means that another batch was
        faster."""
        new = [c for id, c in self.changes.cases.items() if id not in self.changes.versions]
        if not new:
            return
        new.sort(key=lambda one: (one.grid, one.number))
        rows = [
            {
                **CASE_ROWS.values(one),
                "version": 1,
                "is_open": one.is_open,
                "stamp": stamps[one.grid],
            }
            for one in new
        ]
        try:
            self.connection.execute(cases.insert(), rows)
        except IntegrityError as error:
            raise StaleCase(one.id for one in new) from error

    def changed_cases(self, stamps: Mapping[str, int]) -> None:
        """Cases that were loaded, each only if it still has the version that it was loaded with."""
        versions = self.changes.versions
        changed = [self.changes.cases[id] for id in sorted(versions) if id in self.changes.cases]
        if not changed:
            return
        self._check([one.id for one in changed])
        rows = [
            {
                **CASE_ROWS.values(one),
                "version": versions[one.id] + 1,
                "is_open": one.is_open,
                "stamp": stamps[one.grid],
                "b_id": one.id,
                "b_version": versions[one.id],
            }
            for one in changed
        ]
        done = self.connection.execute(_update_cases(), rows)
        if done.rowcount != len(rows):
            raise StaleCase(one.id for one in changed)

    def _check(self, ids: Sequence[CaseId]) -> None:
        """Lock the cases, and name those that are not as they were loaded."""
        rows = self.connection.execute(_versions(self.dialect), {"ids": self.dialect.listed(ids)})
        found = {row.id: row.version for row in rows}
        stale = [id for id in ids if found.get(id) != self.changes.versions[id]]
        if stale:
            raise StaleCase(stale)

    def entries(self) -> None:
        """Rows of timelines; one that is there already means that another batch was faster."""
        if not self.changes.entries:
            return
        rows = ENTRY_ROWS.stored(sorted(self.changes.entries, key=lambda e: (e.case, e.seq)))
        try:
            self.connection.execute(entries.insert(), rows)
        except IntegrityError as error:
            raise StaleCase(entry.case for entry in self.changes.entries) from error

    def lines(self) -> None:
        """Chat lines of cases; attached again, a line takes on its newest role and text."""
        latest = {(one.case, one.chat, one.message): one for one in self.changes.lines}
        if latest:
            rows = LINE_ROWS.stored(latest[key] for key in sorted(latest))
            self.connection.execute(_upsert(self.dialect, lines), rows)

    def parted(self) -> None:
        """Lines and followers that a case no longer has; what it gets back in the same batch stays."""
        if self.changes.detached:
            self.connection.execute(
                _detach(),
                [
                    {"b_case": one.case, "b_chat": one.chat, "b_message": one.message}
                    for one in self.changes.detached
                ],
            )
        if self.changes.unfollowed:
            self.connection.execute(
                _unfollow(),
                [{"b_case": one.case, "b_person": one.person} for one in self.changes.unfollowed],
            )

    def erased(self) -> None:
        """The words of withdrawn messages, blanked."""
        if self.changes.erased:
            pairs = [(ref.message, str(ref.chat)) for ref in self.changes.erased]
            listed = {"messages": self.dialect.listed_pairs(pairs)}
            forget_copies(self.connection, self.dialect, listed)
            self.connection.execute(blank_lines(self.dialect), listed)
            self.connection.execute(blank_asked(self.dialect), listed)

    def followers(self, stamps: Mapping[str, int]) -> None:
        """Followers, each once per case; their case is stamped so that it is read anew."""
        if not self.changes.followers:
            return
        some = sorted(self.changes.followers, key=lambda f: (f.case, f.person))
        self.connection.execute(_follow(self.dialect), FOLLOWER_ROWS.stored(some))
        marks = [
            {"b_id": id, "b_stamp": stamps[grid]}
            for id, grid in sorted(self._homes_of_followed.items())
        ]
        if marks:
            self.connection.execute(_mark_cases(), marks)

    def timers(self) -> None:
        """Timers set, moved and cancelled."""
        timers = Timers(self.connection, self.dialect)
        timers.set([timer for timer in self.changes.timers.values() if timer is not None])
        timers.cancel(key for key, timer in self.changes.timers.items() if timer is None)

    def talk(self) -> None:
        """Gatherings, prompts and held words, kept or dropped."""
        self._keep(gatherings, self.changes.gatherings, GATHERING_ROWS.values)
        self._keep(prompts, self.changes.prompts, PROMPT_ROWS.values)
        HeldWords(self.connection, self.dialect).save(self.changes.held)

    def _keep(
        self,
        table: Table,
        wanted: Mapping[tuple[Any, Any], Any],
        values: Callable[[Any], dict[str, Any]],
    ) -> None:
        kept = [values(wanted[key]) for key in sorted(wanted) if wanted[key] is not None]
        gone = [
            {"b_first": key[0], "b_second": key[1]} for key in sorted(wanted) if wanted[key] is None
        ]
        if kept:
            self.connection.execute(_upsert(self.dialect, table), kept)
        if gone:
            self.connection.execute(_drop(table), gone)

    def examples(self) -> None:
        """Corrections to learn from."""
        if self.changes.examples:
            rows = EXAMPLE_ROWS.stored(self.changes.examples)
            self.connection.execute(examples.insert(), rows)

    def unlearned(self) -> None:
        """Examples of withdrawn words, those of this batch included."""
        if self.changes.unlearned:
            listed = self.dialect.listed(sorted(set(self.changes.unlearned)))
            self.connection.execute(_unlearn(self.dialect), {"cases": listed})

    def answers(self) -> None:
        """What is announced, and whom it answered."""
        answers = Answers(self.connection, self.dialect, KnownAnswers())
        answers.save_bulletins(list(self.changes.bulletins.values()))
        answers.save_asked(self.changes.asked.values())

    def names(self) -> None:
        """Place names and words that somebody added or removed."""
        words = Words(self.connection, self.dialect)
        for naming in self.changes.namings:
            words.apply(naming)


def _key(table: Table) -> Iterable[Column[Any]]:
    return table.primary_key.columns


@cache
def _raise() -> Executable:
    later = bindparam("next", type_=grids.c.next_number.type)
    return (
        update(grids)
        .where(grids.c.id == bindparam("grid"))
        .values(
            stamp=grids.c.stamp + 1,
            next_number=case((later > grids.c.next_number, later), else_=grids.c.next_number),
        )
    )


@cache
def _stamps(dialect: Dialect) -> Executable:
    return select(grids.c.id, grids.c.stamp).where(dialect.among(grids.c.id, "ids"))


@cache
def _versions(dialect: Dialect) -> Executable:
    return dialect.locked(
        select(cases.c.id, cases.c.version)
        .where(dialect.among(cases.c.id, "ids"))
        .order_by(dialect.ordered(cases.c.id))
    )


@cache
def _update_cases() -> Executable:
    names = [name for name in (*CASE_ROWS.keys, "is_open", "stamp") if name not in _FIXED]
    return (
        update(cases)
        .where(cases.c.id == bindparam("b_id"), cases.c.version == bindparam("b_version"))
        .values({name: bindparam(name, type_=cases.c[name].type) for name in names})
    )


@cache
def _mark_cases() -> Executable:
    return update(cases).where(cases.c.id == bindparam("b_id")).values(stamp=bindparam("b_stamp"))


@cache
def _follow(dialect: Dialect) -> Executable:
    return dialect.insert(followers).on_conflict_do_nothing(index_elements=["case_id", "person"])


@cache
def _unfollow() -> Executable:
    return delete(followers).where(
        followers.c.case_id == bindparam("b_case"), followers.c.person == bindparam("b_person")
    )


@cache
def _detach() -> Executable:
    return delete(lines).where(
        lines.c.case_id == bindparam("b_case"),
        lines.c.chat == bindparam("b_chat", type_=lines.c.chat.type),
        lines.c.message == bindparam("b_message"),
    )


@cache
def _upsert(dialect: Dialect, table: Table) -> Upsert:
    insert = dialect.insert(table)
    keys = [column.name for column in _key(table)]
    names = [column.name for column in table.columns if column.name not in keys]
    return insert.on_conflict_do_update(index_elements=keys, set_=excluded(insert, names))


@cache
def _drop(table: Table) -> Executable:
    first, second = _key(table)
    return delete(table).where(
        and_(
            first == bindparam("b_first", type_=first.type),
            second == bindparam("b_second", type_=second.type),
        )
    )


@cache
def _unlearn(dialect: Dialect) -> Executable:
    return delete(examples).where(dialect.among(examples.c.case_id, "cases"))


@cache
def blank_lines(dialect: Dialect) -> Executable:
    """Blank the words of the lines bound as pairs (message, chat)."""
    return (
        update(lines)
        .where(dialect.pairs(lines.c.message, lines.c.chat, "messages"))
        .values(text="", media=())
    )
