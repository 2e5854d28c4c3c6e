"""The inbox and its lanes: everything that came in, and who is deciding it.

The law of this file: a row is durable before its sender hears 200, is decided exactly once, and within
a lane in order of arrival. Whoever adds to a lane or decides in it locks the lane's row first; a
lane is claimed under a lease number that the commit checks again. The payload is a transit copy and is
blanked in the commit that decides it. Nothing here loops over statements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, delete, func, or_, select, update
from sqlalchemy.sql.base import Executable

from storage.dialect import Dialect
from storage.flow_tables import inbox, lanes
from storage.records import PARKED, Arrival, Claim, Decided, InboxRow, LeaseLost, Outcome

KEEP_OUTCOME = timedelta(days=30)
KEEP_PARKED = timedelta(days=7)
_SWEEP: Final = 5_000  # rows forgotten in one statement, so that no lock lasts long

_ROW = ("id", "channel", "external_id", "lane", "payload", "received_at")
_WAITING = inbox.c.outcome.is_(None)


class Inbox:
    """The inbox within one transaction."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect

    def append(self, arrivals: Sequence[Arrival]) -> list[bool]:
        """Add arrivals. For each: True if it is new, False if its (channel, external id) was there
        already and nothing changed."""
        if not arrivals:
            return []
        self._mark(arrivals)
        added = self._connection.execute(
            _append(self._dialect),
            [
                {
                    "channel": a.channel,
                    "external_id": a.external_id,
                    "lane": a.lane,
                    "payload": a.payload,
                    "received_at": a.received_at,
                }
                for a in arrivals
            ],
        )
        new = {(channel, external) for channel, external in added}
        self._dialect.wake(self._connection)
        return [_take(new, (a.channel, a.external_id)) for a in arrivals]

    def _mark(self, arrivals: Sequence[Arrival]) -> None:
        """Say that the lanes have work, and lock them. In one order everywhere: no deadlock. A repeat
        marks a lane for nothing; the next claim finds it empty and clears it."""
        since: dict[str, datetime] = {}
        for arrival in arrivals:
            known = since.get(arrival.lane)
            if known is None or arrival.received_at < known:
                since[arrival.lane] = arrival.received_at
        self._connection.execute(
            _mark(self._dialect),
            [{"lane": lane, "since": since[lane]} for lane in sorted(since)],
        )

    def claim(
        self, owner: str, now: datetime, ttl: timedelta, max_lanes: int, max_rows: int
    ) -> list[Claim]:
        """Take up to `max_lanes` lanes, those first that wait longest, with up to `max_rows` rows each
        in order of arrival. Nobody else gets these lanes before `now + ttl`."""
        taken = self._connection.execute(
            _claim(self._dialect),
            {"owner": owner, "now": now, "until": now + ttl, "max_lanes": max_lanes},
        ).all()
        if not taken:
            return []
        leases = {row.lane: row.lease for row in sorted(taken, key=attrgetter("since", "lane"))}
        rows = self._rows_of(leases, max_rows)
        empty = [lane for lane in leases if lane not in rows]
        if empty:
            self._settle(empty)
        return [
            Claim(lane, lease, tuple(rows[lane])) for lane, lease in leases.items() if lane in rows
        ]

    def _rows_of(self, names: Iterable[str], max_rows: int) -> dict[str, list[InboxRow]]:
        found = self._connection.execute(
            _first_rows(self._dialect),
            {"lanes": self._dialect.listed(names), "max_rows": max_rows},
        )
        rows: dict[str, list[InboxRow]] = defaultdict(list)
        for row in sorted((InboxRow(*values) for values in found), key=attrgetter("id")):
            rows[row.lane].append(row)
        return dict(rows)

    def decide(self, claim: Claim, outcomes: Sequence[Outcome], now: datetime) -> None:
        """`decide_many` for one lane."""
        self.decide_many([(claim, outcomes)], now)

    def decide_many(
        self, decided: Sequence[tuple[Claim, Sequence[Outcome]]], now: datetime
    ) -> None:
        """Note what became of the rows and give the lanes back, claimable again where more waits.

        Rows of a claim that have no outcome go on waiting. Raises LeaseLost, and must then be rolled
        back, if another worker has taken one of the lanes since.
        """
        if not decided:
            return
        self._check([claim for claim, _ in decided])
        ids: dict[tuple[str, str | None], list[int]] = defaultdict(list)
        for claim, outcomes in decided:
            mine = {row.id for row in claim.rows}
            for outcome in outcomes:
                if outcome.id not in mine:
                    raise ValueError(f"row {outcome.id} does not belong to lane {claim.lane}")
                ids[outcome.outcome, outcome.error].append(outcome.id)
        for (outcome_word, error), numbers in ids.items():
            self._connection.execute(
                _decide(self._dialect, outcome_word == PARKED),
                {
                    "ids": self._dialect.listed(numbers),
                    "word": outcome_word,
                    "why": error,
                    "now": now,
                },
            )
        self._settle([claim.lane for claim, _ in decided])

    def release(self, claims: Sequence[Claim]) -> None:
        """Give lanes back undecided. A lane that another has taken meanwhile is left alone."""
        if claims:
            held = self._held(claims)
            self._settle([c.lane for c in claims if held.get(c.lane) == c.lease])

    def renew(self, claims: Sequence[Claim], now: datetime, ttl: timedelta) -> None:
        """Keep lanes for `ttl` longer. Raises LeaseLost."""
        if not claims:
            return
        self._check(claims)
        self._connection.execute(
            update(lanes)
            .where(self._dialect.among(lanes.c.lane, "names"))
            .values(leased_until=bindparam("until", type_=lanes.c.leased_until.type)),
            {"names": self._dialect.listed(c.lane for c in claims), "until": now + ttl},
        )

    def drop_leases(self, owner: str) -> int:
        """Give back every lane that `owner` held before it was killed; returns how many."""
        found = self._connection.execute(
            update(lanes)
            .where(lanes.c.owner == owner)
            .values(owner=None, leased_until=None, lease=lanes.c.lease + 1)
        )
        return found.rowcount

    def pending(self) -> int:
        """How many rows are not decided, those under lease included."""
        return self._connection.scalar(_PENDING) or 0

    def waiting_since(self) -> datetime | None:
        """When the oldest undecided row arrived."""
        since: datetime | None = self._connection.scalar(select(func.min(lanes.c.since)))
        return since

    def find(self, channel: str, external_id: str) -> Decided | None:
        """What became of an arrival; None while it is undecided, unknown or forgotten."""
        found = self._connection.execute(
            _DECIDED.where(
                inbox.c.channel == channel,
                inbox.c.external_id == external_id,
                inbox.c.outcome.is_not(None),
            )
        ).one_or_none()
        return Decided(*found) if found else None

    def waits(self, channel: str, external_id: str) -> bool:
        """Whether an arrival is there and undecided."""
        query = select(inbox.c.id).where(
            inbox.c.channel == channel,
            inbox.c.external_id == external_id,
            inbox.c.outcome.is_(None),
        )
        return self._connection.scalar(query) is not None

    def parked(self, limit: int = 100) -> list[Decided]:
        """Rows that could not be decided and still have their payload, newest first."""
        found = self._connection.execute(
            _DECIDED.where(inbox.c.decided_at.is_not(None), inbox.c.payload.is_not(None))
            .order_by(inbox.c.decided_at.desc())
            .limit(limit)
        )
        return [Decided(*row) for row in found]

    def forget(self, now: datetime) -> int:
        """Drop parked payloads after 7 days and decided rows after 30. Returns how many rows were
        touched, at most a few thousand at a time: call it again while it returns something."""
        blanked = self._connection.execute(
            update(inbox)
            .where(
                inbox.c.id.in_(
                    select(inbox.c.id)
                    .where(inbox.c.decided_at < now - KEEP_PARKED, inbox.c.payload.is_not(None))
                    .limit(_SWEEP)
                )
            )
            .values(payload=None)
        )
        dropped = self._connection.execute(
            delete(inbox).where(
                inbox.c.id.in_(
                    select(inbox.c.id).where(inbox.c.decided_at < now - KEEP_OUTCOME).limit(_SWEEP)
                )
            )
        )
        return blanked.rowcount + dropped.rowcount

    def _held(self, claims: Sequence[Claim]) -> dict[str, int]:
        """The present lease numbers, with the lanes' rows locked until commit."""
        found = self._connection.execute(
            _held(self._dialect), {"names": self._dialect.listed(c.lane for c in claims)}
        )
        return {row.lane: row.lease for row in found}

    def _check(self, claims: Sequence[Claim]) -> None:
        held = self._held(claims)
        lost = [c.lane for c in claims if held.get(c.lane) != c.lease]
        if lost:
            raise LeaseLost(lost)

    def _settle(self, names: Sequence[str]) -> None:
        """Free lanes whose rows are locked, marked by what still waits in them. A statement of its
        own after the lock, so that it sees what was appended until then."""
        self._connection.execute(_settle(self._dialect), {"names": self._dialect.listed(names)})


def _take(new: set[tuple[str, str]], key: tuple[str, str]) -> bool:
    """Whether `key` is among the new ones; a second time in the same batch it is a repeat."""
    if key in new:
        new.remove(key)
        return True
    return False


_DECIDED = select(
    inbox.c.id,
    inbox.c.channel,
    inbox.c.external_id,
    inbox.c.lane,
    inbox.c.outcome,
    inbox.c.error,
    inbox.c.received_at,
    inbox.c.decided_at,
    inbox.c.payload,
)
_PENDING = select(func.count()).select_from(inbox).where(_WAITING)


@cache
def _append(dialect: Dialect) -> Executable:
    return (
        dialect.insert(inbox)
        .on_conflict_do_nothing(index_elements=["channel", "external_id"])
        .returning(inbox.c.channel, inbox.c.external_id)
    )


@cache
def _mark(dialect: Dialect) -> Executable:
    # PostgreSQL locks the row even where the condition leaves it as it is.
    return dialect.insert(lanes).on_conflict_do_update(
        index_elements=["lane"],
        set_={"since": dialect.insert(lanes).excluded.since},
        where=lanes.c.since.is_(None),
    )


@cache
def _claim(dialect: Dialect) -> Executable:
    now = bindparam("now", type_=lanes.c.since.type)
    picked = dialect.locked(
        select(lanes.c.lane)
        .where(
            lanes.c.since.is_not(None),
            or_(lanes.c.leased_until.is_(None), lanes.c.leased_until <= now),
        )
        .order_by(lanes.c.since)
        .limit(bindparam("max_lanes")),
        skip=True,
    ).cte("picked")
    return (
        update(lanes)
        .where(lanes.c.lane.in_(select(picked.c.lane)))
        .values(
            lease=lanes.c.lease + 1,
            owner=bindparam("owner"),
            leased_until=bindparam("until", type_=lanes.c.leased_until.type),
        )
        .returning(lanes.c.lane, lanes.c.lease, lanes.c.since)
    )


@cache
def _first_rows(dialect: Dialect) -> Executable:
    return dialect.first_of_each(
        parent=lanes.c.lane,
        condition=dialect.among(lanes.c.lane, "lanes"),
        child=inbox,
        group="lane",
        where=lambda table: table.c.outcome.is_(None),
        order=[lambda table: table.c.id],
        columns=_ROW,
        limit="max_rows",
    )


@cache
def _held(dialect: Dialect) -> Executable:
    return dialect.locked(
        select(lanes.c.lane, lanes.c.lease)
        .where(dialect.among(lanes.c.lane, "names"))
        .order_by(dialect.ordered(lanes.c.lane))
    )


@cache
def _decide(dialect: Dialect, parked: bool) -> Executable:
    values: dict[str, Any] = {
        "outcome": bindparam("word"),
        "error": bindparam("why"),
        "decided_at": bindparam("now", type_=inbox.c.decided_at.type),
    }
    if not parked:
        values["payload"] = None
    return update(inbox).where(and_(dialect.among(inbox.c.id, "ids"), _WAITING)).values(**values)


@cache
def _settle(dialect: Dialect) -> Executable:
    oldest = (
        select(inbox.c.received_at)
        .where(inbox.c.lane == lanes.c.lane, _WAITING)
        .order_by(inbox.c.id)
        .limit(1)
        .correlate(lanes)
        .scalar_subquery()
    )
    return (
        update(lanes)
        .where(dialect.among(lanes.c.lane, "names"))
        .values(since=oldest, owner=None, leased_until=None)
    )
