"""Bringing what is remembered of the open cases up to date.

The law of this file: one query for the stamps of the grids; only where one rose, one more for what was saved
since, or one for grids that must be read anew. What a transaction changed itself may still be undone: then
nothing is remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cache
from sys import intern
from typing import Any, Final

from sqlalchemy import Connection, and_, or_, select, text
from sqlalchemy.sql.base import Executable

from intake.cases import Case
from intake.taxonomy import Visibility
from intake.urgency import next_due, rank_of, unanswered
from storage.case_tables import cases
from storage.columns import micros
from storage.dialect import Dialect
from storage.folding import fold, in_figures
from storage.open_rows import Alarm, GridRows, Open, OpenRow, OpenRows, Spot, spot_of_row
from storage.tables import grids

NEVER: Final = 10**17
"""Later than every deadline."""
_MOST_STALE: Final = 50
"""With more grids than this to be brought up to date, they are read anew: a condition has its length."""

_NAMES: Final = (
    "id", "grid", "kind", "state", "level", "category", "item", "lead", "co", "visibility", "emergency",
    "place", "said", "title", "reporter", "opened_at", "respond_due", "resolve_due", "responded_at",
    "taken_by", "is_open", "alert", "version", "returns", "parts",
    "supervised_until",
)  # fmt: skip
_COLUMNS: Final = tuple(cases.c[name] for name in _NAMES)


def look(
    connection: Connection, dialect: Dialect, remembered: OpenRows, dirty: Set[str] = frozenset()
) -> Open:
    """All that is open now. `dirty`: grids that this transaction changed."""
    found = connection.execute(_stamps()).all()
    stamps = {row.id: row.stamp for row in found}
    anew = {row.id: row.anew for row in found}
    before = remembered.get() or Open()
    known = {g: rows for g, rows in before.grids.items() if rows.stamp >= anew.get(g, 0)}
    stale = {g: known[g] for g, stamp in stamps.items() if g in known and known[g].stamp < stamp}
    missing = [grid for grid in stamps if grid not in known]
    if len(stale) > _MOST_STALE:
        missing += stale
        stale = {}
    fresh = _changed(connection, stale, stamps) | _anew(connection, dialect, missing, stamps)
    return remembered.put(fresh, before, keep=not dirty)


def spot_of(case: Case) -> Spot:
    """Where a case stands in the queue."""
    due = next_due(case)
    return Spot(int(rank_of(case)), micros(due) if due else NEVER, case.id)


def _changed(
    connection: Connection, stale: Mapping[str, GridRows], stamps: Mapping[str, int]
) -> dict[str, GridRows]:
    """What is remembered, with what was saved since."""
    if not stale:
        return {}
    since = or_(
        *(
            and_(cases.c.grid == grid, cases.c.stamp > rows.stamp)
            for grid, rows in sorted(stale.items())
        )
    )
    now = {grid: dict(rows.by_id) for grid, rows in stale.items()}
    for found in connection.execute(select(*_COLUMNS).where(since)):
        if found.is_open:
            now[found.grid][found.id] = _row(found)
        else:
            now[found.grid].pop(found.id, None)
    return {grid: _grid_rows(stamps[grid], some.values()) for grid, some in now.items()}


def _anew(
    connection: Connection, dialect: Dialect, missing: Sequence[str], stamps: Mapping[str, int]
) -> dict[str, GridRows]:
    if not missing:
        return {}
    made: dict[str, list[OpenRow]] = {grid: [] for grid in missing}
    for found in connection.execute(_open(dialect), {"grids": dialect.listed(missing)}):
        made[found.grid].append(_row(found))
    return {grid: _grid_rows(stamps[grid], some) for grid, some in made.items()}


def _grid_rows(stamp: int, some: Iterable[OpenRow]) -> GridRows:
    return GridRows(stamp, tuple(sorted(some, key=spot_of_row)))


def _row(found: Any) -> OpenRow:
    """A row of the database; it has the names of a case's fields. Texts that come often are kept once."""
    lead, co = found.lead, found.co
    private = found.visibility == Visibility.PRIVATE
    return OpenRow(
        spot_of(found),
        intern(found.grid),
        found.kind,
        found.state,
        found.level,
        _interned(found.category),
        _interned(found.item),
        private,
        tuple(map(intern, (lead, *co) if lead else co)),
        _interned(found.taken_by),
        found.reporter,
        micros(found.opened_at),
        _words(found.id, *(() if private else (found.said, found.place or "", found.title))),
        Alarm(found.emergency, found.place or "", found.version) if unanswered(found) else None,
        found.returns > 0,
        tuple(intern(part.department) for part in found.parts if part.is_open),
        found.supervised_until is not None,
    )


def _words(*texts: str) -> str:
    """Folded, and once more with numbers in figures where that is another spelling."""
    folded = fold("\n".join(texts))
    figures = in_figures(folded)
    return folded if figures == folded else f"{folded}\n{figures}"


def _interned(value: str | None) -> str | None:
    return None if value is None else intern(value)


@cache
def _stamps() -> Executable:
    return select(grids.c.id, grids.c.stamp, grids.c.anew)


@cache
def _open(dialect: Dialect) -> Executable:
    # Spelt as in the partial index, so that closed cases are never read.
    return select(*_COLUMNS).where(dialect.among(cases.c.grid, "grids"), text("cases.is_open"))
