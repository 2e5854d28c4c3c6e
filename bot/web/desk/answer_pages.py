"""问答卡: what neighbours ask, what is answered, where it is from and until when it is good.

The law of this file: a card is a person's word, under their name on record; when it was saved last is when it
was checked. Numbers of people stand here, never their names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from aiohttp import web

from bot.web.desk.acts import Acts
from bot.web.desk.answer_form import Typed, card_of, seen, told_twice, typed_from, typed_of
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate, form_of
from bot.web.desk.informing import heard_here, may_change, named, new_key, places
from bot.web.desk.tree import Tree, tree_of
from bot.web.desk.words_answers import ANSWERS, Wrong
from bot.web.room.text import clean
from bot.web.site import go_to
from intake.answer_cards import REMINDED, WORDING_LIMIT, AnswerCard
from intake.cases import Timer, TimerKind, timer_key
from intake.questions import best
from storage.answers import Told
from storage.records import Look
from storage.tx import Tx

PATH: Final = "/desk/answers"
_PAST: Final = timedelta(days=90)
_DONE: Final = ("kept", "ended")


@dataclass(frozen=True, slots=True)
class Shown:
    """A card as the list has it."""

    id: str
    question: str
    asks: str
    answer: str
    meta: str
    marks: tuple[str, ...]
    told: str
    may_change: bool


class AnswerPages:
    """`/desk/answers…`."""

    menu: Sequence[tuple[str, str, Gate]] = ((PATH, ANSWERS["menu"], Gate.INFORM),)

    def __init__(self, guard: DeskGuard, acts: Acts) -> None:
        self._guard = guard
        self._store = guard.store
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

        def work(tx: Tx) -> tuple[Tree, list[AnswerCard], Mapping[str, Told]]:
            tree = tree_of(tx, self._taxonomy)
            some = tx.answers.cards(now - _PAST)
            nodes = heard_here(tree, here)
            mine = [card for card in some if not nodes.isdisjoint(card.scopes)]
            return tree, mine, tx.answers.told(card.id for card in mine)

        tree, some, told = await self._store.read(work)
        good = [card for card in some if card.is_good(now)]
        past = [card for card in some if not card.is_good(now)]
        tried = clean(request.query.get("try", ""))[:WORDING_LIMIT]
        found = best(good, tried) if tried else None
        done = request.query.get("done", "")
        return self._guard.frame.page(
            "answers.html",
            here=here,
            at=PATH,
            words=ANSWERS,
            note=ANSWERS[f"done_{done}"] if done in _DONE else "",
            tried=tried,
            found=found.answer if found else "",
            good=[self._shown(tree, here, card, told, now) for card in good],
            past=[self._shown(tree, here, card, told, now) for card in past],
        )

    def _shown(
        self, tree: Tree, here: AtDesk, card: AnswerCard, told: Mapping[str, Told], now: datetime
    ) -> Shown:
        counts = told.get(card.id, Told())
        said = ANSWERS["told"].format(n=counts.persons) if counts.persons else ANSWERS["nobody"]
        if counts.missed:
            said += ANSWERS["missed"].format(n=counts.missed)
        meta = ANSWERS["meta"].format(
            source=card.source,
            where=named(tree, card.scopes),
            until=self._day(card.expires_at - timedelta(microseconds=1)),
            checked=self._day(card.checked_at),
        )
        return Shown(
            card.id,
            card.wordings[0],
            ANSWERS["asks"].format(wordings="；".join(card.wordings[1:]))
            if card.wordings[1:]
            else "",
            card.answer,
            meta,
            _marks(card, now),
            said,
            may_change(tree, here, card.scopes),
        )

    def _day(self, at: datetime) -> str:
        day = at.astimezone(self._guard.frame.zone)
        return f"{day.month}月{day.day}日"

    # -- one card -------------------------------------------------------------------------------

    async def blank(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        return await self._form(here, Typed(key=new_key()), "new")

    async def filled(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        card, _ = await self._store.read(lambda tx: self._find(tx, request, here))
        return await self._form(here, typed_from(card, self._guard.frame.zone), card.id)

    async def make(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        typed, now = typed_of(await form_of(request)), self._guard.clock()
        draft = AnswerCard(typed.key, (), "", "", (), now, here.person.id, now)

        def work(tx: Tx) -> str:
            if tx.answers.card(draft.id) is not None:
                return ""  # pressed twice
            return self._keep(tx, tree_of(tx, self._taxonomy), here, typed, draft)

        wrong = await self._store.write(work)
        return await self._kept(here, replace(typed, error=wrong), "new")

    async def change(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        """Change it, or say that it is still right: either way it was checked today."""
        typed = typed_of(await form_of(request))

        def work(tx: Tx) -> Typed:
            card, tree = self._find(tx, request, here)
            if typed.seen != seen(card):
                return replace(typed, error=Wrong.STALE, seen=seen(card))
            draft = replace(card, keeper=here.person.id)
            return replace(typed, error=self._keep(tx, tree, here, typed, draft))

        return await self._kept(here, await self._store.write(work), request.match_info["id"])

    async def _kept(self, here: AtDesk, typed: Typed, at: str) -> web.StreamResponse:
        if typed.error:
            return await self._form(here, typed, at)
        return go_to(f"{PATH}?done=kept")

    def _keep(self, tx: Tx, tree: Tree, here: AtDesk, typed: Typed, draft: AnswerCard) -> str:
        """Keep it; why it cannot be, or ""."""
        now, theirs = self._guard.clock(), {place.id for place in places(tree, here)}
        card = card_of(typed, theirs, draft, now, self._guard.frame.zone)
        if isinstance(card, str):
            return card
        others = [one for one in tx.answers.cards(now) if one.is_good(now)]
        twice = told_twice(card, others, tree)
        if twice:
            return twice
        tx.answers.save_card(card)
        key, due = timer_key(TimerKind.CARD, card.id), card.expires_at - REMINDED
        tx.timers.cancel([key])
        if due > now:
            tx.timers.set([Timer(key, TimerKind.CARD, card.id, due)])
        _record(tx, here, card, "answer card", now)
        return ""

    async def end(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        def work(tx: Tx) -> None:
            card, _ = self._find(tx, request, here)
            tx.answers.save_card(replace(card, ended=True))
            tx.timers.cancel([timer_key(TimerKind.CARD, card.id)])
            _record(tx, here, card, "answer card end", self._guard.clock())

        await self._store.write(work)
        return go_to(f"{PATH}?done=ended")

    def _find(self, tx: Tx, request: web.Request, here: AtDesk) -> tuple[AnswerCard, Tree]:
        """The card of the path, if it may be changed. Raises DeskRefusal."""
        card, tree = tx.answers.card(request.match_info["id"]), tree_of(tx, self._taxonomy)
        if card is None or card.ended or heard_here(tree, here).isdisjoint(card.scopes):
            raise DeskRefusal(Wrong.GONE, 404)
        if not may_change(tree, here, card.scopes):
            raise DeskRefusal(Wrong.NOT_YOURS, 403)
        return card, tree

    async def _form(self, here: AtDesk, typed: Typed, at: str) -> web.StreamResponse:
        tree = await self._store.read(lambda tx: tree_of(tx, self._taxonomy))
        tomorrow = self._guard.clock().astimezone(self._guard.frame.zone) + timedelta(days=1)
        return self._guard.frame.page(
            "answer_card.html",
            409 if typed.error == Wrong.STALE else 400 if typed.error else 200,
            here=here,
            at=PATH,
            words=ANSWERS,
            heading=ANSWERS["new" if at == "new" else "edit"],
            action=f"{PATH}/{at}",
            typed=typed,
            places=places(tree, here),
            tomorrow=tomorrow.date().isoformat(),
        )


def _marks(card: AnswerCard, now: datetime) -> tuple[str, ...]:
    found = [] if card.aloud else ["alone"]
    if card.ended:
        found.append("ended")
    elif card.expires_at <= now:
        found.append("expired")
    elif card.expires_at - REMINDED <= now:
        found.append("soon")
    return tuple(found)


def _record(tx: Tx, here: AtDesk, card: AnswerCard, what: str, now: datetime) -> None:
    words = ANSWERS["record"].format(question=card.wordings[0], answer=card.answer)
    tx.audit.add([Look(scope, here.person.id, what, words, now) for scope in card.scopes])
