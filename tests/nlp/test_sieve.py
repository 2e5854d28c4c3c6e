"""A sieve never keeps back what a row would catch."""

import re

import pytest

from nlp.emergency_patterns import CUES, GUARDS, SURE
from nlp.sieve import signs_needed


@pytest.mark.parametrize(
    ("pattern", "groups"),
    [
        ("火", ["火"]),
        ("[火烟]", ["火烟"]),
        ("着火|起火", ["着起", "火"]),
        ("火.{0,4}楼?", ["火"]),
        ("(?:火|)", []),
        (r"\d+火", ["火"]),
        ("火(?!车)", ["火"]),
        ("(?:大火)+烧{0}", ["大", "火"]),
        ("[^火]烧", ["烧"]),
        ("[^火]", []),
        ("烧{2}", ["烧"]),
    ],
)
def test_what_a_row_needs(pattern: str, groups: list[str]) -> None:
    assert set(signs_needed(pattern)) == {frozenset(group) for group in groups}


@pytest.mark.parametrize(
    "text",
    [
        "着火了,五楼窗口冒黑烟,快打119",
        "有人晕倒在门口 口吐白沫 快叫救护车",
        "我被困在电梯里了 里面好热",
        "孩子一个人反锁在屋里",
        "煤气味好大 漏气了",
        "听说昨天有人跳楼 好在没事了",
    ],
)
def test_what_hits_passes(text: str) -> None:
    rows = [row for _, row in (*SURE, *CUES, *GUARDS) if re.search(row, text)]
    assert rows
    for row in rows:
        assert not any(group.isdisjoint(text) for group in signs_needed(row))
