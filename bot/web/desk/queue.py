"""What waits for somebody's look, as the database has it.

The law of this file: only what this person may see and may decide, most urgent and oldest first, by the same
number of queries whatever waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.web.desk.guard import AtDesk
from bot.web.desk.menu import WAITING
from intake.cases import Case, CaseId
from intake.grids import Grid
from intake.lifecycle import State
from intake.people import Right
from storage.case_search import Wanted
from storage.cases import CaseFilter
from storage.tx import Tx

MOST: Final = 60
"""Cases that are looked at together, so that what is alike is found."""
SHOWN: Final = 20
"""Cards and piles of a page. Whoever decides them gets the next."""


@dataclass(frozen=True, slots=True)
class Queue:
    """The first cases that wait, and how many there are; `done` are those just decided, `position` where
    this stands among all saves."""

    cases: tuple[Case, ...]
    total: int
    grids: dict[str, Grid]
    position: int
    done: tuple[Case, ...] = ()


def load_queue(tx: Tx, here: AtDesk, done: Sequence[CaseId]) -> Queue:
    """The queue of whoever is at the desk."""
    wanted, search = waiting(here), tx.case_search
    found, total = list[Case](), 0
    for one in wanted:
        found += search.oldest(one, MOST)
        total += search.count(one)  # while it is known which are wanted
    found.sort(key=lambda case: (case.level, case.opened_at, case.id))
    known = tx.cases.many(done) if done else {}
    visible = (known[id] for id in done if id in known and here.sight.sees(known[id]))
    grids = {grid.id: grid for grid in here.grids}
    return Queue(tuple(found[:MOST]), total, grids, search.position, tuple(visible))


def waiting(here: AtDesk) -> list[Wanted]:
    """What waits for this person."""
    return [_waiting(here, right, state) for right, state in WAITING]


def _waiting(here: AtDesk, right: Right, state: State) -> Wanted:
    reached = [grid.id for grid in here.grids if here.person.may(right, grid.path)]
    return Wanted(CaseFilter(grids=reached, states=[state], open_only=True, sight=here.sight))
