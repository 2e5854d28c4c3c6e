"""Names that a cue gives away are covered; what only looks like one stays."""

from __future__ import annotations

import pytest

from intake.nameless import without_names

COVERED = (
    ("王阿姨家水管爆了", "＊阿姨家水管爆了"),
    ("麻烦陈师傅来看看电梯", "麻烦＊师傅来看看电梯"),
    ("请张小林师傅来修灯", "请＊师傅来修灯"),
    ("王建国主任说过会修的", "＊主任说过会修的"),
    ("李生，你楼下漏水", "＊生，你楼下漏水"),
    ("问陈太 垃圾几时收", "问＊太 垃圾几时收"),
    ("黄师傅上次修的又坏了", "＊师傅上次修的又坏了"),
    ("歐陽先生屋企冇水", "＊先生屋企冇水"),
    ("陳師傅幾時嚟整燈", "＊師傅幾時嚟整燈"),
    ("@王小明 路灯不亮了", "@＊ 路灯不亮了"),
    ("@开心果：楼道灯坏了", "@＊：楼道灯坏了"),
    ("我叫王小明，楼道灯坏了", "我叫＊，楼道灯坏了"),
    ("我是李红住3栋，没水", "我是＊住3栋，没水"),
    ("我姓陈，电梯坏了", "我姓＊，电梯坏了"),
    ("本人张三，反映噪音", "本人＊，反映噪音"),
    ("小陈说明天修", "小＊说明天修"),
    ("找老李帮忙换灯泡", "找老＊帮忙换灯泡"),
    ("李姐门口堆了垃圾", "＊姐门口堆了垃圾"),
)
KEPT = (
    "3栋楼下路灯又不亮了",
    "@物业 电梯坏了",
    "@所有人 明天停水",
    "我是高层住户，没水",
    "我叫了物业三次没人来",
    "卫生间漏水",
    "水太黄太脏了",
    "学生过马路危险",
    "小黄车乱停",
    "老胡同里没有灯",
    "小孙子被狗追",
    "医生开的药报销不了",
    "师傅修得真快",
    "高空抛物",
    "老马路坑坑洼洼",
    "施工先生活污水后排",
    "wang@example.org",
    "",
)


@pytest.mark.parametrize(("text", "wanted"), COVERED)
def test_a_name_with_a_cue_is_covered(text: str, wanted: str) -> None:
    assert without_names(text) == wanted


@pytest.mark.parametrize("text", KEPT)
def test_what_is_no_name_stays(text: str) -> None:
    assert without_names(text) == text


def test_covering_twice_changes_nothing_more() -> None:
    for text, _ in COVERED:
        once = without_names(text)
        assert without_names(once) == once
