"""The sentences of the form behind a code and of the progress page.

The law of this file: what a neighbour reads there is written here, plain, warm and short; no sentence has a
place for a person's name but their own.
"""

from __future__ import annotations

from typing import Final

from intake.lifecycle import Action, State

WORDS_LIMIT: Final = 500
PLACE_LIMIT: Final = 60
MOST_PHOTOS: Final = 3
PHOTO_MEGABYTES: Final = 12

FRAME: Final = {
    "title": "呼应",
    "skip": "跳到正文",
    "sorry": "这一步没做成",
    "danger": "着火、漏气、有人受伤：别等，先打 ",
    "calls": ("119", "120", "110"),
    "elsewhere": "也可以在小区群里说一声，或者打社区电话、12345。",
}

FORM: Final = {
    "title": "说一声 · 呼应",
    "heading": "有事，说一声",
    "words": "出了什么事？",
    "hint": "一句话就够，例如：楼道灯不亮，三天了。",
    "place": "在哪里？",
    "place_hint": "楼栋、单元或者旁边有什么。不用写门牌号。",
    "told": "怎么告诉您？",
    "as_member": "用“{name}”的身份报，有进展在呼应私聊里告诉您，别人看不到",
    "anonymous": "不留名字，自己用进度链接看",
    "nameless": "不用留名字和电话。报完给您单号和进度链接，办到哪一步随时能看。",
    "go": "报上去",
    "kept": "写的电话、证件号会自动打码，不会保存。",
}

PHOTOS: Final[dict[str, str]] = {
    "label": "照片（可不附）",
    "pick": "拍照或选照片",
    "hint": f"最多 {MOST_PHOTOS} 张，尽量别拍到人。只有办事的人看得到，拍摄地点和时间会去掉。",
    "again": "照片没有存下，要附的话请重新选。",
    "remove": "去掉第 {number} 张",
    "chosen": "选好了 {count} 张",
    "shrinking": "正在把照片变小…",
    "too_many": f"最多 {MOST_PHOTOS} 张，多的没有加上。",
    "too_big": f"有一张照片超过 {PHOTO_MEGABYTES} MB，没有加上。",
}

PROGRESS: Final = {
    "title": "办理进度 · 呼应",
    "waiting_title": "正在登记 · 呼应",
    "waiting": "正在登记…",
    "waiting_more": "收到您写的了，几秒钟就好，这一页会自己更新。",
    "refresh": "现在就看",
    "noting": "正在记下…",
    "lost_heading": "没登记成",
    "lost": "抱歉，您写的没能登记成一件事。请再报一次，或者找网格员。",
    "number": "单号",
    "state": "现在",
    "who": "谁在管",
    "until": "什么时候",
    "your_words": "您写的",
    "happened": "办到哪了",
    "photos": "附照片 {count} 张（只有办事的人看得到）",
    "work": "办理的人拍的照片",
    "work_alt": "办理的人拍的第 {number} 张照片，共 {count} 张。点开看大图",
    "after": "办理的人附了照片 {count} 张",
    "keep": "请收好这个页面的网址：凭它随时能看进度。别人拿到也能看，别随便转发。微信里可以点右上角收藏。",
    "copy_link": "复制链接",
    "copied": "复制好了",
    "copy_failed": "复制不了，请在浏览器的网址栏里自己复制",
    "again": "抱歉没办好，已重新派人。",
    "joined": "这件事有街坊报过，给您记上了，一共 {voices} 位街坊在等。",
    "merged": "和街坊报的同一件事（{number}）合在一起办。",
    "private": "这件事只告诉您，不会在群里说。",
    "question": "您是想反映哪一样？",
    "question_hint": "点一下就能派得更准；不点也行，半小时后先按最可能的办。",
    "rate": "办得怎么样？",
    "rate_hint": "不评也没关系。",
    "bad": "没好，重新办",
    "still_bad": "还是没好？",
    "rated": "您评了 {score} 分，谢谢。",
    "add": "还有要补充的？",
    "add_hint": "例如：师傅来的时候请带梯子。",
    "add_go": "补充",
}

SCORES: Final = (
    (5, "5 分 很满意"),
    (4, "4 分 满意"),
    (3, "3 分 一般"),
    (2, "2 分 不太满意"),
    (1, "1 分 不满意"),
)

WHO: Final = {
    "staff": "网格员",
    "duty": "值班的人",
    "community": "社区",
}

UNTIL: Final = {
    "respond": "{when}前给您回话",
    "resolve": "{when}前办结",
    "late_respond": "原定{when}前回话，已经晚了，在催",
    "late_resolve": "原定{when}前办结，已经晚了，在催",
    "provisional": "（暂定）",
}

STATES: Final[dict[State, str]] = {
    State.DRAFT: "收到了，网格员正在看。",
    State.TO_CONFIRM: "收到了，网格员正在看，看准了马上派。",
    State.ACCEPTED: "已受理，正在派给管这件事的单位。",
    State.TO_DISPATCH: "正在确定承办单位。",
    State.DISPATCHED: "已经派出去了，等他们接手。",
    State.SIGNED: "有人接手了。",
    State.WORKING: "正在办。",
    State.HANDLED: "说是办好了，请您看看是不是真的好了。",
    State.TO_RATE: "说是办好了，请您看看是不是真的好了。",
    State.CLOSED: "办结了。",
    State.ARCHIVED: "办结了，已归档。",
    State.WITHDRAWN: "已撤回，不再办。",
    State.REJECTED: "这件事不归网格办，原因写在下面。",
    State.MERGED: "和同一件事合在一起办。",
    State.REVIEW: "心愿收到了，社区看过后帮您找人，不会说出您是谁。",
    State.PUBLISHED: "心愿发出去了，等热心人认领。",
    State.CLAIMED: "有热心人认领了，社区居中联系。",
}

STEPS: Final[dict[Action, str]] = {
    Action.DISPATCH: "派给{department}",
    Action.TAKE: "有人接手了",
    Action.REPORT: "进展：{words}",
    Action.SUPERVISE: "上级在督办",
    Action.PAUSE: "先等一等：{words}",
    Action.RESUME: "接着办了",
    Action.FINISH: "处理好了：{words}",
    Action.RATE: "评了 {words} 分",
    Action.LAPSE: "没等到评价，先办结了；没好随时说",
    Action.REOPEN: "没好，重新办",
    Action.HAND_BACK: "正在确定承办单位",
    Action.HAND_UP: "正在确定承办单位",
    Action.SEND_DOWN: "定好了承办单位",
    Action.PASS_ON: "换人接着办",
    Action.CORRECT: "换个单位来办",
    Action.EXTEND: "要多等几天",
    Action.SUPERVISE: "督办",
    Action.ESCALATE: "报到上一级",
    Action.MERGE: "和同一件事合在一起办",
    Action.REJECT: "不归网格办：{words}",
    Action.WITHDRAW: "撤回",
    Action.PUBLISH: "心愿发出去了",
    Action.CLAIM: "有热心人认领",
    Action.RELEASE: "换一位来认领",
}
OPENED: Final = "收到，登记了"
OVER: Final = "报事人说已经好了"
WAITS: Final = "{reason}，{words}，最晚到{day}"
NO_WORDS: Final = {
    Action.PAUSE: "先等一等，到时接着办",
    Action.REPORT: "有进展",
    Action.FINISH: "处理好了",
    Action.REJECT: "不归网格办",
}

DANGER: Final = "{advice}已通知值班的人。"
DANGER_ALONE: Final = "先保证自己安全，现在就可以打 {call}。已悄悄通知值班的人。"


class Refused:
    """Why something cannot be done."""

    NO_CODE = "没有这个二维码。可能是输错了一个字，请重新扫一下。"
    REVOKED = "这个二维码已经停用了。"
    NO_PHOTO = "没有找到这张照片，可能已经清除了。"
    NO_PAGE = "没有找到这个进度页。请看看网址是不是抄全了。"
    EMPTY = "还没写出了什么事呢，写一句就行，例如：楼道灯不亮。"
    EMPTY_MORE = "还没写要补充什么呢，写一句再交。"
    TOO_LONG = f"写得太长了，最多 {WORDS_LIMIT} 个字，请短一点。"
    PLACE_LONG = f"地点最多 {PLACE_LIMIT} 个字，请短一点。"
    TOO_BIG = "写的字太多了，请短一点再交。"
    PHOTOS_TOO_MANY = f"照片最多 {MOST_PHOTOS} 张，请少选几张。"
    PHOTO_TOO_BIG = f"有一张照片太大了，一张最多 {PHOTO_MEGABYTES} MB。请换一张，不附照片也可以报。"
    PHOTO_UNREADABLE = "有一张照片打不开。请换一张 JPG 或 PNG 照片，不附照片也可以报。"
    BROKEN_FORM = "没有收全，可能是网断了一下。请再交一次。"
    TOO_FAST = "一下子报得太多了，请{wait}再交。您写的还在。"
    TOO_MANY = "这一件补充得够多了，先等等回话吧。"
    NO_CHOICE = "请点一个按钮。"
    ORIGIN = "这个请求不是从本页面发出的，已拦下。请重新扫码再试。"
    BROKEN = "服务器开小差了，请稍后再试。"


def soon(seconds: float) -> str:
    """A wait as people say it."""
    return "过一会儿" if seconds <= 60 else f"过 {int(seconds // 60) + 1} 分钟"


SENDER: Final = "扫码的街坊"
