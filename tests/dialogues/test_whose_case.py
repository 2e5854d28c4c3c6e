"""Several things are open at once, and people speak of them as people do."""

from __future__ import annotations

import pytest
from town import GROUP, STAFF, Town

from intake.cases import Case
from intake.lifecycle import State


def of(town: Town, item: str) -> Case:
    """The one case about this item."""
    (found,) = [case for case in town.cases() if case.item == item]
    return found


async def lines_of(town: Town, case: Case) -> list[str]:
    lines = await town.store.read(lambda tx: tx.cases.lines(case.id))
    return [line.text for line in lines]


async def lamp_and_lift(town: Town) -> tuple[Case, Case]:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    await town.wait(minutes=20)
    await town.person("李叔").says("5栋电梯门关不上，停在一楼不动")
    return of(town, "SZ03"), of(town, "WY01")


async def test_staff_speak_of_the_one_and_of_the_other(town: Town) -> None:
    lamp, lift = await lamp_and_lift(town)
    await town.wait(minutes=40)
    await town.person("小陈").says("电梯维保的师傅已经到5栋了，在查门机")
    await town.wait(hours=1)
    await town.person("小陈").says("路灯的灯头明天到，到了就去换")
    assert "电梯维保的师傅已经到5栋了，在查门机" in await lines_of(town, lift)
    assert "路灯的灯头明天到，到了就去换" in await lines_of(town, lamp)
    assert {town.case(n).state for n in (1, 2)} == {State.WORKING}


async def test_done_is_done_on_the_right_one(town: Town) -> None:
    lamp, lift = await lamp_and_lift(town)
    await town.wait(hours=5)
    await town.person("小陈").says("5栋电梯修好了，门机皮带换了新的，大家试试")
    assert town.case(lift.number).state is State.TO_RATE
    assert town.case(lamp.number).state is State.DISPATCHED


async def test_what_the_group_heard_itself_is_not_said_again(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    await town.person("小陈").says("收到，电工下午去3栋看路灯")
    assert [text for text in town.said_in(GROUP) if "进展" in text] == []
    await town.person("小陈").says("DEMO-1-1 灯头坏了，配件明天到", STAFF)
    assert [text for text in town.said_in(GROUP) if "灯头坏了" in text] != []


async def test_a_worker_who_talks_of_lunch_says_nothing_of_a_case(town: Town) -> None:
    lamp, lift = await lamp_and_lift(town)
    await town.wait(hours=1)
    await town.person("小陈").says("中午食堂红烧肉不错，来晚了就没了")
    assert len(await lines_of(town, lamp)) == len(await lines_of(town, lift)) == 1


async def test_another_voice_joins_what_is_spoken_of(town: Town) -> None:
    lamp, lift = await lamp_and_lift(town)
    await town.person("赵姐").says("我家也是")
    assert town.case(lift.number).voices == 2
    assert town.case(lamp.number).voices == 1


async def test_five_ask_and_the_group_is_told_once(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    await town.wait(hours=20)
    for name in ("王阿姨", "李叔", "赵姐", "老孙", "小周"):
        await town.person(name).says("路灯修了没有啊")
    told = [
        text
        for text in town.said_in(GROUP)
        if "DEMO-1-1 路灯不亮：" in text or "还在等人看" in text
    ]
    assert len(told) == 1
    await town.wait(minutes=30)
    await town.person("老孙").says("路灯到底修了没有啊")
    told = [
        text
        for text in town.said_in(GROUP)
        if "DEMO-1-1 路灯不亮：" in text or "还在等人看" in text
    ]
    assert len(told) == 2, "after a while one may ask again"


async def test_many_say_that_it_is_over_and_are_asked_once(town: Town) -> None:
    await town.person("王阿姨").says("停电了，整栋楼都黑了")
    await town.wait(hours=1)
    for name in ("李叔", "赵姐", "老孙"):
        await town.person(name).says("来电了")
    asked = [text for text in town.said_in(GROUP) if "听说" in text and "好了" in text]
    assert len(asked) == 1


async def test_whoever_is_in_danger_goes_on_about_the_same(town: Town) -> None:
    await town.person("圆圆").says("电梯停了，我关在里面出不去，4栋，救命")
    await town.wait(minutes=1)
    await town.person("圆圆").says("我和我女儿，她才五岁，全黑的")
    assert len(town.cases()) == 1


async def test_somebody_offers_what_is_wished_for_before_it_is_published(town: Town) -> None:
    wang, he = town.person("王阿姨"), town.person("小何")
    await wang.says("#心愿 想要一辆旧轮椅，推老伴下楼晒太阳")
    await town.wait(minutes=2)
    posts = await he.says("轮椅我认领，我婆婆那台在阳台吃灰", reply_to=wang.last_message)
    assert [post.chat for post in posts] == [STAFF]
    assert "小何 说愿意帮" in posts[0].text
    assert town.case().taken_by is None, "a person passes the wish first"
    await town.person("小何").says("轮椅我认领吗？", reply_to=wang.last_message)
    assert len([text for text in town.said_in(STAFF) if "说愿意帮" in text]) == 1


async def test_a_further_cry_reaches_those_who_help(town: Town) -> None:
    await town.person("圆圆").says("电梯停了，我关在里面出不去，4栋，救命")
    await town.person("圆圆").says("我和我女儿，她才五岁，全黑的")
    await town.person("何姨").says("4栋电梯里有人喊救命，快叫物业")
    told = [text for text in town.said_in(STAFF) if "【补充】" in text]
    assert any("她才五岁" in text for text in told)
    assert any("快叫物业" in text for text in told)
    assert len(town.cases()) == 1


async def test_a_volunteers_word_that_it_is_done_closes_nothing(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    await town.person("林书记").says("3栋的路灯修好了，大家看看")
    assert town.case().state is State.WORKING
    assert any("路灯修好了" in text for text in town.said_in(STAFF))


async def test_a_workers_cry_of_danger_is_no_progress_of_a_lamp(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    await town.person("小陈").says("3栋着火了，已经通知消防，大家快下楼")
    danger = [case for case in town.cases() if case.emergency is not None]
    assert len(danger) == 1


async def test_a_fire_is_no_more_of_a_lift(town: Town) -> None:
    await town.person("圆圆").says("电梯停了，我关在里面出不去，4栋，救命")
    await town.wait(minutes=5)
    await town.person("圆圆").says("着火了，快救命啊，我家厨房烧起来了")
    assert {case.emergency for case in town.cases()} == {"E09", "E01"}


@pytest.mark.parametrize("again", ["5栋电梯又坏了，门关不上", "5栋电梯坏了"])
async def test_what_was_done_and_fails_again_is_new_to_another(town: Town, again: str) -> None:
    await town.person("李叔").says("5栋电梯门关不上，停在一楼不动")
    await town.person("小陈").says("5栋电梯修好了，门机皮带换了新的，大家试试")
    assert town.case().state is State.TO_RATE
    await town.person("赵姐").says(again)
    assert len(town.cases()) == 2


@pytest.mark.parametrize(
    "other",
    [
        "垃圾桶满了没人倒",
        "井盖松了",
        "健身器材坏了伤到小孩",
        "还有电梯也坏了，门关不上",
        "树枝断了挂在电线上",
    ],
)
async def test_another_thing_in_the_same_breath_is_another_case(town: Town, other: str) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    await town.wait(seconds=40)
    await town.person("王阿姨").says(other)
    assert len(town.cases()) == 2


async def test_by_replying_nobody_learns_of_what_is_private(town: Town) -> None:
    wang, li = town.person("王阿姨"), town.person("李叔")
    await wang.says("老板三个月没发工资了")
    hers = wang.last_message
    for words in ("+1", "你要坚强啊，抱抱你", "有进展吗？什么时候办好"):
        posts = await li.says(words, reply_to=hers)
        assert not any(case.id in post.text for case in town.cases() for post in posts), words
    followers = await town.store.read(lambda tx: tx.cases.followers("DEMO-1-1"))
    assert not followers


async def test_a_strangers_place_is_the_beginning_of_their_own(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    await town.person("李叔").says("3栋楼下")
    await town.wait(seconds=20)
    await town.person("李叔").says("下水道堵了，污水都漫出来了")
    assert len(town.cases()) == 2
    assert town.case(1).voices == 1
