"""The sentences about limits: who knows that one was missed."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Final

from bot.wording.staff import RUNGS
from intake.cases import Case, TimerKind
from intake.ladder import Whom, climbed, highest

LIMITS: Final = {
    "above": "已报{whom}",
    "reminded": "{limit}时限过了，提醒经办",
    "told": "{limit}时限过了，报给{whom}",
    "no_reason": "请写一句为什么，短一点就行。选的日子还在。",
    "no_date": "请选一个日子：要比现在的办结时限晚，最晚到{latest}。您写的话还在。",
    "day": "延到哪天",
    "asked": "{who}申请延到{day}：{why}",
    "extensions": "延期过 {count} 次",
    "nobody": "{limit}时限过了，该报{whom}，那里还没有人",
}
_NAMES: Final = {
    TimerKind.RESPOND_DUE: "回话",
    TimerKind.RESOLVE_DUE: "办结",
    TimerKind.SUPERVISION: "督办回报",
}


def no_date(latest: datetime | None, zone: tzinfo, said: str = LIMITS["no_date"]) -> str:
    """Which days may be asked for."""
    last = latest.astimezone(zone) if latest else None
    return said.format(latest=f"{last.month}月{last.day}日" if last else "")


def above(case: Case) -> str:
    """How far up it is known that it is late; "" where it is not."""
    whom = highest(case)
    return LIMITS["above"].format(whom=RUNGS[whom]) if whom else ""


def rung_words(words: str) -> str:
    """A step of the ladder in the timeline."""
    step = climbed(words)
    if step is None:
        return words
    key = "told" if step.anybody else "nobody"
    if step.rung.whom is Whom.HANDLER:
        key = "reminded"
    return LIMITS[key].format(limit=_NAMES[step.rung.limit], whom=RUNGS[step.rung.whom])
