"""The sentences of the page of corrections.

The law of this file: what a person reads there is written here and nowhere else. Nobody is named and nobody
is compared.
"""

from __future__ import annotations

from typing import Final

from intake.reviewing import Standing

QUALITY: Final = {
    "menu": "纠正",
    "title": "纠正",
    "lead": "大家改过的话，机器夜里会学。拿不稳的先等第二个人看一眼。",
    "waiting": "等人看（{n}）",
    "waiting_none": "没有等人看的。",
    "waiting_first": "先列最早的 {shown} 条。",
    "recent": "最近 {days} 天",
    "recent_none": "最近 {days} 天没有纠正。",
    "recent_first": "只列最新的 {shown} 条。",
    "cut": "改得多，这里只看最近 {n} 条，更早的没有算进来。",
    "sums": "改了 {all} 次：{learned} 次会学，{waiting} 次等人看，{other} 次不学。",
    "wasnt": "没有事项",
    "to": "改成",
    "kept": "认可",
    "accept": "对，学",
    "refuse": "不对，不学",
    "own": "这是您自己改的，要等别人看。",
    "private": "私密的事，原话请到单子里看。",
    "gone": "原话已经删去。",
    "see": "看单子",
    "done_accept": "记下了：今后会学这一条。",
    "done_refuse": "记下了：这一条不学。",
    "words": "原话",
    "change": "从 → 到",
    "standing": "现在",
    "when": "时间",
    "asks": "是报事",
    "wish": "是心愿",
    "not_request": "不是报事",
}

STANDINGS: Final[dict[Standing, str]] = {
    Standing.GONE: "原话已删，不学",
    Standing.REFUSED: "看过，不学",
    Standing.ACCEPTED: "看过，会学",
    Standing.SUPERSEDED: "后来改了主意，不学",
    Standing.OVERRULED: "看过相反的，不学",
    Standing.CONTRADICTED: "说法不一，等人看",
    Standing.SECONDED: "两个人都这么说，会学",
    Standing.DOUBTED: "等第二个人看",
    Standing.TRUSTED: "工作人员改的，会学",
    Standing.ALONE: "街坊自己改的，等人看",
}


class QualityRefused:
    """Why a correction cannot be decided."""

    UNKNOWN = "没有找到这条纠正，或者不归您管。"
    OWN = "这是您自己改的，要等别人看。"
    DECIDED = "这一条刚刚有人看过了。"
