"""Dangers and what only sounds like one, against the rows alone (no model)."""

import pytest

from intake.taxonomy import Taxonomy
from nlp.dangers import DANGERS
from nlp.emergency import CONCERNS, concerns, guarded, read_signals
from nlp.prepare import prepare

TOLD = [
    ("E01", "五楼窗口冒黑烟,快打119"),
    ("E01", "隔籬間屋着咗火呀"),
    ("E02", "厨房一股好浓的煤气味,头晕"),
    ("E03", "有个老人晕倒在路边,叫不醒"),
    ("E04", "有人站在天台边上要跳楼"),
    ("E05", "隔壁男的又在打老婆,女的喊救命"),
    ("E06", "我儿子不见了,五岁,穿红衣服"),
    ("E07", "我爸老年痴呆,早上出门到现在没回来"),
    ("E08", "有人触电了,手黏在电线上"),
    ("E09", "我们被困在电梯里了"),
    ("E10", "楼上掉下来的花盆砸到人了,满头血"),
    ("E11", "我妈正要给骗子转账,说是公安局的安全账户"),
    ("E12", "有小孩掉进鱼塘了"),
    ("E13", "有人拿刀追着人砍"),
    ("E14", "路口撞车了,有人躺在地上不动"),
    ("E15", "后面的墙塌了,压住了两个人"),
    ("E16", "有个男的要把小女孩拖上面包车"),
    ("E17", "他精神病犯了,拿着菜刀在楼道砸门"),
    ("E18", "刺鼻的白烟飘过来,大家咳得睁不开眼"),
    ("E19", "食堂吃完饭,十几个孩子都在吐"),
    ("E20", "宝宝反锁在屋里了,才一岁"),
]
HARMLESS = [
    "今天热死了",
    "笑死我了哈哈哈",
    "昨晚那部电影里大楼着火那段真吓人",
    "小时候我也走丢过一次",
    "明天消防演习,听到警报不要慌",
    "这家店火得不行",
    "老公出差了,一个人带娃累死",
    "游戏里又被人砍死了",
    "路灯不亮",
    "什么时候来水",
    "谢谢大家",
    "",
]


@pytest.mark.parametrize(("code", "text"), TOLD)
def test_a_danger_is_seen(code: str, text: str) -> None:
    assert code in prepare(text, 500).signals.hits


@pytest.mark.parametrize(("code", "text"), TOLD)
def test_and_no_guard_holds_it_back(code: str, text: str) -> None:
    assert prepare(text, 500).signals.alarm is not None


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_danger_raises_no_alarm(text: str) -> None:
    assert read_signals(prepare(text, 500).normal).alarm is None


@pytest.mark.parametrize(
    ("text", "held"),
    [("保安晕过去了", False), ("过去这里着过火", True), ("味道散了", True), ("没着火", True)],
)
def test_what_is_past_or_over_is_guarded(text: str, held: bool) -> None:
    assert guarded(text) == held


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("球掉池塘里了", False),
        ("我家无人机掉湖里了", False),
        ("小孩捡球掉池塘里了", True),
        ("玩手机掉河里了", True),
    ],
)
def test_a_ball_may_fall_into_the_water(text: str, seen: bool) -> None:
    """But not whoever goes after it."""
    assert ("E12" in prepare(text, 500).signals.hits) == seen


def test_every_danger_says_what_it_may_concern(taxonomy: Taxonomy) -> None:
    """Every class of the taxonomy, and nothing that it does not have; the borders of `hard_pairs` hold."""
    known = {*taxonomy.items, *(item.category for item in taxonomy.items.values())}
    assert [danger.code for danger in DANGERS] == list(taxonomy.emergencies) == list(CONCERNS)
    assert {code for of in CONCERNS.values() for code in of} <= known
    for item, danger, _ in taxonomy.hard_pairs:
        if danger in CONCERNS:
            assert concerns(danger, taxonomy.items[item]), (item, danger)


def test_a_fire_is_no_matter_of_wages(taxonomy: Taxonomy) -> None:
    assert not concerns("E01", taxonomy.items["LD01"])
    assert concerns("E09", taxonomy.items["WY01"])
