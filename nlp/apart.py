"""Long work in two processes, where the machine has two cores and the work is worth it.

The law of this file: what comes out does not depend on where it was worked out. Threads do not do: the
support vector machines draw from one row of chance numbers, which threads would share.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

Say = Callable[[str], None]
Job = Callable[[Say], Any]

MOST = 2


def apart(jobs: Sequence[Job], say: Say, worth: bool) -> list[Any]:
    """The results of `jobs` in order, the longest of which comes first. Where it is not `worth` a process of
    its own, or the machine has one core, one after another. `say` hears what each had to tell."""
    if not worth or (os.cpu_count() or 1) < MOST:
        return [job(say) for job in jobs]
    from joblib import Parallel, delayed

    # Handed over whole: a table mapped from a file could not be written to.
    pool = Parallel(n_jobs=MOST, max_nbytes=None)
    found = []
    for result, lines in pool(delayed(_told)(job) for job in jobs):
        found.append(result)
        for line in lines:
            say(line)
    return found


def _told(job: Job) -> tuple[Any, list[str]]:
    """A job's result, and what it had to tell."""
    lines: list[str] = []
    return job(lines.append), lines
