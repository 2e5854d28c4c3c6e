"""The sentences of the page on which a department is renamed or merged."""

from __future__ import annotations

from typing import Final

REORGANISING: Final = {
    "back": "‹ 回{name}",
    "heading": "改名、并入别的部门",
    "name": "改名字",
    "name_how": "编号 {code} 不变，已经在办的事还归它。新名字马上生效，群里和工作台都用它。",
    "name_label": "部门名字",
    "name_save": "保存名字",
    "merge": "并入别的部门",
    "merge_how": "机构合并时用。在办的件、牵头和协办的事项、人、派单群和通知方式都跟过去；单号和时限不变，"
    "报事的街坊不用再报，也不会被打扰。以前的数字还记在老部门名下。",
    "into": "并到哪个部门",
    "look": "先看看有多少",
    "preview": "会跟到{name}的",
    "cases": "在办的件：{count} 件，每件都记一笔",
    "items": "事项：{count} 项，以后新报的直接派过去",
    "people": "人：{count} 位，两边的件都看得到",
    "chats": "派单群和其他通知方式：{count} 个，照旧收单",
    "why": "为什么并（写进每一件的记录）",
    "why_example": "例如：机构改革",
    "go": "确认并入{name}",
    "merged_on": "从{at}起，新报的事派给{name}。",
    "part": "分开，恢复成单独的部门",
    "part_how": "事项和派单群马上归回来，合并时带过去的人退出新部门。并过去以后还没人动过的件退回来，"
    "已经在办的留在那边办完。",
    "part_go": "确认分开",
    "tag": "已并入{name}",
}
TOLD: Final = {
    "name": "名字改好了，已记录。",
    "merged": "并好了，已记录。在办的件都过去了。",
    "parted": "分开了，已记录。",
}


class Wrong:
    """Why it cannot be done."""

    NAME = "部门名字要有 1 到 30 个字。"
    NAME_TAKEN = "已经有一个部门叫“{name}”。要合到一起，请用下面的“并入别的部门”。"
    STALE = "刚刚有人改过部门，下面是现在的样子。您填的还在，看过再按一次。"
    INTO = "请先选并到哪个部门：不能是它自己，也不能是已经并掉的。"
    WHY = "请写一句为什么并，例如“机构改革”。"
    MERGED = "这个部门已经并掉了。要改并到别处，请先分开。"
    NOT_MERGED = "这个部门现在就是单独的，不用分开。"
    PART_FIRST = "{name}自己也并到别的部门了，请先把它分开。"
