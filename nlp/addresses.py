"""Addresses down to a house or room: 康宁路28号3栋2单元501室, 8座12楼C室, 12-3-402.

The law of this file: an address is a chain of parts, from the town to the room. Its numbered end is found
by one of the rows of address_ends.py; what stands before it belongs to it as far as it reads like the names
of an estate, a road, a village or a town (`_names_begin`), less what led in (address_leads.py). A building
alone (3栋, 3栋2单元) and a floor are none, nor is the room of a clinic or the house number of a shop
(`_is_public`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nlp.address_ends import ENDS, ENDS_IN_ROOM, NEXT_ROOM, OTHER_ROOM, spelt
from nlp.address_leads import LEAD_IN
from nlp.address_parts import (
    BRANCH,
    ESTATE,
    ESTATE_SAID,
    FLOOR,
    HOUSE,
    NUMERAL,
    QUARTER,
    ROAD_NAME,
    TOWN,
    ZONE,
    N,
)

Stretch = tuple[int, int]
"""Start and end in the text."""

# ---- what only looks like an address ----
_CODES = re.compile(
    r"(?:取[件货餐]码?|货架|格口|车位|车库|地库|展位|摊位|柜|型号|单号|编号|案|比分|尾号|工号)(?:\D{0,6}|[\d\s/、,，和跟与及同-]{1,30})$"
)
_FETCHED = re.compile(r".?取[件货餐]|(?:(?<=号)|号)(?:[充电子母]{2})?[车泊]位")
_NO_SHELF = re.compile("[,，。!！?？;；]|^取[件货餐][^码号柜架口点]*$")
_DATE = re.compile(r"\d{1,2}-\d{1,2}-(?:19|20)\d\d")
_PUBLIC = (
    r"(?:店|铺|馆|餐厅|酒[楼家店]|超市|市场|商[场城]|建材城|医院|诊所|卫生院|药[房店]|银行|农商行|信用社|[建工农中招]行|派出所"
    r"|邮局|学校|[小中大]学|幼儿园|公园|影院|宾馆|网吧|棋牌室|麻将[室馆]|茶[楼室]|发廊|菜场|街市|驿站|营业厅|加油站|停车场"
    r"|公厕|法院|居委会?|街道办|办事处|服务中心|文化宫|祠堂|[食饭]堂|大[厅堂]|活动[室中]|健身房?"
    r"|地铁站|车站|火锅|烧[烤腊鹅](?!味)|大排档|酒吧|驾校|理发|发型|美[容发甲]|足浴|推拿|公司|写字楼|车行|琴行|画室|培训|托管)"
)
# Behind a house number: 168号农商行门口, 33号间茶餐厅, 12号二楼那家棋牌室.
_HOUSE_OF_PUBLIC = re.compile(
    rf"\s?(?:{FLOOR})?[的嘅那𠮶这]?[家间个]?{N}{{0,4}}?{_PUBLIC}(?!宿舍|家属)"
)
# Before it: 糖水铺喺莲花路206号, 建材城 前河东路1008号; but a home or one's own shop keeps its number.
_TRADE = rf"[修补配卖磨做剪炸烤]{N}{{1,4}}的(?:师傅|老板|档口|人)?(?:就|都)?"
_PUBLIC_AT = re.compile(
    rf"{_PUBLIC}(?:就|新)?(?:[喺在系]|位于|搬(?:[到去至]|咗去|了)?|\s)\s?$|{_PUBLIC}[^,，。]{{0,5}}[,，]?新[址店][在喺是系:]?\s?$|{_TRADE}[喺在系]\s?$"
)
_OWN = re.compile(r"(?:我|俺|额|咱|屋企|家)(?:[住家屋这呢间哋们]|$)|[住屋]")
# The room of a public place: 门诊楼3楼312, 社区中心一楼103室, 行政大厅305.
_PUBLIC_ROOM = re.compile(
    r"(?:医院|门诊|住院|诊所|中心|卫生[站室院]|[小中大]学|学校|学院|幼儿园|教学|实验|图书馆|行政|政务|服务站|大厅|居委会?"
    r"|派出所|法院|银行|办事处|酒店|宾馆|商场|写字楼|会所|活动室|文化[站宫]|(?<!公)馆|办公|综合)"
    rf"(?:[主南北东西]?[楼座])?[的嘅喺在]?\s?(?:{FLOOR})?\s?$"
)
_OFFICE = re.compile(r"\s?(?:教室|诊室|窗口|会议|办公|病房|包[间厢]|考场|自习)")
_HOUSE_ALONE = re.compile(rf"号(?:\s?[的嘅]?{FLOOR})?[\s,，]*$")
# The name that a number may begin with: 行政楼4楼.
_NAMED_HOUSE = re.compile(rf"[\u4e00-\u9fff]{{1,4}}[阁轩楼]\s?(?:[0-9]|{NUMERAL}\s?[楼层])")
# What a number behind such a word counts or opens, however much it is like a room: 密码是1204.
_COUNTS = re.compile(r"[码费价钱表度款金资薪数][\u4e00-\u9fff:]{0,3}\s?$")
_LAST_ROOM = re.compile(r"(?<!\d)(\d{3,4})[室房户]?$")
_HOME_PART = re.compile(r"[栋幢号弄]|单元")

# The names before the numbers: up to three towns, up to two roads, a house and an estate.
_TOWN_SAID = re.compile(rf"{TOWN}\s?")
_ROAD_SAID = re.compile(rf"(?:{QUARTER}\s?)?(?:{ROAD_NAME}|{BRANCH})\s?")
_ESTATE_LAST = rf"(?:(?:{ESTATE}|平房|家属[楼房]|{ESTATE_SAID})\s?)?(?:{ZONE}\s?){{0,2}}$"
_BEHIND_TOWN = re.compile(_ESTATE_LAST)
_BEHIND_ROAD = re.compile(
    rf"(?:(?:{HOUSE}院?儿?|[0-9]{{1,4}}弄)\s?(?:{N}{{2,6}}(?<![路街巷道弄]))?)?{_ESTATE_LAST}"
)
# Where a town or a road may end, and how long one may be.
_LAST_SIGN = "[省市区县镇村委会道街路巷弄同里坊围约尾头口内段邻队组社屯坳寨场地堂底条]"
_NAME_END = re.compile(rf"(?<={_LAST_SIGN})|(?<={_LAST_SIGN}\s)")
_LONGEST_NAME = 17
_MOST_TOWNS = 3
# How far back the names before the numbers may reach.
_REACH = 30
# A name said twice: 红山楼红山楼晓得吧红山楼五栋 and 东风里东风里十二号楼.
_TWICE = re.compile(r"([\u4e00-\u9fff]{2,6})(?=\1)")


def find_addresses(text: str) -> Iterator[Stretch]:
    """The addresses of folded text, in order; those that overlap are one."""
    text = spelt(text)
    found: list[Stretch] = []
    taken = bytearray(len(text))
    for pattern in ENDS:
        for hit in pattern.finditer(text):
            start, end = hit.span("x") if "x" in pattern.groupindex else hit.span()
            # What lies within a longer one adds nothing.
            if taken.find(0, start, end) < 0 or _something_else(text, start, end):
                continue
            whole = _whole(text, start, end)
            if not _is_public(text, *whole, number=start):
                taken[whole[0] : whole[1]] = b"\1" * (whole[1] - whole[0])
                found.append(whole)
                found.extend(_next_rooms(text, whole))
    if found:
        found.extend(tuple(_other_rooms(text, found, taken)))
    return _joined(sorted(found))


def _joined(found: list[Stretch]) -> Iterator[Stretch]:
    last: Stretch | None = None
    for start, end in found:
        if last and start < last[1]:
            last = last[0], max(end, last[1])
        else:
            if last:
                yield last
            last = start, end
    if last:
        yield last


def _next_rooms(text: str, address: Stretch) -> Iterator[Stretch]:
    """The rooms listed behind an address that ends in one."""
    if ENDS_IN_ROOM.fullmatch(text, *address):
        end = address[1]
        while hit := NEXT_ROOM.match(text, end):
            yield hit.span("x")
            end = hit.end("x")


def _other_rooms(text: str, addresses: Iterable[Stretch], taken: bytearray) -> Iterator[Stretch]:
    """Bare numbers that read like a neighbour of a room told in the same message."""
    rooms = {hit[1] for address in addresses if (hit := _LAST_ROOM.search(text, *address))}
    for hit in OTHER_ROOM.finditer(text) if rooms else ():
        start, end = hit.span("x")
        told = any(_alike(hit["x"], room) for room in rooms)
        if told and taken.find(1, start, end) < 0 and not _counts(text, start, end):
            yield start, end


def _counts(text: str, start: int, end: int) -> bool:
    return bool(
        _COUNTS.search(text[max(0, start - 6) : start]) or _something_else(text, start, end)
    )


def _alike(one: str, other: str) -> bool:
    """On the same floor, one above the other, or the same figures mixed up."""
    if len(one) != len(other):
        return False
    return one[:-2] == other[:-2] or one[-2:] == other[-2:] or sorted(one) == sorted(other)


def _something_else(text: str, start: int, end: int) -> bool:
    """A parcel's shelf, a case or a date looks like a short address."""
    code = _CODES.search(text[max(0, start - 40) : start])
    # 旧衣柜送人，8号楼西单元602: what another clause tells of is no shelf's number.
    # 取货5栋1103: without the word for its code it is a way to fetch, and a shelf has no building.
    if code and _HOME_PART.search(text, start, end) and _NO_SHELF.search(code[0]):
        code = None
    return bool(code or _FETCHED.match(text, end) or _DATE.fullmatch(text, start, end))


def _is_public(text: str, start: int, end: int, *, number: int) -> bool:
    """An office, a ward or a class room; the house number of a shop or another public place."""
    inside = text[number:end]
    if not _HOME_PART.search(inside):
        number = named.end() - 1 if (named := _NAMED_HOUSE.match(text, number, end)) else number
        before = text[max(0, number - 16) : number]
        return bool(_PUBLIC_ROOM.search(before) or _OFFICE.match(text, end))
    if not _HOUSE_ALONE.search(inside) or _OWN.search(text[max(0, start - 8) : start]):
        return False
    return bool(
        _HOUSE_OF_PUBLIC.match(text, end)
        or _OFFICE.match(text, end)
        or _PUBLIC_AT.search(text[max(0, start - 14) : start])
    )


def _whole(text: str, start: int, end: int) -> Stretch:
    """The stretch with the names before it, and without what leads in or trails."""
    number = start
    start = _names_begin(text, max(0, start - _REACH), start)
    names_end = min(number, _first_number(text, start, end))
    if lead := LEAD_IN.match(text, max(0, start - 2), names_end):
        start = max(start, lead.end())
    while twice := _TWICE.match(text, start, names_end):
        start = twice.end()
    while text[start] in " ,，":
        start += 1
    return start, start + len(text[start:end].rstrip(" ,，-/、的嘅"))


def _names_begin(text: str, first: int, end: int) -> int:
    """Where the names before the numbers at `end` begin, `first` at the earliest.

    From the end back and name by name: one pattern for all would try every way to part 村村村村村.
    """
    ends = {hit.start() for hit in _NAME_END.finditer(text, first, end)}

    def leading(name: re.Pattern[str], to: set[int]) -> set[int]:
        return {
            at
            for goal in to & ends
            for at in range(max(first, goal - _LONGEST_NAME), goal)
            if name.fullmatch(text, at, goal)
        }

    roads = leading(_ROAD_SAID, {at for at in ends if _BEHIND_ROAD.match(text, at, end)})
    roads |= leading(_ROAD_SAID, roads)
    begins = {end, *roads}
    if estate := _BEHIND_TOWN.search(text, first, end):
        begins.add(estate.start())
    towns = roads | {at for at in ends if _BEHIND_TOWN.match(text, at, end)}
    for _ in range(_MOST_TOWNS):
        towns = leading(_TOWN_SAID, towns)
        begins |= towns
    return min(begins)


def _first_number(text: str, start: int, end: int) -> int:
    found = re.search(rf"\(?(?:[0-9]|{NUMERAL}\s?[号栋幢座巷弄期])", text[start:end])
    return start + found.start() if found else end
