"""Several lines and several people, one case."""

from __future__ import annotations

from town import GROUP, STAFF, Town


async def test_a_bare_place_waits_for_what_is_asked(town: Town) -> None:
    wang = town.person("王阿姨")
    assert await wang.says("3栋2单元楼下") == []
    await town.wait(seconds=20)
    posts = await wang.says("路灯不亮了")
    (ack,) = [p for p in posts if p.chat == GROUP]
    assert town.case().place == "3栋2单元楼下"
    assert "哪栋" not in ack.text


async def test_a_bare_place_that_nothing_follows_is_forgotten(town: Town) -> None:
    await town.person("王阿姨").says("3栋2单元楼下")
    await town.wait(minutes=5)
    await town.person("王阿姨").says("路灯不亮了")
    assert town.case().place is None


async def test_a_late_place_joins_without_a_new_post(town: Town) -> None:
    wang = town.person("王阿姨")
    await wang.says("路灯不亮了")
    await town.wait(minutes=2)
    posts = await wang.says("3栋2单元楼下")
    assert [p for p in posts if p.chat == GROUP] == []
    assert town.case().place == "3栋2单元楼下"
    assert town.channel.edited[-1].edits == "ack|DEMO-1-1|town:group"
    assert [p for p in posts if p.chat == STAFF]


async def test_a_photo_joins_the_open_case(town: Town) -> None:
    wang = town.person("王阿姨")
    await wang.says("3栋楼下路灯又不亮了")
    await wang.says("", media=("photo",))
    lines = town.store.read_now(lambda tx: tx.cases.lines("DEMO-1-1"))
    assert [line.media for line in lines] == [(), ("photo",)]


async def test_the_same_fault_is_one_case(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    posts = await town.person("李叔").says("3栋门口那个路灯坏了，黑漆漆的")
    assert len(town.cases()) == 1
    assert any("共2位街坊" in p.text for p in posts if p.chat == GROUP)
    await town.person("小何").says("我家也是")
    assert town.case().voices == 3


async def test_another_building_is_another_case(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    await town.person("李叔").says("9栋楼下路灯也不亮了")
    assert len(town.cases()) == 2


async def test_a_chase_gets_the_honest_state(town: Town) -> None:
    wang = town.person("王阿姨")
    await wang.says("3栋楼下路灯又不亮了")
    await town.wait(hours=26)
    posts = await wang.says("上次说的路灯呢？都一天了")
    (answer,) = [p for p in posts if p.chat == GROUP]
    assert "已派给规划建设部，还没人接手" in answer.text
    assert len(town.cases()) == 1


async def test_it_came_right_by_itself(town: Town) -> None:
    wang = town.person("王阿姨")
    await wang.says("我们这边停电了")
    posts = await wang.says("来电了来电了")
    assert any("已经好了" in p.text for p in posts)
    await wang.presses("好了，可以结了")
    assert not town.case().is_open


async def test_a_worker_reports_in_plain_words(town: Town) -> None:
    wang, chen = town.person("王阿姨"), town.person("小陈")
    await wang.says("3栋楼下路灯又不亮了")
    await chen.says("师傅已到现场，正在换灯泡", GROUP, reply_to=wang.last_message)
    assert town.case().state.value == "working"
    await chen.says("修好了，大家看看亮不亮", GROUP)
    assert town.case().state.value == "to_rate"


async def test_who_joins_hears_what_was_joined(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    posts = await town.person("李叔").says("3栋门口那个路灯坏了，黑漆漆的")
    (told,) = [p.text for p in posts if p.chat == GROUP]
    assert told == (
        "路灯不亮（3栋楼下）这件 DEMO-1-1 已在办，给您记上了（共2位街坊），有进展一起说。"
    )
    assert "王阿姨" not in told
