"""The door to the database: works go in, results come out after the commit.

The law of this file: all SQL runs on the store's own threads; callers hand in functions of a `Tx`. One
URL decides the engine: `sqlite:///FILE`, `sqlite://` (in memory: the stand-in that ships with the
product, the same code over one connection), `postgresql+psycopg://…`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import Any, TypeVar

from sqlalchemy import URL, make_url

from storage.cache import OpenCases
from storage.dialect import dialect_of
from storage.grouping import Grouper
from storage.jobs import Engine, Job, StoreClosed
from storage.postgres_engine import PostgresEngine
from storage.records import Arrival
from storage.sqlite_engine import SqliteEngine
from storage.tx import Tx

T = TypeVar("T")

__all__ = ["Store", "StoreClosed", "Tx"]


class Store:
    """An open database. `owner` names this process in leases: the same after a restart of a single
    server, different for every process that runs beside others. Belongs to one event loop at a time;
    the `_now` methods may be called from any thread."""

    def __init__(self, url: URL, owner: str, engine: Engine) -> None:
        self.url = url
        self.owner = owner
        self.dialect = dialect_of(url.get_backend_name())
        self._engine = engine
        self._appends: Grouper[Arrival, bool] = Grouper(self._append_all)

    @staticmethod
    def open(url: str | URL, owner: str, *, workers: int = 4, readers: int = 2) -> Store:
        """Open a database whose schema is there (`storage.migrate`); in memory it is made here.

        `workers`: threads that write to PostgreSQL (SQLite always has one); `readers`: threads that
        read. Raises ValueError for a database that is not supported.
        """
        where = make_url(url)
        dialect = dialect_of(where.get_backend_name())
        if dialect.name == "postgresql":
            return Store(where, owner, PostgresEngine(where, OpenCases(), workers, readers))
        return Store(where, owner, SqliteEngine(where, OpenCases(), readers))

    async def write(self, work: Callable[[Tx], T], *, alone: bool = False) -> T:
        """Run `work` in a transaction and return its result once that is committed. What it raises
        is raised here, and nothing of it is saved. `alone`: share the commit with nobody."""
        return await asyncio.wrap_future(self._submit(work, alone))

    async def read(self, work: Callable[[Tx], T]) -> T:
        """Run `work`, which changes nothing, over one consistent state."""
        job = Job(work)
        self._engine.read(job)
        result: T = await asyncio.wrap_future(job.future)
        return result

    def write_now(self, work: Callable[[Tx], T], *, alone: bool = False) -> T:
        """`write` for callers without an event loop."""
        return self._submit(work, alone).result()

    def read_now(self, work: Callable[[Tx], T]) -> T:
        """`read` for callers without an event loop."""
        job = Job(work)
        self._engine.read(job)
        result: T = job.future.result()
        return result

    async def append(self, arrivals: list[Arrival]) -> list[bool]:
        """`tx.inbox.append` for doors: arrivals of many callers share a commit. Durable on return."""
        return await self._appends.put(arrivals)

    def listen(self, heard: Callable[[], None]) -> None:
        """Call `heard`, on another thread, when another process brings work. A hint only, and only
        PostgreSQL gives it; elsewhere this does nothing."""
        if isinstance(self._engine, PostgresEngine):
            self._engine.listen(heard)

    def close(self) -> None:
        """Finish the works that were handed in, then close."""
        self._engine.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _submit(self, work: Callable[[Tx], T], alone: bool) -> Future[T]:
        job = Job(work, alone)
        self._engine.write(job)
        future: Future[Any] = job.future
        return future

    async def _append_all(self, arrivals: list[Arrival]) -> list[bool]:
        return await self.write(lambda tx: tx.inbox.append(arrivals))
