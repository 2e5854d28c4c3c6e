"""What is said to somebody of their own cases (我的)."""

from __future__ import annotations

from datetime import datetime

from bot.wording.parts import Params, Setting, when
from intake.lifecycle import State


def mine(params: Params, setting: Setting) -> str:
    if params.get("where") == "private":
        return "您的记录只能单独给您看，请私聊我发“我的”。"
    if params.get("count", "0") == "0":
        return "我这里没有您的记录。"
    rows = params["cases"].splitlines()
    told = "\n".join(_one_of_mine(row, setting) for row in rows)
    if not rows:
        return f"您报过 {params['count']} 件，都办完了。再有事直接说。"
    rest = f"您一共报过 {params['count']} 件，" if len(rows) < int(params["count"]) else ""
    return f"{rest}{'近来的' if rest else '您报的'} {len(rows)} 件：\n{told}"


_MINE_STATES = {
    State.TO_CONFIRM: "网格员正在看",
    State.TO_DISPATCH: "正在派给管这件事的单位",
    State.DISPATCHED: "已派给{department}",
    State.SIGNED: "{department}有人接手了",
    State.WORKING: "{department}正在办",
    State.HANDLED: "处理好了，请您看看",
    State.TO_RATE: "处理好了，请您看看",
    State.CLOSED: "{closed}办结了",
    State.ARCHIVED: "{closed}办结了",
    State.WITHDRAWN: "已撤回",
    State.REJECTED: "这件不归网格办",
    State.MERGED: "和 {main} 合在一起办",
    State.REVIEW: "社区看过后帮您找人",
    State.PUBLISHED: "已发出去，等热心人认领",
    State.CLAIMED: "有热心人认领了",
}


def _one_of_mine(row: str, setting: Setting) -> str:
    """A line of one's own list; a time that has passed is promised no more."""
    if "\t" not in row:
        return row  # a post that waits from before
    case, item, named, department, respond, resolve, closed, main = row.split("\t")
    state = State(named)
    words = _MINE_STATES.get(state, "已受理").format(
        department=department or "网格", closed=when(closed, setting), main=main
    )
    until = ""
    if state in (
        State.TO_CONFIRM,
        State.TO_DISPATCH,
        State.DISPATCHED,
        State.SIGNED,
        State.WORKING,
    ):
        due, what = (respond, "前回话") if respond else (resolve, "前办结")
        if due:
            ahead = datetime.fromisoformat(due) > setting.now
            until = f"，{when(due, setting)}{what}" if ahead else "，过了说好的时间，还没办完"
    return f"{case} {item}：{words}{until}"
