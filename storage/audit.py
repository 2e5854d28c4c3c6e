"""Who looked at or changed which private case, when and why; and who changed which names.

The law of this file: rows are added and read, never changed; they go after three years.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, or_, select

from intake.cases import CaseId
from intake.people import PersonId
from storage.case_tables import cases
from storage.records import Look
from storage.tables import looks, people

KEEP: Final = timedelta(days=3 * 365)
MODEL: Final = "model "
"""What stands before a model's name where a case would stand."""

_LOOK = (looks.c.case_id, looks.c.person, looks.c.what, looks.c.why, looks.c.at)


@dataclass(frozen=True, slots=True)
class LookFilter:
    """Which looks; None means any. `grids`: at cases of these; `nodes`: at what stands under these ids of
    the tree themselves. `about` is a case or a grid, `name` a part of a person's name. `before` is (at, id)
    of the last look of the page before."""

    grids: frozenset[str] | None = None
    nodes: frozenset[str] = frozenset()
    about: str | None = None
    name: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: tuple[datetime, int] | None = None


class Audit:
    """The record of looks within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, some: Sequence[Look]) -> None:
        """Note looks."""
        rows = [
            {
                "case_id": one.case,
                "person": one.person,
                "what": one.what,
                "why": one.why,
                "at": one.at,
            }
            for one in some
        ]
        if rows:
            self._connection.execute(looks.insert(), rows)

    def of_case(self, case: CaseId) -> list[Look]:
        """Who has seen a case, oldest first."""
        return self._read(looks.c.case_id == case)

    def last(self, case: CaseId, what: str, limit: int) -> list[Look]:
        """The last looks of one kind at a case or a grid, oldest first."""
        query = (
            select(*_LOOK)
            .where(looks.c.case_id == case, looks.c.what == what)
            .order_by(looks.c.at.desc(), looks.c.id.desc())
            .limit(limit)
        )
        return [Look(*row) for row in reversed(self._connection.execute(query).all())]

    def of_models(self, limit: int) -> list[Look]:
        """The last changes of the model in use, newest first."""
        query = (
            select(*_LOOK)
            .where(looks.c.case_id.startswith(MODEL))
            .order_by(looks.c.at.desc(), looks.c.id.desc())
            .limit(limit)
        )
        return [Look(*row) for row in self._connection.execute(query)]

    def by_person(self, person: PersonId, since: datetime) -> list[Look]:
        """What somebody has looked at since then, oldest first."""
        return self._read((looks.c.person == person) & (looks.c.at >= since))

    def latest(self, limit: int = 100) -> list[Look]:
        """The last looks of all, newest first."""
        query = select(*_LOOK).order_by(looks.c.at.desc(), looks.c.id.desc()).limit(limit)
        return [Look(*row) for row in self._connection.execute(query)]

    def page(self, wanted: LookFilter, limit: int) -> list[tuple[int, Look]]:
        """The looks that meet a filter with their ids, newest first."""
        query = (
            select(looks.c.id, *_LOOK)
            .outerjoin(cases, cases.c.id == looks.c.case_id)
            .outerjoin(people, people.c.id == looks.c.person)
            .where(*_conditions(wanted))
            .order_by(looks.c.at.desc(), looks.c.id.desc())
            .limit(limit)
        )
        return [(id, Look(*row)) for id, *row in self._connection.execute(query)]

    def forget(self, now: datetime) -> int:
        """Drop looks after three years; returns how many."""
        return self._connection.execute(delete(looks).where(looks.c.at < now - KEEP)).rowcount

    def _read(self, condition: ColumnElement[bool]) -> list[Look]:
        query = select(*_LOOK).where(condition).order_by(looks.c.at, looks.c.id)
        return [Look(*row) for row in self._connection.execute(query)]


def _conditions(wanted: LookFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.grids is not None:
        found.append(_within(wanted.grids, wanted.nodes))
    if wanted.about is not None:
        found.append(or_(looks.c.case_id == wanted.about, cases.c.grid == wanted.about))
    if wanted.name is not None:
        found.append(people.c.name.contains(wanted.name, autoescape=True))
    if wanted.since is not None:
        found.append(looks.c.at >= wanted.since)
    if wanted.until is not None:
        found.append(looks.c.at < wanted.until)
    if wanted.before is not None:
        at, id = wanted.before
        found.append(or_(looks.c.at < at, (looks.c.at == at) & (looks.c.id < id)))
    return found


def _within(grids: frozenset[str], nodes: frozenset[str]) -> ColumnElement[bool]:
    of_case = cases.c.id.is_not(None)
    return or_(
        of_case & cases.c.grid.in_(sorted(grids)),
        ~of_case & looks.c.case_id.in_(sorted(nodes)),
    )
