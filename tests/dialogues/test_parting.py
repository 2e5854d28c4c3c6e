"""来电了 offers to close; what joined the wrong case leaves it by one tap, and by a press at the desk."""

from __future__ import annotations

from town import GROUP, STAFF, Town

from intake.lifecycle import Action, State


async def entries(town: Town, id: str) -> list[tuple[Action, str]]:
    found = await town.store.read(lambda tx: tx.cases.entries(id))
    return [(entry.action, entry.words) for entry in found]


async def joined(town: Town) -> None:
    """Two lamps at one door, of which only one case was made."""
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    await town.person("李叔").says("3栋门口那个路灯坏了，黑漆漆的")
    assert len(town.cases()) == 1
    assert town.case().voices == 2


async def test_one_tap_undoes_a_wrong_join(town: Town) -> None:
    await joined(town)
    told_at = town.now
    await town.wait(minutes=10)
    posts = await town.person("李叔").presses("不是这件")
    old, new = town.case(1), town.case(2)
    assert (old.voices, new.voices) == (1, 1)
    assert new.reporter == "town:李叔"
    assert new.state is State.TO_CONFIRM
    assert new.opened_at == told_at, "it counts from when it was said"
    assert "门口那个路灯坏了" in new.said
    (ack,) = [post for post in posts if post.chat == GROUP]
    assert "DEMO-1-2" in ack.text
    assert any("DEMO-1-2" in text for text in town.said_in(STAFF))
    assert (Action.SPLIT, new.id) in await entries(town, old.id)
    assert any(old.id in words for _, words in await entries(town, new.id))
    followers = await town.store.read(lambda tx: tx.cases.followers(old.id))
    assert followers == ()
    lines = await town.store.read(lambda tx: tx.cases.lines(old.id))
    assert [line.sender for line in lines] == ["town:王阿姨"]


async def test_the_second_tap_makes_no_second_case(town: Town) -> None:
    await joined(town)
    await town.person("李叔").presses("不是这件")
    (answer,) = await town.person("李叔").presses("不是这件")
    assert "没有您跟着报的话" in answer.text
    assert len(town.cases()) == 2


async def test_nobody_undoes_what_another_said(town: Town) -> None:
    await joined(town)
    for name in ("王阿姨", "赵姐", "小陈"):
        (answer,) = await town.person(name).presses("不是这件")
        assert "没有您跟着报的话" in answer.text
    assert len(town.cases()) == 1
    assert town.case().voices == 2


async def test_bare_words_only_leave(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    await town.person("李叔").says("+1")
    assert town.case().voices == 2
    (answer,) = await town.person("李叔").presses("不是这件")
    assert "不把您算在 DEMO-1-1 里了" in answer.text
    assert len(town.cases()) == 1
    assert town.case().voices == 1
    assert (Action.SUPPLEMENT, "不是这件") in await entries(town, "DEMO-1-1")


async def test_what_is_over_is_not_parted(town: Town) -> None:
    await joined(town)
    await town.person("小陈").says("DEMO-1-1 修好了，换了灯头", STAFF)
    await town.wait(hours=49)
    assert town.case().state is State.CLOSED
    (answer,) = await town.person("李叔").presses("不是这件")
    assert "这一步做不了" in answer.text
    assert len(town.cases()) == 1


async def test_a_danger_is_not_parted_by_a_tap(town: Town) -> None:
    await town.person("王阿姨").says("着火了，3栋2楼冒烟，快来人")
    await town.person("李叔").says("3栋着火了！")
    assert not any("不是这件" in [b.label for b in post.buttons] for _, post in town.channel.posts)


async def test_power_is_back_and_its_reporter_is_asked(town: Town) -> None:
    await town.person("王阿姨").says("停电了，整栋楼都黑了")
    await town.person("李叔").says("我家也停电了")
    await town.wait(minutes=40)
    posts = await town.person("李叔").says("来电了来电了")
    (asked,) = [post for post in posts if post.chat == GROUP]
    assert [button.label for button in asked.buttons] == ["好了，可以结了", "还没好"]
    (no,) = await town.person("李叔").presses("好了，可以结了")
    assert "报事人自己来点" in no.text, "only its reporter's word closes it"
    assert town.case().is_open
    await town.person("王阿姨").presses("好了，可以结了")
    assert not town.case().is_open


async def test_power_is_not_back_everywhere(town: Town) -> None:
    await town.person("王阿姨").says("停电了，整栋楼都黑了")
    await town.wait(minutes=40)
    await town.person("李叔").says("来电了")
    posts = await town.person("王阿姨").presses("还没好")
    assert town.case().is_open
    (told,) = [post.text for post in posts if post.chat == GROUP]
    assert told.endswith("已经替您催了一声。")
    assert any("【催办】" in p.text and "还没好" in p.text for p in posts if p.chat == STAFF)
