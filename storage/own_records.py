"""All that is kept of some people, and letting go of it.

The law of this file: words go of what is over, with their copies in timelines and posts, what holds their
photos, what they asked and what was to be learned from them; of what is open nothing goes. What staff say of
cases that are not their own is work, and stays. Who has no open case any more and no role loses name, address
and home as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    CompoundSelect,
    Connection,
    Exists,
    Select,
    and_,
    delete,
    exists,
    or_,
    select,
    update,
)

from intake.facts import Erased, OwnRecords
from intake.people import STAFF_ROLES, PersonId
from storage.answer_tables import asked
from storage.answers import ASKED_ROWS
from storage.case_tables import cases, entries, examples, followers, gatherings, lines
from storage.desk_load_sql import LINE_ROWS
from storage.dialect import Dialect
from storage.flow_tables import outbox
from storage.open_cases import CASE_ROWS
from storage.rows import AnyRow
from storage.tables import grants, people
from storage.withdrawn import forget_copies

_OVER = ~cases.c.is_open


def _works(person: Column[Any]) -> Exists:
    """Whether somebody's words of cases are words of work."""
    return exists().where(grants.c.person == person, grants.c.role.in_(sorted(STAFF_ROLES)))


class PeoplesRecords:
    """The records of people within one transaction."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect

    def of(self, some: Iterable[PersonId]) -> dict[PersonId, OwnRecords]:
        """What is kept of each, in the same number of statements however many they are."""
        ids = sorted(set(some))
        mine = CASE_ROWS.many(
            self._all(
                select(*CASE_ROWS.columns)
                .where(cases.c.reporter.in_(ids))
                .order_by(cases.c.opened_at, cases.c.id)
            )
        )
        said = LINE_ROWS.many(
            self._all(
                select(*LINE_ROWS.columns)
                .where(lines.c.case_id.in_(self._touched(ids)), lines.c.sender.in_(ids))
                .order_by(lines.c.at, lines.c.case_id, lines.c.message)
            )
        )
        follows = self._all(
            select(followers.c.person, followers.c.case_id)
            .where(followers.c.person.in_(ids))
            .order_by(followers.c.case_id)
        )
        told = ASKED_ROWS.many(
            self._all(
                select(*ASKED_ROWS.columns).where(asked.c.person.in_(ids)).order_by(asked.c.at)
            )
        )
        return {
            id: OwnRecords(
                tuple(case for case in mine if case.reporter == id),
                tuple(line for line in said if line.sender == id),
                tuple(row.case_id for row in follows if row.person == id),
                tuple(one for one in told if one.person == id),
            )
            for id in ids
        }

    def erase(self, some: Iterable[PersonId]) -> dict[PersonId, Erased]:
        """Let go of what is over; of each, how much that was and what is still being done."""
        ids = sorted(set(some))
        gone = self._words(ids)
        self._steps_and_copies(ids)
        self._connection.execute(delete(examples).where(examples.c.said_by.in_(ids)))
        self._connection.execute(delete(gatherings).where(gatherings.c.sender.in_(ids)))
        self._connection.execute(delete(asked).where(asked.c.person.in_(ids)))
        done = select(cases.c.id).where(_OVER)
        self._connection.execute(
            delete(followers).where(followers.c.person.in_(ids), followers.c.case_id.in_(done))
        )
        open_now = self._all(
            select(cases.c.reporter).where(cases.c.reporter.in_(ids), cases.c.is_open)
        )
        still = Counter(row.reporter for row in open_now)
        self._told_alone(ids)
        self._names([id for id in ids if not still[id]])
        return {id: Erased(gone[id], still[id]) for id in ids}

    def _words(self, ids: Sequence[PersonId]) -> Counter[PersonId]:
        """What they said that opened and ended their cases, and their scores."""
        mine = and_(cases.c.reporter.in_(ids), _OVER)
        found = self._all(
            select(cases.c.id, cases.c.reporter).where(
                mine, or_(cases.c.said.is_not(None), cases.c.score.is_not(None))
            )
        )
        learned = select(cases.c.id).where(mine)
        self._connection.execute(delete(examples).where(examples.c.case_id.in_(learned)))
        helped = and_(cases.c.id.in_(self._spoke(ids)), _OVER)
        for own in (
            and_(mine, cases.c.done_by == cases.c.reporter),
            and_(helped, cases.c.done_by.in_(ids), ~_works(cases.c.done_by)),
        ):
            self._connection.execute(update(cases).where(own).values(done_words=None))
        self._connection.execute(update(cases).where(mine).values(said="", place=None, score=None))
        return Counter(row.reporter for row in found)

    def _steps_and_copies(self, ids: Sequence[PersonId]) -> None:
        """Their lines, steps, and what was said of them, in whatever case that is over."""
        over = select(cases.c.id).where(_OVER, cases.c.id.in_(self._touched(ids)))
        theirs = and_(lines.c.sender.in_(ids), lines.c.case_id.in_(over))
        refs = [
            (row.message, str(row.chat))
            for row in self._all(select(lines.c.message, lines.c.chat).where(theirs))
        ]
        if refs:
            listed = {"messages": self._dialect.listed_pairs(refs)}
            forget_copies(self._connection, self._dialect, listed)
        self._connection.execute(update(lines).where(theirs).values(text="", media=()))
        self._connection.execute(
            update(entries)
            .where(entries.c.actor.in_(ids), entries.c.case_id.in_(over))
            .values(words="")
        )

    def _told_alone(self, ids: Sequence[PersonId]) -> None:
        """What was said to them alone, all that they asked for included."""
        theirs = select(people.c.private_chat).where(people.c.id.in_(ids))
        self._connection.execute(
            update(outbox)
            .where(outbox.c.chat.in_(theirs), outbox.c.due.is_(None))
            .values(text=None, params={})
        )

    def _names(self, ids: Sequence[PersonId]) -> None:
        """Who they are and where they are reached; whoever has a role stays known by it."""
        works = exists().where(grants.c.person == people.c.id)
        self._connection.execute(
            update(people)
            .where(people.c.id.in_(ids), ~works)
            .values(name="", private_chat=None, email=None, home=None)
        )

    def _touched(self, ids: Sequence[PersonId]) -> CompoundSelect[Any]:
        """Cases that they reported, follow, or spoke of as neighbours."""
        reported = select(cases.c.id).where(cases.c.reporter.in_(ids))
        follows = select(followers.c.case_id).where(followers.c.person.in_(ids))
        return reported.union_all(follows, self._spoke(ids))

    def _spoke(self, ids: Sequence[PersonId]) -> Select[Any]:
        return select(lines.c.case_id).where(lines.c.sender.in_(ids), ~_works(lines.c.sender))

    def _all(self, query: Select[Any]) -> Sequence[AnyRow]:
        return self._connection.execute(query).all()
