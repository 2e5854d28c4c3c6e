"""The sentences of 随手报: the form of the round, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.web.desk.words_photos import MOST_PHOTOS, PhotoWrong
from intake.cases import LineRole

WORDS_LIMIT: Final = 200
PLACE_LIMIT: Final = 40
DONE_LIMIT: Final = 200

FIELD: Final = {
    "menu": "随手报",
    "heading": "随手报",
    "words": "看到什么",
    "words_hint": "一句话就行，例如：楼道堆了旧沙发，挡住半边路",
    "place": "在哪里",
    "place_hint": "例如：3栋2单元一楼",
    "grid": "哪个网格",
    "photos": f"照片（最多 {MOST_PHOTOS} 张，可以不拍）",
    "photos_note": "别拍人脸、门牌和车牌。",
    "kept": "已收下 {count} 张照片，不用再选。",
    "report": "报上去",
    "report_note": "交给该管的部门办，您会收到进展。",
    "done": "当场办好的，写做了什么",
    "done_hint": "只记一笔，不发到群里，不打扰大家。",
    "settle": "已当场办好",
    "usual": "常用的话",
    "today": "我的网格今天",
    "no_grid": "您的岗位不管具体网格，看到的事请在群里说，或者交给网格员。",
}

USUAL_DONE: Final = (
    "已劝说挪走，路通了",
    "已清走，地面扫干净了",
    "已拧紧，试过没问题",
    "已摆好警示牌，隔开了",
)

SAID: Final = {
    "heading": "随手报",
    "waiting": "正在登记…",
    "waiting_more": "收到了，几秒钟就好，这一页会自己更新。",
    "refresh": "现在就看",
    "lost": "抱歉，这一件没登记成。请再报一次，或者在工作群里说一声。",
    "none": "没有记下来：您的岗位可能刚刚变了。请再试一次，或者找街道。",
    "number": "单号",
    "item": "事项",
    "no_item": "还没定，等人看",
    "wrong": "事项不对？点这里改",
    "look": "看这件事",
    "department": "派给",
    "looked_at": "先请调度看一眼，多半归{department}。",
    "looked_at_only": "先请调度看一眼。",
    "due": "办结时限",
    "again": "再报一件",
    "today": "回今天",
    "danger": "按险情报了，已通知值班的人。人先离开危险处，要紧先打 {call}。",
    "gone": "这件事现在不归您看，已经交给该管的人。",
}

BECAME: Final = {
    LineRole.OPENED: "报上去了。",
    LineRole.SUPPLEMENT: "这件事已经在办，您说的补进去了，没有另开一件。",
    LineRole.PLUS_ONE: "这件事已经在办，您说的补进去了，没有另开一件。",
    LineRole.REPORT_BACK: "这件事街坊报过，已经记为办好，正请报事人看看。",
}
SETTLED: Final = "记下了：巡查发现，当场办好。"


class Wrong:
    """What is wrong with what was sent."""

    WORDS = "还没写看到了什么，写一句就行，例如：井盖松了。"
    WORDS_LONG = f"写得太长了，请缩到 {WORDS_LIMIT} 字以内。您写的还在。"
    PLACE_LONG = f"地点最多 {PLACE_LIMIT} 个字，请短一点。"
    GRID = "请选一个您管的网格。"
    DONE = "请写清当场做了什么，空话不能算数，例如：已劝说挪走，路通了。"
    DONE_LONG = f"做了什么最多 {DONE_LIMIT} 字，请短一点。"
    NOT_YOURS = "当场办结要由网格员或物业来记。您可以点“报上去”。"
    WHICH = "请点“报上去”或“已当场办好”。"
    TOO_MUCH = "写得太多了，请短一点再交。"
    TOO_FAST = "报得太快了，歇几秒再点。您写的还在。"
    NOT_FOUND = "没有找到这一条，或者不是您报的。"


BESIDE: Final[Mapping[str, str]] = {
    Wrong.WORDS: "words",
    Wrong.WORDS_LONG: "words",
    Wrong.PLACE_LONG: "place",
    Wrong.GRID: "grid",
    Wrong.DONE: "done",
    Wrong.DONE_LONG: "done",
    Wrong.NOT_YOURS: "done",
    PhotoWrong.UNREADABLE: "photos",
    PhotoWrong.TOO_BIG: "photos",
    PhotoWrong.TOO_MANY: "photos",
}
"""The field beside which a sentence stands; of the others none is to blame."""
