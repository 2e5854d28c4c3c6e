"""诉求性质: what sort of call it is, by its words and by what it is about."""

from __future__ import annotations

import pytest
from unit_samples import taxonomy

from intake.nature import NATURE_NAMES, Nature, nature_of

TOLD: list[tuple[str, str | None, Nature]] = [
    ("3栋楼下路灯又不亮了", "SZ03", Nature.HELP),
    ("3栋楼下路灯又不亮了，麻烦师傅看看，谢谢师傅", "SZ03", Nature.HELP),
    ("停水了，什么时候来水啊", "GY01", Nature.HELP),
    ("我要投诉，楼下烧烤摊占道", "SR05", Nature.COMPLAINT),
    ("楼下烧烤摊又摆出来了", "SR05", Nature.COMPLAINT),
    ("工地半夜还在打桩，没法睡", "HJ03", Nature.COMPLAINT),
    ("舉報有人偷排污水", "HJ07", Nature.COMPLAINT),
    ("窗口的人踢皮球，不办", "ZW05", Nature.COMPLAINT),
    ("建议在3栋门口加装一个路灯", "SZ03", Nature.SUGGESTION),
    ("能不能多放几个垃圾桶", "SR02", Nature.SUGGESTION),
    ("请问老人证怎么办理，要什么材料", "MZ03", Nature.INQUIRY),
    ("居住证去哪里办", "ZW01", Nature.INQUIRY),
    ("居委会几点下班", None, Nature.INQUIRY),
    ("派出所礼拜六上班吗", "ZW03", Nature.INQUIRY),
    ("供电所电话多少", "GY05", Nature.INQUIRY),
    ("办张居住证", "ZW01", Nature.INQUIRY),
    ("想问问社保断了怎么补", "LD04", Nature.HELP),
    ("想借一辆轮椅，问下在哪领", "HZ04", Nature.HELP),
    ("感谢网格员小陈帮我找回狗狗", None, Nature.THANKS),
    ("要表扬电工师傅，大半夜来修灯", "SZ03", Nature.THANKS),
    ("有事找你们", None, Nature.HELP),
    ("", None, Nature.HELP),
]


@pytest.mark.parametrize(("words", "item", "nature"), TOLD)
def test_what_sort_of_call(words: str, item: str | None, nature: Nature) -> None:
    assert nature_of(words, taxonomy().items.get(item or "")) is nature


def test_a_danger_is_a_cry_for_help() -> None:
    assert nature_of("举报！着火了", None, danger=True) is Nature.HELP


def test_every_nature_has_a_name() -> None:
    assert set(NATURE_NAMES) == set(Nature)


def test_every_item_is_of_some_nature() -> None:
    told = {nature_of("", item) for item in taxonomy().items.values()}
    assert {Nature.HELP, Nature.COMPLAINT, Nature.SUGGESTION, Nature.INQUIRY} <= told
