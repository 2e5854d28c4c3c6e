"""The sentences of a grid's groups: binding, changing, letting go."""

from __future__ import annotations

from typing import Final

CHANNELS: Final = {"web": "网页群", "telegram": "Telegram 群"}
PRIVATE: Final = {"web": "网页私聊", "telegram": "Telegram 私聊"}

GROUPS: Final = {
    "heading": "绑一个群到{name}",
    "how": "怎么绑",
    "by_word": "在群里说一句口令（先把机器人拉进群）",
    "by_room": "新开一个网页群",
    "by_id": "我知道群的编号",
    "purpose": "做什么用",
    "department": "哪个部门（只有部门派单群要选）",
    "no_department": "不是部门派单群",
    "title": "叫什么名字（可不填）",
    "title_how": "写在列表和记录里，方便认。",
    "title_only_here": "只改工作台里的叫法，群里看到的名字不变。",
    "channel": "在哪里",
    "id": "群的编号",
    "id_how": "只有选“我知道群的编号”才填。Telegram 的是一个数，例如 -1001234567890。",
    "sure": "群里没有普通居民，我看过了",
    "sure_how": "除了居民群，别的群里会发住址、电话一类的办事内容。",
    "go": "下一步",
    "word_heading": "去群里说这句话",
    "word_lead": "把机器人拉进群，在群里发下面这一句。{ends}前有效，只能用一次。",
    "word_after": "说过以后，机器人会在群里回一句“绑好了”。再回到网格的页面看一看。",
    "word_label": "要说的话",
    "copy_it": "复制",
    "copied": "复制好了",
    "copy_failed": "复制不了，请按住自己复制",
    "link_heading": "网页群开好了",
    "link_lead": "居民打开这个链接，填个称呼就能进群：",
    "staff_lead": "{purpose}开好了。管这里的人用网页的，已经都在群里。",
    "back": "‹ 回{name}",
    "edit_heading": "这个群",
    "now": "现在是：{title} · {purpose}",
    "save": "保存",
    "unbind": "解绑这个群",
    "unbind_lead": "解绑以后，群里说的话不再听；已经在办的事，进展还会发到这个群。",
    "unbind_residents": "这是这个网格唯一的居民群，解绑后就收不到群里的报事了。",
    "unbind_staff": "这是这个网格唯一的工作群，解绑后有事只能一个个私下通知值班人。",
    "unbind_go": "确认解绑",
    "silent": "按群里的要求安静到{until}。",
    "speak": "现在就可以说话",
    "unnamed": "（没有名字）",
}


class NotGroup:
    """Why a group cannot be bound or changed."""

    HOW = "请先选怎么绑。"
    PURPOSE = "请先选这个群做什么用。"
    DEPARTMENT = "部门派单群要选一个部门；别的群不用选。"
    SURE = "请先看一看群里有没有普通居民，再打勾确认。"
    TITLE = "名字最多 {most} 个字。"
    ID = "群的编号不对。Telegram 的是一个数，例如 -1001234567890；网页群的是字母、数字、- 和 _。"
    TAKEN = "这个群已经绑在{grid}了。要换过来，请先到那边解绑。"
    NO_ROOM = "没有这个网页群，或者不是您管的。要新开一个，请选“新开一个网页群”。"
    BOUND = "这个群已经绑在这里了，要改用途就点它。"
    GONE = "没有这个群，可能已经解绑了。"
    STALE = "这个群刚刚有人改过，上面写着现在的样子。您填的还在，看过再存一次。"
