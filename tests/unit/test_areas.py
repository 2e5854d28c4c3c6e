"""Which buildings and roads belong to a grid."""

from __future__ import annotations

import pytest

from intake.areas import in_area, rightful
from intake.grids import Grid

ONE = Grid("C-1", "一格", ("D", "S", "C", "C-1"), area=("1栋", "2栋", "榕树路"))
TWO = Grid("C-2", "二格", ("D", "S", "C", "C-2"), area=("5栋", "六号楼", "翠园7栋"))
FAR = Grid("X-1", "别处", ("D", "S", "X", "X-1"), area=("9栋",))


@pytest.mark.parametrize(
    ("place", "there"),
    [
        ("5栋楼下", True),
        ("五号楼2单元", True),
        ("6幢门口", True),
        ("15栋楼下", False),
        ("翠园7栋", True),
        ("碧园7栋", False),
        ("7栋", False),
        ("5栋和6栋之间", False),
        ("榕树路口", False),
        ("", False),
        (None, False),
    ],
)
def test_what_lies_in_an_area(place: str | None, there: bool) -> None:
    assert in_area(place, TWO.area) is there


@pytest.mark.parametrize(
    ("place", "grid"),
    [
        ("5栋楼下", "C-2"),
        ("1栋楼下", "C-1"),
        ("榕树路5号", "C-1"),
        ("9栋楼下", "C-1"),  # another community's
        ("12栋楼下", "C-1"),  # on nobody's list
        ("老榕树", "C-1"),
        (None, "C-1"),
    ],
)
def test_where_a_report_belongs(place: str | None, grid: str) -> None:
    assert rightful(ONE, [ONE, TWO, FAR], place) == grid


def test_without_a_list_of_its_own_nothing_leaves() -> None:
    bare = Grid("C-3", "三格", ("D", "S", "C", "C-3"))
    assert rightful(bare, [TWO], "5栋") == "C-3"


def test_what_two_claim_stays() -> None:
    other = Grid("C-4", "四格", ("D", "S", "C", "C-4"), area=("5栋",))
    assert rightful(ONE, [TWO, other], "5栋") == "C-1"
