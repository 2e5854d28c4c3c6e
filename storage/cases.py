"""Reading cases for pages and command lines.

The law of this file: only reading, and forgetting what has had its time; every change of a case goes
through `desk.save`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    func,
    or_,
    select,
    text,
    tuple_,
    type_coerce,
    update,
)

from intake.cases import Case, CaseId, Entry, Follower, Line
from intake.grids import MessageRef
from intake.lifecycle import Action, CaseKind, State
from intake.people import PersonId
from intake.sight import Sight
from intake.taxonomy import Visibility
from storage.case_tables import cases, entries, lines
from storage.desk_load_sql import LINE_ROWS
from storage.desk_save import ENTRY_ROWS, blank_lines
from storage.dialect import Dialect
from storage.open_cases import CASE_ROWS, followers_of

KEEP_WORDS: Final = timedelta(days=90)
"""How long the words of chat lines are kept."""
_SWEEP: Final = 5_000


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases; None means any. A department is lead or joint. `sight`: only what somebody may see.
    `before` is (opened_at, id) of the last case of the page before; `since`: opened then or later;
    `returned`: only what was handed back."""

    grids: Sequence[str] | None = None
    departments: Sequence[str] | None = None
    states: Sequence[State] | None = None
    kind: CaseKind | None = None
    reporter: PersonId | None = None
    open_only: bool = False
    sight: Sight | None = None
    before: tuple[datetime, CaseId] | None = None
    since: datetime | None = None
    returned: bool = False


class Cases:
    """The cases within one transaction."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect

    def get(self, id: CaseId) -> Case | None:
        """One case."""
        return self.many([id]).get(id)

    def many(self, ids: Iterable[CaseId]) -> dict[CaseId, Case]:
        """Those of `ids` that exist."""
        rows = self._connection.execute(
            select(*CASE_ROWS.columns).where(self._dialect.among(cases.c.id, "ids")),
            {"ids": self._dialect.listed(sorted(set(ids)))},
        )
        return {case.id: case for case in CASE_ROWS.many(rows)}

    def versions(self, ids: Iterable[CaseId]) -> dict[CaseId, int]:
        """How often each of some cases was saved."""
        rows = self._connection.execute(
            select(cases.c.id, cases.c.version).where(self._dialect.among(cases.c.id, "ids")),
            {"ids": self._dialect.listed(sorted(set(ids)))},
        )
        return {row.id: row.version for row in rows}

    def page(self, wanted: CaseFilter, limit: int = 50) -> list[Case]:
        """The cases that meet a filter, newest first."""
        query = (
            select(*CASE_ROWS.columns)
            .where(*conditions(wanted))
            .order_by(cases.c.opened_at.desc(), cases.c.id.desc())
            .limit(limit)
        )
        return CASE_ROWS.many(self._connection.execute(query))

    def urgent(self, wanted: CaseFilter, limit: int = 50) -> list[Case]:
        """The cases that meet a filter, most urgent and then oldest first."""
        query = (
            select(*CASE_ROWS.columns)
            .where(*conditions(wanted))
            .order_by(cases.c.level, cases.c.opened_at, cases.c.id)
            .limit(limit)
        )
        return CASE_ROWS.many(self._connection.execute(query))

    def count(self, wanted: CaseFilter) -> int:
        """How many cases meet a filter."""
        query = select(func.count()).select_from(cases).where(*conditions(wanted))
        return self._connection.scalar(query) or 0

    def items_of_open(self) -> dict[str, int]:
        """How many open cases there are of each item."""
        query = (
            select(cases.c.item, func.count())
            .where(text("cases.is_open"), cases.c.item.is_not(None))
            .group_by(cases.c.item)
        )
        return {row.item: row[1] for row in self._connection.execute(query)}

    def in_hand(self, person: PersonId) -> list[CaseId]:
        """The open cases that somebody has in hand."""
        query = select(cases.c.id).where(text("cases.is_open"), cases.c.taken_by == person)
        return list(self._connection.scalars(query))

    def alarming(self, some: Iterable[str]) -> list[CaseId]:
        """The dangers in these grids that nobody has in hand."""
        query = select(cases.c.id).where(
            text("cases.is_open"),
            cases.c.grid.in_(sorted(set(some))),
            cases.c.emergency.is_not(None),
            cases.c.taken_by.is_(None),
        )
        return list(self._connection.scalars(query))

    def merged_into(self, id: CaseId) -> list[CaseId]:
        """The cases that were merged into this one, by id."""
        query = select(cases.c.id).where(cases.c.merged_into == id).order_by(cases.c.id)
        return list(self._connection.scalars(query))

    def behind(self, ids: Iterable[CaseId]) -> list[CaseId]:
        """The cases that were merged into any of these, by id."""
        wanted = sorted(set(ids))
        if not wanted:
            return []
        query = (
            select(cases.c.id)
            .where(self._dialect.among(cases.c.merged_into, "ids"))
            .order_by(cases.c.id)
        )
        bound = {"ids": self._dialect.listed(wanted)}
        return list(self._connection.scalars(query, bound))

    def entries(self, id: CaseId) -> list[Entry]:
        """The timeline of a case."""
        query = select(*ENTRY_ROWS.columns).where(entries.c.case_id == id).order_by(entries.c.seq)
        return ENTRY_ROWS.many(self._connection.execute(query))

    def last_of(self, ids: Iterable[CaseId], action: Action) -> dict[CaseId, Entry]:
        """The last step of this kind of each of some cases, where there is one."""
        wanted = sorted(set(ids))
        if not wanted:
            return {}
        query = (
            select(*ENTRY_ROWS.columns)
            .where(self._dialect.among(entries.c.case_id, "ids"), entries.c.action == action)
            .order_by(entries.c.case_id, entries.c.seq)
        )
        found = self._connection.execute(query, {"ids": self._dialect.listed(wanted)})
        return {entry.case: entry for entry in ENTRY_ROWS.many(found)}

    def lines(self, id: CaseId) -> list[Line]:
        """The chat lines of a case, in order of time."""
        query = (
            select(*LINE_ROWS.columns)
            .where(lines.c.case_id == id)
            .order_by(lines.c.at, lines.c.chat, lines.c.message)
        )
        return LINE_ROWS.many(self._connection.execute(query))

    def of_message(self, ref: MessageRef) -> list[Line]:
        """What a message is in cases, in order of their ids."""
        query = (
            select(*LINE_ROWS.columns)
            .where(lines.c.message == ref.message, lines.c.chat == ref.chat)
            .order_by(lines.c.case_id)
        )
        return LINE_ROWS.many(self._connection.execute(query))

    def lines_of(self, ids: Iterable[CaseId]) -> list[Line]:
        """The chat lines of several cases, in order of time."""
        wanted = sorted(set(ids))
        if not wanted:
            return []
        query = (
            select(*LINE_ROWS.columns)
            .where(self._dialect.among(lines.c.case_id, "ids"))
            .order_by(lines.c.at, lines.c.chat, lines.c.message, lines.c.case_id)
        )
        found = self._connection.execute(query, {"ids": self._dialect.listed(wanted)})
        return LINE_ROWS.many(found)

    def followers(self, id: CaseId) -> tuple[Follower, ...]:
        """Who follows a case, by person."""
        return followers_of(self._connection, self._dialect, [id]).get(id, ())

    def unsay(self, messages: Iterable[MessageRef]) -> int:
        """Blank the words of chat lines that their senders withdrew; returns how many."""
        pairs = [(ref.message, str(ref.chat)) for ref in messages]
        if not pairs:
            return 0
        done = self._connection.execute(
            blank_lines(self._dialect),
            {"messages": self._dialect.listed_pairs(pairs)},
        )
        return done.rowcount

    def forget(self, now: datetime) -> int:
        """Blank the words of chat lines after 90 days, and let go of their photos; returns how many, a few
        thousand at a time. What a case is about stays in the case."""
        old = (
            select(lines.c.case_id, lines.c.chat, lines.c.message)
            .where(
                lines.c.at < now - KEEP_WORDS,
                or_(lines.c.text.is_not(None), lines.c.media.is_not(None)),
            )
            .limit(_SWEEP)
        )
        key = tuple_(lines.c.case_id, lines.c.chat, lines.c.message)
        done = self._connection.execute(update(lines).where(key.in_(old)).values(text="", media=()))
        return done.rowcount


def conditions(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    """A filter as conditions on the table of cases."""
    found: list[ColumnElement[bool]] = []
    if wanted.grids is not None:
        found.append(cases.c.grid.in_(wanted.grids))
    if wanted.departments is not None:
        found.append(of_departments(wanted.departments))
    if wanted.states is not None:
        found.append(cases.c.state.in_(wanted.states))
    if wanted.kind is not None:
        found.append(cases.c.kind == wanted.kind)
    if wanted.reporter is not None:
        found.append(cases.c.reporter == wanted.reporter)
    if wanted.returned:
        found.append(cases.c.returns > 0)
    if wanted.open_only:
        found.append(cases.c.is_open.is_(True))
    if wanted.sight is not None:
        found.append(seen(wanted.sight))
    if wanted.since is not None:
        found.append(cases.c.opened_at >= wanted.since)
    if wanted.before is not None:
        opened_at, id = wanted.before
        earlier = cases.c.opened_at < opened_at
        found.append(or_(earlier, (cases.c.opened_at == opened_at) & (cases.c.id < id)))
    return found


def seen(sight: Sight) -> ColumnElement[bool]:
    """What `Sight.sees` says of a case, as a condition."""
    private = cases.c.visibility == Visibility.PRIVATE
    ways: list[ColumnElement[bool]] = [
        cases.c.taken_by.in_(sorted(sight.hands)),
        ~private & cases.c.grid.in_(sorted(sight.grids)),
        private & cases.c.grid.in_(sorted(sight.private_grids)),
    ]
    if sight.departments:
        ways.append(of_departments(sorted(sight.departments)))
    return or_(*ways)


def of_departments(codes: Sequence[str]) -> ColumnElement[bool]:
    """Cases that one of these leads or helps with, as a condition."""
    joint = [type_coerce(cases.c.co, Text).contains(f'"{code}"', autoescape=True) for code in codes]
    return or_(cases.c.lead.in_(codes), *joint)
