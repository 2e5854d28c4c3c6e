"""Addresses down to a house or room: 康宁路28号3栋2单元501室, 8座12楼C室, 12-3-402.

The law of this file: an address is a chain of parts, from the town to the room. Its numbered end is found
by one of the patterns in `_ENDS`; what stands before it belongs to it as far as it reads like the names of
an estate, a road, a village or a town (`_names_begin`). A building alone (3栋, 3栋2单元) and a floor are
none, nor is the room of a clinic or the house number of a shop (`_is_public`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Stretch = tuple[int, int]
"""Start and end in the text."""

# A text without any of these has no address.
MAYBE = (
    r"\d{3}[室房的业那这户]|\d-\d{3}|[\d一二三四五六七八九十]\s?号|[栋幢座楼层阁元][\w\s]{0,4}[室房座]"
    r"|[栋幢座楼层阁门]\s?[(第]?(?:[a-h\d零〇一幺二三四五六七八九])|[#门元]\s?\d|[栋座楼层元][东西中前后左右地顶]"
    r"|[室房户门][号牌]|[期区苑园阁城湾轩庭府居]\s?\d{1,2}-|[住是到找喺系我叫的]\s?\d{3,4}|\d/f|r(?:oo)?m\.?\s?\d"
)

# Patterns see folded text, where 嗰 has become 𠮶.
_NUMERAL = r"[一二三四五六七八九十百零〇两]{1,5}"
_BIG = rf"(?:[0-9]{{1,3}}[a-z]?|[a-z][0-9]{{0,2}}|[甲乙丙丁]|{_NUMERAL}|[0-9]\s[0-9])"
_FREE = r"(?<![a-z0-9一二三四五六七八九十])"
# What stands between two parts: 3栋-2单元, 3栋的501, 26栋业主1单元的2303.
_SEP = r"(?:[\s,，\-–/、的嘅]|业主|住户){0,2}"

# ---- names ----
# A sign that a name may hold: no pronoun, no little word (the letters of such words never are one).
_N = (
    r"[^\W\da-z_我你您他她它佢咱俺哋们的了嘅咗是系有在住到去嚟把被俾给跟那这𠮶呢个谁什么怎没冇又就也还"
    r"很请问找揾叫说讲得吧吗呀啊哦嘛啦喺号送寄]"
)
_TOWN = r"[\u4e00-\u9fff]{2,4}?(?:省|市|区|县|镇|街道|社区|村(?:委会?)?|新区)"
# Builders' names open the names of their estates: 保利7栋, 碧桂园天玺T3-2905.
_BUILDERS = (
    r"保利|万科|恒大|碧桂园|华发|龙湖|中海|绿地|融创|金地|招商|华润|雅居乐|富力|世茂|时代|格力|龙光|越秀"
    r"|奥园|合景|美的|绿城|旭辉|金茂|星河|合生|珠江|星湖|新城"
)
_NO_FLOOR = r"(?<![号一二三四五六七八九十几两高整每本上下顶层大座栋])"
_ESTATE = (
    rf"(?:{_N}{{1,8}}?(?:花园|小区|新村|公寓|大厦|广场|家园|屋邨|宿舍|[家大]属?院|[苑园府城邸阁轩庭湾居邨舍厦峰玺郡墅]"
    rf"|{_NO_FLOOR}楼|商住楼|(?<![家屋这那哪区群手夜城院村])里|山)|(?:{_BUILDERS}){_N}{{0,6}})"
)
# Somebody lives there or has it sent there: the word before the number is a name, whatever its last sign.
_ESTATE_SAID = (
    r"(?:(?<=[住喺])|(?<=[住家]在)|(?<=[送寄搬]到)|(?<=[送寄]去)|(?<=地址[:是系]))\s?"
    rf"(?!隔[壁离篱]|对[面门]|旁边|附近|楼|顶楼|小区|本|家|门口|同一|后面|前面){_N}{{2,6}}"
)
_ZONE = r"(?:[a-z东南西北中]区|(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})[期区])"
_BRANCH = r"(?:第?(?:[一二三四五六七八九十]{1,3}|[0-9]{1,2})(?:横?巷|街|路|弄|队|组|社))"
_ROAD_NAME = (
    r"[\u4e00-\u9fff]{1,5}?(?:大道|大街|大?马路|路|街|巷|弄|胡同|村|里|坊|围|[东南西北]约)[尾头口]?"
    rf"(?:[东南西北中上下]?{_BRANCH}|[东西南北中上下][路街巷])?"
)

# ---- parts, from the building to the room ----
_BUILDING = (
    rf"(?:[甲乙丙丁第]?{_BIG}\s?(?:栋|幢|座|号楼|号院|号(?=\s?[0-9]{{3,4}}室)|#楼?|单元楼|斋|舍)|[东南西北]座"
    r"|[\u4e00-\u9fff]{1,3}[阁轩楼](?=\s?[0-9]{1,2}\s?[楼层座])|[\u4e00-\u9fff]{1,3}[阁轩](?=\s?[0-9]{1,4})"
    rf"|{_N}{{1,3}}{_NO_FLOOR}楼(?=\s?(?:(?:rm|room|flat)\.?\s?)?[0-9]{{3,4}}(?![0-9a-z\-.线米元块人户]|路(?!灯))))"
)
_NO_DOOR = r"(?![口外前卫禁岗诊铃锁框边旁进出])"
_NUMBERED_UNIT = rf"(?:第?{_BIG}\s?(?:单元|梯|门洞|楼道|门{_NO_DOOR}))"
_UNIT = rf"(?:{_NUMBERED_UNIT}|[东南西北中左右](?:单元|梯|门洞?{_NO_DOOR}))"
_FLOOR = rf"(?:{_BIG}\s?(?:楼|层|/f)|地下(?![室车停库通])|顶[楼层])"
# What follows makes a number something else than a room's.
_ROOM_END = (
    r"(?![0-9a-z]|[年月日元块蚊万米斤点度次个人栋多几余来名位份号线岁秒厘吨瓦页件袋票层]"
    r"|路(?![灯由边面口])|楼(?![上下道])|平(?![台时])|方(?!便)|分(?![水户])|公[里斤]|升(?!降)|步(?!梯)|箱(?!子)"
    r"|户(?!主)|(?<![0零〇][1-9一二三四五六七八九])家(?![的嘅里门又有在])|教室|诊室|诊|窗口|会议|办公|病房|包[间厢]|考场|自习|期)"
)
_ROOM_NUMBER = (
    r"(?:[0-9]{3,4}[a-z]?|[0-9](?:\s[0-9]){2,3}|[一二三四五六七八九十幺]?[零〇一二三四五六七八九幺]{3}|"
    r"[一二三四五六七八九]零[一二三四五六七八九])"
)
_ROOM = (
    rf"(?:{_ROOM_NUMBER}(?:\s?号?[室房](?!间)|号(?=$|[^线楼院栋]))|{_ROOM_NUMBER}{_ROOM_END}"
    rf"|{_BIG}(?:号?[室房](?!间))|\([0-9]{{3,4}}\)|(?:rm|room|flat)\.?\s?[0-9a-z]{{1,4}}(?![0-9a-z]))"
)
_LETTER_ROOM = rf"{_FLOOR}\s?(?:[a-h]|[甲乙丙丁](?!级))(?:\s?[室座房]|(?![a-z0-9]))"
# A home told by its side of the floor: 八楼中间那户(803), 三楼后座, 四楼西户.
_SIDE = (
    r"(?:[前后]座|[东南西北中左右][东西]?户|[东南西北]屋|亭子间|铁皮屋"
    r"|(?:[东南西北左右前后][边手面侧头]边?|中间|尽头)[那𠮶这]?一?[户家间屋]"
    r"(?!公|杂|水|电|厕|活|棋|店|铺|空))(?:\s?\([0-9]{3,4}\))?"
)
# 五楼右边, but 3栋左边 is no home.
_HAND = r"[左右][边手](?=$|[,，。\s])(?:\s?\([0-9]{3,4}\))?"
_LIKELY_ROOM = r"(?:[1-9]|[1-3][0-9])(?:0[1-9]|1[0-9])"
# 十二楼三号, 18C, 3A: rooms told without 室.
_NUMBERED_DOOR = rf"{_FLOOR}\s?{_BIG}号(?![线楼院栋机])"
_FLAT = r"[0-9]{1,2}[a-h](?![a-z0-9])"
_UNIT_ROOM = r"[0-9]{1,2}[-–][0-9]{3,4}(?![0-9-])"
_INSIDE = rf"(?:{_LETTER_ROOM}|{_NUMBERED_DOOR}|(?:{_FLOOR}{_SEP})?(?:{_ROOM}|{_SIDE})|{_FLOOR}{_SEP}{_HAND})"
_HOUSE = (
    r"[甲乙丙丁]?(?:[0-9]{1,4}|[一二三四五六七八九十百零〇]{1,6})(?:弄(?:[0-9]{1,3}支弄)?[0-9]{1,4})?\s?"
    r"号(?!线|楼|公交|车|台|机|球|桌|窗|摊|井|泵|馆|电)(?:大院[0-9]{1,4}号)?(?:院(?![子长内里墙门]))?"
    r"(?:[之附][一二三四五六七八九0-9]+号?)?"
)
# A house number stands behind its road; the road's name is taken along with the names before it.
_AFTER_ROAD = r"(?<=[道街路巷弄同村里坊围约队组社尾])[\s,，\-–/、]{0,2}"
_LANE = r"(?<![\u4e00-\u9fff0-9])第?[一二三四五六七八九十]{1,3}巷"
_BELOW_HOUSE = (
    rf"(?:[-–]{_UNIT_ROOM}|院?{_SEP}(?:(?:[\u4e00-\u9fff]{{2,4}}[阁苑园居轩庭厦])?{_BUILDING}{_SEP})?(?:{_UNIT}{_SEP})?"
    rf"{_INSIDE})?"
)
# Flat C, 18/F, Block 3: as on Hong Kong's letter boxes, in either order.
_WESTERN = (
    r"(?:(?:flat|room|rm|unit|block|blk|tower)\.?\s?[0-9a-z]{1,4}|[0-9]{1,2}\s?/f)(?![0-9a-z])"
)
# Words that say whose room a bare number is.
_WHOSE = r"(?:[那这𠮶呢]一?[户家]|业主|住户|户主|租户|租客)"

_ENDS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:{_AFTER_ROAD}|{_LANE}{_SEP}){_HOUSE}{_BELOW_HOUSE}",
        rf"(?:[0-9]{{1,4}}弄{_SEP})?{_FREE}{_BUILDING}{_SEP}(?:{_UNIT}{_SEP})?(?:{_INSIDE}|{_FLAT}|{_UNIT_ROOM})",
        rf"{_FREE}{_BUILDING}{_SEP}{_UNIT}{_SEP}{_BIG}号(?![线楼院栋机梯])",
        rf"{_FREE}{_NUMBERED_UNIT}{_SEP}(?:(?:{_FLOOR}{_SEP})?{_ROOM}|{_FLOOR}{_SEP}(?:{_SIDE}|{_HAND}))",
        rf"{_FREE}{_NUMBERED_UNIT}{_SEP}{_NUMBERED_DOOR}",
        # Numbers alone: 12-3-402, 2#-1-1701, 8一2一203 as the voice writes it.
        r"(?<![0-9a-z.-])[0-9a-z]{1,2}(?:#|栋|幢|座)?[-一]\d{1,2}(?:单元)?[-一]\d{3,4}(?![0-9a-z-]|[年月])",
        r"(?:[住是到喺在]|业主|住户|上门|家在)\s?(?P<x>[0-9a-z]{1,3}-\d{3,4})(?![\d-])",
        r"(?<=[园区村寓厦苑府城邸阁轩庭湾居期峰玺郡墅])[a-z]?\d{1,2}-\d{3,4}(?![\d-])",
        r"(?<=[路街巷弄])\d{1,4}-\d{3,4}(?![\d-]|[米元])",
        r"(?<![0-9a-z.-])t\d{1,2}-\d{3,4}(?![0-9a-z-])",
        r"(?<![\w.-])\d{1,2}-\d{3,4}(?=放|门口|房|室|[这那]户|业主|住户)",
        rf"(?<!\d)\d{{1,4}}弄\s?\d{{1,4}}号{_SEP}{_INSIDE}",
        rf"(?<![a-z]){_WESTERN}(?:[,，\s]{{1,2}}{_WESTERN}){{1,2}}(?:[,，]\s?{_ESTATE})?",
        rf"{_FREE}{_FLOOR}\s?[a-h][室座房]",
        # The floor and a room whose number begins with it: 4楼401.
        rf"(?<![0-9a-z])(?P<floor>\d{{1,2}})\s?[楼层]\s?(?P=floor)[0-3]\d{_ROOM_END}",
        rf"(?<=宿舍|公寓)\s?{_LIKELY_ROOM}{_ROOM_END}",
        # 602门口; 711 is a shop.
        rf"(?<![0-9a-z.-])(?!711){_LIKELY_ROOM}(?=门[口外前上])",
        # A home in a row of homes; 3排6号 alone is a seat.
        rf"(?:{_ZONE}|(?<=宿舍|别墅|平房|新村))\s?{_BIG}排{_BIG}号|{_FREE}{_BIG}排{_BIG}号(?=[那这𠮶]?[户家]|别墅)",
        r"(?<![0-9a-z议动览教办活公])(?:\d{3,4}|[一二三四五六七八九]{1,2}零[一二三四五六七八九])"
        r"(?:室|号房|房(?![价间东租产贷地型子费补改客源号]))(?![内外]?温)",
        rf"(?<![0-9a-z.-])(?:\d{{3,4}}|[一二三四五六七八九]零[一二三四五六七八九])(?=的?{_WHOSE})",
        r"(?:门牌号?|房号|房间号|我家|我系|我是|我[在喺]|我住|住在?|家住)\s?(?P<x>\d{3,4})(?=$|[,，。!！\s]|的|嘅|室|房|,)",
        rf"(?:[放送搬][到去])\s?(?P<x>[一二三四五六七八九]零[一二三四五六七八九]){_ROOM_END}",
        r"(?:楼[上下]|隔[壁离篱]|对[门面])(?:那个|𠮶个|的|嘅)?\s?(?P<x>"
        rf"{_LIKELY_ROOM}|[一二三四五六七八九]零[一二三四五六七八九]){_ROOM_END}",
    )
)
# More rooms behind one: 4号楼1502和1602.
_NEXT_ROOM = re.compile(
    rf"\s?(?:[和跟同与及或、/]|同埋|还有)\s?(?P<x>\d{{3,4}}){_ROOM_END}(?![.-])"
)
_ENDS_IN_ROOM = re.compile(r".*(?<!\d)\d{3,4}")

# ---- what only looks like an address ----
_CODES = re.compile(
    r"(?:取[件货餐]码?|货架|格口|单号|编号|案|比分|尾号|工号)(?:\D{0,6}|[\d\s/、,，-]{1,30})$"
)
_FETCHED = re.compile(r".?取[件货餐]")
_DATE = re.compile(r"\d{1,2}-\d{1,2}-(?:19|20)\d\d")
_PUBLIC = (
    r"(?:店|铺|馆|餐厅|酒[楼家店]|超市|市场|商[场城]|建材城|医院|诊所|卫生院|药[房店]|银行|农商行|信用社|[建工农中招]行|派出所"
    r"|邮局|学校|[小中大]学|幼儿园|公园|影院|宾馆|网吧|棋牌室|麻将[室馆]|茶[楼室]|发廊|菜场|街市|驿站|营业厅|加油站|停车场"
    r"|公厕|法院|居委会?|街道办|办事处|服务中心|文化宫|祠堂)"
)
# Behind a house number: 168号农商行门口, 33号间茶餐厅, 12号二楼那家棋牌室.
_HOUSE_OF_PUBLIC = re.compile(
    rf"\s?(?:{_FLOOR})?[的嘅那𠮶这]?[家间个]?{_N}{{0,4}}?{_PUBLIC}(?!宿舍|家属)"
)
# Before it: 糖水铺喺莲花路206号, 建材城 前河东路1008号; but a home or one's own shop keeps its number.
_PUBLIC_AT = re.compile(rf"{_PUBLIC}(?:就|新)?(?:[喺在系]|位于|搬[到去]|\s)\s?$")
_OWN = re.compile(r"(?:我|俺|额|咱|屋企|家)(?:[住家屋这呢间哋们]|$)|[住屋]")
# The room of a public place: 门诊楼3楼312, 社区中心一楼103室, 行政大厅305.
_PUBLIC_ROOM = re.compile(
    r"(?:医院|门诊|住院|诊所|中心|卫生[站室院]|[小中大]学|学校|学院|幼儿园|教学|实验|图书馆|行政|政务|服务站|大厅|居委会?"
    r"|派出所|法院|银行|办事处|酒店|宾馆|商场|写字楼|会所|活动室|文化[站宫]|(?<!公)馆|办公|综合)"
    rf"(?:[主南北东西]?[楼座])?[的嘅喺在]?\s?(?:{_FLOOR})?\s?$"
)
_OFFICE = re.compile(r"\s?(?:教室|诊室|窗口|会议|办公|病房|包[间厢]|考场|自习)")
_HOME_PART = re.compile(r"[栋幢号弄]|单元")

# The names before the numbers: up to three towns, up to two roads, a house and an estate.
_TOWN_SAID = re.compile(rf"{_TOWN}\s?")
_ROAD_SAID = re.compile(rf"{_ROAD_NAME}\s?")
_ESTATE_LAST = rf"(?:(?:{_ESTATE}|{_ESTATE_SAID})\s?)?(?:{_ZONE}\s?)?$"
_BEHIND_TOWN = re.compile(_ESTATE_LAST)
_BEHIND_ROAD = re.compile(
    rf"(?:(?:{_HOUSE}院?|[0-9]{{1,4}}弄)\s?(?:{_N}{{2,6}}(?<![路街巷道弄]))?)?{_ESTATE_LAST}"
)
# Where a town or a road may end, and how long one may be.
_LAST_SIGN = "[省市区县镇村委会道街路巷弄同里坊围约尾头口队组社]"
_NAME_END = re.compile(rf"(?<={_LAST_SIGN})|(?<={_LAST_SIGN}\s)")
_LONGEST_NAME = 17
_MOST_TOWNS = 3
# How far back the names before the numbers may reach.
_REACH = 30
# What stands before a name and is no part of it.
_LEAD_IN = re.compile(
    r".*(?:地址|位于|我家|屋企|[屋家这那哪群区院楼城夜手心]里|行过|经过|路过|我们|我哋|你们|他们|咱们|佢哋|上门|业主|住户|楼[上下]|对面|隔[壁离篱]|旁边"
    r"|住(?![宅楼])|[在到是系送寄从喺去的嘅了咗我你他佢把将俾给就写:：,，。!！?？;；\"“”'(（])"
)
# A name said twice: 红山楼红山楼晓得吧红山楼五栋 and 东风里东风里十二号楼.
_TWICE = re.compile(r"([\u4e00-\u9fff]{2,6})(?=\1)")


def find_addresses(text: str) -> Iterator[Stretch]:
    """The addresses of folded text, in order; those that overlap are one."""
    found: list[Stretch] = []
    for pattern in _ENDS:
        for hit in pattern.finditer(text):
            start, end = hit.span("x") if "x" in pattern.groupindex else hit.span()
            if not _something_else(text, start, end):
                whole = _whole(text, start, end)
                if not _is_public(text, *whole, number=start):
                    found.append(whole)
                    found.extend(_next_rooms(text, whole))
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
    if _ENDS_IN_ROOM.fullmatch(text, *address):
        end = address[1]
        while hit := _NEXT_ROOM.match(text, end):
            yield hit.span("x")
            end = hit.end("x")


def _something_else(text: str, start: int, end: int) -> bool:
    """A parcel's shelf, a case or a date looks like a short address."""
    return bool(
        _CODES.search(text[max(0, start - 40) : start])
        or _FETCHED.match(text, end)
        or _DATE.fullmatch(text, start, end)
    )


def _is_public(text: str, start: int, end: int, *, number: int) -> bool:
    """An office, a ward or a class room; the house number of a shop or another public place."""
    inside = text[number:end]
    if not _HOME_PART.search(inside):
        before = text[max(0, number - 16) : number]
        return bool(_PUBLIC_ROOM.search(before) or _OFFICE.match(text, end))
    if not inside.strip(" ,，").endswith("号") or _OWN.search(text[max(0, start - 8) : start]):
        return False
    return bool(
        _HOUSE_OF_PUBLIC.match(text, end) or _PUBLIC_AT.search(text[max(0, start - 10) : start])
    )


def _whole(text: str, start: int, end: int) -> Stretch:
    """The stretch with the names before it, and without what leads in or trails."""
    number = start
    start = _names_begin(text, max(0, start - _REACH), start)
    names_end = min(number, _first_number(text, start, end))
    if lead := _LEAD_IN.match(text, start, names_end):
        start = lead.end()
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
    found = re.search(rf"[0-9]|{_NUMERAL}\s?[号栋幢座巷弄期]", text[start:end])
    return start + found.start() if found else end
