"""The sentences of joint handling, of the whistle, and of what is handed up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.wording.staff import RUNGS
from intake.joint_parts import Outcome, PartKind
from intake.ladder import Whom
from intake.part_clock import late_of
from intake.taxonomy import Taxonomy
from intake.working import ANYWAY

JOINT: Final = {
    "heading": "协办和吹哨",
    "who": "叫谁（可以选几家）",
    "others": "或者写别的单位，几家用顿号隔开",
    "day": "哪天前",
    "district": "区中心",
    "until": "{due}前",
    "asked_by": "{who}叫的",
    "end": "不用他们了",
    "end_whistle": "结束吹哨",
    "mine_joint": "请{name}协办",
    "mine_whistle": "请{name}到场",
    "open": "{whom}还没回话。要等就先等等；不等了就勾上下面这一格，办结以后他们不用再办。",
    "anyway": "不等他们了，照样办结",
    "anyway_value": ANYWAY,
    "waits": "等区中心定归谁：{why}",
    "decide": "街道说超出权限，请您定：派给区里的单位，或者退回街道并说明。",
    "row_joint": "请协办",
    "row_whistle": "请报到",
    "row_owed": "{count} 家没回话",
    "row_up": "等区里定",
    "row_left": "{what} · {left}",
    "no_words": "请写一句，短一点就行。您选的还在。",
    "no_why": "请写一句为什么，短一点就行。",
    "no_date": "请选一个日子：今天下班以后的不算，最晚到{latest}。您写的话还在。",
    "too_many": "一件事同时最多叫 8 家。请先等回话，或者把不用的结束掉。您写的话还在。",
    "lead_too": "{name}就是牵头的，不用再请协办。您写的话还在。",
    "parts_open": "{whom}还没回话，要先说清楚等不等。您写的话还在。",
}

KIND_NAMES: Final[Mapping[PartKind, str]] = {
    PartKind.JOINT: "协办",
    PartKind.WHISTLE: "吹哨",
    PartKind.BEYOND: "超权限上报",
}
OUTCOMES: Final[Mapping[tuple[PartKind, Outcome], str]] = {
    (PartKind.JOINT, Outcome.DONE): "办完了",
    (PartKind.JOINT, Outcome.DECLINED): "说办不了",
    (PartKind.WHISTLE, Outcome.CAME): "已报到",
    (PartKind.BEYOND, Outcome.DONE): "定好了",
    (PartKind.BEYOND, Outcome.DECLINED): "退回街道",
}
ENDED: Final = "不用等了"
WAITS: Final[Mapping[PartKind, str]] = {
    PartKind.JOINT: "还没回话",
    PartKind.WHISTLE: "还没报到",
    PartKind.BEYOND: "还没定",
}
_LATE: Final[Mapping[PartKind, str]] = {
    PartKind.JOINT: "{name}到时没回话",
    PartKind.WHISTLE: "{name}到时没报到",
    PartKind.BEYOND: "{name}到时没定归谁",
}
_TOLD: Final = "，报给{whom}"
_REMINDED: Final = "，提醒了一声"


def outcome_of(kind: PartKind, outcome: Outcome | None) -> str:
    """What became of a part."""
    return WAITS[kind] if outcome is None else OUTCOMES.get((kind, outcome), ENDED)


def name_of(department: str, taxonomy: Taxonomy) -> str:
    """A department as people call it; none stands for the district centre."""
    known = taxonomy.departments.get(department)
    return known.name if known else department or JOINT["district"]


def late_words(words: str, taxonomy: Taxonomy) -> str:
    """A rung of a part in the timeline."""
    late = late_of(words)
    if late is None:
        return words
    said = _LATE[late.kind].format(name=name_of(late.department, taxonomy))
    above = late.whom is not Whom.HANDLER and late.kind is not PartKind.BEYOND
    return said + (_TOLD.format(whom=RUNGS[late.whom]) if above else _REMINDED)
