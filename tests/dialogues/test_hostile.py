"""People who try it on."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from town import GRID, GROUP, STAFF, Town

from intake.people import Grant, Role
from intake.templates import Template


async def test_a_stranger_who_keeps_pressing_cannot_mute_the_group(town: Town) -> None:
    town.channel.capabilities = replace(town.channel.capabilities, per_chat_minute=10)
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    stranger = town.person("小赵")
    for _ in range(40):
        await stranger.presses("接手")
    refusals = [text for text in town.said_in(GROUP) if "负责的人" in text]
    assert len(refusals) <= 1
    posts = await town.person("李叔").says("5栋着火了 好大烟 快来人啊")
    assert any("119" in p.text for p in posts if p.chat == GROUP)


async def test_danger_is_said_before_what_waits(town: Town) -> None:
    town.channel.capabilities = replace(town.channel.capabilities, per_chat_minute=5)
    for n in range(8):
        await town.person(f"邻居{n}").says_later(f"#报事 {n}号楼的信箱坏了")
    await town.person("李叔").says_later("5栋着火了 好大烟 快来人啊")
    await town.settle()
    assert any("119" in text for text in town.said_in(GROUP))


async def test_a_number_named_is_the_case_meant(town: Town) -> None:
    wang = town.person("王阿姨")
    await wang.says("3栋楼下路灯又不亮了")
    await wang.says("老板三个月没发工资了")
    await town.wait(hours=5)
    posts = await wang.says("DEMO-1-1 怎么还没人管?催一下")
    assert any(p.text.startswith("DEMO-1-1 路灯不亮：") for p in posts if p.chat == GROUP)


async def test_naming_somebody_elses_private_case_touches_nothing(town: Town) -> None:
    await town.person("老周").says("老板三个月没发工资了")
    before = town.case()
    posts = await town.person("小赵").says("DEMO-1-1 怎么还没人管?催一下")
    assert [p for p in posts if p.chat == STAFF] == []
    assert town.case() == before
    posts = await town.person("小赵").says("怎么还没人管?催一下")
    assert town.case() == before


async def test_a_post_of_the_bot_is_no_call(town: Town) -> None:
    wang = town.person("王阿姨")
    await wang.says("人工")
    (number,) = [m for m, post in town.channel.posts if post.chat == GROUP]
    await wang.says("#报事", reply_to=number)
    assert town.cases() == []


async def test_a_door_number_is_kept_nowhere(town: Town) -> None:
    await town.person("王阿姨").says("我家3栋2单元501楼上漏水漏得厉害,天花板都湿了")
    case = town.case()
    assert "501" not in case.said
    assert case.place is None or "501" not in case.place


async def test_workers_words_reach_the_group_without_numbers(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    chen = town.person("小陈")
    await chen.says("DEMO-1-1 已约师傅,电话13800138000,明天到", STAFF)
    assert all("13800138000" not in text for text in town.said_in(GROUP))
    await chen.presses("办结")
    await chen.says("换了灯头,有问题打13900139000", STAFF)
    assert all("13900139000" not in text for text in town.said_in(GROUP))


async def test_careless_words_of_staff_name_nobody_in_the_group(town: Town) -> None:
    await town.person("欧阳桂花").says("3栋楼下路灯又不亮了")
    await town.person("5栋诸葛老三").says("3栋楼下路灯我也看到不亮")
    chen = town.person("小陈")
    await chen.says("DEMO-1-1 刚去过欧阳桂花家,诸葛老三也在,李师傅明天来换", STAFF)
    (told,) = [text for text in town.said_in(GROUP) if "李师傅明天来换" in text]
    assert told == "DEMO-1-1 进展：刚去过街坊家,街坊也在,李师傅明天来换"
    await chen.presses("办结")
    await chen.says("欧阳桂花说亮了,换了灯头", STAFF)
    assert not [text for text in town.said_in(GROUP) if "桂花" in text or "老三" in text]


async def test_who_signs_a_call_is_not_quoted_with_it(town: Town) -> None:
    await town.person("欧阳桂花").says("5栋门口垃圾桶满了,找我欧阳桂花")
    assert town.said_in(GROUP) != []
    assert not [text for text in town.said_in(GROUP) if "桂花" in text]


async def test_in_the_group_a_private_case_is_as_if_it_were_not_there(town: Town) -> None:
    worker = town.person("老周")
    await worker.opens_private_talk("g-DEMO-1")
    await worker.says("老板三个月没发工资了")
    await town.person("小赵").says("DEMO-1-1 不是报事")
    assert town.said_in(GROUP) == ["没找到这一件，可能已经归档了。"]
    posts = await worker.says("不是报事")
    assert [post.chat for post in posts if "DEMO-1-1 撤了" in post.text] == [worker.alone]
    assert not [text for text in town.said_in(GROUP) if "DEMO-1-1" in text]


@pytest.mark.parametrize("button", ["报进展", "办结"])
async def test_words_that_were_asked_for_need_the_right_when_they_come(
    town: Town, button: str
) -> None:
    """小陈 presses, loses her role, and writes: nothing is reported, and nothing is done."""
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    chen = town.person("小陈")
    await chen.presses("接手")
    await chen.says("DEMO-1-1 在路上了", STAFF)
    before = town.case()
    posts = await chen.presses(button)
    grant = Grant(Role.GRID_WORKER, GRID)
    town.store.write_now(lambda tx: tx.people.revoke("town:小陈", grant))
    posts = await chen.says("换了灯头，试过亮了，处理完毕", posts[-1].chat)
    assert town.case() == before
    assert [post.template for post in posts] == [Template.NOT_ALLOWED]


@pytest.mark.parametrize("reachable", [True, False])
@pytest.mark.parametrize(
    "word", ["导出我", "删我", "别记我", "记我", "我的", "人工", "呼应 安静", "呼应 说话"]
)
async def test_a_fixed_word_said_three_hundred_times_a_minute_is_answered_once(
    town: Town, word: str, reachable: bool
) -> None:
    wang = town.person("王阿姨")
    if reachable:
        await wang.opens_private_talk(f"g-{GRID}")
    await wang.says("3栋楼下路灯又不亮了")
    before = len(town.channel.posts)
    for _ in range(300):
        await wang.says_later(word)
    await town.settle()
    await town.wait(seconds=50)
    told = Counter((str(p.chat), p.template) for _, p in town.channel.posts[before:])
    assert told, "once it is answered"
    assert set(told.values()) == {1}, told
    town.now += timedelta(minutes=11)
    await wang.says(word)
    assert len(town.channel.posts) > before + len(told), "and later again"


async def test_who_asks_alone_for_the_first_time_gets_what_was_promised(town: Town) -> None:
    li = town.person("李叔")
    posts = [*await li.says("导出我", li.alone), *await town.wait(seconds=5)]
    assert [(p.chat, p.template) for p in posts] == [
        (li.alone, Template.EXPORT_ME),
        (li.alone, Template.EXPORT),
    ]
