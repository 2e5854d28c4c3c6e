"""Somebody loses a role: now, or at the beginning of a day that was chosen.

The law of this file: what hangs on a role goes with it in one transaction: places on duty lists and in rooms,
open invitations and bind words, and what they had in hand (`intake/leaving.py` says what goes on without
them). Who chose it, and when it came, is on record.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from bot.binding import drop_offers
from bot.dispatch import Surroundings
from bot.holding import save_and_say
from bot.vouching import drop_invites
from bot.web.room.staffing import leave_rooms
from bot.wording.roles import ROLE_NAMES
from intake.cases import Timer, TimerKind, timer_key
from intake.desk import Desk
from intake.facts import Wants
from intake.grids import Grid
from intake.leaving import Leaving, leave
from intake.people import Grant, Person, PersonId, Right
from intake.rules import Rules
from storage.records import Look
from storage.tx import Tx

log = logging.getLogger(__name__)

PUT_OFF: Final = timedelta(hours=1)
"""So much later what failed is tried again."""


def take_role(
    tx: Tx,
    rules: Rules,
    around: Surroundings,
    holder: Person,
    grant: Grant,
    by: PersonId,
    now: datetime,
) -> int:
    """Take a role with all that hangs on it; how many cases go on without them. Whoever calls it wakes the
    sender after the commit."""
    off_duty = losing_duty(tx.grids.all(), holder, grant)
    tx.people.revoke(holder.id, grant)
    if off_duty:
        tx.grids.off_duty(holder.id, [grid.id for grid in off_duty])
    drop_invites(tx, holder.id, now)
    drop_offers(tx, holder.id)
    after = without(holder, grant)
    leave_rooms(tx, after, grant)
    return hand_on(tx, rules, around, after, by, off_duty, now)


def losing_duty(grids: Iterable[Grid], holder: Person, grant: Grant) -> tuple[Grid, ...]:
    """The grids on whose duty list they stand and where they could answer no alert without that role."""
    after = without(holder, grant)
    return tuple(
        grid
        for grid in grids
        if grant.scope in grid.path
        and any(entry.person == holder.id for entry in grid.duty)
        and not after.may(Right.ANSWER_ALERT, grid.path)
    )


def without(holder: Person, grant: Grant) -> Person:
    """Somebody as they are once a role is taken."""
    return replace(holder, grants=tuple(one for one in holder.grants if one != grant))


def record(holder: Person, grant: Grant, why: str) -> str:
    """Whose role it was, as the records have it."""
    words = f"{holder.name}（{holder.id}）{ROLE_NAMES[grant.role.value]}"
    return f"{words}，{why}" if why else words


def hand_on(
    tx: Tx,
    rules: Rules,
    around: Surroundings,
    person: Person,
    by: PersonId,
    off_duty: Iterable[Grid],
    now: datetime,
    elsewhere: bool = False,
) -> int:
    """Let go of what they may not work on any more; how many cases. Call it once their role is taken and they
    are off the duty lists; `off_duty` are those grids as they were before. `elsewhere`: they work on in
    another place. Wake the sender after the commit."""
    duty = {grid.id: grid.duty for grid in off_duty}
    ids = frozenset((*tx.cases.in_hand(person.id), *tx.cases.alarming(duty)))
    if not ids:
        return 0
    grids = frozenset(case.grid for case in tx.cases.many(ids).values())
    wants = Wants(identities=frozenset({person.id}), cases=ids, grids=grids)
    desk = Desk(rules, tx.desk.load(wants, now), now)
    desk.begin(f"desk:{secrets.token_hex(8)}", now)
    leaver = desk.facts.people.get(person.id, person)
    gone = leave(desk, leaver, by, duty, elsewhere=elsewhere)
    save_and_say(tx, desk, around, now)
    return len(gone)


# -- on a day that was chosen -------------------------------------------------------------------


def first_moment(day: date, zone: tzinfo) -> datetime:
    """When a day begins there."""
    return datetime.combine(day, time(), zone)


def choose_day(tx: Tx, leaving: Leaving) -> None:
    """Keep on which day a role is taken, with the clock of that day."""
    tx.leavings.choose(leaving)
    _set_clock(tx, leaving.at)


def _set_clock(tx: Tx, at: datetime) -> None:
    subject = at.isoformat()
    key = timer_key(TimerKind.LEAVING, subject)
    tx.timers.set([Timer(key, TimerKind.LEAVING, subject, at, None)])


def leave_on_time(
    tx: Tx, rules: Rules, around: Surroundings, now: datetime, due: Sequence[Timer]
) -> list[Timer]:
    """Take the roles whose day has come; the timers that were for that. One that fails is tried again and
    keeps no other back."""
    mine = [timer for timer in due if timer.kind is TimerKind.LEAVING]
    if not mine:
        return []
    tx.timers.cancel([timer.key for timer in mine])
    for one in tx.leavings.due(now):
        try:
            with tx.savepoint():
                _leave(tx, rules, around, one, now)
        except Exception:
            log.exception("somebody's leaving is put off")
            _set_clock(tx, now + PUT_OFF)
    return mine


def _leave(tx: Tx, rules: Rules, around: Surroundings, one: Leaving, now: datetime) -> None:
    holder = tx.people.get(one.person)
    if holder is None or one.grant not in holder.grants:
        return
    take_role(tx, rules, around, holder, one.grant, one.by, now)
    words = record(holder, one.grant, one.why)
    tx.audit.add([Look(one.grant.scope, one.by, "revoke", words, now)])
