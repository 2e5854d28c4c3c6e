"""The training lines themselves: enough of each, many voices, nothing from a template."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from intake.taxonomy import Taxonomy
from nlp.corpus import Row
from nlp.corpus_folder import read_folder
from nlp.corpus_quality import (
    Quality,
    bare,
    in_both,
    measure_corpus,
    near_duplicates,
    vocabulary,
)

DATA = Path(__file__).resolve().parents[2] / "training_data"
FEWEST_LINES = 80
FEWEST_OF_A_DANGER = 40
MOST_NEAR = 0.02
LEAST_WITHOUT_KEYWORD = 0.60
FEWEST_PERSONAS = 60
# Shares of the lines with an item; a voice in two scripts counts for both.
LEAST_OF_VOICE = [
    ("yue", ("yue", "yue+trad"), 0.25),
    ("trad", ("trad", "yue+trad"), 0.13),
    ("elder", ("elder",), 0.12),
    ("dialect", ("dialect",), 0.08),
]
# Of 60 lines of an item: distinct signs, distinct pairs of signs, their share of all pairs.
LEAST_SIGNS, LEAST_PAIRS, LEAST_FRESH = 260, 690, 0.60
# Lines of so few signs are nobody's own.
SAID_BY_ALL = 6
# Shorter than four signs and still a whole request.
SHORT = {
    "停水了",
    "没水了",
    "冇水",
    "水又停",
    "水好细",
    "水压低",
    "停电了",
    "没电了",
    "冇电啊",
    "冇电啦",
    "又黑了",
    "停气了",
    "网断了",
    "断网了",
    "没信号",
    "树倒了",
    "楼歪了",
    "停车难",
    "停电？",
    "水停了",
    "又停",
    "冇电",
    "没水",
}


@pytest.fixture(scope="module")
def corpus(taxonomy: Taxonomy) -> list[Row]:
    return read_folder(DATA / "corpus", taxonomy)


@pytest.fixture(scope="module")
def quality(corpus: list[Row], taxonomy: Taxonomy) -> Quality:
    return measure_corpus(corpus, taxonomy)


def test_every_item_has_enough_lines(quality: Quality) -> None:
    assert {code: n for code, n in quality.lines.items() if n < FEWEST_LINES} == {}


def test_hardly_two_lines_of_an_item_are_alike(quality: Quality) -> None:
    assert quality.near_share < MOST_NEAR


@pytest.mark.parametrize(("name", "voices", "least"), LEAST_OF_VOICE, ids=lambda x: str(x))
def test_every_voice_is_heard(
    quality: Quality, name: str, voices: tuple[str, ...], least: float
) -> None:
    assert sum(quality.voices[voice] for voice in voices) >= least


def test_many_people_speak(quality: Quality) -> None:
    assert quality.personas >= FEWEST_PERSONAS


def test_most_lines_are_told_in_other_words_than_the_keywords(quality: Quality) -> None:
    assert quality.keyword_free >= LEAST_WITHOUT_KEYWORD


def test_lines_are_as_long_as_chat(quality: Quality) -> None:
    assert {row.text for row in quality.odd_lengths} <= SHORT


def test_no_line_is_in_the_holdout_too(corpus: list[Row], taxonomy: Taxonomy) -> None:
    """But [图片], 收到 and 好人一生平安 are said in every chat."""
    holdout = [
        row
        for row in read_folder(DATA / "holdout", taxonomy)
        if len(bare(row.text)) > SAID_BY_ALL and row.label != "media_only"
    ]
    assert holdout
    assert [row.label for row in in_both(corpus, holdout)] == []


def test_hard_pairs_are_covered_from_both_sides(corpus: list[Row], taxonomy: Taxonomy) -> None:
    """Both sides have their lines; a danger also has lines that only sound like it."""
    counts: dict[str, int] = {}
    for row in corpus:
        counts[row.label] = counts.get(row.label, 0) + 1
    sides = [side for first, second, _ in taxonomy.hard_pairs for side in (first, second)]
    dangers = [code for code in sides if code in taxonomy.emergencies]
    wanted = {code: FEWEST_LINES for code in sides if code in taxonomy.items}
    wanted |= dict.fromkeys(dangers, FEWEST_OF_A_DANGER)
    wanted |= {f"not:{code}": FEWEST_OF_A_DANGER for code in dangers}
    assert {code for code, least in wanted.items() if counts.get(code, 0) < least} == set()


def test_every_item_is_rich_in_words(quality: Quality) -> None:
    assert {code for code, found in quality.vocabulary.items() if not rich(code, quality)} == set()


def rich(code: str, quality: Quality) -> bool:
    found = quality.vocabulary[code]
    return found.signs >= LEAST_SIGNS and found.pairs >= LEAST_PAIRS and found.fresh >= LEAST_FRESH


def slot_filled() -> list[str]:
    """An item as a lazy hand would make it: places × things × pleas."""
    places = ("3栋楼下", "村口", "菜市场门口", "小学旁边", "公交站", "祠堂后面", "桥头", "河边")
    faults = ("的路灯不亮了", "的灯坏了", "那盏灯一直闪", "黑漆漆的没有灯")
    pleas = (",麻烦处理一下", ",请尽快安排人来修", ",有没有人管", "")
    return ["".join(parts) for parts in product(places, faults, pleas)]


def test_a_slot_filled_item_would_be_noticed() -> None:
    found = vocabulary(slot_filled())
    assert found.signs < LEAST_SIGNS / 2
    assert found.pairs < LEAST_PAIRS / 2
    assert found.fresh < LEAST_FRESH / 2
    assert len(near_duplicates(slot_filled())) > 10 * MOST_NEAR * len(slot_filled())


def test_near_duplicates_see_through_script_and_signs() -> None:
    assert near_duplicates(["楼下路灯又不亮了", "樓下路燈又不亮了!!", "电梯坏了三天"]) == [
        ("樓下路燈又不亮了!!", "楼下路灯又不亮了")
    ]
