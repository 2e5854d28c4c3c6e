"""Giving and taking roles: one-time invitations, and taking a role back.

The law of this file: what may be given and taken is asked of `intake.appointing` in the transaction that does
it. The link is shown in the answer to the press and never again. Taking a role takes with it the places on
duty lists and in rooms that it alone gave, and the open invitations and bind words that hung on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from aiohttp import web

from bot.binding import drop_offers
from bot.deciding import ROLE_NAMES
from bot.inviting import Invited, invite, new_token
from bot.vouching import drop_invites
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate, form_of
from bot.web.desk.leaving import hand_on
from bot.web.desk.town import PATH, Town
from bot.web.desk.tree import DEPARTMENT, Node, Tree, tree_of
from bot.web.desk.words_town import KINDS, ROLES, Not
from bot.web.room.staffing import leave_rooms
from intake.appointing import is_last_admin, may_take, roles_to_give
from intake.grids import Grid
from intake.people import Grant, Person, Right, Role
from intake.taxonomy import Taxonomy
from storage.records import Look
from storage.tx import Tx

_LONGEST_NOTE = 40


@dataclass(frozen=True, slots=True)
class _Taking:
    """A role that somebody is about to lose, and the grids that lose them on duty."""

    node: Node
    holder: Person
    grant: Grant
    off_duty: tuple[Grid, ...]

    @property
    def left_empty(self) -> tuple[Grid, ...]:
        return tuple(
            grid
            for grid in self.off_duty
            if all(entry.person == self.holder.id for entry in grid.duty)
        )


class Roles:
    """The pages that invite and revoke."""

    menu: Sequence[tuple[str, str, Gate]] = ()

    def __init__(self, guard: DeskGuard, taxonomy: Taxonomy, town: Town) -> None:
        self._guard = guard
        self._taxonomy = taxonomy
        self._town = town

    def routes(self) -> list[DeskRoute]:
        invite, revoke = f"{PATH}/at/{{node}}/invite", f"{PATH}/at/{{node}}/revoke"
        return [
            DeskRoute("GET", invite, Gate.INVITE, self.form),
            DeskRoute("POST", invite, Gate.INVITE, self.invite),
            DeskRoute("GET", revoke, Gate.INVITE, self.ask),
            DeskRoute("POST", revoke, Gate.INVITE, self.revoke),
        ]

    async def form(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        node = await self._node(request, here)
        return self._form(here, node)

    async def invite(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        form = await form_of(request)
        role, note = _role(form.get("role")), str(form.get("note", "")).strip()[:_LONGEST_NOTE]
        if role is None:
            node = await self._node(request, here)
            return self._form(here, node, note=note, problem=ROLES["choose"])
        token, now = new_token(), self._guard.clock()
        base = self._guard.site.public_url or f"{request.scheme}://{request.host}"
        why = f"{ROLE_NAMES[role.value]}，{note}" if note else ROLE_NAMES[role.value]

        def work(tx: Tx) -> tuple[Node, Invited]:
            node = self._visible(tx, request, here)
            if role not in self._given(here, node):
                raise DeskRefusal(Not.REACH, 403)
            grant = Grant(role, node.id)
            made = invite(tx, token, grant, here.person.id, now, base.rstrip("/"))
            tx.audit.add([Look(node.id, here.person.id, "invite", why, now)])
            return node, made

        node, made = await self._guard.store.write(work)
        return self._guard.frame.page(
            "town_invited.html",
            here=here,
            at=PATH,
            words=ROLES,
            node=node,
            role=ROLE_NAMES[role.value],
            links=made.links,
            ends=self._ends(made.ends),
        )

    async def ask(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        person, role = request.query.get("person", ""), _role(request.query.get("role"))
        taking = await self._guard.store.read(
            lambda tx: self._taking(tx, request, here, person, role)
        )
        return self._guard.frame.page(
            "town_revoke.html", here=here, at=PATH, words=ROLES, kinds=KINDS, taking=taking
        )

    async def revoke(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        form = await form_of(request)
        person, role = str(form.get("person", "")), _role(form.get("role"))
        note, now = str(form.get("note", "")).strip()[:_LONGEST_NOTE], self._guard.clock()

        def work(tx: Tx) -> Node:
            taking = self._taking(tx, request, here, person, role)
            _take(tx, taking, now)
            after, acts = _without(taking.holder, taking.grant), self._town.acts
            hand_on(tx, acts, after, here.person.id, taking.off_duty, now)
            why = f"{taking.holder.name}（{taking.holder.id}）{ROLE_NAMES[taking.grant.role.value]}"
            why = f"{why}，{note}" if note else why
            tx.audit.add([Look(taking.node.id, here.person.id, "revoke", why, now)])
            return taking.node

        node = await self._guard.store.write(work)
        self._town.acts.told()
        where = f"{PATH}/at/{node.at}" if person != here.person.id else PATH
        return web.Response(status=303, headers={"Location": f"{where}?told=revoked"})

    async def _node(self, request: web.Request, here: AtDesk) -> Node:
        return await self._guard.store.read(lambda tx: self._visible(tx, request, here))

    def _visible(self, tx: Tx, request: web.Request, here: AtDesk) -> Node:
        tree = tree_of(tx, self._taxonomy)
        return self._town.visible(tree, here.person, request.match_info["node"])

    def _form(
        self, here: AtDesk, node: Node, *, note: str = "", problem: str = ""
    ) -> web.StreamResponse:
        return self._guard.frame.page(
            "town_invite.html",
            400 if problem else 200,
            here=here,
            at=PATH,
            words=ROLES,
            node=node,
            given=self._given(here, node),
            note=note,
            problem=problem,
        )

    @staticmethod
    def _given(here: AtDesk, node: Node) -> list[Role]:
        """Those of levels up to their own: a street makes no district."""
        given = roles_to_give(here.person, node.reach, node.kind == DEPARTMENT)
        mine = {grant.role for grant in here.person.grants}
        above = Role.DISTRICT not in mine and Role.ADMIN not in mine
        return [role for role in given if not (above and role is Role.DISTRICT)]

    def _taking(
        self, tx: Tx, request: web.Request, here: AtDesk, person: str, role: Role | None
    ) -> _Taking:
        """Raises DeskRefusal for what is not there or not theirs to take."""
        tree = tree_of(tx, self._taxonomy)
        node = self._town.visible(tree, here.person, request.match_info["node"])
        holder = tx.people.get(person)
        grant = Grant(role, node.id) if role else None
        if holder is None or grant is None or grant not in holder.grants or tree.of(grant) != node:
            raise DeskRefusal(Not.ROLE, 404)
        if is_last_admin(here.person, holder, grant):
            raise DeskRefusal(Not.LAST_ADMIN, 409)
        if not may_take(here.person, holder, grant, node.reach):
            raise DeskRefusal(Not.REACH, 403)
        return _Taking(node, holder, grant, _off_duty(tree, node, holder, grant))

    def _ends(self, ends: datetime) -> str:
        at = ends.astimezone(self._guard.frame.zone)
        return ROLES["ends"].format(month=at.month, day=at.day, hour=at.hour, minute=at.minute)


def _role(given: object) -> Role | None:
    try:
        return Role(str(given))
    except ValueError:
        return None


def _off_duty(tree: Tree, node: Node, holder: Person, grant: Grant) -> tuple[Grid, ...]:
    """The grids below on whose duty list they stand and where they could answer no alert any more."""
    after = _without(holder, grant)
    return tuple(
        grid
        for grid in tree.grids.values()
        if node.id in grid.path
        and any(entry.person == holder.id for entry in grid.duty)
        and not after.may(Right.ANSWER_ALERT, grid.path)
    )


def _without(holder: Person, grant: Grant) -> Person:
    return replace(holder, grants=tuple(one for one in holder.grants if one != grant))


def _take(tx: Tx, taking: _Taking, now: datetime) -> None:
    tx.people.revoke(taking.holder.id, taking.grant)
    if taking.off_duty:
        tx.grids.off_duty(taking.holder.id, [grid.id for grid in taking.off_duty])
    drop_invites(tx, taking.holder.id, now)
    drop_offers(tx, taking.holder.id)
    leave_rooms(tx, _without(taking.holder, taking.grant), taking.grant)
