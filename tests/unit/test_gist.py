"""What is said back of somebody's words: the part that tells, in whole phrases."""

from __future__ import annotations

import pytest

from intake.gist import LIMIT, gist

LAMP = "大家好，我是3栋的，前两天就想说了一直没空，今天晚上下班回来发现5栋楼下的路灯又不亮了，老人走路看不清"


@pytest.mark.parametrize(
    ("said", "telling", "quoted"),
    [
        ("路灯不亮", ("路灯",), "路灯不亮"),
        (LAMP, ("5栋楼下", "路灯"), "…今天晚上下班回来发现5栋楼下的路灯又不亮了…"),
        (LAMP, ("",), "大家好，我是3栋的，前两天就想说了一直没空…"),
        (
            "小区里健身器材旁边有个怪东西天天响，吵得人睡不着，麻烦来看看。",
            ("健身器材",),
            "小区里健身器材旁边有个怪东西天天响，吵得人睡不着…",
        ),
        (
            "昨天晚上十一点多从外面走回来的时候看见北门那根电线杆子已经歪得快要倒了啊",
            ("北门", "电线"),
            "…北门那根电线杆子已经歪得快要倒了啊",
        ),
        ("很长的话" * 20, ("灯",), "很长的话" * 6 + "…"),
        ("，" * 40, (), "，" * LIMIT + "…"),
        ("", (), ""),
        ("没人\n管。" + "哈" * 30, ("没人",), "没人 管…"),
    ],
)
def test_the_part_that_tells_is_quoted(said: str, telling: tuple[str, ...], quoted: str) -> None:
    assert gist(said, telling) == quoted


@pytest.mark.parametrize("limit", [1, 5, 24])
@pytest.mark.parametrize("said", [LAMP, "啊" * 200, "a " * 99, "，。！"])
def test_it_is_never_longer_than_a_glance(said: str, limit: int) -> None:
    quoted = gist(said, ("5栋", "路灯", "啊"), limit)
    assert len(quoted.strip("…")) <= limit
    assert quoted.strip("…") in " ".join(said.split())
