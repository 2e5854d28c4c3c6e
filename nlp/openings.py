"""What people say before they say what they want: 大家好, 我讲一下啊, 我是5栋1203.

The law of this file: an opening tells nothing of the matter, and a closing with a covered number neither,
so both are left out of what features are made of, in training as in serving. What asks (麻烦, 我想反映) is no
opening. A message that is an opening and nothing else stays as it is.
"""

from __future__ import annotations

import re

_WHO = (
    r"(?:邻居|街坊|业主|家人|朋友|群友|亲|领导|同志|老师|师傅|管家|管理员|网格员|楼长|物业|居委会?|社区|阿姨"
    r"|姐|哥)"
)
_GREETING = (
    rf"(?:大家|各位{_WHO}?们?|{_WHO}们?|你|你们|群里)(?:早上?|上午|中午|下午|晚上)?(?:好|早)(?!像|久|多|些|几)"
    r"|(?:早上|上午|中午|下午|晚上)好"
)
_ATTENTION = (
    r"喂|哎呀?|诶|唉|欸|嗯|哦|那个(?=我|大家|各位|跟|同|说| )"
    rf"|各位{_WHO}?们?(?= |大家)|(?:大家|各位)(?:看一?下|听一?下)"
)
_SAYING = r"我?(?:在(?:这里|群里)|[跟同和给]大家)?[讲说](?:一下|一声|声|句|两句|个事|个事情)先?"
# A door number told first: 我是＊＊＊＊ (so long as it is covered, it is the speaker's).
_DOOR = r"(?:我们?(?:家)?[是住在]+|这里是|我们?家?)\s?＊+(?:的|业主|住户|租户|房)*"
_OPENING = re.compile(rf"^(?:(?:{_GREETING}|{_ATTENTION}|{_SAYING}|{_DOOR})[啊呀呢哈哦吧 ]*)+")
_CLOSING = re.compile(
    r" ?(?:有事)?(?:请|麻烦)?(?:打|联系)?(?:我的?)?(?:电话|手机号?|微信|号码)?(?:是)?＊+"
    r"(?: ?(?:谢谢|联系我?|找我))*$"
)
_SIGNS = frozenset(
    "大各你早上中下晚喂哎诶唉欸嗯哦那我跟同和给说讲邻街业家朋群亲领老师管网楼物居社阿姐哥这在"
)
LEAST_LEFT = 3


def without_opening(normal: str) -> str:
    """Normalised text (`normalise.py`) without what only opens or closes it."""
    if not normal or (normal[0] not in _SIGNS and "＊" not in normal):
        return normal
    opening = _OPENING.match(normal)
    rest = normal[opening.end() :] if opening else normal
    if "＊" in rest:
        rest = _CLOSING.sub("", rest)
    return rest if len(rest) >= LEAST_LEFT else normal
