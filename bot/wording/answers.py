"""What is said of bulletins and answer cards, to those who ask and to those who keep them."""

from __future__ import annotations

from datetime import datetime

from bot.wording.parts import Params, Setting, quote, when

_BACK = {"停水": "来水了吗？", "停电": "来电了吗？", "停气": "来气了吗？", "断网": "有网了吗？"}
_SHOWN = 60


def bulletin(params: Params, setting: Setting) -> str:
    """The announcement, to somebody who asks or cries out."""
    words = params.get("words", "").rstrip("。.！!")
    source = f"{params['source']}说的，" if params.get("source") else ""
    return (
        f"这个有通知：{words}。（{source}{_span(params, setting)}）"
        "等不了、情况不一样，点“不是这回事”，我马上报。"
    )


def bulletin_over(params: Params, setting: Setting) -> str:
    """It ought to be over: is it?"""
    subject = params.get("subject", "")
    over = "没说到几时，过了一阵了" if params.get("open_end") else "说的时间到了"
    over = "说是提前好了" if params.get("early") else over
    ask = _BACK.get(subject, "好了吗？")
    return f"{subject or '通知'}{over}，{ask}还没好的回一句“没来”，我马上报。"


def bulletin_moved(params: Params, setting: Setting) -> str:
    until = when(params.get("ends_at", ""), setting)
    return f"{params.get('subject') or '通知'}的时间改了，现在说到{until}。等不了的直接说一声。"


def answer(params: Params, setting: Setting) -> str:
    """A card's answer, with where it is from and of which day."""
    checked = datetime.fromisoformat(params["checked_at"]).astimezone(setting.zone)
    words = params.get("answer", "").rstrip("。.")
    return (
        f"{words}。（{params.get('source', '')}，{checked.month}月{checked.day}日核对）"
        "没答到就点“没答到”，转给窗口的人。"
    )


def proposal(params: Params, setting: Setting) -> str:
    """Whether what was said in a group shall be kept."""
    houses = f"，{params['houses']}栋" if params.get("houses") else ""
    if params.get("open_end"):
        until = when(params.get("ends_at", ""), setting)
        return (
            f"这句要不要留作{params.get('subject', '')}通知？{quote(params.get('words', ''), _SHOWN)}\n"
            f"{_span(params, setting)}{houses}。先用到{until}，到时问一声街坊；要改日子，到工作台“通知”里改。"
            "留了，街坊再问就拿它回，不另开单；不留不用管。"
        )
    return (
        f"这句要不要留作{params.get('subject', '')}通知？{quote(params.get('words', ''), _SHOWN)}\n"
        f"{_span(params, setting)}{houses}。留了，街坊再问就拿它回，不另开单；不留不用管。"
    )


def kept(params: Params, setting: Setting) -> str:
    """What became of a press on a proposal."""
    if params.get("what") == "kept":
        subject = params.get("subject", "")
        until = when(params.get("ends_at", ""), setting)
        used = f"，先用到{until}" if params.get("open_end") else ""
        return (
            f"留好了：{subject}通知，{_span(params, setting)}{used}。要改、要提前结束，请到工作台。"
        )
    if params.get("what") == "not_allowed":
        return "留通知要网格员、调度员或街道中心来点。"
    return "这条通知过了时间，或者已经撤了。"


def card(params: Params, setting: Setting) -> str:
    """To its keeper: a card expires soon."""
    until = when(params.get("expires_at", ""), setting)
    return (
        f"问答卡{quote(params.get('question', ''))}{until}到期，过了就不再用它回街坊。"
        "请到工作台看一眼，还对就续上。"
    )


def _span(params: Params, setting: Setting) -> str:
    """From when, where that lies ahead, until when: 明天9:00到12:00."""
    starts, ends = params.get("starts_at", ""), params.get("ends_at", "")
    ahead = bool(starts) and datetime.fromisoformat(starts) > setting.now
    if params.get("open_end"):
        return f"{when(starts, setting)}起，没说到几时" if ahead else "没说到几时"
    if not ahead:
        return f"到{when(ends, setting)}"
    first, last = (datetime.fromisoformat(one).astimezone(setting.zone) for one in (starts, ends))
    until = f"{last.hour}:{last.minute:02d}" if first.date() == last.date() else when(ends, setting)
    return f"{when(starts, setting)}到{until}"
