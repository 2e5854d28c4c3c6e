"""What each rate of the figures is: a part, and of what.

The law of this file: the one place that says what a rate counts. Each is a pure function of `Counts` and
never divides by what cannot be known yet: what is not due counts neither as done nor as missed.
`docs/figures.md` says the same in words.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from intake.figures import LEAST, Counts, Slice


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`."""

    part: int
    whole: int

    @property
    def percent(self) -> str:
        """Rounded, but all is said only of all, and none only of none."""
        if not self.whole:
            return "—"
        rounded = (self.part * 200 + self.whole) // (self.whole * 2)
        least, most = (1 if self.part else 0), (100 if self.part == self.whole else 99)
        return f"{max(least, min(rounded, most))}%"

    @property
    def stands(self) -> bool:
        """Whether it is of enough cases to be said by itself."""
        return self.whole >= LEAST


class Rate(StrEnum):
    ANSWERED = "answered"  # 响应率
    SOLVED = "solved"  # 解决率
    SATISFIED = "satisfied"  # 满意率
    FINISHED = "finished"  # 按时办结
    REOPENED = "reopened"  # 重办
    TAKEN_UP = "taken_up"  # 心愿认领
    FULFILLED = "fulfilled"  # 心愿圆上
    CALLED = "called"  # 回访


def answered(counts: Counts) -> Share:
    """响应率: answered within the limit, of those answered (early or late) or past the limit unanswered."""
    return Share(counts.answered, counts.answer_due)


def finished(counts: Counts) -> Share:
    """按时办结: finished within the limit, of those finished (early or late) or past the limit unfinished."""
    return Share(counts.finished, counts.finish_due)


def solved(counts: Counts) -> Share:
    """解决率: standing finished now, in time or late, of those finished or past the limit unfinished.
    Whoever said "没好" took it out of the part until it is finished again."""
    return Share(counts.solved, counts.finish_due)


def satisfied(counts: Counts) -> Share:
    """满意率: scored 4 or 5, of those with a score. Silence is in neither."""
    return Share(counts.satisfied, counts.rated)


def reopened(counts: Counts) -> Share:
    """重办: said to be not done after all at least once, of those finished at least once."""
    return Share(counts.reopened, counts.done)


def taken_up(counts: Counts) -> Share:
    """认领率: wishes in somebody's hand or fulfilled, of those published."""
    return Share(counts.taken_up, counts.published)


def fulfilled(counts: Counts) -> Share:
    """圆愿率: wishes fulfilled, of those published."""
    return Share(counts.fulfilled, counts.published)


DISTRICT_TARGET: Final = 20
"""Percent: so much of all the district may lead at most (区级占比, 目标 ≤20%)."""


def by_district(by_lead: Iterable[Slice], district: Collection[str]) -> Share:
    """区级占比: requests led by a department of the district now, of those that anybody leads. The street
    does it first, and the district is its backstop."""
    led = [(one.key, one.counts.opened - one.counts.wishes) for one in by_lead if one.key]
    return Share(sum(n for code, n in led if code in district), sum(n for _, n in led))


def above_target(share: Share) -> bool:
    """Whether the district leads more than it should."""
    return share.part * 100 > share.whole * DISTRICT_TARGET


def called(counts: Counts) -> Share:
    """回访率: whose reporters were reached and asked, of those drawn of what closed by silence."""
    return Share(counts.called, counts.drawn)


RATES: Final[Mapping[Rate, Callable[[Counts], Share]]] = {
    Rate.ANSWERED: answered,
    Rate.SOLVED: solved,
    Rate.SATISFIED: satisfied,
    Rate.FINISHED: finished,
    Rate.REOPENED: reopened,
    Rate.TAKEN_UP: taken_up,
    Rate.FULFILLED: fulfilled,
    Rate.CALLED: called,
}

THREE: Final = (Rate.ANSWERED, Rate.SOLVED, Rate.SATISFIED)
"""三率."""
