"""The numbered end of an address, from the house or the building down to the room.

The law of this file: one row of `ENDS` for a way of writing; group `x`, where there is one, is the end, and
what stands before it has led to it. The parts are told in address_parts.py. `spelt` sets right, sign for
sign, what the ear or the thumb wrote, so that a row knows one spelling; `MAYBE` sees the text as it came.
"""

from __future__ import annotations

import re

from nlp.address_parts import (
    ABOVE_SHOP,
    AFTER_ROAD,
    BELOW_HOUSE,
    BIG,
    BUILDING,
    DOOR_TOLD,
    ESTATE,
    FLAT,
    FLOOR,
    FREE,
    HAND,
    HILL_ROOM,
    HOUSE,
    HOUSEHOLD,
    IN_ROW,
    INSIDE,
    LANE,
    LETTER_ROOM,
    LIKELY_ROOM,
    NUMBERED_DOOR,
    NUMBERED_UNIT,
    OVER_SHOP,
    ROOM,
    ROOM_END,
    ROW,
    SEP,
    SIDE,
    UNIT,
    UNIT_ROOM,
    WESTERN,
    ZONE,
)

# A text without any of these, and without three figures in a row, has no address.
MAYBE = (
    r"\d-\d{1,2}-?[a-h]|\d\s-\s\d{1,2}\s-|[\d一二三四五六七八九十]\s?号"
    r"|[栋幢座楼层阁元][\w\s]{0,4}[室房座户]|[栋幢座楼层阁门懂动东冻洞]\s?[(第]?(?:[a-z\d零〇一幺二三四五六七八九壹])"
    r"|[#门元]\s?\d|[栋座楼层元]\s?[东西中前后左右地顶靠尽之甲乙丙丁]|第[一二三四五六七八九十]{1,2}(?:[户间家]|孔窑)|排\s?[东西中把尽靠最]|台[铁屋]|[楼层][铁尾亭]"
    r"|[\d一二三四五六七八九十]杠[\d一二三四五六七八九]|[楼层]之|隔[壁离篱]\s?\d|数第?[一二两三四五六七八九]个?[门户家间]"
    r"|[单丹][元圆园源员原][一二三四五六七八九]"
    r"|[室房户门][号牌]|[栋幢元]\s?负\d|(?:flat|tower|block|blk)\.?\s?\d|[期区苑园阁城湾轩庭府居]\s?\d{1,2}-|\d/f|r(?:oo)?m\.?\s?\d"
)

# What the ear, the pen or the thumb puts for a sign: 八懂1单元1O03, 3东1404市, 三丹元, 壹零贰; a new line
# is a blank. Sign for sign: places stay.
_MISSPELT = re.compile("[\n壹贰叁肆伍陆柒捌玖拾懂动东冻洞圆园源员原丹o市杠]")
_SIGNS = str.maketrans("\n壹贰叁肆伍陆柒捌玖拾", " 一二三四五六七八九十")
_RIGHT = (
    (
        re.compile(
            r"(?<=[0-9a-z一二三四五六七八九十])[懂动东冻洞](?=\s?(?:[0-9o]{3,4}(?![0-9])|[零〇一二三四五六七八九]{3}"
            r"|[二三四五六七八九]零|[0-9一二三四五六七八九]\s?[单丹门梯]))"
        ),
        "栋",
    ),
    (
        re.compile(
            r"(?<=[0-9一二三四五六七八九甲乙丙丁东西])(?:丹元|[单丹][圆园源员原])(?=[0-9一二三四五六七八九])"
        ),
        "单元",
    ),
    (re.compile(r"(?<=[0-9一二三四五六七八九十])杠(?=[0-9一二三四五六七八九])"), "-"),
    (re.compile(r"(?<=[0-9])o(?=[o0-9])|(?<=[0-9]o)o(?=[0-9])"), "0"),
    (
        re.compile(
            r"(?<=[栋元楼0-9]\d\d\d)市(?![场政民区里内长中级面值价])|(?<=[零〇一二三四五六七八九]{3})市(?![场政民区])"
        ),
        "室",
    ),
)


def spelt(text: str) -> str:
    """`text` with such signs set right; every other sign, and its place, stays."""
    if _MISSPELT.search(text):
        text = text.translate(_SIGNS)
        for wrong, right in _RIGHT:
            text = wrong.sub(right, text)
    return text


# Words that say whose room a bare number is.
_WHOSE = r"(?:[那这𠮶呢]一?[户家]|业主|住户|户主|租户|租客)"
# A flat without its building, where a home is spoken of: 19楼F嗰家.
_FLAT_TOLD = (
    r"(?:\s?(?:[室座房]|单位)|(?=$|[,，。!！?？、;；]|\s(?![a-z])|[的嘅家户那这𠮶漏滴嚟了啦和])"
    r"|(?=天花|业主|住户|租客|门口))"
)
# The house that one finds by a landmark of its village: 二队祠堂后面第三间.
_BY_LANDMARK = (
    r"(?<=[村队组巷弄屯社寨])[\u4e00-\u9fff]{0,8}?(?<![\d一二三四五六七八九十])第[一二三四五六七八九十]{1,2}"
    r"(?:户|孔窑|[间家](?![\u4e00-\u9fff]{0,3}[店铺档馆厅室场厂厕网]|[卖做开修长])(?:[老瓦土砖石]屋)?)"
)
_SPOKEN_ROOM = r"[一二三四五六七八九][零〇][一二三四五六七八九]"
# 12-3-402 with its blanks, or with 一 as the voice writes it.
_DASH = r"(?:[-一]|\s-\s)"
_NO_MORE = r"(?![0-9a-z-]|[年月元块])"

ENDS = tuple(
    re.compile(pattern)
    for pattern in (
        # A named house without a number: 教工楼西单元三楼靠左, 蓝楼三楼后座, 永利大厦四楼乙.
        rf"(?<=[楼厦阁轩苑园庭])(?<![栋幢座号本整高上下]楼)\s?(?:(?:{UNIT}{SEP})?(?:{ABOVE_SHOP}|{LETTER_ROOM}|{FLOOR}{SEP}(?:{SIDE}|{HAND}|{LIKELY_ROOM}{ROOM_END}))"
        rf"|{NUMBERED_UNIT}{SEP}{BIG}号(?![线楼院栋机梯]))",
        rf"(?:{AFTER_ROAD}|{LANE}{SEP}){HOUSE}{BELOW_HOUSE}",
        rf"(?:[0-9]{{1,4}}弄{SEP})?{FREE}{BUILDING}{SEP}(?:[甲乙丙丁a-h]座{SEP})?{OVER_SHOP}(?:(?:{UNIT}{SEP})?(?:{INSIDE}|{FLAT}|{UNIT_ROOM}|{HILL_ROOM})"
        rf"|{UNIT}{SEP}{BIG}号(?![线楼院栋机梯]))",
        rf"{FREE}{NUMBERED_UNIT}{SEP}(?:{NUMBERED_DOOR}|{LETTER_ROOM}|(?:{FLOOR}{SEP})?(?:{HOUSEHOLD}|{ROOM})"
        rf"|{FLOOR}{SEP}(?:{SIDE}|{HAND}))",
        # Numbers alone: 12-3-402, 2#-1-1701, 5-21-b, 8一2一203 as the voice writes it.
        rf"(?<![0-9a-z.-])[0-9a-z]{{1,2}}(?:#|栋|幢|座)?{_DASH}\d{{1,2}}(?:单元)?{_DASH}\d{{3,4}}{_NO_MORE}",
        rf"(?<![0-9a-z.-])\d{{1,2}}{_DASH}\d{{1,2}}{_DASH}\d{{0,2}}[a-h]{_NO_MORE}",
        rf"(?<![0-9a-z./:-])\d{{1,2}}/\d{{1,2}}/(?!19|20[0-3])(?:{LIKELY_ROOM}|0[1-9]0[1-9])(?![0-9a-z/-]|[年月元块])",
        # In hilly towns the door has one or two figures, as days have: 宿舍5-3-12那家.
        r"(?<![0-9a-z.-])\d{1,2}-\d{1,2}-\d{1,2}(?=[的嘅]?(?:[那这𠮶]一?[户家]|业主|住户))",
        # The same in signs, by voice: 八杠二杠一二零三.
        r"(?<![一二三四五六七八九十-])[一二三四五六七八九十]{1,3}-[一二三四五六七八九]-[零〇一二三四五六七八九]{3,4}(?![-一二三四五六七八九十])",
        r"(?:[住是到喺在]|业主|住户|上门|家在)\s?(?P<x>[0-9a-z]{1,3}-\d{3,4})(?![\d-])",
        r"(?<=[园区村寓厦苑府城邸阁轩庭湾居期峰玺郡墅])[a-z]?\d{1,2}-\d{3,4}(?![\d-])",
        r"(?<=[路街巷弄])\d{1,4}-\d{3,4}(?![\d-]|[米元])",
        r"(?<![0-9a-z.-])t\d{1,2}-\d{3,4}(?![0-9a-z-])",
        rf"(?<![0-9a-z.-])[a-h]\d{{1,2}}-{LIKELY_ROOM}{_NO_MORE}(?![次型米元分]|号?车?位)",
        r"(?<![\w.-])\d{1,2}-\d{3,4}(?=放|门口|房|室|[这那]户|业主|住户)",
        rf"(?<!\d)\d{{1,4}}弄\s?\d{{1,4}}号{SEP}{INSIDE}",
        rf"(?<![a-z]){WESTERN}(?:[,，\s]{{1,2}}{WESTERN}){{1,2}}(?:[,，]\s?{ESTATE})?",
        # A house whose road nobody names: 33号地下B, 住27-3号5楼.
        rf"{FREE}(?<![月-])[0-9]{{1,4}}(?:-[1-9])?\s?号\s?{LETTER_ROOM}",
        rf"(?:住[在喺]?|家[在喺]|地址[:是系]?)\s?(?P<x>[0-9]{{1,4}}[-之][1-9]\s?号(?:\s?{FLOOR})?)",
        # A flat of a house that is known: 七楼之三, 11楼05室; but 二楼三室一厅 is its size.
        rf"{FREE}(?<!第){BIG}\s?楼之\s?[一二三四五六七八九0-9](?![0-9一二三四五六七八九十])",
        rf"{FREE}{FLOOR}\s?(?:[0-9]{{1,2}}|[一二三四五六七八九])(?:号?室(?![0-9一二两三四户厅内外])|号?房(?![0-9一二两三四户厅间型东产价租地子费]))",
        rf"{FREE}{FLOOR}\s?[a-z甲乙丙丁戊]{_FLAT_TOLD}",
        rf"(?:楼[上下]|隔[壁离篱]|对[门面]|屋企|我家|住[在喺]?)\s?(?P<x>{LETTER_ROOM})",
        # The floor and a room whose number begins with it: 4楼401.
        rf"(?<![0-9a-z])(?P<floor>\d{{1,2}})\s?[楼层]\s?(?P=floor)[0-3]\d{ROOM_END}",
        rf"(?<=宿舍|公寓)\s?{LIKELY_ROOM}{ROOM_END}",
        # 602门口; 711 is a shop.
        rf"(?<![0-9a-z.-])(?!711){LIKELY_ROOM}(?=门[口外前上])",
        # A home in a row of homes; 3排6号 alone is a seat.
        rf"(?:{ZONE}|(?<=宿舍|别墅|平房|新村|小区|农场|林场|屋区|房区|[家花果]园|山庄|新苑)|(?<=[村队组院房屯连])(?<![影剧戏学法医乐利]院)(?<![唱舞乐仪部球]队))[\s,，]{{0,2}}{ROW}{BIG}\s?号",
        rf"{FREE}{ROW}(?:{BIG}号(?=[那这𠮶]?[户家]|别墅)|{IN_ROW})",
        # A house of an estate without streets: 碧水湾C区17号; of a market it is a stall.
        rf"(?:(?<=[园苑府湾墅庄庭邨])|(?<=别墅区)){ZONE}\s?{BIG}\s?号(?![线楼院栋机梯门灯摊铺档库柜桩]|[车泊]位|[店商公]|停)",
        # 家属院31栋4号出门: one door of a long house; of a day nobody says so.
        rf"(?:(?<=[院舍])|(?<=[活属]区)|(?<=新村)){BIG}\s?[栋幢座]\s?{BIG}\s?号(?:(?=$|[,，。!！;；])|{DOOR_TOLD})",
        rf"{FREE}[甲乙丙丁戊]单元\s?{BIG}\s?号{DOOR_TOLD}",
        _BY_LANDMARK,
        r"(?<![0-9a-z议动览教办活公])(?:\d{3,4}|[一二三四五六七八九]{1,2}[零〇][一二三四五六七八九])"
        r"(?:室|号房|房(?![价间东租产贷地型子费补改客源号]))(?![内外]?温)",
        rf"(?<![0-9a-z.-])(?:\d{{3,4}}|{_SPOKEN_ROOM})(?=的?{_WHOSE})",
        r"(?:门牌号?|房号|房间号|我家|我系|我是|我[在喺]|我住|住在?|家住)\s?(?P<x>\d{3,4})(?=$|[,，。!！\s]|的|嘅|室|房|,)",
        rf"(?:[放送搬][到去])\s?(?P<x>{_SPOKEN_ROOM}){ROOM_END}",
        r"(?:楼[上下]|隔[壁离篱]|对[门面])(?:那个|𠮶个|的|嘅)?\s?"
        rf"(?P<x>{LIKELY_ROOM}(?:户(?=[与和跟同的嘅那这]))?|{_SPOKEN_ROOM}){ROOM_END}",
        rf"(?:隔[壁离篱])\s?(?P<x>{FLAT})",
    )
)
# More rooms behind one: 4号楼1502和1602.
NEXT_ROOM = re.compile(rf"\s?(?:[和跟同与及或、/]|同埋|还有)\s?(?P<x>\d{{3,4}}){ROOM_END}(?![.-])")
# Another room of the same house further on: 漏到301, 错写成905, 唔系1806.
OTHER_ROOM = re.compile(
    rf"(?:(?<![买卖收加涨])到|[成错]|[是系非](?![统数列])|[隔][壁离篱]|楼[上下]|对[门面]|(?:到|[送放漏滴渗流])我|[上下]面)\s?(?P<x>\d{{3,4}}){ROOM_END}(?![.:站桩双-])"
)
ENDS_IN_ROOM = re.compile(r".*(?<!\d)\d{3,4}")
