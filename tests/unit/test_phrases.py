"""The fixed words, as people type them, and their look-alikes, which must not be taken for them."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from intake.phrases import (
    Phrase,
    Word,
    WorkWord,
    case_named,
    is_empty_talk,
    phrases_in,
    silence_of,
    sounds_like_work,
    words_after_case,
    work_words,
)

ONE = "DEMO-1-12"

# What is typed; what it asks for; what follows; the case it names.
SAID = [
    ("#报事", Word.FORCE_CASE, "", None),
    ("＃报事", Word.FORCE_CASE, "", None),
    ("  # 报事：3栋路灯坏了", Word.FORCE_CASE, "3栋路灯坏了", None),
    ("#报事，3栋路灯坏了", Word.FORCE_CASE, "3栋路灯坏了", None),
    ("#报事3栋路灯坏了", Word.FORCE_CASE, "3栋路灯坏了", None),
    ("#上报 井盖没了", Word.FORCE_CASE, "井盖没了", None),
    ("#報事", Word.FORCE_CASE, "", None),
    ("#报事 两行\n都要", Word.FORCE_CASE, "两行\n都要", None),
    ("#心愿 想要一辆轮椅", Word.FORCE_WISH, "想要一辆轮椅", None),
    ("#微心愿：想学手机", Word.FORCE_WISH, "想学手机", None),
    ("＃心願", Word.FORCE_WISH, "", None),
    ("#地名", Word.ADD_PLACE, "", None),
    ("＃地名 老榕树头、三角地", Word.ADD_PLACE, "老榕树头、三角地", None),
    ("# 地名：老榕樹頭", Word.ADD_PLACE, "老榕樹頭", None),
    ("#地名老榕树头", Word.ADD_PLACE, "老榕树头", None),
    ("#删地名 三角地", Word.DROP_PLACE, "三角地", None),
    ("#刪除地名,三角地", Word.DROP_PLACE, "三角地", None),
    ("#词", Word.ADD_WORD, "", None),
    ("#詞 穗康碼 飞线", Word.ADD_WORD, "穗康碼 飞线", None),
    ("#词：打冷", Word.ADD_WORD, "打冷", None),
    ("#删词 打冷", Word.DROP_WORD, "打冷", None),
    ("#刪除詞", Word.DROP_WORD, "", None),
    ("不是报事", Word.NOT_A_CASE, "", None),
    ("这不是报事啊", Word.NOT_A_CASE, "", None),
    ("唔係報事", Word.NOT_A_CASE, "", None),
    (f"{ONE} 不是报事", Word.NOT_A_CASE, ONE, ONE),
    ("demo-1-12，不是报事", Word.NOT_A_CASE, "demo-1-12", "demo-1-12"),
    ("没好", Word.NOT_FIXED, "", None),
    ("还没好", Word.NOT_FIXED, "", None),
    ("还没有好。", Word.NOT_FIXED, "", None),
    ("没修好!!", Word.NOT_FIXED, "", None),
    ("還沒修好啊", Word.NOT_FIXED, "", None),
    ("仲未整好", Word.NOT_FIXED, "", None),
    (f"{ONE} 没好", Word.NOT_FIXED, ONE, ONE),
    (f"{ONE}没好", Word.NOT_FIXED, ONE, ONE),
    (f"{ONE}，还没好", Word.NOT_FIXED, ONE, ONE),
    ("人工", Word.HUMAN, "", None),
    ("转人工", Word.HUMAN, "", None),
    ("轉人工", Word.HUMAN, "", None),
    ("找人工客服", Word.HUMAN, "", None),
    ("人工服务。", Word.HUMAN, "", None),
    ("别记我", Word.FORGET_ME, "", None),
    ("請别记我"[1:], Word.FORGET_ME, "", None),
    ("不要记录我的话", Word.FORGET_ME, "", None),
    ("唔好記我", Word.FORGET_ME, "", None),
    ("记我", Word.REMEMBER_ME, "", None),
    ("可以记我", Word.REMEMBER_ME, "", None),
    ("我的", Word.MINE, "", None),
    ("我的记录", Word.MINE, "", None),
    ("导出我", Word.EXPORT_ME, "", None),
    ("导出我的", Word.EXPORT_ME, "", None),
    ("删我", Word.ERASE_ME, "", None),
    ("删除我的", Word.ERASE_ME, "", None),
    ("呼应 安静", Word.SILENCE, "", None),
    ("呼应，安静", Word.SILENCE, "", None),
    ("@呼应 安静一天", Word.SILENCE, "一天", None),
    ("呼應 安靜", Word.SILENCE, "", None),
    ("呼应 闭嘴", Word.SILENCE, "", None),
    ("呼应 说话", Word.SPEAK, "", None),
    ("呼应，回来！", Word.SPEAK, "", None),
    ("认领", Word.CLAIM, "", None),
    ("我来认领", Word.CLAIM, "", None),
    ("我认领了", Word.CLAIM, "", None),
    ("认领7", Word.CLAIM, "7", None),
    ("认领#7", Word.CLAIM, "7", None),
    (f"认领 {ONE}", Word.CLAIM, ONE, ONE),
    (f"我来认领 {ONE} 吧", Word.CLAIM, ONE, ONE),
    (f"认领{ONE}。", Word.CLAIM, ONE, ONE),
    ("3", Word.RATE, "3", None),
    ("５", Word.RATE, "5", None),
    ("5分", Word.RATE, "5", None),
    (" 4 分 。", Word.RATE, "4", None),
    ("急", Word.URGENT, "", None),
    ("急！", Word.URGENT, "", None),
    (f"{ONE} 急", Word.URGENT, ONE, ONE),
]

LOOK_ALIKES = [
    "",
    "   ",
    "报事",
    "我要#报事",
    "#报事情我不懂",
    "#求助 灯坏了",
    "#接龙 1 王阿姨",
    "心愿",
    "我说的不是报事的意思",
    "不是报事吗？",
    "没好好吃饭",
    "心情没好",
    "孩子的病还没好",
    "没好意思说",
    "没好？",
    "人工智能",
    "人工费多少",
    "人工湖的水臭",
    "全靠人工",
    "别记我名字",
    "别忘记我",
    "记我一份团购",
    "我的快递呢",
    "那是我的",
    "删我好友干嘛",
    "导出我手机里的照片",
    "大家安静",
    "安静",
    "呼应一下",
    "一呼百应",
    "失物认领",
    "谁来认领钥匙",
    "认领 失物 请到门岗",
    "0",
    "6",
    "12",
    "1栋",
    "1、3、5栋停水",
    "5分钟",
    "5分钟就到",
    "+1",
    "1 2",
    "着急",
    "急诊在哪",
    "急死我了",
    "地名 老榕树头",
    "这个#地名 不对",
    "#词典 免费下载",
    "#词牌名 浣溪沙",
    "#删词典",
    "词 穗康码",
]


@pytest.mark.parametrize(("text", "word", "rest", "case"), SAID, ids=[row[0] for row in SAID])
def test_fixed_words(text: str, word: Word, rest: str, case: str | None) -> None:
    assert phrases_in(text) == (Phrase(word, rest, case),)


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_look_alikes_are_none(text: str) -> None:
    assert phrases_in(text) == ()


@pytest.mark.parametrize("text", ["1", "２", " 1. "])
def test_a_lone_number_may_be_a_choice_or_a_score(text: str) -> None:
    assert [phrase.word for phrase in phrases_in(text)] == [Word.CHOOSE, Word.RATE]


def test_a_long_text_is_no_fixed_word_unless_it_begins_with_one() -> None:
    assert phrases_in("没好" + "啊" * 500) == ()
    (forced,) = phrases_in("#报事 " + "灯坏了" * 200)
    assert forced.word is Word.FORCE_CASE


@pytest.mark.parametrize(
    "text",
    ["急" * 64_000, "认领" + " " * 64_000, "#报事" + " " * 64_000, "a-" * 32_000, "没" * 399],
)
def test_a_monstrous_text_is_read_at_once(text: str) -> None:
    started = time.perf_counter()
    phrases_in(text)
    case_named(text)
    assert time.perf_counter() - started < 2


CASES_NAMED = [
    ("DEMO-1-12 已到现场", "DEMO-1-12"),
    ("已到现场DEMO-1-12", "DEMO-1-12"),
    ("demo-1-12已到", "demo-1-12"),
    ("请看：GZ_TH-03-7，急", "GZ_TH-03-7"),
    ("138-0013-8000", "138-0013-8000"),  # a number; no such case is found, so nothing comes of it
    ("3栋-1", None),
    ("没有号码", None),
    ("DEMO-1-", None),
    ("DEMO-1-12345678901", None),
]


@pytest.mark.parametrize(("text", "case"), CASES_NAMED)
def test_a_case_is_named(text: str, case: str | None) -> None:
    assert case_named(text) == case


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("DEMO-1-12 已到现场，配件明天到", "已到现场，配件明天到"),
        ("demo-1-12：换了灯头", "换了灯头"),
        ("换了灯头 DEMO-1-12", "换了灯头"),
        ("DEMO-1-12", ""),
    ],
)
def test_what_is_said_about_it(text: str, words: str) -> None:
    assert words_after_case(text, "DEMO-1-12") == words


@pytest.mark.parametrize(
    ("rest", "hours"), [("", 1), ("一会", 1), ("一天", 24), ("1天", 24), ("今天", 24), ("半日", 24)]
)
def test_how_long_silence_lasts(rest: str, hours: int) -> None:
    assert silence_of(rest) == timedelta(hours=hours)


WORK = [
    ("收到", WorkWord.TAKES),
    ("我来", WorkWord.TAKES),
    ("我来处理", WorkWord.TAKES),
    ("接手", WorkWord.TAKES),
    ("已签收。", WorkWord.TAKES),
    ("我跟进", WorkWord.TAKES),
    ("灯修好了", WorkWord.DONE),
    ("已修好", WorkWord.DONE),
    ("2单元门好了，大家试一下自己的卡", WorkWord.DONE),
    ("昨天那块铁盖焊的，换了张新的，大家走得了", WorkWord.DONE),
    ("南门新杆子装上了", WorkWord.DONE),
    ("探头换过了，晚上你们看看", WorkWord.DONE),
    ("天面地漏掏通了，掏出一个鸟窝", WorkWord.DONE),
    ("接上了，可以用了", WorkWord.DONE),
    ("先用绳子围起来了，配件要厂家发", WorkWord.PROGRESS),
    ("先换上旧的了，新的明天到", WorkWord.PROGRESS),
    ("水厂说泵装上了，正在冲管子", WorkWord.PROGRESS),
    ("还在换，别催", WorkWord.PROGRESS),
    ("明天才能用", WorkWord.PROGRESS),
    ("可以用了吗", WorkWord.PROGRESS),
    ("门还没好", WorkWord.PROGRESS),
    ("已更换灯泡", WorkWord.DONE),
    ("换好了，明天再看一眼", WorkWord.DONE),
    ("修好了，没问题", WorkWord.DONE),
    ("已办结，换了水泵，水压正常", WorkWord.DONE),
    ("垃圾已清运", WorkWord.DONE),
    ("清理干净了", WorkWord.DONE),
    ("水恢复正常", WorkWord.DONE),
    ("已恢复供水", WorkWord.DONE),
    ("疏通好了", WorkWord.DONE),
    ("整好咗", WorkWord.DONE),
    ("处理完毕", WorkWord.DONE),
    ("已到现场，配件明天到", WorkWord.PROGRESS),
    ("师傅在路上", WorkWord.PROGRESS),
    ("已联系物业", WorkWord.PROGRESS),
    ("正在处理", WorkWord.PROGRESS),
    ("还没修好", WorkWord.PROGRESS),
    ("没修好", WorkWord.PROGRESS),
    ("无法修", WorkWord.PROGRESS),
    ("明天修好", WorkWord.PROGRESS),
    ("下午处理完", WorkWord.PROGRESS),
    ("预计后天恢复供水", WorkWord.PROGRESS),
    ("等配件到了就修好", WorkWord.PROGRESS),
    ("马上修好", WorkWord.PROGRESS),
    ("什么时候修好", WorkWord.PROGRESS),
    ("修好了吗？", WorkWord.PROGRESS),
    ("修好了没有", WorkWord.PROGRESS),
    ("修好了?", WorkWord.PROGRESS),
]


@pytest.mark.parametrize(("words", "meaning"), WORK)
def test_what_staffs_words_come_to(words: str, meaning: WorkWord) -> None:
    assert work_words(words) is meaning


@pytest.mark.parametrize(
    ("text", "work"),
    [
        ("师傅已经在路上了", True),
        ("已联系物业", True),
        ("供电局在抢修", True),
        ("我到现场了", True),
        ("修好了", True),
        ("中午吃什么", False),
        ("修好了吗", False),
        ("今天好热", False),
        ("谢谢大家", False),
    ],
)
def test_whether_a_workers_line_is_about_work(text: str, work: bool) -> None:
    assert sounds_like_work(text) is work


EMPTY = [
    *(
        "",
        "好",
        "OK",
        "好的",
        "好了",
        "搞定了",
        "已处理",
        "已处理完毕",
        "处理好了",
        "办结",
        "已完成",
    ),
    *("完成了", "已解决", "收到", "知悉", "望知悉", "高度重视", "正在处理", "已转相关部门处理"),
    *("已反映给职能部门", "已上报", "已处理。。。"),
]
SAYS_WHAT = [
    *("换了灯头", "换了灯头，试过亮了", "已清运垃圾两车", "师傅已修好水管", "拆了三间违建"),
    *("水泵换新，八点恢复供水", "两家谈好了，晚上十点后不放音乐"),
]


@pytest.mark.parametrize("words", EMPTY)
def test_words_that_say_nothing_do_not_close_a_case(words: str) -> None:
    assert is_empty_talk(words)


@pytest.mark.parametrize("words", SAYS_WHAT)
def test_words_that_say_what_was_done_do(words: str) -> None:
    assert not is_empty_talk(words)
