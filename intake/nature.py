"""诉求性质: what sort of call a case is, as the trade counts it.

The law of this file: told from the words and from what the case is about, once, when it opens; a person may
put it right. Words of a kind rule over the item; whoever asks for something to be done asks for help. The
five are those of the weekly reports of city hotlines; the tables of words are ours.
"""

from __future__ import annotations

import re
from enum import StrEnum

from intake.taxonomy import Item


class Nature(StrEnum):
    INQUIRY = "inquiry"
    HELP = "help"
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    THANKS = "thanks"


NATURE_NAMES: dict[Nature, str] = {
    Nature.INQUIRY: "咨询",
    Nature.HELP: "求助",
    Nature.COMPLAINT: "投诉举报",
    Nature.SUGGESTION: "建议",
    Nature.THANKS: "感谢",
}

_COMPLAINS = re.compile(
    r"投[诉訴]|[举舉][报報]|[检檢][举舉]|曝光|我要告|要[个個]说法|不作为|踢皮球"
)
_SUGGESTS = re.compile(
    r"建[议議]|提[个個点點]?意[见見]|提议|(?:能不能|可不可以|希望|最好)[^,，。?？]{0,6}(?:加装|加[个個设設]|增[设設加]|多[设設装放]|装[个個上]|设[个個置])"
)
_ASKS = re.compile(
    r"咨[询詢]"
    r"|(?:怎么|怎樣|怎样|如何|去哪里?|在哪里?|哪里|到哪)(?:可以|能)?"
    r"(?:办|辦|领|領|交|申请|申請|报名|预约|預約|登记|查|补办)"
    r"|(?:要|需要|带)(?:什么|哪些)(?:材料|证件|手续|资料)"
    r"|(?:几点|什么时候)(?:上班|下班|开门|关门|开放|办公)"
    r"|(?:上班|开门|开放|营业|办公|办业务)[吗嗎嘛么不没]|电话(?:是)?多少|怎么走"
)
_PRAISES = re.compile(r"表[扬揚]|[锦錦]旗|点赞|點讚")
_THANKS = re.compile(r"感[谢謝]|谢谢|多谢|多謝|唔该")

_OF_WORDS: tuple[tuple[Nature, re.Pattern[str]], ...] = (
    (Nature.COMPLAINT, _COMPLAINS),
    (Nature.SUGGESTION, _SUGGESTS),
    (Nature.INQUIRY, _ASKS),
    (Nature.THANKS, _PRAISES),
)
_OF_ITEMS: tuple[tuple[Nature, re.Pattern[str]], ...] = (
    (
        Nature.COMPLAINT,
        re.compile(
            r"投诉|违|非法|无证|假冒|欺诈|虚假|扰|偷|乱|占|黄赌|线索|骚扰|噪音|服务质量|异议"
        ),
    ),
    (Nature.SUGGESTION, re.compile(r"意见建议")),
    (Nature.INQUIRY, re.compile(r"咨询|登记|证|政策|公开|预约|参保|公积金|资格|招生|养老金")),
)
"""What an item is by its name, where the words do not say."""


def nature_of(words: str, item: Item | None, *, danger: bool = False) -> Nature:
    """What sort of call these words are, about this item. A danger is a cry for help, and so is a wish."""
    if danger or (item is not None and item.is_wish):
        return Nature.HELP
    for nature, said in _OF_WORDS:
        if said.search(words):
            return nature
    if item is None:
        return Nature.THANKS if _THANKS.search(words) else Nature.HELP
    return next((nature for nature, sign in _OF_ITEMS if sign.search(item.name)), Nature.HELP)
