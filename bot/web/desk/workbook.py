"""Tables to take away, as an Excel file.

The law of this file: no cell is a formula, a link or a number but what we say is a number: words are
written as words, and what begins like a formula carries Excel's mark for words, so that it stays one when
somebody edits it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import xlsxwriter
from aiohttp import web

from bot.web.desk.sheet import begins_a_formula

Cell = str | int | datetime | None

_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST: Final = 32_000
"""Signs of a cell; Excel takes 32,767."""
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet of the file. `widths` of the columns, in signs; the last holds for the rest."""

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int] = (14,)


def book_response(name: str, made: bytes) -> web.Response:
    """`made` to be saved as `name`, which is ASCII."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=made, content_type=_TYPE, headers=headers)


def book(pages: Iterable[Page]) -> bytes:
    """The file. Takes seconds for a long one: run it beside the event loop."""
    written = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(written, options) as made:
        writer = _Writer(made)
        for page in pages:
            writer.write(page)
    return written.getvalue()


class _Writer:
    def __init__(self, made: Any) -> None:
        self._made = made
        self._head = made.add_format({"bold": True, "bottom": 1})
        self._moment = made.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._words = made.add_format({"quote_prefix": True})

    def write(self, page: Page) -> None:
        sheet = self._made.add_worksheet(_NOT_IN_NAMES.sub(" ", page.name)[:31])
        sheet.freeze_panes(1, 0)
        for at in range(len(page.head)):
            sheet.set_column(at, at, page.widths[min(at, len(page.widths) - 1)])
            sheet.write_string(0, at, page.head[at], self._head)
        for row, cells in enumerate(page.rows, 1):
            for at, cell in enumerate(cells):
                self._cell(sheet, row, at, cell)

    def _cell(self, sheet: Any, row: int, at: int, cell: Cell) -> None:
        if isinstance(cell, datetime):
            sheet.write_datetime(row, at, cell, self._moment)
        elif isinstance(cell, int):
            sheet.write_number(row, at, cell)
        elif cell:
            words = _CONTROLS.sub("", cell)[:_LONGEST]
            sheet.write_string(row, at, words, self._words if begins_a_formula(words) else None)
