"""What somebody asks of the figures: which time, and which part of the tree.

The law of this file: the time is read from the address; the part is one of those that hold something in
sight, and whatever is asked, only what one sees is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from bot.web.desk.tree import Node, Tree
from bot.web.desk.words_figures import SPANS, AskedWrong
from intake.periods import Period, before, between, last_days, last_week, today, week
from intake.sight import Sight

USUAL: Final = "week"
MOST_DAYS: Final = 366
_LONGEST: Final = 80
_DAYS: Final = {"today": 1, "week": 7, "last": 7, "month": 30}


class BadAsk(Exception):
    """What was asked for cannot be told; `str()` is the sentence."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The form's fields as they were typed."""

    span: str = USUAL
    first: str = ""
    last: str = ""
    part: str = ""

    def query(self, **other: str) -> str:
        """The address's query for this, or for this with something otherwise."""
        fields = {"span": self.span, "from": self.first, "to": self.last, "part": self.part}
        return urlencode({name: value for name, value in (fields | other).items() if value})

    def period(self, now: datetime) -> Period:
        """The time that is asked for; `now` is local. Raises BadAsk."""
        if self.span == "own":
            return self._own(now)
        if self.span == "month":
            return last_days(now, _DAYS["month"])
        return {"today": today, "week": week, "last": last_week}[self.span](now)

    def before(self, period: Period, now: datetime) -> Period:
        """What to compare `period` with."""
        return before(
            period, now, timedelta(days=_DAYS.get(self.span) or len(period.days(now.tzinfo)))
        )

    def _own(self, now: datetime) -> Period:
        if not self.first or not self.last:
            raise BadAsk(AskedWrong.DATES)
        first, last = _day(self.first), _day(self.last)
        if first > last:
            raise BadAsk(AskedWrong.TURNED)
        if first > now.date():
            raise BadAsk(AskedWrong.FUTURE)
        if (last - first).days >= MOST_DAYS:
            raise BadAsk(AskedWrong.TOO_LONG.format(most=MOST_DAYS))
        return between(first, last, now.tzinfo)


def asked_of(fields: Mapping[str, object]) -> Asked:
    """What stands in an address or a form; dates that were typed are meant, whatever is chosen beside
    them."""
    first, last, part, span = (
        str(fields.get(name, "")).strip()[:_LONGEST] for name in ("from", "to", "part", "span")
    )
    if span not in SPANS:
        span = "own" if first or last else USUAL
    if span != "own":
        first = last = ""
    return Asked(span, first, last, part)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadAsk(AskedWrong.BAD_DAY.format(day=text)) from None
    if not 2000 <= day.year <= 2999:
        raise BadAsk(AskedWrong.BAD_DAY.format(day=text))
    return day


class Parts:
    """The parts of the tree that hold something in sight. `root` is the lowest that holds all of it."""

    def __init__(self, tree: Tree, sight: Sight) -> None:
        self.tree = tree
        everywhere = bool(sight.departments)  # a department's cases may be in any grid
        self.grids = frozenset(tree.grids) if everywhere else sight.grids & tree.grids.keys()
        paths = [tree.grids[grid].path for grid in self.grids]
        common = _shared(paths)
        self.root = tree.nodes.get(common[-1]) if common else None
        held = {id for path in paths for id in path[max(len(common) - 1, 0) :]}
        self.nodes = [node for node in tree.nodes.values() if node.id in held]
        self.nodes.sort(key=lambda node: [(tree.name(id), id) for id in node.path])
        self._depth = len(common)

    def options(self) -> list[tuple[str, str, int]]:
        """(id, name, depth) of what may be chosen beside everything."""
        return [
            (node.id, node.name, len(node.path) - self._depth)
            for node in self.nodes
            if self.root is None or node.id != self.root.id
        ]

    def reach(self, part: str) -> frozenset[str] | None:
        """The grids of a part, None for all that is seen. Raises BadAsk where it is none of these parts."""
        if not part:
            return None
        if all(node.id != part for node in self.nodes):
            raise BadAsk(AskedWrong.NO_PART)
        return frozenset(grid for grid in self.grids if part in self.tree.grids[grid].path)

    def below(self, part: str, grid: str) -> str:
        """The node right below `part` (or the root) in which `grid` lies."""
        top = part or (self.root.id if self.root else "")
        path = self.tree.grids[grid].path if grid in self.tree.grids else (grid,)
        at = path.index(top) + 1 if top in path else 0
        return path[min(at, len(path) - 1)]

    def name(self, part: str) -> str:
        """What a part is called; "" for everything where that has no one name."""
        node: Node | None = self.tree.nodes.get(part) if part else self.root
        return node.name if node else ""


def _shared(paths: list[tuple[str, ...]]) -> tuple[str, ...]:
    """The beginning that all have."""
    if not paths:
        return ()
    low, high = min(paths), max(paths)
    same = next((n for n, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), None)
    return low[: min(len(low), len(high)) if same is None else same]
