"""Open cases whose words the model in use reads otherwise than they stand.

The law of this file: read when somebody asks for it, two hundred cases in one batch, newest first; only what
this person sees and may correct, and of which nobody has said yet what it is: a person's word is not put in
question. Where the model itself does not know, it says nothing. Both answers are acts of the queue
(`review.py`), and both are learned from. Words of private cases stand in no list: they are shown one by one,
and each look is on record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from aiohttp import web

from bot.web.desk.acts import Acts
from bot.web.desk.cards import Dealer, Suggestion, is_covered
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRoute, Gate
from bot.web.desk.weighing import Marked, Weighing, in_pieces
from bot.web.desk.words_otherwise import OTHERWISE
from intake.acts import Act
from intake.cases import Case, CaseId
from intake.grids import Grid
from intake.lifecycle import CaseKind, State
from intake.people import Right
from intake.reading import Reading, Triage
from storage.cases import CaseFilter
from storage.tx import Tx

PATH: Final = "/desk/review/otherwise"
FIELD: Final = "otherwise"
"""The field of a form that stands in this list; its value is where the list begins."""
BATCH: Final = 200
WORKED_ON: Final = frozenset({State.SIGNED, State.WORKING})
STATES: Final = (
    State.TO_CONFIRM,
    State.ACCEPTED,
    State.TO_DISPATCH,
    State.DISPATCHED,
    State.SIGNED,
    State.WORKING,
)
"""States in which a request can still be put right."""


@dataclass(frozen=True, slots=True)
class Differing:
    """A case with both answers. `said` is None where the words are covered."""

    case: Case
    where: str
    stands: Suggestion
    reads: Suggestion
    sure: bool
    said: Marked | None

    @property
    def worked_on(self) -> bool:
        return self.case.state in WORKED_ON


@dataclass(frozen=True, slots=True)
class _Found:
    """The next cases, those among them to be read, and those just decided. `after` is where they begin, ""
    at the newest; `more` says that older ones follow."""

    cases: list[Case]
    to_read: list[Case]
    done: list[Case]
    grids: Mapping[str, Grid]
    after: CaseId
    more: bool


class Otherwise:
    """The list, and one of its cases by itself."""

    menu: Sequence[tuple[str, str, Gate]] = ()

    def __init__(self, guard: DeskGuard, acts: Acts, weighing: Weighing) -> None:
        self._guard = guard
        self._acts = acts
        self._weighing = weighing

    def routes(self) -> list[DeskRoute]:
        return [
            DeskRoute("GET", PATH, Gate.MODERATE, self.all),
            DeskRoute("GET", PATH + "/{case}", Gate.MODERATE, self.one),
        ]

    async def all(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        after, done = request.query.get("after", ""), request.query.get("done", "")
        found = await self._acts.store.read(lambda tx: _load(tx, here, after, done))
        dealer = self._dealer(found.grids)
        differing = await self._differing(dealer, here, found.to_read, found.grids, covered=True)
        return self._page(
            "otherwise.html",
            here,
            rows=differing,
            read=len(found.to_read),
            done=[_said(dealer, case) for case in found.done],
            after=found.after,
            older=address(found.cases[-1].id) if found.more else "",
            batch=BATCH,
        )

    async def one(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        case, _ = await self._acts.possible(here, request.match_info["case"])
        grids = await self._acts.store.read(lambda tx: tx.grids.many([case.grid]))
        dealer = self._dealer(grids)
        rows = await self._differing(dealer, here, [case], grids, covered=False)
        return self._page("otherwise_one.html", here, rows=rows, same=_open(case))

    async def _differing(
        self,
        dealer: Dealer,
        here: AtDesk,
        cases: Sequence[Case],
        grids: Mapping[str, Grid],
        covered: bool,
    ) -> list[Differing]:
        """Those that are read otherwise, what the model is sure of first."""
        mine = [case for case in cases if _open(case) and Act.SET in dealer.acts(case, here.person)]
        readings = await self._weighing.read(mine, grids)
        found = [
            one
            for case in mine
            if case.id in readings
            and (one := _compared(dealer, case, readings[case.id], grids, covered)) is not None
        ]
        return sorted(found, key=lambda one: not one.sure)

    def _dealer(self, grids: Mapping[str, Grid]) -> Dealer:
        return Dealer(self._acts.rules, grids, self._acts.clock())

    def _page(self, name: str, here: AtDesk, **values: object) -> web.Response:
        return self._guard.frame.page(
            name,
            200,
            here,
            "/desk/review",
            words=OTHERWISE,
            field=FIELD,
            Act=Act,
            reads=self._weighing.reads,
            **values,
        )


def address(after: CaseId = "", done: str = "") -> str:
    """The list from `after` on; `done` are cases just decided."""
    fields = {"after": after, "done": done}
    query = urlencode({name: value for name, value in fields.items() if value}, quote_via=quote)
    return f"{PATH}?{query}" if query else PATH


def _load(tx: Tx, here: AtDesk, after: CaseId, done: str) -> _Found:
    grids = {grid.id: grid for grid in tx.grids.all()}
    named = tx.cases.many([id for id in (after, *done.split(",")[:BATCH]) if id])
    visible = {id: case for id, case in named.items() if here.sight.sees(case)}
    last = visible.pop(after, None)
    wanted = CaseFilter(
        grids=[id for id, grid in grids.items() if here.person.may(Right.CORRECT, grid.path)],
        states=STATES,
        kind=CaseKind.REQUEST,
        sight=here.sight,
        before=(last.opened_at, last.id) if last else None,
    )
    cases = tx.cases.page(wanted, BATCH + 1)
    shown = cases[:BATCH]
    said = tx.examples.said_of([case.id for case in shown])
    to_read = [case for case in shown if (case.id, case.item) not in said]
    done_now = list(visible.values())
    return _Found(shown, to_read, done_now, grids, last.id if last else "", len(cases) > BATCH)


def _open(case: Case) -> bool:
    """Whether its item may be put in question here; a danger is not."""
    has_item = case.item is not None and bool(case.said)
    return has_item and case.state in STATES and case.emergency is None


def _compared(
    dealer: Dealer, case: Case, reading: Reading, grids: Mapping[str, Grid], covered: bool
) -> Differing | None:
    first = reading.guesses[0].item
    knows = reading.kind.asks and reading.triage is not Triage.HUMAN
    stands, reads = dealer.suggestion(case.item or ""), dealer.suggestion(first)
    if first == case.item or not knows or stands is None or reads is None:
        return None
    hidden = covered and is_covered(case)
    return Differing(
        case,
        grids[case.grid].name if case.grid in grids else case.grid,
        stands,
        reads,
        reading.triage is Triage.AUTO,
        None if hidden else in_pieces(case.said, reading.because),
    )


def _said(dealer: Dealer, case: Case) -> str:
    """One sentence of how a case stands that was just decided."""
    item = dealer.suggestion(case.item) if case.item else None
    if item is None or is_covered(case):
        return OTHERWISE["done_plain"].format(case=case.id)
    return OTHERWISE["done"].format(case=case.id, item=item.name, department=item.department)
