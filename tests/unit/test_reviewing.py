"""Which corrections are learned from: the rows of the rule, one by one."""

from __future__ import annotations

import pytest

from intake.reviewing import (
    ENOUGH,
    LEARNED,
    Agreement,
    Opinion,
    Standing,
    agreement_of,
    key_of,
    near_keys,
    review,
    same_answer,
)

LAMP = "3栋楼下路灯又不亮了"
CHEN, SUN, LI, WANG = "t:陈", "t:孙", "t:李", "t:王"
MODERATORS = {CHEN, SUN, LI}


def said(id: int, by: str, label: str, text: str = LAMP, accepted: bool | None = None) -> Opinion:
    return Opinion(id, text, label, by, by in MODERATORS, accepted)


# (what was said of it, the standing of each in order)
TABLE: tuple[tuple[str, tuple[Opinion, ...], tuple[Standing, ...]], ...] = (
    ("a neighbour's word alone", (said(1, WANG, "SZ03"),), (Standing.ALONE,)),
    ("a moderator's word", (said(1, CHEN, "SZ03"),), (Standing.TRUSTED,)),
    (
        "a moderator says the same as the neighbour",
        (said(1, WANG, "SZ03"), said(2, CHEN, "SZ03")),
        (Standing.SECONDED, Standing.TRUSTED),
    ),
    (
        "two neighbours are still neighbours",
        (said(1, WANG, "SZ03"), said(2, "t:赵", "SZ03")),
        (Standing.ALONE, Standing.ALONE),
    ),
    (
        "the same person twice is one person",
        (said(1, WANG, "SZ03"), said(2, WANG, "SZ03")),
        (Standing.ALONE, Standing.ALONE),
    ),
    (
        "two moderators differ",
        (said(1, CHEN, "SZ03"), said(2, SUN, "JT04")),
        (Standing.CONTRADICTED, Standing.CONTRADICTED),
    ),
    (
        "a neighbour differs from a moderator",
        (said(1, WANG, "chat"), said(2, SUN, "SZ03")),
        (Standing.CONTRADICTED, Standing.CONTRADICTED),
    ),
    (
        "nearly the same words, another answer",
        (said(1, CHEN, "SZ03"), said(2, SUN, "JT04", "5栋楼下路灯又不亮了！")),
        (Standing.CONTRADICTED, Standing.CONTRADICTED),
    ),
    (
        "other words, another answer",
        (said(1, CHEN, "SZ03"), said(2, SUN, "JT04", "路口红绿灯不亮")),
        (Standing.TRUSTED, Standing.TRUSTED),
    ),
    (
        "the same person changed their mind",
        (said(1, CHEN, "JT04"), said(2, CHEN, "SZ03")),
        (Standing.SUPERSEDED, Standing.TRUSTED),
    ),
    (
        "somebody looked at one of two",
        (said(1, CHEN, "SZ03", accepted=True), said(2, SUN, "JT04")),
        (Standing.ACCEPTED, Standing.OVERRULED),
    ),
    (
        "what was refused contradicts nobody",
        (said(1, CHEN, "SZ03", accepted=False), said(2, SUN, "JT04")),
        (Standing.REFUSED, Standing.TRUSTED),
    ),
    (
        "accepted by a person, a neighbour's word counts",
        (said(1, WANG, "SZ03", accepted=True),),
        (Standing.ACCEPTED,),
    ),
    (
        "that it asks goes with any item",
        (said(1, WANG, "request"), said(2, CHEN, "SZ03")),
        (Standing.ALONE, Standing.TRUSTED),
    ),
    ("words that were withdrawn", (said(1, CHEN, "SZ03", ""),), (Standing.GONE,)),
)


@pytest.mark.parametrize(("what", "opinions", "wanted"), TABLE, ids=[row[0] for row in TABLE])
def test_standing(what: str, opinions: tuple[Opinion, ...], wanted: tuple[Standing, ...]) -> None:
    found = review(opinions, agreement_of(opinions))
    assert tuple(found[one.id] for one in opinions) == wanted, what


def test_whoever_is_mostly_contradicted_waits_for_a_second() -> None:
    opinions = [
        said(n, CHEN, "JT04", f"第{'灯水路门窗墙树车井电'[n]}样东西坏了") for n in range(10)
    ]
    doubted = review(opinions, {CHEN: Agreement(ENOUGH, ENOUGH)})
    assert set(doubted.values()) == {Standing.DOUBTED}
    seconded = review(
        [*opinions, said(11, SUN, "JT04", opinions[0].text)], {CHEN: Agreement(10, 10)}
    )
    assert seconded[0] is Standing.SECONDED


AGREEMENT = (
    ("nobody says otherwise", (said(1, CHEN, "SZ03"),), {}, (1, 0)),
    ("the frozen model is certain of the same", (said(1, CHEN, "SZ03"),), {1: "SZ03"}, (1, 0)),
    ("the frozen model is certain otherwise", (said(1, CHEN, "JT04"),), {1: "SZ03"}, (1, 1)),
    ("a person refused it", (said(1, CHEN, "JT04", accepted=False),), {}, (1, 1)),
    ("a person accepted it", (said(1, CHEN, "JT04", accepted=True),), {1: "SZ03"}, (1, 0)),
    ("one other differs", (said(1, CHEN, "JT04"), said(2, SUN, "SZ03")), {}, (1, 1)),
    (
        "one agrees, one differs",
        (said(1, CHEN, "JT04"), said(2, SUN, "SZ03"), said(3, LI, "JT04")),
        {1: "SZ03"},
        (1, 0),
    ),
    ("a neighbour differs", (said(1, CHEN, "JT04"), said(2, WANG, "SZ03")), {}, (1, 0)),
)


@pytest.mark.parametrize(("what", "opinions", "certain", "wanted"), AGREEMENT)
def test_agreement(
    what: str, opinions: tuple[Opinion, ...], certain: dict[int, str], wanted: tuple[int, int]
) -> None:
    found = agreement_of(opinions, certain)[CHEN]
    assert (found.said, found.contradicted) == wanted, what


def test_a_few_words_doubt_nobody() -> None:
    assert not Agreement(ENOUGH - 1, ENOUGH - 1).low
    assert Agreement(ENOUGH, ENOUGH).low
    assert not Agreement(100, 40).low


SAME = (("SZ03", "SZ03", True), ("SZ03", "JT04", False), ("request", "SZ03", True))
SAME += (("request", "chat", False), ("thanks", "chat", True), ("chat", "SZ03", False))


@pytest.mark.parametrize(("one", "other", "wanted"), SAME)
def test_which_answers_go_together(one: str, other: str, wanted: bool) -> None:
    assert same_answer(one, other) is wanted
    assert same_answer(other, one) is wanted


def test_numbers_and_signs_make_no_other_text() -> None:
    assert key_of("3栋楼下，路灯不亮！") == key_of("十二栋楼下路灯不亮")


def test_what_is_near_is_found_without_comparing_all() -> None:
    keys = [
        key_of(text) for text in ("楼道灯坏了三天", "楼道灯坏了三天了", "电梯坏了", "电梯门坏了")
    ]
    near = near_keys(keys)
    assert near[keys[0]] == {keys[1]}
    assert near[keys[2]] == set()


def test_two_hundred_wrong_words_of_one_person_all_wait() -> None:
    """Defence one: the frozen model is certain of most of them, so they wait for a second person."""
    opinions = [
        said(n, CHEN, "JT04", f"{chr(0x4E00 + n * 7)}处楼下路灯又不亮了") for n in range(200)
    ]
    certain = dict.fromkeys(range(0, 200, 2), "SZ03")
    found = review(opinions, agreement_of(opinions, certain))
    assert [one for one in found.values() if one in LEARNED] == []
