"""The plainest cries: a place, the danger, and nothing else.

The law of this file: who writes 5栋着火了 and not a word more is taken at their word, whatever a model makes
of so few signs. A line counts only as a whole; a memory, a joke or a question has more in it.
"""

from __future__ import annotations

import re
from functools import cache

LONGEST = 24
"""Signs; what is longer has enough for the model to weigh."""

_NUMBER = r"(?:\d+|[a-z]|[一二三四五六七八九十两]+)"
_BUILT = r"栋|幢|座|号楼|单元|号门|号|楼|层|组|巷|弄|期|区|门|户|室|村|队|梯|电梯|家"
_SPOT = (
    "我家|我们家|我们楼|我们这栋|我们这|邻居家|隔壁|对门|楼上|楼下|楼道|楼梯间|楼顶|"
    "天台|厨房|阳台|车棚|车库|地库|地下车库|停车场|仓库|店里|工地|小区|门口|大门口|"
    "南门口|北门口|东门口|西门口|路口|后门|南门|北门|东门|西门|后山|山上|河边|江边|"
    "河里|江里|湖里|塘里|水里|池塘|水塘|配电房|配电箱|电表箱|电箱|垃圾桶|垃圾房|"
    "垃圾站|草坪|绿化带|充电桩|充电棚|电动车|电瓶车|汽车|车子|空调外机|幼儿园|学校|"
    "菜场|市场|里面|旁边|后面|前面|对面|那边|这边|里|上|边|下"
)
_PLACE = rf"(?:(?:{_NUMBER}(?:{_BUILT})|{_SPOT})的?[,， ]?)*"
_TONE = r"(?:了|啦|咯|喽|咗|啊|呀|咧|哒|哩|噻|嘞|哦|!|！|。|\.|~|，|,|\s)*"
_END = rf"{_TONE}(?:快来人|来人|救命|快救人|救人|快报警|快跑|怎么办)?{_TONE}"
_SOMEBODY = r"(?:有(?:个)?(?:人|老人|大爷|大妈|阿姨|小孩|孩子|女的|男的|邻居)|有人)"
_CHILD = r"(?:有)?(?:个)?(?:我家?)?(?:小孩|孩子|小朋友|娃娃|娃|儿子|女儿|孙子|孙女)"
_ELDER = r"(?:老人|老人家|我妈|我爸|我爷爷|我奶奶|我外婆|我外公|我老伴|奶奶|爷爷|外婆)"

_CRIES: tuple[tuple[str, str], ...] = (
    ("E01", r"(?:突然|好像)?(?:着火|起火|失火|着大火|起大火|冒烟|冒黑烟|冒浓烟|烧起来)"),
    (
        "E02",
        r"(?:有)?(?:煤气|燃气|天然气|液化气)(?:罐|管|管道)?(?:泄漏|泄露|漏气|漏|爆炸)|(?:好大|好重|很浓|很大)?的?(?:煤气|燃气|天然气)味",
    ),
    ("E03", rf"{_SOMEBODY}(?:突然)?(?:晕倒|昏倒|昏迷|昏过去|晕过去|倒在地上|没气|不省人事)"),
    ("E06", rf"{_CHILD}(?:走丢|丢|走失|不见|找不到)"),
    ("E07", rf"{_ELDER}(?:走丢|走失|丢)"),
    ("E08", rf"(?:{_SOMEBODY}|小孩|孩子)(?:触电|被电|被电到)"),
    (
        "E09",
        rf"电梯里?(?:关|困|卡)(?:了|着|住)?(?:个|几个|两个|\d个)?(?:人|老人|小孩)|(?:电梯)?(?:困人|关人|困住人|关住人|夹人|夹到人)|(?:{_SOMEBODY}|我|我们)?(?:被)?(?:困|关)在?(?:电梯|梯)(?:里|里面)?",
    ),
    ("E12", rf"(?:{_SOMEBODY}|小孩|孩子)(?:落水|溺水|掉(?:进)?(?:河|水|塘|池塘|江|水库)(?:里)?)"),
    ("E14", r"(?:出车祸|车祸|撞人|撞到人|撞伤人)|撞车了?[,， ]?(?:有人受伤|有人伤了|伤了人)"),
)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((code, re.compile(rf"{_PLACE}(?:{cry}){_END}")) for code, cry in _CRIES)


def plain_danger(normal: str) -> str | None:
    """The class of danger of which a normalised text says that it is there, and hardly anything else."""
    text = normal.strip()
    if not text or len(text) > LONGEST:
        return None
    return next((code for code, pattern in _patterns() if pattern.fullmatch(text)), None)
