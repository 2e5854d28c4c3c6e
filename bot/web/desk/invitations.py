"""The open invitations: who may still become what, where, by whose word and until when.

The law of this file: one sees those of one's own scopes, and ends those that one might have given. The link
itself is nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web

from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate
from bot.web.desk.town import PATH as TOWN_PATH
from bot.web.desk.tree import Node, tree_of
from bot.web.desk.words_invitations import GONE, INVITATIONS
from bot.web.desk.words_records import NOBODY, UNKNOWN
from bot.web.desk.words_town import TOLD
from bot.web.site import go_to
from bot.wording.roles import ROLE_NAMES
from intake.appointing import may_give
from intake.people import Person, Right
from intake.taxonomy import Taxonomy
from storage.audit import LookFilter
from storage.people import OpenInvite
from storage.records import Look
from storage.tx import Tx

PATH: Final = f"{TOWN_PATH}/invitations"
_MOST: Final = 200
_NOTED: Final = 2_000


@dataclass(frozen=True, slots=True)
class Row:
    """An invitation as it is read; `node` is where its page is, `note` what was said of it then."""

    id: str
    role: str
    where: str
    node: str
    by: str
    ends: datetime
    note: str
    may_end: bool


class Invitations:
    """The page and its button."""

    menu: Sequence[tuple[str, str, Gate]] = ()

    def __init__(self, guard: DeskGuard, taxonomy: Taxonomy) -> None:
        self._guard = guard
        self._taxonomy = taxonomy

    def routes(self) -> list[DeskRoute]:
        return [
            DeskRoute("GET", PATH, Gate.INVITE, self.page),
            DeskRoute("POST", f"{PATH}/{{id}}/end", Gate.INVITE, self.end),
        ]

    async def page(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        rows = await self._guard.store.read(lambda tx: self._rows(tx, here.person))
        return self._guard.frame.page(
            "town_invitations.html",
            here=here,
            at=TOWN_PATH,
            words=INVITATIONS,
            told=TOLD.get(request.query.get("told", ""), ""),
            rows=rows[:_MOST],
            left_off=len(rows[_MOST:]),
        )

    async def end(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        id, now = request.match_info["id"], self._guard.clock()

        def work(tx: Tx) -> None:
            tree = tree_of(tx, self._taxonomy)
            one = next((one for one in tx.people.open_invites(now) if one.id == id), None)
            node = tree.of(one.grant) if one else None
            if one is None or node is None or not may_give(here.person, one.grant.role, node.reach):
                raise DeskRefusal(GONE, 404)
            if not tx.people.drop_invite(one.id):
                raise DeskRefusal(GONE, 404)
            why = ROLE_NAMES[one.grant.role.value]
            tx.audit.add([Look(node.id, here.person.id, "uninvite", why, now)])

        await self._guard.store.write(work)
        return go_to(f"{PATH}?told=uninvited")

    def _rows(self, tx: Tx, person: Person) -> list[Row]:
        tree = tree_of(tx, self._taxonomy)
        seen = [
            (one, node)
            for one in tx.people.open_invites(self._guard.clock())
            if (node := tree.of(one.grant)) and node.within(person, Right.INVITE)
        ]
        names = {id: one.name for id, one in tx.people.many(one.by for one, _ in seen).items()}
        notes = _notes(tx, seen)
        return [_row(one, node, person, names, notes) for one, node in seen]


def _notes(tx: Tx, seen: Sequence[tuple[OpenInvite, Node]]) -> dict[tuple[str, str, datetime], str]:
    """What the record says of them, by scope, maker and moment."""
    if not seen:
        return {}
    scopes = frozenset(node.id for _, node in seen)
    since = min(one.at for one, _ in seen)
    wanted = LookFilter(grids=frozenset(), nodes=scopes, since=since)
    looks = [look for _, look in tx.audit.page(wanted, _NOTED) if look.what == "invite"]
    return {(look.case, look.person, look.at): look.why or "" for look in looks}


def _row(
    one: OpenInvite,
    node: Node,
    person: Person,
    names: Mapping[str, str],
    notes: Mapping[tuple[str, str, datetime], str],
) -> Row:
    role = ROLE_NAMES[one.grant.role.value]
    note = notes.get((node.id, one.by, one.at), "").removeprefix(role).removeprefix("，")
    return Row(
        one.id,
        role,
        node.name,
        node.at,
        names.get(one.by) or NOBODY.get(one.by, UNKNOWN),
        one.ends,
        note,
        may_give(person, one.grant.role, node.reach),
    )
