"""What of cases has had its time.

The law of this file: a neighbour's words go 90 days after they were said, as neighbours are told; only what
opened a case stays until the case is over, for it is still worked on. The score goes a year after the end,
the whole case three years after it. Cases that were merged go with the one that they were merged into. A
few thousand rows at a time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    Text,
    and_,
    delete,
    func,
    or_,
    select,
    tuple_,
    type_coerce,
    update,
)

from intake.cases import PATROL
from intake.lifecycle import Action
from storage.case_tables import cases, entries, followers, gatherings, held, lines, prompts, timers
from storage.cases import KEEP_WORDS
from storage.cover_tables import covers
from storage.tables import invites

KEEP_SCORES: Final = timedelta(days=365)
"""评价: how long what a neighbour thought of it is kept."""
KEEP_CASES: Final = timedelta(days=3 * 365)
"""诉求台账: how long a case is kept after its end, dangers like others."""
KEEP_HALF_SAID: Final = timedelta(days=1)
"""What waits for a next line whose clock was lost, and questions that nobody answered."""
KEEP_STAFF: Final = timedelta(days=3 * 365)
"""Who was invited and who stood in for whom, after it was over."""
_SWEEP: Final = 5_000
_FOUND: Final = type_coerce(cases.c.chat, Text).startswith(f"{PATROL}:")
"""Found by staff on their round: their words of it are words of work."""


class Retention:
    """Forgetting within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def forget(self, now: datetime) -> int:
        """Let go of what has had its time; returns how many rows were touched: call it again while it
        returns something."""
        words = self._said(now) + self._steps(now)
        return words + self._scores(now) + self._cases(now) + self._rest(now)

    def _said(self, now: datetime) -> int:
        """The words that opened a case which is over, and those by which its reporter ended it."""
        before = now - KEEP_WORDS
        opened = and_(~cases.c.is_open, cases.c.opened_at < before, cases.c.said.is_not(None))
        theirs = and_(cases.c.done_by == cases.c.reporter, ~_FOUND, cases.c.done_words.is_not(None))
        return self._blank(opened, said="") + self._blank(
            and_(theirs, _ended_before(before)), done_words=None
        )

    def _blank(self, which: ColumnElement[bool], **fields: str | None) -> int:
        old = select(cases.c.id).where(which).limit(_SWEEP)
        done = self._connection.execute(update(cases).where(cases.c.id.in_(old)).values(**fields))
        return done.rowcount

    def _steps(self, now: datetime) -> int:
        """A neighbour's words in timelines. Of an open case only what they told: where staff reported it, its
        other steps are work."""
        before = now - KEEP_WORDS
        own = (entries.c.actor == cases.c.reporter) & ~_FOUND
        ended = own & entries.c.action.in_((Action.REOPEN, Action.FINISH))
        told = or_(entries.c.action == Action.SUPPLEMENT, ended)
        old = (
            select(entries.c.case_id, entries.c.seq)
            .join(cases, cases.c.id == entries.c.case_id)
            .where(
                entries.c.at < before,
                entries.c.words.is_not(None),
                entries.c.action != Action.RATE,
                or_(told, own & _ended_before(before)),
            )
            .limit(_SWEEP)
        )
        return self._blank_steps(old)

    def _scores(self, now: datetime) -> int:
        """Scores, and the steps that gave them."""
        over = _ended_before(now - KEEP_SCORES)
        rated = (
            select(entries.c.case_id, entries.c.seq)
            .join(cases, cases.c.id == entries.c.case_id)
            .where(over, entries.c.action == Action.RATE, entries.c.words.is_not(None))
            .limit(_SWEEP)
        )
        steps = self._blank_steps(rated)
        return steps + self._blank(and_(over, cases.c.score.is_not(None)), score=None)

    def _blank_steps(self, old: Select[Any]) -> int:
        key = tuple_(entries.c.case_id, entries.c.seq)
        done = self._connection.execute(update(entries).where(key.in_(old)).values(words=""))
        return done.rowcount

    def _cases(self, now: datetime) -> int:
        """Whole cases with all that hangs on them, and what was merged into them."""
        old = (
            select(cases.c.id)
            .where(cases.c.merged_into.is_(None), _ended_before(now - KEEP_CASES))
            .limit(_SWEEP)
        )
        mains = list(self._connection.scalars(old))
        if not mains:
            return 0
        merged = self._connection.scalars(select(cases.c.id).where(cases.c.merged_into.in_(mains)))
        gone = [*mains, *merged]
        for table in (entries, lines, followers, prompts):
            self._connection.execute(delete(table).where(table.c.case_id.in_(gone)))
        self._connection.execute(delete(timers).where(timers.c.subject.in_(gone)))
        self._connection.execute(delete(cases).where(cases.c.id.in_(gone)))
        return len(gone)

    def _rest(self, now: datetime) -> int:
        """What is half said, and who was invited or stood in."""
        return (
            self._drop(gatherings, gatherings.c.last_at < now - KEEP_HALF_SAID)
            + self._drop(prompts, prompts.c.expires_at < now - KEEP_HALF_SAID)
            + self._drop(held, held.c.expires_at < now - KEEP_HALF_SAID)
            + self._drop(invites, invites.c.expires_at < now - KEEP_STAFF)
            + self._drop(covers, covers.c.ends_at < now - KEEP_STAFF)
        )

    def _drop(self, table: Table, old: ColumnElement[bool]) -> int:
        return self._connection.execute(delete(table).where(old)).rowcount


def _ended_before(moment: datetime) -> ColumnElement[bool]:
    """A case that is over since before then."""
    return ~cases.c.is_open & (func.coalesce(cases.c.closed_at, cases.c.opened_at) < moment)
