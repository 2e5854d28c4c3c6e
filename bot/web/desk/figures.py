"""Figures: how much came, how much was answered and finished in time, what neighbours say of it.

The law of this file: of what somebody may see and no more; no person stands in any figure, and none stands
for fewer than three cases by itself. What cannot be told is answered with a sentence, and what was typed is
kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from bot.web.desk.charts import BARS, COLUMNS, MOST, Row, count_row, share_row
from bot.web.desk.figures_asked import Asked, BadAsk, asked_of
from bot.web.desk.figures_list import MOST_LISTED
from bot.web.desk.figures_read import Answer, FiguresReading
from bot.web.desk.figures_told import LISTED, SHOWN, Found, sheet_row
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate
from bot.web.desk.sheet import Cell, sheet
from bot.web.desk.words_figures import (
    BOOK,
    FIGURES,
    HOW,
    KINDS,
    MENU,
    RATE_NAMES,
    SHEET,
    SHEET_DISTRICT,
    SHEET_NOW,
    SHEET_PART,
    SHEET_PERIOD,
    SPANS,
)
from bot.web.desk.workbook import Page, book, book_response
from intake.figures import LEAST
from intake.rates import THREE, Rate
from intake.taxonomy import Taxonomy
from storage.case_figures import Kind

PATH = "/desk/figures"
_IN_ROWS = (Rate.ANSWERED, Rate.SOLVED, Rate.SATISFIED)
"""The rates that stand in the tables by kind."""
_TOTALS = (*THREE, Rate.FINISHED, Rate.REOPENED, Rate.CALLED)
_WISHES = (Rate.TAKEN_UP, Rate.FULFILLED)


class Figures:
    """The page, and its tables to take away."""

    menu: Sequence[tuple[str, str, Gate]] = ((PATH, MENU, Gate.CASES),)

    def __init__(self, guard: DeskGuard, taxonomy: Taxonomy) -> None:
        self._guard = guard
        self._reading = FiguresReading(guard, taxonomy)

    def routes(self) -> list[DeskRoute]:
        return [
            DeskRoute("GET", PATH, Gate.CASES, self.page),
            DeskRoute("GET", f"{PATH}.csv", Gate.CASES, self.csv),
            DeskRoute("GET", f"{PATH}.xlsx", Gate.CASES, self.xlsx),
        ]

    async def page(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        return await self.shown(here, asked_of(request.query))

    async def shown(self, here: AtDesk, asked: Asked, problem: str = "") -> web.Response:
        """The page for what was asked; with a `problem` it says what was wrong."""
        status = 400 if problem else 200
        try:
            answer = await self._reading.answer(here.sight, asked)
        except BadAsk as wrong:
            parts = await self._reading.parts(here.sight)
            return self._drawn(
                here, asked, 400, parts=parts, problem=problem or str(wrong), answer=None
            )
        return self._drawn(here, asked, status, parts=answer.parts, problem=problem, answer=answer)

    def _drawn(self, here: AtDesk, asked: Asked, status: int, **values: Any) -> web.Response:
        answer: Answer | None = values["answer"]
        total = answer.found.total.counts if answer else None
        return self._guard.frame.page(
            "figures.html",
            status,
            here=here,
            at=PATH,
            words=FIGURES,
            how=HOW,
            spans=SPANS,
            asked=asked,
            today=self._reading.now().date().isoformat(),
            rate_names=RATE_NAMES,
            totals=(*_TOTALS, *(_WISHES if total and total.wishes else ())),
            in_rows=_IN_ROWS,
            least=LEAST,
            shown=SHOWN,
            listed=LISTED,
            most=MOST,
            cut=BARS,
            most_listed=MOST_LISTED,
            may_send=Gate.MODERATE.opens(here.person),
            rows=_chart_rows(answer.found) if answer else {},
            chart_names={kind.value: name for kind, name in KINDS.items()}
            | {"rates": FIGURES["rates"]},
            **values,
        )

    async def csv(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        answer = await self._asked(request, here)
        found = answer.found
        rows: list[Sequence[Cell]] = [*_head(answer)]
        rows += [
            sheet_row(FIGURES["totals"], line, whole=True) for line in (found.total, found.before)
        ]
        rows += [sheet_row(t.name, line, plain=t.plain) for t in found.tables for line in t.lines]
        return sheet(f"huying-figures-{self._file(answer)}.csv", SHEET, rows)

    async def xlsx(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        answer = await self._asked(request, here)
        found = answer.found
        totals = [
            sheet_row(FIGURES["totals"], one, whole=True) for one in (found.total, found.before)
        ]
        pages = [Page(BOOK["figures"], SHEET, [*_head(answer), *totals], (14, 26, 10))]
        for table in found.tables:
            rows = [sheet_row(table.name, line, plain=table.plain) for line in table.lines]
            head = SHEET[:3] if table.plain else SHEET
            pages.append(Page(table.name, head, rows, (14, 26, 10)))
        pages.append(Page(BOOK["how"], (BOOK["how"],), [(line,) for line in HOW], (100,)))
        made = await asyncio.to_thread(book, pages)
        return book_response(f"huying-figures-{self._file(answer)}.xlsx", made)

    async def _asked(self, request: web.Request, here: AtDesk) -> Answer:
        try:
            return await self._reading.answer(here.sight, asked_of(request.query))
        except BadAsk as wrong:
            raise DeskRefusal(str(wrong)) from None

    def _file(self, answer: Answer) -> str:
        return "-".join(day.replace("-", "") for day in self._reading.dates(answer.period))


def _head(answer: Answer) -> list[list[Cell]]:
    """What the figures are of, what is open, and how much of it the district leads."""
    found, part = answer.found, answer.parts.name(answer.asked.part)
    district = found.by_district
    more: list[list[Cell]] = [[SHEET_DISTRICT, district.part, district.whole]] if district else []
    return [
        [SHEET_PERIOD, found.total.name],
        [SHEET_PART, part or FIGURES["everything"]],
        [SHEET_NOW, FIGURES["open"], found.open_now.open],
        [SHEET_NOW, FIGURES["overdue"], found.open_now.overdue],
        *more,
    ]


def _chart_rows(found: Found) -> dict[str, list[Row]]:
    """What the charts show, by their names: the same rows as the tables, not more."""
    rows: dict[str, list[Row]] = {}
    shares = [(RATE_NAMES[rate], found.total.share(rate)) for rate in _TOTALS]
    rows["rates"] = [share_row(name, share) for name, share in shares if share.stands]
    for name in (*COLUMNS, *BARS):
        table = found.table(Kind(name))
        lines = table.lines[: MOST if name in BARS else None] if table else ()
        rows[name] = [count_row(line.name, line.opened) for line in lines]
    return {name: some for name, some in rows.items() if some}
