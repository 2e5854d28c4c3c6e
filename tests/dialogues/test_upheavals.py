"""Three hundred at once, clocks that jump, neighbours and handlers who are gone."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from town import DEPARTMENT, GROUP, STAFF, Town

from intake.commands import BotRemoved
from intake.lifecycle import State


async def test_three_hundred_voices_in_a_minute_are_one_case_and_few_posts(town: Town) -> None:
    await town.person("王阿姨").says("我们这边停电了")
    before = len(town.channel.posts)
    for number in range(300):
        await town.person(f"街坊{number}").says_later("我家也是 +1")
        town.now += timedelta(milliseconds=200)
    await town.settle()
    (case,) = town.cases()
    assert case.voices == 301
    posts = [post for _, post in town.channel.posts[before:]]
    assert sum(post.chat == GROUP for post in posts) <= 3, Counter(
        (str(post.chat), post.template) for post in posts
    )
    assert sum(post.chat == STAFF for post in posts) <= 4


async def test_a_clock_that_goes_back_an_hour_fires_nothing_twice(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    await town.wait(hours=4, minutes=1)
    told = len(town.said_in(STAFF))
    town.now -= timedelta(hours=1)
    assert await town.wait(minutes=59) == []
    assert len(town.said_in(STAFF)) == told
    assert (
        town.store.read_now(lambda tx: tx.cases.entries("DEMO-1-1"))[-1].seq == town.case().entries
    )


async def test_a_clock_that_leaps_a_day_reminds_once(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    town.now += timedelta(days=1)
    fired = 0
    while await town.timekeeper.fire_once():
        fired += 1
        await town.settle()
    assert fired <= 2
    late = [text for text in town.said_in(STAFF) if "首响时间到了" in text]
    assert len(late) == 1


async def test_a_neighbour_who_is_gone_stops_nobody(town: Town) -> None:
    """王阿姨 blocked the bot and left the group: the case goes to its end all the same."""
    wang, chen = town.person("王阿姨"), town.person("小陈")
    await wang.opens_private_talk()
    await wang.says("3栋楼下路灯又不亮了")
    await town.bring(BotRemoved(wang.alone, town.clock(), private=True), wang.alone)
    await chen.presses("接手")
    await chen.says("DEMO-1-1 灯泡已经换好了", chat=STAFF)
    await chen.presses("办结")
    posts = await chen.says("灯泡换好了，晚上看过是亮的", chat=STAFF)
    assert town.case().state is State.TO_RATE
    assert not [post for post in posts if post.chat == wang.alone]
    await town.wait(hours=49)
    assert town.case().state is State.CLOSED
    assert DEPARTMENT
