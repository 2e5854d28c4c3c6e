"""一周一简报: what a week came to in a part of the town.

The law of this file: a pure function of counts. What is private is one number and stands in no table; what
comes fewer than three times stands together with others of its kind or is not told apart at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, time, timedelta, tzinfo
from operator import attrgetter
from typing import Any, Final

from intake.figures import LEAST, Counts, Slice, apart
from intake.periods import Period, last_week

TOP: Final = 10
"""Items that are named."""
MONDAY: Final = 0


@dataclass(frozen=True, slots=True)
class Marks:
    """What a case counts as in the table of departments and among wishes, or how many do."""

    in_time: int = 0
    late: int = 0
    open: int = 0
    returned: int = 0
    unhappy: int = 0
    published: int = 0
    taken_up: int = 0
    fulfilled: int = 0

    def plus(self, other: Marks, times: int = 1) -> Marks:
        """The sum, with the other as often as said."""
        pairs = zip(_ALL(self), _ALL(other), strict=True)
        return Marks(*(mine + theirs * times for mine, theirs in pairs))


_ALL: Final = attrgetter(*(field.name for field in fields(Marks)))


@dataclass(frozen=True, slots=True)
class Tally:
    """So many cases are alike in all of this; `this`: of the week itself, not of the one before."""

    this: bool
    private: bool
    source: str
    category: str
    item: str
    lead: str
    nature: str
    marks: Marks
    count: int


@dataclass(frozen=True, slots=True)
class Part:
    """Cases of one kind; `key` is None for those that stand together, "" for those of none."""

    key: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Rising:
    """An item that comes much more often than in the week before."""

    item: str
    now: int
    before: int


@dataclass(frozen=True, slots=True)
class Work:
    """What a department was sent, and what became of it."""

    lead: str | None
    sent: int
    marks: Marks


@dataclass(frozen=True, slots=True)
class Brief:
    """`opened` counts every case of the week, `private` those of them that stand in nothing else here; `late`
    and `due` are open ones when it was drafted: past a limit, and to be finished in the week to come."""

    opened: int
    before: int
    private: int
    sources: tuple[Part, ...] = ()
    categories: tuple[Part, ...] = ()
    items: tuple[Part, ...] = ()
    rising: tuple[Rising, ...] = ()
    work: tuple[Work, ...] = ()
    wishes: Marks = Marks()
    late: int = 0
    due: int = 0
    natures: tuple[Part, ...] = ()

    @property
    def public(self) -> int:
        """How many stand in the tables."""
        return self.opened - self.private

    def stored(self) -> dict[str, Any]:
        """As JSON-like values."""
        return asdict(self)

    @staticmethod
    def of(stored: Mapping[str, Any]) -> Brief:
        """What `stored` made."""
        sources, categories, items = (
            tuple(Part(**one) for one in stored[name])
            for name in ("sources", "categories", "items")
        )
        work = tuple(
            Work(one["lead"], one["sent"], Marks(**one["marks"])) for one in stored["work"]
        )
        rising = tuple(Rising(**one) for one in stored["rising"])
        return Brief(
            stored["opened"],
            stored["before"],
            stored["private"],
            sources,
            categories,
            items,
            rising,
            work,
            Marks(**stored["wishes"]),
            stored["late"],
            stored["due"],
            tuple(Part(**one) for one in stored.get("natures", ())),
        )


def next_brief(now: datetime, at: time, zone: tzinfo) -> datetime:
    """The first local Monday `at` after `now`."""
    local = now.astimezone(zone)
    day = local.date() + timedelta(days=(MONDAY - local.weekday()) % 7)
    due = datetime.combine(day, at, zone)
    return due if due > local else datetime.combine(day + timedelta(days=7), at, zone)


def week_of(now: datetime, at: time, zone: tzinfo) -> Period:
    """The week that the last brief before `now` is of: the one before the Monday that struck last."""
    struck = next_brief(now, at, zone) - timedelta(days=7)
    return last_week(struck)


def name_of(week: Period, zone: tzinfo) -> str:
    """A week by its Monday."""
    return week.start.astimezone(zone).date().isoformat()


def week_named(name: str, zone: tzinfo) -> Period | None:
    """The week of this Monday; None where that is none."""
    try:
        day = date.fromisoformat(name)
    except ValueError:
        return None
    if day.weekday() != MONDAY or not 2000 <= day.year <= 2999:
        return None
    return last_week(datetime.combine(day + timedelta(days=7), time(), zone))


def brief_of(tallies: Sequence[Tally], late: int, due: int) -> Brief:
    """The brief of a week, out of all that was opened in it and in the week before."""
    this = [one for one in tallies if one.this]
    public = [one for one in this if not one.private]
    past = [one for one in tallies if not one.this]
    return Brief(
        opened=_sum(this),
        before=_sum(past),
        private=_sum(one for one in this if one.private),
        sources=_parts(_by(public, "source")),
        categories=_parts(_by(public, "category")),
        items=tuple(one for one in _parts(_by(public, "item")) if one.key)[:TOP],
        rising=_rising(_by(public, "item"), _by([p for p in past if not p.private], "item")),
        work=_work(public),
        wishes=_marks(public),
        late=late,
        due=due,
        natures=_parts(_by(public, "nature")),
    )


def _sum(some: Iterable[Tally]) -> int:
    return sum(one.count for one in some)


def _by(some: Iterable[Tally], field: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in some:
        found[getattr(one, field)] += one.count
    return found


def _parts(counts: Mapping[str, int]) -> tuple[Part, ...]:
    """The most first; what is rare as one at the end."""
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    told = apart([Slice(key, Counts(count)) for key, count in ordered])
    return tuple(Part(one.key, one.counts.opened) for one in told)


def _rising(now: Mapping[str, int], before: Mapping[str, int]) -> tuple[Rising, ...]:
    """At least three, and at least twice as many as the week before."""
    some = [
        Rising(item, count, before.get(item, 0))
        for item, count in now.items()
        if item and count >= LEAST and count >= 2 * before.get(item, 0)
    ]
    return tuple(sorted(some, key=lambda one: (one.before - one.now, one.item)))


def _work(public: Sequence[Tally]) -> tuple[Work, ...]:
    """Departments with at least three cases, and the others together."""
    sent = {lead: [one for one in public if one.lead == lead] for lead in _by(public, "lead")}
    sent.pop("", None)
    parts = _parts({lead: _sum(some) for lead, some in sent.items()})
    named = {part.key for part in parts}
    rest = [one for lead, some in sent.items() if lead not in named for one in some]
    return tuple(
        Work(part.key, part.count, _marks(rest if part.key is None else sent[part.key]))
        for part in parts
    )


def _marks(some: Iterable[Tally]) -> Marks:
    total = Marks()
    for one in some:
        total = total.plus(one.marks, one.count)
    return total
