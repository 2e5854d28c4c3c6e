"""Cover for leave (请假代班): for some days somebody stands in for somebody else.

The law of this file: a cover is a dated fact. While it stands, the stand-in sees and may do to cases what
the absent one may, and is alerted in their place; it ends by its date, and nothing has to be undone. It
reaches no further than what the absent one still holds. Who is on leave names a colleague of the same work
near by (grid workers and moderators of one community are colleagues); whoever may give the role may name
anybody of the staff. Nobody widens their own reach by it: who names themselves must hold all of it already.
Covers make no chains: who is absent stands in for nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from intake.appointing import Path, may_give
from intake.grids import DutyEntry, Grid
from intake.people import HANDED_ON, MAY, Grant, Person, PersonId, Right, Role
from intake.sight import DESK_ROLES

LONGEST = timedelta(days=31)
"""So long a cover may last; whoever is away longer is replaced by giving roles."""
AHEAD = timedelta(days=92)
"""So far ahead one may be set."""


COLLEAGUES = frozenset({Role.GRID_WORKER, Role.MODERATOR})
"""Of one community, these stand in for each other."""
_COMMUNITY = 3
"""District, street, community: so long is a community's path."""


@dataclass(frozen=True, slots=True)
class Cover:
    """`grants` is what is handed on, from `starts_at` until before `ends_at`; over earlier where it was
    ended. It was set by `made_by`."""

    id: str
    absent: PersonId
    stand_in: PersonId
    grants: tuple[Grant, ...]
    starts_at: datetime
    ends_at: datetime
    made_by: PersonId
    made_at: datetime
    ended_at: datetime | None = None
    ended_by: PersonId | None = None

    def stands(self, now: datetime) -> bool:
        return self.ended_at is None and self.starts_at <= now < self.ends_at

    def stood(self, then: datetime) -> bool:
        """Whether it stood at that moment, though it may be over now."""
        return self.starts_at <= then < min(self.ends_at, self.ended_at or self.ends_at)

    def meets(self, other: Cover) -> bool:
        """Whether the two share a moment. One that was ended shares none any more."""
        open_both = self.ended_at is None and other.ended_at is None
        return open_both and self.starts_at < other.ends_at and other.starts_at < self.ends_at


class Wrong(StrEnum):
    """Why a cover cannot be set."""

    NOT_THEIRS = "not_theirs"  # neither their own leave nor a role that they may give
    NOTHING = "nothing"  # the absent one has no work to hand on
    SELF = "self"  # nobody stands in for themselves
    NOT_NEAR = "not_near"  # the stand-in does other work, or far away
    WIDER = "wider"  # who sets it would see more by it than before
    DATES = "dates"
    LONG = "long"
    TWICE = "twice"  # somebody stands in already for some of that time
    AWAY = "away"  # the stand-in is on leave themselves
    STANDS_IN = "stands_in"  # the absent one stands in for another


def handed_on(absent: Person) -> tuple[Grant, ...]:
    """The roles that a cover hands on: those that work on cases."""
    return tuple(grant for grant in absent.grants if grant.role in DESK_ROLES)


def may_set(
    setter: Person, absent: Person, paths: Mapping[str, Path], tops: Sequence[Path]
) -> bool:
    """Whether they may say who stands in for `absent`. `paths` leads from a scope of the tree down to it;
    `tops` are the uppermost nodes."""
    if setter.id == absent.id:
        return True
    grants = handed_on(absent)
    return bool(grants) and all(
        may_give(setter, grant.role, _reach(grant, paths, tops)) for grant in grants
    )


def may_stand_in(
    setter: Person, absent: Person, person: Person, paths: Mapping[str, Path]
) -> Wrong | None:
    """Why `person` cannot be named by somebody who may set it; None: they can."""
    grants = handed_on(absent)
    if person.id == absent.id:
        return Wrong.SELF
    if not handed_on(person):
        return Wrong.NOT_NEAR
    if person.id == setter.id and not all(_holds(person, one, paths) for one in grants):
        return Wrong.WIDER
    near = all(_holds(person, one, paths) or _is_near(person, one, paths) for one in grants)
    return Wrong.NOT_NEAR if setter.id == absent.id and not near else None


def same_work(absent: Person, person: Person) -> bool:
    """Whether they do work of the same kind; those above them do not."""
    return any(
        one.role is grant.role or {one.role, grant.role} <= COLLEAGUES
        for grant in handed_on(absent)
        for one in handed_on(person)
    )


def wrong_with(cover: Cover, known: Iterable[Cover], now: datetime) -> Wrong | None:
    """What is wrong with its time, beside the other covers of the two; None: nothing."""
    if cover.ends_at <= max(cover.starts_at, now) or cover.starts_at > now + AHEAD:
        return Wrong.DATES
    if cover.ends_at - cover.starts_at > LONGEST:
        return Wrong.LONG
    for other in known:
        if not cover.meets(other):
            continue
        if other.absent == cover.absent:
            return Wrong.TWICE
        if other.absent == cover.stand_in:
            return Wrong.AWAY
        if other.stand_in == cover.absent:
            return Wrong.STANDS_IN
    return None


def standing_in(
    people: Mapping[PersonId, Person], covers: Iterable[Cover]
) -> dict[PersonId, Person]:
    """The people with what they stand in for under covers that stand now; the absent ones must be among
    them. What the absent one does not hold any more is handed on no more."""
    found = dict(people)
    for cover in covers:
        absent, person = people.get(cover.absent), found.get(cover.stand_in)
        if absent is None or person is None:
            continue
        grants = _still_held(cover, absent)
        found[person.id] = replace(
            person,
            covering=(*person.covering, *grants),
            stands_for=(*person.stands_for, absent.id) if grants else person.stands_for,
        )
    return found


def on_duty(
    grid: Grid, people: Mapping[PersonId, Person], covers: Iterable[Cover]
) -> tuple[DutyEntry, ...]:
    """A grid's duty list as it counts now: stand-ins in the place of the absent, nobody twice."""
    instead = stand_ins(grid, people, covers)
    found: dict[PersonId, DutyEntry] = {}
    for entry in grid.duty:
        person = instead.get(entry.person, entry.person)
        found.setdefault(person, replace(entry, person=person))
    return tuple(found.values())


def stand_ins(
    grid: Grid, people: Mapping[PersonId, Person], covers: Iterable[Cover]
) -> dict[PersonId, PersonId]:
    """Who stands in for whom in a grid: only where there is still something to hand on there, since whoever
    is alerted gets the words and must be able to act."""
    return {
        cover.absent: cover.stand_in
        for cover in covers
        if (absent := people.get(cover.absent)) is not None
        and any(grant.reaches(grid.path) for grant in _still_held(cover, absent))
    }


def guests(
    people: Mapping[PersonId, Person], covers: Iterable[Cover], path: Path
) -> list[PersonId]:
    """Who works on the grid of this path only by standing in, and so sits in none of its groups."""
    some = (people[cover.stand_in] for cover in covers if cover.stand_in in people)
    return sorted({person.id for person in some if _is_guest(person, path)})


def _still_held(cover: Cover, absent: Person) -> tuple[Grant, ...]:
    return tuple(grant for grant in cover.grants if grant in absent.grants)


def _is_guest(person: Person, path: Path) -> bool:
    own = any(grant.role in DESK_ROLES and grant.reaches(path) for grant in person.grants)
    return not own and any(grant.reaches(path) for grant in person.covering)


def _reach(grant: Grant, paths: Mapping[str, Path], tops: Sequence[Path]) -> Sequence[Path]:
    if grant.role is Role.DEPARTMENT:
        return tops
    return (paths[grant.scope],) if grant.scope in paths else ()


def _holds(person: Person, grant: Grant, paths: Mapping[str, Path]) -> bool:
    """Whether they may do all of it anyhow."""
    if grant.role is Role.DEPARTMENT:
        return grant in person.grants
    path = paths.get(grant.scope, ())
    mine = [MAY[one.role] for one in person.grants if one.reaches(path) and one.role in DESK_ROLES]
    rights = frozenset[Right]().union(*mine)
    return bool(mine) and MAY[grant.role] & HANDED_ON <= rights


def _is_near(person: Person, grant: Grant, paths: Mapping[str, Path]) -> bool:
    """Whether they have the same role under the node right above, or one of colleagues in the community."""
    path = paths.get(grant.scope, ())
    if grant.role is Role.DEPARTMENT or len(path) < 2:
        return False
    return any(
        (one.role is grant.role and path[-2] in paths.get(one.scope, ()))
        or ({one.role, grant.role} <= COLLEAGUES and _one_community(path, paths.get(one.scope, ())))
        for one in person.grants
    )


def _one_community(one: Path, other: Path) -> bool:
    return min(len(one), len(other)) >= _COMMUNITY and one[:_COMMUNITY] == other[:_COMMUNITY]
