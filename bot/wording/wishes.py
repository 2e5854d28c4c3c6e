"""What is said of small wishes (微心愿)."""

from __future__ import annotations

from bot.wording.parts import Params, Setting, quote


def published(params: Params, setting: Setting) -> str:
    return (
        f"有街坊想要：{params['wish_words'].rstrip('。.')}（{params['area']}）。"
        f"愿意帮忙的回“认领 {params['case']}”或点下面，联系方式由社区转，不在群里发。"
    )


def claimed(params: Params, setting: Setting) -> str:
    return f"{params['case']} 已有热心人认领，谢谢！社区会居中联系。"


def claimed_staff(params: Params, setting: Setting) -> str:
    return (
        f"【心愿】{params['case']} {params['by']} 认领了，许愿的是 {params['reporter']}："
        f"{quote(params['wish_words'])}。请居中联系。"
    )


def offered_staff(params: Params, setting: Setting) -> str:
    return (
        f"【心愿】{params['case']} {params['by']} 说愿意帮：{quote(params['words'])}。"
        "心愿还没发布，请先看过再居中联系。"
    )


def yours(params: Params, setting: Setting) -> str:
    return (
        f"谢谢您认领 {params['case']}：{quote(params['wish_words'])}。"
        "社区会联系您；做好了点“圆上了”，写一句做了什么。"
    )
