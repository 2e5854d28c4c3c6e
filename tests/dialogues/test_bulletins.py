"""通知: the water is off tonight, and the tenth neighbour who says so opens no tenth case."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from town import GRID, GROUP, STAFF, ZONE, Neighbour, Town

from bot.dispatch import Surroundings, posts_of
from intake.announcing import end, keep, move
from intake.bulletins import Asked, Bulletin, BulletinState
from intake.desk import Desk
from intake.facts import Facts, Wants
from intake.people import Grant, Person, Role

WATER = Bulletin(
    "b1",
    ("GY01", "GY10"),
    (GRID,),
    ("1", "2", "3", "4"),
    "水管抢修，1-4栋停水，请提前储水",
    "自来水公司",
    datetime(2026, 11, 24, 9, 0, tzinfo=ZONE),
    datetime(2026, 11, 24, 18, 0, tzinfo=ZONE),
    BulletinState.KEPT,
    "town:小陈",
    datetime(2026, 11, 24, 8, 0, tzinfo=ZONE),
)


def announce(town: Town, bulletin: Bulletin = WATER) -> None:
    """Keep it as the desk does."""

    def work(tx: Any) -> None:
        desk = Desk(town.rules, Facts(), town.clock())
        keep(desk, bulletin)
        tx.desk.save(desk.changes, [], town.clock())

    town.store.write_now(work)


def asked(town: Town, about: str = "b1") -> list[Asked]:
    return town.store.read_now(lambda tx: tx.answers.asked_about([about]))


async def heard(town: Town, name: str, text: str) -> list[str]:
    return [post.text for post in await town.person(name).says(text) if post.chat == GROUP]


async def test_the_tenth_cry_opens_no_tenth_case(town: Town) -> None:
    announce(town)
    for name, text in [
        ("王阿姨", "没水了"),
        ("李叔", "3栋没水了"),
        ("小周", "怎么突然没水了，正洗头呢"),
        ("何伯", "冇水啊"),
        ("刘姐", "家里没水啊"),
    ]:
        (said,) = await heard(town, name, text)
        assert "水管抢修，1-4栋停水" in said, text
        assert "自来水公司说的，到今天18:00" in said
    assert town.cases() == []
    assert len(asked(town)) == 5


async def test_once_a_person_and_never_held(town: Town) -> None:
    announce(town)
    wang = town.person("王阿姨")
    assert len(await wang.says("没水了")) == 1
    town.now += timedelta(hours=2)
    assert await wang.says("还是没水啊") == [] or town.cases() == []
    assert len([t for t in town.said_in(GROUP) if "有通知" in t]) == 1


@pytest.mark.parametrize(
    "text",
    [
        "5栋没水了",
        "没水了，家里有老人瘫痪在床",
        "水是黄的",
        "水龙头出来的水发黄",
        "水管爆了，路面全是水",
        "就我家没水，隔壁都有",
        "停水通知说6点来水，现在8点还没水",
        "已经停水三天了，没水了",
        "没电了",
        "3栋楼下路灯不亮",
        "没水没电",
    ],
)
async def test_what_does_not_fit_opens_a_case_as_always(town: Town, text: str) -> None:
    announce(town)
    await town.person("王阿姨").says(text)
    assert len(town.cases()) == 1, text
    assert asked(town) == []


async def test_of_two_things_in_one_message_each_gets_its_own(town: Town) -> None:
    announce(town)
    await town.person("王阿姨").says("没水了 还有2栋电梯坏了")
    (lift,) = town.cases()
    assert lift.item == "WY01"
    assert len(asked(town)) == 1, "the water is answered by the bulletin"


async def test_danger_goes_first(town: Town) -> None:
    announce(town)
    await town.person("王阿姨").says("没水了，电梯里困了两个人")
    assert town.case().emergency == "E09"
    assert asked(town) == []


async def test_questions_are_answered_too_and_before_it_begins(town: Town) -> None:
    later = replace(WATER, starts_at=WATER.ends_at - timedelta(hours=3))
    announce(town, later)
    (said,) = await heard(town, "王阿姨", "今天停水吗")
    assert "今天15:00到18:00" in said
    assert town.cases() == []
    await town.person("李叔").says("3栋没水了")
    assert len(town.cases()) == 1, "it has not begun: this is something else"


async def test_neighbours_among_themselves_and_staff_are_left_alone(town: Town) -> None:
    announce(town)
    wang = town.person("王阿姨")
    for text in ("停水了我去我妈家吃饭", "谢谢", "水果团购接龙 1 王"):
        assert await wang.says(text) == [], text
    await town.person("小陈").says("3栋没水了")
    assert asked(town) == []


async def test_one_line_two_things(town: Town) -> None:
    announce(town)
    posts = await town.person("王阿姨").says("3栋没水了，另外7栋门口的路灯不亮")
    texts = [post.text for post in posts if post.chat == GROUP]
    assert any("有通知" in text for text in texts)
    (case,) = town.cases()
    assert case.item == "SZ03"


async def test_when_it_is_over_whoever_asked_is_asked_back_once_a_group(town: Town) -> None:
    announce(town)
    for name in ("王阿姨", "李叔"):
        await town.person(name).says("没水了")
    posts = await town.wait(hours=8, minutes=1)
    texts = [post.text for post in posts if post.chat == GROUP]
    assert texts == ["停水说的时间到了，来水了吗？还没好的回一句“没来”，我马上报。"]
    posts = await town.person("李叔").says("没来")
    assert any(post.text.startswith("收到啦") for post in posts)
    case = town.case()
    assert (case.item, case.reporter, case.said) == ("GY01", "town:李叔", "没水了")
    await town.person("王阿姨").presses("还没好")
    assert len(town.cases()) == 1
    assert town.case().voices == 2
    await town.wait(hours=30)
    assert sum("说的时间到了" in text for text in town.said_in(GROUP)) == 1


async def test_nobody_asked_nobody_is_told(town: Town) -> None:
    announce(town)
    assert await town.wait(hours=9) == []


async def test_after_its_end_it_answers_nothing(town: Town) -> None:
    announce(town)
    await town.wait(hours=8, minutes=1)
    await town.person("王阿姨").says("没水了")
    assert len(town.cases()) == 1


async def test_not_this_opens_the_case_with_the_own_words(town: Town) -> None:
    announce(town)
    wang = town.person("王阿姨")
    (said,) = await wang.says("没水了")
    await town.person("李叔").presses("不是这回事", said)
    assert town.cases() == [], "it is another's button"
    await wang.presses("不是这回事", said)
    assert town.case().said == "没水了"
    await wang.presses("不是这回事", said)
    assert len(town.cases()) == 1


async def test_what_is_added_at_once_and_changes_it_opens_the_case(town: Town) -> None:
    announce(town)
    wang, li = town.person("王阿姨"), town.person("李叔")
    await wang.says("没水了")
    town.now += timedelta(seconds=40)
    await wang.says("家里有老人在吸氧气")
    assert "氧气" in town.case(1).said
    await li.says("没水了")
    await li.says("7栋")
    assert town.case(2).place == "7栋" or town.case(1).voices == 2


async def test_staff_move_and_end_it(town: Town) -> None:
    announce(town)
    await town.person("王阿姨").says("没水了")

    def later(tx: Any) -> None:
        _decide(town, tx, lambda desk: move(desk, WATER, WATER.ends_at + timedelta(hours=2), told))

    told = asked(town)
    town.store.write_now(later)
    (post,) = await town.settle()
    assert post.text == "停水的时间改了，现在说到今天20:00。等不了的直接说一声。"
    assert await town.wait(hours=8, minutes=1) == [], "the old end is no end any more"
    moved = replace(WATER, ends_at=WATER.ends_at + timedelta(hours=2))
    town.store.write_now(lambda tx: _decide(town, tx, lambda desk: end(desk, moved, told)))
    (post,) = await town.settle()
    assert post.text.startswith("停水说是提前好了，来水了吗？")
    await town.person("李叔").says("3栋没水了")
    assert len(town.cases()) == 1, "what has ended answers nothing"


def _decide(town: Town, tx: Any, act: Any) -> None:
    desk = Desk(
        town.rules, tx.desk.load(Wants(grids=frozenset({GRID})), town.clock()), town.clock()
    )
    desk.begin("desk:test", town.clock())
    act(desk)
    around = Surroundings({"town": town.channel}, ZONE, None)
    tx.desk.save(desk.changes, posts_of(desk, around), town.clock())


def property_man(town: Town) -> Neighbour:
    def work(tx: Any) -> None:
        tx.people.save([Person("town:物业老赵", "物业老赵")], town.now)
        tx.people.grant("town:物业老赵", Grant(Role.PROPERTY, GRID), "test", town.now)

    town.store.write_now(work)
    return town.person("物业老赵")


async def test_what_a_grid_worker_says_is_proposed_to_them_and_kept_by_one_press(
    town: Town,
) -> None:
    chen = town.person("小陈")
    posts = await chen.says("今晚10点到明早6点停水，1-4栋")
    (post,) = posts
    assert post.chat == chen.alone
    assert "留作停水通知" in post.text
    assert "今天22:00到明天6:00，1、2、3、4栋" in post.text
    town.now = town.now.replace(hour=22, minute=30)
    await town.person("李叔").says("3栋没水了")
    assert len(town.cases()) == 1, "nobody kept it, so it answers nothing"
    await chen.presses("留作通知")
    (said,) = await heard(town, "王阿姨", "没水了")
    assert said.startswith("这个有通知：11月24日晚上10点到11月25日早上6点停水，1-4栋。")
    assert len(town.cases()) == 1


async def test_what_is_announced_for_later_is_no_progress_of_what_is_open(town: Town) -> None:
    await town.person("王阿姨").says("5栋没水了")
    chen = town.person("小陈")
    posts = await chen.says("各位街坊，自来水公司通知，1到4栋今天下午2点到6点停水，请提前存水")
    assert [post.chat for post in posts] == [chen.alone]
    assert "今天14:00到18:00，1、2、3、4栋" in posts[0].text
    assert "「自来水公司通知，1到4栋11月24日下午2点到6点停水" in posts[0].text
    assert town.case().taken_by is None
    posts = await chen.says("DEMO-1-1 自来水公司通知，5栋今天下午2点到6点停水检修", STAFF)
    assert town.case().taken_by == "town:小陈", "where its number is said, it is about the case"


async def test_what_the_property_says_is_proposed_to_staff_and_not_theirs_to_keep(
    town: Town,
) -> None:
    zhao = property_man(town)
    posts = await zhao.says("各位邻居，明天上午9点到12点停电，涉及5栋6栋")
    assert [post.chat for post in posts] == [STAFF]
    (refused,) = await zhao.presses("留作通知")
    assert "网格员" in refused.text
    (kept,) = await town.person("孙姐").presses("留作通知")
    assert kept.text == "留好了：停电通知，明天9:00到12:00。要改、要提前结束，请到工作台。"
    assert len(await town.person("孙姐").presses("留作通知", posts[0])) <= 1


@pytest.mark.parametrize(
    "text",
    [
        "停水了",
        "今晚停水吗",
        "昨天10点到12点停水了",
        "昨晚停水，什么时候来不知道",
        "今天8点到9点停水",
        "DEMO-1-1 今天停水抢修，什么时候好不知道",
        "听说今晚停水",
        "今天已经来水了，停水结束",
        "电梯修好了",
        "今晚10点到明早6点开业主大会",
        "3栋停水，我去看看",
    ],
)
async def test_what_is_no_announcement_is_not_proposed(town: Town, text: str) -> None:
    await town.person("小陈").says(text)
    assert not any("留作" in post.text for _, post in town.channel.posts)


async def test_what_names_no_end_is_proposed_with_the_usual_one(town: Town) -> None:
    chen = town.person("小陈")
    (post,) = await chen.says("今晚停水，什么时候来不知道")
    assert post.chat == chen.alone
    assert "留作停水通知" in post.text
    assert "今天18:00起，没说到几时" in post.text
    assert "先用到明天23:59" in post.text
    assert "改日子，到工作台" in post.text
    (kept,) = await chen.presses("留作通知")
    assert "先用到明天23:59" in kept.text
    town.now = town.now.replace(hour=19)
    (said,) = await heard(town, "王阿姨", "没水了")
    assert "11月24日晚上停水，什么时候来不知道" in said
    assert "没说到几时" in said
    assert "23:59" not in said, "nobody promised that"
    assert town.cases() == []
    posts = await town.wait(hours=38)
    (over,) = [post.text for post in posts if post.chat == GROUP]
    assert "没说到几时，过了一阵了，来水了吗？" in over
    assert "说的时间到了" not in over
    await town.person("王阿姨").says("没来")
    assert len(town.cases()) == 1


@pytest.mark.parametrize(
    ("text", "starts", "ends"),
    [
        ("现在停水，恢复时间待定", "11-24 10:00", "11-25 23:59"),
        ("明天上午停电，几点来电不清楚", "11-25 08:00", "11-26 23:59"),
        ("明天9点起停电检修", "11-25 09:00", "11-26 23:59"),
    ],
)
async def test_from_when_until_when(town: Town, text: str, starts: str, ends: str) -> None:
    await town.person("小陈").says(text)
    (one,) = town.store.read_now(lambda tx: tx.answers.bulletins(town.clock()))
    span = tuple(at.astimezone(ZONE).strftime("%m-%d %H:%M") for at in (one.starts_at, one.ends_at))
    assert (*span, one.open_end) == (starts, ends, True)


async def test_an_answer_to_a_neighbour_is_no_announcement(town: Town) -> None:
    wang = town.person("王阿姨")
    await wang.says("家里没水了")
    asked = wang.last_message
    await town.person("小陈").says("今晚停水，什么时候来不知道", reply_to=asked)
    assert not any("留作" in post.text for _, post in town.channel.posts)


async def test_a_neighbours_words_are_never_proposed(town: Town) -> None:
    await town.person("王阿姨").says("听说今晚10点到明早6点停水，1-4栋")
    assert [post for _, post in town.channel.posts] == []


async def test_a_withdrawn_line_leaves_no_words(town: Town) -> None:
    announce(town)
    wang = town.person("王阿姨")
    await wang.says("没水了")
    await wang.takes_back(wang.last_message)
    (one,) = asked(town)
    assert one.words == ""
