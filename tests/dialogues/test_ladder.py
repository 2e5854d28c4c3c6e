"""A limit is missed, and one after the other is told: whoever works on it, then those above."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

from town import GRID, GROUP, STAFF, ZONE, Town

from intake.cases import Entry, TimerKind
from intake.ladder import LADDER, Whom, climbed, highest
from intake.lifecycle import Action
from intake.people import Grant, Person, Role
from intake.taxonomy import Level

LAMP = "3栋楼下路灯又不亮了"


def above(town: Town) -> None:
    """孙姐 is the moderator; the street and the district have somebody too."""

    def add(tx: object) -> None:
        for name, role, scope in (("方主任", Role.STREET, "S"), ("区值班", Role.DISTRICT, "D")):
            person = Person(f"town:{name}", name, private=("town", f"p-{name}"))
            tx.people.save([person], town.now)  # type: ignore[attr-defined]
            tx.people.grant(person.id, Grant(role, scope), "test", town.now)  # type: ignore[attr-defined]

    town.store.write_now(add)


def steps(town: Town, number: int = 1) -> list[Entry]:
    rows = town.store.read_now(lambda tx: tx.cases.entries(f"{GRID}-{number}"))
    return [row for row in rows if row.action is Action.ESCALATE]


def told(town: Town, name: str) -> list[str]:
    return [t for t in town.said_in(town.person(name).alone) if t.startswith("【升级】")]


def test_the_ladder_goes_up_and_level_a_climbs_faster() -> None:
    for limit in (TimerKind.RESPOND_DUE, TimerKind.RESOLVE_DUE):
        rungs = [rung for rung in LADDER if rung.limit is limit]
        assert [rung.whom for rung in rungs] == list(Whom)
        for wait in (Level.A, Level.B):
            waits = [rung.wait(wait) for rung in rungs]
            assert waits == sorted(set(waits))
        assert all(rung.urgent <= rung.after for rung in rungs)


async def test_nobody_answers_and_it_goes_up_step_by_step(town: Town) -> None:
    above(town)
    await town.person("王阿姨").says(LAMP)  # level B: an answer within four hours
    await town.wait(hours=4, minutes=1)
    assert [climbed(e.words).rung.whom for e in steps(town)] == [Whom.HANDLER]  # type: ignore[union-attr]
    assert (told(town, "孙姐"), highest(town.case())) == ([], None)
    await town.wait(hours=4)
    assert highest(town.case()) is Whom.SUPERVISOR
    assert "还没人接手" in told(town, "孙姐")[0]
    assert any("已报给调度员" in text for text in town.said_in(STAFF))
    await town.wait(hours=20)
    assert (len(told(town, "方主任")), told(town, "区值班")) == (1, [])
    await town.wait(hours=48)
    assert highest(town.case()) is Whom.DISTRICT
    for name in ("孙姐", "方主任", "区值班"):
        assert sum("还没人接手" in text for text in told(town, name)) == 1
    group = town.said_in(GROUP)
    assert not any("升级" in text or "已报给" in text for text in group), "nothing for neighbours"


async def test_whoever_answers_stops_the_ladder(town: Town) -> None:
    above(town)
    await town.person("王阿姨").says(LAMP)
    await town.wait(hours=5)
    await town.person("小陈").presses("接手")
    await town.wait(hours=40)
    assert told(town, "孙姐") == []
    await town.wait(days=4)  # three days from the call, and one more
    assert [climbed(e.words).rung.name for e in steps(town)][:3] == [  # type: ignore[union-attr]
        "respond_due.handler",
        "resolve_due.handler",
        "resolve_due.supervisor",
    ]
    assert "该办结了还没办好" in told(town, "孙姐")[0]


async def test_a_server_that_slept_climbs_once_each(town: Town) -> None:
    above(town)
    await town.person("王阿姨").says(LAMP)
    town.now = datetime(2026, 12, 10, 10, 0, tzinfo=ZONE)
    await town.timekeeper.fire_once()
    await town.settle()
    names = [entry.words for entry in steps(town)]
    assert (len(names), len(set(names))) == (8, 8)
    timers = town.store.read_now(lambda tx: tx.timers.of_subject(f"{GRID}-1"))
    for timer in timers:  # the same once more, as after a kill between firing and noting it
        timer_again = timer.__class__(timer.key, timer.kind, timer.subject, town.clock(), GRID)
        town.store.write_now(lambda tx, one=timer_again: tx.timers.set([one]))
    await town.timekeeper.fire_once()
    await town.settle()
    assert [entry.words for entry in steps(town)] == names
    assert len(told(town, "区值班")) == 2, "the answer and the end, once each"
    assert told(town, "方主任") == [], "whoever comes late tells the top, and not every rung"


async def test_where_nobody_sits_it_says_so_and_goes_on(town: Town) -> None:
    await town.person("王阿姨").says(LAMP)
    await town.wait(hours=30)
    street = [climbed(e.words) for e in steps(town)][-1]
    assert street is not None
    assert (street.rung.whom, street.anybody) == (Whom.STREET, False)
    assert not any("街道" in text for text in town.said_in(STAFF))


async def test_the_night_is_quiet_but_for_level_a(town: Town) -> None:
    live = town.timekeeper.around
    live.now = replace(live.now, quiet=(time(22), time(7)))  # type: ignore[attr-defined]
    above(town)
    town.now = datetime(2026, 11, 24, 15, 0, tzinfo=ZONE)  # the supervisor's turn comes at 23:00
    await town.person("王阿姨").says(LAMP)
    await town.wait(hours=15, minutes=30)
    assert told(town, "孙姐") == []
    await town.wait(hours=2)
    assert len(told(town, "孙姐")) == 1
    await town.wait(hours=13, minutes=30)  # 21:00
    await town.person("李伯伯").says("5栋电梯困人了，有人被关在里面")
    await town.wait(hours=3)
    assert any(f"{GRID}-2" in text for text in told(town, "孙姐")), "danger is not held"


async def test_done_again_it_has_the_whole_ladder_before_it_again(town: Town) -> None:
    await town.person("王阿姨").says(LAMP)
    await town.wait(days=5)
    chen = town.person("小陈")
    await chen.presses("接手")
    await chen.presses("办结")
    await chen.says("换了灯头，试过亮了", STAFF)
    assert town.case().climbed
    await town.person("王阿姨").presses("没好")
    assert (town.case().climbed, town.case().is_open) == ((), True)
