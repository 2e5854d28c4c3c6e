"""通知: what staff announce, from when until when, and how many neighbours it answered.

The law of this file: a bulletin holds once somebody who may inform all its places says so here or by a press
in the chat. Numbers of people stand here, never their names. Every change is on record in each of its places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from aiohttp import web

from bot.web.desk.acts import Acts
from bot.web.desk.bulletin_form import (
    TIME,
    Typed,
    bulletin_of,
    in_order,
    offered,
    seen,
    typed_from,
    typed_of,
)
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate, form_of
from bot.web.desk.informing import heard_here, may_change, named, new_key, places
from bot.web.desk.tree import Tree, tree_of
from bot.web.desk.words_bulletins import BULLETINS, Wrong
from bot.web.site import go_to
from intake.announcing import drop, end, keep, move
from intake.bulletins import PROPOSED_FOR, SUBJECTS, Asked, Bulletin, BulletinState
from intake.desk import Desk
from intake.facts import Wants
from storage.answers import Told
from storage.records import Look
from storage.tx import Tx

PATH: Final = "/desk/bulletins"
_PAST: Final = timedelta(days=30)
_OVER: Final = (BulletinState.ENDED, BulletinState.DROPPED)
_DONE: Final = ("kept", "ended", "dropped")


@dataclass(frozen=True, slots=True)
class Shown:
    """A bulletin as the list has it."""

    id: str
    words: str
    span: str
    where: str
    source: str
    state: str
    told: str
    may_change: bool


class BulletinPages:
    """`/desk/bulletins…`."""

    menu: Sequence[tuple[str, str, Gate]] = ((PATH, BULLETINS["menu"], Gate.INFORM),)

    def __init__(self, guard: DeskGuard, acts: Acts) -> None:
        self._guard = guard
        self._store = guard.store
        self._acts = acts
        self._taxonomy = acts.rules.taxonomy

    def routes(self) -> list[DeskRoute]:
        one = f"{PATH}/{{id}}"
        return [
            DeskRoute("GET", PATH, Gate.INFORM, self.look),
            DeskRoute("GET", f"{PATH}/new", Gate.INFORM, self.blank),
            DeskRoute("POST", f"{PATH}/new", Gate.INFORM, self.make),
            DeskRoute("GET", one, Gate.INFORM, self.filled),
            DeskRoute("POST", one, Gate.INFORM, self.change),
            DeskRoute("POST", f"{one}/end", Gate.INFORM, self.end),
            DeskRoute("GET", f"{one}/end", Gate.INFORM, self.back),
        ]

    async def back(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        """The address of a form that came back was opened anew."""
        return go_to(PATH)

    # -- the list -------------------------------------------------------------------------------

    async def look(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        now = self._guard.clock()

        def work(tx: Tx) -> tuple[Tree, list[Bulletin], Mapping[str, Told]]:
            tree = tree_of(tx, self._taxonomy)
            some = tx.answers.bulletins(now - _PAST)
            nodes = heard_here(tree, here)
            mine = [one for one in some if not nodes.isdisjoint(one.scopes)]
            return tree, mine, tx.answers.told(one.id for one in mine)

        tree, some, told = await self._store.read(work)
        done = request.query.get("done", "")
        waiting, now_and_ahead, past = _sorted(some, now)

        def rows(of: list[Bulletin]) -> list[Shown]:
            return [self._shown(tree, here, one, told, now) for one in of]

        return self._guard.frame.page(
            "bulletins.html",
            here=here,
            at=PATH,
            words=BULLETINS,
            note=BULLETINS[f"done_{done}"] if done in _DONE else "",
            waiting=rows(waiting),
            standing=rows(now_and_ahead),
            past=rows(past),
        )

    def _shown(
        self,
        tree: Tree,
        here: AtDesk,
        bulletin: Bulletin,
        told: Mapping[str, Told],
        now: datetime,
    ) -> Shown:
        counts = told.get(bulletin.id, Told())
        said = BULLETINS["told"].format(n=counts.persons) if counts.persons else BULLETINS["nobody"]
        if counts.missed:
            said += BULLETINS["missed"].format(n=counts.missed)
        houses = BULLETINS["houses"].format(houses="、".join(in_order(bulletin.houses)))
        return Shown(
            bulletin.id,
            bulletin.words,
            self._span(bulletin),
            f"{named(tree, bulletin.scopes)} {houses if bulletin.houses else BULLETINS['everywhere']}",
            bulletin.source,
            _state(bulletin, now),
            said,
            may_change(tree, here, bulletin.scopes),
        )

    def _span(self, bulletin: Bulletin) -> str:
        when = self._guard.frame.when
        span = "open_span" if bulletin.open_end else "span"
        return BULLETINS[span].format(first=when(bulletin.starts_at), last=when(bulletin.ends_at))

    # -- one bulletin ---------------------------------------------------------------------------

    async def blank(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        now = self._guard.clock().astimezone(self._guard.frame.zone)
        return await self._form(here, Typed(starts=now.strftime(TIME), key=new_key()), "new")

    async def filled(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        bulletin, _ = await self._store.read(lambda tx: self._find(tx, request, here))
        return await self._form(here, typed_from(bulletin, self._guard.frame.zone), bulletin.id)

    async def make(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        typed = typed_of(await form_of(request))

        def work(tx: Tx, desk: Desk) -> str:
            if tx.answers.bulletin(typed.key) is not None:
                return ""  # pressed twice
            tree = tree_of(tx, self._taxonomy)
            made = self._made(tree, here, typed, _draft(typed.key, here, desk.now))
            if isinstance(made, str):
                return made
            keep(desk, made)
            self._record(tx, here, made, "bulletin", desk.now)
            return ""

        wrong = await self._acts.decide(lambda tx: self._desk(tx), work)
        if wrong:
            return await self._form(here, replace(typed, error=wrong), "new")
        return go_to(f"{PATH}?done=kept")

    async def change(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        """Change it, or keep what was proposed; whom it answered hears of a new end."""
        id, typed = request.match_info["id"], typed_of(await form_of(request))

        def work(tx: Tx, desk: Desk) -> Typed:
            before, tree = self._find(tx, request, here)
            if typed.seen != seen(before):
                return replace(typed, error=Wrong.STALE, seen=seen(before))
            draft = replace(before, made_at=desk.now, made_by=here.person.id)
            made = self._made(tree, here, typed, draft)
            if isinstance(made, str):
                return replace(typed, error=made)
            moved = before.holds(desk.now) and before.ends_at != made.ends_at
            if moved:
                move(desk, made, made.ends_at, _asked(desk, id))
            else:
                keep(desk, made)
            self._record(tx, here, made, "bulletin", desk.now)
            return typed

        typed = await self._acts.decide(lambda tx: self._desk(tx, id), work)
        if typed.error:
            return await self._form(here, typed, id)
        self._acts.told()
        return go_to(f"{PATH}?done=kept")

    async def end(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        """End it before its time, or do not keep what was proposed."""
        id = request.match_info["id"]

        def work(tx: Tx, desk: Desk) -> str:
            bulletin, _ = self._find(tx, request, here)
            proposed = bulletin.state is BulletinState.PROPOSED
            if proposed:
                drop(desk, bulletin)
            else:
                end(desk, bulletin, _asked(desk, id))
            self._record(tx, here, bulletin, "bulletin end", desk.now)
            return "dropped" if proposed else "ended"

        done = await self._acts.decide(lambda tx: self._desk(tx, id), work)
        self._acts.told()
        return go_to(f"{PATH}?done={done}")

    def _desk(self, tx: Tx, *ids: str) -> Desk:
        now = self._guard.clock()
        return Desk(self._acts.rules, tx.desk.load(Wants(bulletins=frozenset(ids)), now), now)

    def _find(self, tx: Tx, request: web.Request, here: AtDesk) -> tuple[Bulletin, Tree]:
        """The bulletin of the path, if it may be changed. Raises DeskRefusal."""
        bulletin, tree = tx.answers.bulletin(request.match_info["id"]), tree_of(tx, self._taxonomy)
        if bulletin is None or heard_here(tree, here).isdisjoint(bulletin.scopes):
            raise DeskRefusal(Wrong.GONE, 404)
        if bulletin.state in _OVER or bulletin.ends_at <= self._guard.clock():
            raise DeskRefusal(Wrong.GONE, 404)
        if not may_change(tree, here, bulletin.scopes):
            raise DeskRefusal(Wrong.NOT_YOURS, 403)
        return bulletin, tree

    def _made(self, tree: Tree, here: AtDesk, typed: Typed, draft: Bulletin) -> Bulletin | str:
        theirs = {place.id for place in places(tree, here)}
        return bulletin_of(typed, theirs, self._taxonomy, draft, self._guard.frame.zone)

    def _record(self, tx: Tx, here: AtDesk, one: Bulletin, what: str, now: datetime) -> None:
        when = self._guard.frame.when
        words = BULLETINS["record"].format(
            words=one.words, first=when(one.starts_at), last=when(one.ends_at)
        )
        tx.audit.add([Look(scope, here.person.id, what, words, now) for scope in one.scopes])

    async def _form(self, here: AtDesk, typed: Typed, at: str) -> web.StreamResponse:
        tree = await self._store.read(lambda tx: tree_of(tx, self._taxonomy))
        return self._guard.frame.page(
            "bulletin.html",
            409 if typed.error == Wrong.STALE else 400 if typed.error else 200,
            here=here,
            at=PATH,
            words=BULLETINS,
            heading=BULLETINS["new" if at == "new" else "edit"],
            action=f"{PATH}/{at}",
            typed=typed,
            common=list(SUBJECTS),
            offered=offered(self._taxonomy),
            places=places(tree, here),
        )


def _draft(id: str, here: AtDesk, now: datetime) -> Bulletin:
    return Bulletin(id, (), (), (), "", "", now, now, BulletinState.KEPT, here.person.id, now)


def _asked(desk: Desk, id: str) -> list[Asked]:
    return [one for one in desk.facts.asked.values() if one.about == id]


def _sorted(
    some: Sequence[Bulletin], now: datetime
) -> tuple[list[Bulletin], list[Bulletin], list[Bulletin]]:
    """What waits to be kept, what holds or will, and what is over."""

    def those(fits: Callable[[Bulletin], bool]) -> list[Bulletin]:
        return [one for one in some if fits(one)]

    return (
        those(
            lambda one: (
                one.state is BulletinState.PROPOSED
                and min(one.ends_at, one.made_at + PROPOSED_FOR) > now
            )
        ),
        those(lambda one: one.state is BulletinState.KEPT and one.ends_at > now),
        those(lambda one: one.state is BulletinState.ENDED)
        + those(lambda one: one.state is BulletinState.KEPT and one.ends_at <= now),
    )


def _state(bulletin: Bulletin, now: datetime) -> str:
    """The mark in the list; "" for what waits to be kept."""
    if bulletin.state is BulletinState.PROPOSED:
        return ""
    if bulletin.state is BulletinState.ENDED:
        return "ended"
    if bulletin.ends_at <= now:
        return "over"
    return "holds" if bulletin.holds(now) else "ahead"
