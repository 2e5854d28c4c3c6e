"""The sentences of 一周简报 at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.web.desk.words_town import MENU as TOWN

MENU: Final = "简报"
BRIEFS: Final = {
    "heading": "一周简报",
    "lead": "每周一早上9点写好草稿。您看过、改过、点了发，才会发到群里。",
    "none": "还没有简报。上周有人报过事，周一早上9点就会有草稿。",
    "opened": "受理 {count} 件",
    "made": "{at}写的草稿",
    "released": "{at}由{name}发到{chat}",
    "discarded": "{at}由{name}定了不发",
    "someone": "同事",
    "words": "要发的话（可以改）",
    "words_hint": "别写姓名、电话、门牌；别说哪家哪户的事。",
    "chat": "发到哪个群",
    "choose": "—— 请选 ——",
    "no_chat": f"这一片还没有绑定的群，请先到“{TOWN}”那一页绑一个，或者请管理员绑。",
    "sure": "我看过了，没有姓名、电话、门牌，可以发。",
    "save": "先存着",
    "release": "发到群里",
    "discard": "这期不发",
    "discard_sure": "不发以后就不能再发这一期了。",
    "discard_go": "确定不发",
    "example": "选一件办成的事写进去",
    "example_lead": "只列公开的、已经办结的。先问过报事人，他同意了再写。",
    "example_none": "上周没有合适的。",
    "agreed": "问过报事人了，他同意写进简报。",
    "example_go": "写进简报",
    "saved": "存好了，还没有发。",
    "picture": "配的图",
    "picture_look": "看大图",
    "picture_note": "画的是这一期的数，没有人名；不到 3 件的不单画。",
    "with_picture": "带上这张图",
    "numbers": "每个数从哪来",
    "numbers_note": "写草稿时数的；点数字看现在是哪几件，您看不到的不列。",
    "number": "数",
    "name": "数的是",
    "how": "怎么算的",
    "back": "回到简报",
    "back_all": "回一周简报",
    "list": "{name}：{count} 件",
    "list_cut": "太多了，这里只列前 {most} 件。",
    "list_none": "现在没有您看得到的件了。",
    "private": "私密件",
    "report": "{item}：{words}",
}
PICTURE: Final = {
    "title": "{area} · 一周简报",
    "opened": "受理",
    "solved": "办好",
    "open": "还在办",
    "late": "眼下超期",
}
NAMES: Final[Mapping[str, str]] = {
    "opened": "受理总数",
    "before": "前一周受理",
    "private": "其中私密",
    "source": "来源：{key}",
    "nature": "性质：{key}",
    "category": "类别：{key}",
    "item": "事项：{key}",
    "sent": "{key}：派",
    "lead": "{key}：派",
    "in_time": "{key}：按时",
    "late": "{key}：超时",
    "open": "{key}：未结",
    "returned": "{key}：退单",
    "unhappy": "{key}：不满意",
    "published": "微心愿：发布",
    "taken_up": "微心愿：认领",
    "fulfilled": "微心愿：圆上",
    "late_now": "眼下超期",
    "due": "7天内到期",
}
HOW: Final = (
    "一件事算在报来的那一周；并到别件的、撤回的不算。一周从周一到周日。",
    "来源、性质、类别、事项、部门都不含私密件；私密件只有一个总数。",
    "不到 3 件的并成“其他”，或者只说“不到3”。不到 10 件不说百分比。",
    "按时、超时：办好时在不在办结时限里。未结：现在还没办好。退单：退过的。不满意：打了 1 到 3 分。",
    "要留意：这周至少 3 件，而且不少于前一周的两倍。",
    "眼下超期、7天内到期：写草稿那一刻还没办好的，不分哪周报的。",
)


class Wrong:
    """What cannot be done, each with what to do."""

    EMPTY = "话是空的，写几句再来。不想发就点“这期不发”。"
    LONG = "太长了，最多 {most} 个字，现在是 {count} 个，删几句再来。"
    PERSONAL = "“{text}”像是个人信息，删掉再来。"
    NO_CHAT = "请选要发到哪个群。"
    NOT_SURE = "发之前请再看一遍，然后勾上“我看过了”。"
    NO_EXAMPLE = "请先选一件。"
    NOT_AGREED = "先问过报事人，他同意了再勾上。"
    OUTDATED = "同事刚刚改过这一期。您写的还在下面，看一眼同事改的，再存或再发。"
    WITHOUT = "要先发文字，就去掉“带上这张图”再点发。"
    OVER = "这一期已经定了，不能再改。"
    NOT_FOUND = "没有这一期简报，或者不归您管。"
