"""The tree of areas, the grids with their duty lists, and where departments hear.

The law of this file: setting up may be repeated; what is there is changed to what is given, and nothing
is lost: a grid's running number never goes back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.sql.base import Executable

from intake.grids import DutyEntry, Grid
from intake.people import PersonId
from storage.dialect import Dialect
from storage.records import Area, Outlet
from storage.rows import AnyRow, Rows, excluded
from storage.settings import Settings
from storage.tables import areas, duty, grids, outlets

_AREA_ROWS = Rows(areas, Area)
_OUTLET_ROWS = Rows(outlets, Outlet)
_GRID = (
    *(grids.c.id, grids.c.name, grids.c.path, grids.c.places, grids.c.next_number),
    grids.c.area,
)
_DUTY = (duty.c.grid, duty.c.position, duty.c.person, duty.c.title)


class Grids:
    """Areas and grids within one transaction."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect

    def add_areas(self, some: Iterable[Area]) -> None:
        """Add nodes of the tree, parents before children, or change their names."""
        rows = _AREA_ROWS.stored(some)
        if rows:
            self._upsert(areas, rows, ["id"], ["kind", "name", "parent"])

    def add(self, some: Iterable[Grid]) -> None:
        """Add grids, or change name and path of those that are there. Places are added to those that
        the grid has, for its own people may have named some; a duty list is set where one is given."""
        given = sorted(some, key=lambda grid: grid.id)
        if not given:
            return
        present = self.many(grid.id for grid in given)
        rows = [
            {
                "id": grid.id,
                "name": grid.name,
                "path": grid.path,
                "places": _together(present.get(grid.id), grid.places),
                "next_number": grid.next_number,
            }
            for grid in given
        ]
        self._upsert(grids, rows, ["id"], ["name", "path", "places"])
        for grid in given:
            if grid.duty:
                self.set_duty(grid.id, grid.duty)

    def set_places(self, grid: str, places: Sequence[str]) -> None:
        """The grid's own place names and nicknames."""
        self._connection.execute(
            grids.update().where(grids.c.id == grid).values(places=tuple(places))
        )
        self._bump()

    def set_area(self, grid: str, area: Sequence[str]) -> None:
        """The buildings and roads that belong to the grid."""
        self._connection.execute(grids.update().where(grids.c.id == grid).values(area=tuple(area)))
        self._bump()

    def hold(self, id: str) -> Grid | None:
        """One grid, held until commit, so that nobody changes its duty list meanwhile."""
        query = self._dialect.locked(select(grids.c.id).where(grids.c.id == id))
        self._connection.execute(query)
        return self.get(id)

    def set_duty(self, grid: str, entries: Sequence[DutyEntry]) -> None:
        """Replace the duty list of a grid."""
        self._connection.execute(delete(duty).where(duty.c.grid == grid))
        rows = [
            {"grid": grid, "position": e.order, "person": e.person, "title": e.title}
            for e in entries
        ]
        if rows:
            self._connection.execute(duty.insert(), rows)
        self._bump()

    def off_duty(self, person: PersonId, some: Iterable[str]) -> int:
        """Take somebody off the duty lists of these grids; the others keep their order."""
        gone = self._connection.execute(
            _off(self._dialect), {"one": person, "ids": self._dialect.listed(sorted(set(some)))}
        )
        if gone.rowcount:
            self._bump()
        return gone.rowcount

    def get(self, id: str) -> Grid | None:
        """One grid with its duty list."""
        return self.many([id]).get(id)

    def many(self, ids: Iterable[str]) -> dict[str, Grid]:
        """Those of `ids` that exist."""
        wanted = {"ids": self._dialect.listed(sorted(set(ids)))}
        rows = self._connection.execute(_grids(self._dialect), wanted).all()
        return self._assemble(rows)

    def all(self) -> list[Grid]:
        """Every grid, by id."""
        rows = self._connection.execute(select(*_GRID).order_by(grids.c.id)).all()
        return list(self._assemble(rows).values())

    def areas(self) -> list[Area]:
        """Every area, by id."""
        found = self._connection.execute(select(*_AREA_ROWS.columns).order_by(areas.c.id))
        return _AREA_ROWS.many(found)

    def _assemble(self, rows: Sequence[AnyRow]) -> dict[str, Grid]:
        lists = duty_lists(self._connection, self._dialect, [row.id for row in rows])
        return {
            row.id: Grid(row[0], row[1], row[2], row[3], lists[row[0]], row[4], row[5])
            for row in rows
        }

    def outlets(self, department: str) -> list[Outlet]:
        """Where a department hears beside its chats."""
        query = (
            select(*_OUTLET_ROWS.columns)
            .where(outlets.c.department == department)
            .order_by(outlets.c.kind, outlets.c.address)
        )
        return _OUTLET_ROWS.many(self._connection.execute(query))

    def all_outlets(self) -> list[Outlet]:
        """The outlets of every department."""
        query = select(*_OUTLET_ROWS.columns).order_by(*outlets.primary_key.columns)
        return _OUTLET_ROWS.many(self._connection.execute(query))

    def set_outlets(self, department: str, some: Iterable[Outlet]) -> None:
        """Replace the outlets of a department."""
        self._connection.execute(delete(outlets).where(outlets.c.department == department))
        rows = _OUTLET_ROWS.stored(some)
        if rows:
            self._connection.execute(outlets.insert(), rows)
        self._bump()

    def _upsert(
        self, table: Any, rows: list[dict[str, Any]], keys: list[str], names: list[str]
    ) -> None:
        insert = self._dialect.insert(table)
        self._connection.execute(
            insert.on_conflict_do_update(index_elements=keys, set_=excluded(insert, names)), rows
        )
        self._bump()

    def _bump(self) -> None:
        Settings(self._connection, self._dialect).bump()


def _together(present: Grid | None, places: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*(present.places if present else ()), *places)))


def duty_lists(
    connection: Connection, dialect: Dialect, ids: Iterable[str]
) -> defaultdict[str, tuple[DutyEntry, ...]]:
    """The duty lists of grids, in order; an empty one for every other grid."""
    lists: defaultdict[str, tuple[DutyEntry, ...]] = defaultdict(tuple)
    found = connection.execute(_duty(dialect), {"ids": dialect.listed(ids)})
    for grid, order, person, title in found:
        lists[grid] += (DutyEntry(order, person, title),)
    return lists


@cache
def _grids(dialect: Dialect) -> Executable:
    return select(*_GRID).where(dialect.among(grids.c.id, "ids")).order_by(grids.c.id)


@cache
def _duty(dialect: Dialect) -> Executable:
    return (
        select(*_DUTY)
        .where(dialect.among(duty.c.grid, "ids"))
        .order_by(duty.c.grid, duty.c.position)
    )


@cache
def _off(dialect: Dialect) -> Executable:
    return delete(duty).where(duty.c.person == bindparam("one"), dialect.among(duty.c.grid, "ids"))
