"""One fault, many groups: two of one grid, and those of neighbouring grids."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from town import GROUP, PATH, STAFF, Town

from intake.grids import ChatRef, Grid, Purpose
from intake.lifecycle import State
from intake.notices import Post
from intake.people import Grant, Person, Role

BACK = ChatRef("town", "back")
"""A second group of the first grid."""
NEXT = ChatRef("town", "next")
NEXT_STAFF = ChatRef("town", "next-staff")
FAR = ChatRef("town", "far")


@pytest.fixture
def streets(town: Town) -> Town:
    """The town with a second group, a neighbouring grid, and one of another community."""

    def work(tx: Any) -> None:
        tx.grids.add(
            [
                Grid("DEMO-2", "第二网格", (*PATH[:-1], "DEMO-2")),
                Grid("FAR-1", "远处", ("D", "S", "C9", "FAR-1")),
            ]
        )
        tx.chats.bind(BACK, "DEMO-1", Purpose.RESIDENTS)
        tx.chats.bind(NEXT, "DEMO-2", Purpose.RESIDENTS)
        tx.chats.bind(NEXT_STAFF, "DEMO-2", Purpose.STAFF)
        tx.chats.bind(FAR, "FAR-1", Purpose.RESIDENTS)
        tx.people.save([Person("town:小凌", "小凌", private=("town", "p-小凌"))], town.now)
        tx.people.grant("town:小凌", Grant(Role.GRID_WORKER, "DEMO-2"), "test", town.now)

    town.store.write_now(work)
    return town


def at(posts: list[Post], chat: ChatRef) -> list[str]:
    return [post.text for post in posts if post.chat == chat]


async def test_two_groups_of_one_grid_have_one_case(streets: Town) -> None:
    town = streets
    await town.person("王阿姨").says("停电了，整栋楼都黑了")
    (told,) = at(await town.person("李叔").says("我们这边也停电了", BACK), BACK)
    assert "DEMO-1-1 已在办" in told
    assert "王阿姨" not in told
    assert len(town.cases()) == 1
    posts = await town.person("小陈").says("DEMO-1-1 变压器跳闸，供电所在修", STAFF)
    assert ["变压器跳闸" in text for text in at(posts, GROUP)] == [True]
    assert ["变压器跳闸" in text for text in at(posts, BACK)] == [True]


async def test_an_outage_of_two_neighbouring_grids_is_one_case(streets: Town) -> None:
    town = streets
    await town.person("王阿姨").says("停电了，3栋整栋楼都黑了")
    await town.wait(minutes=10)
    posts = await town.person("赵姐").says("停电了！哪位知道怎么回事", NEXT)
    assert [case.id for case in town.cases()] == ["DEMO-1-1"]
    assert town.case().voices == 2
    (told,) = at(posts, NEXT)
    assert "DEMO-1-1 已在办" in told
    assert at(posts, GROUP) == [], "who was not asked hears nothing"
    posts = await town.person("小陈").says("DEMO-1-1 3栋王阿姨家旁边的变压器跳闸，在修", STAFF)
    (here,), (there,) = at(posts, GROUP), at(posts, NEXT)
    assert "变压器跳闸" in here
    assert there == "DEMO-1-1（停电） 正在办，有结果就说。"
    posts = await town.person("小陈").says("DEMO-1-1 换好了变压器保险，都有电了", STAFF)
    assert town.case().state is State.TO_RATE
    (there,) = at(posts, NEXT)
    assert there.startswith("DEMO-1-1（停电） 处理好了。")
    assert "变压器" not in there


async def test_a_group_next_door_goes_on_about_it(streets: Town) -> None:
    town = streets
    await town.person("王阿姨").says("停电了，整栋楼都黑了")
    await town.person("赵姐").says("停电了", NEXT)
    await town.wait(minutes=5)
    await town.person("钱伯").says("我家也是", NEXT)
    assert town.case().voices == 3
    await town.wait(minutes=30)
    (state,) = at(await town.person("赵姐").says("停电的事有进展吗，什么时候能修好", NEXT), NEXT)
    assert state.startswith("DEMO-1-1 停电：")
    posts = await town.person("赵姐").says("来电了来电了", NEXT)
    assert ["听说 DEMO-1-1 已经好了" in text for text in at(posts, GROUP)] == [True]
    assert len(town.cases()) == 1


async def test_a_worker_next_door_may_not_close_it(streets: Town) -> None:
    town = streets
    await town.person("王阿姨").says("停电了，整栋楼都黑了")
    await town.person("赵姐").says("停电了", NEXT)
    await town.person("小凌").says("供电所已经恢复供电了，大家看看", NEXT)
    assert town.case().state is not State.TO_RATE
    assert any("恢复供电" in text for text in town.said_in(STAFF))


async def test_the_third_voice_of_a_new_group_is_answered_too(streets: Town) -> None:
    town = streets
    await town.person("王阿姨").says("停电了，整栋楼都黑了")
    await town.person("李叔").says("停电了")
    await town.person("何姨").says("我家也停电了")
    (told,) = at(await town.person("赵姐").says("停电了", NEXT), NEXT)
    assert "已在办" in told


@pytest.mark.parametrize(
    ("first", "second", "chat", "minutes"),
    [
        ("停电了，整栋楼都黑了", "停电了", FAR, 5),
        ("停电了，整栋楼都黑了", "停电了", NEXT, 130),
        ("停电了，整栋楼都黑了", "停水了，一滴水都没有", NEXT, 5),
        ("3栋楼下路灯又不亮了", "3栋楼下路灯不亮了", NEXT, 5),
        ("老板三个月没发工资了", "老板三个月没发工资了", NEXT, 5),
    ],
    ids=["another community", "hours later", "water", "a lamp of the same number", "private"],
)
async def test_what_is_another_thing_stays_another(
    streets: Town, first: str, second: str, chat: ChatRef, minutes: int
) -> None:
    town = streets
    await town.person("王阿姨").says(first)
    await town.wait(minutes=minutes)
    await town.person("赵姐").says(second, chat)
    assert len(town.cases()) == 2


async def test_ours_is_another_outage(streets: Town) -> None:
    town = streets
    await town.person("王阿姨").says("停电了，整栋楼都黑了")
    await town.person("赵姐").says("停电了，就我家跳闸", NEXT)
    assert [case.id for case in town.cases()] == ["DEMO-1-1"]
    await town.person("赵姐").presses("不是这件")
    assert [case.id for case in town.cases()] == ["DEMO-1-1", "DEMO-2-1"]
    assert town.case().voices == 1
    assert any("DEMO-2-1" in text for text in town.said_in(NEXT_STAFF))


async def test_a_private_one_is_followed_by_nobody(streets: Town) -> None:
    town = streets
    await town.person("王阿姨").says("我老公打我，救救我", GROUP)
    await town.person("赵姐").says("我老公打我，救救我", NEXT)
    heard = [*town.said_in(GROUP), *town.said_in(NEXT)]
    assert not any("街坊" in text for text in heard)
    for case in town.cases():
        assert await town.store.read(lambda tx, id=case.id: tx.cases.followers(id)) == ()


NIGHT = (
    "王阿姨|group|停电了！整栋楼都黑了\n李叔|group|我家也停电了\n何姨|group|我这边也没电\n赵姐|next|停电了停电了\n"
    "钱伯|next|我们3栋也停电了\n老孙|back|全小区停电了吗\n小周|back|停电了，冰箱怎么办\n小何|group|同+1\n"
    "二姐|next|我家也是\n阿强|back|怎么又停电\n大刘|group|雨好大啊\n三婶|group|风太大了，窗户呜呜响\n"
    "吴伯|next|停水了，水龙头一滴水都没有\n郑姐|group|我家也停水了\n冯叔|back|停水停电，没法活了\n"
    "陈婆|group|8栋门口大树倒了，把路堵了\n褚哥|back|停电了\n卫姐|next|停电了，电梯也停了\n"
    "蒋叔|group|我家停水了\n沈姨|next|没水了\n韩哥|group|大家注意安全\n杨姐|next|有蜡烛的借一根\n"
    "朱伯|back|物业电话打不通\n秦姨|group|7栋停电了\n尤哥|next|5栋也停电了\n许姐|back|9栋也停电\n"
    "何伯|group|停电停到什么时候\n吕姐|next|谢谢大家\n施叔|back|我家也停水了\n张婶|group|停水了，急\n"
    "孔哥|next|2栋停水了\n曹姐|back|停水了\n严叔|group|我家也没电\n华姐|next|停电了\n金伯|back|停电了\n"
    "魏姨|group|来根蜡烛\n陶哥|next|我家也停电了\n姜姐|back|停电\n戚叔|group|停电了啊\n谢姨|next|停水了啊"
)
CHATS = {"group": GROUP, "back": BACK, "next": NEXT}


async def test_a_storm_night_in_three_groups(streets: Town) -> None:
    town = streets
    for line in NIGHT.splitlines():
        name, chat, words = line.split("|")
        await town.person(name).says(words, CHATS[chat])
        await town.wait(seconds=40)
    counted = Counter(case.item for case in town.cases())
    assert counted["GY04"] == 1
    assert counted["GY01"] == 1
    (power,) = [case for case in town.cases() if case.item == "GY04"]
    (water,) = [case for case in town.cases() if case.item == "GY01"]
    assert power.voices >= 15
    assert water.voices >= 6
    for chat in CHATS.values():
        assert len(town.said_in(chat)) <= 8, "nobody's group is drowned"
