"""One transaction, with everything that can be done in it.

The law of this file: a `Tx` lives as long as the work that it is handed to; nothing it returns needs it
afterwards. The work may be run again from its beginning (on PostgreSQL after a deadlock), so it changes
nothing but the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Connection

from storage.accounts import Accounts
from storage.answers import Answers
from storage.audit import Audit
from storage.briefs import Briefs
from storage.cache import OpenCases
from storage.call_backs import CallBacks
from storage.case_list import CaseList
from storage.case_search import CaseSearch
from storage.cases import Cases
from storage.chats import Chats
from storage.collecting import Collecting
from storage.covers import Covers
from storage.departments import Departments
from storage.desk import Desk
from storage.dialect import Dialect
from storage.examples import Examples
from storage.fast_figures import FastFigures
from storage.figures import FiguresReader
from storage.grids import Grids
from storage.held import HeldWords
from storage.inbox import Inbox
from storage.leavings import Leavings
from storage.manners import MannersOfNodes
from storage.mornings import Mornings
from storage.outbox import Outbox
from storage.own_records import PeoplesRecords
from storage.people import People
from storage.photos import Photos
from storage.report_codes import ReportCodes
from storage.report_pages import ReportPages
from storage.retention import Retention
from storage.sessions import Sessions
from storage.settings import Settings
from storage.timers import Timers
from storage.words import Words


class Tx:
    """The repositories over one connection."""

    def __init__(
        self, connection: Connection, dialect: Dialect, cache: OpenCases, readonly: bool = False
    ) -> None:
        self.connection = connection
        self.dialect = dialect
        self.readonly = readonly
        self._cache = cache
        self._dirty: set[str] = set()  # grids whose cases were changed here

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What happens inside is undone when it raises, and nothing else is."""
        with self.connection.begin_nested():
            yield

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self.connection, self.dialect)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.connection, self.dialect)

    @cached_property
    def timers(self) -> Timers:
        return Timers(self.connection, self.dialect, self.readonly)

    @cached_property
    def held(self) -> HeldWords:
        return HeldWords(self.connection, self.dialect)

    @cached_property
    def desk(self) -> Desk:
        return Desk(self.connection, self.dialect, self._cache, self._dirty, self.readonly)

    @cached_property
    def cases(self) -> Cases:
        return Cases(self.connection, self.dialect)

    @cached_property
    def call_backs(self) -> CallBacks:
        return CallBacks(self.connection, self.dialect)

    @cached_property
    def case_search(self) -> CaseSearch:
        return CaseSearch(self.connection, self.dialect, self._cache.rows, self._dirty)

    @cached_property
    def people(self) -> People:
        return People(self.connection, self.dialect)

    @cached_property
    def leavings(self) -> Leavings:
        return Leavings(self.connection, self.dialect)

    @cached_property
    def chats(self) -> Chats:
        return Chats(self.connection, self.dialect, self._dirty)

    @cached_property
    def grids(self) -> Grids:
        return Grids(self.connection, self.dialect)

    @cached_property
    def manners(self) -> MannersOfNodes:
        return MannersOfNodes(self.connection, self.dialect)

    @cached_property
    def mornings(self) -> Mornings:
        return Mornings(self.connection, self.dialect)

    @cached_property
    def own_records(self) -> PeoplesRecords:
        return PeoplesRecords(self.connection, self.dialect)

    @cached_property
    def examples(self) -> Examples:
        return Examples(self.connection)

    @cached_property
    def answers(self) -> Answers:
        return Answers(self.connection, self.dialect, self._cache.answers)

    @cached_property
    def audit(self) -> Audit:
        return Audit(self.connection)

    @cached_property
    def figures(self) -> FiguresReader:
        return FiguresReader(self.connection)

    @cached_property
    def case_figures(self) -> FastFigures:
        return FastFigures(self.connection, self.dialect, self._cache.figures, self._dirty)

    @cached_property
    def collecting(self) -> Collecting:
        return Collecting(self.connection, self.dialect)

    @cached_property
    def briefs(self) -> Briefs:
        return Briefs(self.connection, self.dialect)

    @cached_property
    def case_list(self) -> CaseList:
        return CaseList(self.connection)

    @cached_property
    def words(self) -> Words:
        return Words(self.connection, self.dialect)

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self.connection)

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(self.connection, self.dialect)

    @cached_property
    def report_codes(self) -> ReportCodes:
        return ReportCodes(self.connection, self.dialect)

    @cached_property
    def report_pages(self) -> ReportPages:
        return ReportPages(self.connection, self.dialect)

    @cached_property
    def photos(self) -> Photos:
        return Photos(self.connection, self.dialect)

    @cached_property
    def retention(self) -> Retention:
        return Retention(self.connection)

    @cached_property
    def covers(self) -> Covers:
        return Covers(self.connection, self.dialect)

    @cached_property
    def departments(self) -> Departments:
        return Departments(self.connection, self.dialect)

    @cached_property
    def settings(self) -> Settings:
        return Settings(self.connection, self.dialect)
