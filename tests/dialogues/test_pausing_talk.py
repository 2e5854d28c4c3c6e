"""A pause as neighbours and staff hear of it in their chats."""

from __future__ import annotations

import pytest
from town import GROUP, STAFF, Town

from bot.dispatch import posts_of
from intake.desk import Desk
from intake.facts import Wants
from intake.pausing import ask_or_pause


def pauses(town: Town, reason: str, day: str, words: str, who: str = "小陈") -> None:
    """Somebody does it at the desk."""
    case = town.case()

    def work(tx) -> None:  # type: ignore[no-untyped-def]
        wants = Wants(cases=frozenset({case.id}), grids=frozenset({case.grid}), above=True)
        desk = Desk(town.rules, tx.desk.load(wants, town.clock()), town.clock())
        desk.begin(f"desk:{day}", town.clock())
        person = desk.facts.people[f"town:{who}"]
        ask_or_pause(desk, desk.facts.cases[case.id], person, reason, day, words)
        tx.desk.save(desk.changes, posts_of(desk, town.worker.around()), town.clock())

    town.store.write_now(work)


async def lamp(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    await town.person("小陈").presses("接手")


async def test_wang_says_more_and_the_clock_runs_again_at_once(town: Town) -> None:
    await lamp(town)
    limit = town.case().resolve_due
    pauses(town, "neighbour", "2026-11-26", "是几单元门口那盏")
    (asked,) = [p.text for p in await town.settle() if p.chat == GROUP]
    assert asked == (
        "DEMO-1-1 还想请报事的街坊补充一句：是几单元门口那盏。等到后天，说了我们马上接着办。"
    )
    await town.wait(hours=3)
    posts = await town.person("王阿姨").says("DEMO-1-1 是2单元门口那盏，一直闪")
    now = town.case()
    assert not now.is_paused
    assert limit is not None
    assert now.resolve_due is not None
    assert (now.resolve_due - limit).total_seconds() == 3 * 3600
    assert any("恢复计时（报事人补充了）" in p.text for p in posts if p.chat == STAFF)
    assert not any("恢复计时" in text for text in town.said_in(GROUP))


async def test_other_waits_do_not_end_with_a_neighbours_words(town: Town) -> None:
    await lamp(town)
    pauses(town, "weather", "2026-11-26", "连着下雨，天晴就施工")
    await town.person("王阿姨").says("DEMO-1-1 2单元那盏也一闪一闪的")
    assert town.case().is_paused


async def test_nobody_is_told_that_it_is_late_while_it_waits(town: Town) -> None:
    await lamp(town)
    pauses(town, "parts", "2026-12-04", "灯杆厂家下周四到货")
    (card,) = [p for p in await town.settle() if p.chat == town.person("孙姐").alone]
    assert "申请暂停计时到12月4日" in card.text.replace("周五（", "").replace("）", "")
    await town.person("小陈").presses("同意暂停", card)
    assert not town.case().is_paused, "not by whoever asked"
    await town.person("孙姐").presses("同意暂停", card)
    assert town.case().is_paused
    await town.person("孙姐").presses("同意暂停", card)
    assert town.case().pauses == 1
    posts = await town.wait(days=9)
    assert not any("办结时间到了" in p.text for p in posts)
    posts = await town.wait(days=6)
    assert any("恢复计时（等到日子了）" in p.text for p in posts)
    assert any("办结时间到了" in p.text for p in posts)


async def test_whoever_asks_hears_that_it_waits_and_until_when(town: Town) -> None:
    await lamp(town)
    pauses(town, "parts", "2026-11-26", "灯杆厂家周四到货")
    posts = await town.person("王阿姨").says("DEMO-1-1 修得怎么样了？")
    (told,) = [p.text for p in posts if p.chat == GROUP and "路灯不亮：" in p.text]
    assert "有人接手了，先等一等，最晚后天接着办" in told


@pytest.mark.parametrize("words", ["DEMO-1-1 路灯等配件，周五到", "DEMO-1-1 在等产权单位批复"])
async def test_words_in_the_staff_group_stop_no_clock_but_show_the_way(
    town: Town, words: str
) -> None:
    await lamp(town)
    limit = town.case().resolve_due
    posts = await town.person("小陈").says(words, chat=STAFF)
    now = town.case()
    assert (now.is_paused, now.resolve_due) == (False, limit)
    assert now.state == "working"
    (told,) = [p.text for p in posts if p.chat == STAFF]
    assert "暂停计时" in told


async def test_words_that_wait_for_nothing_get_no_hint(town: Town) -> None:
    await lamp(town)
    posts = await town.person("小陈").says("DEMO-1-1 师傅已经到现场", chat=STAFF)
    assert not any("暂停计时" in p.text for p in posts)
