"""The sentences of 我的网格今天."""

from __future__ import annotations

from typing import Final

from bot.web.desk.words_cases import CASES

_OF_ROWS: Final = ("urgent_tag", "again_tag", "private", "private_note", "voices")
TODAY: Final = {key: CASES[key] for key in _OF_ROWS} | {
    "menu": "今天",
    "heading": "我的网格今天",
    "field": "随手报",
    "sums": "今天的数",
    "sum_supervised": "督办",
    "sum_returned": "退回来的",
    "sum_late": "超时",
    "sum_due": "今天到期",
    "sum_new": "新来的",
    "sum_round": "顺路看看",
    "danger": "险情和急件",
    "supervised": "督办：按日子报进展",
    "returned": "退回来的：等您定归谁",
    "late": "已经超时",
    "due": "今天到期",
    "new": "昨天18点以来新来的",
    "round": "顺路看看：说是办好了，等报事人的话",
    "wishes": "心愿",
    "duty": "现在谁值班",
    "all_grids": "{count} 个网格都是",
    "no_duty": "没有人值班，请街道排一下。",
    "duty_for": "{name}（代{absent}）",
    "know": "要知道的",
    "patrol": "今天巡查发现 {found} 件，当场办好 {settled} 件。",
    "silent": "{chat}里我安静到{until}，急事照样说。",
    "covering": "您在替{absent}代班，到{last}为止。",
    "away": "您在请假，由{stand_in}代班，到{last}为止。",
    "cover_else": "{absent}请假，由{stand_in}代班，到{last}为止。",
    "area": "{item}：{voices} 人在等，{left}。",
    "cover": "请假代班",
    "none": "今天没有到期的事，也没有新来的。",
    "more": "还有更多，去“办件”看",
    "someone": "同事",
}
