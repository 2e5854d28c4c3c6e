"""A piece of work on its way to a thread, and the thread that does such work.

The law of this file: a job's future is settled only when what it did is committed; a job that was given
up before it began is never run; whoever hands in work after the end is told so.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol

from storage.tx import Tx

Work = Callable[[Tx], Any]


class StoreClosed(RuntimeError):
    """The store is closed and takes no more work; open it again."""


class Job:
    """One work and the future of its result. `alone`: in a transaction of its own."""

    __slots__ = ("alone", "future", "work")

    def __init__(self, work: Work, alone: bool = False) -> None:
        self.work = work
        self.alone = alone
        self.future: Future[Any] = Future()

    def begins(self) -> bool:
        """False where nobody waits for it any more."""
        return self.future.set_running_or_notify_cancel()


class Engine(Protocol):
    """What runs jobs over one database."""

    def write(self, job: Job) -> None:
        """Run a job that may change something."""

    def read(self, job: Job) -> None:
        """Run a job that changes nothing, over one consistent state."""

    def close(self) -> None:
        """Finish what was handed in, then let go of the database."""


class Line:
    """A queue of jobs with `threads` threads, each running `serve` until the line is closed."""

    def __init__(self, name: str, threads: int, serve: Callable[[Line], None]) -> None:
        self._jobs: deque[Job] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._threads = [
            threading.Thread(target=serve, args=(self,), name=f"{name}-{number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def put(self, job: Job) -> None:
        """Hand in a job. Raises StoreClosed."""
        with self._changed:
            if self._closed:
                raise StoreClosed("the store is closed; open it again")
            self._jobs.append(job)
            self._changed.notify()

    def take(self, most: int = 1) -> list[Job]:
        """Up to `most` jobs that wait, at least one, waited for; one that wants to be alone comes
        alone. Empty when the line is closed and everything is done."""
        with self._changed:
            while not self._jobs and not self._closed:
                self._changed.wait()
            taken: list[Job] = []
            while self._jobs and len(taken) < most:
                if self._jobs[0].alone and taken:
                    break
                taken.append(self._jobs.popleft())
                if taken[-1].alone:
                    break
            return taken

    def close(self) -> None:
        """Let the threads finish what waits, and wait for them."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()
