"""Names of people in a text: those that their cues give away, and those of people that are known.

The law of this file: only what a cue gives away is taken for a name (a title after it, an @ or a
self-introduction before it), so that no dictionary of persons is needed; where a cue is doubtful, a word
too many is covered rather than a name too few. The title stays, since it tells what is asked. A name
without any cue is not found; the masks of the language part (numbers, addresses) come before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

NOBODY = "＊"

_SURE = (
    "王李张刘陈杨赵吴周徐孙胡朱郭何罗郑梁谢宋唐许邓韩冯曹彭曾肖萧蔡潘袁董余吕魏蒋杜丁沈姜傅卢汪戴崔廖姚谭陆"
    "邹熊孟秦邱侯薛阎贺龚邵赖覃武莫孔汤倪严翁樊俞章鲁詹聂伍甘涂欧麦霍邝冼植练佘岑庞蓝黎"
    "張劉陳楊趙吳孫羅鄭謝許鄧韓馮蕭呂蔣薑盧譚陸鄒閻賀龔賴湯嚴聶麥鄺龐藍黃葉蘇鍾馬龍"
)
"""Surnames that are hardly ever an everyday word before a title."""
_ALSO_WORDS = (
    "黄高林马叶苏钟范方石金白江田万龙毛段雷常史贾夏付任温骆康乔洪文古关柯平华尤牛安卜成车凌易殷邢路戚祝童简"
    "管单景焦苗尹"
)
"""Surnames that are everyday words too: they count only right before a title, or after `我叫`."""
_DOUBLE = "欧阳|歐陽|司徒|上官|诸葛|諸葛|慕容|司马|司馬|皇甫|夏侯"
_ANY = f"(?:{_DOUBLE}|[{_SURE}{_ALSO_WORDS}])"
_TITLES = (
    "阿姨|叔叔|阿叔|大爷|大爺|大妈|大媽|大叔|大姐|大哥|大娘|大嫂|大伯|奶奶|爷爷|爺爺|婆婆|伯伯|师傅|師傅|师父|老师|老師"
    "|医生|醫生|大夫|护士|護士|主任|书记|書記|经理|經理|先生|女士|小姐|太太|队长|隊長|站长|所长|科长|局长|组长|楼长|樓長"
    "|支书|村长|校长|园长|会长|警官|律师|律師|老板|老闆|师奶|師奶|姑娘|同志|婶婶|嬸嬸|大姨"
)
_SHORT_TITLES = "[姨姐哥叔伯婶嬸嫂姑工总總](?![姨姐哥叔伯婶嬸嫂姑作人程是有共])"
_WORDS_AFTER = "活意病气氣产產日怕多大小高冷热熱吵脏髒臭黑暗滑挤擠贵貴旧舊远遠近长長短慢快"
_SPOKEN = f"(?:生|太)(?![{_WORDS_AFTER}])"
_EDGE = r"(?:(?<![一-鿿])|(?<=[是叫找问問跟和同请請的给給俾有对對向把被让讓喊谢謝]))"
_END = r"(?=$|[^一-鿿]|住|在|家|的|是|想|要|来|來)"

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # @王小明 up to a blank or a sign; roles that are called with @ are nobody's name.
    (
        re.compile(
            r"(?<![A-Za-z0-9])@(?!所有人|物业|物業|网格员|網格員|居委|社区|社區|客服)[^\s@,，。:：;；!！?？、]{1,16}"
        ),
        f"@{NOBODY}",
    ),
    # 我叫王小明, 本人李红, 我姓陈, 敝姓林
    (
        re.compile(rf"((?:我|本人|俺)(?:的名字)?(?:叫做?|名叫)|本人){_ANY}[一-鿿]{{1,2}}?{_END}"),
        rf"\1{NOBODY}",
    ),
    (
        re.compile(rf"((?:我|本人|俺)是)(?:{_DOUBLE}|[{_SURE}])[一-鿿]{{1,2}}?{_END}"),
        rf"\1{NOBODY}",
    ),
    (re.compile(rf"((?:我|免贵|免貴|敝|小)姓){_ANY}"), rf"\1{NOBODY}"),
    # 王建国主任, 张小林师傅: a whole name that begins where a word may begin
    (
        re.compile(rf"{_EDGE}(?:{_DOUBLE}|[{_SURE}])[一-鿿]{{1,2}}({_TITLES})"),
        rf"{NOBODY}\1",
    ),
    # 王阿姨, 黄师傅
    (re.compile(rf"{_ANY}({_TITLES})"), rf"{NOBODY}\1"),
    # 李姐, 陈工; 李生, 陈太 as Cantonese has them, where a word may begin
    (re.compile(rf"(?:{_DOUBLE}|[{_SURE}])({_SHORT_TITLES})"), rf"{NOBODY}\1"),
    (re.compile(rf"{_EDGE}(?:{_DOUBLE}|[{_SURE}黄林叶苏马])({_SPOKEN})"), rf"{NOBODY}\1"),
    # 小陈, 老李, 阿王; not 小孙子, 老胡同
    (re.compile(rf"{_EDGE}([小老阿])[{_SURE}](?![子女同末期打体體])"), rf"\1{NOBODY}"),
)


SOMEBODY = "街坊"
_OWN = re.compile(r"[A-Za-z一-鿿]{2,}")
"""What of a name as a chat shows it is a name: 王阿姨 in 3栋王阿姨."""
_PREFIX = re.compile(r"^[栋棟幢座号號楼樓单元單室的]+")


def unnamed(text: str, names: Iterable[str]) -> str:
    """`text` with each of these people's names, as a chat shows them, replaced by a neighbour."""
    found = {_PREFIX.sub("", part) for name in names for part in _OWN.findall(name)}
    for part in sorted(found, key=len, reverse=True):
        if len(part) > 1:
            text = text.replace(part, SOMEBODY)
    return text


def without_names(text: str) -> str:
    """`text` with every name that a cue gives away replaced by one neutral sign."""
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return text
