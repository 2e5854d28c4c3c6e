"""How each kind of personal data is written: one row a kind and way of writing it.

The first rule that claims a stretch keeps it (`privacy.py`), so the order here is part of the rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from nlp.number_checks import (
    CALLED,
    CHINESE,
    FIGURES,
    JOINER,
    PART,
    always,
    is_abroad,
    is_card,
    is_citizen,
    is_citizen_in_signs,
    is_handle,
    is_in_groups,
    is_in_parts,
    is_led_in,
    is_loose,
    is_made_up,
    is_not_parcel,
    is_of_vehicle,
    is_own_word,
    is_plate,
    is_spoken,
    is_subscriber,
    is_wechat,
    tells_apart,
)

_GAP = r"[-‐‑−\s.·\u20e3]{0,2}"
# Between the figures of a mobile also stands what shall keep machines from reading it (1️⃣3️⃣8️⃣).
_PAUSE = r"(?:\s[-‐‑−]\s|[.·…]{3,6}|[-‐‑−\s.·,，、/_~*()\u20e3]{0,2})"
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使"
WECHAT = (
    r"微\s?信|wei信|[加➕+]微|加薇|微讯|[微薇威]❤|绿泡泡|绿色(?:软件|图标)|薇信|威信|维信|卫星|v信|[vw]❤|vx|wx|wechat|weixin|加v|➕v|\+v"
    r"|[微薇]\s?:|(?<![a-z])v我?\s?:"
)
_CARD_WORDS = (
    r"(?:(?<!打)卡(?![车片住])|[账帐][号户]|户口号码|[工农建中招]行|邮储|存折|"
    r"[汇转打]到|转账到?|打款到)"
)
_PAPER = (
    r"(?:身[份分]证|证件|证号|护照|[回返]乡证|通行证|驾驶证|驾照|居[住留]证|台胞证|旅行证|"
    r"港澳[卡证]|签证)"
)
# A number told in two parts: 13902 后面是 771408.
_IN_PARTS = rf"(?<![\d{CHINESE}]){PART}(?:{JOINER}{PART}){{1,2}}(?![\d{CHINESE}])"


@dataclass(frozen=True, slots=True)
class Rule:
    """`pattern` finds, group `x` (or all) is covered, `holds(text, start, end)` decides."""

    what: str
    pattern: re.Pattern[str]
    holds: Callable[[str, int, int], bool] = always


_MOBILE = (
    rf"(?:\(?(?:\+|00)?86\)?{_GAP})?(?:\((?=1\d\d\)))?[1一幺么壹]{_GAP}[3-9三四五六七八九叁肆伍陆柒捌玖]"
    rf"(?:{_PAUSE}[{FIGURES}o]){{9}}(?!(?<=\d)\d|(?<=[{CHINESE}])[{CHINESE}]|元|块)"
)
_INLINE = r"(?:分机|内线|ext\.?)号?[:是#]?"
_EXTENSION = (
    rf"(?:[,，]?\s?(?:转(?:至?分机|内线)?|{_INLINE})\s?\d{{1,5}}(?![\d栋幢座楼号单元室房点:])"
    r"|\s?[-#]\s?\d{1,5})?"
)
_ID_NAME = r"(?P<x>(?<![a-z0-9_])[a-z_][a-z0-9_.-]{4,18}[a-z0-9_])(?![a-z0-9_])"
# Half in figures and half in signs, as the voice writes it: 6212八八零四七…
_MIXED = rf"\d{{1,17}}[{CHINESE}][{FIGURES}]*"
# On Taiwan a plate has a joint: ALN-5061, 3170-RK. Without one it needs 车牌 before it.
_JOINTED = r"(?:[a-z]{2,3}[-·]\d{4}|\d{4}[-·][a-z]{2}|[a-z]{3}-\d{3}|\d{3}-[a-z]{2,3})"
_PLATE_TOLD = rf"(?:{_JOINTED}|[a-z]{{2,3}}\s?\d{{4}}|\d{{4}}\s?[a-z]{{2}})"
# The last sign of a plate, and no word that begins with it (粤C F2380警报响).
_PLATE_END = r"(?:警(?![报察官告示])|学(?![校生员])|挂(?![着了在住])|港(?![口澳币珠])|澳(?!门))?"
RULES: tuple[Rule, ...] = (
    Rule(
        "email",
        re.compile(
            r"(?<![a-z0-9._%+-])[a-z0-9][a-z0-9._%+-]{0,63}\s?(?:@|\(at\)|(?<=\s)at(?=\s)|\(a\)|艾特|圈a|小老鼠)\s?"
            rf"(?:[a-z0-9{CHINESE}-]{{1,63}}(?:\.|\s?点\s?|\sdot\s)){{1,5}}(?:[a-z]{{2,24}}|[康抗]姆)"
        ),
    ),
    Rule(
        "id",
        re.compile(
            rf"(?<![{FIGURES}a-z])(?=[{FIGURES}]{{17}}[{FIGURES}x叉](?![{FIGURES}a-z])){_MIXED}[x叉]?"
        ),
        is_citizen_in_signs,
    ),
    Rule("id", re.compile(r"(?<![\da-z])[1-8](?:[-\s.]?\d){15,16}\s?[\dx](?![\da-z])"), is_citizen),
    Rule(
        "id",
        re.compile(rf"(?<![\d{CHINESE}])[{CHINESE}]{{17,18}}[x叉]?(?![{CHINESE}])"),
        is_citizen,
    ),
    # After a paper's name any number near its length: digits get lost in typing.
    Rule(
        "id",
        re.compile(
            rf"{_PAPER}.{{0,14}}?(?P<x>(?<!\d)(?:\d(?:[-\s]?\d){{13,17}}[-\s]?[\dx]|[{CHINESE}](?:[\s,，]?[{CHINESE}]){{13,18}}[x叉]?|"
            rf"[a-z]{{1,2}}\s?\d{{6}}\(?[\da]\)?|[a-z]{{1,2}}\s?[\d{CHINESE}]{{7,10}}))(?!\d)"
        ),
        is_not_parcel,
    ),
    Rule(
        "id",
        re.compile(
            r"(?:台胞证|通行证|[回返]乡证)[^\da-z]{0,4}(?P<x>(?!(?:19|20)\d\d[01]\d[0-3])\d{8})(?!\d)"
        ),
        is_not_parcel,
    ),
    Rule("id", re.compile(r"(?<![0-9a-z])(?:[a-z]{1,2}\s?\d{6}|[157]\d{6})\s?\([\da]\)")),
    Rule(
        "card",
        re.compile(
            rf"{_CARD_WORDS}[^\d{CHINESE}]{{0,10}}(?P<x>(?=[{FIGURES}]{{15,20}}(?![{FIGURES}]))\d{{1,17}}[{CHINESE}]{{2}}[{FIGURES}]*"
            rf"|(?!1[3-9]\d{{9}}(?!\d))\d(?:[-\s]?\d){{11,18}}|[{CHINESE}]{{15,20}})(?!\d)"
        ),
        is_not_parcel,
    ),
    Rule("card", re.compile(r"(?<![\da-z])[3-69]\d{3}(?:[-\s]?\d){9,15}(?!\d)"), is_card),
    Rule("card", re.compile(rf"(?<![\d{CHINESE}])[{CHINESE}]{{16,19}}(?![\d{CHINESE}])"), is_card),
    Rule(
        "phone",
        re.compile(r"(?<![\d+])\+(?!8[56])[1-9]\d{0,2}(?:[-\s.]?\d{2,5}){2,4}(?![\d-])"),
        is_abroad,
    ),
    Rule("phone", re.compile(rf"(?<![{FIGURES}a-z]){_MOBILE}"), is_not_parcel),
    Rule("phone", re.compile(_IN_PARTS), is_in_parts),
    Rule(
        "phone",
        re.compile(r"(?<![\da-z])\(?(?:\+|00)?\(?85[23]\)?[-\s.]?[2-9]\d{3}[-\s.]?\d{4}(?!\d)"),
    ),
    Rule("phone", re.compile(r"(?<!\d)(?:\+|00)886[-\s]?9\d{2}(?:[-\s]?\d{3}){2}(?!\d)")),
    Rule(
        "landline",
        re.compile(
            r"(?<![\d-])(?:(?:\+|00)86[-\s]?\(?0?(?![48]00)|\(?0)(?:10|2\d|[3-9]\d{2})\)?[-\s]?[2-9]\d{2,3}[-\s]?\d{4}"
            rf"{_EXTENSION}(?![\d-])"
        ),
        is_not_parcel,
    ),
    # The area code in figures, the rest in signs, or the other way: 0756八八二四一九三.
    Rule(
        "landline",
        re.compile(
            rf"(?<![{FIGURES}.-])(?=[\d()\s-]{{0,14}}[{CHINESE}])\(?[0零〇][{FIGURES}]{{2,3}}\)?[-\s]?[{FIGURES}]{{7,8}}(?:\s?转(?:分机)?[{FIGURES}]{{1,4}})?(?![{FIGURES}十百千万.-])"
        ),
        is_subscriber,
    ),
    # Taiwan: (02) 2345-6780, 03-456-7810.
    Rule(
        "landline",
        re.compile(
            rf"(?<![\d.-])(?:\(0[2-8]\d{{0,2}}\)[-\s]?|0[2-8]\d?-)(?!20[0-3]\d-[01])[2-9]\d{{2,3}}[-\s]?\d{{4}}{_EXTENSION}(?![\d-])"
        ),
        is_not_parcel,
    ),
    Rule(
        "landline",
        re.compile(
            rf"{CALLED}[^\d]{{0,5}}(?P<x>(?!400|800|12345|20[0-3]\d[-\s]?[012]\d)[2-9]\d{{2,3}}"
            rf"[-\s]?\d{{4}}{_EXTENSION}|(?:\d\s){{6,7}}\d"
            rf"|(?=[{FIGURES}]{{7,8}}(?![{FIGURES}十百千万]))[2-9]{_MIXED})(?![\d-]|\s?路)"
        ),
        is_led_in,
    ),
    # Other signs behind the area code (0756,8811290; 0756一5523308 by voice) and odd groups.
    Rule(
        "landline",
        re.compile(
            r"(?<![\d.-])\(?0(?:10|2\d|[3-9]\d{2})\)?[-\s.,，、·一加]{0,3}[2-9]\d{2,3}[-\s.]?\d{3,4}"
            rf"{_EXTENSION}(?![\d-])"
        ),
        is_not_parcel,
    ),
    Rule("landline", re.compile(r"(?<![\d.-])0[1-9]\d(?:[-\s]?\d){7,9}(?![\d.-])"), is_not_parcel),
    Rule(
        "landline",
        re.compile(
            r"(?<![\d-])[2-9]\d{2,3}[-\s]?\d{4}[,，]?\s?(?:转(?:至?分机|内线)?|分机|内线|ext\.?)\s?\d{1,5}(?![\d栋幢座楼号单元室房点:])"
        ),
        is_not_parcel,
    ),
    Rule(
        "phone",
        re.compile(
            r"(?<![\d-])(?P<x>[2-9]\d{3}[-\s]?\d{4})(?![\d-])(?=.{0,3}(?:揾我|找我|联系我|call我|[\((]?[港澳]))"
        ),
    ),
    # Groups of figures as one says them: 八六二 三三 一九零, 零二八,六一二七,三三五零.
    Rule(
        "landline",
        re.compile(
            rf"(?<![\d{CHINESE}.])[\d{CHINESE}]{{2,4}}(?:[-\s.,，、]{{1,2}}[\d{CHINESE}]{{2,4}}){{1,3}}"
            rf"(?![\d{CHINESE}十百千万点楼栋元块蚊米])"
        ),
        is_in_groups,
    ),
    Rule(
        "landline",
        re.compile(
            rf"(?<![\da-z.-])[2-9]\d{{2,3}}\s?\d{{4}}{_EXTENSION}(?![\d-]|\.\d|\s?[元块蚊万米度分人斤])"
        ),
        is_loose,
    ),
    # Figure by figure: 6 8 8 3 1 2 5 0 系我澳门电话.
    Rule(
        "landline",
        re.compile(r"(?<![\d.-])(?<!\d\s)[2-9](?:\s\d){6,7}(?!\s?[\d.路线-])"),
        is_loose,
    ),
    # Of a place, as Hong Kong groups them: 管理处 2866 1940.
    Rule(
        "landline",
        re.compile(
            r"(?:[室处店所站部铺家校馆局]|中心|屋企|公司|前台|岗亭|预约|订[台座位])[:系是]?\s?"
            r"(?P<x>[235689]\d{3}\s\d{4})(?![\d-])"
        ),
        is_subscriber,
    ),
    Rule(
        "phone",
        re.compile(
            rf"(?<![\d{CHINESE}])[{CHINESE}]{{7,13}}(?:转[{CHINESE}]{{1,4}})?(?![{CHINESE}十百千万])"
        ),
        is_spoken,
    ),
    # Letters first: six of a new-energy car, five, or four and a last sign; 西 is C by ear (粤西七七K三六二).
    Rule(
        "plate",
        re.compile(
            rf"[{PROVINCES}](?:\s?[a-z](?:(?:[·.\s-]?[a-z0-9]){{6}}|(?:[·.\s-]?[a-z0-9{CHINESE}]){{4,5}})"
            rf"|西(?=[\d{CHINESE}]+[a-z])[a-z0-9{CHINESE}]{{5,6}}){_PLATE_END}(?![a-z0-9])"
        ),
        is_plate,
    ),
    Rule(
        "plate",
        re.compile(
            r"车牌号?(?:码|是|为|:|：|\s){0,2}(?P<x>[\u4e00-\u9fff]{0,2}[a-z][·.\s-]?[a-z0-9]{5,6})(?![a-z0-9])"
        ),
        is_plate,
    ),
    # Hong Kong and Macau: 港牌 VK 3827, 澳门车 MX-42-17, CM-40128(澳门牌).
    Rule(
        "plate",
        re.compile(
            r"(?:车牌|牌照|号牌|(?:hk|mo|[港澳][\u4e00-\u9fff]{0,4})(?:车(?![展厂])|牌)牌?)[^\da-z]{0,5}"
            r"(?P<x>[a-z]{1,2}[-\s]?(?:\d{2}[-\s]\d{2,3}|\d{2,5}))(?![\da-z])"
        ),
        is_plate,
    ),
    Rule(
        "plate",
        re.compile(
            r"(?<![a-z\d])(?P<x>[a-z]{1,2}[-\s]?(?:\d{2}[-\s]\d{2,3}|\d{2,5}))"
            r"(?=[^\da-z]{0,12}?(?:hk|香?港|澳门?)(?:车(?![展厂位场])|牌))"
        ),
        is_plate,
    ),
    Rule(
        "plate",
        re.compile(
            rf"(?:(?<!公交)车[牌号]号?码?|牌照|号牌)[^\da-z]{{0,5}}(?P<x>{_PLATE_TOLD})(?![\da-z-])"
        ),
        is_plate,
    ),
    Rule(
        "plate",
        re.compile(
            rf"(?<![\da-z-])(?P<x>{_JOINTED})(?=\s?[的嘅]?\s?[𠮶这那呢]?[架部辆台]?(?:机|汽|轿|货|休旅|小客|卡|电单|摩托)?车(?:主|子)?(?![次位厢站间库]))"
        ),
        is_plate,
    ),
    # The vehicle told before, and what it does behind: 机车NKL-5083停在骑楼, 客货车VK 3829喺后巷.
    Rule(
        "plate",
        re.compile(
            rf"车\s?(?P<x>{_PLATE_TOLD})(?![\da-z-])(?=[\s,，]{{0,2}}(?:停|泊|挡|占|违|堵|压|横|撞|倒车|没熄|未熄|喺|在(?![售卖])|的?车主|请|麻烦|唔该))"
        ),
        is_not_parcel,
    ),
    # Macau: two joints, where a vehicle is spoken of: 嗰架 MB-31-70 挡住.
    Rule(
        "plate",
        re.compile(r"(?<![\da-z-])[a-z]{2}[-\s]\d{2}[-\s]\d{2}(?![\da-z-])"),
        is_of_vehicle,
    ),
    Rule("wechat", re.compile(r"(?<![a-z0-9])wxid_[a-z0-9]{4,}")),
    Rule(
        "wechat",
        re.compile(
            rf"(?:{WECHAT})(?:id|号码?)?"
            rf"[^a-z0-9\u4e00-\u9fff]{{0,3}}(?:(?:号|是|为|加|搜|找|揾|我|:)[^a-z0-9]{{0,2}}){{0,3}}{_ID_NAME}"
        ),
        is_wechat,
    ),
    Rule("wechat", re.compile(rf"(?:{WECHAT}).{{0,24}}?{_ID_NAME}"), tells_apart),
    Rule(
        "wechat",
        re.compile(
            rf"(?:[加➕+](?:我|俺|佢|他|她|本人|老师)|(?<![a-z0-9])v(?:\s|我\s?))[^a-z0-9]{{0,2}}{_ID_NAME}"
        ),
        tells_apart,
    ),
    # 加narcissus66; 微信搵我,ID系 keikei; 微信,keikei: letters alone only where nothing else is told.
    Rule(
        "wechat", re.compile(rf"(?:(?<![a-z参增更添外])加|id[是系为:]?)\s?{_ID_NAME}"), is_made_up
    ),
    Rule(
        "wechat",
        re.compile(
            r"(?:(?:微信|v信|wechat)(?:[揾找加搜](?:我|索)?|联[系络]|号|改成?|换成?)?[,，:]\s?(?:id|号码?)?[系是为:]?"
            r"|[加揾找][^a-z0-9]{0,12}(?<![a-z0-9])v)\s?(?P<x>(?<![a-z])[a-z]{7,20})"
            r"(?=\s?(?:$|[,，。;；!！、]))"
        ),
        is_own_word,
    ),
    # Without the word: 做美甲找lulu.nail_, 验车代办jiance-shifu.
    Rule(
        "wechat",
        re.compile(
            rf"(?:[找揾发]|代办|代购|咨询|联系|预约|私聊?)[^a-z0-9\u4e00-\u9fff]{{0,2}}{_ID_NAME}"
        ),
        is_handle,
    ),
    # The word behind the id: lisa-0756(微信), abc_123 是我微信.
    Rule(
        "wechat",
        re.compile(
            rf"{_ID_NAME}(?=\s?[(]?(?:这?[是系]我?(?:的|嘅)?)?(?:微信|v信|wx|vx|wechat)(?![a-z支]))"
        ),
        tells_apart,
    ),
)
