"""The sentences of the desk's frame and of signing in; each page's own stand beside it.

The law of this file: what a person reads on these pages is written here or in a page's `words_….py`, in
plain short Chinese, and nowhere else.
"""

from __future__ import annotations

from typing import Final

from intake.acts import Act
from intake.lifecycle import Action

FRAME: Final = {
    "title": "呼应 · 工作台",
    "skip": "跳到正文",
    "menu": "菜单",
    "more": "更多",
    "here": "，现在这页是{name}",
    "sign_out": "退出",
    "sessions": "我的登录",
    "sorry": "这一步没做成",
    "home": "回工作台",
}

COUNTS: Final = {
    "looks": "{n} 件等您看",
    "mine": "{n} 件在您手上",
    "returned": "{n} 件退回待派",
    "to_call": "{n} 件等您回访",
}
"""What the numbers in the menu count. Seen only by the numbers, so that a phone has room."""

ALARMS: Final = {
    "one": "险情没人接：{danger} {place}",
    "private": "险情没人接：{case}",
    "no_place": "位置未说",
    "answer": "我来处理",
    "look": "看",
    "more": "还有 {n} 件险情没人接",
}

SIGN_IN: Final = {
    "heading": "登录工作台",
    "how": "请用调度员或管理员发给您的一次性链接登录，或者输入账号和密码。",
    "login": "账号",
    "password": "密码",
    "code": "验证码（开了两步验证才填）",
    "go": "登录",
    "demo": "这是演示小区，点一个人就用他的身份进工作台：",
    "link_heading": "确认登录",
    "link_lead": "点下面的按钮，用这台设备登录工作台。链接只能用一次。",
    "link_go": "登录",
}


class Refused:
    """Why something cannot be done."""

    SIGN_IN = "请先登录。登录后会回到刚才的页面。"
    NOT_FOR_YOU = "您的岗位看不到这一页。需要的话，请找管理员开通。"
    NO_CASE = "没有找到这件事，或者不归您管。"
    LINK_GONE = "这个登录链接已经用过或过期了，请要一个新的。"
    ORIGIN = "这个请求不是从本页面发出的，已拦下。请回到工作台再试。"
    TOO_LARGE = "交的东西太大了，请分几次交。"
    MALFORMED = "这条请求没看懂，请刷新页面再试。"
    OUTDATED = "这件事刚刚有人动过，下面是最新情况。您写的话还在，看过后再交一次。"
    NOT_NOW = "现在这一步做不了，这件事的状态是“{state}”。"
    NOT_ALLOWED = "您的岗位不能做这一步。"
    WORDS_MISSING = "请写清做了什么、看到了什么，空话不能算数。例如：换了新灯泡，已经亮了。"
    NO_CHOICE = "请先选一项。"
    NO_PLACE = "还没说该归谁。请选一家，或者写出单位名。您写的话还在。"
    UNKNOWN_PLACE = "没有叫“{text}”的单位。请从列出来的里面选一家。您写的话还在。"
    MANY_PLACES = "叫“{text}”的不止一家：{names}。请写全名。您写的话还在。"
    SAME_PLACE = "这件事现在就归{name}，请另选一家。您写的话还在。"
    NO_REASON = "请写一句为什么派给他们，短一点就行。您选的还在。"
    BROKEN = "服务器开小差了，请稍后再试。"
    TOO_FAST = "试得太快了，歇一会儿再来。"


ACT_NAMES: Final[dict[Act, str]] = {
    Act.CONFIRM: "就是这样",
    Act.SET: "改事项",
    Act.SHOW: "让群里能看",
    Act.NOT_A_CASE: "不是报事",
    Act.TAKE: "我接手",
    Act.REPORT: "报进展",
    Act.FINISH: "办好了",
    Act.SEND: "派给…",
    Act.HAND_BACK: "退回",
    Act.HAND_UP: "超权限上报",
    Act.SEND_DOWN: "退回街道",
    Act.PASS_ON: "我们没办成，往下转",
    Act.ASK_JOINT: "请别家协办",
    Act.WHISTLE: "吹哨",
    Act.REPORT_IN: "报到",
    Act.SAY_JOINT: "说说协办情况",
    Act.FINISH_JOINT: "协办的办好了",
    Act.DECLINE_JOINT: "协办不了",
    Act.END_PARTS: "不用他们了",
    Act.ASK_TIME: "申请延期",
    Act.EXTEND: "同意延期",
    Act.DECLINE: "不同意延期",
    Act.PAUSE: "暂停计时",
    Act.ALLOW_PAUSE: "同意暂停",
    Act.REFUSE_PAUSE: "不同意暂停",
    Act.RESUME: "恢复计时",
    Act.SUPERVISE: "督办",
    Act.LIFT: "解除督办",
    Act.CALL_BACK: "回访",
    Act.REJECT: "不予受理",
    Act.PUBLISH: "发布心愿",
    Act.ANSWER: "我来处理警情",
    Act.FALSE_ALARM: "误报",
}

STEP_NAMES: Final[dict[Action, str]] = {}
