"""The uncertain queue: a person looks at what the machine could not tell, and one press decides.

The law of this file: an act takes effect at once, by the table of a case's life, and what people were told
cannot be untold. So nothing here pretends to turn time back:

- Before it takes effect an act can be taken back wholly. `review.js` holds every act for six seconds in the
  page and sends it then, or at once when the page is left; taken back, nobody heard of it and nothing was
  learned. Should the browser die in between, the case still waits here: an act may be lost, never a case.
- After it took effect an item is not "set back" to the machine's guess: that guess would go out to a
  department as if a person had chosen it, and be learned. 撤销 opens the card again instead, and the next
  choice replaces the first; for learning the later word of the same person counts (`intake/reviewing.py`).
- `不是报事`, `不予受理` and a published wish are for good. Without JavaScript `不是报事` therefore asks once
  more on a page of its own; the other two need words, which is a second step already.

Words of private cases stand in no list: they are shown one by one, and each look is on record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from aiohttp import web

from bot.web.desk.acts import Acts
from bot.web.desk.alike import Pile, piles
from bot.web.desk.cards import WAITING, Card, Dealer, is_covered
from bot.web.desk.finding import find_items
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate, form_of
from bot.web.desk.joins import Joins
from bot.web.desk.live import QueueWatch, position_of
from bot.web.desk.otherwise import FIELD as OTHERWISE_FIELD
from bot.web.desk.otherwise import address as otherwise_after
from bot.web.desk.own_words import meant_by
from bot.web.desk.queue import MOST, SHOWN, Queue, load_queue, waiting
from bot.web.desk.weighing import Weighing, plain
from bot.web.desk.words import Refused
from bot.web.desk.words_joins import MERGE, PILE, SPLIT
from bot.web.desk.words_review import KEYS, REVIEW, SCRIPT, ReviewRefused
from bot.web.desk.words_words import WORDS
from bot.web.site import go_to
from intake.acts import Act, Given
from intake.cases import Case, CaseId
from intake.grids import Grid
from intake.lifecycle import CaseKind, State
from intake.wishing import PUBLISHED_LIMIT

PATH: Final = "/desk/review"
CASE_PAGE: Final = "case"
"""In a search for an item: it began on the page of the case, and leads back there."""
DOES: Final = frozenset({Act.CONFIRM, Act.SET, Act.NOT_A_CASE, Act.PUBLISH, Act.REJECT})
"""What is done here; everything else has its place on the case's own page."""

Form = Mapping[str, object]


class Review:
    """The queue, a card by itself, the search for an item, and the acts."""

    menu: Sequence[tuple[str, str, Gate]] = ((PATH, REVIEW["menu"], Gate.MODERATE),)

    def __init__(self, guard: DeskGuard, acts: Acts, weighing: Weighing) -> None:
        self._guard = guard
        self._acts = acts
        self._weighing = weighing
        self._rules = acts.rules

    def routes(self) -> list[DeskRoute]:
        return [
            DeskRoute("GET", PATH, Gate.MODERATE, self.queue),
            DeskRoute("POST", PATH, Gate.MODERATE, self.together),
            DeskRoute("GET", PATH + "/news", Gate.MODERATE, self.news),
            DeskRoute("GET", PATH + "/{case}", Gate.MODERATE, self.single),
            DeskRoute("POST", PATH + "/{case}", Gate.MODERATE, self.decide),
            DeskRoute("GET", PATH + "/{case}/items", Gate.MODERATE, self.items),
        ]

    # -- looking ------------------------------------------------------------------------------------

    async def queue(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        done = [id for id in request.query.get("done", "").split(",") if id]
        return await self._queue_page(here, done[:MOST])

    async def _queue_page(
        self, here: AtDesk, done: Sequence[CaseId] = (), error: str = "", status: int = 200
    ) -> web.Response:
        now = self._acts.clock()
        queue = await self._acts.store.read(lambda tx: load_queue(tx, here, done))
        dealer = Dealer(self._rules, queue.grids, now)
        cards = [
            dealer.card(
                case,
                dealer.acts(case, here.person),
                None if is_covered(case) else plain(case.said),
            )
            for case in queue.cases
        ]
        shown = await self._marked(piles(cards)[:SHOWN], queue.grids)
        return self._page(
            "review.html",
            here,
            status,
            piles=shown,
            shown=sum(len(pile.cards) for pile in shown),
            total=queue.total,
            position=queue.position,
            marks=any(weighs for pile in shown for card in pile.cards for _, weighs in card.said),
            results=_results(dealer, queue, here),
            error=error,
            keys=KEYS,
            script=SCRIPT,
        )

    async def _marked(self, some: Sequence[Pile], grids: Mapping[str, Grid]) -> list[Pile]:
        """The cards as they are shown, with the words that weighed."""
        spoken = [card.case for pile in some for card in pile.cards if not card.covered]
        marked = await self._weighing.marked(spoken, grids)
        return [
            Pile(tuple(replace(one, said=marked.get(one.case.id, one.said)) for one in pile.cards))
            for pile in some
        ]

    async def news(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        """How many have come since the page was drawn."""
        watch = QueueWatch(waiting(here), position_of(request))
        return await self._guard.live.answer(request, here, watch)

    async def single(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        return await self._single_page(here, request.match_info["case"])

    async def _single_page(
        self,
        here: AtDesk,
        case: CaseId,
        error: str = "",
        status: int = 200,
        typed: Mapping[str, str] | None = None,
        ask: bool = False,
    ) -> web.Response:
        """A card by itself; `ask` asks whether it is really no request."""
        card = await self._card(here, case)
        return self._page(
            "review_one.html", here, status, card=card, error=error, typed=typed or {}, ask=ask
        )

    async def _card(self, here: AtDesk, case: CaseId) -> Card:
        found, acts = await self._acts.possible(here, case)
        grid = await self._acts.store.read(lambda tx: tx.grids.many([found.grid]))
        said = (await self._weighing.marked([found], grid)).get(found.id, plain(""))
        return Dealer(self._rules, grid, self._acts.clock()).card(
            found, DOES.intersection(acts), said
        )

    async def items(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        words = request.query.get("q", "").strip()
        meant = await self._acts.store.read(lambda tx: meant_by(tx, words, here.sight.grids))
        found = find_items(self._rules.taxonomy, words, meant)
        departments = self._rules.taxonomy.departments
        if request.query.get("part") == "list":
            return self._page(
                "review_found.html", here, found=found, q=words, departments=departments
            )
        card = await self._card(here, request.match_info["case"])
        back = CASE_PAGE if request.query.get("back") == CASE_PAGE else ""
        return self._page(
            "review_items.html", here, card=card, found=found, q=words, departments=departments,
            back=back,
        )  # fmt: skip

    def _page(self, name: str, here: AtDesk, status: int = 200, **values: object) -> web.Response:
        return self._guard.frame.page(
            name,
            status,
            here=here,
            at=PATH,
            words=REVIEW,
            joining={"pile": PILE, "merge": MERGE, "split": SPLIT, "word": WORDS},
            most=PUBLISHED_LIMIT,
            Act=Act,
            **values,
        )

    # -- deciding -----------------------------------------------------------------------------------

    async def decide(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        form = await form_of(request)
        case, what = request.match_info["case"], _act(form)
        if what is Act.NOT_A_CASE and not form.get("sure"):
            return await self._single_page(here, case, ask=True)
        given = Given(_text(form, "choice"), _text(form, "words"))
        try:
            _check_words(what, given.words)
            changed = await self._acts.do(here, case, _version(form), what, given)
        except DeskRefusal as refusal:
            if refusal.status == 404:
                raise
            typed = {what.value: given.words}
            return await self._single_page(here, case, str(refusal), refusal.status, typed)
        if _by_script(request):
            return self._told(here, changed)
        return _back([changed.id], form)

    async def together(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        """One press for alike cards; each is decided by itself, and none hinders the others."""
        form = await form_of(request)
        given = Given(_text(form, "choice"))
        chosen = [str(one).split(" ") for one in form.getall("case", ())][:MOST]
        if not chosen:
            return await self._queue_page(here, error=ReviewRefused.NONE_CHOSEN, status=400)
        if form.get("one"):
            return await self._as_one(request, here, chosen, given.choice)
        some = {id: int(version[0]) for id, *version in chosen if _is_number("".join(version))}
        results = await self._acts.do_many(here, some, Act.SET, given)
        left = len(chosen) - sum(isinstance(one, Case) for one in results.values())
        if _by_script(request):
            done = REVIEW["done_many"].format(n=len(chosen) - left)
            missed = REVIEW["left_many"].format(n=left) if left else ""
            return web.json_response({"said": done + missed, "left": left, "redo": ""})
        return _back([id for id, *_ in chosen], form)

    async def _as_one(
        self, request: web.Request, here: AtDesk, chosen: Sequence[Sequence[str]], item: str
    ) -> web.StreamResponse:
        """One press that says of alike cards that they are one thing, and what it is."""
        try:
            some = {id: _number("".join(version)) for id, *version in chosen}
            main, left = await Joins(self._acts).merge_many(here, some, item)
        except DeskRefusal as refusal:
            return await self._queue_page(here, error=str(refusal), status=refusal.status)
        if not _by_script(request):
            return _back([id for id, *_ in chosen], {})
        said = PILE["done"].format(n=len(some) - left, case=main.id)
        missed = REVIEW["left_many"].format(n=left) if left else ""
        redo = f"/desk/case/{main.id}"
        return web.json_response({"said": said + missed, "left": left, "redo": redo})

    def _told(self, here: AtDesk, case: Case) -> web.Response:
        """What was done, for the script."""
        dealer = Dealer(self._rules, {}, self._acts.clock())
        redo = f"{PATH}/{case.id}" if _may_choose_again(case) else ""
        told = {"said": _said(dealer, case), "redo": redo, "waits": case.state in WAITING}
        return web.json_response(told)


# -- what was done ----------------------------------------------------------------------------------


def _results(dealer: Dealer, queue: Queue, here: AtDesk) -> dict[str, object]:
    """The lines at the top: told from the cases as they stand, never from the link that led here."""
    done = [case for case in queue.done if case.state not in WAITING]
    left = [case for case in queue.done if case.state in WAITING]
    one_by_one = [
        (
            _said(dealer, case),
            f"{PATH}/{case.id}" if _may_choose_again(case) else "",
            case if case.merged_into is not None else None,
        )
        for case in done
    ]
    lines = [REVIEW["done_many"].format(n=len(done))] if len(done) > 1 else []
    if len(left) > 1 or (left and done):
        lines.append(REVIEW["left_many"].format(n=len(left)))
    elif left:
        lines.append(_said(dealer, left[0]))
    return {"lines": lines, "done": one_by_one}


def _said(dealer: Dealer, case: Case) -> str:
    """One sentence of what became of a case."""
    key = {
        State.WITHDRAWN: "done_not",
        State.REJECTED: "done_rejected",
        State.PUBLISHED: "done_published",
        State.TO_CONFIRM: "done_waits",
        State.REVIEW: "done_waits",
        State.MERGED: "done_merged",
    }.get(case.state, "done_set")
    item = dealer.suggestion(case.item) if case.item else None
    if key == "done_set" and (item is None or is_covered(case)):
        key = "done_plain"
    name, department = (item.name, item.department) if item else ("", "")
    main = case.merged_into or ""
    return REVIEW[key].format(case=case.id, item=name, department=department, main=main)


def _may_choose_again(case: Case) -> bool:
    """Whether the card can be opened again; what may be done on it is asked there."""
    return case.is_open and case.kind is CaseKind.REQUEST and case.state not in WAITING


def _back(done: Sequence[CaseId], form: Form) -> web.Response:
    """To the list that the form stood in, or to the case from whose page an item was looked for."""
    if form.get("back") == CASE_PAGE:
        there = f"/desk/case/{quote(done[0], safe='')}?done={Act.SET.value}"
        return go_to(there)
    ids = quote(",".join(done), safe=",")
    after = _text(form, OTHERWISE_FIELD)
    there = otherwise_after(after, ids) if OTHERWISE_FIELD in form else f"{PATH}?done={ids}"
    return go_to(there)


# -- what came --------------------------------------------------------------------------------------


def _act(form: Form) -> Act:
    try:
        what = Act(_text(form, "do"))
    except ValueError:
        raise DeskRefusal(Refused.MALFORMED) from None
    if what not in DOES:
        raise DeskRefusal(Refused.MALFORMED)
    return what


def _text(form: Form, name: str) -> str:
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _version(form: Form) -> int:
    return _number(_text(form, "version"))


def _number(text: str) -> int:
    """The version that the page was drawn with; without one it is not known what was looked at."""
    if not _is_number(text):
        raise DeskRefusal(Refused.MALFORMED)
    return int(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _check_words(what: Act, words: str) -> None:
    if what is Act.REJECT and not words:
        raise DeskRefusal(ReviewRefused.REJECT_WORDS)
    if what is Act.PUBLISH and not words:
        raise DeskRefusal(ReviewRefused.PUBLISH_WORDS)
    if what is Act.PUBLISH and len(words) > PUBLISHED_LIMIT:
        raise DeskRefusal(ReviewRefused.TOO_LONG.format(most=PUBLISHED_LIMIT, n=len(words)))


def _by_script(request: web.Request) -> bool:
    """Whether `review.js` asks, which goes on by itself."""
    return "application/json" in request.headers.get("Accept", "")
