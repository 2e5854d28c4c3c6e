"""Jobs over SQLite: one writer thread with grouped commits, a few reader threads.

The law of this file: the connection opens its transactions itself, with BEGIN IMMEDIATE and
`isolation_level=None`; left to the driver, a savepoint that was released outlives the rollback of the
transaction around it. The writer takes what waits, runs each job in a savepoint, and commits once, so
that a job that fails spoils nobody else's. Without a file there is one connection, and the writer also
reads: that is the in-memory store.
"""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import URL, Connection, create_engine, event
from sqlalchemy.engine import Engine as SqlEngine
from sqlalchemy.pool import NullPool, StaticPool

from storage.cache import OpenCases
from storage.dialect import SQLITE
from storage.jobs import Job, Line
from storage.schema import metadata
from storage.tx import Tx

BUSY_SECONDS: Final = 10
"""How long a write waits for another process, such as the command line."""
_WAL_SECONDS: Final = 0.02
_GROUP: Final = 64  # jobs in one commit at most

_PRAGMAS: Final = (
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-32000",
)


def sqlite_engine(url: URL, *, readonly: bool = False) -> SqlEngine:
    """A SQLAlchemy engine set up as the law says. A file's directory must exist."""
    engine = create_engine(
        url,
        poolclass=StaticPool if in_memory(url) else NullPool,
        hide_parameters=True,  # what is bound may be personal or secret, and errors are logged
        connect_args={
            "isolation_level": None,
            "check_same_thread": False,
            "timeout": BUSY_SECONDS,
            "cached_statements": 512,
        },
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        _set_wal(connection)
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        if in_memory(url):
            _empty().backup(connection)
        if readonly:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")

    return engine


def _set_wal(connection: Any) -> None:
    """Turn the write-ahead log on. Where two processes do that to a new file at once, SQLite refuses
    one of them without waiting, so the waiting is done here."""
    last = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > last:
                raise
        time.sleep(_WAL_SECONDS)


@cache
def _empty() -> sqlite3.Connection:
    """A database with our tables and nothing in them: made once a process, and copied for each that lives
    in memory, which takes a fiftieth of the time."""
    made = sqlite3.connect(":memory:", check_same_thread=False)
    engine = create_engine("sqlite://", creator=lambda: made, poolclass=StaticPool)
    metadata.create_all(engine)
    return made


def in_memory(url: URL) -> bool:
    """Whether the database lives only as long as its connection."""
    return not url.database or url.database == ":memory:"


class SqliteEngine:
    """Runs jobs; see the law above."""

    def __init__(self, url: URL, cache: OpenCases, readers: int) -> None:
        self._cache = cache
        self._engine = sqlite_engine(url)
        self._readers = None if in_memory(url) else sqlite_engine(url, readonly=True)
        self._writing = Line("huying-writer", 1, self._serve_writes)
        self._reading = (
            Line("huying-reader", readers, self._serve_reads) if self._readers else self._writing
        )

    def write(self, job: Job) -> None:
        self._writing.put(job)

    def read(self, job: Job) -> None:
        self._reading.put(job)

    def close(self) -> None:
        self._reading.close()
        self._writing.close()
        if self._readers:
            self._readers.dispose()
        self._engine.dispose()

    def _serve_reads(self, line: Line) -> None:
        assert self._readers is not None
        with self._readers.connect() as connection:
            while jobs := line.take():
                for job in jobs:
                    self._read(connection, job)

    def _read(self, connection: Connection, job: Job) -> None:
        if not job.begins():
            return
        try:
            with connection.begin():
                result = job.work(Tx(connection, SQLITE, self._cache, readonly=True))
        except BaseException as error:
            job.future.set_exception(error)
        else:
            job.future.set_result(result)

    def _serve_writes(self, line: Line) -> None:
        with self._engine.connect() as connection:
            while group := line.take(_GROUP):
                self._commit(connection, group)
            if self._readers:
                _erase_log(connection)

    def _commit(self, connection: Connection, group: list[Job]) -> None:
        """Run a group in one transaction, and only then say how it went."""
        jobs = [job for job in group if job.begins()]
        if not jobs:
            return
        try:
            with connection.begin():
                results = self._run(connection, jobs)
        except BaseException as error:
            self._cache.clear()
            for job in jobs:
                job.future.set_exception(error)
            return
        for job, result in zip(jobs, results, strict=True):
            if isinstance(result, _Failed):
                job.future.set_exception(result.error)
            else:
                job.future.set_result(result)

    def _run(self, connection: Connection, jobs: list[Job]) -> list[Any]:
        if len(jobs) == 1:
            return [jobs[0].work(Tx(connection, SQLITE, self._cache))]
        return [self._try(connection, job) for job in jobs]

    def _try(self, connection: Connection, job: Job) -> Any:
        """Run one job of a group in a savepoint. Where SQLite gave up the whole transaction (disk
        full), so must we."""
        try:
            with connection.begin_nested():
                return job.work(Tx(connection, SQLITE, self._cache))
        except Exception as error:
            if not _in_transaction(connection):
                raise
            return _Failed(error)


@dataclass(frozen=True, slots=True)
class _Failed:
    """What a job of a group raised; its savepoint is rolled back, its neighbours go on."""

    error: Exception


def _erase_log(connection: Connection) -> None:
    """Empty the write-ahead log, where older states of blanked rows may still stand."""
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _in_transaction(connection: Connection) -> bool:
    driver: Any = connection.connection.driver_connection
    return bool(driver.in_transaction)
