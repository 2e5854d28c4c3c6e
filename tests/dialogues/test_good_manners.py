"""How the bot behaves among neighbours: seldom, shortly, and never where it is not wanted."""

from __future__ import annotations

import pytest
from town import GRID, GROUP, STAFF, Town

LAMP = "3栋楼下路灯又不亮了"
QUARREL = (
    ("王阿姨", "楼上的你有没有素质,天天半夜跳舞"),
    ("李叔", "你才没素质,管好你自己吧"),
    ("王阿姨", "说谁呢,有本事当面说"),
    ("李叔", "当面就当面,谁怕谁"),
    ("王阿姨", "不要脸"),
    ("李叔", "神经病,懒得跟你吵"),
)


async def test_one_call_is_acknowledged_once(town: Town) -> None:
    wang = town.person("王阿姨")
    await wang.says(LAMP)
    for more in ("就是靠近垃圾房那盏", "晚上老人出来看不见路", "快点修吧"):
        await wang.says(more)
    acks = [p for _, p in town.channel.posts if p.chat == GROUP and p.template.startswith("ack_")]
    assert len(acks) == 1


async def test_at_most_one_question(town: Town) -> None:
    wang = town.person("王阿姨")
    for line in ("水有点问题", "就是那个水,不太对", "你们看看吧"):
        await wang.says(line)
    await town.wait(hours=3)
    asked = [p for _, p in town.channel.posts if p.chat == GROUP and p.template == "ack_ask"]
    assert len(asked) <= len(town.cases())
    assert len({p.case for p in asked}) == len(asked)


async def test_two_who_quarrel_hear_nothing(town: Town) -> None:
    for name, line in QUARREL[1:]:
        posts = await town.person(name).says(line)
        assert [p.text for p in posts if p.chat == GROUP] == [], line


@pytest.mark.parametrize("reachable", [True, False])
async def test_one_word_reaches_a_person_from_anywhere(town: Town, reachable: bool) -> None:
    wang = town.person("王阿姨")
    if reachable:
        await wang.opens_private_talk(f"g-{GRID}")
        posts = await wang.says("人工", wang.alone)
        assert any("叫网格员" in p.text for p in posts if p.chat == wang.alone)
        assert any("想找人说话" in p.text for p in posts if p.chat == STAFF)
        await town.wait(minutes=20)  # said again at once it would call them no louder
    posts = await wang.says("人工")
    assert any("叫网格员" in p.text for p in posts if p.chat == GROUP)
    assert any("想找人说话" in p.text for p in posts if p.chat == STAFF)


@pytest.mark.parametrize(
    ("word", "hours"), [("呼应 安静", 1), ("呼应 安静一天", 24), ("呼应安静 1天", 24)]
)
async def test_silence_is_kept_and_danger_breaks_it(town: Town, word: str, hours: int) -> None:
    wang = town.person("王阿姨")
    await wang.says(word)
    before = len(town.said_in(GROUP))
    await wang.says(LAMP)
    await town.wait(hours=hours, minutes=-5)
    assert town.said_in(GROUP)[before:] == []
    await town.person("李叔").says("5栋着火了 好大烟 快来人啊")
    assert "119" in town.said_in(GROUP)[-1]
    await town.wait(minutes=6)
    assert any(f"{GRID}-1" in text for text in town.said_in(GROUP)[before:])


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("我身份证440106198001011237", "证件号"),
        ("有事打我电话13812345678", "手机号"),
    ],
)
async def test_who_shows_too_much_is_asked_to_take_it_back(
    town: Town, line: str, what: str
) -> None:
    posts = await town.person("王阿姨").says(line)
    (told,) = [p.text for p in posts if p.chat == GROUP]
    assert what in told
    assert "撤回" in told
    assert not any(sign in told for sign in ("440106", "138"))


async def test_nobody_is_ever_called_all_together(town: Town) -> None:
    await town.person("王阿姨").says(LAMP)
    await town.person("小陈").says(f"{GRID}-1 @所有人 明天停电半天换灯", STAFF)
    assert not [text for text in town.said_in(GROUP) if "@" in text]
