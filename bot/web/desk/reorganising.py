"""A department is renamed, merged into another, or on its own again.

The law of this file: decided and saved in one transaction with everything that hangs on it: the arrangement,
the open cases, the people. Before a merge it is shown what goes over; a page that is older than the last
change changes nothing. Who did it and why is on record.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from urllib.parse import quote

from aiohttp import web

from bot.leaving import hand_on
from bot.web.desk.acts import Acts, Outdated
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate, form_of
from bot.web.desk.town import PATH, Town
from bot.web.desk.tree import DEPARTMENT, Node, tree_of
from bot.web.desk.words_reorganising import REORGANISING, TOLD, Wrong
from bot.web.desk.words_town import Not
from bot.web.room.text import clean
from bot.web.site import go_to
from intake.desk import Desk
from intake.facts import Wants
from intake.people import Right
from intake.reorganising import DepartmentChange, arranged, give_back, hand_over
from intake.taxonomy import Taxonomy
from storage.records import Look, StaleCase
from storage.tx import Tx

_LONGEST: Final = 30
_LONGEST_WHY: Final = 60


@dataclass(frozen=True, slots=True)
class Merge:
    """What a merge would bring: to which department, and how many of each go over."""

    into: str
    name: str
    cases: int
    people: int
    items: int
    chats: int


@dataclass(frozen=True, slots=True)
class _Held:
    """A department in a transaction: where it stands in the tree, what was changed of it so far, and the
    taxonomy as it is arranged there. `seen` tells one arrangement from another."""

    node: Node
    change: DepartmentChange
    taxonomy: Taxonomy
    seen: str


class Reorganising:
    """The forms on the page of a department."""

    menu: Sequence[tuple[str, str, Gate]] = ()

    def __init__(
        self, guard: DeskGuard, acts: Acts, town: Town, renamed: Callable[[], Awaitable[None]]
    ) -> None:
        self._guard = guard
        self._acts = acts
        self._town = town
        self._renamed = renamed

    def routes(self) -> list[DeskRoute]:
        at, gate = f"{PATH}/at/{{node}}/department", Gate.REORGANISE
        return [
            DeskRoute("GET", at, gate, self.look),
            DeskRoute("POST", f"{at}/name", gate, self.name),
            DeskRoute("POST", f"{at}/merge", gate, self.merge),
            DeskRoute("POST", f"{at}/part", gate, self.part),
        ]

    async def look(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        """The form, and with `into` what a merge would bring."""
        return await self._page(request, here, dict(request.query))

    async def name(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        form = await _typed(request)
        name = " ".join(clean(form.get("new", "")).split())

        def work(tx: Tx) -> str:
            held = self._held(tx, request, here, hold=True)
            others = (one for one in held.taxonomy.departments.values() if one.id != held.node.id)
            if not name or len(name) > _LONGEST:
                return Wrong.NAME
            if any(one.name == name for one in others):
                return Wrong.NAME_TAKEN.format(name=name)
            if form.get("was") != held.node.name:
                return Wrong.STALE
            if name != held.node.name:
                now, why = self._guard.clock(), f"{held.node.name} → {name}"
                tx.departments.put(replace(held.change, name=name, by=here.person.id, at=now))
                tx.audit.add([Look(held.node.id, here.person.id, "name", why, now)])
            return ""

        return await self._answer(request, here, form | {"do": "name"}, work, "name")

    async def merge(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        form = await _typed(request)
        into, why = form.get("into", ""), " ".join(clean(form.get("why", "")).split())

        def work(tx: Tx) -> str:
            held = self._held(tx, request, here, hold=True)
            problem = _wrong(held, into) or (Wrong.WHY if not why else "")
            if not problem and form.get("seen") != held.seen:
                problem = Wrong.STALE
            if not problem:
                self._merged(tx, here, held, into, why[:_LONGEST_WHY])
            return problem

        return await self._answer(request, here, form | {"do": "merge"}, work, "merged")

    async def part(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        form = await _typed(request)

        def work(tx: Tx) -> str:
            held = self._held(tx, request, here, hold=True)
            into = held.change.into
            if into is None:
                return Wrong.NOT_MERGED
            if held.taxonomy.departments[into].into is not None:
                return Wrong.PART_FIRST.format(name=held.taxonomy.departments[into].name)
            self._parted(tx, here, held, into)
            return ""

        return await self._answer(request, here, form | {"do": "part"}, work, "parted")

    def _held(self, tx: Tx, request: web.Request, here: AtDesk, hold: bool = False) -> _Held:
        """With `hold`, no case comes in before this is committed. Raises DeskRefusal where it is not
        theirs."""
        if hold:
            tx.departments.hold()
        changes = tx.departments.all()
        taxonomy = arranged(self._acts.rules.taxonomy, changes)
        node = self._town.visible(tree_of(tx, taxonomy), here.person, request.match_info["node"])
        if node.kind != DEPARTMENT or not node.within(here.person, Right.REORGANISE):
            raise DeskRefusal(Not.NODE, 404)
        none = DepartmentChange(node.id, None, None, here.person.id, self._guard.clock())
        mine = next((one for one in changes if one.code == node.id), none)
        return _Held(node, mine, taxonomy, str(max((one.at for one in changes), default="")))

    def _merged(self, tx: Tx, here: AtDesk, held: _Held, into: str, why: str) -> None:
        now, old = self._guard.clock(), held.node.id
        ids = tx.departments.open_cases([old])
        tx.departments.put(replace(held.change, into=into, by=here.person.id, at=now, why=why))
        tx.departments.hand_over_people(old, into, now)
        tx.departments.cover_too(tx.covers.standing(now), old, into)
        desk = self._desk(tx, here, ids, now)
        hand_over(desk, old, into, here.person, why)
        self._acts.save(tx, desk)
        told = f"{held.node.name} → {held.taxonomy.departments[into].name}，{why}"
        tx.audit.add([Look(old, here.person.id, "merge_department", told, now)])

    def _parted(self, tx: Tx, here: AtDesk, held: _Held, into: str) -> None:
        now, old = self._guard.clock(), held.node.id
        ids = tx.departments.open_cases([into])
        tx.departments.put(replace(held.change, into=None, by=here.person.id, at=now, why=""))
        lent = tx.departments.came_by(old, into)
        tx.departments.take_back_people(old, into)
        desk = self._desk(tx, here, ids, now)
        give_back(desk, held.change, tx.departments.last_steps(ids), here.person)
        self._acts.save(tx, desk)
        for person in tx.people.many(lent).values():
            around = self._acts.around()
            hand_on(tx, desk.rules, around, person, here.person.id, (), now, elsewhere=True)
        told = f"{held.node.name} ← {held.taxonomy.departments[into].name}"
        tx.audit.add([Look(old, here.person.id, "part_department", told, now)])

    def _desk(self, tx: Tx, here: AtDesk, ids: Sequence[str], now: datetime) -> Desk:
        """The desk with those cases, by the arrangement as it is in this transaction."""
        grids = frozenset(case.grid for case in tx.cases.many(ids).values())
        wants = Wants(identities=frozenset({here.person.id}), cases=frozenset(ids), grids=grids)
        taxonomy = arranged(self._acts.rules.taxonomy, tx.departments.all())
        return self._acts.desk(tx, wants, now, replace(self._acts.rules, taxonomy=taxonomy))

    async def _answer(
        self,
        request: web.Request,
        here: AtDesk,
        form: Mapping[str, str],
        work: Callable[[Tx], str],
        told: str,
    ) -> web.StreamResponse:
        try:
            problem = await self._guard.store.write(work)
        except StaleCase as stale:
            raise Outdated from stale
        if problem:
            return await self._page(request, here, form, problem)
        await self._renamed()
        self._acts.told()
        at = request.match_info["node"]
        where = f"{PATH}/at/{quote(at, safe='')}/department?told={told}"
        return go_to(where)

    async def _page(
        self, request: web.Request, here: AtDesk, form: Mapping[str, str], problem: str = ""
    ) -> web.StreamResponse:
        into = form.get("into", "")

        def work(tx: Tx) -> tuple[_Held, Merge | None]:
            held = self._held(tx, request, here)
            return held, None if not into or _wrong(held, into) else _preview(tx, held, into)

        held, preview = await self._guard.store.read(work)
        if not problem and into and preview is None:
            problem = _wrong(held, into)
        departments = held.taxonomy.departments
        mine = departments[held.node.id]
        others = [one for one in departments.values() if one.into is None and one is not mine]
        return self._guard.frame.page(
            "town_department.html",
            _status(problem),
            here=here,
            at=PATH,
            words=REORGANISING,
            node=held.node,
            mine=mine,
            into=departments.get(mine.into or ""),
            change=held.change,
            others=others,
            preview=preview,
            seen=held.seen,
            typed=form,
            problem=problem,
            told=TOLD.get(form.get("told", ""), ""),
        )


def _status(problem: str) -> int:
    if not problem:
        return 200
    return 409 if problem in (Wrong.STALE, Wrong.MERGED) else 400


async def _typed(request: web.Request) -> dict[str, str]:
    return {name: str(value) for name, value in (await form_of(request)).items()}


def _wrong(held: _Held, into: str) -> str:
    """Why it cannot be merged into that one."""
    departments = held.taxonomy.departments
    if departments[held.node.id].into is not None:
        return Wrong.MERGED
    if into not in departments or into == held.node.id or departments[into].into is not None:
        return Wrong.INTO
    return ""


def _preview(tx: Tx, held: _Held, into: str) -> Merge:
    old = held.node.id
    there = {one.id for one in tx.people.in_department(into)}
    people = [one for one in tx.people.in_department(old) if one.id not in there]
    items = held.taxonomy.items.values()
    return Merge(
        into,
        held.taxonomy.departments[into].name,
        len(tx.departments.open_cases([old])),
        len(people),
        sum(old in (item.lead, *item.co) for item in items),
        len(tx.chats.of_department(old)) + len(tx.grids.outlets(old)),
    )
