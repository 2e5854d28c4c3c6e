"""The sentences of 通知."""

from __future__ import annotations

from typing import Final

BULLETINS: Final = {
    "menu": "通知",
    "heading": "停水、停电、施工通知",
    "lead": "通知有效的时候，街坊说“没水了”，就拿通知回他，不另开单。"
    "家有老人、水变黄、不在名单里的，照样开单。",
    "new": "写一条通知",
    "edit": "改这条通知",
    "proposed": "群里说的，等您留",
    "proposed_lead": "工作人员在群里说的。留了才作数，不留七天后自己没了。",
    "now": "有效的和快开始的",
    "past": "过去三十天的",
    "none": "现在没有通知。",
    "holds": "正在用",
    "ahead": "还没开始",
    "over": "时间到了",
    "ended": "提前结束了",
    "span": "{first} 到 {last}",
    "open_span": "{first} 起，没说到几时，先用到 {last}",
    "houses": "{houses}栋",
    "everywhere": "全部楼栋",
    "by": "{source}",
    "told": "{n} 位街坊问过，用它回了",
    "missed": "，{n} 位说不是这回事，已开单",
    "nobody": "还没有人问",
    "keep": "留作通知",
    "look": "改，或先看看",
    "drop": "不留",
    "change": "改",
    "end": "提前结束",
    "end_sure": "结束后不再拿它回街坊。问过的街坊会听到一声。",
    "end_go": "确定结束",
    "done_kept": "通知有效了。",
    "done_ended": "已经结束，问过的街坊会听到一声。",
    "done_dropped": "没留。",
    "subject": "什么事",
    "also": "还有什么（可不选）",
    "choose": "—— 请选 ——",
    "common": "常用的",
    "scopes": "哪些地方",
    "houses_field": "只有几栋？（不填就是全部）",
    "houses_hint": "例如：1-4栋、6栋",
    "starts": "从什么时候",
    "ends": "到什么时候",
    "words": "回街坊的话",
    "words_hint": "说清哪里、为什么，例如：水管抢修，1-4栋停水，请先存些水。从几点到几点会自动带上，不用写。",
    "source": "谁说的",
    "source_hint": "例如：自来水公司、物业",
    "go": "就这样用",
    "back": "回通知",
    "record": "{words}（{first} 到 {last}）",
}


class Wrong:
    """Why a bulletin cannot be kept so."""

    SUBJECT = "请选一样是什么事。"
    SCOPE = "请至少勾一个地方，要是您管的。"
    HOUSES = "楼栋没看懂。请写成“1-4栋、6栋”这样，全部就空着。"
    TIMES = "请把从什么时候、到什么时候都选上。"
    ORDER = "结束要在开始后面，也要在现在后面。"
    LONG = "一条通知最多管 {days} 天。更久的请分开写。"
    WORDS = "请写要回街坊的话，不超过 {most} 个字。"
    SOURCE = "请写是谁说的，不超过 {most} 个字，例如“自来水公司”。"
    STALE = "刚刚有人改过，最新的在“通知”里。您写的还在下面，看过再存。"
    GONE = "没有找到这条通知，或者已经过去了。"
    NOT_YOURS = "这条通知也管着别处，要管那边的人来改。"
