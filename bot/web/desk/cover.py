"""请假代班: who stands in for whom, from which day to which.

The law of this file: whether it may be is asked of `intake.covering` in the transaction that sets it, with
both people held; who set or ended it is on record there too, and both are told.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from aiohttp import web

from bot.web.desk.acts import Acts
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate, form_of
from bot.web.desk.tree import Tree, tree_of
from bot.web.desk.words_cover import COVER, NO_DATE, NO_PERSON, NOT_FOUND, WRONG
from bot.web.site import go_to
from bot.wording.roles import ROLE_NAMES
from intake.covering import (
    COLLEAGUES,
    Cover,
    Wrong,
    handed_on,
    may_set,
    may_stand_in,
    same_work,
    wrong_with,
)
from intake.notices import Notice, ToPerson
from intake.people import Person, PersonId, Right, Role
from intake.taxonomy import Taxonomy
from intake.templates import Template
from storage.records import Look
from storage.tx import Tx

PATH: Final = "/desk/cover"
_MOST: Final = 500
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it came; `others`: it is that for somebody else's leave."""

    others: bool = False
    absent: str = ""
    stand_in: str = ""
    first: str = ""
    last: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A cover as the page has it."""

    id: str
    title: str
    absent: str
    days: str
    now: bool
    roles: str
    by: str
    may_end: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """What the page needs to know. `near` may stand in for who looks; `theirs` are those whose leave they
    may arrange, `staff` who may then stand in."""

    me: Person
    tree: Tree
    near: list[Person]
    theirs: list[Person]
    staff: list[Person]
    covers: list[Cover]
    people: dict[PersonId, Person]


class CoverPages:
    """`/desk/cover…`."""

    menu: Sequence[tuple[str, str, Gate]] = ((PATH, COVER["menu"], Gate.CASES),)

    def __init__(self, guard: DeskGuard, acts: Acts, taxonomy: Taxonomy) -> None:
        self._guard = guard
        self._store = guard.store
        self._acts = acts
        self._taxonomy = taxonomy

    def routes(self) -> list[DeskRoute]:
        return [
            DeskRoute("GET", PATH, Gate.CASES, self.look),
            DeskRoute("POST", PATH, Gate.CASES, self.set),
            DeskRoute("POST", f"{PATH}/{{id}}/end", Gate.CASES, self.end),
            DeskRoute("GET", f"{PATH}/{{id}}/end", Gate.CASES, self.back),
        ]

    async def look(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        done = request.query.get("done", "")
        return await self._page(here, note=COVER[done] if done in ("set", "ended") else "")

    async def back(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        """The address of a form that came back was opened anew."""
        return go_to(PATH)

    async def set(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        form = await form_of(request)
        names = ("absent", "stand_in", "first", "last")
        absent, stand_in, first, last = (str(form.get(name, "")).strip() for name in names)
        others = "absent" in form
        wrong = NO_PERSON if not stand_in or (others and not absent) else ""
        days = _day(first), _day(last)
        if not wrong and None in days:
            wrong = NO_DATE
        if not wrong and days[0] and days[1]:
            wrong = await self._set(here, absent or here.person.id, stand_in, days[0], days[1])
        if wrong:
            return await self._page(here, typed=Typed(others, absent, stand_in, first, last, wrong))
        return go_to(f"{PATH}?done=set")

    async def _set(
        self, here: AtDesk, absent: PersonId, stand_in: PersonId, first: date, last: date
    ) -> str:
        """Set it; why it cannot be, or ""."""
        now, zone = self._guard.clock(), self._guard.frame.zone
        starts = datetime.combine(first, time(), zone)
        ends = datetime.combine(last + _DAY, time(), zone)

        def work(tx: Tx) -> Wrong | None:
            tx.covers.hold([absent, stand_in])
            people = tx.people.many([absent, stand_in, here.person.id])
            away, person = people.get(absent), people.get(stand_in)
            if away is None or person is None:
                return Wrong.NOT_THEIRS if away is None else Wrong.NOT_NEAR
            cover = Cover(
                secrets.token_hex(8),
                absent,
                stand_in,
                handed_on(away),
                max(starts, now) if first == now.astimezone(zone).date() else starts,
                ends,
                here.person.id,
                now,
            )
            wrong = self._wrong(tx, people[here.person.id], away, person, cover, now)
            if wrong is None:
                tx.covers.add(cover)
                self._record(tx, here, cover, people, "cover", now)
                self._tell(tx, cover, people, ended=False)
            return wrong

        wrong = await self._store.write(work)
        if wrong is None:
            self._acts.told()
        return WRONG[wrong] if wrong else ""

    def _wrong(
        self, tx: Tx, setter: Person, away: Person, person: Person, cover: Cover, now: datetime
    ) -> Wrong | None:
        tree = tree_of(tx, self._taxonomy)
        paths = _paths(tree)
        if not may_set(setter, away, paths, tree.tops):
            return Wrong.NOT_THEIRS
        if not cover.grants:
            return Wrong.NOTHING
        if cover.starts_at < now:
            return Wrong.DATES
        known = tx.covers.ahead([away.id, person.id], now)
        return may_stand_in(setter, away, person, paths) or wrong_with(cover, known, now)

    async def end(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        id, now = request.match_info["id"], self._guard.clock()

        def work(tx: Tx) -> bool:
            cover = tx.covers.get(id)
            if cover is None:
                return False
            people = tx.people.many([cover.absent, cover.stand_in, here.person.id])
            absent, tree = people.get(cover.absent), tree_of(tx, self._taxonomy)
            me = people[here.person.id]
            if absent is None or not may_set(me, absent, _paths(tree), tree.tops):
                return False
            if not tx.covers.end(id, here.person.id, now):
                return False
            self._record(tx, here, cover, people, "cover end", now)
            self._tell(tx, cover, people, ended=True)
            return True

        if not await self._store.write(work):
            raise DeskRefusal(NOT_FOUND, 404)
        self._acts.told()
        return go_to(f"{PATH}?done=ended")

    def _record(
        self,
        tx: Tx,
        here: AtDesk,
        cover: Cover,
        people: Mapping[PersonId, Person],
        what: str,
        now: datetime,
    ) -> None:
        first, last = self._days(cover)
        words = COVER["record"].format(
            absent=_name(people, cover.absent),
            absent_id=cover.absent,
            stand_in=_name(people, cover.stand_in),
            stand_in_id=cover.stand_in,
            first=first,
            last=last,
        )
        where = sorted({grant.scope for grant in cover.grants})
        tx.audit.add([Look(scope, here.person.id, what, words, now) for scope in where])

    def _tell(
        self, tx: Tx, cover: Cover, people: Mapping[PersonId, Person], *, ended: bool
    ) -> None:
        first, last = self._days(cover)
        params = {
            "absent": _name(people, cover.absent),
            "stand_in": _name(people, cover.stand_in),
            "first": first,
            "last": last,
        }
        notices = [
            Notice(
                Template.STAFF_COVER,
                ToPerson(person),
                params | {"what": "ended" if ended else what},
            )
            for what, person in (("stand_in", cover.stand_in), ("absent", cover.absent))
        ]
        self._acts.tell(tx, [cover.absent, cover.stand_in], notices)

    async def _page(
        self, here: AtDesk, *, typed: Typed | None = None, note: str = ""
    ) -> web.StreamResponse:
        now, zone = self._guard.clock(), self._guard.frame.zone
        found = await self._store.read(lambda tx: self._find(tx, here, now))
        return self._guard.frame.page(
            "cover.html",
            400 if typed else 200,
            here=here,
            at=PATH,
            words=COVER,
            note=note,
            typed=typed or Typed(),
            has_work=bool(handed_on(found.me)),
            near=found.near,
            only_above=_only_above(found),
            theirs=found.theirs,
            staff=found.staff,
            today=now.astimezone(zone).date().isoformat(),
            covers=[self._shown(here, cover, found, now) for cover in found.covers],
        )

    def _find(self, tx: Tx, here: AtDesk, now: datetime) -> _Found:
        me = tx.people.get(here.person.id) or here.person
        tree = tree_of(tx, self._taxonomy)
        paths = _paths(tree)
        scopes = _around(tree, me) | _below(tree, me)
        staff = [person for person in tx.people.in_scopes(scopes) if handed_on(person)]
        staff.sort(key=lambda person: (person.name, person.id))
        theirs = [one for one in staff if one.id != me.id and may_set(me, one, paths, tree.tops)]
        covers = tx.covers.ahead([me.id, *(one.id for one in theirs)], now)
        known = {id for c in covers for id in (c.absent, c.stand_in, c.made_by)}
        return _Found(
            me,
            tree,
            [one for one in staff if may_stand_in(me, me, one, paths) is None][:_MOST],
            theirs[:_MOST],
            staff[:_MOST] if theirs else [],
            covers,
            tx.people.many(known),
        )

    def _shown(self, here: AtDesk, cover: Cover, found: _Found, now: datetime) -> Shown:
        first, last = self._days(cover)
        absent = _name(found.people, cover.absent)
        stand_in = _name(found.people, cover.stand_in)
        theirs = {found.me.id, *(one.id for one in found.theirs)}
        roles = (
            f"{found.tree.scope_name(grant)} {ROLE_NAMES[grant.role.value]}"
            for grant in cover.grants
        )
        return Shown(
            cover.id,
            COVER["of"].format(absent=absent, stand_in=stand_in),
            absent,
            COVER["days"].format(first=first, last=last),
            cover.stands(now),
            COVER["roles"].format(roles="、".join(roles)),
            COVER["by"].format(name=_name(found.people, cover.made_by)),
            cover.absent in theirs,
        )

    def _days(self, cover: Cover) -> tuple[str, str]:
        """The first and the last day, both included."""
        zone = self._guard.frame.zone
        first = cover.starts_at.astimezone(zone)
        last = (cover.ends_at - timedelta(microseconds=1)).astimezone(zone)
        return f"{first.month}月{first.day}日", f"{last.month}月{last.day}日"


def _only_above(found: _Found) -> bool:
    """Whether nobody but those above them can be chosen by a grid worker or a moderator."""
    works_here = any(grant.role in COLLEAGUES for grant in handed_on(found.me))
    return works_here and not any(same_work(found.me, one) for one in found.near)


def _paths(tree: Tree) -> dict[str, tuple[str, ...]]:
    return {id: node.path for id, node in tree.nodes.items()}


def _around(tree: Tree, me: Person) -> set[str]:
    """The scopes in which a colleague of theirs may hold a role."""
    found = {grant.scope for grant in me.grants if grant.role is Role.DEPARTMENT}
    for grant in handed_on(me):
        node = tree.nodes.get(grant.scope)
        if node is None:
            continue
        over = tree.nodes.get(node.path[-2], node) if len(node.path) > 1 else node
        found |= {*node.path, *(one.id for one in tree.below(over))}
    return found


def _below(tree: Tree, me: Person) -> set[str]:
    """The scopes in which they may give roles."""
    tops = tree.scopes(me, Right.INVITE)
    found = {one.id for top in tops for one in tree.below(top)}
    everywhere = tree.everywhere(me, Right.INVITE)
    return found | set(tree.departments) if everywhere else found


def _name(people: Mapping[PersonId, Person], id: PersonId) -> str:
    return people[id].name if id in people else COVER["someone"]


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 < found.year < 9000 else None
