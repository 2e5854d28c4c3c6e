"""The words of a weekly brief, as they are drafted for a person to go over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from typing import Final

from intake.briefing import Brief, Marks, Part, Work
from intake.figures import LEAST
from intake.nature import NATURE_NAMES
from intake.periods import Period
from intake.rates import Share
from intake.taxonomy import Taxonomy

SOURCES: Final[Mapping[str, str]] = {"group": "群里和私聊", "code": "扫码", "round": "走访"}
NATURES: Final[Mapping[str, str]] = {key.value: name for key, name in NATURE_NAMES.items()}
OTHERS: Final = "其他"
TOGETHER: Final = "各部门合起来"
OTHER_LEADS: Final = "其他部门"
WITHOUT: Final = "还没定"
FEW: Final = f"不到{LEAST}"
EXAMPLE: Final = "办成的一件："
WORK: Final[Mapping[str, str]] = {
    "in_time": "按时",
    "late": "超时",
    "open": "未结",
    "returned": "退单",
    "unhappy": "不满意",
}
WISHES: Final[Mapping[str, str]] = {"published": "发布", "taken_up": "认领", "fulfilled": "圆上"}
_ENOUGH: Final = 10
"""Below so many no percentage is said."""
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Area:
    """Of which part of the town, and of which week."""

    name: str
    week: Period
    zone: tzinfo

    @property
    def days(self) -> str:
        first = self.week.start.astimezone(self.zone)
        last = (self.week.end - timedelta(microseconds=1)).astimezone(self.zone)
        return f"{first.month}月{first.day}日至{last.month}月{last.day}日"


def words_of(brief: Brief, area: Area, taxonomy: Taxonomy) -> str:
    """The whole text; what is none is left out."""
    told = [
        f"【{area.name}一周简报】{area.days}",
        _total(brief),
        _listed("从哪来", brief.sources, brief, SOURCES),
        _listed("什么性质", brief.natures, brief, NATURES),
        _listed("哪一类", brief.categories[:_SHOWN], brief, _names(taxonomy.categories)),
        _items(brief, taxonomy),
        *_work(brief, taxonomy),
        _marks("微心愿", brief.wishes, WISHES),
        _rising(brief, taxonomy),
        _next(brief),
    ]
    return "\n".join(line for line in told if line)


def few(count: int) -> str:
    """A part of a whole; too few are not told apart."""
    return FEW if 0 < count < LEAST else str(count)


def daily(brief: Brief) -> str:
    """受理日均."""
    return f"{brief.opened / 7:.1f}".removesuffix(".0")


def compared(brief: Brief) -> str:
    """环比."""
    more = brief.opened - brief.before
    if not more:
        return "和前一周一样多"
    words = f"比前一周{'多' if more > 0 else '少'} {abs(more)} 件"
    if brief.before < _ENOUGH:
        return words
    return f"{words}（{abs(more) / brief.before:.0%}）"


def example(item: str, days: int, words: str) -> str:
    """典型一件, for a person to go over."""
    took = "当天办好" if days == 0 else f"{days} 天办好"
    return f"{EXAMPLE}{item}，{took}。{words}"


def with_example(words: str, line: str) -> str:
    """A brief with this example in the place of any other, before what comes next week."""
    lines = [one for one in words.split("\n") if not one.startswith(EXAMPLE)]
    at = len(lines) - 1 if lines and lines[-1].startswith(_NEXT) else len(lines)
    return "\n".join([*lines[:at], line, *lines[at:]])


_NEXT: Final = "接下来先办："


def _total(brief: Brief) -> str:
    private = f"，其中私密 {few(brief.private)} 件（只报数）" if brief.private else ""
    return f"受理 {brief.opened} 件{private}，平均每天 {daily(brief)} 件，{compared(brief)}。"


def _listed(title: str, parts: Sequence[Part], brief: Brief, names: Mapping[str, str]) -> str:
    """Where everything is among the others there is nothing to tell."""
    told = "、".join(f"{part_name(part, names)} {_share(part, brief)}" for part in parts)
    return f"{title}：{told}。" if any(part.key is not None for part in parts) else ""


def _share(part: Part, brief: Brief) -> str:
    share = Share(part.count, brief.public)
    return f"{few(part.count)} 件" + (f"（{share.percent}）" if share.whole >= _ENOUGH else "")


def part_name(part: Part, names: Mapping[str, str]) -> str:
    """What the cases of a part are called."""
    if part.key is None:
        return OTHERS
    return names.get(part.key, part.key) if part.key else WITHOUT


def _items(brief: Brief, taxonomy: Taxonomy) -> str:
    names = _names({**taxonomy.retired, **taxonomy.items})
    told = "、".join(f"{part_name(one, names)} {few(one.count)} 件" for one in brief.items)
    return f"说得最多的：{told}。" if any(one.key is not None for one in brief.items) else ""


def _work(brief: Brief, taxonomy: Taxonomy) -> list[str]:
    names = _names(taxonomy.departments)
    alone = len(brief.work) == 1
    return [
        _marks(f"{_whose(one, names, alone)}：派 {few(one.sent)}", one.marks, WORK)
        for one in brief.work
    ]


def _whose(work: Work, names: Mapping[str, str], alone: bool) -> str:
    """Small ones are told together."""
    if work.lead is None:
        return TOGETHER if alone else OTHER_LEADS
    return part_name(Part(work.lead, work.sent), names)


def _marks(title: str, marks: Marks, names: Mapping[str, str]) -> str:
    counts = [(name, getattr(marks, field)) for field, name in names.items()]
    told = "，".join(f"{name} {few(count)}" for name, count in counts if count)
    if title.startswith("微心愿"):
        return f"{title}：{told}。" if told else ""
    return f"{title}，{told}。" if told else f"{title}。"


def _rising(brief: Brief, taxonomy: Taxonomy) -> str:
    names = _names({**taxonomy.retired, **taxonomy.items})
    told = "；".join(
        f"{names.get(one.item, one.item)}这一周 {one.now} 件，前一周 {few(one.before)} 件"
        for one in brief.rising
    )
    return f"要留意：{told}。" if told else ""


def _next(brief: Brief) -> str:
    late = f"超期的 {few(brief.late)} 件" if brief.late else ""
    due = f"7天内到期的 {few(brief.due)} 件" if brief.due else ""
    told = "，".join(part for part in (late, due) if part)
    return f"{_NEXT}{told}。" if told else ""


def _names(known: Mapping[str, object]) -> dict[str, str]:
    return {code: str(getattr(one, "name", code)) for code, one in known.items()}
