"""Which answer card a question asks for, if any.

The law of this file: a wrong answer is worse than none. A question is what it is about (派出所), what it
wants to know of it (when, where, which papers …) and what it narrows it down to (on Saturday, for a child). A
card answers only a question whose every part stands in one of its wordings; what is asked otherwise goes to
the window. Words are made alike by a table of spellings and sayings, and are then the same or not: by shared
signs 社保 is as near to 医保, and 东门派出所 to 西门派出所, as any slip of the finger.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from intake.answer_cards import AnswerCard


@dataclass(frozen=True, slots=True)
class Question:
    """`about` are the signs that are left when all else is taken away; `wants` what is to be known of it;
    `when` the days and hours that it names, `whose` what narrows it down."""

    about: str
    wants: frozenset[str]
    when: frozenset[str]
    whose: frozenset[str]


def is_question(text: str) -> bool:
    """Whether words ask, rather than tell."""
    return _ASKS.search(_plain(text)) is not None


def best(cards: Iterable[AnswerCard], text: str) -> AnswerCard | None:
    """The one card that answers; None where none does, or two do that say different things."""
    asked = question_in(text) if is_question(text) else None
    if asked is None or not asked.wants:
        return None
    found = [card for card in cards if answers(card.wordings, asked)]
    return found[0] if len({card.answer for card in found}) == 1 else None


def answers(wordings: Iterable[str], asked: Question) -> bool:
    """Whether a card with these wordings answers a question."""
    near = [told for told in map(question_in, wordings) if told and _same(told, asked)]
    wants = frozenset[str]().union(*(told.wants or {"how"} for told in near))
    when = frozenset[str]().union(*(told.when for told in near))
    any_time = any(not told.when for told in near)
    in_time = asked.when <= when or (any_time and asked.when <= _USUAL)
    return bool(near) and asked.wants <= wants and in_time and (bool(asked.when) or any_time)


def _same(told: Question, asked: Question) -> bool:
    """Whether both are about one thing, for the same people."""
    return told.whose == asked.whose and told.about == asked.about


@lru_cache(4096)
def question_in(text: str) -> Question | None:
    """The parts of a question; None where nothing is left that it could be about."""
    plain = _plain(text)
    whose = frozenset(name for name, words in _WHOSE if words.search(plain))
    parts = [part for part in re.split(r"[,.!?;:~…\s]+", plain) if part]
    asking = [part for part in parts if _ASKS.search(part) or _wants(part)] or parts
    rest = "".join(_OPENINGS.sub("", part) for part in asking)
    when, rest = _taken(_WHEN, rest)
    wants, rest = _taken(_WANTS, rest)
    for _, words in _WHOSE:
        rest = words.sub("", rest)
    about = _NOISE.sub("", _FILLERS.sub("", rest))
    if not about:
        return None
    if when:
        wants |= {"hours"}
    return Question(about, wants, when, whose)


def _wants(part: str) -> bool:
    return any(words.search(part) for _, words in _WANTS)


_Table = tuple[tuple[str, re.Pattern[str]], ...]


def _taken(table: _Table, text: str) -> tuple[frozenset[str], str]:
    """What of a table stands in a text, and the text without it."""
    found = set()
    for name, words in table:
        text, count = words.subn("", text)
        if count:
            found.add(name)
    return frozenset(found), text


def _plain(text: str) -> str:
    """A text in one spelling: half-width, lower case, simplified, with one word for one thing."""
    plain = unicodedata.normalize("NFKC", text).lower().translate(_SIMPLE)
    plain = re.sub(r"[、,;:!~。…]", ",", plain)
    for words, one in _SAME_WORDS:
        plain = words.sub(one, plain)
    return plain


def _table(**words: str) -> _Table:
    return tuple((name, re.compile(some)) for name, some in words.items())


_SIMPLE = str.maketrans(
    "邊開門幾點辦證醫療險電話號嗎會東戶遷學費張體檢場館書圖飯預約領卡補貼齡務區裡裏邨鎮時間週禮點樣營業關報銷繳孩歲養疫針"
    "選擇過聽說這個為麼們還沒給來帶資料應該問請謝對廣種嬰兒鐵車庫機動寵園課託衛",
    "边开门几点办证医疗险电话号吗会东户迁学费张体检场馆书图饭预约领卡补贴龄务区里里村镇时间周礼点样营业关报销缴孩岁养疫针"
    "选择过听说这个为么们还没给来带资料应该问请谢对广种婴儿铁车库机动宠园课托卫",
)
_SAME_WORDS: Final = tuple(
    (re.compile(words), one)
    for words, one in (
        ("(星期|礼拜)(?=[一二三四五六日天末1-7])", "周"),
        ("周天|周7", "周日"),
        ("周6", "周六"),
        ("双休日?|周六日|周六周日|周六和周日", "周末"),
        ("派出锁|警署|差馆|警局|公安局派出所", "派出所"),
        ("社区居委会|居民委员会|居委会?(?!会)", "居委会"),
        ("敬老卡|老年卡|老年人?优待[证卡]|老人优待卡", "老人卡"),
        ("津帖", "津贴"),
        ("身分证", "身份证"),
        ("居住症|居往证", "居住证"),
        ("医疗保险|医宝", "医保"),
        ("社会保险|社宝", "社保"),
        ("幼稚园", "幼儿园"),
        ("小朋友|细路仔?|娃娃|娃儿?|囡囡|小囡|仔仔|宝宝|孩子", "小孩"),
        ("菜鸟驿站|快递(点|驿站|柜台)|驿站", "快递站"),
        ("长者饭堂|老人饭堂|老年食堂|饭堂", "食堂"),
        ("物业(公司|管理处|服务中心|办公室|客服)|管理处|物管", "物业"),
        ("卫生服务中心|社康中心?|社区医院", "卫生服务中心"),
        ("垃圾(投放)?(点|站|房)|垃圾桶点", "垃圾点"),
        ("图书(馆|室|角)", "图书馆"),
        ("那里(?=办|交|领|打|拿|有|查|开|补|报)", "哪里"),
        ("点样|点办(?!公)", "怎么"),
        (r"(.)唔(?=\1)", r"\1不"),
        ("喺?边度|喺边|边道", "哪里"),
        ("几时|啥时候?|什么时间|(?<!什)么时候|何时|么子时候", "什么时候"),
        ("几多", "多少"),
        ("乜嘢|咩嘢|么子|甚么|啥子?", "什么"),
        ("咋个?|啷个|怎样|如何|怎么样|哪能", "怎么"),
        ("缴纳|缴费|交费|缴", "交"),
        ("报消", "报销"),
    )
)
_ASKS = re.compile(
    "[?]|吗|嘛|[么不没冇未否]$|[么不没冇未]$|几点|几号|几天|哪|什么|怎么|多少|多久|谁|咩|呢$|有没有|能不能|可不可以|"
    "开不开|上不上|办不办|要不要|收不收|用不用|是不是|会不会|在不在|得不得|行不行|请问|问一?下|求问|想问|咨询|求助|唔知"
)
_OPENINGS = re.compile(
    "^我?(请问|想问一?下?|问一?下|麻烦|打扰|唔该|你好|您好|大家好|各位|邻居们?|群主|管理员|有人知道|谁知道|有谁知道|边个知|"
    "知不知道|大家知道|求问|咨询一?下?|那个|就是|额|嗯|啊|哎|诶|喂|一下|小呼|网格员|师傅|亲们?|街坊们?|老师)+"
)
_WHEN = _table(
    weekend="周末",
    sat="周六",
    sun="周日",
    mon="周[一1]",
    tue="周[二2]",
    wed="周[三3]",
    thu="周[四4]",
    fri="周[五5]",
    workday="工作日|平时",
    noon="中午|午休",
    evening="晚上|夜里|夜间",
    morning="上午|早上|一早",
    afternoon="下午",
    autumn="中秋节?",
    october="国庆节?|十一(?=放|上|开|长)",
    spring="春节|过年|除夕|大年.{0,2}",
    dragon="端午节?",
    tombs="清明节?",
    january="元旦",
    may="五一节?|劳动节",
    holiday="节假日|放假|假期|长假|法定假",
)
_USUAL: Final = frozenset({"mon", "tue", "wed", "thu", "fri", "workday", "morning", "afternoon"})
"""Times of which usual hours speak; all others a card must name."""
_WANTS = _table(
    phone="(的|联系)?(电话|号码|联系方式|热线)(是|打)?(多少|什么|几号)?",
    papers="(需?要|得)?(带|准备|交|提供|拿)?(些)?(什么|哪些)(材料|资料|证件|证明|东西|手续)"
    "|需?要(带|准备|提供)(些)?(什么|哪些)(东西)?|带(什么|哪些)|材料|要什么手续",
    cost="(要|得|收)?(交)?多少(钱|费用?)|收费(吗|标准)?|要钱吗|免费吗?|价格|几钱|要不要钱|收不收(钱|费)|收钱吗",
    long="(要|需要|得)?(等|办)?(多久|几天|多长时间)(能|可以|才能)?(办?好|下来|到账?|拿到?|出来)?",
    hours="(是|都)?(几点钟?|什么时候|时间)(到|至|和)?(几点)?(开始|才)?(上班|下班|开门|关门|开放|营业|开饭|打烊|开|关)?"
    "|(上不上|还?上)班(时间)?|下班|(开不开|还?开|关)门(时间)?|营业(时间)?|开放(时间)?|开饭|值班|(有没有|有)人(在|上班)?|休息|作息|开(?=[吗嘛不没?]|$)(不开)?"
    "|开着|办公时间",
    where="(要|应该|得)?(在|去|到|上|喺)?(哪里|哪儿|哪个?(窗口|地方|部门|单位|位置)|什么地方|哪)(可以|能)?|地址|位置|怎么走",
    who="(要|该|应该)?(找|问|归)(谁|哪个)(管|办)?|谁管",
    may="能不能|可不可以|可以吗?|能(?=[办领打用交报申拿补]).{0,0}|有没有资格|(要|有)?什么条件|条件|资格|符合",
    how="怎么(样)?(?!了|回事|还|没|又|这么|那么|不)|流程|步骤|手续",
)
_WHOSE: Final = _table(
    newborn="婴儿|新生儿?",
    child="小孩|儿童|未成年人?",
    student="学生",
    stranger="外地(人|户口|户籍)?|外省(人|户口|户籍)?|非户籍|非本地|外来(人员|人口)?|流动人口",
    elsewhere="异地",
    hongkong="港澳台?|台湾|香港|澳门",
    foreign="外国人?|外籍",
    lost="丢失?了?|遗失|不见了|补办|补(?=身|居|证|卡|$)|挂失|掉了|唔见",
    renewed="换领|换证|更换|换(?=身|居|证|卡|$)|过期了?|到期了?",
    longer="续签|续期|延期",
    proxy="代办|代领|帮.{0,3}(办|领|拿)|替.{0,3}(办|领|拿)|委托",
    retired="退休",
    soldier="退役",
    disabled="残疾人?",
    second="二胎",
    third="三胎",
    pregnant="怀孕|孕妇",
    cancelled="注销|取消",
    stopped="停保|退保",
    out="迁出|转出",
    into="迁入|转入",
    moved="转移",
    divorced="离婚",
    dead="死亡|去世|过世",
)
_FILLERS = re.compile(
    "我们?家?|咱们?|我|你们?|您|他们?|阿?婆婆?的?|办理|申请|申办|领取|办公|办事|窗口|大厅|那边|这边|附近|现在|今天|明天|目前|最近"
    "|知道|大概|一般|到底|应该|需要|可以|请|想|要|去|到|在|有|是|能|得|会|还|也|都|就|给|把|被|个|一|下"
    "|[办领拿弄搞做打]|[的地了着过呀啊呢吧吗嘛么哦喔噢哇啦咧诶呗哈咯嘞啵咩冇没不未吖]"
)
_NOISE = re.compile(r"[^\u4e00-\u9fffa-z0-9]")
