"""The corrections of the last weeks, where they stand, and a second opinion on those that wait.

The law of this file: a correction is looked at by somebody else than who made it, within the grids where they
may correct; who made it stands nowhere. The words of a private case are read on its own page, on record.
Standings are told by what people said; at night the frozen model is asked too (`bot/learning.py`). However
many corrections there are, so many are read and no more: what is older and not accepted has lost its words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from aiohttp import web

from bot.learning import opinions_of, schedule, standings_of
from bot.web.desk.acts import Acts
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate, form_of
from bot.web.desk.words import Refused
from bot.web.desk.words_quality import QUALITY, STANDINGS, QualityRefused
from bot.web.site import go_to
from bot.wording.item_names import item_name
from intake.cases import Case, CaseId
from intake.grids import Grid
from intake.people import Right
from intake.reviewing import LEARNED, WAITING, Opinion, Standing
from intake.taxonomy import Taxonomy, Visibility
from storage.examples import KEEP_UNLEARNED, StoredExample
from storage.tx import Tx

PATH: Final = "/desk/quality"
RECENT: Final = timedelta(days=30)
SHOWN: Final = 100
"""Rows of each list."""
READ: Final = 2000
"""Corrections that are read, of all grids: what others said of the same words decides where one stands."""


@dataclass(frozen=True, slots=True)
class Row:
    """A correction as it is shown; `words` is empty where they are gone or kept from lists."""

    id: int
    case: CaseId
    where: str
    words: str
    before: str
    after: str
    standing: str
    at: datetime
    private: bool
    own: bool


@dataclass(frozen=True, slots=True)
class _Found:
    examples: list[StoredExample]
    opinions: list[Opinion]
    cases: dict[CaseId, Case]
    grids: dict[str, Grid]


class Quality:
    """The page and its two buttons."""

    menu: Sequence[tuple[str, str, Gate]] = ((PATH, QUALITY["menu"], Gate.MODERATE),)

    def __init__(self, guard: DeskGuard, acts: Acts) -> None:
        self._guard = guard
        self._store = acts.store
        self._rules = acts.rules
        self._clock = acts.clock

    def routes(self) -> list[DeskRoute]:
        return [
            DeskRoute("GET", PATH, Gate.MODERATE, self.page),
            DeskRoute("POST", PATH + "/{id}", Gate.MODERATE, self.decide),
        ]

    async def page(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        return await self._drawn(here, said=_DONE.get(request.query.get("done", ""), ""))

    async def _drawn(
        self, here: AtDesk, said: str = "", error: str = "", status: int = 200
    ) -> web.Response:
        now = self._clock()
        found = await self._store.read(lambda tx: _read(tx, now - KEEP_UNLEARNED))
        standings = await asyncio.to_thread(standings_of, found.opinions)
        mine = [one for one in found.examples if _theirs(found, one, here)]
        waiting = [one for one in mine if standings[one.id] in WAITING]
        recent = [one for one in reversed(mine) if one.example.at >= now - RECENT]
        listed = _Lister(self._rules.taxonomy, found, standings, here)
        return self._guard.frame.page(
            "quality.html",
            status,
            here=here,
            at=PATH,
            words=QUALITY,
            days=RECENT.days,
            waiting=[listed.row(one) for one in waiting[:SHOWN]],
            waiting_count=len(waiting),
            recent=[listed.row(one) for one in recent[:SHOWN]],
            sums=_sums([standings[one.id] for one in recent]),
            cut=READ if len(found.examples) == READ else 0,
            said=said,
            error=error,
        )

    async def decide(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        form = await form_of(request)
        what, id = str(form.get("do", "")), request.match_info["id"]
        if not (id.isascii() and id.isdigit() and len(id) < 16):
            raise DeskRefusal(QualityRefused.UNKNOWN, 404)
        if what not in _DONE:
            raise DeskRefusal(Refused.MALFORMED)
        now = self._clock()

        def work(tx: Tx) -> None:
            _check(tx, int(id), here)
            tx.examples.review(int(id), what == "accept", here.person.id, now)
            schedule(tx, self._rules.retrain, self._rules.zone, now)

        try:
            await self._store.write(work)
        except DeskRefusal as refusal:
            if refusal.status == 404:
                raise
            return await self._drawn(here, error=str(refusal), status=refusal.status)
        return go_to(f"{PATH}?done={what}")


_DONE: Final = {"accept": QUALITY["done_accept"], "refuse": QUALITY["done_refuse"]}


# -- reading and judging ----------------------------------------------------------------------------


def _read(tx: Tx, since: datetime) -> _Found:
    examples = tx.examples.since(since, READ)
    return _Found(
        examples,
        opinions_of(tx, examples),
        tx.cases.many({one.example.case or "" for one in examples}),
        {grid.id: grid for grid in tx.grids.all()},
    )


def _theirs(found: _Found, one: StoredExample, here: AtDesk) -> bool:
    """Whether this person may see the case and correct there."""
    case = found.cases.get(one.example.case or "")
    grid = found.grids.get(case.grid) if case else None
    return case is not None and grid is not None and _may(here, case, grid)


def _may(here: AtDesk, case: Case, grid: Grid) -> bool:
    return here.sight.sees(case) and here.person.may(Right.CORRECT, grid.path, case.departments)


def _check(tx: Tx, id: int, here: AtDesk) -> None:
    """Raises DeskRefusal unless this person may decide on this correction now."""
    one = tx.examples.get(id)
    case = tx.cases.get(one.example.case or "") if one else None
    grid = tx.grids.get(case.grid) if case else None
    if one is None or case is None or grid is None or not _may(here, case, grid):
        raise DeskRefusal(QualityRefused.UNKNOWN, 404)
    if one.example.by == here.person.id:
        raise DeskRefusal(QualityRefused.OWN, 403)
    if one.accepted is not None:
        raise DeskRefusal(QualityRefused.DECIDED, 409)


# -- showing ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Lister:
    taxonomy: Taxonomy
    found: _Found
    standings: Mapping[int, Standing]
    here: AtDesk

    def row(self, one: StoredExample) -> Row:
        example = one.example
        case = self.found.cases[example.case or ""]
        private = case.visibility is Visibility.PRIVATE
        return Row(
            id=one.id,
            case=case.id,
            where=self.found.grids[case.grid].name,
            words="" if private else example.text,
            before=self._name(example.read_as) or QUALITY["wasnt"],
            after=self._name(example.label),
            standing=STANDINGS[self.standings[one.id]],
            at=example.at,
            private=private,
            own=example.by == self.here.person.id,
        )

    def _name(self, label: str | None) -> str:
        """An item's name, or what a label about asking says."""
        if not label:
            return ""
        general = {"request": "asks", "wish": "wish"}.get(label)
        if general is None and label in self.taxonomy.kinds:
            general = "not_request"
        return QUALITY[general] if general else item_name(self.taxonomy, label)


def _sums(standings: Sequence[Standing]) -> dict[str, int]:
    learned = sum(1 for one in standings if one in LEARNED)
    waiting = sum(1 for one in standings if one in WAITING)
    other = len(standings) - learned - waiting
    return {"all": len(standings), "learned": learned, "waiting": waiting, "other": other}
