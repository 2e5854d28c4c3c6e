"""How a case stands, to whoever asks in the group.

The law of this file: what it is about and who has it, in words that need no explaining; a time that has
passed is promised no more, and what is over is chased by nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.wording.parts import Params, Setting, day, when
from intake.lifecycle import State

_UNDER_WAY: Final[Mapping[State, str]] = {
    State.DISPATCHED: "已派给{department}，还没人接手",
    State.SIGNED: "有人接手了",
    State.WORKING: "正在办",
    State.REVIEW: "社区看过后帮着找人",
    State.PUBLISHED: "发出去了，等热心人认领",
    State.CLAIMED: "有热心人认领了",
}
_OVER: Final[Mapping[State, str]] = {
    State.HANDLED: "处理好了。要是没好，回“没好”就重新办。",
    State.TO_RATE: "处理好了。要是没好，回“没好”就重新办。",
    State.CLOSED: "办结了。要是没好，回“没好”就重新办。",
    State.ARCHIVED: "早就办结了。要是又坏了，再说一句就行。",
    State.WITHDRAWN: "已经撤了。要报，再说一句就行。",
    State.MERGED: "和另一件合在一起办，有进展一起说。",
    State.REJECTED: "这件不归网格办。还有疑问回“人工”。",
}
_CHASED: Final = "已经替您催了一声。"


def state_now(params: Params, setting: Setting) -> str:
    if not params.get("state"):
        return f"{params['case']} 的情况只告诉报事人，请私聊我。"
    state = State(params["state"])
    if state is State.TO_CONFIRM:
        return _waits_for_a_look(params, setting)
    about = f"{params['case']} {params.get('item') or params.get('title', '')}".rstrip()
    if state in _OVER:
        return f"{about}：{_OVER[state]}"
    if state is State.TO_DISPATCH:
        return f"{about}：正在确定承办单位，时间仍从您说的时候算。{_CHASED}"
    stands = _UNDER_WAY.get(state, "已受理").format(department=params.get("department") or "网格")
    return f"{about}：{stands}{_until(params, setting)}。{_CHASED}"


def _until(params: Params, setting: Setting) -> str:
    due = params.get("resolve_due", "")
    if params.get("paused_until"):
        return f"，先等一等，最晚{day(params['paused_until'], setting)}接着办"
    if not due or params.get("wish"):
        return ""
    ahead = datetime.fromisoformat(due) > setting.now
    return f"，{when(due, setting)}前办结" if ahead else "，过了说好的时间，还没办完"


def _waits_for_a_look(params: Params, setting: Setting) -> str:
    """Nobody has it yet."""
    due = params.get("respond_due", "")
    ahead = bool(due) and datetime.fromisoformat(due) > setting.now
    until = f"，{when(due, setting)}前给您回话" if ahead else ""
    return f"{params['case']} 还在等人看{until}。已经催了一声。"
