"""Personal data in a message: where it stands, so that it can be covered before anything is kept.

The law of this file: `docs` promise in interfaces.md. Masked are mobiles, landlines, ID numbers, bank
cards, number plates, WeChat ids, e-mail and addresses down to a house or room. Not masked are names,
a building alone (3栋), case numbers, hotlines, prices, parcel numbers and dates. One row of `_RULES`
a kind; the first rule that claims a stretch keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from intake.reading import MaskSpan
from nlp.normalise import Folded

COVER = "＊＊＊"

_D = "0-9零〇一幺二两三四五六七八九壹贰叁肆伍陆柒捌玖"
_VALUES = dict(
    zip("零〇一幺二两三四五六七八九壹贰叁肆伍陆柒捌玖", "0011223456789123456789", strict=True)
)
_CHINESE = "零〇幺一二两三四五六七八九"
_GAP = r"[-‐‑−\s.·]{0,2}"
_PAUSE = r"[-‐‑−\s.·,，、]{0,2}"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使"
_WECHAT = r"微信|加薇|微讯|微❤|绿泡泡|薇信|威信|卫星|v信|vx|wx|wechat|加v|➕v|\+v|(?<![a-z])v\s?:"
# A text without any of these has nothing to cover; most talk ends here.
_MAYBE = re.compile(
    rf"\d{{3}}|@|[{_CHINESE}]{{3}}|[\d{_CHINESE}]{{2}}[-\s.]|\d[-\s.]\d[-\s.]\d|{_WECHAT}"
    rf"|[\d一二三四五六七八九十]号|[栋幢座楼层][\w\s]{{0,4}}[室房]|[栋幢座楼层]\s?[a-z\d{_CHINESE}]"
    rf"|[a-z]\w{{5}}|[{_PROVINCES}]\s?[a-z][·.\s-]?[a-z\d]"
)

# Words shortly before a number that make it something else than a person's number.
_PARCEL = re.compile(
    r"(?:单号|运单|订单|快递|工单|编号|取件|流水|货号|条码|案号|型号|批号)\D{0,6}$"
)
_CARD_WORDS = (
    r"(?:卡号|银行卡|储蓄卡|信用卡|账号|帐号|户口号码|工行|农行|建行|中行|招行|邮储|"
    r"汇到|转到|打到|打款到|存折)"
)
_BIG = r"[0-9]{1,3}[a-z]?|[a-z][0-9]{0,2}|[甲乙丙丁]|[一二三四五六七八九十百零〇]{1,5}"
_BUILDING = rf"(?:(?:{_BIG})\s?(?:栋|幢|座|号楼|号院|号(?=\s?[0-9]{{3,4}}室)|#楼?|单元楼|斋|舍)|[东南西北]座)"
_ROOM_END = r"(?![0-9a-z]|[年月日元块万米斤点度次个人户栋家多几余来名位份号线米])"
_ROOM_NUMBER = (
    r"(?:[0-9]{3,4}[a-z]?|[一二三四五六七八九十]?[零〇一二三四五六七八九幺]{3}|"
    r"[一二三四五六七八九]零[一二三四五六七八九])"
)
_ROOM = (
    rf"(?:{_ROOM_NUMBER}(?:号?[室房]|号(?=$|[^线楼院栋]))|{_ROOM_NUMBER}{_ROOM_END}|("
    rf"?:{_BIG})(?:号?[室房]))"
)
_UNIT = rf"(?:{_BIG})\s?(?:单元|梯|门(?!口))"
_FLOOR = rf"(?:{_BIG})\s?(?:楼|层)"
# The estate whose building is named: 锦绣花园6栋903, 1期5栋1单元1001.
_ESTATE = (
    r"(?:[\u4e00-\u9fff]{1,4}?(?:花园|小区|新村|公寓|大厦|广场|[苑园府城邸阁轩庭湾居]))?"
    r"(?:[0-9一二三四五六七八九十]{1,2}期)?"
)
_LETTER_ROOM = rf"{_FLOOR}\s?[a-h](?:[室座]|(?![a-z0-9]))"
_SEP = r"[\s,，\-–/、]{0,2}"
_ROAD = (
    r"(?:[\u4e00-\u9fff]{2,3}[省市])?(?:[\u4e00-\u9fff]{2,3}[区县镇])?"
    r"[\u4e00-\u9fff]{1,5}?(?:大道|大街|路|街|巷|弄|胡同|村|里|坊|[东南西北]约)"
    r"(?:[东南西北中]?(?:[一二三四五六七八九十]{1,2}|[0-9]{1,2})(?:横?巷|街|路|弄|队|组|社))?"
)
_HOUSE = (
    r"(?:[0-9]{1,4}|[一二三四五六七八九十百零〇]{1,6})(?:弄[0-9]{1,4})?号(?!线|楼|院"
    r"|栋|公交|车|台|机|球|桌|窗|摊|井|泵|馆)(?:大院[0-9]{1,4}号)?(?:之[一二三四五六七八九0-9]+)?"
)
_AFTER_HOUSE = (
    rf"(?:{_SEP}(?:(?:[\u4e00-\u9fff]{{2,4}}[阁苑园居轩庭厦])?{_BUILDING}{_SEP})?(?:{_UNIT}{_SEP})?"
    rf"(?:{_LETTER_ROOM}|(?:{_FLOOR}"
    rf"{_SEP})?{_ROOM}))?"
)
# What stands before a road's name and is no part of it.
_LEAD_IN = re.compile(r"^[^\d]*(?:地址|位于|我家|行过|经过|路过|[住在到是送往寄从喺:：,，。\s])")
_CITIZEN = (
    r"(?:[1-6]\d|8[123])\d{4}\s?(?:18|19|20)\d{2}\s?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\s?"
    r"\d(?:\s?\d){2}\s?[\dx]"
)
_PAPER = r"(?:身[份分]证|证件|证号|护照|回乡证|通行证|驾驶证)"
# A number told in two parts: 13902 后面是 771408.
_PART = rf"[\d{_CHINESE}](?:\s?[\d{_CHINESE}]){{2,14}}"
_JOINER = (
    r"[,，]?\s?(?:号码)?(?:后面|然后|之后|再来|跟住|跟着|最尾|最后)"
    r"(?:[三四五六几]?[个位])?(?:就?[是系]|的|嘅)?\s?"
)
_IN_PARTS = rf"(?<![\d{_CHINESE}]){_PART}(?:{_JOINER}{_PART}){{1,2}}(?![\d{_CHINESE}])"


def digits_of(text: str) -> str:
    """The digits of `text`, Chinese ones included."""
    return "".join(_VALUES.get(sign, sign) for sign in text if sign.isdigit() or sign in _VALUES)


def passes_luhn(text: str) -> bool:
    """Luhn's check (ISO/IEC 7812-1), as bank cards carry it."""
    digits = [int(sign) for sign in digits_of(text)]
    doubled = [d * 2 - 9 if d > 4 else d * 2 for d in digits[-2::-2]]
    return 12 <= len(digits) <= 19 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def is_identity_number(text: str) -> bool:
    """The check sign of the 18-place citizen number (GB 11643-1999)."""
    signs = re.sub(r"[^0-9x]", "", text)
    if len(signs) != 18:
        return False
    weighed = sum(int(d) * pow(2, 17 - n, 11) for n, d in enumerate(signs[:17]))
    return "10x98765432"[weighed % 11] == signs[17]


_NETWORK = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")


def _not_parcel(before: str, found: str) -> bool:
    return not _PARCEL.search(before) and not _NETWORK.fullmatch(found)


def _card(before: str, found: str) -> bool:
    return _not_parcel(before, found) and passes_luhn(found)


def _identity(before: str, found: str) -> bool:
    return is_identity_number(found) or bool(re.search(r"身份证[^\d]{0,8}$", before))


def _in_parts(before: str, found: str) -> bool:
    digits = digits_of(re.sub(_JOINER, "", found))
    return (len(digits) == 11 and digits[0] == "1") or len(digits) in (15, 18)


def _spoken(before: str, found: str) -> bool:
    """Seven Chinese figures without a unit are a number of somebody's, unless a hotline's."""
    counted = digits_of(found) in "0123456789"
    hotline = found.startswith(("四零零", "八零零"))
    return not counted and not hotline and _not_parcel(before, found)


def _plate(before: str, found: str) -> bool:
    return len(digits_of(found)) >= 2


def _short_address(before: str, found: str) -> bool:
    """3-2-501 is an address unless it is a parcel's shelf, a case, or a date."""
    dated = re.fullmatch(r"\d{1,2}-\d{1,2}-(?:19|20)\d\d", found)
    return not dated and not re.search(
        r"(?:取[件货餐]码?|货架|格口|单号|编号|案|比分)\D{0,6}$", before
    )


def _wechat(before: str, found: str) -> bool:
    return bool(re.search(r"[\d_-]", found)) or bool(re.search(r"(?:号|[:：是为])\s*$", before))


def _tells_apart(before: str, found: str) -> bool:
    """An id somewhere behind the word 微信 has a figure or a joint in it; a word has not."""
    return bool(re.search(r"\d", found) or re.search(r"[a-z][_-][a-z]", found))


def _always(before: str, found: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class _Rule:
    """`pattern` finds, group `x` (or all) is covered, `holds(before, found)` decides."""

    what: str
    pattern: re.Pattern[str]
    holds: Callable[[str, str], bool] = _always


_MOBILE = (
    rf"(?:\(?(?:\+|00)?86\)?{_GAP})?[1一幺壹](?:{_GAP})[3-9三四五六七八九叁肆伍陆柒捌玖]"
    rf"(?:{_PAUSE}[{_D}o]){{9}}(?!(?<=\d)\d|(?<=[{_CHINESE}])[{_CHINESE}]|元|块)"
)
_EXTENSION = r"(?:\s?(?:转(?:至?分机)?|-|#|ext\.?)\s?\d{1,5})?"
_CALLED = r"(?:电话|座机|直线|固网|固话|致电|来电|联系|tel|打去|打|whats?app|call)"
_RULES: tuple[_Rule, ...] = (
    _Rule(
        "email",
        re.compile(
            r"(?<![a-z0-9._%+-])[a-z0-9][a-z0-9._%+-]{0,63}(?:@|\(at\))(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}"
        ),
    ),
    _Rule("id", re.compile(rf"(?<![\da-z]){_CITIZEN}(?![\da-z])"), _not_parcel),
    _Rule(
        "id",
        re.compile(
            rf"{_PAPER}.{{0,14}}?(?P<x>(?<!\d)(?:\d{{17}}[\dx]|\d{{15}}|(?:\d{{4}}\s){{4}}\d[\dx]|"
            rf"[{_CHINESE}]{{15,18}}[x叉]?|[a-z]{{1,2}}\d{{6}}\(?[\da]\)?|[a-z]{{1,2}}\d{{7,10}}))(?!\d)"
        ),
    ),
    _Rule("id", re.compile(r"(?<![0-9a-z])(?:[a-z]{1,2}\d{6}|[157]\d{6})\([\da]\)")),
    _Rule(
        "card",
        re.compile(
            rf"{_CARD_WORDS}[^\d{_CHINESE}]{{0,10}}(?P<x>\d(?:[-\s]?\d){{11,18}}|[{_CHINESE}]{{16,19}})(?!\d)"
        ),
        _not_parcel,
    ),
    _Rule("card", re.compile(r"(?<![\da-z])[3-69]\d{3}(?:[-\s]?\d){9,15}(?!\d)"), _card),
    _Rule("phone", re.compile(rf"(?<![{_D}a-z]){_MOBILE}"), _not_parcel),
    _Rule("phone", re.compile(_IN_PARTS), _in_parts),
    _Rule(
        "phone", re.compile(r"(?<![\da-z])(?:\+|00)?\(?85[23]\)?[-\s]?[2-9]\d{3}[-\s]?\d{4}(?!\d)")
    ),
    _Rule("phone", re.compile(r"(?<!\d)(?:\+|00)886[-\s]?9\d{2}(?:[-\s]?\d{3}){2}(?!\d)")),
    _Rule(
        "landline",
        re.compile(
            r"(?<![\d-])(?:(?:\+|00)86[-\s]?\(?0?|\(?0)(?:10|2\d|[3-9]\d{2})\)?[-\s]?[2-9]\d{2,3}[-\s]?\d{4}"
            rf"{_EXTENSION}(?![\d-])"
        ),
        _not_parcel,
    ),
    _Rule(
        "landline",
        re.compile(
            rf"{_CALLED}[^\d]{{0,4}}(?P<x>(?!400|800|12345|20[0-3]\d[01]\d)[2-9]\d{{2,3}}"
            rf"[-\s]?\d{{4}}{_EXTENSION}|(?:\d\s){{6,7}}\d)(?![\d-])"
        ),
    ),
    _Rule(
        "phone",
        re.compile(
            r"(?<![\d-])(?P<x>[2-9]\d{3}[-\s]?\d{4})(?![\d-])(?=.{0,3}(?:揾我|找我|联系我|call我))"
        ),
    ),
    _Rule(
        "phone",
        re.compile(
            rf"(?<![\d{_CHINESE}])[{_CHINESE}]{{7,12}}(?:转[{_CHINESE}]{{1,4}})?(?![{_CHINESE}十百千万])"
        ),
        _spoken,
    ),
    _Rule(
        "plate",
        re.compile(
            rf"[{_PROVINCES}]\s?[a-z](?:[·.\s-]?[a-z0-9{_CHINESE}]){{4,6}}[挂学警港澳]?(?![a-z0-9])"
        ),
        _plate,
    ),
    _Rule(
        "plate",
        re.compile(
            r"车牌号?(?:码|是|为|:|：|\s){0,2}(?P<x>[\u4e00-\u9fff]{0,2}[a-z][·.\s-]?[a-z0-9]{5,6})(?![a-z0-9])"
        ),
        _plate,
    ),
    _Rule("wechat", re.compile(r"(?<![a-z0-9])wxid_[a-z0-9]{4,}")),
    _Rule(
        "wechat",
        re.compile(
            rf"(?:{_WECHAT})(?:id|号码?)?"
            r"[^a-z0-9\u4e00-\u9fff]{0,3}(?:(?:号|是|为|加|搜|找|揾|我|:)[^a-z0-9]{0,2}){0,3}"
            r"(?P<x>[a-z][a-z0-9_.-]{4,18}[a-z0-9])(?![a-z0-9_])"
        ),
        _wechat,
    ),
    _Rule(
        "wechat",
        re.compile(
            rf"(?:{_WECHAT}).{{0,24}}?(?<![a-z0-9])(?P<x>[a-z][a-z0-9_.-]{{4,18}}[a-z0-9])(?![a-z0-9_])"
        ),
        _tells_apart,
    ),
    _Rule("address", re.compile(rf"(?P<x>{_ROAD}{_SEP}{_HOUSE}{_AFTER_HOUSE})")),
    _Rule(
        "address",
        re.compile(
            rf"{_ESTATE}(?<![a-z0-9一二三四五六七八九十]){_BUILDING}{_SEP}(?:{_UNIT}{_SEP})?"
            rf"(?:{_LETTER_ROOM}|(?:{_FLOOR}{_SEP})?{_ROOM})"
        ),
    ),
    _Rule(
        "address",
        re.compile(rf"(?<![a-z0-9一二三四五六七八九十]){_UNIT}{_SEP}(?:{_FLOOR}{_SEP})?{_ROOM}"),
    ),
    _Rule(
        "address",
        re.compile(rf"{_ESTATE}(?<![0-9a-z-])\d{{1,2}}-\d{{1,2}}-\d{{3,4}}(?![0-9a-z-]|[年月])"),
        _short_address,
    ),
    _Rule(
        "address", re.compile(r"(?:住|我是|业主|家在|送到?)(?P<x>[0-9a-z]{1,2}-\d{3,4})(?![\d-])")
    ),
    _Rule(
        "address",
        re.compile(
            r"[\u4e00-\u9fff]{1,4}(?:花园|小区|新村|公寓|大厦|[苑园府城邸阁轩庭湾居])\d{1,2}-\d{3,4}(?![\d-])"
            r"|(?<![\w-])\d{1,2}-\d{3,4}(?=放|门口|房|室|[这那]户|业主|住户)"
        ),
    ),
    _Rule("address", re.compile(rf"(?<![a-z0-9一二三四五六七八九十]){_FLOOR}\s?[a-h]室")),
    _Rule(
        "address",
        re.compile(r"(?:[住喺在]|上门到?|送到?|请到)\s?(?P<x>[a-z]\d{0,2}-\d{3,4})(?![\d-])"),
    ),
    _Rule(
        "address",
        re.compile(
            r"(?<![0-9a-z议动览教办活公])(?:\d{3,4}|[一二三四五六七八九]{1,2}零[一二三四五六七八九])"
            r"(?:室|号房|房(?![价间东租产贷地型子费补改客源号]))(?![内外]?温)"
        ),
    ),
)


def find_masks(folded: Folded) -> tuple[MaskSpan, ...]:
    """Every stretch of personal data, in order, as spans of the original text."""
    text = folded.text
    if not _MAYBE.search(text):
        return ()
    found: list[MaskSpan] = []
    for rule in _RULES:
        for hit in rule.pattern.finditer(text):
            start, end = _stretch(rule, hit)
            taken = any(start < span.end and span.start < end for span in found)
            if not taken and rule.holds(text[max(0, start - 12) : start], text[start:end]):
                found.append(MaskSpan(start, end, rule.what))
    spans = (MaskSpan(*folded.original(span.start, span.end), span.what) for span in found)
    return tuple(sorted(spans, key=lambda span: span.start))


def _stretch(rule: _Rule, hit: re.Match[str]) -> tuple[int, int]:
    start, end = hit.span("x") if "x" in rule.pattern.groupindex else hit.span()
    if rule.what == "address":
        lead = _LEAD_IN.match(hit.string[start:end])
        start += lead.end() if lead else 0
        end = start + len(hit.string[start:end].rstrip(" ,，-/、"))
    return start, end


def cover(text: str, masks: Iterable[MaskSpan], sign: str = COVER) -> str:
    """`text` with every mask replaced by `sign`, whatever its length: the length tells nothing."""
    parts, at = [], 0
    for span in masks:
        parts += [text[at : span.start], sign]
        at = span.end
    return "".join([*parts, text[at:]])
