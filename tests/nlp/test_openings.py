"""What is left of a message when its opening is taken away."""

import pytest

from nlp.prepare import prepare

LEFT = [
    ("那个我讲一下啊电梯又停了", "电梯又停了"),
    ("大家好,我说一下,楼道灯不亮", "楼道灯不亮"),
    ("各位邻居们大家好 门口积水", "门口积水"),
    ("我是5栋1203,路灯不亮好几天了", "路灯不亮好几天了"),
    ("电梯又停了 我电话13800138000", "电梯又停了"),
    ("早上好 今天天气不错", "今天天气不错"),
    ("我讲声啊,我哋单元道门坏咗", "我们单元道门坏了"),
]
KEPT = [
    "大家好",
    "喂喂",
    "好久没见",
    "你好像说过这个",
    "麻烦看看路灯",
    "我想反映楼道灯不亮",
    "说一下吧",
]


@pytest.mark.parametrize(("text", "left"), LEFT)
def test_an_opening_is_no_part_of_the_matter(text: str, left: str) -> None:
    assert prepare(text, 500).normal == left


@pytest.mark.parametrize("text", KEPT)
def test_what_says_something_stays(text: str) -> None:
    assert prepare(text, 500).normal == text


def test_a_message_that_is_only_an_opening_is_not_emptied() -> None:
    assert prepare("我是5栋1203", 500).normal.startswith("我是")
