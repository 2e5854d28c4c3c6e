"""The progress pages of reports, and what is to be read on one.

The law of this file: a page is found by its token alone, of which only the hash is kept; it leads to the
cases of its own lines and to what these were merged into, and to nothing else. The number of queries does
not depend on how much there is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, select, update

from intake.cases import Case, CaseId, Entry, Line
from intake.grids import ChatRef, Purpose
from intake.templates import Template
from storage.case_tables import cases, entries, lines
from storage.desk_load_sql import LINE_ROWS
from storage.desk_save import ENTRY_ROWS
from storage.dialect import Dialect
from storage.flow_tables import lanes, outbox
from storage.open_cases import CASE_ROWS
from storage.people import token_hash
from storage.photos import Counted, Photos
from storage.report_tables import report_pages
from storage.rows import Rows
from storage.tables import chats

KEPT: Final = timedelta(days=365)
"""How long a progress link leads somewhere."""
_SWEEP: Final = 5_000
_ALARMS: Final = (Template.ALARM.value, Template.ALARM_PRIVATE.value)


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A report: its private talk, who speaks there, and the messages written so far. `id` is the hash of
    its token."""

    id: str
    chat: ChatRef
    grid: str
    sender: str
    messages: tuple[str, ...]
    made_at: datetime


@dataclass(frozen=True)
class Progress:
    """What a progress page shows. `waiting`: something written there is not decided yet. `mains` are the
    cases that stand for merged ones; `groups` are those of their chats that are residents' groups; `alarms`
    is what was said about danger, oldest first; `photos` counts those of each case; `work`
    names those of whoever works on it."""

    page: ReportPage
    waiting: bool
    lines: Sequence[Line]
    cases: Sequence[Case]
    mains: Mapping[CaseId, Case]
    entries: Mapping[CaseId, Sequence[Entry]]
    groups: frozenset[ChatRef]
    alarms: Sequence[str]
    photos: Mapping[CaseId, Sequence[Counted]]
    work: Mapping[CaseId, Sequence[str]]


_ROWS = Rows(report_pages, ReportPage, id="token_hash")


class ReportPages:
    """The progress pages within one transaction."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect

    def add(self, page: ReportPage) -> bool:
        """A new page; False if its token is known already, and then nothing changes."""
        insert = self._dialect.insert(report_pages).on_conflict_do_nothing(
            index_elements=["token_hash"]
        )
        added = self._connection.execute(
            insert.returning(report_pages.c.token_hash), _ROWS.values(page)
        )
        return bool(added.all())

    def find(self, token: str, *, lock: bool = False) -> ReportPage | None:
        """The page of a token; with `lock`, nobody else adds to it until commit."""
        query = select(*_ROWS.columns).where(report_pages.c.token_hash == token_hash(token))
        query = self._dialect.locked(query) if lock else query
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _ROWS.of(row)

    def said(self, page: ReportPage, message: str) -> None:
        """One more message was written on a page that is locked."""
        self._connection.execute(
            update(report_pages)
            .where(report_pages.c.token_hash == page.id)
            .values(messages=(*page.messages, message))
        )

    def case_ids(self, page: ReportPage) -> list[CaseId]:
        """The cases that the page's own lines belong to."""
        return sorted({line.case for line in self._lines(page)})

    def progress(self, token: str) -> Progress | None:
        """Everything that the page of a token shows; None where there is none."""
        page = self.find(token)
        if page is None:
            return None
        own = self._lines(page)
        found = self._cases(line.case for line in own)
        mains = self._cases(case.merged_into for case in found if case.merged_into)
        shown = {case.id: case for case in (*found, *mains)}
        return Progress(
            page,
            self._waiting(page),
            own,
            sorted(found, key=lambda case: case.opened_at, reverse=True),
            {case.id: case for case in mains},
            self._entries(shown),
            self._groups(case.chat for case in shown.values()),
            self._alarms(page),
            Photos(self._connection, self._dialect).counted(shown),
            Photos(self._connection, self._dialect).of_work(shown),
        )

    def forget(self, now: datetime) -> int:
        """Drop pages after a year; how many, a few thousand at a time."""
        old = (
            select(report_pages.c.token_hash)
            .where(report_pages.c.made_at < now - KEPT)
            .limit(_SWEEP)
        )
        done = self._connection.execute(
            delete(report_pages).where(report_pages.c.token_hash.in_(old))
        )
        return done.rowcount

    def _lines(self, page: ReportPage) -> list[Line]:
        query = (
            select(*LINE_ROWS.columns)
            .where(self._dialect.pairs(lines.c.message, lines.c.chat, "messages"))
            .order_by(lines.c.at, lines.c.message, lines.c.case_id)
        )
        pairs = self._dialect.listed_pairs((m, str(page.chat)) for m in page.messages)
        return LINE_ROWS.many(self._connection.execute(query, {"messages": pairs}))

    def _cases(self, ids: Iterable[CaseId]) -> list[Case]:
        wanted = sorted(set(ids))
        if not wanted:
            return []
        query = select(*CASE_ROWS.columns).where(self._dialect.among(cases.c.id, "ids"))
        found = self._connection.execute(query, {"ids": self._dialect.listed(wanted)})
        return CASE_ROWS.many(found)

    def _entries(self, ids: Iterable[CaseId]) -> dict[CaseId, list[Entry]]:
        query = (
            select(*ENTRY_ROWS.columns)
            .where(self._dialect.among(entries.c.case_id, "ids"))
            .order_by(entries.c.case_id, entries.c.seq)
        )
        wanted = {"ids": self._dialect.listed(sorted(ids))}
        found: defaultdict[CaseId, list[Entry]] = defaultdict(list)
        for entry in ENTRY_ROWS.many(self._connection.execute(query, wanted)):
            found[entry.case].append(entry)
        return dict(found)

    def _groups(self, refs: Iterable[ChatRef]) -> frozenset[ChatRef]:
        query = select(chats.c.chat).where(
            self._dialect.among(chats.c.chat, "chats"), chats.c.purpose == Purpose.RESIDENTS
        )
        listed = self._dialect.listed(sorted({str(ref) for ref in refs}))
        return frozenset(self._connection.scalars(query, {"chats": listed}))

    def _alarms(self, page: ReportPage) -> list[str]:
        query = (
            select(outbox.c.text)
            .where(outbox.c.chat == page.chat, outbox.c.template.in_(_ALARMS))
            .order_by(outbox.c.id)
        )
        return list(self._connection.scalars(query))

    def _waiting(self, page: ReportPage) -> bool:
        query = select(lanes.c.since).where(lanes.c.lane == str(page.chat))
        return self._connection.scalar(query) is not None
