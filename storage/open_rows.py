"""The open cases as the queue needs them, remembered in memory.

The law of this file: a grid's stamp rises with every save that touches its cases, and every case keeps the
stamp of its last save; so one small read of the grids tells whether what is remembered still holds, and only
what changed since is read. The sum of all stamps is the position: one number that rises with every save, the
same in every process. Values are immutable and shared by threads; an older state never replaces a newer one.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from intake.cases import CaseId
from intake.people import PersonId
from intake.sight import Sight

MOST_CHANGES: Final = 5_000
"""Changes that are remembered: to a page older than that it is only said that something is new."""


class Spot(NamedTuple):
    """A case's place in the order of the queue."""

    rank: int
    due: int
    id: CaseId


class Alarm(NamedTuple):
    """A danger that nobody has taken in hand. `version` is that of the case, as its form needs it."""

    emergency: str
    place: str
    version: int


class OpenRow(NamedTuple):
    """What the queue asks of a case. `words` are folded and begin with its number, which is all there is of
    a private one; `opened` is in microseconds; `owing` are the departments of open parts, `watched`
    says that it is under supervision. About half a kilobyte: 60,000 open cases take 30 MB."""

    spot: Spot
    grid: str
    kind: str
    state: str
    level: str
    category: str | None
    item: str | None
    private: bool
    departments: tuple[str, ...]
    taken_by: PersonId | None
    reporter: PersonId
    opened: int
    words: str
    alarm: Alarm | None = None
    returned: bool = False
    owing: tuple[str, ...] = ()
    watched: bool = False

    @property
    def id(self) -> CaseId:
        return self.spot.id


def spot_of_row(row: OpenRow) -> Spot:
    return row.spot


def is_seen(row: OpenRow, sight: Sight) -> bool:
    """What `Sight.sees` says of a case."""
    if row.taken_by in sight.hands or sight.departments.intersection(row.departments):
        return True
    return row.grid in (sight.private_grids if row.private else sight.grids)


@dataclass(frozen=True)
class GridRows:
    """The open cases of a grid as of `stamp`, in the order of the queue."""

    stamp: int
    rows: tuple[OpenRow, ...]

    @cached_property
    def by_id(self) -> Mapping[CaseId, OpenRow]:
        return {row.id: row for row in self.rows}

    @cached_property
    def by_state(self) -> Mapping[str, GridRows]:
        """Few wait for a person's look, and many more for everything else."""
        found: dict[str, list[OpenRow]] = {}
        for row in self.rows:
            found.setdefault(row.state, []).append(row)
        return {state: GridRows(self.stamp, tuple(some)) for state, some in found.items()}

    @cached_property
    def shown(self) -> tuple[OpenRow, ...]:
        """Without the private ones."""
        return tuple(row for row in self.rows if not row.private)

    @cached_property
    def private(self) -> tuple[OpenRow, ...]:
        return tuple(row for row in self.rows if row.private)

    @cached_property
    def alarms(self) -> tuple[OpenRow, ...]:
        """Those that nobody has answered."""
        return tuple(row for row in self.rows if row.alarm is not None)

    @cached_property
    def taken(self) -> Mapping[PersonId, tuple[OpenRow, ...]]:
        """By who has it in hand."""
        found: dict[PersonId, list[OpenRow]] = {}
        for row in self.rows:
            if row.taken_by is not None:
                found.setdefault(row.taken_by, []).append(row)
        return {person: tuple(some) for person, some in found.items()}

    @cached_property
    def of_department(self) -> Mapping[str, tuple[OpenRow, ...]]:
        """By lead or joint department."""
        found: dict[str, list[OpenRow]] = {}
        for row in self.rows:
            for code in dict.fromkeys(row.departments):
                found.setdefault(code, []).append(row)
        return {code: tuple(some) for code, some in found.items()}

    def seen(self, grid: str, sight: Sight) -> Sequence[OpenRow]:
        """Those that somebody sees, in order; most grids are seen whole or not at all."""
        open_, private = grid in sight.grids, grid in sight.private_grids
        if open_ and private:
            return self.rows
        ways = [self.taken.get(person, ()) for person in sight.hands]
        ways += [self.of_department.get(code, ()) for code in sight.departments]
        if open_ or private:
            ways.append(self.shown if open_ else self.private)
        some = [way for way in ways if way]
        if len(some) < 2:
            return some[0] if some else ()
        return sorted({row.id: row for way in some for row in way}.values(), key=spot_of_row)


class Change(NamedTuple):
    """A case as it was before a position and after it; None where it was not open."""

    position: int
    before: OpenRow | None
    after: OpenRow | None


@dataclass(frozen=True, slots=True)
class Open:
    """All that is open, at one position. `since` is where the remembered changes begin; `alarms` are the
    dangers that nobody has answered, gathered once for all pages."""

    grids: Mapping[str, GridRows] = field(default_factory=dict)
    position: int = 0
    since: int = 0
    changes: Sequence[Change] = ()
    alarms: tuple[OpenRow, ...] = ()

    def seen(self, sight: Sight) -> list[Sequence[OpenRow]]:
        """What somebody sees: of each grid a sequence in the order of the queue."""
        ways: Iterable[Sequence[OpenRow]] = (
            rows.seen(grid, sight) for grid, rows in self.grids.items()
        )
        return [way for way in ways if way]

    def all(self) -> list[Sequence[OpenRow]]:
        """The same, of all there are."""
        return [rows.rows for rows in self.grids.values()]

    def after(self, position: int) -> list[Change] | None:
        """What changed after a position; None where that is not remembered."""
        if position < self.since:
            return None
        found: list[Change] = []
        for change in reversed(self.changes):
            if change.position <= position:
                break
            found.append(change)
        return found[::-1]


class OpenRows:
    """What is remembered in this process."""

    def __init__(self) -> None:
        self._open: Open | None = None
        self._lock = threading.Lock()

    def get(self) -> Open | None:
        """The newest that is known."""
        return self._open

    def put(self, fresh: Mapping[str, GridRows], known: Open, *, keep: bool = True) -> Open:
        """What is known, with grids that were read for it; those that are known as new or newer by now
        stay. It is remembered if it is to be kept."""
        with self._lock:
            known = self._open or known
            newer = {
                grid: rows
                for grid, rows in fresh.items()
                if grid not in known.grids or known.grids[grid].stamp < rows.stamp
            }
            now = _together(known, newer) if newer else known
            if keep:
                self._open = now
            return now

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._open = None


def _together(known: Open, newer: Mapping[str, GridRows]) -> Open:
    grids = {**known.grids, **newer}
    position = sum(rows.stamp for rows in grids.values())
    alarms = tuple(row for rows in grids.values() for row in rows.alarms)
    if not known.grids:
        return Open(grids, position, position, (), alarms)
    fresh = [
        Change(position, before, after)
        for grid, rows in newer.items()
        for before, after in _changed(known.grids.get(grid), rows)
    ]
    changes = deque(known.changes, MOST_CHANGES)
    since = known.since
    for change in fresh:
        if len(changes) == MOST_CHANGES:
            since = changes[0].position
        changes.append(change)
    return Open(grids, position, since, tuple(changes), alarms)


def _changed(
    before: GridRows | None, after: GridRows
) -> Iterable[tuple[OpenRow | None, OpenRow | None]]:
    old = before.by_id if before else {}
    for id in old.keys() | after.by_id.keys():
        was, now = old.get(id), after.by_id.get(id)
        if was is not now:
            yield was, now
