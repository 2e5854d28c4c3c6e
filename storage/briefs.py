"""The weekly briefs, and the cases behind each of their numbers.

The law of this file: a number and the list behind it have one and the same condition. A draft is made once
for a week and a part of the town; released or discarded, it does not change any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import reduce
from operator import add
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    and_,
    case,
    delete,
    func,
    literal,
    or_,
    select,
    type_coerce,
    update,
)

from intake.briefing import Brief, Marks, Tally
from intake.cases import PATROL, Case
from intake.grids import ChatRef, Purpose
from intake.lifecycle import CaseKind, State
from intake.people import PersonId
from intake.periods import Period
from intake.sight import Sight
from intake.taxonomy import Visibility
from storage.brief_tables import briefs
from storage.case_figures import DONE, NOBODYS, SATISFIED, overdue
from storage.case_tables import cases
from storage.cases import seen
from storage.dialect import Dialect
from storage.open_cases import CASE_ROWS
from storage.rows import AnyRow
from storage.tables import chats

KEEP: Final = timedelta(days=3 * 365)
DRAFT, RELEASED, DISCARDED = "draft", "released", "discarded"
GROUP, CODE, ROUND = "group", "code", "round"
_WEEK: Final = timedelta(days=7)
_NAMES: Final = tuple(field.name for field in fields(Marks))
_PRIVATE: Final = cases.c.visibility == Visibility.PRIVATE
_CHAT: Final = type_coerce(cases.c.chat, Text)
SOURCE: Final = case(
    (_CHAT.startswith("qr:"), CODE), (_CHAT.startswith(f"{PATROL}:"), ROUND), else_=GROUP
)
_KINDS: Final[Mapping[str, ColumnElement[Any]]] = {
    "source": SOURCE,
    "category": func.coalesce(cases.c.category, ""),
    "item": func.coalesce(cases.c.item, ""),
    "lead": func.coalesce(cases.c.lead, ""),
    "nature": type_coerce(cases.c.nature, Text),
}


@dataclass(frozen=True, slots=True)
class StoredBrief:
    """A brief of the part `node` and of the week that begins on the Monday `week`."""

    node: str
    week: str
    made_at: datetime
    figures: Brief
    words: str
    state: str
    version: int
    chat: ChatRef | None
    decided_by: PersonId | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Number:
    """One of a brief's numbers: `what` it counts, and of which `key` where there are several."""

    what: str
    key: str = ""


class Briefs:
    """The briefs within one transaction."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect

    def tallies(self, grids: Iterable[str], week: Period) -> list[Tally]:
        """All that was opened in a week and in the one before, in one statement."""
        this = case((cases.c.opened_at >= week.start, 1), else_=0)
        private = case((_PRIVATE, 1), else_=0)
        keys = [this.label("this"), private.label("private")]
        keys += [key.label(name) for name, key in _KINDS.items()]
        told = (
            select(*keys, _bits().label("bits"))
            .where(
                cases.c.opened_at >= week.start - _WEEK,
                cases.c.opened_at < week.end,
                cases.c.state.not_in(NOBODYS),
                cases.c.grid.in_(sorted(set(grids))),
            )
            .cte("told")
        )
        found = self._connection.execute(select(*told.c, func.count()).group_by(*told.c))
        return [
            Tally(bool(row[0]), bool(row[1]), *row[2:7], _marks(row[7]), row[8]) for row in found
        ]

    def open_now(self, grids: Iterable[str], now: datetime) -> tuple[int, int]:
        """How many are past a limit, and how many are to be finished within a week."""
        late, due = _late(now), _due(now)
        query = select(func.count(case((late, 1))), func.count(case((due, 1)))).where(
            cases.c.is_open, cases.c.grid.in_(sorted(set(grids)))
        )
        past, ahead = self._connection.execute(query).one()
        return past, ahead

    def behind(
        self,
        number: Number,
        grids: Iterable[str],
        sight: Sight,
        week: Period,
        now: datetime,
        most: int,
    ) -> list[Case] | None:
        """The cases that a number counts, as far as somebody sees them; None: no such number."""
        counted = _counted(number, week, now)
        if counted is None:
            return None
        query = (
            select(*CASE_ROWS.columns)
            .where(*counted, cases.c.grid.in_(sorted(set(grids))), seen(sight))
            .order_by(cases.c.opened_at, cases.c.id)
            .limit(most)
        )
        return CASE_ROWS.many(self._connection.execute(query))

    def done_well(self, grids: Iterable[str], week: Period, most: int) -> list[Case]:
        """What may be told as an example: finished in the week, open to everybody, and its reporter content
        or silent."""
        query = (
            select(*CASE_ROWS.columns)
            .where(
                cases.c.grid.in_(sorted(set(grids))),
                cases.c.kind == CaseKind.REQUEST,
                cases.c.visibility == Visibility.GROUP,
                cases.c.state.in_((State.CLOSED, State.ARCHIVED)),
                cases.c.done_at >= week.start,
                cases.c.done_at < week.end,
                cases.c.done_words.is_not(None),
                # What was told alone or on a form may be repeated in staff's words.
                cases.c.chat.in_(select(chats.c.chat).where(chats.c.purpose == Purpose.RESIDENTS)),
                or_(cases.c.score.is_(None), cases.c.score >= SATISFIED),
            )
            .order_by(cases.c.score.is_(None), cases.c.voices.desc(), cases.c.id)
            .limit(most)
        )
        return CASE_ROWS.many(self._connection.execute(query))

    def draft(self, node: str, week: str, figures: Brief, words: str, now: datetime) -> bool:
        """A new draft; False where there is a brief of that week already."""
        insert = self._dialect.insert(briefs).on_conflict_do_nothing(
            index_elements=["node", "week"]
        )
        values = {
            "node": node,
            "week": week,
            "made_at": now,
            "figures": figures.stored(),
            "words": words,
            "state": DRAFT,
            "version": 1,
        }
        done = self._connection.execute(insert.returning(briefs.c.node), values)
        return done.first() is not None

    def get(self, node: str, week: str) -> StoredBrief | None:
        """One brief."""
        query = select(briefs).where(briefs.c.node == node, briefs.c.week == week)
        row = self._connection.execute(query).first()
        return _stored(row) if row else None

    def known(self, nodes: Iterable[str], week: str) -> set[str]:
        """Those of `nodes` that have a brief of that week."""
        wanted = self._dialect.among(briefs.c.node, "nodes")
        query = select(briefs.c.node).where(briefs.c.week == week, wanted)
        listed = self._dialect.listed(sorted(set(nodes)))
        return set(self._connection.scalars(query, {"nodes": listed}))

    def of(self, nodes: Iterable[str], most: int) -> list[StoredBrief]:
        """The briefs of these parts, the newest weeks first, drafts before others."""
        query = (
            select(briefs)
            .where(self._dialect.among(briefs.c.node, "nodes"))
            .order_by(briefs.c.week.desc(), briefs.c.state != DRAFT, briefs.c.node)
            .limit(most)
        )
        listed = self._dialect.listed(sorted(set(nodes)))
        return [_stored(row) for row in self._connection.execute(query, {"nodes": listed})]

    def reword(self, node: str, week: str, version: int, words: str) -> bool:
        """Other words for a draft; False where it is none any more, or has changed since that version."""
        return self._change(node, week, version, {"words": words})

    def decide(
        self,
        node: str,
        week: str,
        version: int,
        state: str,
        words: str,
        chat: ChatRef | None,
        by: PersonId,
        now: datetime,
    ) -> bool:
        """Release or discard a draft, once; False as for `reword`."""
        values = {"words": words, "chat": chat, "decided_by": by, "decided_at": now}
        return self._change(node, week, version, values | {"state": state})

    def _change(self, node: str, week: str, version: int, values: Mapping[str, Any]) -> bool:
        mine = (briefs.c.node == node) & (briefs.c.week == week)
        done = self._connection.execute(
            update(briefs)
            .where(mine, briefs.c.version == version, briefs.c.state == DRAFT)
            .values({**values, "version": version + 1})
        )
        return bool(done.rowcount)

    def forget(self, now: datetime) -> int:
        """Drop briefs after three years; how many."""
        old = briefs.c.made_at < now - KEEP
        return self._connection.execute(delete(briefs).where(old)).rowcount


def _conditions() -> dict[str, ColumnElement[bool]]:
    """What each of `Marks` counts."""
    done = and_(cases.c.done_at.is_not(None), cases.c.state.in_(DONE))
    limited = done & cases.c.resolve_due.is_not(None)
    published = (cases.c.kind == CaseKind.WISH) & cases.c.published.is_not(None)
    return {
        "in_time": limited & (cases.c.done_at <= cases.c.resolve_due),
        "late": limited & (cases.c.done_at > cases.c.resolve_due),
        "open": cases.c.is_open & ~done,
        "returned": cases.c.returns > 0,
        "unhappy": cases.c.score < SATISFIED,
        "published": published,
        "taken_up": published & or_(done, cases.c.taken_by.is_not(None)),
        "fulfilled": published & done,
    }


def _bits() -> ColumnElement[int]:
    told = _conditions()
    bits = [case((told[name], 1 << at), else_=0) for at, name in enumerate(_NAMES)]
    return reduce(add, bits)


def _marks(bits: int) -> Marks:
    return Marks(*(bits >> at & 1 for at in range(len(_NAMES))))


def _late(now: datetime) -> ColumnElement[bool]:
    return cases.c.is_open & overdue(now)


def _due(now: datetime) -> ColumnElement[bool]:
    owed = cases.c.state.not_in((State.HANDLED, State.TO_RATE))
    return cases.c.is_open & owed & cases.c.resolve_due.between(now, now + _WEEK)


def _counted(number: Number, week: Period, now: datetime) -> list[ColumnElement[bool]] | None:
    """What one number counts."""
    if number.what in ("late_now", "due"):
        return [_late(now) if number.what == "late_now" else _due(now)]
    moved = _WEEK if number.what == "before" else timedelta()
    told: list[ColumnElement[bool]] = [
        cases.c.opened_at >= week.start - moved,
        cases.c.opened_at < week.end - moved,
        cases.c.state.not_in(NOBODYS),
    ]
    if number.what in ("opened", "before"):
        return told
    if number.what == "private":
        return [*told, _PRIVATE]
    if number.what in _KINDS:
        return [*told, ~_PRIVATE, _KINDS[number.what] == literal(number.key)]
    if number.what not in _NAMES:
        return None
    of_lead = [_KINDS["lead"] == literal(number.key)] if number.key else []
    return [*told, ~_PRIVATE, _conditions()[number.what], *of_lead]


def _stored(row: AnyRow) -> StoredBrief:
    values = row._asdict()
    return StoredBrief(**values | {"figures": Brief.of(values["figures"])})
