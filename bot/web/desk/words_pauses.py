"""The sentences about pauses: why a clock stands still, and until when."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from typing import Final

from bot.web.desk.words_acts import ActWords
from intake.acts import Act
from intake.cases import Case
from intake.pausing import PAUSE_REASONS, read_step

REASON_LIMIT: Final = 100
PAUSES: Final = {
    "reasons": "在等什么",
    "day": "最晚等到哪天",
    "no_date": "请选一个日子：从今天起，最晚到{latest}。您写的话还在。",
    "empty": "请写清在等什么、谁去办，例如：灯杆厂家周五到货，到了就装。您选的还在。",
    "stands": "计时停着：{why}，最晚到{day}。到时接着走，提前有结果就点“恢复计时”。",
    "asked": "{who}申请暂停计时到{day}，{reason}：{why}",
    "count": "暂停过 {count} 次，{length}",
    "step": "{why}，最晚到{day}：{words}",
    "days": "{days} 天",
    "hours": "{hours} 小时",
    "little": "不到 1 小时",
}
PAUSE_ACTS: Final = {
    Act.PAUSE: ActWords(
        "要等别人才能往下办，先停一停表，街坊会收到为什么等、等到哪天。第一次、三个工作日以内您自己定；"
        "再停或者更久，请调度员或街道准。",
        "记下了。",
        "说清楚一点（街坊会看到）",
        ("配件已下单，到货就装", "连着下雨，天晴就施工", "已报产权单位，等批复"),
        REASON_LIMIT,
    ),
    Act.ALLOW_PAUSE: ActWords(
        "同意以后，计时从现在停，街坊会收到为什么等、等到哪天。", "同意暂停了，已告诉街坊。"
    ),
    Act.REFUSE_PAUSE: ActWords(
        "计时照走，经办的人会看到为什么。",
        "没有同意暂停，已告诉经办的人。",
        "为什么不停",
        limit=REASON_LIMIT,
    ),
    Act.RESUME: ActWords("有结果了，接着办。停了多久，办结时限就顺延多久。", "接着计时了。"),
}


def no_day(latest: datetime | None, zone: tzinfo) -> str:
    """Until which days a clock may stand still."""
    return PAUSES["no_date"].format(latest=day_name(latest, zone) if latest else "")


def day_name(at: datetime, zone: tzinfo) -> str:
    local = at.astimezone(zone)
    return f"{local.month}月{local.day}日"


def stands(case: Case, zone: tzinfo) -> str:
    """That its clock stands still, why and until when; "" where it runs."""
    if case.paused_until is None:
        return ""
    why = PAUSE_REASONS.get(case.paused_why or "", "")
    return PAUSES["stands"].format(why=why, day=day_name(case.paused_until, zone))


def was_paused(case: Case) -> str:
    """How often and how long it stood still; "" where it never did."""
    if not case.paused_seconds:
        return ""
    return PAUSES["count"].format(count=case.pauses, length=length(case.paused_seconds))


def length(seconds: int) -> str:
    """A time in days and hours."""
    days, hours = divmod(seconds // 3600, 24)
    parts = [PAUSES["days"].format(days=days)] if days else []
    parts += [PAUSES["hours"].format(hours=hours)] if hours else []
    return " ".join(parts) or PAUSES["little"]


def pause_step(words: str) -> str:
    """A pause in the timeline."""
    why, day, rest = read_step(words)
    try:
        at = date.fromisoformat(day)
    except ValueError:
        return words
    return PAUSES["step"].format(why=why, day=f"{at.month}月{at.day}日", words=rest)
