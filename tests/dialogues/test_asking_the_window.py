"""咨询: a question that no card answers goes to the window; what neighbours ask each other does not."""

from __future__ import annotations

import pytest
from town import GROUP, Town

from intake.lifecycle import State
from intake.nature import Nature
from intake.rules import Rules


def working_hours(town: Town, item: str) -> float:
    rules: Rules = town.rules
    return rules.taxonomy.items[item].limits.resolve_hours


async def test_the_hours_of_an_office_are_asked_at_the_window(town: Town) -> None:
    posts = await town.person("王阿姨").says("派出所礼拜六上班吗")
    case = town.case()
    assert (case.item, case.nature, case.said) == ("ZW03", Nature.INQUIRY, "派出所礼拜六上班吗")
    assert case.state is not State.DRAFT
    assert any(case.id in post.text for post in posts if post.chat == GROUP)
    assert case.resolve_due is not None
    days = (case.resolve_due.date() - town.now.date()).days
    assert days == working_hours(town, "ZW03") / 24, "two working days of a week without holidays"


@pytest.mark.parametrize("text", ["社保卡在哪里办", "居住证怎么续"])
async def test_a_paper_is_asked_after_too(town: Town, text: str) -> None:
    await town.person("李叔").says(text)
    assert town.case().nature is Nature.INQUIRY


@pytest.mark.parametrize(
    "text", ["你们家孩子几点放学", "明天去不去钓鱼", "谁知道哪家外卖好吃", "你在派出所上班吗"]
)
async def test_what_neighbours_ask_each_other_is_theirs(town: Town, text: str) -> None:
    assert await town.person("王阿姨").says(text) == []
    assert town.cases() == []


async def test_a_question_to_the_neighbour_who_was_there_is_theirs_as_well(town: Town) -> None:
    wang = town.person("王阿姨")
    await wang.says("今天去办事啦，排队排得腰疼")
    said = wang.last_message
    assert await town.person("李叔").says("派出所礼拜六上班吗？我也想知道", reply_to=said) == []
    assert town.cases() == []


async def test_the_window_is_asked_in_a_private_talk(town: Town) -> None:
    wang = town.person("王阿姨")
    await wang.opens_private_talk("g-DEMO-1")
    await wang.says("婚姻登记处国庆上班吗", wang.alone)
    assert town.case().item == "ZW03"
