"""Quiet hours and budgets of the tree, and what is no such thing."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from intake.manners import (
    BUDGET,
    NONE,
    Manners,
    OwnManners,
    manners_at,
    midnight,
    next_morning,
    quiet_hours,
)

ZONE = ZoneInfo("Asia/Shanghai")
NIGHT = (time(22), time(7))
PATH = ("D", "S", "C", "G")

# What was said of nodes; what holds in the grid where the setting is 22-7.
TREE: list[tuple[list[OwnManners], Manners]] = [
    ([], Manners(NIGHT, BUDGET)),
    ([OwnManners("S", "23-6")], Manners((time(23), time(6)), BUDGET)),
    ([OwnManners("S", "23-6"), OwnManners("G", NONE)], Manners(None, BUDGET)),
    ([OwnManners("S", "23-6", 2), OwnManners("G", None, 4)], Manners((time(23), time(6)), 4)),
    ([OwnManners("D", NONE, 0), OwnManners("C", "21-8")], Manners((time(21), time(8)), 0)),
    ([OwnManners("OTHER", NONE, 0)], Manners(NIGHT, BUDGET)),
    ([OwnManners("G", "7-7")], Manners(None, BUDGET)),
]


@pytest.mark.parametrize(("said", "holds"), TREE)
def test_a_grid_takes_the_nearest(said: list[OwnManners], holds: Manners) -> None:
    assert manners_at(PATH, {one.node: one for one in said}, NIGHT) == holds


@pytest.mark.parametrize("text", ["", "22", "22-", "22-25", "-1-3", "10点-7点", "22–7", "none"])
def test_what_are_no_hours(text: str) -> None:
    with pytest.raises(ValueError, match="22-7"):
        quiet_hours(text)


@pytest.mark.parametrize(
    ("now", "quiet", "morning"),
    [
        ("2026-11-24 15:00", NIGHT, "2026-11-25 07:00"),
        ("2026-11-24 06:59", NIGHT, "2026-11-24 07:00"),
        ("2026-11-24 07:00", NIGHT, "2026-11-25 07:00"),
        ("2026-12-31 15:00", None, "2027-01-01 08:00"),
        ("2026-11-24 15:00", (time(22), time(0)), "2026-11-25 00:00"),
    ],
)
def test_the_next_morning(now: str, quiet: tuple[time, time] | None, morning: str) -> None:
    at = [datetime.fromisoformat(text).replace(tzinfo=ZONE) for text in (now, morning)]
    assert next_morning(at[0], ZONE, quiet) == at[1]
    assert midnight(at[0], ZONE) == at[0].replace(hour=0, minute=0)
