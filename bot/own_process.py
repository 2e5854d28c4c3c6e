"""Long work in a process of its own, so that the server goes on answering people.

The law of this file: what is worked out there is the same as here; the process has so much time and so much
memory, and ends with its work, or with the server. A thread does not do: reading thousands of lines holds
Python's lock.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Final, TypeVar

T = TypeVar("T")

LONGEST: Final = 600.0
"""Seconds; comparing takes half a minute, and more where others are busy."""
MOST_BYTES: Final = 3 << 30
_ONE_CORE: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")


class Overran(OSError):
    """The work took too long, or its process ended without a word."""


def in_own_process(work: Callable[..., T], *given: Any, longest: float = LONGEST) -> T:
    """What `work` makes of `given`; what it raises is raised here. Call it on a thread. Raises Overran."""
    context = get_context("spawn")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(there, work, given), daemon=True)
    child.start()
    there.close()
    try:
        if not here.poll(longest):
            raise Overran(f"it took longer than {longest:.0f} seconds and was ended")
        came, value = here.recv()
    except EOFError:
        raise Overran("its process ended without an answer") from None
    finally:
        child.kill()
        child.join()
        here.close()
    if not came:
        raise value
    result: T = value
    return result


def _child(there: Connection, work: Callable[..., Any], given: tuple[Any, ...]) -> None:
    os.environ.update(dict.fromkeys(_ONE_CORE, "1"))
    if hasattr(os, "nice"):
        os.nice(5)  # whoever waits for a page comes first
    _bound()
    try:
        answer = True, work(*given)
    except Exception as error:
        answer = False, error
    with suppress(OSError):  # nobody waits any more
        there.send(answer)


def _bound() -> None:
    """So much memory and no more, where the system can say so."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
