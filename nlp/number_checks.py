"""Figures in a text and what they are: somebody's number, or a date, a hotline, a parcel.

The law of this file: a pattern in privacy.py finds, and one of the checks here decides. A check gets the
folded text and the stretch found, and looks at the figures and at the words around them.
"""

from __future__ import annotations

import re

FIGURES = "0-9零〇一幺么二两三四五六七八九壹贰叁肆伍陆柒捌玖"
_VALUES = dict(
    zip("零〇一幺么二两三四五六七八九壹贰叁肆伍陆柒捌玖", "00111223456789123456789", strict=True)
)
CHINESE = "零〇幺一二两三四五六七八九壹贰叁肆伍陆柒捌玖"

# Words shortly before a number that make it something else than a person's number.
_PARCEL = re.compile(
    r"(?:第\s?|(?:单号|运单|订单|快递|工单|编号|取件|流水|货号|条形?码|案号|型号|批号|发票|代码|验证码|表号|户号|积分)"
    r"(?:(?!电话|手机|座机|联系|打)\D){0,6})$"
)
# The same told behind it: 那是条码不是电话.
_PARCEL_BEHIND = re.compile(
    r"\s?[,，]?\s?[那这呢]?[个串]?[是系](?:张|个|我的?)?(?:快递|取件|商品|产品)?(?:条形?码|[单编批表货案]号|订单|工单)(?!.{0,4}(?:电话|手机))"
)
# The same for seven or eight figures that no word like 电话 leads in.
_OTHER_USE = re.compile(
    r"(?:密码|会议|口令|表[号底数]?|读数|度数|[奖尾学卡盒]号|会员|序列号|设备号|奖码|总?价|工资|月薪|id|no\.?)\D{0,6}$"
)
_CITIZEN = re.compile(
    r"(?:[1-6]\d|8[123])\d{4}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{2,3}[\dx]"
)
# A part of a number, and what joins it to the next: 13902 后面是 771408.
PART = rf"[\d{CHINESE}](?:\s?[\d{CHINESE}]){{2,14}}"
JOINER = (
    r"[,，]?\s?(?:号码)?(?:后面|然后|之后|再来|跟住|跟着|最尾|最后)"
    r"(?:[三四五六几]?[个位])?(?:就?[是系]|的|嘅)?\s?"
)
# Letters that are an application or a thing, whatever stands before them.
_THING = re.compile(
    r"(?:i?phone|ipad|huawei|xiaomi|redmi|honor|oppo|vivo|mate|model|usb|type|win|ios|android|app|pdf|excel|word"
    r"|whats|wechat|weixin|telegram|insta|facebook|messenger|twitter|tiktok|douyin|youtube|google|taobao"
    r"|alipay|signal|outlook|office|microsoft|snapchat|discord|skype|zoom|teams|facetime|dingtalk|feishu|weibo|tencent|meituan|pinduoduo|xiaohongshu|bilibili|kuaishou|chatgpt|deepseek|email|hotmail|online|vitamin|version|coca|www|http|vlog|thank|welcome|hello|sorry|please|good)"
)
_JOINED_PINYIN = re.compile(
    r"(?:(?:[zcs]h?|[bpmfdtnlgkhjqxryw])[aeiouv]{1,3}(?:ng?)?){2,5}[-.][a-z]{2,}"
)
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|jpe?g|png|gif|mp[34]|zip|txt|apk|com|cn|net)$")
_VEHICLE = re.compile(r"车(?![次位厢站间票])|牌|[架辆](?!空)")
_NETWORK = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
CALLED = (
    r"(?:电话|[座坐]机|小灵通|市话|宅电|直线|固网|固话|传真|办公室|值班室|总机|号码|[致来回请]电|拨打?|联[系络]|tel|fax|打去|打给|打"
    r"|whats?app|call|手[机提]|[港澳]号)"
)
_CALLING = re.compile(CALLED)
_CALLED_OUTRIGHT = re.compile(
    r"电话|[座坐]机|小灵通|市话|宅电|直线|固[网话]|传真|总机|[致来请]电|联络|tel|fax|whats?app|call"
)
# Another number of two groups, and what may stand between them: 2866 1940,夜更 2866 1952.
_BEHIND_ANOTHER = re.compile(r"\d{4}\s\d{4}\s?[,，、/;和或]\D{0,4}$")
# An area code by voice: 零二零 八三三四 五五六六.
_AREA_CODE = re.compile(
    rf"[零〇](?:[一幺][零〇]|二[{CHINESE}]|[三四五六七八九][{CHINESE}]{{2}})\s(?!二零[零一二三])[{CHINESE}]"
)
_WAGES = re.compile(r"\d+00[-\s]+\d+00")


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


def always(text: str, start: int, end: int) -> bool:
    return True


def is_not_parcel(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 16) : start]
    told = _PARCEL.search(before) or _PARCEL_BEHIND.match(text, end)
    return not told and not _NETWORK.fullmatch(text, start, end)


def is_card(text: str, start: int, end: int) -> bool:
    return is_not_parcel(text, start, end) and passes_luhn(text[start:end])


def is_citizen(text: str, start: int, end: int) -> bool:
    """Region and birthday stand where they must; the last sign may be missing, the check is not asked."""
    found = text[start:end].replace("叉", "x")
    signs = digits_of(found) + "x" * found.endswith("x")
    return bool(_CITIZEN.fullmatch(signs)) and is_not_parcel(text, start, end)


def is_citizen_in_signs(text: str, start: int, end: int) -> bool:
    """A number half in signs; a single sign behind the figures may open the next word (…1234一直)."""
    found = text[start:end]
    alone = not re.search(rf"[{CHINESE}].*[{CHINESE}x叉]", found)
    return is_citizen(text, start, end) and (not alone or is_identity_number(digits_of(found)))


def is_in_parts(text: str, start: int, end: int) -> bool:
    digits = digits_of(re.sub(JOINER, "", text[start:end]))
    return (len(digits) == 11 and digits[0] == "1") or len(digits) in (15, 18)


def is_subscriber(text: str, start: int, end: int) -> bool:
    """As many figures as a landline has, or a mobile in Hong Kong; no hotline, date or range of wages."""
    digits = digits_of(text[start:end])
    local = re.match(r"(?!400|800|12345|20[0-3]\d[012]\d)[2-9]\d{6}", digits) and len(digits) <= 8
    far = re.match(r"0[1-9]", digits) and 10 <= len(digits) <= 12
    other = _OTHER_USE.search(text[max(0, start - 16) : start])
    wages = _WAGES.match(text, start, end)
    return bool(local or far) and not other and not wages and is_not_parcel(text, start, end)


def is_in_groups(text: str, start: int, end: int) -> bool:
    """Figures in groups, with a word of telephoning near; a comma joins groups only of spoken ones."""
    listed = re.search(r"\d[,，、]|[,，、]\s?\d", text[start:end])
    near = _CALLING.search(text, max(0, start - 24), end + 12) or _AREA_CODE.match(text, start, end)
    return bool(near) and not listed and is_subscriber(text, start, end)


def is_loose(text: str, start: int, end: int) -> bool:
    """Where telephones are the talk, any number of that length is one: 2881 0365 不是 2881 0356."""
    near = _CALLED_OUTRIGHT.search(text, max(0, start - 80), end + 40)
    near = near or _BEHIND_ANOTHER.search(text[max(0, start - 16) : start])
    return bool(near) and is_subscriber(text, start, end)


def is_led_in(text: str, start: int, end: int) -> bool:
    return is_not_parcel(text, start, end) and not _WAGES.match(text, start, end)


def is_spoken(text: str, start: int, end: int) -> bool:
    """Seven Chinese figures without a unit are a number of somebody's, unless a hotline's."""
    found = text[start:end]
    counted = digits_of(found) in "0123456789"
    # Nine figures and more are a mobile's, or have an area code.
    main = digits_of(found.split("转")[0])
    hotline = found.startswith(("四零零", "八零零")) or (
        len(main) > 8 and not main.startswith(("0", "1", "852", "853", "86"))
    )
    other = _OTHER_USE.search(text[max(0, start - 16) : start])
    return not counted and not hotline and not other and is_not_parcel(text, start, end)


def is_plate(text: str, start: int, end: int) -> bool:
    return len(digits_of(text[start:end])) >= 2


def is_of_vehicle(text: str, start: int, end: int) -> bool:
    near = _VEHICLE.search(text, max(0, start - 24), end + 16)
    return bool(near) and is_not_parcel(text, start, end)


def is_abroad(text: str, start: int, end: int) -> bool:
    """As many figures as a number of another country has."""
    return 9 <= len(digits_of(text[start:end])) <= 15 and is_not_parcel(text, start, end)


def is_wechat(text: str, start: int, end: int) -> bool:
    said = re.search(r"(?:号|[:：是为])\s*$", text[max(0, start - 12) : start])
    return bool(said or re.search(r"[\d_-]|[a-z]\.[a-z]", text[start:end]))


def tells_apart(text: str, start: int, end: int) -> bool:
    """An id somewhere behind the word 微信 has a figure or a joint in it; a word has not."""
    return bool(re.search(r"\d|[a-z][_-][a-z]", text[start:end]))


def is_made_up(text: str, start: int, end: int) -> bool:
    """An id made of letters and figures or joints, and no thing's name: narcissus66, but not iphone15."""
    shape = re.search(r"[a-z]{2}.*(?:\d.*\d|_)", text[start:end])
    return bool(shape) and not _THING.match(text, start)


def is_handle(text: str, start: int, end: int) -> bool:
    """An id by its shape alone: an underline, or a joint behind two syllables of pinyin."""
    found = text[start:end]
    shape = "_" in found or _JOINED_PINYIN.match(found)
    return bool(shape) and not _FILE.search(found) and not _THING.match(text, start)


def is_own_word(text: str, start: int, end: int) -> bool:
    """A word of letters alone, told as somebody's id."""
    return not _THING.match(text, start)
