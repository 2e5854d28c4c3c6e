"""What staff hear when the town changes: a colleague is gone, a department or a grid is arranged anew."""

from __future__ import annotations

from bot.wording.parts import Params, Setting


def left(params: Params, setting: Setting) -> str:
    """A handler works here no more, or in another place."""
    who, count = params.get("by", ""), params.get("count", "0")
    gone = f"【调岗】{who}调走了" if params.get("elsewhere") else f"【离岗】{who}不在岗了"
    return f"{gone}，手上 {count} 件请接手，时限不变：{_cases(params)}。"


def moved(params: Params, setting: Setting) -> str:
    """Cases went over to another department or grid."""
    old, new = params.get("old", ""), params.get("new", "")
    why = f"（{params['by']}：{params.get('reason', '')}）" if params.get("by") else ""
    return (
        f"【调整】{old}在办的 {params.get('count', '0')} 件转到{new}{why}，"
        f"单号和时限不变：{_cases(params)}。"
    )


def _cases(params: Params) -> str:
    rest = f"等，另有 {params['more']} 件见工作台" if params.get("more") else ""
    return f"{params.get('cases', '')}{rest}"
