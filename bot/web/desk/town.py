"""The neighbourhood: its tree, its groups, who is on duty, who holds which role.

The law of this file: one sees what lies in one's own scopes, and changes a duty list only with the right to
configure its grid. Who changed what is on record in the same transaction.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from aiohttp import web

from bot.web.desk.acts import Acts
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate, form_of
from bot.web.desk.manners_view import MannersView, pace_of, view_of
from bot.web.desk.tree import DEPARTMENT, GRID, Node, Tree, tree_of
from bot.web.desk.words_groups import CHANNELS, PRIVATE
from bot.web.desk.words_manners import MANNERS
from bot.web.desk.words_town import KINDS, MENU, PURPOSES, TITLE, TOLD, TOWN, Not, leaves
from bot.web.site import go_to
from intake.appointing import may_take, roles_to_give
from intake.grids import Chat, DutyEntry, Grid, Purpose
from intake.manners import MOST
from intake.people import Grant, Person, Right, Role
from intake.taxonomy import Item
from storage.records import Look, Outlet
from storage.tx import Tx

PATH = "/desk/town"
_FOLDED_FROM = 40
"""A tree of so many grids is folded at its communities."""
_MOST_PEOPLE = 200
_LONGEST_TITLE = 20


@dataclass(frozen=True, slots=True)
class Held:
    """A role of somebody, with where it is; `may_take`: whether who looks may take it away; `leaves`: from
    which day it is gone, "" where that was not chosen."""

    person: Person
    grant: Grant
    where: str
    at: str
    may_take: bool
    leaves: str = ""


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A line of a duty list; `able`: whether they can still answer an alert there; `channel`: where the bot
    reaches them alone, "" nowhere."""

    id: str
    name: str
    title: str
    able: bool
    channel: str


@dataclass(frozen=True, slots=True)
class NodePage:
    """What is shown of a node."""

    node: Node
    above: list[Node]
    children: list[Node]
    here: list[Held]
    below: list[Held]
    over: list[Held]
    left_off: int
    may_invite: bool
    may_configure: bool
    may_name_places: bool
    may_reorganise: bool
    grid: Grid | None
    chats: list[Chat]
    duty: list[OnDuty]
    seen: str
    able: list[Person]
    outlets: list[Outlet]
    manners: MannersView | None


class Town:
    """The pages of the tree and of its nodes."""

    menu: Sequence[tuple[str, str, Gate]] = ((PATH, MENU, Gate.INVITE),)

    def __init__(self, guard: DeskGuard, acts: Acts) -> None:
        self._guard = guard
        self.acts = acts
        self._taxonomy = acts.rules.taxonomy

    def routes(self) -> list[DeskRoute]:
        return [
            DeskRoute("GET", PATH, Gate.INVITE, self.tree),
            DeskRoute("GET", f"{PATH}/at/{{node}}", Gate.INVITE, self.node),
            DeskRoute("POST", f"{PATH}/at/{{node}}/duty", Gate.CONFIGURE, self.duty),
        ]

    async def tree(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        tree = await self._guard.store.read(lambda tx: tree_of(tx, self._taxonomy))
        tops = tree.scopes(here.person, Right.INVITE)
        everywhere = tree.everywhere(here.person, Right.INVITE)
        counts = Counter(id for grid in tree.grids.values() for id in grid.path)
        return self._guard.frame.page(
            "town.html",
            here=here,
            at=PATH,
            words=TOWN,
            kinds=KINDS,
            told=TOLD.get(request.query.get("told", ""), ""),
            tree=tree,
            tops=tops,
            counts=counts,
            folded=len(tree.grids) > _FOLDED_FROM,
            everywhere=everywhere,
            may_import=Gate.CONFIGURE.opens(here.person),
        )

    async def node(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        told = TOLD.get(request.query.get("told", ""), "")
        name = request.query.get("name", "").strip()[:_LONGEST_TITLE]
        return await self.shown(here, request.match_info["node"], told=told, name=name)

    async def duty(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await form_of(request)).items()}
        id = request.match_info["node"]
        now = self._guard.clock()

        def work(tx: Tx) -> str:
            node = self.visible(tree_of(tx, self._taxonomy), here.person, id)
            if node.kind != GRID or not node.within(here.person, Right.CONFIGURE):
                raise DeskRefusal(Not.NODE, 404)
            grid = tx.grids.hold(node.id)
            if grid is None or fingerprint(grid.duty) != form.get("seen"):
                return Not.DUTY_STALE
            people = tx.people.in_scopes(node.path)
            able = {person.id for person in people if _able(person, node)}
            entries = _changed(grid.duty, form, able)
            if entries is None:
                return Not.DUTY_PERSON
            if not entries and _is_live(tx, node):
                return Not.DUTY_LAST
            tx.grids.set_duty(node.id, entries)
            tx.audit.add([Look(node.id, here.person.id, "duty", _names(tx, entries), now)])
            return ""

        problem = await self._guard.store.write(work)
        if problem:
            status = 409 if problem == Not.DUTY_STALE else 400
            return await self.shown(here, id, status, problem=problem, typed=form)
        return go_to(f"{PATH}/at/{id}?told=duty#duty")

    def visible(self, tree: Tree, person: Person, id: str) -> Node:
        """The node that a page is about. Raises DeskRefusal where it is not there for `person`."""
        node = tree.find(id)
        if node is None or not node.within(person, Right.INVITE):
            raise DeskRefusal(Not.NODE, 404)
        return node

    async def shown(
        self,
        here: AtDesk,
        id: str,
        status: int = 200,
        *,
        told: str = "",
        problem: str = "",
        name: str = "",
        typed: Mapping[str, str] | None = None,
    ) -> web.StreamResponse:
        """The page of a node; `typed` is a form that could not be taken, `problem` why."""
        page = await self._guard.store.read(lambda tx: self._find(tx, here.person, id, name))
        return self._guard.frame.page(
            "town_node.html",
            status,
            here=here,
            at=PATH,
            words=TOWN,
            kinds=KINDS,
            purposes=PURPOSES,
            told=told,
            problem=problem,
            sought=name,
            typed=typed or {},
            page=page,
            channels=CHANNELS,
            private=PRIVATE,
            now=self._guard.clock(),
            merged_into=self._merged_into(page.node),
            pace=pace_of(page.chats, self.acts.around().channels) if page.grid else [],
            manners=MANNERS,
            most=MOST,
            leads=self._items(page.node, lead=True),
            helps=self._items(page.node, lead=False),
        )

    def _leaving(self, tx: Tx, held: Sequence[Held]) -> list[Held]:
        """With the days that were chosen beforehand."""
        zone = self._guard.frame.zone
        days = {
            (one.person, one.grant): leaves(one.at, zone)
            for one in tx.leavings.of(one.person.id for one in held)
        }
        return [replace(one, leaves=days.get((one.person.id, one.grant), "")) for one in held]

    def _merged_into(self, node: Node) -> str:
        """What took over a department's work, by name."""
        known = self._taxonomy.departments
        mine = known.get(node.id) if node.kind == DEPARTMENT else None
        return known[mine.into].name if mine and mine.into else ""

    def _items(self, node: Node, *, lead: bool) -> list[Item]:
        """What a department leads, or helps with."""
        if node.kind != DEPARTMENT:
            return []
        items = self._taxonomy.items.values()
        return [item for item in items if (node.id == item.lead if lead else node.id in item.co)]

    def _find(self, tx: Tx, person: Person, id: str, name: str) -> NodePage:
        tree = tree_of(tx, self._taxonomy)
        node = self.visible(tree, person, id)
        below = tree.below(node)
        scopes = {one.id for one in below} | set(node.path) | {node.id}
        people = tx.people.in_scopes(scopes)
        held = _held(tree, person, people, scopes, places=bool(node.path))
        held = [one for one in held if name in one.person.name]
        held = self._leaving(tx, held)
        grid = tree.grids.get(node.id) if node.kind == GRID else None
        duty = grid.duty if grid else ()
        deeper = [one for one in held if one.grant.scope not in {*node.path, node.id}]
        return NodePage(
            node=node,
            above=[one for one in tree.above(node) if one.within(person, Right.INVITE)],
            children=tree.children(node.id) if node.path else [],
            here=[one for one in held if one.grant.scope == node.id],
            below=deeper[:_MOST_PEOPLE],
            over=[one for one in held if one.grant.scope in node.path[:-1]],
            left_off=len(deeper[_MOST_PEOPLE:]),
            may_invite=bool(roles_to_give(person, node.reach, node.kind == DEPARTMENT)),
            may_configure=node.within(person, Right.CONFIGURE),
            may_name_places=bool(grid) and may_name_places(person, node),
            may_reorganise=node.within(person, Right.REORGANISE),
            grid=grid,
            chats=_chats(tx, node),
            duty=_on_duty(tx, node, duty),
            seen=fingerprint(duty),
            able=_free(people, node, duty),
            outlets=tx.grids.outlets(node.id) if node.kind == DEPARTMENT else [],
            manners=view_of(node, tree.above(node), tx.manners.all(), self.acts.around().quiet)
            if node.path
            else None,
        )


def fingerprint(duty: Iterable[DutyEntry]) -> str:
    """By this a form knows whether the list is still the one that it was drawn from."""
    text = "\n".join(f"{entry.person}\t{entry.title}" for entry in duty)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _changed(
    duty: Sequence[DutyEntry], form: Mapping[str, str], able: set[str]
) -> list[DutyEntry] | None:
    """The list after what was pressed; None where nobody was named who can be in it."""
    what, _, person = form.get("do", "").partition(" ")
    rows = [(entry.person, entry.title) for entry in duty]
    at = next((n for n, (id, _) in enumerate(rows) if id == person), None)
    if what == "add":
        person = form.get("person", "")
        if person not in able or person in {id for id, _ in rows}:
            return None
        rows.append((person, form.get("title", "").strip()[:_LONGEST_TITLE] or TITLE))
    elif at is None:
        return None
    elif what == "remove":
        del rows[at]
    elif what in ("up", "down"):
        to = max(0, min(len(rows) - 1, at + (1 if what == "down" else -1)))
        rows.insert(to, rows.pop(at))
    else:
        return None
    return [DutyEntry(order, id, title) for order, (id, title) in enumerate(rows, 1)]


def may_name_places(person: Person, node: Node) -> bool:
    """The same as may do so in the staff chat."""
    return any(node.within(person, right) for right in (Right.CORRECT, Right.CONFIGURE))


def _is_live(tx: Tx, node: Node) -> bool:
    """Whether neighbours speak there, so that an alert may come."""
    return any(chat.purpose is Purpose.RESIDENTS for chat in tx.chats.of_grid(node.id))


def _able(person: Person, node: Node) -> bool:
    return person.may(Right.ANSWER_ALERT, node.path)


def _free(people: Iterable[Person], node: Node, duty: Iterable[DutyEntry]) -> list[Person]:
    taken = {entry.person for entry in duty}
    free = [person for person in people if person.id not in taken and _able(person, node)]
    return sorted(free, key=lambda person: (person.name, person.id))


def _on_duty(tx: Tx, node: Node, duty: Sequence[DutyEntry]) -> list[OnDuty]:
    people = tx.people.many(entry.person for entry in duty)
    return [
        OnDuty(
            entry.person,
            people[entry.person].name if entry.person in people else entry.person,
            entry.title,
            entry.person in people and _able(people[entry.person], node),
            (people[entry.person].private or ("",))[0] if entry.person in people else "",
        )
        for entry in duty
    ]


def _names(tx: Tx, duty: Sequence[DutyEntry]) -> str:
    people = tx.people.many(entry.person for entry in duty)
    return "、".join(
        people[entry.person].name if entry.person in people else entry.person for entry in duty
    )


def _chats(tx: Tx, node: Node) -> list[Chat]:
    if node.kind == DEPARTMENT:
        return tx.chats.of_department(node.id)
    return tx.chats.of_grid(node.id) if node.kind == GRID else []


def _held(
    tree: Tree, person: Person, people: Iterable[Person], scopes: set[str], *, places: bool
) -> list[Held]:
    """The roles of `people` in `scopes`, which are places or else departments, the greater ones first."""
    found = []
    for holder in people:
        for grant in holder.grants:
            node = tree.of(grant)
            if grant.scope in scopes and node is not None and bool(node.path) == places:
                may = may_take(person, holder, grant, node.reach)
                found.append(Held(holder, grant, node.name, node.at, may))
    order = list(Role)
    return sorted(found, key=lambda one: (-order.index(one.grant.role), one.person.name))
