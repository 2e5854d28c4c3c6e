"""The groups of a grid: binding one, changing what it is for, letting it go.

The law of this file: only whoever configures the grid touches its groups. A group of another grid is never
taken away from there. Where staff's words go, somebody has said that no neighbour sits. All is on record.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote

from aiohttp import web

from bot.binding import LASTS, Offer, new_word, offer
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate, form_of
from bot.web.desk.town import PATH
from bot.web.desk.tree import GRID, Node, tree_of
from bot.web.desk.words_groups import CHANNELS, GROUPS, NotGroup
from bot.web.desk.words_town import PURPOSES, Not
from bot.web.room.founding import web_room
from bot.web.room.staffing import fill_room
from bot.web.room.text import clean
from bot.web.site import go_to
from intake.grids import Chat, ChatRef, Purpose
from intake.people import Right
from intake.taxonomy import Taxonomy
from storage.records import Look
from storage.room import RoomRepository
from storage.tx import Tx

_LONGEST: Final = 40
_IDS: Final = {"web": re.compile(r"[A-Za-z0-9_-]{1,64}"), "telegram": re.compile(r"-?\d{1,20}")}
_HOW: Final = ("word", "room", "id")


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form."""

    how: str = "word"
    purpose: str = Purpose.RESIDENTS.value
    department: str = ""
    title: str = ""
    channel: str = "telegram"
    id: str = ""
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Bound:
    """What a bound group is for."""

    purpose: Purpose
    department: str | None
    title: str


class Groups:
    """The page that binds, and that of one group."""

    menu: Sequence[tuple[str, str, Gate]] = ()

    def __init__(self, guard: DeskGuard, taxonomy: Taxonomy) -> None:
        self._guard = guard
        self._store = guard.store
        self._taxonomy = taxonomy

    def routes(self) -> list[DeskRoute]:
        bind, group = f"{PATH}/at/{{node}}/bind", f"{PATH}/at/{{node}}/group"
        return [
            DeskRoute("GET", bind, Gate.CONFIGURE, self.form),
            DeskRoute("POST", bind, Gate.CONFIGURE, self.bind),
            DeskRoute("GET", group, Gate.CONFIGURE, self.group),
            DeskRoute("POST", group, Gate.CONFIGURE, self.change),
        ]

    # -- binding ------------------------------------------------------------------------------------

    async def form(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        node = await self._store.read(lambda tx: self._node(tx, request, here))
        return self._form(here, node, Typed())

    async def bind(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        typed = _typed(await form_of(request))
        node = await self._store.read(lambda tx: self._node(tx, request, here))
        try:
            bound = self._bound(typed)
            bind = {"word": self._by_word, "room": self._by_room, "id": self._by_id}.get(typed.how)
            if bind is None:
                raise DeskRefusal(NotGroup.HOW)
            return await bind(request, here, typed, bound)
        except DeskRefusal as refusal:
            if refusal.status == 404:
                raise
            return self._form(here, node, typed, str(refusal), refusal.status)

    async def _by_word(
        self, request: web.Request, here: AtDesk, typed: Typed, bound: Bound
    ) -> web.StreamResponse:
        word, now = new_word(), self._guard.clock()

        def work(tx: Tx) -> Node:
            node = self._node(tx, request, here)
            made = Offer(
                node.id, bound.purpose, bound.department, bound.title, here.person.id, now + LASTS
            )
            offer(tx, word, made, now)
            tx.audit.add([Look(node.id, here.person.id, "bind word", _told(bound), now)])
            return node

        node = await self._store.write(work)
        return self._guard.frame.page(
            "town_bound.html", here=here, at=PATH, words=GROUPS, node=node,
            said=f"#绑定 {word}", ends=self._guard.frame.when(now + LASTS), link="", purpose="",
        )  # fmt: skip

    async def _by_room(
        self, request: web.Request, here: AtDesk, typed: Typed, bound: Bound
    ) -> web.StreamResponse:
        now, room = self._guard.clock(), secrets.token_hex(4)

        def work(tx: Tx) -> tuple[Node, str]:
            node = self._node(tx, request, here)
            ref = ChatRef("web", f"{node.id}-{bound.purpose}-{room}")
            code = web_room(tx, ref.chat, node.id, now, bound.title or _name(node, bound))
            self._tie(tx, here, node, ref, bound)
            return node, code

        node, code = await self._store.write(work)
        is_open = bound.purpose is Purpose.RESIDENTS
        return self._guard.frame.page(
            "town_bound.html", here=here, at=PATH, words=GROUPS, node=node, said="", ends="",
            link=f"{self._guard.site.address(request)}/g/{code}" if is_open else "",
            purpose=PURPOSES[bound.purpose],
        )  # fmt: skip

    async def _by_id(
        self, request: web.Request, here: AtDesk, typed: Typed, bound: Bound
    ) -> web.StreamResponse:
        shape = _IDS.get(typed.channel)
        if shape is None or not shape.fullmatch(typed.id):
            raise DeskRefusal(NotGroup.ID)
        ref = ChatRef(typed.channel, typed.id)

        def work(tx: Tx) -> Node:
            node = self._node(tx, request, here)
            present = tx.chats.get(ref)
            if present is not None:
                raise DeskRefusal(self._taken(tx, here, node, present), 409)
            if ref.channel == "web" and not _is_theirs(tx, here, ref.chat):
                raise DeskRefusal(NotGroup.NO_ROOM)
            self._tie(tx, here, node, ref, bound)
            return node

        node = await self._store.write(work)
        return _on(node.id, "bound")

    def _tie(self, tx: Tx, here: AtDesk, node: Node, ref: ChatRef, bound: Bound) -> None:
        now = self._guard.clock()
        title = bound.title or (_name(node, bound) if ref.channel == "web" else "")
        chat = tx.chats.bind(ref, node.id, bound.purpose, bound.department, title)
        fill_room(tx, chat, now)
        why = f"{ref}，{_told(replace(bound, title=title))}"
        tx.audit.add([Look(node.id, here.person.id, "bind", why, now)])

    @staticmethod
    def _taken(tx: Tx, here: AtDesk, node: Node, present: Chat) -> str:
        """Where it belongs, named only to those who may know."""
        if present.grid == node.id:
            return NotGroup.BOUND
        grid = tx.grids.get(present.grid)
        known = grid is not None and here.person.may(Right.INVITE, grid.path)
        return NotGroup.TAKEN.format(grid=grid.name if grid and known else "别的网格")

    def _bound(self, typed: Typed) -> Bound:
        """What the form says that the group is for. Raises DeskRefusal."""
        try:
            purpose = Purpose(typed.purpose)
        except ValueError:
            raise DeskRefusal(NotGroup.PURPOSE) from None
        of_department = purpose is Purpose.DEPARTMENT
        known = typed.department in self._taxonomy.departments
        if known is not of_department or (typed.department and not known):
            raise DeskRefusal(NotGroup.DEPARTMENT)
        if len(typed.title) > _LONGEST:
            raise DeskRefusal(NotGroup.TITLE.format(most=_LONGEST))
        if purpose is not Purpose.RESIDENTS and not typed.sure:
            raise DeskRefusal(NotGroup.SURE)
        return Bound(purpose, typed.department if of_department else None, typed.title)

    # -- one group ----------------------------------------------------------------------------------

    async def group(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        return await self._group(request, here, request.query.get("ref", ""))

    async def change(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        form = await form_of(request)
        typed, ref = _typed(form), str(form.get("ref", ""))
        what = str(form.get("do", ""))
        act = {"save": self._save, "speak": self._speak, "unbind": self._unbind}.get(what)
        if act is None:
            raise DeskRefusal(NotGroup.GONE, 404)

        def work(tx: Tx) -> Node:
            tx.grids.hold(request.match_info["node"])
            node, chat, _ = self._chat(tx, request, here, ref)
            if form.get("seen") != fingerprint(chat) and what != "speak":
                raise DeskRefusal(NotGroup.STALE, 409)
            act(tx, here, chat, typed)
            return node

        try:
            node = await self._store.write(work)
        except DeskRefusal as refusal:
            if refusal.status == 404:
                raise
            return await self._group(request, here, ref, typed, str(refusal), refusal.status)
        return _on(node.id, {"save": "group", "speak": "speaks", "unbind": "unbound"}[what])

    def _save(self, tx: Tx, here: AtDesk, chat: Chat, typed: Typed) -> None:
        same = (typed.purpose, typed.department) == (chat.purpose.value, chat.department or "")
        bound = self._bound(replace(typed, sure=typed.sure or same))
        changed = replace(
            chat, purpose=bound.purpose, department=bound.department, title=bound.title
        )
        if changed != chat:
            tx.chats.save([changed])
            fill_room(tx, changed, self._guard.clock())
            was = Bound(chat.purpose, chat.department, chat.title)
            self._note(tx, here, chat, "group", f"{chat.ref}，{_told(was)} → {_told(bound)}")

    def _speak(self, tx: Tx, here: AtDesk, chat: Chat, typed: Typed) -> None:
        if chat.silent_until is not None:
            tx.chats.save([replace(chat, silent_until=None)])
            self._note(tx, here, chat, "speak", str(chat.ref))

    def _unbind(self, tx: Tx, here: AtDesk, chat: Chat, typed: Typed) -> None:
        tx.chats.unbind(chat.ref)
        was = Bound(chat.purpose, chat.department, chat.title)
        self._note(tx, here, chat, "unbind", f"{chat.ref}，{_told(was)}")

    def _note(self, tx: Tx, here: AtDesk, chat: Chat, what: str, why: str) -> None:
        tx.audit.add([Look(chat.grid, here.person.id, what, why, self._guard.clock())])

    # -- what both need -----------------------------------------------------------------------------

    def _node(self, tx: Tx, request: web.Request, here: AtDesk) -> Node:
        """The grid of the path. Raises DeskRefusal where it is not theirs to configure."""
        node = tree_of(tx, self._taxonomy).find(request.match_info["node"])
        if node is None or node.kind != GRID or not node.within(here.person, Right.CONFIGURE):
            raise DeskRefusal(Not.NODE, 404)
        return node

    def _chat(
        self, tx: Tx, request: web.Request, here: AtDesk, ref: str
    ) -> tuple[Node, Chat, list[Chat]]:
        """The group that is meant, among those of its grid."""
        node = self._node(tx, request, here)
        chats = tx.chats.of_grid(node.id)
        chat = next((one for one in chats if str(one.ref) == ref), None)
        if chat is None:
            raise DeskRefusal(NotGroup.GONE, 404)
        return node, chat, chats

    def _form(
        self, here: AtDesk, node: Node, typed: Typed, problem: str = "", status: int = 200
    ) -> web.StreamResponse:
        return self._page(
            "town_bind.html",
            status,
            here,
            hows=_HOW,
            node=node,
            typed=typed,
            problem=problem,
        )

    async def _group(
        self,
        request: web.Request,
        here: AtDesk,
        ref: str,
        typed: Typed | None = None,
        problem: str = "",
        status: int = 200,
    ) -> web.StreamResponse:
        node, chat, chats = await self._store.read(lambda tx: self._chat(tx, request, here, ref))
        now = self._guard.clock()
        until = chat.silent_until if chat.silent_until and chat.silent_until > now else None
        return self._page(
            "town_group.html",
            status,
            here,
            node=node,
            chat=chat,
            seen=fingerprint(chat),
            until=until,
            only=sum(one.purpose is chat.purpose for one in chats) == 1,
            typed=typed
            or Typed(purpose=chat.purpose, department=chat.department or "", title=chat.title),
            problem=problem,
        )

    def _page(self, name: str, status: int, here: AtDesk, **facts: Any) -> web.StreamResponse:
        return self._guard.frame.page(
            name,
            status,
            here=here,
            at=PATH,
            words=GROUPS,
            purposes=PURPOSES,
            channels=CHANNELS,
            departments=[one for one in self._taxonomy.departments.values() if one.into is None],
            most=_LONGEST,
            **facts,
        )


def fingerprint(chat: Chat) -> str:
    """By this a form knows whether the group is still what it was drawn as."""
    text = "\t".join((chat.grid, chat.purpose, chat.department or "", chat.title))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _typed(form: Mapping[str, Any]) -> Typed:
    how, purpose, department, title, channel, id = (
        " ".join(clean(str(form.get(name, ""))).split())
        for name in ("how", "purpose", "department", "title", "channel", "id")
    )
    return Typed(how, purpose, department, title, channel, id, bool(form.get("sure")))


def _is_theirs(tx: Tx, here: AtDesk, room: str) -> bool:
    """Whether there is such a room, of a grid that they configure."""
    known = RoomRepository(tx.connection).room(room)
    grid = tx.grids.get(known.grid) if known and known.grid else None
    return grid is not None and here.person.may(Right.CONFIGURE, grid.path)


def _name(node: Node, bound: Bound) -> str:
    return bound.title or f"{node.name}{PURPOSES[bound.purpose]}"[:_LONGEST]


def _told(bound: Bound) -> str:
    """For the record."""
    return " ".join(filter(None, (PURPOSES[bound.purpose], bound.department, bound.title)))


def _on(node: str, told: str) -> web.Response:
    there = f"{PATH}/at/{quote(node, safe='')}?told={told}#groups"
    return go_to(there)
