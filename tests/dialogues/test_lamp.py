"""The lamp: from a line in the group to 5 points, and what happens when it was not fixed."""

from __future__ import annotations

from town import GROUP, STAFF, Town

from intake.lifecycle import State
from intake.taxonomy import Visibility


async def test_a_lamp_is_reported_taken_fixed_and_rated(town: Town) -> None:
    wang, chen, stranger = town.person("王阿姨"), town.person("小陈"), town.person("小赵")
    await wang.opens_private_talk("g-DEMO-1")

    assert await stranger.says("今晚吃啥好呢") == []

    posts = await wang.says("3栋楼下路灯又不亮了")
    (ack,) = [p for p in posts if p.chat == GROUP]
    assert "DEMO-1-1" in ack.text
    assert "规划建设部" in ack.text
    assert "14:00前" in ack.text  # B: 4 hours
    assert ack.reply_to == wang.last_message
    (card,) = [p for p in posts if p.chat == STAFF]
    assert "3栋楼下" in card.text
    assert town.case().state is State.DISPATCHED

    await chen.presses("接手")
    assert town.case().state is State.SIGNED
    assert town.channel.edited[-1].edits == ack.key  # the acknowledgement is edited, no new post

    posts = await chen.says("DEMO-1-1 已到现场，配件明天到", STAFF)
    assert [p.text for p in posts if p.chat == GROUP] == ["DEMO-1-1 进展：已到现场，配件明天到"]

    posts = await chen.presses("办结")
    assert "写一句做了什么" in posts[0].text
    posts = await chen.says("已处理", STAFF)
    assert "还不能结" in posts[0].text
    assert town.case().is_open

    posts = await chen.says("换了灯头，试过亮了", STAFF)
    (done,) = [p for p in posts if p.chat == GROUP]
    assert "换了灯头，试过亮了" in done.text
    (question,) = [p for p in posts if p.chat == wang.alone]
    assert "没好" in [b.label for b in question.buttons]

    posts = await stranger.presses("5分", question)
    assert "报事人自己" in posts[0].text
    assert town.case().state is State.TO_RATE

    await wang.presses("5分", question)
    assert town.case().state is State.CLOSED
    assert town.case().score == 5


async def test_not_fixed_opens_it_again_with_a_fresh_clock(town: Town) -> None:
    wang, chen = town.person("王阿姨"), town.person("小陈")
    await wang.says("3栋楼下路灯又不亮了")
    await chen.presses("接手")
    await town.wait(hours=3)
    posts = await chen.says("DEMO-1-1 修好了，换了灯泡", STAFF)
    (done,) = [
        p for p in posts if p.chat == GROUP
    ]  # she cannot be reached alone: asked in the group
    assert "没好" in [b.label for b in done.buttons]

    posts = await wang.says("还没好", GROUP)
    (answer,) = [p for p in posts if p.chat == GROUP]
    assert "已重新打开" in answer.text
    case = town.case()
    assert case.state is State.DISPATCHED
    assert case.reopened == 1
    assert case.taken_by is None
    assert case.respond_due is not None
    assert case.respond_due > town.now


async def test_silence_closes_without_a_score(town: Town) -> None:
    wang, chen = town.person("王阿姨"), town.person("小陈")
    await wang.says("3栋楼下路灯又不亮了")
    await chen.says("DEMO-1-1 修好了，换了灯泡", STAFF)
    await town.wait(hours=49)
    assert town.case().state is State.CLOSED
    assert town.case().score is None


async def test_of_a_long_line_the_part_is_quoted_that_was_understood(town: Town) -> None:
    posts = await town.person("王阿姨").says(
        "大家好，我是3栋的，前两天就想说了一直没空，今天晚上下班回来发现5栋楼下的路灯又不亮了，老人走路看不清"
    )
    (ack,) = [post for post in posts if post.chat == GROUP]
    assert "「…今天晚上下班回来发现5栋楼下的路灯又不亮了…」" in ack.text


async def test_an_answer_without_words_names_at_least_what_it_is_about(town: Town) -> None:
    posts = await town.person("王阿姨").says("想问一下社区食堂什么时候开")
    (ack,) = [post for post in posts if post.chat == GROUP]
    assert town.case().visibility is Visibility.MASKED
    assert f"{town.case().title}的事" in ack.text
    assert "食堂" not in ack.text
