"""More time, asked for and given in chats."""

from __future__ import annotations

from town import GROUP, Town

from bot.dispatch import posts_of
from intake.desk import Desk
from intake.extending import ask_time
from intake.facts import Wants


def asked(town: Town, day: str) -> None:
    """小陈 asks at the desk."""
    case = town.case()

    def work(tx) -> None:  # type: ignore[no-untyped-def]
        wants = Wants(cases=frozenset({case.id}), grids=frozenset({case.grid}), above=True)
        desk = Desk(town.rules, tx.desk.load(wants, town.clock()), town.clock())
        desk.begin(f"desk:{day}", town.clock())
        ask_time(desk, desk.facts.cases[case.id], desk.facts.people["town:小陈"], day, "配件没到")
        tx.desk.save(desk.changes, posts_of(desk, town.worker.around()), town.clock())

    town.store.write_now(work)


async def test_sun_says_yes_by_button_once(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    chen, sun = town.person("小陈"), town.person("孙姐")
    await chen.presses("接手")
    asked(town, "2026-12-04")
    (card,) = [p for p in await town.settle() if p.chat == sun.alone]
    assert "配件没到" in card.text
    await chen.presses("同意延期", card)
    assert town.case().extensions == 0, "not by whoever asked"
    await sun.presses("同意延期", card)
    assert town.case().extensions == 1
    await sun.presses("同意延期", card)
    await sun.presses("不同意", card)
    assert town.case().extensions == 1
    (told,) = [text for text in town.said_in(GROUP) if "要多等几天" in text]
    assert "配件没到" in told
    assert await town.person("王阿姨").says("急") is not None
    posts = await town.wait(days=5)
    assert not any("办结时间到了" in p.text for p in posts), "the clock has moved"
    posts = await town.wait(days=6)
    assert any("办结时间到了" in p.text for p in posts)
