"""A worker says 修好了, and two things are open: one tap tells which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from town import GROUP, STAFF, Town

from intake.grids import ChatRef
from intake.lifecycle import State
from intake.people import Person
from nlp.reader import Reader
from storage.store import Store

ALONE = ChatRef("town", "p-小陈")


@pytest.fixture
def town(reader: Reader) -> Iterator[Town]:
    with Store.open("sqlite://", "town") as store:
        yield Town(store, reader, which=timedelta(hours=24))


async def two_lamps(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    await town.wait(minutes=20)
    await town.person("李叔").says("9栋楼下路灯也不亮了")
    await town.wait(hours=1)


def states(town: Town) -> list[State]:
    return [case.state for case in town.cases()]


async def test_one_tap_says_which_was_repaired(town: Town) -> None:
    await two_lamps(town)
    chen, said_at = town.person("小陈"), town.now
    (asked,) = await chen.says("路灯修好了")
    assert asked.chat == ALONE
    assert "路灯修好了" in asked.text
    assert [button.label for button in asked.buttons][-1] == "都不是"
    assert states(town) == [State.DISPATCHED, State.DISPATCHED]
    assert not any("修好了" in text for text in town.said_in(GROUP))
    await town.wait(hours=3)
    posts = await chen.presses(asked.buttons[1].label)
    assert town.case(1).state is State.TO_RATE
    assert town.case(2).state is State.DISPATCHED
    assert town.case(1).done_at == said_at, "as of when it was said"
    assert any("修好了" in post.text and post.chat == GROUP for post in posts)
    assert any(post.chat == ALONE and "DEMO-1-1" in post.text for post in posts)
    entries = await town.store.read(lambda tx: tx.cases.entries("DEMO-1-1"))
    assert entries[-2].at == said_at


async def test_who_was_asked_late_has_the_whole_time_to_rate(town: Town) -> None:
    await two_lamps(town)
    (asked,) = await town.person("小陈").says("路灯修好了")
    await town.wait(hours=23)
    await town.person("小陈").presses(asked.buttons[0].label)
    await town.wait(hours=47)
    assert town.case(2).state is State.TO_RATE


async def test_progress_is_asked_after_too(town: Town) -> None:
    await two_lamps(town)
    (asked,) = await town.person("小陈").says("正在修，配件明天到")
    await town.person("小陈").presses(asked.buttons[0].label)
    assert sorted(states(town)) == [State.DISPATCHED, State.WORKING]


async def test_the_second_tap_does_nothing(town: Town) -> None:
    await two_lamps(town)
    (asked,) = await town.person("小陈").says("路灯修好了")
    await town.person("小陈").presses(asked.buttons[0].label)
    before = states(town)
    (answer,) = await town.person("小陈").presses(asked.buttons[1].label)
    assert "已经记好了" in answer.text
    assert states(town) == before


async def test_none_of_them(town: Town) -> None:
    await two_lamps(town)
    await town.person("小陈").says("路灯修好了")
    (answer,) = await town.person("小陈").presses("都不是")
    assert "不记到哪件上" in answer.text
    assert states(town) == [State.DISPATCHED, State.DISPATCHED]
    assert await town.wait(hours=30) is not None
    assert not any("没说清是哪件" in text for text in town.said_in(STAFF))


async def test_nobody_taps_and_staff_hear_that_it_stands_nowhere(town: Town) -> None:
    await two_lamps(town)
    (asked,) = await town.person("小陈").says("路灯修好了")
    await town.wait(hours=25)
    (told,) = [text for text in town.said_in(STAFF) if "没说清是哪件" in text]
    assert "DEMO-1-1" in told
    assert "王阿姨" not in told
    await town.person("小陈").presses(asked.buttons[0].label)
    assert State.TO_RATE not in states(town)


async def test_who_names_the_house_is_not_asked(town: Town) -> None:
    await two_lamps(town)
    await town.person("小陈").says("3栋的路灯修好了，大家看看")
    assert town.case(1).state is State.TO_RATE
    assert town.said_in(ALONE) == []


async def test_who_just_spoke_of_it_is_not_asked(town: Town) -> None:
    await two_lamps(town)
    await town.person("小陈").says("3栋的路灯我来看，电工已经到现场了")
    await town.wait(minutes=40)
    await town.person("小陈").says("修好了，大家看看亮不亮")
    assert town.case(1).state is State.TO_RATE
    assert town.said_in(ALONE) == []


async def test_who_answers_a_chase_is_not_asked(town: Town) -> None:
    await two_lamps(town)
    await town.person("王阿姨").says("3栋的路灯修了没有啊")
    await town.wait(minutes=2)
    await town.person("小陈").says("修好了")
    assert town.case(1).state is State.TO_RATE
    assert town.said_in(ALONE) == []


async def test_a_volunteer_is_never_asked(town: Town) -> None:
    await two_lamps(town)
    await town.person("林书记").says("路灯修好了")
    assert town.said_in(ChatRef("town", "p-林书记")) == []


async def test_who_cannot_be_reached_alone_is_asked_among_colleagues(town: Town) -> None:
    def shut(person: Person) -> Person:
        return replace(person, private=None)

    def work(tx: object) -> None:
        some = tx.people.many(["town:小陈"])  # type: ignore[attr-defined]
        tx.people.save([shut(some["town:小陈"])], town.now)  # type: ignore[attr-defined]

    await town.store.write(work)
    await two_lamps(town)
    posts = await town.person("小陈").says("路灯修好了")
    (asked,) = [post for post in posts if post.buttons]
    assert asked.chat == STAFF
    assert "王阿姨" not in asked.text
    assert "李叔" not in asked.text
    (no,) = await town.person("林书记").presses(asked.buttons[0].label, asked)
    assert "负责的人" in no.text
    await town.person("孙姐").presses(asked.buttons[0].label, asked)
    assert town.case(2).state is State.TO_RATE
    assert town.case(2).done_by == "town:小陈", "a colleague tapped, whose work it was stays"


async def test_withdrawn_words_wait_no_more(town: Town) -> None:
    await two_lamps(town)
    chen = town.person("小陈")
    (asked,) = await chen.says("路灯修好了")
    await chen.takes_back(chen.last_message)
    await chen.presses(asked.buttons[0].label)
    assert State.TO_RATE not in states(town)
    assert await town.store.read(lambda tx: tx.held.of_person("town:小陈")) == []


async def test_edited_words_are_heard_anew(town: Town) -> None:
    await two_lamps(town)
    chen = town.person("小陈")
    await chen.says("路灯修好了")
    await chen.says("9栋的路灯修好了", edits=chen.last_message)
    assert town.case(2).state is State.TO_RATE
    assert await town.store.read(lambda tx: tx.held.of_person("town:小陈")) == []


async def test_it_was_finished_meanwhile_by_its_number(town: Town) -> None:
    await two_lamps(town)
    (asked,) = await town.person("小陈").says("路灯修好了")
    await town.person("小陈").says("DEMO-1-1 修好了，换了灯头", STAFF)
    (answer, *_) = await town.person("小陈").presses(asked.buttons[1].label)
    assert town.case(1).state is State.TO_RATE
    assert "记到 DEMO-1-1" in answer.text


async def test_what_is_private_is_never_offered(town: Town) -> None:
    await town.person("李叔").says("老板三个月没发工资了")
    await two_lamps(town)
    (asked,) = await town.person("小陈").says("处理好了，大家看看")
    hidden = next(case for case in town.cases() if case.visibility.value == "private")
    assert hidden.id not in asked.text
