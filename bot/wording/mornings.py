"""What a group hears in the morning of what waited for it: one post, a short line a case."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from bot.wording import residents, wishes
from bot.wording.parts import Params, Setting, fixed, when
from intake.lifecycle import State
from intake.mornings import STANDS
from intake.templates import Template

Said = Callable[[Params, Setting], str]

_BEFORE: Final = 11
"""Until this hour it is morning."""


def morning(params: Params, setting: Setting) -> str:
    """One case is told in its own sentence, several a line each."""
    rows = json.loads(params.get("rows", "[]"))
    urgent = _urgent(params)
    if len(rows) == 1 and not urgent:
        return f"{_greeting(params, setting)}{_ALONE[rows[0]['what']](rows[0], setting)}"
    lines = [f"· {_named(row)}：{_LINES[row['what']](row, setting)}" for row in rows]
    if params.get("more"):
        lines.append(f"还有 {params['more']} 件也有了进展，想问哪件，说一声单号就行。")
    if not lines:
        return _greeting(params, setting) + "".join(urgent)
    since = "昨天到今早，" if _is_early(params, setting) else ""
    return "\n".join([f"{_greeting(params, setting)}{since}这些事有了消息：", *urgent, *lines])


def _named(row: Params) -> str:
    """A case by its number and what it is about, as far as the group may know."""
    about = row.get("item") or row.get("title") or ""
    return f"{row['case']} {about}".strip()


def _is_early(params: Params, setting: Setting) -> bool:
    return datetime.fromisoformat(params["at"]).astimezone(setting.zone).hour < _BEFORE


def _greeting(params: Params, setting: Setting) -> str:
    return "早！" if _is_early(params, setting) else "大家好！"


def _urgent(params: Params) -> list[str]:
    told = []
    if params.get("urgent"):
        told.append(f"急事 {params['urgent']} 件，值班的人已经处理好了。")
    if params.get("unfinished"):
        told.append(f"急事 {params['unfinished']} 件，值班的人还在处理。")
    return told


def _progress(row: Params, setting: Setting) -> str:
    words = row.get("words", "").rstrip("。.")
    return f"{words}。" if words else "正在办，有结果就说。"


def _done(row: Params, setting: Setting) -> str:
    words = row.get("words", "").rstrip("。.")
    what = f"处理好了：{words}。" if words else "处理好了。"
    closed = row.get("state") in (State.CLOSED, State.ARCHIVED)
    return what if closed else f"{what}没好就说一声。"


def _extended(row: Params, setting: Setting) -> str:
    why = row.get("words", "").rstrip("。.")
    until = when(row.get("resolve_due", ""), setting)
    return f"要多等几天{f'：{why}' if why else ''}。新时间 {until}，耽误您了。"


def _stands(row: Params, setting: Setting) -> str:
    state = State(row["state"]) if row.get("state") else None
    who = row.get("department")
    if state in (State.SIGNED, State.WORKING):
        return f"{who}正在办。" if who else "正在办。"
    if state is State.TO_CONFIRM:
        return "还在等人看，看准了马上办。"
    return f"已交给{who}。" if who and state is State.DISPATCHED else "正在定由谁来办。"


def _done_alone(row: Params, setting: Setting) -> str:
    if row.get("state") in (State.CLOSED, State.ARCHIVED):
        return f"{_named(row)}，{_done(row, setting)}"
    return residents.done(row, setting)


def _stands_alone(row: Params, setting: Setting) -> str:
    return f"{_named(row)}，{_stands(row, setting)}"


_NOT_A_CASE: Final = "看过了，像是闲聊，没往下派。要是真有事，再说一句就行。"

_ALONE: Final[Mapping[str, Said]] = {
    STANDS: _stands_alone,
    Template.PROGRESS: residents.progress,
    Template.EXTENDED: residents.extended,
    Template.DONE: _done_alone,
    Template.MERGED: residents.merged,
    Template.UNMERGED: residents.unmerged,
    Template.NOT_A_CASE: fixed("{case} " + _NOT_A_CASE),
    Template.WISH_PUBLISHED: wishes.published,
    Template.WISH_CLAIMED: wishes.claimed,
    Template.WISH_DONE: fixed("{case} 圆上了。谢谢出力的街坊。"),
}
"""The whole sentence of the only case that there is to tell of."""

_LINES: Final[Mapping[str, Said]] = {
    STANDS: _stands,
    Template.PROGRESS: _progress,
    Template.EXTENDED: _extended,
    Template.DONE: _done,
    Template.MERGED: fixed("{cases} 和它是同一件事，合在一起办。"),
    Template.UNMERGED: fixed("和 {main} 不是一件事，分开办，给您添麻烦了。"),
    Template.NOT_A_CASE: fixed(_NOT_A_CASE),
    Template.WISH_PUBLISHED: fixed("有街坊想要：{wish_words}。愿意帮忙的回“认领 {case}”。"),
    Template.WISH_CLAIMED: fixed("已有热心人认领，谢谢！"),
    Template.WISH_DONE: fixed("心愿圆上了。谢谢出力的街坊。"),
}
"""What is said after the number, where there are several."""
