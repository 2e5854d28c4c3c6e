"""一日一收集: at six the grid's staff hear what stands there, once, and nobody else does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
from town import GRID, GROUP, STAFF, ZONE, Town

from intake.cases import TimerKind
from intake.notices import Urgency
from nlp.reader import Reader
from storage.store import Store

MARK = "【今日收集】"
SIX = time(18)


@pytest.fixture
def town(reader: Reader) -> Iterator[Town]:
    with Store.open("sqlite://", "town") as store:
        yield Town(store, reader, quiet=(time(22), time(7)), collect=SIX)


def collections(town: Town) -> list[str]:
    return [text for text in town.said_in(STAFF) if text.startswith(MARK)]


def clocks(town: Town) -> list[datetime]:
    timers = town.store.read_now(lambda tx: tx.timers.due(town.clock() + timedelta(days=900), 99))
    return [t.due.astimezone(ZONE) for t in timers if t.kind is TimerKind.DIGEST]


async def test_at_six_the_staff_hear_what_stands_in_their_grid(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    assert clocks(town) == [datetime(2026, 11, 24, 18, tzinfo=ZONE)]
    await town.wait(hours=7, minutes=59)
    assert collections(town) == []
    await town.wait(minutes=1)
    assert collections(town) == [f"{MARK}第一网格：新增 1 件，在办 1 件，已超期 1 件。"]
    assert not any(MARK in text for text in town.said_in(GROUP))
    (post,) = [post for _, post in town.channel.posts if MARK in post.text]
    assert post.urgency is Urgency.DIGEST


async def test_it_holds_nobodys_name_and_nobodys_words(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    await town.person("李大爷").says("#报事 我被老伴打了,天天打,身上都是伤")
    await town.wait(hours=8)
    (told,) = collections(town)
    for secret in ("王阿姨", "李大爷", "老伴", "打", "路灯", "3栋", "DEMO-1-"):
        assert secret not in told
    assert "私密 1 件（只报数）" in told


async def test_the_clock_jumps_and_one_is_said(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    town.now += timedelta(days=10)
    while await town.timekeeper.fire_once():
        await town.settle()
    assert len(collections(town)) == 1
    (clock,) = clocks(town)
    assert clock == datetime(2026, 12, 4, 18, tzinfo=ZONE), "and the next is today's"


async def test_two_clocks_of_one_evening_say_it_once(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    town.now += timedelta(days=1)
    await town.person("李大爷").says("电梯坏了停在5楼")  # the timekeeper stood still meanwhile
    assert len(clocks(town)) == 2
    town.now += timedelta(days=1)
    while await town.timekeeper.fire_once():
        await town.settle()
    assert len(collections(town)) == 1


async def test_what_fires_twice_says_nothing_the_second_time(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    again = town.store.read_now(lambda tx: tx.timers.due(town.clock() + timedelta(days=1), 99))
    await town.wait(hours=8)
    town.store.write_now(lambda tx: tx.timers.set(again))
    while await town.timekeeper.fire_once():
        await town.settle()
    assert len(collections(town)) == 1


async def test_where_nothing_happened_nothing_is_said_and_the_clock_stops(town: Town) -> None:
    wang = town.person("王阿姨")
    await wang.says("3栋楼下路灯又不亮了")
    await town.wait(hours=1)
    await wang.says("#撤回", reply_to=wang.last_message)
    town.store.write_now(_close_all)
    await town.wait(hours=8)
    said = len(collections(town))
    await town.wait(days=3)
    assert len(collections(town)) == said
    assert clocks(town) == []


def _close_all(tx: object) -> None:
    from sqlalchemy import update

    from intake.lifecycle import State
    from storage.case_tables import cases

    tx.connection.execute(  # type: ignore[attr-defined]
        update(cases).values(state=State.WITHDRAWN, is_open=False, stamp=cases.c.stamp + 100)
    )


async def test_what_is_only_on_its_way_is_no_news(town: Town) -> None:
    """Nobody has to be told every evening that a lamp waits for its part until next week."""
    await town.person("王阿姨").says("#报事 小区健身器材的螺丝松了,坐上去会晃")
    await town.person("小陈").presses("接手")
    await town.wait(hours=8)
    assert len(collections(town)) == 1
    await town.wait(days=1)
    assert len(collections(town)) == 1
    assert clocks(town), "it goes on looking"


async def test_another_hour_of_the_night_waits_for_the_morning(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    town.now = datetime(2026, 11, 24, 23, 30, tzinfo=ZONE)
    await town.timekeeper.fire_once()
    await town.settle()
    assert collections(town) == []
    await town.wait(hours=8)
    assert len(collections(town)) == 1


def test_every_count_is_of_its_grid_alone(town: Town) -> None:
    since = datetime(2026, 11, 23, 18, tzinfo=ZONE)
    found = town.store.read_now(
        lambda tx: tx.collecting.of(
            [GRID, "NO"], since, since + timedelta(days=1), town.clock(), town.clock()
        )
    )
    assert not found[GRID].tells
    assert not found["NO"].tells
