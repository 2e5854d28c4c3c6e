"""Personal data in a message: where it stands, so that it can be covered before anything is kept.

The law of this file: `docs` promise in interfaces.md. Masked are mobiles, landlines, ID numbers, bank
cards, number plates, WeChat ids, e-mail and addresses down to a house or room. Not masked are names,
a building alone (3栋), case numbers, hotlines, prices, parcel numbers and dates. One row of `_RULES`
a kind; the first rule that claims a stretch keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from intake.reading import MaskSpan
from nlp.addresses import MAYBE, find_addresses
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
    rf"|{MAYBE}|[a-z]\w{{5}}|[{_PROVINCES}]\s?[a-z][·.\s-]?[a-z\d]"
)

# Words shortly before a number that make it something else than a person's number.
_PARCEL = re.compile(
    r"(?:单号|运单|订单|快递|工单|编号|取件|流水|货号|条码|案号|型号|批号|发票|代码|验证码|表号|户号|积分)\D{0,6}$"
)
_CARD_WORDS = (
    r"(?:卡号|银行卡|储蓄卡|信用卡|账号|帐号|户口号码|工行|农行|建行|中行|招行|邮储|"
    r"汇到|转到|打到|打款到|存折)"
)
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
_CALLED = (
    r"(?:电话|座机|直线|固网|固话|传真|办公室|值班室|总机|号码|致电|来电|回电|拨打?|联系|tel|fax|打去|打给|打"
    r"|whats?app|call)"
)
_RULES: tuple[_Rule, ...] = (
    _Rule(
        "email",
        re.compile(
            r"(?<![a-z0-9._%+-])[a-z0-9][a-z0-9._%+-]{0,63}(?:@|\(at\)|艾特)(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}"
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
            rf"{_CALLED}[^\d]{{0,5}}(?P<x>(?!400|800|12345|20[0-3]\d[01]\d)[2-9]\d{{2,3}}"
            rf"[-\s]?\d{{4}}{_EXTENSION}|(?:\d\s){{6,7}}\d)(?![\d-])"
        ),
        _not_parcel,
    ),
    # An area code grouped oddly (07558 3661297), and a number with its extension.
    _Rule("landline", re.compile(r"(?<![\d.-])0[1-9]\d(?:[-\s]?\d){7,9}(?![\d.-])"), _not_parcel),
    _Rule(
        "landline",
        re.compile(r"(?<![\d-])[2-9]\d{2,3}[-\s]?\d{4}\s?(?:转(?:至?分机)?|分机|ext\.?)\s?\d{1,5}"),
        _not_parcel,
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
)


def find_masks(folded: Folded) -> tuple[MaskSpan, ...]:
    """Every stretch of personal data, in order, as spans of the original text."""
    text = folded.text
    if not _MAYBE.search(text):
        return ()
    found: list[MaskSpan] = []
    for what, start, end in _claims(text):
        if not any(start < span.end and span.start < end for span in found):
            found.append(MaskSpan(start, end, what))
    spans = (MaskSpan(*folded.original(span.start, span.end), span.what) for span in found)
    return tuple(sorted(spans, key=lambda span: span.start))


def _claims(text: str) -> Iterator[tuple[str, int, int]]:
    """What each rule claims, in the order of the rules: (kind, start, end)."""
    for rule in _RULES:
        for hit in rule.pattern.finditer(text):
            start, end = hit.span("x") if "x" in rule.pattern.groupindex else hit.span()
            if rule.holds(text[max(0, start - 12) : start], text[start:end]):
                yield rule.what, start, end
    for start, end in find_addresses(text):
        yield "address", start, end


def cover(text: str, masks: Iterable[MaskSpan], sign: str = COVER) -> str:
    """`text` with every mask replaced by `sign`, whatever its length: the length tells nothing."""
    parts, at = [], 0
    for span in masks:
        parts += [text[at : span.start], sign]
        at = span.end
    return "".join([*parts, text[at:]])
