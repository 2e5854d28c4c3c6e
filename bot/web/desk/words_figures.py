"""The sentences of the page of figures."""

from __future__ import annotations

from typing import Final

from bot.web.desk.words_town import MENU as TOWN
from intake.rates import Rate
from storage.case_figures import Kind

MENU: Final = "数字"
FIGURES: Final = {
    "heading": "数字",
    "now": "眼下",
    "open": "在办",
    "overdue": "超时",
    "totals": "总的情况",
    "figure": "指标",
    "this": "这段",
    "before": "前一段",
    "which": "看哪一段、哪一片",
    "span": "时间",
    "from": "从",
    "to": "到",
    "own": "自己选日期",
    "part": "范围",
    "everything": "我能看到的全部",
    "look": "看",
    "kinds": "分开看",
    "opened": "新报",
    "wishes": "心愿",
    "district": "区级占比",
    "district_target": "目标 ≤20%",
    "district_above": "高了",
    "few": "少",
    "meter": "{name}：{part} / {whole}",
    "none": "这段时间还没有新报的事。",
    "of": " / ",
    "more": "其余 {count} 行",
    "cut": "还有 {count} 行太长了，这里放不下，都在下面的表格文件里。",
    "how": "怎么算的",
    "charts": "画成图看",
    "loading": "正在准备图，第一次要等几秒……",
    "failed": "图没画成。数字都在下面的表里。",
    "first": "{name}（最多的 {count} 个）",
    "chart": "{name}（图；数字在下面的表里）",
    "rates": "三率与办结",
    "take": "下载",
    "take_csv": "数字（CSV）",
    "take_xlsx": "数字（Excel）",
    "picture": "发群里的图",
    "picture_week": "本周的图（PNG）",
    "picture_last": "上周的图（PNG）",
    "picture_send": "发到群里",
    "picture_note": "图里不含私密的事，少于 {least} 件的并在一起，发群前请再看一眼。",
    "list": "逐件清单",
    "list_note": "上面这段时间里的每一件，最多 {most} 件。没有居民姓名，也没有原话。",
    "private": "也带上私密的事（不带标题和地点；每一件都会记下是您下载的）",
    "list_xlsx": "清单（Excel）",
    "list_csv": "清单（CSV）",
    "period": "{first} 至 {last}",
    "day": "{first}",
}
RATE_NAMES: Final[dict[Rate, str]] = {
    Rate.ANSWERED: "响应率",
    Rate.SOLVED: "解决率",
    Rate.SATISFIED: "满意率",
    Rate.FINISHED: "按时办结率",
    Rate.REOPENED: "重办率",
    Rate.TAKEN_UP: "心愿认领率",
    Rate.FULFILLED: "圆愿率",
    Rate.CALLED: "回访率",
}
HOW: Final = (
    "只算您能看到的事，按报的时间归到哪一天；合并掉的、撤回的不算。",
    "响应率：限时之内有人接手或回话的，除以已经响应的和到点没人响应的。还没到点的先不算。",
    "解决率：现在是办好了的（早晚都算，说“没好”的要重新办好才算），除以办好的和到点没办好的。",
    "满意率：报事人打 4 分或 5 分的，除以打过分的。没打分不算满意，也不算不满意。",
    "按时办结率：限时之内办好的，除以办好的和到点没办好的。重办的从重新打开时算起。",
    "区级占比：现在由区级或派驻单位牵头的诉求，除以已经定了牵头单位的。街道先办，区里兜底，目标不超过 20%。",
    "重办率：办好之后报事人说“没好”的，除以办好过的。",
    "回访率：没等到评价就办结的，每周抽一部分去问；问到了的，除以抽中的。问到说好了也不算满意。",
    "心愿认领率、圆愿率：有人认领的、已经圆上的，除以发布过的心愿。",
    "前一段：同样长的前一段时间；本周比的是上周的同一时段。",
    "按楼栋：地点最细只到楼栋，没说清楼栋的归到一起。",
    "少于 3 件的并进“其他”；分开看时，分母少于 3 的比例写“少”；总的照实写。这里只看事，不给人排名。",
)
SPANS: Final = {"today": "今天", "week": "本周", "last": "上周", "month": "近30天", "own": "自选"}
KINDS: Final = {
    Kind.CATEGORY: "按大类",
    Kind.ITEM: "按事项",
    Kind.DEPARTMENT: "按部门",
    Kind.PLACE: "按楼栋",
    Kind.PART: "按片区",
    Kind.LEVEL: "按轻重缓急",
    Kind.NATURE: "按诉求性质",
    Kind.HOUR: "按几点报的",
    Kind.DAY: "按哪天报的",
}
LEVELS: Final = {"A": "A 急", "B": "B 较急", "C": "C 一般"}
OTHERS: Final = "其他"
WITHOUT: Final = "未定"
NO_PLACE: Final = "没说清楼栋"
HOUR: Final = "{hour} 点"
DAY: Final = "{month}月{day}日"
WEEKDAYS: Final = "一二三四五六日"
WEEKDAY: Final = "周{name}"

SHEET: Final = (
    "表",
    "名称",
    "新报",
    "按时响应",
    "该响应",
    "按时办结",
    "该办结",
    "办好",
    "该办结",
    "满意",
    "已评价",
    "重办",
    "办好过",
    "已认领心愿",
    "已发布心愿",
    "已圆心愿",
    "已发布心愿",
    "问到的",
    "抽中回访",
)
SHEET_NOW: Final = "眼下"
SHEET_DISTRICT: Final = "区级占比（区级牵头、定了牵头的）"
SHEET_PERIOD: Final = "时间"
SHEET_PART: Final = "范围"
BOOK: Final = {"figures": "数字", "how": "怎么算的", "list": "清单"}
LIST: Final = (
    "单号",
    "网格",
    "类型",
    "状态",
    "大类",
    "事项",
    "轻重缓急",
    "部门",
    "楼栋",
    "标题",
    "报的时间",
    "响应限时",
    "响应时间",
    "办结限时",
    "办好时间",
    "评分",
    "几人提过",
    "重办次数",
    "暂停（小时）",
)
LIST_KINDS: Final = {"request": "诉求", "wish": "心愿"}
PRIVATE: Final = "（私密）"
LIST_WHY: Final = "{first} 至 {last}，{count} 件"
LIST_WHY_PRIVATE: Final = "{first} 至 {last}，{count} 件，其中私密 {private} 件"


class AskedWrong:
    """Why figures cannot be told of what was asked for."""

    DATES = "请写开始和结束两个日期，例如 2026-11-01 和 2026-11-24。"
    BAD_DAY = "“{day}”不是日期。请写成 2026-11-24 这样。"
    TURNED = "开始日期在结束日期后面，请换一下。"
    FUTURE = "开始日期还没到，请选今天或以前的日子。"
    TOO_LONG = "一次最多看 {most} 天，请把日期范围缩小。"
    NO_PART = "没有这个地方，或者不归您管。"
    TOO_MANY = "这段时间的事超过 {most} 件，一张清单放不下。请把日期或范围缩小再下载。"


class PictureRefused:
    """Why there is no picture."""

    NO_FONT = (
        "这台服务器上没有中文字体，画出来的图会是一个个空框，所以没有画。"
        "请管理员装一个中文字体（例如 apt-get install fonts-wqy-microhei），"
        "或在 HUYING_FONTS 里写明字体所在的文件夹。数字都在表格里，可以先看表格。"
    )
    BUSY = "画图的人有点多，请过一分钟再试。数字都在表格里，可以先看表格。"
    FAILED = "这张图没画成，请稍后再试。数字都在表格里，可以先看表格。"
    NOTHING = "这段时间还没有新报的事，没有图可画。"


SENDING: Final = {
    "heading": "把图发到群里",
    "back": "回数字",
    "picture": "要发的图",
    "says": "图下面的话",
    "chat": "发到哪个群",
    "choose": "—— 请选 ——",
    "no_chat": f"这一片还没有绑定的群，请先到“{TOWN}”那一页绑一个，或者请管理员绑。",
    "sure": "图和话我都看过了，可以发。",
    "send": "发到群里",
    "sent": "好，这就发到群里。群里正在静默时段的话，过了时段再发。",
}


class SendRefused:
    """Why the picture does not go into a group."""

    NO_CHAT = "请选要发到哪个群。"
    NOT_SURE = "发之前请再看一遍，然后勾上“看过了”。"


CHARTS: Final = {
    "count": "件",
    "share": "{percent}　{part} / {whole}",
    "said": "{name}：{count} 件",
}
PICTURE: Final = {
    "title": "{part} · {span}数字",
    "rates": "办得怎么样",
    "category": "大家报了什么",
    "day": "每天报了多少",
    "foot": "少于 {least} 件的并进“其他”；不含私密的事；不给人排名。 呼应",
    "solved": "办好",
}
