"""A small wish: heard, passed, published, claimed by exactly one, fulfilled."""

from __future__ import annotations

from town import GROUP, STAFF, VOLUNTEERS, Town

from intake.lifecycle import CaseKind, State


async def test_a_wish_is_claimed_by_exactly_one(town: Town) -> None:
    wang, lin, he, sun = (town.person(n) for n in ("王阿姨", "林书记", "小何", "孙姐"))
    await wang.opens_private_talk("g-DEMO-1")
    posts = await wang.says("#心愿 腿脚不方便，想请人帮忙买点菜，电话13800138000")
    assert town.case().kind is CaseKind.WISH
    assert "13800138000" not in town.case().said
    assert any("心愿收到" in p.text for p in posts if p.chat == GROUP)
    assert town.said_in(VOLUNTEERS) == []  # nothing is published before a person has passed it

    await sun.presses("改写后发布")
    posts = await sun.says("一位老人想请人帮忙买菜", STAFF)
    (published,) = [p for p in posts if p.chat == VOLUNTEERS]
    assert "王阿姨" not in published.text

    posts = await lin.says("认领 DEMO-1-1", VOLUNTEERS)
    assert any("已有热心人认领" in p.text for p in posts)
    (yours,) = [p for p in posts if p.chat == lin.alone]
    posts = await he.presses("我来认领", published)
    assert "已经有人认领了" in posts[0].text
    assert town.case().taken_by == "town:林书记"

    await lin.presses("圆上了", yours)
    posts = await lin.says("买了青菜和肉，送到家门口了", lin.alone)
    assert any("圆上了" in p.text for p in posts if p.chat == GROUP)
    await wang.presses("5分")
    assert town.case().state is State.CLOSED


async def test_a_wish_heard_in_chat_waits_for_a_person(town: Town) -> None:
    await town.person("李叔").says("眼睛花了看不清，谁能教我用手机挂号呀")
    assert town.case().state is State.REVIEW
