"""Tables to take away, as CSV.

The law of this file: no cell is a formula to whoever opens it: what begins like one is set in quotes of a
spreadsheet. The file opens in Excel with its Chinese as it is.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from aiohttp import web

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_MARK = "\ufeff"  # by this Excel knows UTF-8

Cell = str | int


def sheet(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> web.Response:
    """A file to be saved as `name`, which is ASCII."""
    written = io.StringIO(_MARK)
    written.seek(0, io.SEEK_END)
    # All words in quotes: where lists are parted by semicolons, a cell must not fall apart into a formula.
    csv.writer(written, quoting=csv.QUOTE_NONNUMERIC).writerows(
        [_safe(cell) for cell in row] for row in [head, *rows]
    )
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(
        body=written.getvalue().encode(), content_type="text/csv", charset="utf-8", headers=headers
    )


def begins_a_formula(words: str) -> bool:
    """Whether a spreadsheet may take `words` for a formula."""
    return words.startswith(_BEGINS_A_FORMULA) or words.strip().startswith(_BEGINS_A_FORMULA)


def _safe(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and begins_a_formula(cell) else cell
