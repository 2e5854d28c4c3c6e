"""Private matters never show in the group."""

from __future__ import annotations

from town import GROUP, STAFF, Town

from intake.taxonomy import Visibility


async def test_unpaid_wages_are_answered_alone(town: Town) -> None:
    worker, chen = town.person("老周"), town.person("小陈")
    await worker.opens_private_talk("g-DEMO-1")
    posts = await worker.says("老板三个月没发工资了")
    assert [p for p in posts if p.chat == GROUP] == []
    (answer,) = [p for p in posts if p.chat == worker.alone]
    assert "DEMO-1-1" in answer.text
    assert town.case().visibility is Visibility.PRIVATE

    await chen.presses("接手")
    await chen.says("DEMO-1-1 已约老板周三到综治中心谈", STAFF)
    await chen.says("DEMO-1-1 工资已经结清，转账单已看过，处理完毕", STAFF)
    assert town.said_in(GROUP) == []
    assert any("打分" in text or "1~5 分" in text for text in town.said_in(worker.alone))


async def test_who_cannot_be_reached_alone_gets_one_neutral_line(town: Town) -> None:
    worker = town.person("老周")
    posts = await worker.says("老板三个月没发工资了")
    (line,) = [p for p in posts if p.chat == GROUP]
    assert "工资" not in line.text
    assert "https://t.example/c-DEMO-1-1" in line.text
    assert "DEMO" not in line.text.replace("https://t.example/c-DEMO-1-1", "")

    posts = await worker.opens_private_talk("c-DEMO-1-1")
    (answer,) = [p for p in posts if p.chat == worker.alone]
    assert "DEMO-1-1" in answer.text


async def test_a_stranger_with_the_link_learns_nothing(town: Town) -> None:
    await town.person("老周").says("老板三个月没发工资了")
    posts = await town.person("小赵").opens_private_talk("c-DEMO-1-1")
    assert all("DEMO-1-1" not in p.text and "工资" not in p.text for p in posts)
    posts = await town.person("小赵").says("DEMO-1-1", town.person("小赵").alone)
    assert all("工资" not in p.text for p in posts)


async def test_a_masked_matter_shows_number_and_vague_title_only(town: Town) -> None:
    wang, chen = town.person("王阿姨"), town.person("小陈")
    posts = await wang.says("楼上502半夜拖椅子咚咚响，睡不着")
    (ack,) = [p for p in posts if p.chat == GROUP]
    assert "DEMO-1-1" in ack.text
    assert "拖椅子" not in ack.text
    assert ack.reply_to is None
    posts = await chen.says("DEMO-1-1 已上门和502的老张谈过，答应垫脚垫", STAFF)
    assert all("502" not in p.text and "老张" not in p.text for p in posts if p.chat == GROUP)


async def test_two_with_the_same_private_trouble_learn_nothing_of_each_other(town: Town) -> None:
    for number, name in enumerate(("老周", "老李"), 1):
        worker = town.person(name)
        await worker.opens_private_talk("g-DEMO-1")
        posts = await worker.says("老板三个月没发工资了")
        (answer,) = [p for p in posts if p.chat == worker.alone]
        assert f"DEMO-1-{number}" in answer.text
    assert len(town.cases()) == 2
