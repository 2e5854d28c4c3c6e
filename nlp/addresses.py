"""Addresses down to a house or room: 康宁路28号3栋2单元501室, 8座12楼C室, 12-3-402.

The law of this file: an address is a chain of parts, from the town to the room. Its numbered end is found
by one of the patterns in `_ENDS`; what stands before it belongs to it as far as it reads like the names of
an estate, a road, a village or a town. A building alone (3栋, 3栋2单元) and a floor are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Stretch = tuple[int, int]
"""Start and end in the text."""

# A text without any of these has no address.
MAYBE = (
    r"\d{3}[室房的业那这户]|\d-\d{3}|[\d一二三四五六七八九十]\s?号|[栋幢座楼层阁][\w\s]{0,4}[室房座]"
    r"|[栋幢座楼层阁门]\s?(?:[a-h\d零〇一幺二三四五六七八九])|[#门元]\s?\d"
    r"|[室房户门][号牌]|[期区苑园阁城湾轩庭府居]\s?\d{1,2}-|[住是到找喺系我叫的]\s?\d{3,4}"
)

_NUMERAL = r"[一二三四五六七八九十百零〇两]{1,5}"
_BIG = rf"(?:[0-9]{{1,3}}[a-z]?|[a-z][0-9]{{0,2}}|[甲乙丙丁]|{_NUMERAL})"
_BUILDING = (
    rf"(?:{_BIG}\s?(?:栋|幢|座|号楼|号院|号(?=\s?[0-9]{{3,4}}室)|#楼?|单元楼|斋|舍)|[东南西北]座"
    r"|[\u4e00-\u9fff]{1,3}[阁轩楼](?=\s?[0-9]{1,2}\s?[楼层座])|[\u4e00-\u9fff]{1,3}[阁轩](?=\s?[0-9]{1,4}))"
)
# What follows makes a number something else than a room's.
_ROOM_END = r"(?![0-9a-z]|[年月日元块万米斤点度次个人户栋家多几余来名位份号线])"
_ROOM_NUMBER = (
    r"(?:[0-9]{3,4}[a-z]?|[一二三四五六七八九十]?[零〇一二三四五六七八九幺]{3}|"
    r"[一二三四五六七八九]零[一二三四五六七八九])"
)
_ROOM = (
    rf"(?:{_ROOM_NUMBER}(?:\s?号?[室房](?!间)|号(?=$|[^线楼院栋]))|{_ROOM_NUMBER}{_ROOM_END}"
    rf"|{_BIG}(?:号?[室房](?!间)))"
)
_UNIT = rf"{_BIG}\s?(?:单元|梯|门(?!口))"
_FLOOR = rf"{_BIG}\s?(?:楼|层|/f)"
_LETTER_ROOM = rf"{_FLOOR}\s?[a-h](?:\s?[室座房]|(?![a-z0-9]))"
# 十二楼三号, 18C, 3A: rooms told without 室.
_NUMBERED_DOOR = rf"{_FLOOR}\s?{_BIG}号(?![线楼院栋机])"
_FLAT = r"[0-9]{1,2}[a-h](?![a-z0-9])"
_SEP = r"[\s,，\-–/、]{0,2}"
_INSIDE = rf"(?:{_LETTER_ROOM}|{_NUMBERED_DOOR}|(?:{_FLOOR}{_SEP})?{_ROOM})"
_FREE = r"(?<![a-z0-9一二三四五六七八九十])"
_HOUSE = (
    r"(?:[0-9]{1,4}|[一二三四五六七八九十百零〇]{1,6})(?:弄[0-9]{1,4})?\s?号(?!线|楼|公交|车|台|机|球"
    r"|桌|窗|摊|井|泵|馆|电)(?:大院[0-9]{1,4}号)?(?:[之附][一二三四五六七八九0-9]+号?)?"
)
_BRANCH = r"(?:第?(?:[一二三四五六七八九十]{1,3}|[0-9]{1,2})(?:横?巷|街|路|弄|队|组|社))"
_ROAD_NAME = (
    r"[\u4e00-\u9fff]{1,5}?(?:大道|大街|路|街|巷|弄|胡同|村|里|坊|围|[东南西北]约)"
    rf"(?:[东南西北中上下]?{_BRANCH}|[东西南北中上下][路街巷])?"
)
# A house number stands behind its road; the road's name is taken along with the names before it.
_AFTER_ROAD = r"(?<=[道街路巷弄同村里坊围约队组社])[\s,，\-–/、]{0,2}"
_LANE = r"(?<![\u4e00-\u9fff0-9])第?[一二三四五六七八九十]{1,3}巷"
_BELOW_HOUSE = (
    rf"(?:院?{_SEP}(?:(?:[\u4e00-\u9fff]{{2,4}}[阁苑园居轩庭厦])?{_BUILDING}{_SEP})?(?:{_UNIT}{_SEP})?"
    rf"{_INSIDE})?"
)
# Words that say whose room a bare number is.
_WHOSE = r"(?:那户|这户|那家|这家|嗰户|呢户|业主|住户|户主|租户|租客)"

_ENDS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:{_AFTER_ROAD}|{_LANE}{_SEP}){_HOUSE}{_BELOW_HOUSE}",
        rf"(?:[0-9]{{1,4}}弄{_SEP})?{_FREE}{_BUILDING}{_SEP}(?:{_UNIT}{_SEP})?(?:{_INSIDE}|{_FLAT})",
        rf"{_FREE}{_UNIT}{_SEP}(?:{_FLOOR}{_SEP})?{_ROOM}",
        rf"{_FREE}{_UNIT}{_SEP}{_NUMBERED_DOOR}",
        r"(?<![0-9a-z.-])[0-9a-z]{1,2}-\d{1,2}-\d{3,4}(?![0-9a-z-]|[年月])",
        r"(?:[住是到喺在]|业主|住户|上门|家在)\s?(?P<x>[0-9a-z]{1,3}-\d{3,4})(?![\d-])",
        r"(?<=[园区村寓厦苑府城邸阁轩庭湾居期])\d{1,2}-\d{3,4}(?![\d-])",
        r"(?<![\w.-])\d{1,2}-\d{3,4}(?=放|门口|房|室|[这那]户|业主|住户)",
        rf"{_FREE}{_FLOOR}\s?[a-h][室座房]",
        r"(?<![0-9a-z议动览教办活公])(?:\d{3,4}|[一二三四五六七八九]{1,2}零[一二三四五六七八九])"
        r"(?:室|号房|房(?![价间东租产贷地型子费补改客源号]))(?![内外]?温)",
        rf"(?<![0-9a-z.-])\d{{3,4}}(?=的?{_WHOSE})",
        r"(?:门牌号?|房号|房间号|我家|我系|我是|我住|住在?|家住)\s?(?P<x>\d{3,4})(?=$|[,，。!！\s]|的|嘅|室|房|,)",
    )
)
_PARCEL = re.compile(r"(?:取[件货餐]码?|货架|格口|单号|编号|案|比分|尾号|工号)\D{0,6}$")
_FETCHED = re.compile(r".?取[件货餐]")
_DATE = re.compile(r"\d{1,2}-\d{1,2}-(?:19|20)\d\d")

_TOWN = r"[\u4e00-\u9fff]{2,4}?(?:省|市|区|县|镇|街道|社区|村委会?|新区)"
_ESTATE = r"[\u4e00-\u9fff·]{1,6}?(?:花园|小区|新村|公寓|大厦|广场|家园|屋邨|[苑园府城邸阁轩庭湾居邨舍厦])"
_ZONE = r"(?:[a-z东南西北中]区|(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})[期区])"
_BEFORE = re.compile(
    rf"(?:{_TOWN}\s?){{0,3}}(?:{_ROAD_NAME}\s?(?:{_HOUSE}院?\s?)?)?(?:{_ESTATE}\s?)?(?:{_ZONE}\s?)?$"
)
# How far back the names before the numbers may reach.
_REACH = 26
# What stands before a name and is no part of it.
_LEAD_IN = re.compile(
    r".*(?:地址|位于|我家|屋企|[屋家这那哪]里|行过|经过|路过|我们|我哋|你们|他们|咱们|佢哋|上门|业主|住户"
    r"|[住在到是系送寄从喺去的嘅了咗我你他佢把将俾给就:：,，。!！?？;；])"
)


def find_addresses(text: str) -> Iterator[Stretch]:
    """The addresses of folded text, most telling pattern first; they may overlap."""
    for pattern in _ENDS:
        for hit in pattern.finditer(text):
            start, end = hit.span("x") if "x" in pattern.groupindex else hit.span()
            if not _something_else(text, start, end):
                yield _whole(text, start, end)


def _something_else(text: str, start: int, end: int) -> bool:
    """A parcel's shelf, a case or a date looks like a short address."""
    return bool(
        _PARCEL.search(text[max(0, start - 12) : start])
        or _FETCHED.match(text, end)
        or _DATE.fullmatch(text, start, end)
    )


def _whole(text: str, start: int, end: int) -> Stretch:
    """The stretch with the names before it, and without what leads in or trails."""
    before = _BEFORE.search(text, max(0, start - _REACH), start)
    if before:
        start = before.start()
    if lead := _LEAD_IN.match(text, start, _first_number(text, start, end)):
        start = lead.end()
    while text[start] in " ,，":
        start += 1
    return start, start + len(text[start:end].rstrip(" ,，-/、"))


def _first_number(text: str, start: int, end: int) -> int:
    found = re.search(rf"[0-9]|{_NUMERAL}\s?[号栋幢座巷弄期]", text[start:end])
    return start + found.start() if found else end
