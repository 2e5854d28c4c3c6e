"""How much corrections weigh, and that nobody's weigh too much."""

from __future__ import annotations

import numpy as np
import pytest

from nlp.corpus import Row
from nlp.features import FeatureSettings
from nlp.lessons import (
    BASE_MOST,
    LABEL_SHARE,
    PERSON_SHARE,
    WEIGHT,
    Lesson,
    as_rows,
    fingerprint_of,
)
from nlp.machines import Table, joined

CORPUS = [Row("SZ03", f"路灯{n}不亮") for n in range(80)] + [
    Row("chat", f"哈{n}") for n in range(500)
]


def lessons(count: int, label: str, by: str = "t:陈", begin: int = 0) -> list[Lesson]:
    return [Lesson(begin + n, f"第{begin + n}件事", label, by) for n in range(count)]


TOTALS = (
    ("one alone has its whole weight", lessons(1, "SZ03"), WEIGHT),
    ("one for a label the corpus has not", lessons(1, "ZZ99"), WEIGHT),
    ("many of one person for a label the corpus has not", lessons(50, "ZZ99"), WEIGHT),
    ("two hundred of one person", lessons(200, "SZ03"), PERSON_SHARE * 80),
    ("chatter has no more than a label of a hundred lines", lessons(200, "chat"), 40.0),
    ("that it asks stands in no corpus", lessons(200, "request"), PERSON_SHARE * BASE_MOST),
    (
        "two persons",
        [*lessons(50, "SZ03"), *lessons(50, "SZ03", "t:孙", 50)],
        2 * PERSON_SHARE * 80,
    ),
    (
        "ten persons",
        [one for n in range(10) for one in lessons(50, "SZ03", f"t:{n}", 50 * n)],
        LABEL_SHARE * 80,
    ),
)


@pytest.mark.parametrize(("what", "some", "wanted"), TOTALS, ids=[row[0] for row in TOTALS])
def test_weights_in_all(what: str, some: list[Lesson], wanted: float) -> None:
    rows = as_rows(some, CORPUS)
    assert sum(row.weight for row in rows) == pytest.approx(wanted, rel=1e-3)


def test_the_same_words_count_once_and_nobody_is_named() -> None:
    some = [Lesson(1, "灯坏了", "SZ03", "t:陈"), Lesson(2, "灯坏了", "SZ03", "t:孙")]
    (row,) = as_rows(some, CORPUS)
    assert row.support
    assert "陈" not in f"{row}"


def test_the_fingerprint_is_of_what_is_learned() -> None:
    some = lessons(3, "SZ03")
    assert fingerprint_of(some) == fingerprint_of(reversed(some))
    assert fingerprint_of(some) != fingerprint_of(some[:2])
    assert fingerprint_of(some) != fingerprint_of(some, ["穗康码"])


def test_two_hundred_wrong_corrections_pull_no_category_down() -> None:
    """Defence two, alone: everybody's word is believed, and only the weights are bounded."""
    lamps = [
        Row("SZ03", f"{name}路灯坏了,晚上黑得很") for name in "东西南北前后左右" for _ in range(10)
    ]
    lights = [Row("JT04", f"{name}路口红绿灯坏了") for name in "东西南北"]
    said = [
        Lesson(
            n, f"{'东西南北前后左右'[n % 8]}路灯坏了,晚上黑得很{'啊' * (n // 8)}", "JT04", "t:陈"
        )
        for n in range(200)
    ]
    bounded = as_rows(said, [*lamps, *lights])
    rows = [*lamps, *lights, *bounded]
    table = Table([*rows, Row("?", "东边路灯坏了")], FeatureSettings(), None, lambda _line: None)
    labels = ("SZ03", "JT04")
    wanted = np.asarray([labels.index(row.label) for row in rows])
    where = np.arange(len(rows))

    def read() -> str:
        scores = table.scores(np.asarray([len(rows)]), joined(table, where, wanted, 2))
        return labels[int(scores.argmax())]

    assert read() == "SZ03"
    table.weights[-len(bounded) - 1 : -1] = WEIGHT
    assert read() == "JT04"
