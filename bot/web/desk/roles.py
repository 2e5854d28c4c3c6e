"""Giving and taking roles: one-time invitations, and taking a role back, now or from a day on.

The law of this file: what may be given and taken is asked of `intake.appointing` in the transaction that does
it. The link is shown in the answer to the press and never again. What goes with a role stands in
`bot/leaving.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from aiohttp import web

from bot.inviting import Invited, invite, new_token
from bot.leaving import choose_day, first_moment, losing_duty, record, take_role
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate, form_of
from bot.web.desk.town import PATH, Town
from bot.web.desk.tree import DEPARTMENT, Node, tree_of
from bot.web.desk.words_town import KINDS, ROLES, Not, leaves
from bot.web.site import go_to
from bot.wording.roles import ROLE_NAMES
from intake.appointing import is_last_admin, may_take, roles_to_give
from intake.grids import Grid
from intake.leaving import Leaving
from intake.people import Grant, Person, Role
from intake.taxonomy import Taxonomy
from storage.records import Look
from storage.tx import Tx

_LONGEST_NOTE = 40
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Taking:
    """A role that somebody is about to lose, the grids that lose them on duty, and when it was chosen to go,
    if it was."""

    node: Node
    holder: Person
    grant: Grant
    off_duty: tuple[Grid, ...]
    leaves_at: datetime | None = None

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
        return self._sure(here, taking)

    def _sure(
        self, here: AtDesk, taking: _Taking, day: str = "", note: str = "", problem: str = ""
    ) -> web.StreamResponse:
        chosen = taking.leaves_at
        return self._guard.frame.page(
            "town_revoke.html",
            400 if problem else 200,
            here=here,
            at=PATH,
            words=ROLES,
            kinds=KINDS,
            taking=taking,
            leaves=leaves(chosen, self._guard.frame.zone) if chosen else "",
            first=(self._today() + _DAY).isoformat(),
            day=day,
            note=note,
            problem=problem,
        )

    def _today(self) -> date:
        return self._guard.clock().astimezone(self._guard.frame.zone).date()

    async def revoke(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        form = await form_of(request)
        person, role = str(form.get("person", "")), _role(form.get("role"))
        note, now = str(form.get("note", "")).strip()[:_LONGEST_NOTE], self._guard.clock()
        said = str(form.get("day", "")).strip()
        day, stays = _day(said), form.get("do") == "stay"
        if said and not stays and (day is None or day < self._today()):
            taking = await self._guard.store.read(
                lambda tx: self._taking(tx, request, here, person, role)
            )
            return self._sure(here, taking, said, note, ROLES["leave_wrong"])
        later = day if day is not None and day > self._today() else None

        def work(tx: Tx) -> Node:
            taking = self._taking(tx, request, here, person, role)
            if stays:
                self._stay(tx, here, taking, now)
            elif later is not None:
                self._leave_on(tx, here, taking, later, note, now)
            else:
                self._take(tx, here, taking, note, now)
            return taking.node

        node = await self._guard.store.write(work)
        self._town.acts.told()
        told = "stays" if stays else "leaves" if later else "revoked"
        lost = told == "revoked" and person == here.person.id
        where = PATH if lost else f"{PATH}/at/{node.at}"
        return go_to(f"{where}?told={told}")

    def _take(self, tx: Tx, here: AtDesk, taking: _Taking, note: str, now: datetime) -> None:
        acts, by = self._town.acts, here.person.id
        take_role(tx, acts.rules, acts.around(), taking.holder, taking.grant, by, now)
        why = record(taking.holder, taking.grant, note)
        tx.audit.add([Look(taking.node.id, by, "revoke", why, now)])

    def _leave_on(
        self, tx: Tx, here: AtDesk, taking: _Taking, day: date, note: str, now: datetime
    ) -> None:
        """Keep from which day on they have it no more; until then nothing changes."""
        zone, by = self._guard.frame.zone, here.person.id
        at = first_moment(day, zone)
        choose_day(tx, Leaving(taking.holder.id, taking.grant, at, by, note))
        why = record(taking.holder, taking.grant, f"{leaves(at, zone)}{'，' if note else ''}{note}")
        tx.audit.add([Look(taking.node.id, by, "leave", why, now)])

    def _stay(self, tx: Tx, here: AtDesk, taking: _Taking, now: datetime) -> None:
        if tx.leavings.take_back(taking.holder.id, taking.grant):
            why = record(taking.holder, taking.grant, "")
            tx.audit.add([Look(taking.node.id, here.person.id, "stay", why, now)])

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
        off_duty = losing_duty(tree.grids.values(), holder, grant)
        chosen = (one.at for one in tx.leavings.of([holder.id]) if one.grant == grant)
        return _Taking(node, holder, grant, off_duty, next(chosen, None))

    def _ends(self, ends: datetime) -> str:
        at = ends.astimezone(self._guard.frame.zone)
        return ROLES["ends"].format(month=at.month, day=at.day, hour=at.hour, minute=at.minute)


def _role(given: object) -> Role | None:
    try:
        return Role(str(given))
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
