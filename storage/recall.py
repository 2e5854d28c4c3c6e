"""Everything at once, for those who look at a whole database: replay and `doctor --verify`.

The law of this file: reads without bound, so nothing that serves people may call it.
"""

from __future__ import annotations

from sqlalchemy import Select, func, select, text

from intake.cases import Case, Line, TimerKind
from intake.lifecycle import State
from intake.notices import Post
from storage.case_tables import cases, entries, lines
from storage.desk_load_sql import LINE_ROWS
from storage.flow_tables import inbox, lanes, outbox
from storage.open_cases import CASE_ROWS
from storage.outbox import Outbox
from storage.tables import grids
from storage.tx import Tx


def all_cases(tx: Tx) -> list[Case]:
    """Every case, in the order in which they were opened."""
    query = select(*CASE_ROWS.columns).order_by(cases.c.opened_at, cases.c.grid, cases.c.number)
    return CASE_ROWS.many(tx.connection.execute(query))


def all_lines(tx: Tx) -> list[Line]:
    """Every chat line that hangs on a case."""
    query = select(*LINE_ROWS.columns).order_by(lines.c.at, lines.c.message)
    return LINE_ROWS.many(tx.connection.execute(query))


def all_posts(tx: Tx) -> list[Post]:
    """Every post, in the order in which they were decided."""
    return [fate.post for fate in Outbox(tx.connection, tx.dialect).every()]


def broken_invariants(tx: Tx) -> list[str]:
    """One sentence for each invariant that the stored data breaks; empty when all is well."""
    return [
        sentence.format(", ".join(found[:5]) + (" …" if len(found) > 5 else ""))
        for sentence, query in _INVARIANTS.items()
        if (found := [str(value) for value in tx.connection.scalars(query)])
    ]


_counted = (
    select(entries.c.case_id, func.count().label("rows"), func.max(entries.c.seq).label("last"))
    .group_by(entries.c.case_id)
    .subquery()
)
_WAITS_FOR_SOMEBODY = (State.TO_RATE, State.REVIEW, State.PUBLISHED, State.CLAIMED)


def _no_timer(kind: TimerKind) -> str:
    return (
        "NOT EXISTS (SELECT 1 FROM timers WHERE timers.subject = cases.id"
        f" AND timers.kind = '{kind.value}')"
    )


_INVARIANTS: dict[str, Select[tuple[str]]] = {
    "the timeline of {} has gaps": select(cases.c.id)
    .outerjoin(_counted, _counted.c.case_id == cases.c.id)
    .where(
        (func.coalesce(_counted.c.rows, 0) != cases.c.entries)
        | (func.coalesce(_counted.c.last, 0) != cases.c.entries)
    ),
    "the next number of grid {} was already given": select(grids.c.id).where(
        select(func.max(cases.c.number)).where(cases.c.grid == grids.c.id).scalar_subquery()
        >= grids.c.next_number
    ),
    "{} is open and has no next date": select(cases.c.id).where(
        cases.c.is_open,
        cases.c.state.not_in(_WAITS_FOR_SOMEBODY),
        text(_no_timer(TimerKind.RESOLVE_DUE)),
    ),
    "{} is paused and nothing ends it": select(cases.c.id).where(
        cases.c.paused_until.is_not(None), text(_no_timer(TimerKind.PAUSE))
    ),
    "{} is under supervision and no report is owed": select(cases.c.id).where(
        cases.c.is_open,
        cases.c.supervised_until.is_not(None),
        cases.c.state.not_in((State.HANDLED, State.TO_RATE)),
        text(_no_timer(TimerKind.SUPERVISION)),
    ),
    "{} waits for a rating without an end": select(cases.c.id).where(
        cases.c.state == State.TO_RATE,
        text(_no_timer(TimerKind.RATING)),
    ),
    "{} is merged into a case that does not exist": select(cases.c.id).where(
        cases.c.merged_into.is_not(None),
        cases.c.merged_into.not_in(select(cases.c.id)),
    ),
    "{} is merged into a case that is merged itself": select(cases.c.id).where(
        cases.c.merged_into.in_(select(cases.c.id).where(cases.c.merged_into.is_not(None))),
    ),
    "lane {} has messages waiting that no worker would find": select(inbox.c.lane)
    .distinct()
    .join(lanes, lanes.c.lane == inbox.c.lane, isouter=True)
    .where(inbox.c.outcome.is_(None), lanes.c.since.is_(None)),
    "message {} is decided and its text was kept": select(inbox.c.id).where(
        inbox.c.outcome.is_not(None), inbox.c.outcome != "parked", inbox.c.payload.is_not(None)
    ),
    "post {} speaks of a case that does not exist": select(outbox.c.key).where(
        outbox.c.case_id.is_not(None), outbox.c.case_id.not_in(select(cases.c.id))
    ),
}
