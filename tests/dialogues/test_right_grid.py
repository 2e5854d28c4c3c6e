"""A report with a clear place goes to the grid whose building it is, and so does whatever follows."""

from __future__ import annotations

import pytest
from town import GRID, GROUP, PATH, STAFF, Town

from intake.grids import ChatRef, Grid, Purpose
from storage.store import Tx

OTHER = "DEMO-2"
THEIRS = ChatRef("town", "their-staff")


@pytest.fixture
async def two_grids(town: Town) -> Town:
    def work(tx: Tx) -> None:
        tx.grids.add([Grid(OTHER, "第二网格", (*PATH[:-1], OTHER))])
        tx.grids.set_area(GRID, ["1栋", "2栋", "3栋"])
        tx.grids.set_area(OTHER, ["5栋", "6栋"])
        tx.chats.bind(THEIRS, OTHER, Purpose.STAFF)

    town.store.write_now(work)
    await town.worker.renamed()
    return town


async def test_the_next_grid_hears_it_and_the_neighbour_is_answered_here(two_grids: Town) -> None:
    town = two_grids
    posts = await town.person("王阿姨").says("5栋楼下路灯又不亮了")
    (case,) = town.cases()
    assert (case.id, case.grid) == (f"{OTHER}-1", OTHER)
    assert any(post.chat == GROUP and case.id in post.text for post in posts)
    assert any(post.chat == THEIRS for post in posts)
    assert not any(post.chat == STAFF for post in posts)
    await town.person("李叔").says("5栋门口那个路灯坏了，黑漆漆的")
    assert len(town.cases()) == 1, "one more voice"
    await town.wait(hours=26)
    posts = await town.person("王阿姨").says("上次说的路灯呢？都一天了")
    assert any(case.id in post.text for post in posts if post.chat == GROUP)


async def test_what_is_ours_or_nobodys_stays(two_grids: Town) -> None:
    town = two_grids
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    await town.person("李叔").says("9栋楼下的垃圾三天没人收了")
    assert {case.grid for case in town.cases()} == {GRID}


@pytest.mark.parametrize("name", ["王阿姨", "李叔"])
async def test_who_names_it_in_the_group_where_it_was_told_is_answered(
    two_grids: Town, name: str
) -> None:
    town = two_grids
    await town.person("王阿姨").says("5栋楼下路灯又不亮了")
    posts = await town.person(name).says("DEMO-2-1 怎么样了")
    (told,) = [post.text for post in posts if post.chat == GROUP]
    assert told.startswith("DEMO-2-1 路灯不亮：已派给规划建设部")


async def test_its_reporter_asks_without_a_number(two_grids: Town) -> None:
    town = two_grids
    await town.person("王阿姨").says("5栋楼下路灯又不亮了")
    await town.wait(hours=26)
    posts = await town.person("王阿姨").says("上次说的路灯呢？都一天了")
    assert any("DEMO-2-1" in post.text for post in posts if post.chat == GROUP)
