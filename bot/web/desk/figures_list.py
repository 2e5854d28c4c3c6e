"""The cases behind the figures as a list to take away.

The law of this file: within sight, nobody's name and nobody's words; places no finer than a building.
Private cases come only where they are asked for, without title and place, and each is on record as taken
away; so is the list.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from aiohttp import web

from bot.web.desk.figures_asked import Asked, BadAsk, Parts, asked_of
from bot.web.desk.figures_read import FiguresReading
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate, form_of
from bot.web.desk.sheet import sheet
from bot.web.desk.tree import tree_of
from bot.web.desk.words import Refused
from bot.web.desk.words_figures import (
    BOOK,
    LEVELS,
    LIST,
    LIST_KINDS,
    LIST_WHY,
    LIST_WHY_PRIVATE,
    PRIVATE,
    AskedWrong,
)
from bot.web.desk.workbook import Cell, Page, book, book_response
from bot.web.site import go_to
from bot.wording.item_names import item_name
from intake.buildings import building_of
from intake.lifecycle import STATE_NAMES
from intake.taxonomy import Taxonomy
from storage.case_figures import Reach
from storage.case_list import Listed
from storage.records import Look
from storage.tx import Tx

if TYPE_CHECKING:
    from bot.web.desk.figures import Figures

MOST_LISTED: Final = 20_000
"""So many cases one list takes."""
PATH: Final = "/desk/figures/cases"
TAKEN: Final = "export cases"
"""What the record calls it."""
_WIDTHS: Final = (14, 20, 8, 10, 22, 22, 10, 18, 10, 26, 17, 17, 17, 17, 17, 8)


@dataclass(frozen=True, slots=True)
class _Read:
    cases: list[Listed]
    parts: Parts


class CaseLists:
    """The list, as CSV or for Excel."""

    menu: Sequence[tuple[str, str, Gate]] = ()

    def __init__(self, guard: DeskGuard, taxonomy: Taxonomy, figures: Figures) -> None:
        self._guard = guard
        self._reading = FiguresReading(guard, taxonomy)
        self._taxonomy = taxonomy
        self._figures = figures

    def routes(self) -> list[DeskRoute]:
        return [
            DeskRoute("POST", PATH, Gate.CASES, self.take),
            DeskRoute("GET", PATH, Gate.CASES, self.back),
        ]

    async def back(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        """The address of a form that came back was opened anew."""
        return go_to("/desk/figures")

    async def take(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        form = await form_of(request)
        asked, kind = asked_of(form), str(form.get("as", ""))
        if kind not in ("xlsx", "csv"):
            raise DeskRefusal(Refused.MALFORMED)
        try:
            read = await self._read(here, asked, private=form.get("private") == "1")
        except BadAsk as wrong:
            return await self._figures.shown(here, asked, problem=str(wrong))
        await self._note(here, asked, read)
        return await asyncio.to_thread(self._file, asked, read, kind)

    async def _read(self, here: AtDesk, asked: Asked, *, private: bool) -> _Read:
        period = asked.period(self._reading.now())

        def work(tx: Tx) -> _Read:
            parts = Parts(tree_of(tx, self._taxonomy), here.sight)
            reach = Reach(here.sight, parts.reach(asked.part), public=not private)
            return _Read(tx.case_list.of(reach, period, MOST_LISTED + 1), parts)

        read = await self._guard.store.read(work)
        if len(read.cases) > MOST_LISTED:
            raise BadAsk(AskedWrong.TOO_MANY.format(most=MOST_LISTED))
        return read

    async def _note(self, here: AtDesk, asked: Asked, read: _Read) -> None:
        """On record before anything goes out."""
        now, who = self._guard.clock(), here.person.id
        first, last = self._reading.dates(asked.period(self._reading.now()))
        private = [case.id for case in read.cases if case.private]
        words = LIST_WHY_PRIVATE if private else LIST_WHY
        why = words.format(first=first, last=last, count=len(read.cases), private=len(private))
        about = _about(asked, read.parts, here)
        looks = [Look(one, who, TAKEN, why, now) for one in about]
        looks += [Look(case, who, TAKEN, None, now) for case in private]
        await self._guard.store.write(lambda tx: tx.audit.add(looks))

    def _file(self, asked: Asked, read: _Read, kind: str) -> web.Response:
        days = self._reading.dates(asked.period(self._reading.now()))
        name = "-".join(["huying-cases", *(day.replace("-", "") for day in days)])
        rows = [_cells(case, self._taxonomy, read.parts, self._local) for case in read.cases]
        if kind == "csv":
            texts = [[_text(cell) for cell in row] for row in rows]
            return sheet(f"{name}.csv", LIST, texts)
        return book_response(f"{name}.xlsx", book([Page(BOOK["list"], LIST, rows, _WIDTHS)]))

    def _local(self, at: datetime | None) -> datetime | None:
        return at.astimezone(self._guard.frame.zone) if at else None


def _about(asked: Asked, parts: Parts, here: AtDesk) -> list[str]:
    """What the record of a list stands under: a part of the tree, or a department."""
    if asked.part:
        return [asked.part]
    if here.sight.departments and not here.sight.grids:
        return sorted(here.sight.departments)
    return [parts.root.id if parts.root else "*"]


def _cells(
    case: Listed,
    taxonomy: Taxonomy,
    parts: Parts,
    local: Callable[[datetime | None], datetime | None],
) -> list[Cell]:
    """One case, in the order of `LIST`."""
    grid = parts.tree.grids.get(case.grid)
    category = taxonomy.categories.get(case.category or "")
    lead = taxonomy.departments.get(case.lead or "")
    building = building_of(case.place, grid.places if grid else ())
    return [
        case.id,
        grid.name if grid else case.grid,
        LIST_KINDS[case.kind],
        STATE_NAMES[case.state],
        category.name if category else "",
        item_name(taxonomy, case.item),
        LEVELS[case.level],
        lead.name if lead else "",
        "" if case.private else building or "",
        PRIVATE if case.private else case.title,
        local(case.opened_at),
        local(case.respond_due),
        local(case.responded_at),
        local(case.resolve_due),
        local(case.done_at),
        case.score,
        case.voices,
        case.reopened,
        case.paused_seconds // 3600,
    ]


def _text(cell: Cell) -> str | int:
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    return "" if cell is None else cell
