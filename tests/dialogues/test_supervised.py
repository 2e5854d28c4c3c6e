"""What comes back again and again is followed from above until the neighbour is content."""

from __future__ import annotations

from test_ladder import above
from town import STAFF, Town

from intake.cases import TimerKind

LAMP = "3栋楼下路灯又不亮了"


async def repaired(town: Town, words: str, who: str = "小陈") -> None:
    await town.person(who).presses("接手")
    await town.person(who).presses("办结")
    await town.person(who).says(words, chat=STAFF)


def heard(town: Town, name: str) -> list[str]:
    return [text for text in town.said_in(town.person(name).alone) if text.startswith("【督办】")]


async def test_reopened_a_second_time_it_is_under_supervision(town: Town) -> None:
    above(town)
    wang = town.person("王阿姨")
    await wang.opens_private_talk()
    await wang.says(LAMP)
    await repaired(town, "换了灯头，试过亮了")
    await wang.says("没好")
    assert (town.case().reopened, town.case().is_supervised) == (1, False)
    await repaired(town, "换了整盏灯，试过亮了")
    posts = await wang.says("没好")
    case = town.case()
    assert (case.reopened, case.is_supervised, case.supervised_by) == (2, True, None)
    assert any("列入督办，重办过还是没好" in p.text for p in posts if p.chat == STAFF)
    assert len(heard(town, "方主任")) == 1
    await repaired(town, "线路断了一截，接好了，整晚都亮着")
    assert "接好了" in heard(town, "方主任")[-1]
    await wang.presses("5分")
    assert not town.case().is_supervised, "the neighbour is content"


async def test_silence_does_not_lift_it(town: Town) -> None:
    above(town)
    await town.person("王阿姨").says(LAMP)
    for words in ("换了灯头，试过亮了", "换了整盏灯，试过亮了"):
        await repaired(town, words)
        await town.person("王阿姨").says("没好")
    await repaired(town, "线路断了一截，接好了，整晚都亮着")
    await town.wait(days=3)
    case = town.case()
    assert (case.is_open, case.is_supervised) == (False, True)
    assert "请回访过再解除督办" in heard(town, "方主任")[-1]
    await town.person("王阿姨").says("没好")
    case = town.case()
    assert case.is_open
    timers = town.store.read_now(lambda tx: tx.timers.of_subject(case.id))
    assert [t.due for t in timers if t.kind is TimerKind.SUPERVISION] == [case.supervised_until]


async def test_late_beyond_the_last_rung_it_is_under_supervision(town: Town) -> None:
    above(town)
    await town.person("王阿姨").says(LAMP)
    await town.wait(hours=4, minutes=1)
    await town.wait(days=2)
    assert not town.case().is_supervised
    await town.wait(days=1, minutes=1)
    case = town.case()
    assert (case.is_supervised, case.supervised_by) == (True, None)
    assert len(heard(town, "方主任")) == 1
    await town.wait(days=9)
    steps = town.store.read_now(lambda tx: tx.cases.entries(case.id))
    assert [step.action.value for step in steps].count("supervise") == 1
    assert any("督办到期没报" in text for text in heard(town, "方主任"))
