"""Fixed words by which people steer, in one table.

The law of this file: words that mean the same in every group, matched exactly or by pattern on the text
as typed. What a free sentence means is the language part's work, not this file's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

_CASE_ID = re.compile(
    r"(?<![A-Za-z0-9_-])([A-Za-z0-9][A-Za-z0-9_-]{0,40}-\d{1,9})(?![A-Za-z0-9_-])"
)


class Word(StrEnum):
    """What a fixed phrase asks of the bot."""

    FORCE_CASE = "force_case"  # #报事
    FORCE_WISH = "force_wish"  # #心愿
    NOT_A_CASE = "not_a_case"  # 不是报事
    NOT_FIXED = "not_fixed"  # 没好
    HUMAN = "human"  # 人工
    FORGET_ME = "forget_me"  # 别记我
    REMEMBER_ME = "remember_me"  # 记我
    MINE = "mine"  # 我的
    EXPORT_ME = "export_me"  # 导出我
    ERASE_ME = "erase_me"  # 删我
    SILENCE = "silence"  # 呼应 安静
    SPEAK = "speak"  # 呼应 说话
    CLAIM = "claim"  # 认领 N
    RATE = "rate"  # 1..5
    CHOOSE = "choose"  # 1 or 2, to the bot's question
    URGENT = "urgent"  # 急
    ADD_PLACE = "add_place"  # #地名 …
    DROP_PLACE = "drop_place"  # #删地名 …
    ADD_WORD = "add_word"  # #词 …
    DROP_WORD = "drop_word"  # #删词 …


@dataclass(frozen=True, slots=True)
class Phrase:
    """`rest` is what follows the fixed word; `case` a case id named in it."""

    word: Word
    rest: str = ""
    case: str | None = None


_PATTERNS: tuple[tuple[Word, re.Pattern[str]], ...] = (
    (
        Word.FORCE_CASE,
        re.compile(
            r"^\s*[#＃]\s*(?:报事(?!情)|報事(?!情)|上报|上報)\s*[:：,，]?\s*(?P<rest>.*)$", re.S
        ),
    ),
    (
        Word.FORCE_WISH,
        re.compile(r"^\s*[#＃]\s*(?:微?心愿|微?心願)\s*[:：,，]?\s*(?P<rest>.*)$", re.S),
    ),
    (Word.ADD_PLACE, re.compile(r"^\s*[#＃]\s*地名\s*[:：,，]?\s*(?P<rest>.*)$", re.S)),
    (
        Word.DROP_PLACE,
        re.compile(r"^\s*[#＃]\s*(?:删除?|刪除?)\s*地名\s*[:：,，]?\s*(?P<rest>.*)$", re.S),
    ),
    # #词典 and #词牌名 are tags like others: a blank or a colon has to follow.
    (
        Word.ADD_WORD,
        re.compile(r"^\s*[#＃]\s*[词詞](?:\s*[:：,，]|(?=\s|$))\s*(?P<rest>.*)$", re.S),
    ),
    (
        Word.DROP_WORD,
        re.compile(
            r"^\s*[#＃]\s*(?:删除?|刪除?)\s*[词詞](?:\s*[:：,，]|(?=\s|$))\s*(?P<rest>.*)$", re.S
        ),
    ),
    (
        Word.NOT_A_CASE,
        re.compile(
            r"^\s*(?P<rest>\S*-\d+)?\s*[,，]?\s*(?:这|這)?(?:不是|唔系|唔係)(?:报事|報事|在报事)(?:的|啦|哦|啊)?[。.!！~]*\s*$"
        ),
    ),
    (
        Word.NOT_FIXED,
        re.compile(
            r"^\s*(?P<rest>\S*-\d+)?\s*[,，]?\s*(?:还|還|都|仲)?(?:没|沒|未|冇)(?:有)?(?:修|弄|整|搞)?好(?:啊|呀|呢|哦|喔|嘅)?[。.!！~]*\s*$"
        ),
    ),
    (Word.HUMAN, re.compile(r"^\s*(?:转|轉|找|要)?\s*人工(?:服务|客服)?[。.!！]*\s*$")),
    (
        Word.FORGET_ME,
        re.compile(r"^\s*(?:请)?(?:别|別|不要|唔好)(?:记|記)(?:录)?我(?:的话)?[。.!！]*\s*$"),
    ),
    (Word.REMEMBER_ME, re.compile(r"^\s*(?:可以)?(?:记|記)我[。.!！]*\s*$")),
    (Word.MINE, re.compile(r"^\s*(?:我的|我的诉求|我的记录)[。.!！]*\s*$")),
    (Word.EXPORT_ME, re.compile(r"^\s*(?:导出|導出)我(?:的)?[。.!！]*\s*$")),
    (Word.ERASE_ME, re.compile(r"^\s*(?:删|刪|删除)我(?:的)?[。.!！]*\s*$")),
    (
        Word.SILENCE,
        re.compile(r"^\s*@?\s*(?:呼应|呼應)\s*[,，]?\s*(?:安静|安靜|闭嘴)\s*(?P<rest>.*)$"),
    ),
    (
        Word.SPEAK,
        re.compile(r"^\s*@?\s*(?:呼应|呼應)\s*[,，]?\s*(?:说话|說話|回来|回來)[。.!！]*\s*$"),
    ),
    (
        Word.CLAIM,
        re.compile(
            r"^\s*(?:我来|我來|我)?\s*(?:认领|認領)\s*[:：#]?\s*(?P<rest>\S*?)\s*(?:吧|啦|了)?[。.!！]*\s*$"
        ),
    ),
    (Word.CHOOSE, re.compile(r"^\s*(?P<rest>[12１２])\s*[。.]?\s*$")),
    (Word.RATE, re.compile(r"^\s*(?P<rest>[1-5１-５])\s*分?\s*[。.]?\s*$")),
    (Word.URGENT, re.compile(r"^\s*(?P<rest>\S*-\d+)?\s*急[!！。.]*\s*$")),
)

_WIDE = str.maketrans("１２３４５", "12345")


def phrases_in(text: str) -> tuple[Phrase, ...]:
    """The fixed phrases that the whole text may be, most specific first; a lone `1` is both."""
    if len(text) > 400:
        head = text[:8].lstrip()
        if not head.startswith(("#", "＃")):
            return ()
    found = []
    for word, pattern in _PATTERNS:
        match = pattern.match(text)
        if match is not None:
            rest = (match.groupdict().get("rest") or "").strip().translate(_WIDE)
            found.append(Phrase(word, rest, case_named(rest)))
    return tuple(found)


def case_named(text: str) -> str | None:
    """The first case id named in a text, as people write it (any letter case), or None."""
    match = _CASE_ID.search(text)
    return match.group(1) if match else None


def words_after_case(text: str, case: str) -> str:
    """What is said about the case that the text names: the text without its number."""
    return re.sub(re.escape(case), " ", text, count=1, flags=re.IGNORECASE).strip(" ,，:：。\t\n")


def silence_of(rest: str) -> timedelta:
    """`呼应 安静` is an hour, with 一天/1天/今天 a day."""
    return timedelta(days=1) if re.search(r"天|日", rest) else timedelta(hours=1)


_DONE = re.compile(
    r"(?:已经?|都|刚|刚刚|现在)?(?:修|处理|处置|解决|清理|清运|换|弄|搞|整|办|恢复|拆除?|疏通|调解|更换|通|收拾|补)"
    r"(?:好|完|妥|掂|定|结|干净|正常|成)(?:了|啦|咗|毕)?"
    r"|(?:灯|门|梯|水|电|路|泵|闸|管|锁|网|杆|卡|信号|空调)(?:都|又|就)?好了"
    r"|(?:换|装|接|焊|补|拆|锯|掏|挖|铺|钉)(?:过|上|通|掉|完|平|牢|下来)(?:了|啦|咗)"
    r"|换了(?:一)?[张个根块盏条把只]新的|(?:可以|能|都能)(?:用|走|坐|通行|过车)(?:了|啦)|走得了"
    r"|办结|搞定|已修复|已解决|已处理|已更换|已清理|已清运|已恢复|已疏通|恢复(?:供|正常)|整好|处理完毕|已完成"
)
_NOT_DONE = re.compile(
    r"(?:还|還|仍|暂|暫)?(?:没|沒|未|冇|无法|不能)[^,，。]{0,4}(?:修|处理|解决|清|换|弄|办|恢复|好|完)"
    r"|(?:明天|后天|下午|晚上|下周|预计|争取|准备|马上|将|等|待)[^,，。]{0,10}(?:修|处理|解决|清|换|弄|办|恢复|好|完)"
    r"|先[^,，。]{0,10}(?:绑|围|挡|抽|关|停|填|换|接|装|拉|拆|补)|(?:还|再|正)在|泵[^,，。]{0,2}[装换]"
    r"|什么时候|几时|(?:吗|么|没有|没|沒)[?？]?\s*$|[?？]\s*$"
)
_TAKING = re.compile(
    r"^(?:我)?(?:来|去|接手|签收|收到|已接手|已签收|跟进|负责|我来跟)(?:处理|跟进|办|了|吧)?[。.!！]*$"
)


class WorkWord(StrEnum):
    TAKES = "takes"
    DONE = "done"
    PROGRESS = "progress"


def work_words(words: str) -> WorkWord:
    """Whether staff's words say that they take it up, that it is done, or how it goes."""
    if _TAKING.match(words.strip()):
        return WorkWord.TAKES
    if _DONE.search(words) and not _NOT_DONE.search(words):
        return WorkWord.DONE
    return WorkWord.PROGRESS


_WAITS = re.compile(
    r"等[^,，。]{0,8}(?:配件|材料|灯杆|零件|到货|备件|天晴|雨停|天气|批复|审批|检测|鉴定|补充)|缺(?:配件|材料|货)"
    r"|(?:配件|材料)[^,，。]{0,6}(?:没到|未到|没货)|下雨[^,，。]{0,6}(?:没法|不能|干不了)"
)


def waits_for_others(words: str) -> bool:
    """Whether staff's words of progress say that they wait for what is not theirs to hasten."""
    return bool(_WAITS.search(words))


_WORK = re.compile(
    r"(?:师傅|师父|维保|抢修|工人|施工队|环卫|物业|供电所|供电局|水务|供水|燃气公司|消防|派出所|民警|城管|电梯公司|119|120|110)"
    r".{0,12}(?:已|正|在|到|来|派|说|通知|联系|安排|赶|处理|修|换|查|预计)"
    r"|(?:已经?|正在|刚)(?:到|通知|联系|安排|派|上报|报修|处理|在修|抢修|下单|登记|反映|协调|劝|疏通|清)"
    r"|(?:到|去|在)现场|在路上了|马上(?:到|去|过去)|(?:这就|现在就)(?:去|过去|来)"
)


def sounds_like_work(text: str) -> bool:
    """Whether a worker's line speaks of work going on (and not of lunch)."""
    return bool(_WORK.search(text) or (_DONE.search(text) and not _NOT_DONE.search(text)))


def work_said(words: str) -> bool:
    """Whether the words tell of something done or under way, rather than of a fault."""
    return sounds_like_work(words) or bool(
        re.search(r"先.{0,8}(?:绑|围|挡|抽|关|停)|绑住了|围起来了|抽干", words)
    )


_OFFER = re.compile(
    r"认领|認領|(?:我|俺|偶|本人)[^,，。?？]{0,6}(?:来|去|帮|送|教|出|有|拿|带|会|顺路|顺道)|算我|包在我|俺也去|我[们家屋]?.{0,6}[有那这]"
)


def offers_help(words: str) -> bool:
    """Whether somebody says that they will help, or have what is wished for; asking is no offer."""
    return bool(_OFFER.search(words)) and not words.rstrip().endswith(("吗", "么", "嘛", "?", "？"))


_PLUS_ONE = re.compile(
    r"^\s*(?:[+＋]\s*[1１一]|加一|加1|同\s*[+＋]?1|我[们家]?也是|俺家也是|我哋都系|同问|同求)"
    r"(?:\D.{0,12})?$"
)


def is_plus_one(text: str) -> bool:
    """`+1` and its like, with no more than a building beside it."""
    return bool(_PLUS_ONE.match(text))


_EMPTY = re.compile(
    r"(?:已经?|正在|按|由|将|会|请|给|的|了|好|完毕|处理|办理|办结|解决|完成|知悉|收到|处置|协调|跟进|反映|上报"
    r"|转交?办?|通知|报|相关|有关|职能|主管|责任|部门|单位|科室|程序|规定|流程|要求|高度重视|望知悉|谢谢|感谢|理解|支持"
    r"|配合|尽快|及时|落实|妥善|ok|搞定|同意|此事|该问题|问题|诉求|情况|城管|物业|社区|街道|网格|中心|已|并|和|与|我们)+"
    r"|[\s,，.。!！;；:：、~]+",
    re.I,
)


def is_empty_talk(words: str) -> bool:
    """Whether closing words say nothing of what was done (domain.md §3, wording): nothing is left of
    them without the words of offices and of politeness."""
    return not _EMPTY.sub("", words)
