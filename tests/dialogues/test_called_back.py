"""What closed by silence is asked about: drawn once a week, said once, and 没好 reopens it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta

import pytest
from town import STAFF, Town

from bot.dispatch import posts_of
from intake.acting import act
from intake.acts import Act, Given, NotAllowed
from intake.cases import CallBack, TimerKind
from intake.desk import Desk
from intake.facts import Wants
from intake.lifecycle import Action, NotNow, State
from nlp.reader import Reader
from storage.store import Store


@pytest.fixture
def town(reader: Reader) -> Iterator[Town]:
    with Store.open("sqlite://", "town") as store:
        yield Town(store, reader, brief=time(9))


def asks(town: Town, outcome: str, who: str = "孙姐") -> None:
    case = town.case()

    def work(tx) -> None:  # type: ignore[no-untyped-def]
        wants = Wants(cases=frozenset({case.id}), grids=frozenset({case.grid}), above=True)
        desk = Desk(town.rules, tx.desk.load(wants, town.clock()), town.clock())
        desk.begin(f"desk:{outcome}:{who}", town.clock())
        person = desk.facts.people[f"town:{who}"]
        act(desk, desk.facts.cases[case.id], person, Act.CALL_BACK, Given(outcome))
        tx.desk.save(desk.changes, posts_of(desk, town.worker.around()), town.clock())

    town.store.write_now(work)


async def closed_by_silence(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    await town.person("小陈").presses("接手")
    await town.person("小陈").presses("办结")
    await town.person("小陈").says("换了灯头，试过亮了", chat=STAFF)
    await town.wait(days=3)  # Friday
    assert town.case().state is State.CLOSED


def steps(town: Town) -> list[Action]:
    case = town.case()
    rows = town.store.read_now(lambda tx: tx.cases.entries(case.id))
    return [row.action for row in rows]


async def test_the_one_of_the_week_is_drawn_once_and_sun_hears(town: Town) -> None:
    await closed_by_silence(town)
    assert town.case().call_back is None
    await town.wait(days=3)  # past Monday 9:00
    assert town.case().call_back is CallBack.DUE
    told = [t for t in town.said_in(town.person("孙姐").alone) if "请回访" in t]
    assert told == [
        "第一网格上周没等到评价就办结的，抽了 1 件请回访：问一句是不是真的好了，到工作台“回访”里点结果。"
    ]
    await town.wait(days=14)
    assert steps(town).count(Action.DRAW) == 1
    assert len([t for t in town.said_in(town.person("孙姐").alone) if "请回访" in t]) == 1


async def test_not_fixed_reopens_for_somebody_else(town: Town) -> None:
    await closed_by_silence(town)
    await town.wait(days=3)
    with pytest.raises(NotAllowed):
        asks(town, "fixed", "小陈")
    asks(town, "not_fixed")
    case = town.case()
    assert (case.state, case.reopened, case.taken_by) == (State.DISPATCHED, 1, None)
    assert case.call_back is CallBack.NOT_FIXED
    await town.settle()
    assert any("抱歉没办好" in text for text in town.said_in(case.chat))
    assert any("原办结人 小陈，请换人跟" in text for text in town.said_in(STAFF))
    with pytest.raises(NotNow):
        asks(town, "fixed")


@pytest.mark.parametrize("outcome", ["fixed", "unreached"])
async def test_other_outcomes_are_noted_and_are_no_score(town: Town, outcome: str) -> None:
    await closed_by_silence(town)
    await town.wait(days=3)
    asks(town, outcome)
    case = town.case()
    assert (case.state, case.score, case.call_back) == (State.CLOSED, None, CallBack(outcome))
    assert steps(town)[-1] is Action.CALL_BACK
    with pytest.raises(NotNow):
        asks(town, outcome)


async def test_whoever_said_a_word_is_not_asked(town: Town) -> None:
    wang = town.person("王阿姨")
    await wang.opens_private_talk()
    await closed_by_silence(town)
    await wang.presses("5分")
    await town.wait(days=10)
    assert town.case().call_back is None


async def test_a_draw_that_comes_twice_draws_nothing_more(town: Town) -> None:
    await closed_by_silence(town)
    timers = town.store.read_now(lambda tx: tx.timers.of_subject("DEMO-1@2026-11-30"))
    (draw,) = [timer for timer in timers if timer.kind is TimerKind.CALL_BACKS]
    await town.wait(days=3)
    town.store.write_now(lambda tx: tx.timers.set([draw]))
    await town.wait(hours=1)
    assert steps(town).count(Action.DRAW) == 1
    assert draw.due - town.now < timedelta(0)
