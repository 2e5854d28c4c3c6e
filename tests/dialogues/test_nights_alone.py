"""What is private and not urgent is not said at night: the phone of whoever reported stays silent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
from town import GRID, GROUP, STAFF, ZONE, Town

from intake.notices import Post
from intake.taxonomy import Visibility
from nlp.reader import Reader
from storage.store import Store

WAGES = "老板三个月没发工资了"
LAMP = "3栋楼下路灯又不亮了"


@pytest.fixture
def town(reader: Reader) -> Iterator[Town]:
    with Store.open("sqlite://", "town") as store:
        town = Town(store, reader, quiet=(time(22), time(7)))
        town.now = datetime(2026, 11, 24, 23, 0, tzinfo=ZONE)
        yield town


def alone(town: Town, name: str) -> list[str]:
    return town.said_in(town.person(name).alone)


def to(posts: list[Post], town: Town, name: str) -> list[Post]:
    return [post for post in posts if post.chat == town.person(name).alone]


async def till_morning(town: Town) -> list[Post]:
    """What is said from now until a minute past seven."""
    end = town.now.replace(hour=7, minute=1)
    end += timedelta(days=end < town.now)
    return await town.wait(seconds=(end - town.now).total_seconds())


async def tells(town: Town, name: str, text: str) -> None:
    person = town.person(name)
    await person.opens_private_talk(f"g-{GRID}")
    await person.says(text, person.alone)
    assert alone(town, name), "a receipt never waits"


async def test_progress_waits_and_only_the_latest_is_told(town: Town) -> None:
    await tells(town, "老周", WAGES)
    assert town.case().visibility is Visibility.PRIVATE
    before = len(alone(town, "老周"))
    chen = town.person("小陈")
    await chen.presses("接手")
    await chen.says(f"{GRID}-1 已约老板明天到综治中心谈", STAFF)
    town.now += timedelta(hours=1)
    await chen.says(f"{GRID}-1 老板改到后天下午来谈", STAFF)
    assert len(alone(town, "老周")) == before
    (told,) = to(await till_morning(town), town, "老周")
    assert "后天下午" in told.text


async def test_the_request_to_rate_waits_with_its_buttons(town: Town) -> None:
    wang = town.person("王阿姨")
    await wang.opens_private_talk(f"g-{GRID}")
    await wang.says(LAMP)
    before = len(alone(town, "王阿姨"))
    await town.person("小陈").presses("接手")
    await town.person("小陈").presses("办结")
    await town.person("小陈").says("换了灯头,试过亮了", STAFF)
    assert len(alone(town, "王阿姨")) == before
    (asked,) = to(await till_morning(town), town, "王阿姨")
    assert "5分" in [button.label for button in asked.buttons]
    await wang.presses("没好", asked)
    assert town.case().reopened == 1


async def test_the_end_replaces_the_way_there(town: Town) -> None:
    await tells(town, "老周", WAGES)
    chen = town.person("小陈")
    await chen.says(f"{GRID}-1 已约老板明天到综治中心谈", STAFF)
    await chen.presses("办结")
    await chen.says("工资已经结清,转账单看过了", STAFF)
    (told,) = to(await till_morning(town), town, "老周")
    assert "已约老板" not in told.text
    assert "没好" in [button.label for button in told.buttons]


async def test_what_is_not_true_any_more_is_not_told(town: Town) -> None:
    await tells(town, "老周", WAGES)
    zhou = town.person("老周")
    await town.person("小陈").says(f"{GRID}-1 已约老板明天到综治中心谈", STAFF)
    await zhou.presses("不是报事")
    assert to(await till_morning(town), town, "老周") == []


async def test_whoever_asks_is_answered_in_the_night(town: Town) -> None:
    await tells(town, "老周", WAGES)
    zhou = town.person("老周")
    (answer,) = to(await zhou.says(f"{GRID}-1", zhou.alone), town, "老周")
    assert f"{GRID}-1" in answer.text


async def test_of_a_danger_one_hears_at_once(town: Town) -> None:
    wang = town.person("王阿姨")
    await wang.opens_private_talk(f"g-{GRID}")
    await wang.says("电梯困人了")
    assert town.case().emergency == "E09"
    before = len(alone(town, "王阿姨"))
    chen = town.person("小陈")
    await chen.says(f"{GRID}-1 维保到了,人已经出来了", STAFF)
    await chen.presses("办结")
    await chen.says("维保到场开了门,人平安出来了", STAFF)
    assert len(alone(town, "王阿姨")) == before + 1


async def test_by_day_it_is_told_at_once(town: Town) -> None:
    town.now = town.now.replace(hour=10)
    await tells(town, "老周", WAGES)
    before = len(alone(town, "老周"))
    await town.person("小陈").says(f"{GRID}-1 已约老板周三到综治中心谈", STAFF)
    assert len(alone(town, "老周")) == before + 1
    assert town.said_in(GROUP) == []
