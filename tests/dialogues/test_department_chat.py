"""老吴 of 规划建设部 works from his department's chat: what he presses and says is answered there."""

from __future__ import annotations

from town import DEPARTMENT, GROUP, STAFF, Town

from intake.lifecycle import State

TOLD = "3栋楼下路灯又不亮了"


async def test_whoever_takes_a_case_there_sees_what_comes_next(town: Town) -> None:
    posts = await town.person("王阿姨").says(TOLD)
    (card,) = [post for post in posts if post.chat == DEPARTMENT]
    wu = town.person("老吴")
    posts = await wu.presses("接手", card)
    (taken,) = [post for post in posts if post.chat == DEPARTMENT]
    assert taken.text == "DEMO-1-1 已接手（老吴）"
    assert [post.text for post in posts if post.chat == STAFF] == [taken.text]

    await wu.presses("办结", taken)
    posts = await wu.says("换了灯头，试过亮了", DEPARTMENT)
    assert town.case().state is State.TO_RATE
    assert any("已处置" in post.text for post in posts if post.chat == DEPARTMENT)


async def test_nothing_is_offered_there_that_is_refused(town: Town) -> None:
    posts = await town.person("王阿姨").says(TOLD)
    labels = {post.chat: [one.label for one in post.buttons] for post in posts}
    assert labels[STAFF] == ["接手", "改类", "退单"]
    assert labels[DEPARTMENT] == ["接手", "退单"]


async def test_what_waits_for_parts_is_shown_the_pause_there(town: Town) -> None:
    await town.person("王阿姨").says(TOLD)
    posts = await town.person("老吴").says("DEMO-1-1 在等配件，厂家周四到货", DEPARTMENT)
    (told,) = [post.text for post in posts if post.chat == DEPARTMENT]
    assert "暂停计时" in told


async def test_what_was_not_fixed_is_no_new_case(town: Town) -> None:
    await town.person("王阿姨").says(TOLD)
    await town.person("小陈").says("DEMO-1-1 修好了，换了灯泡", STAFF)
    posts = await town.person("王阿姨").says("还没好", GROUP)
    (card,) = [post.text for post in posts if post.chat == DEPARTMENT]
    assert card.startswith("【重办】DEMO-1-1 ")
    assert card.endswith("上次说：修好了，换了灯泡。街坊说没好，请换人跟。")
