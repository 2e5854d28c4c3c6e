"""How urgent: an item's own level, raised where the words say that it cannot wait.

The law of this file: one row a reason. A row raises by one step at most, never lowers, and applies
only to the categories it names. A danger is always level A.
"""

from __future__ import annotations

import re
from functools import cache

from intake.taxonomy import Level

_ELDER_ALONE = (
    "(?:独居|孤寡|一个人在家|一个人住|老人.{0,4}(?:一个人|没人照顾)|瘫|卧床|下不了"
    "床|透析|吸氧|制氧机|呼吸机|孕妇|新生儿|婴儿)"
)
# Categories, the words (read against normalised text), and the level they raise to.
RAISES: tuple[tuple[str, str, Level], ...] = (
    ("GY", _ELDER_ALONE, Level.A),
    ("WY JF SZ", r"(?:水|漏|滴).{0,8}(?:插座|电箱|电线|灯里|开关|配电|电表|跳闸)", Level.A),
    (
        "WY JF",
        r"(?:哗哗|往下灌|水帘|瀑布|淹了|水漫|下大雨一样|像下雨|止不住).{0,8}|现在.{0,6}漏得",
        Level.A,
    ),
    (
        "GY WY SZ AQ JT WJ HZ",
        r"(?:裸露|露出来?|耷拉|垂|断).{0,6}(?:电线|铜线|线头)|(?:电线|铜线|线头).{0,6}(?:裸|露|垂|断|耷拉)"
        r"|漏电|带电|麻手|电麻|打火花|冒火花|冒火星",
        Level.A,
    ),
    (
        "SZ WY AQ WJ JT",
        r"(?:随时|马上|快要|就要|眼看).{0,4}(?:掉|塌|倒|砸|垮|断)|摇摇欲坠"
        r"|(?:孩|娃|学生|小朋友|老人|婆|爷).{0,10}(?:踩空|掉(?:进|下)去|差点掉|险些掉)",
        Level.A,
    ),
    (
        "SZ AQ SR",
        r"(?:差点|险些).{0,6}(?:砸|绊|掉|摔|撞)|(?:摔|绊|崴|扭).{0,4}(?:了|伤|倒).{0,6}(?:人|老|孩|脚|腿)",
        Level.B,
    ),
    (
        "MZ",
        r"(?:几天|两天|三天|0天|一直).{0,6}(?:没见|没出门|没开门|没吃|不开门|没人应)|敲门.{0,4}没(?:人|反应)",
        Level.A,
    ),
)
_ORDER = (Level.C, Level.B, Level.A)


@cache
def _rows() -> tuple[tuple[frozenset[str], re.Pattern[str], Level], ...]:
    return tuple((frozenset(of.split()), re.compile(row), level) for of, row, level in RAISES)


def level_of(own: Level, category: str, normal: str) -> Level:
    """The level of a request of `category` whose item has level `own`."""
    if own is Level.A:
        return own
    for categories, row, raised in _rows():
        if category in categories and raised is not own and row.search(normal):
            return _ORDER[min(_ORDER.index(own) + 1, _ORDER.index(Level.A))]
    return own
