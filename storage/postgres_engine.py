"""Jobs over PostgreSQL: a few worker threads, each job its own transaction.

The law of this file: a job that was rolled back because it met another (serialization failure,
deadlock) or because its connection died before the commit is run again, a bounded number of times; one
whose commit may have happened is not. Hints to other processes go out after the commit.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import psycopg
from sqlalchemy import URL, Connection, create_engine, text
from sqlalchemy.engine import Engine as SqlEngine
from sqlalchemy.exc import DBAPIError

from storage.cache import OpenCases
from storage.dialect import POSTGRES, WAKE
from storage.jobs import Job, Line
from storage.tx import Tx

_TRIES: Final = 6
_PAUSE_SECONDS: Final = 0.01  # before the second try; doubled, with jitter, before each further one
_HINT_SECONDS: Final = 0.05  # hints closer together than this are left out: polling is the truth
_LISTEN_SECONDS: Final = 0.5  # how long the listener may need to notice that it should stop


def postgres_engine(url: URL, connections: int) -> SqlEngine:
    """A SQLAlchemy engine with a pool of at most `connections`."""
    return create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,  # what is bound may be personal or secret, and errors are logged
        connect_args={"application_name": "huying"},
    )


class PostgresEngine:
    """Runs jobs; see the law above."""

    def __init__(self, url: URL, cache: OpenCases, workers: int, readers: int) -> None:
        self._cache = cache
        self._url = url
        self._engine = postgres_engine(url, workers + readers)
        self._read_engine = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._hinted = 0.0
        self._writing = Line("huying-writer", workers, self._serve_writes)
        self._reading = Line("huying-reader", readers, self._serve_reads)
        self._stop = threading.Event()
        self._listener: threading.Thread | None = None

    def write(self, job: Job) -> None:
        self._writing.put(job)

    def read(self, job: Job) -> None:
        self._reading.put(job)

    def listen(self, heard: Callable[[], None]) -> None:
        """Call `heard`, on a thread of its own, whenever another process brings work."""
        self._listener = threading.Thread(
            target=self._listen, args=(heard,), name="huying-listener", daemon=True
        )
        self._listener.start()

    def close(self) -> None:
        self._stop.set()
        self._reading.close()
        self._writing.close()
        if self._listener:
            self._listener.join()
        self._engine.dispose()

    def _serve_writes(self, line: Line) -> None:
        while jobs := line.take():
            for job in jobs:
                self._settle(job, self._write)

    def _serve_reads(self, line: Line) -> None:
        while jobs := line.take():
            for job in jobs:
                self._settle(job, self._read)

    def _settle(self, job: Job, run: Callable[[Job], Any]) -> None:
        if not job.begins():
            return
        try:
            result = run(job)
        except BaseException as error:
            job.future.set_exception(error)
        else:
            job.future.set_result(result)

    def _write(self, job: Job) -> Any:
        for attempt in range(_TRIES):
            if attempt:
                time.sleep(_PAUSE_SECONDS * 2 ** (attempt - 1) * random.uniform(0.5, 1.5))
            with self._engine.connect() as connection:
                done, result = self._once(connection, job, attempt == _TRIES - 1)
                if done:
                    self._hint(connection)
                    return result
        raise AssertionError("the last try returns or raises")

    def _once(self, connection: Connection, job: Job, last: bool) -> tuple[bool, Any]:
        """One try: (True, result) when committed, (False, None) when it should be tried again."""
        committing = False
        transaction = connection.begin()
        try:
            result = job.work(Tx(connection, POSTGRES, self._cache))
            committing = True
            transaction.commit()
        except BaseException as error:
            connection.info.pop(WAKE, None)
            with suppress(DBAPIError):
                transaction.rollback()
            if last or not _again(error, committing):
                raise
            return False, None
        return True, result

    def _read(self, job: Job) -> Any:
        with self._read_engine.connect() as connection, connection.begin():
            return job.work(Tx(connection, POSTGRES, self._cache, readonly=True))

    def _hint(self, connection: Connection) -> None:
        if not connection.info.pop(WAKE, False):
            return
        now = time.monotonic()
        if now - self._hinted < _HINT_SECONDS:
            return
        self._hinted = now
        with suppress(DBAPIError), connection.begin():
            connection.execute(text(f"NOTIFY {WAKE}"))

    def _listen(self, heard: Callable[[], None]) -> None:
        address = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        while not self._stop.is_set():
            with suppress(psycopg.Error), psycopg.connect(address, autocommit=True) as connection:
                connection.execute(f"LISTEN {WAKE}")
                while not self._stop.is_set():
                    for _ in connection.notifies(timeout=_LISTEN_SECONDS, stop_after=1):
                        heard()
            self._stop.wait(_LISTEN_SECONDS)


def _again(error: BaseException, committing: bool) -> bool:
    """Whether the job may be run again; a connection lost while committing leaves that open."""
    if not isinstance(error, DBAPIError):
        return False
    return POSTGRES.passing(error) and not (committing and error.connection_invalidated)
