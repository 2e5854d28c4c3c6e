"""What is said to somebody of what is kept of them (我的, 导出我, 删我)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from bot.wording.parts import Params, Setting, when
from intake.lifecycle import STATE_NAMES, State


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


def erase_me(params: Params, setting: Setting) -> str:
    until = when(params.get("until", ""), setting)
    at = f"（{until}）" if until else ""
    return (
        f"收到，您的记录 15 个工作日内删{at}，删好告诉您：说过的话、照片、名字、评分都删。在办的办完再删；"
        "单号、事项和时间依法留三年。改主意了，之前回“记我”。"
    )


def erased(params: Params, setting: Setting) -> str:
    still = params.get("still")
    rest = f"还有 {still} 件在办，办完接着删。" if still else "以后再有事，直接说就行。"
    return (
        f"删好了：{params.get('count', '0')} 件里您说过的话、照片和评分都删了，"
        f"只留单号、事项和时间（依法留三年）。{rest}"
    )


def export(params: Params, setting: Setting) -> str:
    """All that is kept, a line each; or where the file with it is."""
    if params.get("file"):
        at = params.get("link")
        how = (
            f"打开这个链接就能存下来，只有您自己登录着才打得开：{at}" if at else "请收好，别转发。"
        )
        return f"{_FILE}{how}"
    parts = params.get("parts", "1")
    head = (
        f"我记的关于您的（{params.get('part', '1')}/{parts}）："
        if parts != "1"
        else "我记的关于您的："
    )
    rows = json.loads(params.get("rows", "[]"))
    return "\n".join([head, *(_kept(row, setting) for row in rows)])


_FILE = "我记的关于您的比较多，都放在一个文件里。"
FILE_NAME = "我的记录.txt"


def kept(rows: Iterable[Params], setting: Setting) -> str:
    """The file with all that is kept."""
    at = _moment(setting.now.isoformat(), setting)
    return "\n".join([f"我记的关于您的，{at}整理：", *(_kept(row, setting) for row in rows), ""])


def _kept(row: Params, setting: Setting) -> str:
    what, at = row.get("what"), _moment(row.get("at", ""), setting)
    if what == "person":
        home = f"，所在网格 {row['home']}" if row.get("home") else ""
        opted = "，您说过“别记我”" if row.get("opted_out") else ""
        return f"名字：{row.get('name') or '没有'}{home}{opted}"
    if what == "follows":
        return f"关注：{row.get('case', '')}"
    media = f"（附件 {row['media']} 个）" if row.get("media") else ""
    if what == "asked":
        return f"{at} 您问过：{row.get('said') or '（原话已清）'}"
    if what == "line":
        return f"{at} 您说的（{row.get('case', '')}）：{row.get('said') or '（原话已清）'}{media}"
    state = STATE_NAMES[State(row["state"])] if row.get("state") else ""
    closed = f"，{_moment(row['closed'], setting)}结束" if row.get("closed") else ""
    place = f"，地点：{row['place']}" if row.get("place") else ""
    score = f"，您打了 {row['score']} 分" if row.get("score") else ""
    said = f"，原话：{row['said']}" if row.get("said") else ""
    return f"{row.get('case', '')} {row.get('item', '')}：{at}报的，{state}{closed}{place}{said}{score}"


def _moment(iso: str, setting: Setting) -> str:
    """A date that still says something in years."""
    if not iso:
        return ""
    at = datetime.fromisoformat(iso).astimezone(setting.zone)
    return f"{at.year}年{at.month}月{at.day}日 {at.hour}:{at.minute:02d}"
