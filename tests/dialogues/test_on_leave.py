"""小陈 is on leave and 小凌 of the next grid stands in: she is alerted, and hears what staff hear."""

from __future__ import annotations

from datetime import datetime, timedelta

from town import GRID, PATH, STAFF, Town

from bot.learning import opinions_of
from intake.cases import Example
from intake.covering import Cover
from intake.grids import Grid
from intake.lifecycle import State
from intake.people import Grant, Person, Role
from storage.store import Tx

DAYS = timedelta(days=2)


def goes_on_leave(town: Town, stand_in: str = "小凌") -> None:
    """From tomorrow at this hour, for two days."""

    def work(tx: Tx) -> None:
        tx.grids.add([Grid("DEMO-2", "第二网格", (*PATH[:-1], "DEMO-2"))])
        tx.people.save([Person("town:小凌", "小凌", private=("town", "p-小凌"))], town.now)
        tx.people.grant("town:小凌", Grant(Role.GRID_WORKER, "DEMO-2"), "test", town.now)
        grants = (Grant(Role.GRID_WORKER, GRID),)
        starts = town.clock() + timedelta(days=1)
        tx.covers.add(
            Cover(
                *("c", "town:小陈", f"town:{stand_in}", grants),
                *(starts, starts + DAYS, "town:小陈", town.clock()),
            )
        )

    town.store.write_now(work)


async def test_the_alert_finds_who_stands_in_and_she_may_take_it(town: Town) -> None:
    goes_on_leave(town)
    wang, chen, ling = town.person("王阿姨"), town.person("小陈"), town.person("小凌")
    posts = await wang.says("5栋着火了 好大烟 快来人啊")
    assert [p.chat for p in posts if p.chat in (chen.alone, ling.alone)] == [chen.alone]

    await town.wait(days=1)
    posts = await wang.says("9栋有人被困电梯里了快来人")
    (alert,) = [p for p in posts if p.chat in (chen.alone, ling.alone)]
    assert alert.chat == ling.alone, "once, though she hears what staff hear as well"
    assert "小凌" in alert.text
    posts = await ling.presses("我来处理", alert)
    assert any("小凌已接" in p.text for p in posts if p.chat == STAFF)
    assert town.case(2).taken_by == "town:小凌"


async def test_she_hears_what_staff_hear_until_the_last_day_is_over(town: Town) -> None:
    goes_on_leave(town)
    wang, ling = town.person("王阿姨"), town.person("小凌")
    await town.wait(days=1)
    await wang.says("3栋2单元楼下的路灯不亮了，晚上看不见路")
    assert any("DEMO-1-1" in text for text in town.said_in(ling.alone))
    await ling.presses("接手")
    assert town.case().taken_by == "town:小凌"
    await town.wait(days=2)
    before = len(town.said_in(ling.alone))
    posts = await wang.says("小花园的垃圾桶满了没人清，臭死了")
    assert [p for p in posts if p.chat == STAFF]
    assert len(town.said_in(ling.alone)) == before
    posts = await ling.presses("接手", next(p for p in posts if p.chat == STAFF))
    assert town.case(2).state is State.DISPATCHED, "it is not hers any more"


async def test_without_a_staff_group_she_stands_on_the_duty_list(town: Town) -> None:
    goes_on_leave(town, stand_in="孙姐")
    town.store.write_now(lambda tx: tx.chats.unbind(STAFF))
    await town.wait(days=1)
    wang, chen, sun = town.person("王阿姨"), town.person("小陈"), town.person("孙姐")
    await wang.says("3栋2单元楼下的路灯不亮了，晚上看不见路")
    assert len(town.said_in(sun.alone)) == 1, "once, though she is on the list herself"
    assert town.said_in(chen.alone) == []


async def test_a_correction_counts_if_she_stood_in_when_she_made_it(town: Town) -> None:
    goes_on_leave(town)
    await town.person("王阿姨").says("3栋2单元楼下的路灯不亮了，晚上看不见路")
    moments = {"the day before": 0, "while she stands in": 2, "when it was over": 4}
    examples = [
        Example(
            "DEMO-1-1",
            f"路灯不亮了{moment}",
            None,
            "SZ03",
            "town:小凌",
            "button",
            town.clock() + timedelta(days=days),
        )
        for moment, days in moments.items()
    ]
    town.store.write_now(lambda tx: tx.examples.add(examples))
    await town.wait(days=5)
    opinions = town.store.read_now(lambda tx: opinions_of(tx, tx.examples.all()))
    assert [one.may_moderate for one in opinions] == [False, True, False]

    ended = town.clock() - timedelta(days=3, hours=12)
    town.store.write_now(lambda tx: _ended_early(tx, ended))
    opinions = town.store.read_now(lambda tx: opinions_of(tx, tx.examples.all()))
    assert not any(one.may_moderate for one in opinions), "from the moment on that it was ended"


def _ended_early(tx: Tx, then: datetime) -> None:
    assert tx.covers.end("c", "town:小陈", then)
