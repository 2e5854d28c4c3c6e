"""“我的”: one's own cases, how they stand, in words; nothing of it before others."""

from __future__ import annotations

from town import GROUP, STAFF, Neighbour, Town


async def asks(neighbour: Neighbour, chat: object = None) -> list[str]:
    posts = await neighbour.says("我的", neighbour.alone if chat is None else GROUP)
    return [post.text for post in posts if post.chat == neighbour.alone]


async def test_each_own_case_says_how_it_stands_and_the_newest_comes_first(town: Town) -> None:
    wang, li, chen = town.person("王阿姨"), town.person("李叔"), town.person("小陈")
    await wang.opens_private_talk("g-DEMO-1")
    await wang.says("3栋楼下路灯又不亮了")
    await li.says("7栋门口垃圾桶满了三天没人收")
    town.now = town.now.replace(hour=11)
    await wang.says("5栋电梯坏了，按了没反应")
    (told,) = await asks(wang)
    first, second = told.splitlines()[1:]
    assert first.startswith("DEMO-1-3 ")
    assert second.startswith("DEMO-1-1 路灯不亮")
    assert "已派给" in second
    assert second.endswith("前回话")
    assert "垃圾" not in told, "nothing of others"

    await chen.says("接手 DEMO-1-1", STAFF)
    await chen.presses("接手")
    await chen.says("DEMO-1-1 换了灯头，试过亮了，处理完毕", STAFF)
    (told,) = await asks(wang)
    assert "路灯不亮：处理好了，请您看看" in told


async def test_in_the_group_nothing_is_said_of_it(town: Town) -> None:
    wang = town.person("王阿姨")
    await wang.opens_private_talk("g-DEMO-1")
    await wang.says("老板三个月没发工资了", wang.alone)
    before = len(town.said_in(GROUP))
    (told,) = await asks(wang, GROUP)
    assert "DEMO-1-1" in told
    assert town.said_in(GROUP)[before:] == []
    stranger = town.person("陌生人小赵")
    await stranger.says("我的")
    assert town.said_in(GROUP)[before:] == ["您的记录只能单独给您看，请私聊我发“我的”。"]


async def test_what_is_over_is_told_for_a_week(town: Town) -> None:
    wang = town.person("王阿姨")
    await wang.opens_private_talk("g-DEMO-1")
    assert await asks(wang) == ["我这里没有您的记录。"]
    posts = await wang.says("3栋楼下路灯又不亮了")
    assert posts
    await wang.presses("不是报事")
    (told,) = await asks(wang)
    assert "DEMO-1-1 路灯不亮：已撤回" in told
    await town.wait(days=8)
    (told,) = await asks(wang)
    assert told == "您报过 1 件，都办完了。再有事直接说。"
