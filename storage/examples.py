"""Corrections, to be reviewed and learned from.

The law of this file: an example is what a person said; whether it is learned from is another person's
decision, kept beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, bindparam, func, or_, select, update

from intake.cases import CaseId, Example
from intake.people import PersonId
from intake.taxonomy import Visibility
from storage.case_tables import cases, examples
from storage.desk_save import EXAMPLE_ROWS

KEEP_UNLEARNED: Final = timedelta(days=90)
"""How long the words are kept of corrections that nobody accepted; those that are learned from stay until
their message is withdrawn."""


@dataclass(frozen=True, slots=True)
class StoredExample:
    """An example with its review; `accepted` is None until somebody has looked at it."""

    id: int
    example: Example
    accepted: bool | None = None
    reviewed_by: PersonId | None = None
    reviewed_at: datetime | None = None


class Examples:
    """The examples within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, some: Sequence[Example]) -> None:
        """Store examples that do not come through the desk."""
        if some:
            self._connection.execute(examples.insert(), EXAMPLE_ROWS.stored(some))

    def waiting(self, limit: int = 100) -> list[StoredExample]:
        """Those nobody has reviewed, oldest first."""
        return self._read(examples.c.reviewed_at.is_(None), limit)

    def accepted(self) -> list[StoredExample]:
        """Those to learn from, oldest first."""
        return self._read(examples.c.accepted.is_(True), None)

    def all(self) -> list[StoredExample]:
        """Every example, oldest first."""
        return self._read(examples.c.id.is_not(None), None)

    def latest(self, limit: int) -> list[StoredExample]:
        """The last that still have their words, oldest first."""
        query = select(examples.c.id).where(examples.c.text.is_not(None))
        newest = query.order_by(examples.c.id.desc()).limit(limit).subquery()
        return self._read(examples.c.id.in_(select(newest.c.id)), None)

    def since(self, at: datetime, most: int) -> list[StoredExample]:
        """Of the last `most` those that were said then or later, oldest first."""
        newest = select(examples.c.id).order_by(examples.c.id.desc()).limit(most).subquery()
        return self._read(examples.c.id.in_(select(newest.c.id)) & (examples.c.at >= at), None)

    def said_of(self, cases: Sequence[CaseId]) -> set[tuple[CaseId, str]]:
        """What people said that these cases are: (case, label)."""
        query = select(examples.c.case_id, examples.c.label).where(examples.c.case_id.in_(cases))
        return {(case, label) for case, label in self._connection.execute(query)}

    def with_words(
        self, words: Collection[str], grids: Collection[str], most: int = 200
    ) -> list[tuple[str, str]]:
        """The words and the label of the last corrections in these grids with one of `words` in them; what
        was refused and what is private stays out."""
        query = (
            select(examples.c.text, examples.c.label)
            .join(cases, cases.c.id == examples.c.case_id)
            .where(
                or_(*(examples.c.text.contains(word, autoescape=True) for word in sorted(words))),
                cases.c.grid.in_(sorted(grids)),
                cases.c.visibility != Visibility.PRIVATE,
                examples.c.accepted.is_not(False),
            )
            .order_by(examples.c.id.desc())
            .limit(most)
        )
        return [(text, label) for text, label in self._connection.execute(query)]

    def get(self, id: int) -> StoredExample | None:
        """One example."""
        return next(iter(self._read(examples.c.id == id, 1)), None)

    def review(self, id: int, accepted: bool, by: PersonId, at: datetime) -> bool:
        """Accept or refuse an example; False if there is no such one."""
        done = self._connection.execute(
            update(examples)
            .where(examples.c.id == id)
            .values(accepted=accepted, reviewed_by=by, reviewed_at=at)
        )
        return bool(done.rowcount)

    def forget(self, ids: Sequence[int], now: datetime) -> int:
        """Blank the words of those among `ids` (which nothing is learned from) that have had their time."""
        old = (examples.c.at < now - KEEP_UNLEARNED, examples.c.text.is_not(None))
        wanted = set(ids).intersection(self._connection.scalars(select(examples.c.id).where(*old)))
        if wanted:
            self._connection.execute(
                update(examples).where(examples.c.id == bindparam("b_id")).values(text=""),
                [{"b_id": id} for id in sorted(wanted)],
            )
        return len(wanted)

    def count(self) -> int:
        """How many there are."""
        return self._connection.scalar(select(func.count()).select_from(examples)) or 0

    def _read(self, condition: ColumnElement[bool], limit: int | None) -> list[StoredExample]:
        query = (
            select(
                *EXAMPLE_ROWS.columns,
                examples.c.id,
                examples.c.accepted,
                examples.c.reviewed_by,
                examples.c.reviewed_at,
            )
            .where(condition)
            .order_by(examples.c.id)
            .limit(limit)
        )
        return [
            StoredExample(
                row.id, EXAMPLE_ROWS.of(row), row.accepted, row.reviewed_by, row.reviewed_at
            )
            for row in self._connection.execute(query)
        ]
