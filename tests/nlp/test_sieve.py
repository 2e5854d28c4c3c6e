"""A sieve never keeps back what a row would catch."""

import re

import pytest

from nlp.dangers import DANGERS
from nlp.dangers.guards import CUES, GUARDS
from nlp.sieve import signs_needed
from nlp.sieve_many import ManySieve


def _every_row() -> list[str]:
    of_dangers = [row for danger in DANGERS for row in danger.rows]
    return of_dangers + [row for _, row in (*CUES, *GUARDS)]


@pytest.mark.parametrize(
    ("pattern", "ways"),
    [
        ("火", [["火"]]),
        ("[火烟]", [["火烟"]]),
        ("着火|起烟", [["着", "火"], ["起", "烟"]]),
        ("窗(?:着火|起烟)", [["窗", "着起", "火烟"]]),
        ("火.{0,4}楼?", [["火"]]),
        ("(?:火|)", [["火"], []]),
        ("火车|.", [["火", "车"], []]),
        (r"\d+火", [["火"]]),
        ("火(?!车)", [["火"]]),
        ("(?:大火)+烧{0}", [["大", "火"]]),
        ("[^火]烧", [["烧"]]),
        ("[^火]", [[]]),
        ("烧{2}", [["烧"]]),
    ],
)
def test_what_a_row_needs(pattern: str, ways: list[list[str]]) -> None:
    wanted = {frozenset(map(frozenset, way)) for way in ways}
    assert {frozenset(way) for way in signs_needed(pattern)} == wanted


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
    rows = _every_row()
    sieve = ManySieve(list(map(signs_needed, rows)))
    passed = sieve.rows(sieve.ways(text))
    hits = [number for number, row in enumerate(rows) if re.search(row, text)]
    assert hits
    assert set(hits) <= set(passed)
    assert passed == sorted(passed)


def test_every_row_of_ours_is_sieved() -> None:
    """The tree that Python's parser makes is no promise: where it is read no more, nothing is sieved."""
    rows = _every_row()
    assert [row for row in rows if not all(signs_needed(row))] == []


def test_each_row_by_itself() -> None:
    patterns = ["火", "着火|起烟", "火.*烟.*窗.*楼", ".", "车"]
    sieve = ManySieve(list(map(signs_needed, patterns)))
    wanted = {
        "着火": "火着.",
        "": ".",
        "起窗": ".",
        "窗楼烟火": "火楼.",
        "起火": "火.",
        "烟起": "着.",
    }
    for text, names in wanted.items():
        assert sieve.rows(sieve.ways(text)) == ["火着楼.车".index(name) for name in names]


def test_the_ways_of_some_rows() -> None:
    sieve = ManySieve(list(map(signs_needed, ["火", "着火|起烟", ".", "车"])))
    assert sieve.rows(sieve.of([3, 1])) == [1, 3]
    assert sieve.rows(sieve.ways("起火烟") & sieve.of([0, 3])) == [0]
