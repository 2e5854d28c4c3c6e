"""The sentences about limits: who knows that one was missed."""

from __future__ import annotations

from typing import Final

from bot.wording.staff import RUNGS
from intake.cases import Case, TimerKind
from intake.ladder import Whom, climbed, highest

LIMITS: Final = {
    "above": "已报{whom}",
    "reminded": "{limit}时限过了，提醒经办",
    "told": "{limit}时限过了，报给{whom}",
    "nobody": "{limit}时限过了，该报{whom}，那里还没有人",
}
_NAMES: Final = {TimerKind.RESPOND_DUE: "回话", TimerKind.RESOLVE_DUE: "办结"}


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
