"""The sentences of the uncertain queue.

The law of this file: what a person reads on the pages of the queue is written here and nowhere else.
"""

from __future__ import annotations

from typing import Final

from bot.web.desk.words_joins import MERGE

REVIEW: Final = {
    "menu": "待看",
    "title": "待看",
    "lead": "机器拿不准的事，请您看一眼：点对的那一项就受理。",
    "count": "还有 {n} 条",
    "new": "有 {n} 件新的 · 点这里刷新",
    "first": "共 {n} 条，先列最急、等得最久的 {shown} 条。",
    "none": "都看完了，没有拿不准的事。辛苦了！",
    "marks": "画线的词是机器最看重的。",
    "urgent": "急",
    "wish": "心愿",
    "private": "私密",
    "covered": "这是私密的事，原话不在这里露出来。",
    "uncover": "看原话",
    "unsaid": "（没有留下原话）",
    "photo_only": "只发了照片，没说是什么事。请打开这件看看。",
    "voices": "{n} 位街坊",
    "late": "回话已超时，原定{due}",
    "due": "{due}前要回话",
    "no_place": "没说地点",
    "is": "这是哪件事？",
    "unsure": "机器也说不准",
    "other": "其他事项",
    "not_a_case": "不是报事",
    "all": "打开这件",
    "else": "合并、拆分、加词",
    "alone": "单独看",
    "is_now": "现在记的是“{item}”，{department}。点一项就改过去，部门会收到通知。",
    "not_waiting": "这件事现在是“{state}”，不用再看了。",
    "not_yours": "这件事您可以看，改它不归您管。",
    "back": "回待看",
    "reject": "不予受理",
    "reject_words": "为什么不受理，该找谁？这句话会发给报事人",
    "reject_go": "不予受理并回复",
    "publish_words": "发布的话（最多 {most} 个字，删去姓名、门牌和电话）",
    "publish_go": "发布心愿",
    "no_wish": "不是心愿，是报事：",
    "search_title": "选事项",
    "search": "按名称、说明或关键词找事项",
    "search_go": "找",
    "found": "找到 {n} 项",
    "found_none": "没有找到。换个词试试，例如“路灯”“漏水”。",
    "all_items": "全部 {n} 项",
    "sure_title": "确定不是报事？",
    "sure_lead": "点了以后这件事就撤回，撤回的事不能再办，机器也会记住这样的话不是报事。",
    "sure_go": "确定，不是报事",
    "sure_no": "再想想",
    "pile": "{n} 条差不多的话",
    "pile_lead": "不一样的去掉勾，剩下的一次受理。每一条还是各办各的。",
    "pile_more": "其余 {n} 条",
    "together": "一起按“{item}”受理",
    "together_count": "（{n} 条）",
    "done_set": "{case} 按“{item}”受理了，交给{department}。",
    "done_plain": "{case} 受理了。",
    "done_not": "{case} 记为“不是报事”，已经撤回。",
    "done_rejected": "{case} 不予受理，说明已经发出。",
    "done_published": "{case} 的心愿发布了。",
    "done_merged": "{case} 并到 {main} 一起办。",
    "done_waits": "{case} 没有办成，还在待看里。",
    "done_many": "办好 {n} 条。",
    "left_many": "{n} 条没有办成（可能刚有人动过），还在下面。",
    "redo": "撤销，重选",
    "unmerge": MERGE["undo"],
    "otherwise": "机器现在有不同看法的旧单子",
    "keyboard": "键盘",
    "keys_title": "用键盘看",
    "keys_on": "开着这些快捷键",
    "keys_close": "知道了",
    "say_set": "{case} 按“{item}”受理",
    "say_not": "{case} 记为“不是报事”",
    "say_reject": "{case} 不予受理",
    "say_publish": "{case} 发布心愿",
    "say_together": "{n} 条一起按“{item}”受理",
    "say_as_one": "{n} 条并成一件，按“{item}”受理",
}

KEYS: Final = (
    ("1 2 3", "按第几项受理"),
    ("0 或 x", "不是报事"),
    ("/", "找其他事项"),
    ("z", "撤销刚才那一步"),
    ("j 和 k", "下一条、上一条"),
    ("m", "并到同一件；差不多的一叠：勾上“并成一件”"),
    ("s", "拆出一件"),
    ("w", "加词"),
    ("o", "打开这件；私密的先看原话"),
    ("?", "打开或关上这张表"),
)

SCRIPT: Final = {
    "held": "6 秒后生效",
    "undo": "撤销",
    "undone": "撤销了，什么也没发出。",
    "redo": "撤销，重选",
    "sent": "办好了。",
    "offline": "没发出去，网络好像断了。这一条还在，请再点一次。",
    "signin": "登录过期了，这一条还在。请在新窗口登录后再点一次。",
    "none": "前面没有可撤销的。",
    "left": "没有办成，可能刚有人动过，请再看一眼。",
    "typing": "正在找……",
}
"""What `review.js` says; the page hands it over as data."""


class ReviewRefused:
    """Why something cannot be done on these pages."""

    REJECT_WORDS = "请写一句为什么不受理、该找谁，报事人会看到。"
    PUBLISH_WORDS = "请写好要发布的话。"
    TOO_LONG = "发布的话最多 {most} 个字，现在有 {n} 个，请缩短一点。您写的还在。"
    NONE_CHOSEN = "一条也没勾上，请先勾选。"
