"""The sentences of the queue of cases, and of the time that is left."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from intake.acts import Act
from intake.taxonomy import Level

MOST_AT_ONCE: Final = 100
WORDS_LIMIT: Final = 500

LEVEL_NAMES: Final = {Level.A: "A级·急", Level.B: "B级·较急", Level.C: "C级·一般"}

CASES: Final = {
    "title": "办件",
    "summary": "在办 {count} 件",
    "urgent": "急件 {count} 件",
    "overdue": "超时 {count} 件",
    "all": "全部",
    "mine": "我接手的",
    "department": "本部门",
    "joint": "请我们协办、报到的",
    "up": "报上来等定的",
    "watched": "督办的",
    "scopes": "看哪些",
    "find": "查找",
    "find_label": "查找：原话、地点、事项或编号",
    "find_hint": "例如：路灯 3栋，或 12",
    "filter": "筛选",
    "state": "状态",
    "category": "类别",
    "grid": "网格",
    "any": "不限",
    "go": "查看",
    "clear": "清除筛选",
    "none": "这里现在没有要办的事。",
    "none_found": "没有找到合适的。换个词，或者清除筛选再看。",
    "same_number": "编号 {number} 有几件，您要看哪一件？",
    "next": "下一页",
    "first": "回第一页",
    "pages": "翻页",
    "private": "私密",
    "private_note": "私密事项，点开看，会留下查看记录",
    "urgent_tag": "急",
    "again_tag": "没好·重办",
    "no_item": "事项待定",
    "no_place": "没说地点",
    "voices": "{count} 人反映",
    "me": "我在办",
    "nobody": "没人接手",
    "helper": "街坊认领",
    "awaiting": "等报事人评价",
    "new": "有 {n} 件新的 · 点这里刷新",
    "fresh": "有更新 · 点这里刷新",
    "list": "要办的事",
    "pick": "选 {case}",
    "many": "勾选的一起办",
    "many_hint": f"一次最多 {MOST_AT_ONCE} 件，每件单独算，做不了的会告诉您为什么。",
    "many_words": "进展（每件都写这一句）",
    "many_take": "都由我接手",
    "many_report": "都报这句进展",
    "pick_all": "本页全选",
    "pick_none": "全不选",
    "picked": "选了 {count} 件，一起办",
    "gone": "{case} {done}现在不归您管了。",
}

MANY: Final = {
    "title": "一起办的结果",
    "done": "做成 {count} 件",
    "failed": "没做成 {count} 件",
    "back": "回办件",
    "words": "您写的话",
    "outdated": "刚刚有人动过，没有动它，请点开看最新情况。",
    Act.TAKE: "已由您接手。",
    Act.REPORT: "进展已发出。",
}


class Wrong:
    """What was left out or too much."""

    PICK = "还没勾选。先在左边勾上要一起办的，再点按钮。"
    TOO_MANY = f"一次最多办 {MOST_AT_ONCE} 件，请分几次。"
    SAY = "请先写一句进展，例如：师傅已到现场，正在查。"
    TOO_LONG = f"写得太长了，请缩到 {WORDS_LIMIT} 字以内。"


USUAL: Final = {
    "title": "常用的话",
    "none": "不用，我自己写",
    "hint": "上面不写，就用这一句",
}

USUAL_REPORT: Final = (
    "已到现场查看，正在处理",
    "已联系师傅，今天上门",
    "已通知相关单位到场，到了再告诉大家",
    "配件已下单，到货就换",
)


def left(due: datetime, now: datetime) -> str:
    """还剩2小时15分, 超时3天."""
    return f"超时{_span(now - due)}" if due < now else f"还剩{_span(due - now)}"


def _span(time: timedelta) -> str:
    minutes = int(time.total_seconds() // 60)
    if minutes < 1:
        return "不到1分钟"
    if minutes < 60:
        return f"{minutes}分钟"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours}小时{f'{minutes}分' if minutes else ''}"
    days, hours = divmod(hours, 24)
    return f"{days}天{f'{hours}小时' if hours else ''}"


def time_left(answer: bool, due: datetime, now: datetime) -> str:
    """回话还剩2小时, 办结超时1天."""
    return f"{'回话' if answer else '办结'}{left(due, now)}"
