"""“导出我” and “删我”: all that is kept, told alone; and let go of by itself when its time has come."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from test_answer_cards import POLICE, keep
from town import GRID, GROUP, STAFF, ZONE, Town

from bot.own_file import OwnFile
from intake.lifecycle import State

LAMP = "3栋楼下路灯又不亮了"
RUBBISH = "5栋门口垃圾桶满了没人收"


def everything(town: Town) -> str:
    """All words in the database, but for the room's and the taxonomy's."""
    from storage.schema import metadata

    def work(tx) -> str:  # type: ignore[no-untyped-def]
        names = ("cases", "entries", "lines", "outbox", "examples", "people", "inbox", "gatherings")
        names += ("asked",)
        rows = [tx.connection.execute(metadata.tables[name].select()).all() for name in names]
        return repr(rows)

    return town.store.read_now(work)


async def test_everything_that_is_kept_is_told_alone(town: Town) -> None:
    wang = town.person("王阿姨")
    await wang.opens_private_talk(f"g-{GRID}")
    await wang.says(LAMP)
    await wang.says("老板三个月没发工资了", wang.alone)
    await town.person("李叔").says(RUBBISH)
    before = len(town.said_in(GROUP))
    posts = await wang.says("导出我")
    assert [p.text for p in posts] == ["好的，这就把我记的关于您的都整理出来，单独发给您。"]
    posts = await town.wait(seconds=5)
    (told,) = [p.text for p in posts if p.chat == wang.alone]
    for wanted in (
        "名字：王阿姨",
        f"{GRID}-1 路灯不亮",
        LAMP.split("栋")[1][:4],
        "工资",
        "2026年11月24日",
    ):
        assert wanted in told
    assert "垃圾" not in told
    assert town.said_in(GROUP)[before:] == []


async def test_much_comes_in_parts(town: Town) -> None:
    wang = town.person("王阿姨")
    await wang.opens_private_talk(f"g-{GRID}")
    for number in range(12):
        await wang.says(f"#报事 {number}号楼" + "信箱坏了关不上" * 30, wang.alone)
    await wang.says("导出我", wang.alone)
    parts = [p.text for p in await town.wait(seconds=5) if p.chat == wang.alone]
    assert len(parts) > 1
    assert parts[0].startswith(f"我记的关于您的（1/{len(parts)}）")
    assert all(len(part) < 4000 for part in parts)
    for number in range(12):
        assert sum(f"{GRID}-{number + 1} " in part for part in parts) >= 1


async def test_much_is_one_file_where_files_can_be_sent(town: Town) -> None:
    town.channel.capabilities = replace(town.channel.capabilities, files=True)
    wang = town.person("王阿姨")
    await wang.opens_private_talk(f"g-{GRID}")
    for number in range(12):
        await wang.says(f"#报事 {number}号楼" + "信箱坏了关不上" * 30, wang.alone)
    await town.person("李叔").says(RUBBISH)
    await wang.says("导出我", wang.alone)
    (post,) = [p for p in await town.wait(seconds=5) if p.chat == wang.alone]
    assert post.text == "我记的关于您的比较多，都放在一个文件里。请收好，别转发。"
    assert dict(post.params) == {"file": "own", "person": "town:王阿姨"}, (
        "no word of hers lies there"
    )
    own = OwnFile(town.store, town.rules.taxonomy, ZONE, town.clock)
    text = await own(post.params["person"])
    assert text is not None
    assert text.startswith("我记的关于您的，2026年11月24日 10:00整理：\n名字：王阿姨")
    assert [f"{GRID}-{number + 1} " in text for number in range(12)] == [True] * 12
    assert "垃圾" not in text
    assert await own("town:谁也不是") is None


async def test_little_is_said_even_where_files_can_be_sent(town: Town) -> None:
    town.channel.capabilities = replace(town.channel.capabilities, files=True)
    wang = town.person("王阿姨")
    await wang.opens_private_talk(f"g-{GRID}")
    await wang.says("导出我", wang.alone)
    (post,) = [p for p in await town.wait(seconds=5) if p.chat == wang.alone]
    assert post.text.startswith("我记的关于您的：\n名字：王阿姨")


async def test_the_room_gets_a_link_to_it(town: Town) -> None:
    town.channel.capabilities = replace(
        town.channel.capabilities, own_page="https://huying.example/room/mine.txt"
    )
    wang = town.person("王阿姨")
    await wang.opens_private_talk(f"g-{GRID}")
    for number in range(12):
        await wang.says(f"#报事 {number}号楼" + "信箱坏了关不上" * 30, wang.alone)
    await wang.says("导出我", wang.alone)
    (post,) = [p for p in await town.wait(seconds=5) if p.chat == wang.alone]
    assert post.text.endswith("：https://huying.example/room/mine.txt")


async def test_who_cannot_be_reached_alone_hears_where_to_ask(town: Town) -> None:
    posts = await town.person("王阿姨").says("导出我")
    assert [p.text for p in posts] == ["您的记录只能单独给您看，请私聊我发“我的”。"]
    assert await town.wait(minutes=5) == []


async def test_what_is_over_goes_by_itself_and_what_is_open_stays(town: Town) -> None:
    wang, chen = town.person("王阿姨"), town.person("小陈")
    await wang.opens_private_talk(f"g-{GRID}")
    await wang.says(LAMP)
    await town.person("李叔").says("3栋楼下路灯我也看到不亮")
    await wang.says(RUBBISH)
    await chen.says(f"{GRID}-1 换了灯头,试过亮了,处理完毕", STAFF)
    await wang.presses("5分")
    assert town.case().state is State.CLOSED

    posts = await wang.says("删我", wang.alone)
    (told,) = [p.text for p in posts if p.chat == wang.alone]
    assert "12月8日" in told  # ten working days
    (staff,) = [p.text for p in posts if p.chat == STAFF]
    assert "自动删" in staff
    assert town.case().said
    posts = await town.wait(days=15)
    (told,) = [p.text for p in posts if "删好了" in p.text]
    assert "删好了：1 件" in told
    assert "还有 1 件在办" in told
    assert (town.case().said, town.case().score, town.case().place) == ("", None, None)
    assert town.case(2).said
    assert "路灯我也看到" in everything(town), "the words of others stay"

    await chen.says(f"{GRID}-2 清运车来过,桶换了新的,处理完毕", STAFF)
    await wang.presses("4分")
    posts = await town.wait(days=6)
    assert any("以后再有事" in p.text for p in posts)
    left = everything(town)
    for gone in ("又不亮了", "没人收", "垃圾桶满了没"):
        assert gone not in left
    person = town.store.read_now(lambda tx: tx.people.get("town:王阿姨"))
    assert person is not None
    assert (person.name, person.private, person.home) == ("", None, None)
    assert (town.case(2).id, town.case(2).item is not None) == (f"{GRID}-2", True)
    timers = town.store.read_now(lambda tx: tx.timers.of_subject("town:王阿姨"))
    assert timers == []


async def test_who_thinks_again_keeps_everything(town: Town) -> None:
    wang = town.person("王阿姨")
    await wang.opens_private_talk(f"g-{GRID}")
    await wang.says(LAMP)
    await wang.presses("不是报事")
    await wang.says("删我", wang.alone)
    await wang.says("记我", wang.alone)
    posts = await town.wait(days=20)
    assert not [p for p in posts if "删好了" in p.text]
    assert town.case().said


async def test_what_was_asked_and_answered_is_told_and_goes(town: Town) -> None:
    keep(town, POLICE)
    wang = town.person("王阿姨")
    await wang.opens_private_talk(f"g-{GRID}")
    await wang.says("派出所礼拜六上班吗")
    await wang.says("导出我", wang.alone)
    (told,) = [p.text for p in await town.wait(seconds=5) if p.chat == wang.alone]
    assert "您问过：派出所礼拜六上班吗" in told
    await wang.says("删我", wang.alone)
    await town.wait(days=20)
    assert "礼拜六" not in everything(town)


async def test_what_a_volunteer_said_of_others_cases_is_told_and_goes(town: Town) -> None:
    """What 小陈 said of the same case at work stays."""
    lin = town.person("林书记")
    await town.person("王阿姨").says(LAMP)
    await lin.says(f"{GRID}-1 我下午去看过那盏灯，像是灯头松了")
    await town.person("小陈").says(f"{GRID}-1 换了灯头,试过亮了,处理完毕", STAFF)
    await town.wait(days=3)
    assert not town.case().is_open
    for somebody in (lin, town.person("小陈")):
        await somebody.says("导出我", somebody.alone)
        (told,) = [p.text for p in await town.wait(minutes=2) if p.chat == somebody.alone]
        assert ("像是灯头松了" in told) is (somebody is lin)
        assert "试过亮了" not in told
        await somebody.says("删我", somebody.alone)
    await town.wait(days=20)
    left = everything(town)
    assert "像是灯头松了" not in left
    assert "试过亮了" in left


async def test_what_fails_is_logged_without_whom_it_was_for(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    wang = town.person("王阿姨")
    await wang.opens_private_talk(f"g-{GRID}")
    await wang.says("删我", wang.alone)
    monkeypatch.setattr("bot.deciding.fire", broken)
    town.now += timedelta(days=20)
    await town.timekeeper.fire_once()
    monkeypatch.undo()
    assert "erase" in caplog.text
    assert "王阿姨" not in caplog.text
    (timer,) = town.store.read_now(lambda tx: tx.timers.of_subject("town:王阿姨"))
    assert timer.due > town.clock(), "it was put off"


async def test_staff_keep_their_name(town: Town) -> None:
    chen = town.person("小陈")
    await chen.says("删我", chen.alone)
    await town.wait(days=20)
    person = town.store.read_now(lambda tx: tx.people.get("town:小陈"))
    assert person is not None
    assert person.name == "小陈"
    assert person.private is not None


@pytest.mark.parametrize("word", ["导出我", "删我", "我的", "别记我"])
async def test_in_the_group_nothing_is_told_of_it(town: Town, word: str) -> None:
    wang = town.person("王阿姨")
    await wang.opens_private_talk(f"g-{GRID}")
    await wang.says("老板三个月没发工资了", wang.alone)
    await wang.says(word)
    await town.wait(days=16)
    assert not [text for text in town.said_in(GROUP) if "工资" in text or f"{GRID}-1" in text]
