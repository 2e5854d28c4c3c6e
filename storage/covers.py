"""Covers for leave: setting them, ending them, and who stands in now.

The law of this file: a cover is added and may be ended early; nothing else of it ever changes. What it gives
is worked out whenever people are loaded (`intake/covering.py`), so that it ends by its date alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, or_, select, update

from intake.covering import Cover, standing_in
from intake.people import Grant, Person, PersonId, Role
from storage.cover_tables import covers
from storage.dialect import Dialect
from storage.people import People
from storage.rows import AnyRow
from storage.tables import people


class Covers:
    """The covers within one transaction."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect

    def add(self, cover: Cover) -> None:
        """A new cover; `id` is the caller's own."""
        grants = tuple(f"{grant.role.value} {grant.scope}" for grant in cover.grants)
        self._connection.execute(
            covers.insert(),
            {
                "id": cover.id,
                "absent": cover.absent,
                "stand_in": cover.stand_in,
                "grants": grants,
                "starts_at": cover.starts_at,
                "ends_at": cover.ends_at,
                "made_by": cover.made_by,
                "made_at": cover.made_at,
            },
        )

    def end(self, id: str, by: PersonId, now: datetime) -> bool:
        """End it early; False if it was over already."""
        done = self._connection.execute(
            update(covers)
            .where(covers.c.id == id, covers.c.ended_at.is_(None), covers.c.ends_at > now)
            .values(ended_at=now, ended_by=by)
        )
        return bool(done.rowcount)

    def get(self, id: str) -> Cover | None:
        """One cover, over or not."""
        return next(iter(self._read(covers.c.id == id)), None)

    def standing(self, now: datetime) -> list[Cover]:
        """All that stand now."""
        return self._read(_open(now), covers.c.starts_at <= now)

    def ahead(self, persons: Iterable[PersonId], now: datetime) -> list[Cover]:
        """Those of these people, absent or standing in, that stand now or will, the next first."""
        ids = sorted(set(persons))
        return self._read(_open(now), or_(covers.c.absent.in_(ids), covers.c.stand_in.in_(ids)))

    def by(self, stand_ins: Iterable[PersonId]) -> list[Cover]:
        """All in which one of these people stood in or will, over or not."""
        return self._read(covers.c.stand_in.in_(sorted(set(stand_ins))))

    def hold(self, persons: Iterable[PersonId]) -> None:
        """Hold these people until commit, so that two covers are not set side by side."""
        query = (
            select(people.c.id)
            .where(self._dialect.among(people.c.id, "ids"))
            .order_by(self._dialect.ordered(people.c.id))
        )
        listed = self._dialect.listed(sorted(set(persons)))
        self._connection.execute(self._dialect.locked(query), {"ids": listed})

    def with_covering(self, person: Person, now: datetime) -> Person:
        """Somebody with what they stand in for now."""
        mine = self._read(_open(now), covers.c.starts_at <= now, covers.c.stand_in == person.id)
        if not mine:
            return person
        absent = People(self._connection, self._dialect).many(cover.absent for cover in mine)
        return standing_in({**absent, person.id: person}, mine)[person.id]

    def _read(self, *conditions: ColumnElement[bool]) -> list[Cover]:
        query = select(covers).where(*conditions).order_by(covers.c.starts_at, covers.c.id)
        return [_cover(row) for row in self._connection.execute(query)]


def near(
    some: Iterable[Cover],
    persons: Iterable[PersonId],
    paths: Mapping[str, Sequence[str]],
) -> tuple[Cover, ...]:
    """Those that touch one of these people, or a grid with one of these paths."""
    known, nodes = set(persons), {id for path in paths.values() for id in path}
    return tuple(
        cover
        for cover in some
        if cover.absent in known
        or cover.stand_in in known
        or any(grant.scope in nodes for grant in cover.grants)
    )


def _open(now: datetime) -> ColumnElement[bool]:
    return (covers.c.ends_at > now) & covers.c.ended_at.is_(None)


def _cover(row: AnyRow) -> Cover:
    id, absent, stand_in, grants, *rest = row
    pairs = (text.split(" ", 1) for text in grants)
    return Cover(id, absent, stand_in, tuple(Grant(Role(r), scope) for r, scope in pairs), *rest)
