"""The sentences of merging, undoing and splitting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from intake.merging import Obstacle
from intake.splitting import PLACE_LIMIT, Fault

MERGE: Final = {
    "act": "并到同一件",
    "short": "合并",
    "hint": "别人也报过了",
    "title": "{case} 和哪一件是同一件事？",
    "lead": "选中的那一件接着办，{case} 跟着它；报过的街坊都会听到进展，时限按最早答应的算。并错了可以撤销。",
    "back": "回 {case}",
    "back_review": "回待看",
    "likely": "看着像的",
    "none": "附近没有看着像的。知道单号的话，写在下面。",
    "number": "或者写单号",
    "number_hint": "例如 DEMO-1-12；本网格的只写 12 就行",
    "go": "并过去",
    "reverse": "{main} 留着办：把 {case} 并过来",
    "reverse_tag": "反过来并",
    "reverse_go": "打开 {case}，从那边并",
    "private": "私密，不在这里露出原话",
    "voices": "{n} 位街坊",
    "no_place": "没说地点",
    "done": "并好了：{case} 跟着这一件办。",
    "undo": "撤销合并",
    "undone": "撤销了，{case} 单独办，时间仍从报上来算起。",
    "came_from": "来自 {case}",
    "others": "另有 {n} 件并进来，归别的网格看。",
    "follows": "这件跟着 {case} 办，进展看那边。",
}

SPLIT: Final = {
    "act": "拆出一件",
    "short": "拆分",
    "hint": "说了两件事",
    "back": "回 {case}",
    "title": "从 {case} 拆出一件",
    "lead": "勾上说另一件事的话，选好是什么事，就成为一件新的，有自己的单号；时间从说的时候算起。",
    "lines": "哪些话说的是另一件事？",
    "no_lines": "没有可以拆的话：原话已经清除，或者都是工作人员说的。",
    "stays": "（报事的这句两边都留着）",
    "words": "一句话里说了两件事？照原话抄出另一件",
    "words_hint": "不写就是整句。写了，这句话两边都留着。",
    "item": "是什么事",
    "item_none": "—— 请选 ——",
    "place": "在哪里（可以不填）",
    "go": "拆出来",
    "done": "拆好了，这是新的一件，从 {case} 拆出来的。不对的话，可以并回去。",
    "rejoin": "并回 {case}",
}

PILE: Final = {
    "one": "说的是同一件事，并成一件来办",
    "done": "{n} 条并成一件：{case}。",
}


class JoinRefused:
    """Why something cannot be done."""

    NO_MAIN = "没有找到 {case}，或者不归您管。请看看单号是不是写对了。"
    NO_CHOICE = "请选一件，或者写上单号。"
    NOT_BOTH = "这两件里有您不能改的，请找管得到两边的人来并。"
    MOVED = "刚刚有人动过，没有撤销。请回到 {case} 看看最新情况。"


OBSTACLES: Final[Mapping[Obstacle, str]] = {
    Obstacle.SAME: "{main} 就是这一件，或者已经并进来了，请选别的。",
    Obstacle.ALREADY: "{case} 已经并到别的单子里了。",
    Obstacle.WISH: "心愿是各人的，不能合并。",
    Obstacle.OVER: "{case} 已经不在办了，了结的事不能并进在办的。",
    Obstacle.MAIN_OVER: "{main} 已经办完或撤回了。要是没好，请先让它重办，再并过去。",
    Obstacle.FAR: "{main} 不在附近的网格，不能并在一起。",
    Obstacle.PRIVATE: "私密的事各是各的：不和公开的合并，也不和别人的合并。",
    Obstacle.URGENT: "{case} 更急，不能并到不急的里面。请反过来，把 {main} 并到 {case}。",
    Obstacle.FOUND: "{case} 是街坊报的，办完要问街坊。请反过来，把巡查发现的 {main} 并到 {case}。",
}

SPLIT_FAULTS: Final[Mapping[Fault, str]] = {
    Fault.NO_LINES: "还没勾上要拆出来的话。",
    Fault.NO_ITEM: "请选好拆出来的是什么事。",
    Fault.NO_WORDS: "勾上的只有图片，没有话，看不出是什么事。",
    Fault.NOT_SAID: "抄的话和勾上的原话对不上，请一字不差地抄，或者留空。",
    Fault.SAME: "整句都拆走、事项又一样，就没有两件事了。请抄出另一件的那几个字，或换个事项。",
    Fault.PLACE_LONG: f"地点最多 {PLACE_LIMIT} 个字，请短一点。",
}
