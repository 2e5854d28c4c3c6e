"""The departments as the town has them now, beside the taxonomy's file.

The law of this file: a department that was merged keeps its row, its people and its chats, so that a merge
can be undone; what it gave its people by the merge is marked as given by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, select, text, update

from intake.cases import CaseId
from intake.covering import Cover
from intake.people import Grant, PersonId, Role
from intake.reorganising import DepartmentChange
from storage.case_tables import cases, entries
from storage.cases import of_departments
from storage.cover_tables import covers
from storage.department_tables import departments
from storage.dialect import Dialect
from storage.leavings import Leavings
from storage.people import People
from storage.rows import Rows, excluded
from storage.settings import Settings
from storage.tables import grants, grids, invites

_ROWS = Rows(departments, DepartmentChange, by="changed_by", at="changed_at")


class Departments:
    """The changes within one transaction."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect

    def all(self) -> list[DepartmentChange]:
        """Every change that stands, by code."""
        found = self._connection.execute(select(*_ROWS.columns).order_by(departments.c.code))
        return _ROWS.many(found)

    def hold(self) -> None:
        """Hold all grids until commit, so that no case comes in meanwhile by the old arrangement."""
        query = select(grids.c.id).order_by(self._dialect.ordered(grids.c.id))
        self._connection.execute(self._dialect.locked(query))

    def put(self, change: DepartmentChange) -> None:
        """Store a change in the place of what stood for that department."""
        insert = self._dialect.insert(departments)
        names = [name for name in _ROWS.keys if name != "code"]
        self._connection.execute(
            insert.on_conflict_do_update(index_elements=["code"], set_=excluded(insert, names)),
            _ROWS.stored([change]),
        )
        Settings(self._connection, self._dialect).bump()

    def open_cases(self, codes: Iterable[str]) -> list[CaseId]:
        """The open cases that one of these departments leads or helps with."""
        query = select(cases.c.id).where(text("cases.is_open"), of_departments(sorted(set(codes))))
        return list(self._connection.scalars(query))

    def last_steps(self, some: Iterable[CaseId]) -> dict[CaseId, tuple[datetime, str]]:
        """When each of some cases took its last step, and the words of it."""
        query = (
            select(entries.c.case_id, entries.c.at, entries.c.words)
            .join(cases, (cases.c.id == entries.c.case_id) & (cases.c.entries == entries.c.seq))
            .where(self._dialect.among(cases.c.id, "ids"))
        )
        bound = {"ids": self._dialect.listed(sorted(set(some)))}
        return {id: (at, words) for id, at, words in self._connection.execute(query, bound)}

    def hand_over_people(self, old: str, new: str, now: datetime) -> int:
        """Whoever works for `old` works for `new` as well; how many did not yet. Open invitations to `old`
        are to `new` now."""
        people = People(self._connection, self._dialect)
        grant = Grant(Role.DEPARTMENT, new)
        theirs = people.in_department(old)
        given = [people.grant(one.id, grant, _given_by(old, new), now) for one in theirs]
        leavings = Leavings(self._connection, self._dialect)
        for one in theirs:
            leavings.carry(one.id, Grant(Role.DEPARTMENT, old), grant)
        self._connection.execute(
            update(invites)
            .where(
                invites.c.role == Role.DEPARTMENT,
                invites.c.scope == old,
                invites.c.used_at.is_(None),
            )
            .values(scope=new)
        )
        return sum(given)

    def cover_too(self, some: Iterable[Cover], old: str, new: str) -> None:
        """Stand-ins for people of `old` stand in for their work at `new` as well."""
        mine = Grant(Role.DEPARTMENT, old)
        for cover in some:
            if mine in cover.grants:
                now = (*cover.grants, Grant(Role.DEPARTMENT, new))
                stored = tuple(f"{one.role.value} {one.scope}" for one in dict.fromkeys(now))
                query = update(covers).where(covers.c.id == cover.id).values(grants=stored)
                self._connection.execute(query)

    def take_back_people(self, old: str, new: str) -> int:
        """What was given by the merge is taken; how many had it."""
        gone = self._connection.execute(
            delete(grants).where(
                grants.c.role == Role.DEPARTMENT,
                grants.c.scope == new,
                grants.c.granted_by == _given_by(old, new),
            )
        )
        Settings(self._connection, self._dialect).bump()
        return gone.rowcount

    def came_by(self, old: str, new: str) -> set[PersonId]:
        """Who works for `new` only since `old` was merged into it."""
        query = select(grants.c.person).where(
            grants.c.scope == new, grants.c.granted_by == _given_by(old, new)
        )
        return set(self._connection.scalars(query))


def _given_by(old: str, new: str) -> str:
    return f"merge:{old}:{new}"
