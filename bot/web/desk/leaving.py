"""What somebody who works here no more had in hand, handed on in the transaction that takes their role.

The law of this file: nothing is decided here: `intake/leaving.py` says what goes on without them.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from bot.dispatch import posts_of
from bot.web.desk.acts import Acts
from intake.desk import Desk
from intake.facts import Wants
from intake.grids import Grid
from intake.leaving import leave
from intake.people import Person, PersonId
from storage.tx import Tx


def hand_on(
    tx: Tx, acts: Acts, person: Person, by: PersonId, off_duty: Iterable[Grid], now: datetime
) -> int:
    """Let go of what they may not work on any more; how many cases. Call it once their role is taken and they
    are off the duty lists; `off_duty` are those grids as they were before. Tell `acts.told` after the
    commit."""
    duty = {grid.id: grid.duty for grid in off_duty}
    ids = frozenset((*tx.cases.in_hand(person.id), *tx.cases.alarming(duty)))
    if not ids:
        return 0
    grids = frozenset(case.grid for case in tx.cases.many(ids).values())
    wants = Wants(identities=frozenset({person.id}), cases=ids, grids=grids)
    desk = Desk(acts.rules, tx.desk.load(wants, now), now)
    desk.begin(f"desk:{secrets.token_hex(8)}", now)
    gone = leave(desk, desk.facts.people.get(person.id, person), by, duty)
    tx.desk.save(desk.changes, posts_of(desk, acts.around()), now)
    return len(gone)
