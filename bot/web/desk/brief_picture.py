"""The picture that goes with a weekly brief: its own numbers, drawn.

The law of this file: nothing that the words of the draft would not say; what stands for fewer than three is
not drawn, and nobody stands in it.
"""

from __future__ import annotations

from typing import Final

from bot.web.desk.charts import Poster, Row, count_row
from bot.web.desk.words_briefs import PICTURE
from bot.wording.brief import Area, few, part_name
from intake.briefing import Brief, Marks, Part
from intake.figures import LEAST
from intake.taxonomy import Taxonomy

MOST: Final = 8
"""Items that there is room for."""


def poster_of(brief: Brief, area: Area, taxonomy: Taxonomy) -> Poster:
    """The picture of a brief."""
    total = Marks()
    for work in brief.work:
        total = total.plus(work.marks)
    tiles = [
        (PICTURE["opened"], str(brief.opened)),
        (PICTURE["solved"], few(total.in_time + total.late)),
        (PICTURE["open"], few(total.open)),
        (PICTURE["late"], few(brief.late)),
    ]
    title = PICTURE["title"].format(area=area.name)
    return Poster(title, area.days, tiles, [], {"category": _rows(brief, taxonomy), "day": []})


def _rows(brief: Brief, taxonomy: Taxonomy) -> list[Row]:
    """The items told most often; where none is told often enough, the categories."""
    items = {code: item.name for code, item in taxonomy.items.items()}
    categories = {code: category.name for code, category in taxonomy.categories.items()}
    parts, names = (brief.items, items) if brief.items else (brief.categories, categories)
    return [count_row(part_name(one, names), one.count) for one in _enough(parts)]


def _enough(parts: tuple[Part, ...]) -> list[Part]:
    return [one for one in parts if one.count >= LEAST][:MOST]
