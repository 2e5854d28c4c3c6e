"""The sentences of the page on which some of a grid goes to another."""

from __future__ import annotations

from typing import Final

REGRIDDING: Final = {
    "back": "‹ 回{name}",
    "heading": "拆分、调整楼栋",
    "how": "把这个网格的一部分楼栋、群和人转到另一个网格。在办的件跟着楼栋走，单号、时限和关注的人都不变；"
    "办完的留在原网格。先看看会转什么，再确认。想转回来，在那边的页上同样做一次。",
    "to": "转到哪个网格",
    "to_new": "新网格",
    "id": "新网格的编号（字母、数字、- 和 _）",
    "name": "新网格的名字",
    "buildings": "转过去的楼栋、路名、小区，用顿号隔开",
    "buildings_example": "例如：5栋、6栋、榕树路",
    "stay": "留在{name}的楼栋、路名",
    "stay_how": "写上了，在这里的群里报转走的楼栋，也会派到新网格。",
    "chats": "跟过去的群",
    "no_chats": "这个网格没有绑群。",
    "people": "跟过去的人（管着上一级的人两边都管，不用选）",
    "no_people": "没有只管这个网格的人。",
    "why": "为什么调（写进每一件的记录）",
    "why_example": "例如：网格太大，一拆为二",
    "look": "先看看会转什么",
    "problems": "有 {count} 处不对，改好再看一次。现在什么都没有动。",
    "preview": "会转到{name}的",
    "cases": "在办的件：{count} 件",
    "more": "等",
    "chat_count": "群：{count} 个",
    "people_count": "人：{count} 位",
    "codes": "贴出去的二维码：{count} 张",
    "duty": "值班：{names}",
    "no_duty": "那边还没有值班人，转完请马上排值班表。",
    "no_staff": "{name}还没有工作群：那边新报的事，只私下告诉值班的人。请勾上一个跟过去，或转完马上绑一个。",
    "no_staff_left": "工作群都转走了，这个网格新报的事只私下告诉值班的人。",
    "no_department": "{names}只听得到这个网格的事，{name}的收不到。那边也要的话，请再绑一个派单群。",
    "go": "确认转过去",
    "unnamed": "（没有名字）",
    "nothing": "（空）",
    "record": "转到{new}：在办 {cases} 件，{why}",
}


class Wrong:
    """Why it cannot be done."""

    TO = "请选转到哪个网格：新网格，或同一个社区里的另一个。"
    ID = "编号“{id}”不行：用字母、数字、- 和 _，最多 32 个，不能空着。"
    ID_TAKEN = "编号 {id} 已经是{name}的，请换一个，或在上面直接选它。"
    NAME = "新网格要有名字，1 到 60 个字。"
    WHY = "请写一句为什么调。"
    NOTHING = "请至少选一样：楼栋、群或人。"
    BOTH = "{names}又转走又留下，请只写一边。"
    TAKEN = "“{name}”已经在{grid}的范围里，请先从那边去掉。"
    LONG = "“{name}”太长了，每个最多 {most} 个字，用顿号隔开。"
    MANY = "太多了，最多 {most} 个。"
    CHAT_GONE = "选的群里有一个已经不在这个网格了，请重新选。"
    PERSON_GONE = "选的人里有一位的岗位已经变了，请重新选。"
    DUTY = "这样转完，原来的网格就没有值班人了。请先在值班表里加一位留下的人。"
    STALE = "刚才看过以后有了变化，下面是现在的样子。请再看一遍，再按一次。"
