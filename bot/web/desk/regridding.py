"""Some of a grid goes to another: a new one, or one of its community that is there.

The law of this file: first it is shown what goes over (buildings, groups, people, open cases, codes at
doors), and what is wrong is named; only what was shown is done, in one transaction. The same page, from the
other grid, takes it back. Also here: the list of what belongs to a grid.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from urllib.parse import quote

from aiohttp import web

from bot.leaving import hand_on
from bot.web.desk.acts import Acts, Outdated
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate, form_of
from bot.web.desk.town import PATH, Town
from bot.web.desk.tree import GRID, Node, Tree, tree_of
from bot.web.desk.unheard import unheard
from bot.web.desk.words_regridding import REGRIDDING, Wrong
from bot.web.desk.words_town import PURPOSES, Not
from bot.web.room.text import clean
from bot.web.site import go_to
from intake.areas import LONGEST, MOST, in_area
from intake.cases import Case
from intake.facts import Wants
from intake.grids import Chat, DutyEntry, Grid
from intake.naming import names_in
from intake.people import Grant, Person, Right
from intake.regridding import Split, goes, regrid
from storage.cases import CaseFilter
from storage.records import Look, StaleCase
from storage.report_codes import ReportCode
from storage.tx import Tx

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_LONGEST_NAME: Final = 60
_LONGEST_WHY: Final = 60
_MOST_CASES: Final = 5_000
_SHOWN: Final = 12
NEW: Final = "new"


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands on the form. `to` is a grid that is there, or NEW with `id` and `name`."""

    to: str = ""
    id: str = ""
    name: str = ""
    buildings: str = ""
    stay: str = ""
    chats: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    why: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would go over, and what stands against it. `people` are (person, role) with that role in the grid;
    `duty` is the new grid's list after it, `off` who leaves the old one's."""

    split: Split
    target: Grid
    stay: tuple[str, ...]
    cases: tuple[Case, ...] = ()
    chats: tuple[Chat, ...] = ()
    people: tuple[tuple[Person, Grant], ...] = ()
    codes: tuple[ReportCode, ...] = ()
    duty: tuple[DutyEntry, ...] = ()
    off: tuple[str, ...] = ()
    problems: tuple[str, ...] = field(default=())
    unheard: tuple[str, ...] = ()

    @property
    def seen(self) -> str:
        """By this a press knows whether what goes over is still what was shown."""
        names = (
            self.split.old,
            self.split.new,
            self.target.name,
            *self.split.buildings,
            *self.stay,
        )
        ids = (case.id for case in self.cases)
        chats = (str(chat.ref) for chat in self.chats)
        people = (f"{person.id} {grant.role}" for person, grant in self.people)
        text = "\n".join((*names, *ids, *chats, *people))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


class Regridding:
    """The page of a grid on which some of it goes to another, and the form for its area."""

    menu: Sequence[tuple[str, str, Gate]] = ()

    def __init__(
        self, guard: DeskGuard, acts: Acts, town: Town, renamed: Callable[[], Awaitable[None]]
    ) -> None:
        self._guard = guard
        self._acts = acts
        self._town = town
        self._renamed = renamed

    def routes(self) -> list[DeskRoute]:
        at, gate = f"{PATH}/at/{{node}}", Gate.REORGANISE
        return [
            DeskRoute("GET", f"{at}/split", gate, self.form),
            DeskRoute("POST", f"{at}/split", gate, self.look),
            DeskRoute("POST", f"{at}/split/go", gate, self.go),
            DeskRoute("POST", f"{at}/area", gate, self.area),
        ]

    async def area(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        """Which buildings and roads belong to the grid."""
        form = await form_of(request)
        text, id = clean(str(form.get("area", ""))), request.match_info["node"]
        area = names_in(text)

        def work(tx: Tx) -> str:
            tree, grid = self._grid(tx, here, id)
            tx.grids.hold(id)
            problem = _wrong_names(area, tree, {grid.id})
            if not problem and area != grid.area:
                tx.grids.set_area(id, area)
                why = "、".join(area) or REGRIDDING["nothing"]
                tx.audit.add([Look(id, here.person.id, "area", why, self._guard.clock())])
            return problem

        problem = await self._guard.store.write(work)
        if problem:
            typed = {"do": "area", "area": text}
            return await self._town.shown(here, id, 400, problem=problem, typed=typed)
        await self._renamed()
        there = f"{PATH}/at/{quote(id, safe='')}?told=area#area"
        return go_to(there)

    async def form(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        id = request.match_info["node"]

        def work(tx: Tx) -> Typed:
            _, grid = self._grid(tx, here, id)
            return Typed(stay="、".join(grid.area))

        return await self._page(here, id, await self._guard.store.read(work))

    async def look(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        """What would go over."""
        typed, id = await _typed(request), request.match_info["node"]
        plan = await self._guard.store.read(lambda tx: self._plan(tx, here, id, typed))
        return await self._page(here, id, typed, plan)

    async def go(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        typed, id, now = await _typed(request), request.match_info["node"], self._guard.clock()

        def work(tx: Tx) -> Plan:
            self._hold(tx, id, typed)
            plan = self._plan(tx, here, id, typed)
            if not plan.problems and typed.seen != plan.seen:
                plan = replace(plan, problems=(Wrong.STALE,))
            if not plan.problems:
                self._done(tx, here, plan, typed.why, now)
            return plan

        try:
            plan = await self._guard.store.write(work)
        except StaleCase as stale:
            raise Outdated from stale
        if plan.problems:
            return await self._page(here, id, typed, plan)
        await self._renamed()
        self._acts.told()
        there = f"{PATH}/at/{quote(plan.split.new, safe='')}?told=split"
        return go_to(there)

    def _grid(self, tx: Tx, here: AtDesk, id: str) -> tuple[Tree, Grid]:
        tree = tree_of(tx, self._acts.rules.taxonomy)
        node: Node = self._town.visible(tree, here.person, id)
        if node.kind != GRID or not node.within(here.person, Right.REORGANISE):
            raise DeskRefusal(Not.NODE, 404)
        return tree, tree.grids[node.id]

    def _hold(self, tx: Tx, id: str, typed: Typed) -> None:
        """No case comes into either grid before this is committed."""
        for one in sorted({id, typed.to, typed.id}):
            tx.grids.hold(one)

    def _plan(self, tx: Tx, here: AtDesk, id: str, typed: Typed) -> Plan:
        tree, grid = self._grid(tx, here, id)
        buildings, stay = names_in(typed.buildings), names_in(typed.stay)
        target, problems = _target(tree, grid, typed)
        mine = {str(chat.ref): chat for chat in tx.chats.of_grid(id)}
        chats = tuple(mine[ref] for ref in sorted(typed.chats) if ref in mine)
        split = Split(id, target.id, buildings, frozenset(chat.ref for chat in chats))
        people, off, duty = _people(tx, grid, target, typed.people)
        problems += _wrong(typed, tree, grid, target, buildings, stay)
        problems += [Wrong.CHAT_GONE for ref in typed.chats if ref not in mine]
        problems += [Wrong.PERSON_GONE] * (len(typed.people) - len(people))
        filter_ = CaseFilter(grids=[id], open_only=True)
        cases = tuple(one for one in tx.cases.page(filter_, _MOST_CASES) if goes(one, split))
        codes = tuple(
            one
            for one in tx.report_codes.of_grids([id])
            if one.revoked_at is None and in_area(one.place, buildings)
        )
        left = tuple(entry for entry in grid.duty if entry.person not in off)
        if grid.duty and not left and len(chats) < len(mine):
            problems.append(Wrong.DUTY)
        return Plan(
            split,
            target,
            stay,
            cases,
            chats,
            people,
            codes,
            duty,
            off,
            tuple(dict.fromkeys(problems)),
            unheard(tuple(mine.values()), chats, tx.chats.of_grid(target.id), target.name),
        )

    def _done(self, tx: Tx, here: AtDesk, plan: Plan, why: str, now: datetime) -> None:
        old, new = plan.split.old, plan.split.new
        known, before = tx.grids.get(new), tx.grids.get(old)
        if known is None:
            tx.grids.add([plan.target])
        area = dict.fromkeys((*(known.area if known else ()), *plan.split.buildings))
        tx.grids.set_area(new, tuple(area))
        tx.grids.set_area(old, plan.stay)
        tx.chats.save(replace(chat, grid=new) for chat in plan.chats)
        for person, grant in plan.people:
            moved = replace(grant, scope=new)
            tx.people.grant(person.id, moved, here.person.id, now)
            tx.leavings.carry(person.id, grant, moved)
            tx.people.revoke(person.id, grant)
        if plan.off:
            for person_id in plan.off:
                tx.grids.off_duty(person_id, [old])
        if plan.duty and not (known and known.duty):
            tx.grids.set_duty(new, plan.duty)
        tx.report_codes.regrid((code.code for code in plan.codes), new)
        tx.people.move_home((case.reporter for case in plan.cases), old, new)
        self._cases_go(tx, here, plan, why, now)
        for person in {person.id: person for person, _ in plan.people}.values():
            off = [before] if before and person.id in plan.off else []
            around = self._acts.around()
            hand_on(tx, self._acts.rules, around, person, here.person.id, off, now, elsewhere=True)
        told = REGRIDDING["record"].format(new=plan.target.name, cases=len(plan.cases), why=why)
        tx.audit.add([Look(one, here.person.id, "split_grid", told, now) for one in (old, new)])

    def _cases_go(self, tx: Tx, here: AtDesk, plan: Plan, why: str, now: datetime) -> None:
        ids = frozenset(case.id for case in plan.cases)
        grids = frozenset({plan.split.old, plan.split.new})
        wants = Wants(identities=frozenset({here.person.id}), cases=ids, grids=grids)
        desk = self._acts.desk(tx, wants, now)
        regrid(desk, (desk.facts.cases[id] for id in ids), plan.split, here.person, why)
        self._acts.save(tx, desk)

    async def _page(
        self, here: AtDesk, id: str, typed: Typed, plan: Plan | None = None
    ) -> web.StreamResponse:
        def work(tx: Tx) -> dict[str, object]:
            tree, grid = self._grid(tx, here, id)
            near = [one for one in tree.grids.values() if one.path[:-1] == grid.path[:-1]]
            holders = tx.people.in_scopes([id])
            return {
                "grid": grid,
                "near": [one for one in near if one.id != id],
                "chats": tx.chats.of_grid(id),
                "held": [(one, g) for one in holders for g in one.grants if g.scope == id],
            }

        about = await self._guard.store.read(work)
        problems = plan.problems if plan else ()
        return self._guard.frame.page(
            "town_split.html",
            (409 if Wrong.STALE in problems else 400) if problems else 200,
            here=here,
            at=PATH,
            words=REGRIDDING,
            purposes=PURPOSES,
            typed=typed,
            plan=plan,
            shown=_SHOWN,
            new=NEW,
            **about,
        )


async def _typed(request: web.Request) -> Typed:
    form = await form_of(request)

    def words(name: str, most: int) -> str:
        return " ".join(clean(str(form.get(name, ""))).split())[:most]

    return Typed(
        *(words("to", 40), words("id", 40), words("name", 200)),
        *(words("buildings", 4_000), words("stay", 4_000)),
        frozenset(map(str, form.getall("chat", ()))),
        frozenset(map(str, form.getall("person", ()))),
        *(words("why", _LONGEST_WHY), words("seen", 40)),
    )


def _target(tree: Tree, grid: Grid, typed: Typed) -> tuple[Grid, list[str]]:
    """The grid that takes it, and what is wrong with how it was named."""
    if typed.to != NEW:
        known = tree.grids.get(typed.to)
        if known is None or known.id == grid.id or known.path[:-1] != grid.path[:-1]:
            return replace(grid, id="", name=""), [Wrong.TO]
        return known, []
    path = (*grid.path[:-1], typed.id)
    made = Grid(typed.id, typed.name, path, grid.places)
    problems = []
    if not _ID.fullmatch(typed.id):
        problems.append(Wrong.ID.format(id=typed.id))
    elif tree.find(typed.id) is not None:
        problems.append(Wrong.ID_TAKEN.format(id=typed.id, name=tree.name(typed.id)))
    if not typed.name or len(typed.name) > _LONGEST_NAME:
        problems.append(Wrong.NAME)
    return made, problems


def _wrong(
    typed: Typed,
    tree: Tree,
    grid: Grid,
    target: Grid,
    buildings: tuple[str, ...],
    stay: tuple[str, ...],
) -> list[str]:
    problems = [] if typed.why else [Wrong.WHY]
    if not (buildings or typed.chats or typed.people):
        problems.append(Wrong.NOTHING)
    both = [name for name in buildings if name in stay]
    if both:
        problems.append(Wrong.BOTH.format(names="、".join(both)))
    for names, own in ((buildings, {grid.id, target.id}), (stay, {grid.id})):
        problem = _wrong_names(names, tree, own)
        if problem:
            problems.append(problem)
    return problems


def _wrong_names(names: Sequence[str], tree: Tree, own: Iterable[str]) -> str:
    """Why these cannot be the area of a grid, or go into one."""
    if len(names) > MOST:
        return Wrong.MANY.format(most=MOST)
    long = [name for name in names if len(name) > LONGEST]
    if long:
        return Wrong.LONG.format(name=long[0][:LONGEST], most=LONGEST)
    mine = set(own)
    community = {tree.grids[id].path[:-1] for id in mine if id in tree.grids}
    for other in tree.grids.values():
        taken = [name for name in names if name in other.area]
        if taken and other.id not in mine and other.path[:-1] in community:
            return Wrong.TAKEN.format(name=taken[0], grid=other.name)
    return ""


def _people(
    tx: Tx, grid: Grid, target: Grid, wanted: Iterable[str]
) -> tuple[tuple[tuple[Person, Grant], ...], tuple[str, ...], tuple[DutyEntry, ...]]:
    """Who goes over with which role; who can answer alerts in the old grid no more; and who of its duty list
    can in the new one."""
    chosen = set(wanted)
    held = [
        (person, grant)
        for person in tx.people.in_scopes([grid.id])
        for grant in person.grants
        if grant.scope == grid.id and f"{person.id} {grant.role.value}" in chosen
    ]
    people = tx.people.many(entry.person for entry in grid.duty)
    after = {id: _after(person, held, target.id) for id, person in people.items()}
    off = [id for id, person in after.items() if not person.may(Right.ANSWER_ALERT, grid.path)]
    able = [
        entry
        for entry in grid.duty
        if entry.person in after and after[entry.person].may(Right.ANSWER_ALERT, target.path)
    ]
    duty = tuple(replace(entry, order=order) for order, entry in enumerate(able, 1))
    return tuple(held), tuple(off), duty


def _after(person: Person, held: Sequence[tuple[Person, Grant]], new: str) -> Person:
    gone = [grant for one, grant in held if one.id == person.id]
    kept = [grant for grant in person.grants if grant not in gone]
    return replace(person, grants=(*kept, *(replace(grant, scope=new) for grant in gone)))
