"""Danger: answered at once, and not let go until somebody takes it."""

from __future__ import annotations

from datetime import time

from town import GROUP, STAFF, Town

from intake.hearing import Around
from intake.lifecycle import State
from intake.taxonomy import Level

# Of these the model is in doubt about one at least, and takes it for no call.
IN_DOUBT = (
    "对岸有火光",
    "外面好大一声",
    "墙那边哐哐响 有人叫",
    "听见小孩在门里哭",
    "好像有人在敲电梯",
    "他说转账就能解冻",
    "那边好像有人喊",
)


def doubted(town: Town) -> str:
    """A line that may be a danger and is neither an alarm nor a call."""
    hearing = town.reader.hearing
    assert hearing is not None
    for line in IN_DOUBT:
        (reading,) = town.reader.read([line])
        if reading.suspicion and not hearing.heard(reading, Around()).kind.asks:
            return line
    raise AssertionError("the model is in doubt about none of the lines; write others")


async def test_a_fire_is_answered_and_goes_up_the_duty_list_until_taken(town: Town) -> None:
    town.quiet = (time(22), time(7))
    wang, chen, sun = town.person("王阿姨"), town.person("小陈"), town.person("孙姐")

    posts = await wang.says("5栋着火了 好大烟 快来人啊")
    (answer,) = [p for p in posts if p.chat == GROUP]
    assert "119" in answer.text
    assert "值班网格员" in answer.text
    (alert,) = [p for p in posts if p.chat == chen.alone]
    assert "我来处理" in [b.label for b in alert.buttons]
    assert town.case().level is Level.A
    assert town.case().emergency == "E01"

    posts = await town.wait(minutes=5)
    assert [p.chat for p in posts if p.chat == sun.alone] == [sun.alone]

    posts = await sun.presses("我来处理", alert)
    assert any("孙姐已接" in p.text for p in posts if p.chat == STAFF)
    assert town.case().state is State.SIGNED
    assert [p for p in await town.wait(minutes=20) if "5 分钟没人接" in p.text] == []


async def test_a_second_voice_joins_the_same_fire(town: Town) -> None:
    await town.person("王阿姨").says("5栋着火了 好大烟 快来人啊")
    posts = await town.person("李叔").says("着火啦 5栋那边冒黑烟")
    assert [p for p in posts if p.chat == GROUP and "119" in p.text] == []
    assert len(town.cases()) == 1
    assert town.case().voices == 2


async def test_thoughts_of_death_get_not_one_word_in_the_group(town: Town) -> None:
    girl, chen = town.person("小雨"), town.person("小陈")
    await girl.opens_private_talk("g-DEMO-1")
    posts = await girl.says("我不想活了 今晚就从楼顶跳下去")
    assert town.said_in(GROUP) == []
    (alone,) = [p for p in posts if p.chat == girl.alone]
    assert "12356" in alone.text
    assert [p for p in posts if p.chat == chen.alone]
    await town.wait(hours=2)
    await chen.presses("我来处理")
    await chen.says("DEMO-1-1 已上门陪着，家人也到了，转心理热线", STAFF)
    assert town.said_in(GROUP) == []


async def test_who_insists_on_a_fire_alarms_like_anybody(town: Town) -> None:
    posts = await town.person("王阿姨").says("#报事 5栋着火了 好大的烟")
    case = town.case()
    assert (case.emergency, case.alert) == ("E01", 1)
    assert any("【紧急】" in post.text for post in posts if post.chat == STAFF)
    posts = await town.wait(minutes=6)
    assert town.case().alert == 2
    again = await town.person("李叔").says("#报事 5栋着火了 快来人")
    assert len(town.cases()) == 1
    assert not any("【紧急】" in post.text for post in again)


async def test_a_joke_alarms_nobody(town: Town) -> None:
    for line in ("笑死我了哈哈哈", "今天热得要着火了", "这作业要逼死我妈"):
        assert await town.person("小赵").says(line) == [], line
    assert town.cases() == []


async def test_what_may_be_a_danger_is_shown_to_staff_and_alarms_nobody(town: Town) -> None:
    line = doubted(town)
    posts = await town.person("小赵").says(line)
    (look,) = [p for p in posts if p.text.startswith("【请看一眼】")]
    assert look.chat == STAFF
    assert line in look.text
    assert town.said_in(GROUP) == []
    assert [p for p in posts if p.chat == town.person("小陈").alone] == []


async def test_a_look_names_no_case_that_is_about_something_else(town: Town) -> None:
    wang = town.person("王阿姨")
    await wang.says("3栋楼下路灯又不亮了")
    posts = await wang.says(doubted(town))
    (look,) = [p for p in posts if p.text.startswith("【请看一眼】")]
    assert "DEMO-1-1" not in look.text


async def test_in_an_alarm_nobody_is_asked_to_look(town: Town) -> None:
    await town.person("王阿姨").says("5栋着火了 好大烟 快来人啊")
    posts = await town.person("小赵").says(doubted(town))
    assert [p for p in posts if p.text.startswith("【请看一眼】")] == []


async def test_the_same_words_are_shown_once(town: Town) -> None:
    line = doubted(town)
    await town.person("小赵").says(line)
    posts = await town.person("小赵").says(line)
    assert [p for p in posts if p.text.startswith("【请看一眼】")] == []


async def test_a_worker_who_speaks_of_danger_is_not_doubted(town: Town) -> None:
    posts = await town.person("小陈").says(doubted(town))
    assert [p for p in posts if p.text.startswith("【请看一眼】")] == []


async def test_a_false_alarm_is_taken_back_with_an_excuse(town: Town) -> None:
    await town.person("王阿姨").says("5栋着火了 好大烟 快来人啊")
    posts = await town.person("小陈").presses("是误报")
    assert any("是我听错" in p.text for p in posts if p.chat == GROUP)
    assert town.case().state is State.WITHDRAWN


async def test_another_trouble_at_the_place_of_a_fire_is_another_case(town: Town) -> None:
    await town.person("王阿姨").says("5栋着火了 好大烟 快来人啊")
    posts = await town.person("李叔").says("5栋楼下路灯不亮了")
    assert len(town.cases()) == 2
    assert any("DEMO-1-2" in p.text for p in posts if p.chat == GROUP)


async def test_each_who_wants_to_die_is_answered(town: Town) -> None:
    for name in ("小雨", "小风"):
        person = town.person(name)
        await person.opens_private_talk("g-DEMO-1")
        posts = await person.says("我不想活了 今晚就从楼顶跳下去")
        assert any("12356" in p.text for p in posts if p.chat == person.alone), name
    assert len(town.cases()) == 2
