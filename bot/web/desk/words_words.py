"""The sentences of the page of a neighbourhood's own names."""

from __future__ import annotations

from typing import Final

from intake.naming import MOST_NAMES, Reason, Sort

WORDS: Final = {
    "menu": "词库",
    "act": "加词",
    "act_hint": "地名没认出来",
    "title": "本地的叫法",
    "lead": "街坊怎么叫，就怎么记：地方的俗名记成“地名”，别的本地话记成“词”。",
    "grid": "网格",
    "show": "看这个网格",
    "from": "{case} 的原话",
    "from_hint": "没认出来的叫法，从里面抄出来。",
    "from_private": "{case} 是私密的，原话不在这里露出来。",
    "back": "回 {case}",
    "add": "加一个",
    "names": "怎么叫的（几个一起写，用顿号隔开）",
    "names_hint": "例如：老榕树头、石龙仔。只写地方和东西，不写人名、电话和门牌。",
    "sort": "是什么",
    "go": "记下来",
    "places": "地名（{n} 个）",
    "words": "词（{n} 个）",
    "no_places": "还没有自己的地名。",
    "no_words": "还没有自己的词。",
    "shared": "各网格通用的词",
    "shared_hint": "由管理员在服务器上加减。",
    "by": "{who}，{when}",
    "take_back": "拿掉",
    "put_back": "放回去",
    "added_place": "记下了：{names}。从下一句话起就认得。",
    "added_word": "记下了：{names}。下次训练以后就认得。",
    "known": "本来就有：{names}。",
    "removed_place": "拿掉了：{names}。",
    "removed_word": "拿掉了：{names}。下次训练以后不再算一个词。",
    "none": "您的岗位不管具体网格，名字由网格员或调度员来加。",
}

SORTS: Final = {
    Sort.PLACE: ("地名", "地方的俗名，马上就认得"),
    Sort.WORD: ("词", "别的本地说法，下次训练以后认得"),
}

NOBODY: Final = {"cli": "命令行", "system": "系统"}
GONE: Final = "已不在册"

LONGEST: Final = 200
"""Signs that may be typed at once."""


class Refused:
    """Why something cannot be added."""

    EMPTY = "还没写呢，写一个叫法就行，例如：老榕树头。"
    TOO_LONG = f"一次写得太多了，最多 {LONGEST} 个字，请分几次。"
    NO_GRID = "请选一个您管的网格。"
    NO_SORT = "请选是地名还是词。"
    GONE = "这里已经没有“{name}”了。"
    SHORT = "“{name}”太短，一个字到处都会认错，请写两个字以上。"
    DIGITS = "“{name}”只有数字，会到处认错，请写全，例如“7号小院”。"
    LONG = "“{name}”太长，最多 12 个字。"
    PLACE_SIGNS = "“{name}”里有不能用的符号，只能用汉字、字母和数字。"
    WORD_SIGNS = "“{name}”不行：词只能是汉字。"
    EVERYDAY_PLACE = "“{name}”太常用，到处都会认错，请写得更具体，例如“老榕树头”。"
    EVERYDAY_WORD = "“{name}”是常用词，早就认识，不用加。"
    PERSONAL = "有一处像是个人信息（电话、门牌这些），不能记。"
    FULL = f"“{{name}}”放不下了：最多 {MOST_NAMES} 个，先拿掉几个不用的。"


SHOWN: Final = 16
"""Signs of a refused name that are repeated."""


def why_not(sort: Sort, reason: Reason, name: str) -> str:
    """Why one name was refused, in a sentence."""
    match reason:
        case Reason.PERSONAL:
            return Refused.PERSONAL
        case Reason.EVERYDAY:
            words = Refused.EVERYDAY_PLACE if sort is Sort.PLACE else Refused.EVERYDAY_WORD
        case Reason.FULL:
            words = Refused.FULL
        case Reason.SIGNS:
            words = _shape(sort, name)
    return words.format(name=name if len(name) <= SHOWN else name[:SHOWN] + "…")


def _shape(sort: Sort, name: str) -> str:
    if len(name) < 2:
        return Refused.SHORT
    if name.isdecimal():
        return Refused.DIGITS
    if not name.isalnum():
        return Refused.PLACE_SIGNS if sort is Sort.PLACE else Refused.WORD_SIGNS
    if len(name) > 12:
        return Refused.LONG
    return Refused.PLACE_SIGNS if sort is Sort.PLACE else Refused.WORD_SIGNS
