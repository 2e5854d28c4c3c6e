"""What waits for somebody's look, as the database has it.

The law of this file: only what this person may see and may decide, most urgent and oldest first, by the same
number of queries whatever waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.web.desk.guard import AtDesk
from intake.cases import Case, CaseId
from intake.grids import Grid
from intake.lifecycle import State
from intake.people import Right
from storage.cases import CaseFilter
from storage.tx import Tx

MOST: Final = 60
"""Cards of a page. Whoever decides them gets the next."""


@dataclass(frozen=True, slots=True)
class Queue:
    """The first cases that wait, and how many there are; `done` are those just decided."""

    cases: tuple[Case, ...]
    total: int
    grids: dict[str, Grid]
    done: tuple[Case, ...] = ()


def load_queue(tx: Tx, here: AtDesk, done: Sequence[CaseId]) -> Queue:
    """The queue of whoever is at the desk."""
    grids = {grid.id: grid for grid in tx.grids.all()}
    wanted = [
        _waiting(here, grids, Right.CORRECT, State.TO_CONFIRM),
        _waiting(here, grids, Right.MODERATE_WISH, State.REVIEW),
    ]
    found = [case for one in wanted for case in tx.cases.urgent(one, MOST)]
    found.sort(key=lambda case: (case.level, case.opened_at, case.id))
    known = tx.cases.many(done) if done else {}
    visible = (known[id] for id in done if id in known and here.sight.sees(known[id]))
    total = sum(tx.cases.count(one) for one in wanted)
    return Queue(tuple(found[:MOST]), total, grids, tuple(visible))


def _waiting(here: AtDesk, grids: dict[str, Grid], right: Right, state: State) -> CaseFilter:
    reached = [grid.id for grid in grids.values() if here.person.may(right, grid.path)]
    return CaseFilter(grids=reached, states=[state], open_only=True, sight=here.sight)
