"""What an announcement answers, and what it does not."""

from __future__ import annotations

import pytest

from intake.buildings import buildings_in
from intake.bulletins import says_still_not, tells_more


@pytest.mark.parametrize(
    ("text", "houses"),
    [
        ("1-4栋", "1 2 3 4"),
        ("1–4 栋", "1 2 3 4"),
        ("1栋到4栋", "1 2 3 4"),
        ("一至三栋", "1 2 3"),
        ("1、3、5栋", "1 3 5"),
        ("5栋6栋", "5 6"),
        ("1-2栋，7号楼", "1 2 7"),
        ("A栋、C座", "A C"),
        ("A-C栋", "A B C"),
        ("a栋", "A"),
        ("今晚10点到明早6点停水，1-4栋", "1 2 3 4"),
        ("3栋2单元401", "3"),
        ("全小区", ""),
        ("6点来水", ""),
    ],
)
def test_buildings_that_are_named(text: str, houses: str) -> None:
    assert sorted(buildings_in(text)) == houses.split()


@pytest.mark.parametrize(
    "text",
    [
        "没水了",
        "又停水了",
        "怎么突然没水了，正洗头呢",
        "停水了？",
        "3栋没水",
        "冇水啊",
        "家里一滴水都没有",
        "我家也停水了",
        "几点来水啊",
        "哎呀没水煮饭了",
        "水停了咯",
        "请问是停水吗",
    ],
)
def test_a_plain_cry_tells_no_more_than_the_announcement(text: str) -> None:
    assert not tells_more(text)


@pytest.mark.parametrize(
    "text",
    [
        "停水通知说6点来水，现在8点还没水",
        "水是黄的",
        "水管爆了",
        "说好早上来水的呢",
        "就我家没水，隔壁都有",
        "楼上楼下都有水，我家没有",
        "没水，家里有老人瘫痪在床",
        "没水了，要冲奶粉",
        "停水，阿婆要吃药透析",
        "三天没水了",
        "昨天就停水了",
        "天天停水",
        "通知里没写我们栋，怎么也没水",
        "到点了怎么还没水",
        "停水不是说1-4栋吗，我们7栋也没了",
        "没电了，配电箱有焦味",
        "没水了，走廊在漏",
    ],
)
def test_what_is_worse_or_otherwise_is_more(text: str) -> None:
    assert tells_more(text)


@pytest.mark.parametrize(
    "text",
    [
        "没来",
        "还没来",
        "还没水",
        "没有",
        "冇",
        "没呢",
        "还没来水啊",
        "没",
        "仍没水！",
        "我家还没来",
    ],
)
def test_still_not(text: str) -> None:
    assert says_still_not(text)


@pytest.mark.parametrize(
    "text", ["来了", "没事", "来水了，谢谢", "没关系", "好了", "", "有了", "没空"]
)
def test_all_well(text: str) -> None:
    assert not says_still_not(text)
