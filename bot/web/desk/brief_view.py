"""A weekly brief as its page shows it: each number with the cases behind it.

The law of this file: a number under three that could point at somebody is not said, and leads nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from bot.web.desk.words_briefs import NAMES
from bot.wording.brief import NATURES, SOURCES, few, part_name
from intake.briefing import Brief, Part
from intake.figures import LEAST
from intake.taxonomy import Taxonomy
from storage.briefs import Number


@dataclass(frozen=True, slots=True)
class Line:
    """A number of a brief; `query` is the address of the cases behind it, "" where it stands for several
    kinds."""

    name: str
    said: str
    query: str = ""


def lines_of(brief: Brief, taxonomy: Taxonomy) -> list[Line]:
    """All numbers of a brief, in the order in which they are said."""
    return [*_totals(brief), *_kinds(brief, taxonomy), *_work(brief, taxonomy), *_rest(brief)]


def name_of(number: Number, taxonomy: Taxonomy) -> str:
    """What a number counts, as people say it."""
    names = _names(taxonomy)
    kind = number.what if number.what in names else "lead"
    key = part_name(Part(number.key, 0), names[kind])
    return NAMES[number.what].format(key=key)


def _line(name: str, count: int, number: Number, *, plain: bool = False) -> Line:
    query = urlencode({"of": number.what, "key": number.key}) if count else ""
    hidden = not plain and 0 < count < LEAST
    return Line(name, few(count) if hidden else str(count), "" if hidden else query)


def _totals(brief: Brief) -> Iterator[Line]:
    yield _line(NAMES["opened"], brief.opened, Number("opened"), plain=True)
    yield _line(NAMES["before"], brief.before, Number("before"), plain=True)
    yield _line(NAMES["private"], brief.private, Number("private"))


def _kinds(brief: Brief, taxonomy: Taxonomy) -> Iterator[Line]:
    names = _names(taxonomy)
    told = {
        "source": brief.sources,
        "nature": brief.natures,
        "category": brief.categories,
        "item": brief.items,
    }
    for what, parts in told.items():
        for part in parts:
            name = NAMES[what].format(key=part_name(part, names[what]))
            if part.key is None:
                yield Line(name, few(part.count))
            else:
                yield _line(name, part.count, Number(what, part.key))


def _work(brief: Brief, taxonomy: Taxonomy) -> Iterator[Line]:
    names = _names(taxonomy)["lead"]
    for one in brief.work:
        name = part_name(Part(one.lead, one.sent), names)
        counts = {"sent": one.sent, **asdict(one.marks)}
        for what in ("sent", "in_time", "late", "open", "returned", "unhappy"):
            said = NAMES[what].format(key=name)
            if one.lead is None:
                yield Line(said, few(counts[what]))
            else:
                number = Number("lead" if what == "sent" else what, one.lead)
                yield _line(said, counts[what], number)


def _rest(brief: Brief) -> Iterator[Line]:
    for what in ("published", "taken_up", "fulfilled"):
        yield _line(NAMES[what], getattr(brief.wishes, what), Number(what))
    yield _line(NAMES["late_now"], brief.late, Number("late_now"), plain=True)
    yield _line(NAMES["due"], brief.due, Number("due"), plain=True)


def _names(taxonomy: Taxonomy) -> Mapping[str, Mapping[str, str]]:
    named: Mapping[str, Mapping[str, Any]] = {
        "category": taxonomy.categories,
        "item": {**taxonomy.retired, **taxonomy.items},
        "lead": taxonomy.departments,
    }
    found = {kind: {code: one.name for code, one in some.items()} for kind, some in named.items()}
    return found | {"source": dict(SOURCES), "nature": dict(NATURES)}
