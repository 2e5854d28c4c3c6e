"""The same words in different mouths: what surrounds a line says whether it is a call."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from town import GROUP, Town

from intake.hearing import Around, heard_alone

# The model is in doubt about some of these; the tests take the first that turns as it is told.
LINES = (
    "3栋电梯门又关不上",
    "二单元的灯坏了三盏",
    "后巷垃圾堆到路中间",
    "七栋水压又低了",
    "地库又积水了",
    "三楼的灯不亮",
    "门禁刷不开",
    "下水道又堵了",
    "围墙那边裂了条缝",
    "树枝压到电线",
    "井盖响了一夜",
    "楼道里一股味",
)
TRANSCRIPTS = Path(__file__).parent.parent / "transcripts"
WORKER = Around(worker=True)
REPLY = Around(replies=True, about_case=True)


def recorded() -> Iterator[str]:
    """What the people of the transcripts write."""
    for file in sorted(TRANSCRIPTS.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield json.loads(line).get("text") or "嗯"


def turning(town: Town, around: Around) -> str:
    """A line that is a call by itself, and none when it stands so."""
    hearing = town.reader.hearing
    assert hearing is not None
    for line in LINES:
        (reading,) = town.reader.read([line])
        alone, so = hearing.heard(reading, Around()), hearing.heard(reading, around)
        if alone.kind.asks and not so.kind.asks:
            return line
    raise AssertionError("the model is in doubt about none of the lines; write others")


async def test_a_neighbours_call_is_a_workers_report(town: Town) -> None:
    line = turning(town, WORKER)
    assert await town.person("小陈").says(line) == []
    assert town.cases() == []
    posts = await town.person("王阿姨").says(line)
    assert len(town.cases()) == 1
    assert [p for p in posts if p.chat == GROUP]


@pytest.mark.parametrize(
    "line",
    [
        "路灯坏了",
        "停电了",
        "今天又停水了",
        "3栋路灯坏了",
        "3栋停水了",
        "电梯又停了",
        "垃圾没人收",
        "二单元门禁坏了",
    ],
)
async def test_a_plain_call_is_heard_however_short(town: Town, line: str) -> None:
    posts = await town.person("王阿姨").says(line)
    assert len(town.cases()) == 1
    assert [p for p in posts if p.chat == GROUP]


async def test_a_worker_may_speak_of_two_things(town: Town) -> None:
    await town.person("小陈").says("后门路灯不亮；还有4栋门禁坏了")
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    assert [case.reporter for case in town.cases()][-1] == "town:王阿姨"


async def test_what_was_told_yesterday_is_news_again(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    await town.wait(hours=49)
    await town.person("李叔").says("路灯不亮")
    assert len(town.cases()) == 2


async def test_an_answer_to_a_call_opens_no_second_case(town: Town) -> None:
    line = turning(town, REPLY)
    wang = town.person("王阿姨")
    await wang.says("老板三个月没发工资了")
    await town.person("李叔").says(line, reply_to=wang.last_message)
    assert len(town.cases()) == 1
    await town.wait(minutes=10)
    await town.person("李叔").says(line)
    assert len(town.cases()) == 2


async def test_alone_with_the_bot_doubt_is_enough(town: Town) -> None:
    doubted = next(
        reading.text
        for reading in town.reader.read([*LINES, *recorded()])
        if not reading.kind.asks and heard_alone(reading).kind.asks
    )
    wang = town.person("王阿姨")
    await wang.opens_private_talk("g-DEMO-1")
    await wang.says(doubted, wang.alone)
    assert len(town.cases()) == 1
