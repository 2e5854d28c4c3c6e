"""Which open cases may be the same thing as this one.

The law of this file: likeliness only orders what a person chooses from; nothing is merged by it. What it is
about must agree before anything else counts: the item, a guess at it, or the words that are left when the
place is taken away. Then grid, place, nearness in time and shared words order them; another building speaks
against it, but for faults that hit many houses at once. Only what can be merged is proposed, whichever way
round.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from intake.cases import Case
from intake.desk import Desk
from intake.matching import AREA_WIDE, AREA_WINDOW, houses, places_agree
from intake.merging import TURNABLE, obstacle

MOST = 8
"""More to choose from than this is no help."""

LIKELY = 5.5
"""The same item in the same grid a few days apart is worth a look even where nobody said a place."""

SAME_ITEM, GUESSED, SAME_CATEGORY = 4.0, 2.0, 1.0
SAME_GRID = 1.5
SAME_PLACE, SAME_HOUSE_NUMBER, OTHER_PLACE = 3.0, 1.25, -4.0
WORD, WORDS_MOST, TELLING = 0.5, 1.5, 2
"""What a shared pair of signs counts, all of them at most, and how many say what it is about."""

NEARNESS = (
    (timedelta(hours=6), 1.0),
    (timedelta(hours=24), 0.75),
    (timedelta(hours=72), 0.5),
    (timedelta(days=7), 0.0),
)
LONG_AGO = -1.0

_COMMON = (
    "坏了 没人 有人 怎么 什么 今天 昨天 昨晚 早上 晚上 现在 这边 那边 这里 那里 我们 咱们 我家 大家 "
    "一下 一直 师傅 麻烦 请问 几天 天了 三天 两天 好几 又是 能不 不能 可以 帮忙 看看 管管 处理 不了 "
    "没有 有没 反映 赶紧 尽快 还是 已经 个月 小区 门口 楼下 附近 旁边"
)
_SAYS_NOTHING = frozenset(_COMMON.split())
"""Pairs of signs that people say of every trouble."""


@dataclass(frozen=True, slots=True)
class Twin:
    """A case that may be the same thing. `reverse`: it can only be merged into the one at hand,
    since that is the more urgent, or a neighbour's."""

    case: Case
    score: float
    reverse: bool = False


def twins(desk: Desk, case: Case, candidates: Iterable[Case]) -> list[Twin]:
    """The likeliest of `candidates`, best first; of equals the one that was told first."""
    found = [_twin(desk, case, other) for other in candidates]
    likely = [twin for twin in found if twin is not None and twin.score >= LIKELY]
    likely.sort(key=lambda twin: (-twin.score, twin.case.opened_at, twin.case.id))
    return likely[:MOST]


def _twin(desk: Desk, case: Case, other: Case) -> Twin | None:
    why = obstacle(desk, case, other)
    if why in TURNABLE and obstacle(desk, other, case) is None:
        return Twin(other, likeness(case, other), reverse=True)
    return Twin(other, likeness(case, other)) if why is None else None


def likeness(case: Case, other: Case) -> float:
    """How much speaks for it that two cases are one thing; from `LIKELY` on it is worth a look. 0.0 where
    nothing says that they are about the same."""
    shared = len(_words(case) & _words(other))
    about = _about(case, other)
    if about < GUESSED and shared < TELLING:
        return 0.0
    apart = abs(case.opened_at - other.opened_at)
    nearness = next((counts for within, counts in NEARNESS if apart <= within), LONG_AGO)
    grid = SAME_GRID if case.grid == other.grid else 0.0
    return about + grid + _where(case, other) + nearness + min(WORDS_MOST, WORD * shared)


def _about(case: Case, other: Case) -> float:
    if case.emergency is not None and case.emergency == other.emergency:
        return SAME_ITEM
    if case.item is not None and case.item == other.item:
        return SAME_ITEM
    if case.item in other.guesses or other.item in case.guesses:
        return GUESSED
    same = case.category is not None and case.category == other.category
    return SAME_CATEGORY if same else 0.0


def _where(case: Case, other: Case) -> float:
    """Grids number their own buildings: the third of one is not the third of the next."""
    agree = places_agree(case.place, other.place)
    if agree is None:
        return 0.0
    if not agree:
        return 0.0 if _hits_many(case, other) else OTHER_PLACE
    numbered = houses(case.place) and houses(other.place) and case.grid != other.grid
    return SAME_HOUSE_NUMBER if numbered else SAME_PLACE


def _hits_many(case: Case, other: Case) -> bool:
    """Whether one fault may well be told from two buildings: no water, no power, at about one time."""
    apart = abs(case.opened_at - other.opened_at)
    return case.item == other.item and case.item in AREA_WIDE and apart <= AREA_WINDOW


def _words(case: Case) -> set[str]:
    """Pairs of signs of what was said, without the place: where it is does not say what it is."""
    text = case.said.replace(case.place, " ") if case.place else case.said
    pairs = {text[at : at + 2] for at in range(len(text) - 1)}
    return {pair for pair in pairs if pair.isalpha()} - _SAYS_NOTHING
