"""The sentences about supervision."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from typing import Final

from bot.web.desk.words_acts import ActWords
from bot.web.desk.words_pauses import REASON_LIMIT, day_name
from intake.acts import Act

SUPERVISION: Final = {
    "tag": "督办",
    "note": "{who}督办：{why}。{day}前要报进展。",
    "rule": "按规矩列入督办：{why}。{day}前要报进展。",
    "day": "哪天之前报进展",
    "no_date": "请选一个日子：从今天起，最晚到{latest}。您写的话还在。",
    "no_words": "请写一句督办什么、要看到什么。选的日子还在。",
    "step": "{day}前报进展：{why}",
}
SUPERVISION_ACTS: Final = {
    Act.SUPERVISE: ActWords(
        "盯住这一件：经办和牵头单位马上会知道，每次进展都发给您，到日子没报会提醒您，也会报给区里。",
        "列入督办了，已告诉经办的人。",
        "督办什么、要看到什么",
        ("反映多次了，请到现场看过再回话", "影响出行，请先围起来，再说哪天修好"),
        REASON_LIMIT,
    ),
    Act.LIFT: ActWords("不用再盯了，经办的人会知道。", "督办解除了。"),
}


def no_report_day(latest: datetime | None, zone: tzinfo) -> str:
    """Until which day a report may be asked for."""
    return SUPERVISION["no_date"].format(latest=day_name(latest, zone) if latest else "")


def supervision_step(words: str) -> str:
    """A supervision in the timeline."""
    day, _, why = words.partition(" ")
    try:
        at = date.fromisoformat(day)
    except ValueError:
        return words
    return SUPERVISION["step"].format(day=f"{at.month}月{at.day}日", why=why)
