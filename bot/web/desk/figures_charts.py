"""What the page's charts are drawn with, and the picture of a week for the group.

The law of this file: charts hold no figures, so that one answer serves everybody; a picture holds nothing
private, whoever asks for it, for it goes where many see it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from aiohttp import web

from bot.web.desk.charts import Poster, charts, count_row
from bot.web.desk.drawing import Drawing
from bot.web.desk.figures_asked import BadAsk, asked_of
from bot.web.desk.figures_read import Answer, FiguresReading
from bot.web.desk.figures_told import Line, weekday_name
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate
from bot.web.desk.posters import Posters
from bot.web.desk.words import Refused
from bot.web.desk.words_figures import (
    FIGURES,
    OTHERS,
    PICTURE,
    RATE_NAMES,
    SPANS,
    PictureRefused,
)
from intake.figures import Counts
from intake.rates import THREE, Rate
from intake.taxonomy import Taxonomy
from storage.case_figures import Kind

PATH: Final = "/desk/figures/charts"
_CATEGORIES: Final = 8
_WEEK: Final = 7


class Charts:
    """The charts, the script that draws them, and the picture."""

    menu: Sequence[tuple[str, str, Gate]] = ()

    def __init__(
        self, guard: DeskGuard, taxonomy: Taxonomy, drawing: Drawing, posters: Posters
    ) -> None:
        self._reading = FiguresReading(guard, taxonomy)
        self._drawing = drawing
        self._posters = posters

    def routes(self) -> list[DeskRoute]:
        return [
            DeskRoute("GET", PATH, Gate.CASES, self.charts),
            DeskRoute("GET", PATH + "/{name}", Gate.CASES, self.script),
            DeskRoute("GET", "/desk/figures/picture.png", Gate.CASES, self.picture),
        ]

    async def charts(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        script = await self._drawing.script()
        made = await asyncio.to_thread(charts)
        return web.json_response({"script": f"{PATH}/{script.version}.js", "charts": made})

    async def script(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        name = request.match_info["name"]
        if not (name.endswith(".js") and len(name) == 15):
            raise DeskRefusal(Refused.MALFORMED, 404)
        script = await self._drawing.script()
        if name != f"{script.version}.js":
            raise DeskRefusal(Refused.MALFORMED, 404)
        # The name is of the content; private, since whoever is not signed in gets nothing here.
        headers = {
            "Cache-Control": "private, max-age=31536000, immutable",
            "Vary": "Accept-Encoding",
        }
        packed = "gzip" in request.headers.get("Accept-Encoding", "")
        if packed:
            headers["Content-Encoding"] = "gzip"
        return web.Response(
            body=script.packed if packed else script.plain,
            content_type="text/javascript",
            charset="utf-8",
            headers=headers,
        )

    async def picture(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        """The picture of a week, or of the time that is asked for."""
        try:
            answer = await self._reading.answer(here.sight, asked_of(request.query), public=True)
        except BadAsk as wrong:
            raise DeskRefusal(str(wrong)) from None
        if not answer.found.total.opened:
            raise DeskRefusal(PictureRefused.NOTHING, 404)
        made = await self._posters.drawn(poster_of(answer, self._reading))
        days = "-".join(day.replace("-", "") for day in self._reading.dates(answer.period))
        headers = {"Content-Disposition": f'inline; filename="huying-{days}.png"'}
        return web.Response(body=made, content_type="image/png", headers=headers)


def poster_of(answer: Answer, reading: FiguresReading) -> Poster:
    """The picture of what was asked for; of an answer that is public."""
    found, asked = answer.found, answer.asked
    part = answer.parts.name(asked.part) or FIGURES["everything"]
    span = SPANS[asked.span] if asked.span != "own" else ""
    solved = found.total.counts.solved
    return Poster(
        PICTURE["title"].format(part=part, span=span),
        found.total.name,
        [
            (FIGURES["opened"], str(found.total.opened)),
            (PICTURE["solved"], str(solved)),
            (FIGURES["open"], str(found.open_now.open)),
            (FIGURES["overdue"], str(found.open_now.overdue)),
        ],
        [(RATE_NAMES[rate], found.total.share(rate)) for rate in (*THREE, Rate.FINISHED)],
        {
            "category": [count_row(line.name, line.opened) for line in _fitting(answer)],
            "day": [count_row(name, line.opened) for name, line in _days(answer, reading)],
        },
    )


def _fitting(answer: Answer) -> Sequence[Line]:
    """The categories that there is room for; the others as one."""
    table = answer.found.table(Kind.CATEGORY)
    lines = table.lines if table else ()
    if len(lines) <= _CATEGORIES:
        return lines
    rest = sum((line.counts for line in lines[_CATEGORIES - 1 :]), Counts())
    return [*lines[: _CATEGORIES - 1], Line(OTHERS, rest)]


def _days(answer: Answer, reading: FiguresReading) -> list[tuple[str, Line]]:
    """The days of the picture; those of one week are called Monday to Sunday."""
    table = answer.found.table(Kind.DAY)
    if table is None:
        return []
    first = date.fromisoformat(reading.dates(answer.period)[0])
    if len(table.lines) > _WEEK:
        return [(line.name, line) for line in table.lines]
    return [(weekday_name(first + timedelta(days=n)), line) for n, line in enumerate(table.lines)]
