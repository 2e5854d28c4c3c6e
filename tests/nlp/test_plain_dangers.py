"""Who cries out a danger and nothing else is taken at their word."""

from __future__ import annotations

import pytest

from nlp.plain_dangers import plain_danger
from nlp.reader import Reader

CRIES = [
    ("5栋着火了", "E01"),
    ("三栋着火了", "E01"),
    ("我家着火了", "E01"),
    ("6栋冒烟了", "E01"),
    ("3栋煤气泄漏", "E02"),
    ("楼道里好大的煤气味", "E02"),
    ("2单元有老人晕倒了", "E03"),
    ("小孩走丢了", "E06"),
    ("有人触电了", "E08"),
    ("5栋电梯困人了", "E09"),
    ("我被困在电梯里了", "E09"),
    ("河边有人落水了 快来人", "E12"),
    ("大门口撞到人了", "E14"),
    ("南门口出车祸了", "E14"),
    ("门口撞车了有人受伤", "E14"),
    ("电梯里关了个人", "E09"),
    ("河里有人溺水", "E12"),
    ("3栋2单元着火咧", "E01"),
]
ELSE = [
    "去年5栋着火了",
    "着火了吗",
    "嗓子冒烟了",
    "我心里着火了",
    "听说5栋着火了",
    "今天热得要着火了",
    "钱包丢了",
    "我家狗走丢了",
    "手机着火了会不会爆炸",
    "电梯不困人吧",
    "昨天那个老人晕倒了后来怎么样",
    "",
]


@pytest.mark.parametrize(("text", "danger"), CRIES)
def test_a_plain_cry(reader: Reader, text: str, danger: str) -> None:
    assert reader.read([text])[0].emergency == danger


@pytest.mark.parametrize("text", ELSE)
def test_more_or_other_words_are_left_to_the_model(text: str) -> None:
    assert plain_danger(text) is None
