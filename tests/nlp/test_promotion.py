"""When a new model may serve: the rule as a table, and what it is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nlp.corpus import Row
from nlp.promotion import (
    CALM,
    CHANCE,
    CORRECTED,
    DANGER,
    HEARD,
    QUIET,
    Trial,
    floor_of,
    is_worse,
    judge,
    lost_and_won,
    right_items,
    try_on,
)
from nlp.reader import Reader

F1 = {"SZ": 0.90, "WY": 0.80, "ZZ": 0.60}


def trial(measure: str = HEARD, right: int = 100, of: int = 100, **f1: float) -> Trial:
    """All measures perfect but one, of which the first `right` lines are right."""
    lines = {name: [True] * of for name in CHANCE}
    lines[measure] = [n < right for n in range(of)]
    return Trial(lines, F1 | f1, 0.8)


SERVING = trial()

# (the candidate, what the reason must name; "" for none)
RULE = (
    ("just as good", trial(), ""),
    ("four requests fewer may be chance", trial(HEARD, 96), ""),
    ("five requests fewer", trial(HEARD, 95), f"{HEARD}: 5 lines lost and 0 won"),
    ("four of the chatter more may be chance", trial(QUIET, 96), ""),
    ("five of the chatter more", trial(QUIET, 95), QUIET),
    ("two dangers fewer may be chance", trial(DANGER, 98), ""),
    ("three dangers fewer", trial(DANGER, 97), DANGER),
    ("five false alarms more", trial(CALM, 95), CALM),
    ("five corrections fewer", trial(CORRECTED, 95), CORRECTED),
    ("a category falls a little", trial(SZ=0.875), ""),
    ("a category falls through its floor", trial(SZ=0.865), "SZ: F1 0.865"),
    ("a category below the lowest floor must not fall at all", trial(ZZ=0.59), "ZZ: F1 0.590"),
    ("a category that was never heard", trial(WY=0.0), "WY: F1 0.000"),
    ("numbers that are none", replace(trial(), finite=False), "not finite"),
)


@pytest.mark.parametrize(("what", "candidate", "reason"), RULE, ids=[row[0] for row in RULE])
def test_the_rule(what: str, candidate: Trial, reason: str) -> None:
    judgement = judge(candidate, {"the model in use": SERVING})
    assert judgement.may_serve is not bool(reason), judgement.reasons
    assert reason in "".join(judgement.reasons)


def test_losses_that_are_won_back_elsewhere_are_chance() -> None:
    mine = trial(HEARD, 90)
    theirs = Trial({**SERVING.lines, HEARD: [n >= 9 for n in range(100)]}, F1, 0.8)
    assert lost_and_won(mine.lines[HEARD], theirs.lines[HEARD]) == (10, 9)
    assert judge(mine, {"the model in use": theirs}).may_serve


def test_small_steps_down_end_at_the_built_model() -> None:
    """Each night two dangers fewer would be chance; against the built-in model they add up."""
    candidate, before = trial(DANGER, 96), trial(DANGER, 98)
    assert judge(candidate, {"the model in use": before}).may_serve
    both = judge(candidate, {"the model in use": before, "the built-in model": trial()})
    assert both.reasons == (f"{DANGER}: 4 lines lost and 0 won against the built-in model",)


def test_without_a_rival_the_floor_alone_counts() -> None:
    assert judge(trial(), {}).reasons == ("ZZ: F1 0.600 is below the floor 0.70",)
    assert judge(trial(ZZ=0.7), {}).may_serve


CHANCES = ((4, 0, 0.05, False), (5, 0, 0.05, True), (8, 2, 0.05, False), (9, 1, 0.05, True))
CHANCES += ((2, 0, 0.15, False), (3, 0, 0.15, True), (0, 0, 0.05, False), (0, 9, 0.05, False))


@pytest.mark.parametrize(("lost", "won", "chance", "wanted"), CHANCES)
def test_what_chance_may_do(lost: int, won: int, chance: float, wanted: bool) -> None:
    assert is_worse(lost, won, chance) is wanted


FLOORS = ((0.90, 0.87), (0.72, 0.70), (0.70, 0.70), (0.65, 0.65))


@pytest.mark.parametrize(("f1", "floor"), FLOORS)
def test_floors(f1: float, floor: float) -> None:
    assert floor_of(f1) == pytest.approx(floor)


def test_a_reader_is_tried_line_by_line(reader: Reader) -> None:
    rows = [
        Row("SZ03", "3栋楼下路灯又不亮了"),
        Row("chat", "今天天气真好"),
        Row("E01", "着火了,五楼窗口冒黑烟,快打119"),
        Row("not:E03", "笑到我要晕倒了"),
    ]
    found = try_on(reader, rows)
    assert found.finite
    assert found.lines[HEARD][0] is True
    assert found.lines[HEARD][1] is None
    assert found.lines[QUIET] == [None, True, None, None]
    assert found.lines[DANGER] == [None, None, True, None]
    assert found.lines[CALM][2] is None
    assert found.f1["SZ"] == 1.0
    assert right_items(reader, rows[:1]) == [True]
    assert set(found.scores()) == {"category_f1", HEARD, QUIET, DANGER, CALM}
