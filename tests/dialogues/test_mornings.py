"""What waited for a group: told there in the morning, in one post, as it stands then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
from town import GRID, GROUP, STAFF, ZONE, Town

from intake.cases import TimerKind
from intake.desk import Desk
from intake.facts import Wants
from intake.grids import ChatRef, Purpose
from intake.lifecycle import State
from intake.manners import NONE, OwnManners
from intake.notices import Post
from intake.taxonomy import Visibility
from nlp.reader import Reader
from storage.store import Store
from storage.tx import Tx

LAMP = "3栋楼下路灯又不亮了"
RUBBISH = "5栋门口垃圾桶满了没人收"
MANHOLE = "2栋楼下井盖坏了,走路绊人"


@pytest.fixture
def town(reader: Reader) -> Iterator[Town]:
    with Store.open("sqlite://", "town") as store:
        town = Town(store, reader, quiet=(time(22), time(7)))
        town.now = datetime(2026, 11, 24, 21, 0, tzinfo=ZONE)
        yield town


def in_group(posts: list[Post]) -> list[str]:
    return [post.text for post in posts if post.chat == GROUP]


async def said(town: Town, *lines: str) -> None:
    for number, line in enumerate(lines):
        await town.person(f"邻居{number}").says(line)
    assert len(town.cases()) == len(lines)


async def till_morning(town: Town) -> list[Post]:
    """What is said from now until a minute past seven."""
    end = town.now.replace(hour=7, minute=1)
    end += timedelta(days=end < town.now)
    return await town.wait(seconds=(end - town.now).total_seconds())


async def wants(
    town: Town, quiet: str | None = None, budget: int | None = None, node: str = GRID
) -> None:
    town.store.write_now(lambda tx: tx.manners.put(OwnManners(node, quiet, budget)))
    await town.worker.around.refresh()  # type: ignore[attr-defined]


async def test_a_night_of_progress_is_one_post(town: Town) -> None:
    await said(town, LAMP, RUBBISH)
    chen = town.person("小陈")
    town.now += timedelta(hours=2)
    assert in_group(await chen.says(f"{GRID}-1 已约师傅,在路上了", STAFF)) == []
    await chen.says(f"{GRID}-1 换了灯头,还差一个零件", STAFF)
    await chen.says(f"{GRID}-2 已联系清运车", STAFF)

    (told,) = in_group(await till_morning(town))
    assert told.startswith("早！")
    assert told.count(f"{GRID}-1") == told.count(f"{GRID}-2") == 1
    assert "还差一个零件" in told
    assert "在路上" not in told
    assert "已联系清运车" in told
    for secret in ("邻居", "小陈", "@", "3栋楼下"):
        assert secret not in told
    assert in_group(await town.wait(hours=24)) == []


async def test_where_nothing_waited_nothing_is_said(town: Town) -> None:
    await said(town, LAMP)
    assert in_group(await till_morning(town)) == []


async def test_one_case_is_told_in_its_own_sentence_with_its_buttons(town: Town) -> None:
    await said(town, LAMP)
    chen = town.person("小陈")
    town.now += timedelta(hours=2)
    await chen.presses("接手")
    await chen.presses("办结")
    await chen.says("换了灯头,试过亮了", STAFF)
    posts = [post for post in await till_morning(town) if post.chat == GROUP]
    (post,) = posts
    assert post.text.startswith(f"早！{GRID}-1 处理好了：换了灯头,试过亮了。")
    assert "没好" in [button.label for button in post.buttons]
    assert post.case == f"{GRID}-1"
    await town.person("邻居0").presses("没好", post)
    assert town.case().reopened == 1


async def test_it_tells_what_is_true_then(town: Town) -> None:
    await said(town, LAMP, RUBBISH, MANHOLE)
    chen = town.person("小陈")
    town.now += timedelta(hours=2)
    await chen.says(f"{GRID}-1 已约师傅,在路上了", STAFF)
    await chen.says(f"{GRID}-2 已联系清运车", STAFF)
    await chen.says(f"{GRID}-3 已放了警示锥", STAFF)
    await town.person("邻居1").presses("不是报事", _ack(town, 2))
    await chen.says(f"{GRID}-3 换了新井盖,踩着稳了", STAFF)
    await chen.presses("办结")
    await chen.says("换了新井盖,踩着稳了", STAFF)
    done = next(case for case in town.cases() if case.state is State.TO_RATE)
    (told,) = in_group(await till_morning(town))
    line = next(one for one in told.splitlines() if done.id in one)
    assert "处理好了：换了新井盖" in line
    assert "警示锥" not in told


def _ack(town: Town, number: int) -> Post:
    return next(
        p for _, p in town.channel.posts if p.chat == GROUP and p.case == f"{GRID}-{number}"
    )


async def test_what_was_withdrawn_is_left_out(town: Town) -> None:
    await said(town, LAMP)
    chen, neighbour = town.person("小陈"), town.person("邻居0")
    town.now += timedelta(hours=2)
    await chen.says(f"{GRID}-1 已约师傅,在路上了", STAFF)
    await chen.presses("退单")
    assert town.store.read_now(lambda tx: tx.mornings.of_grids([GRID], town.clock() + timedelta(1)))
    await neighbour.presses("不是报事", _ack(town, 1))
    assert town.case().state is State.WITHDRAWN
    assert in_group(await till_morning(town)) == []
    assert town.store.read_now(lambda tx: tx.outbox.pending()) == 0


async def test_of_what_became_private_not_even_the_number(town: Town) -> None:
    await said(town, LAMP, RUBBISH)
    chen = town.person("小陈")
    town.now += timedelta(hours=2)
    await chen.says(f"{GRID}-1 已约师傅,在路上了", STAFF)
    await chen.says(f"{GRID}-2 已联系清运车", STAFF)
    hide(town, 1)
    (told,) = in_group(await till_morning(town))
    assert f"{GRID}-1" not in told
    assert "师傅" not in told
    assert f"{GRID}-2" in told


async def test_of_what_became_masked_no_words(town: Town) -> None:
    await said(town, LAMP)
    town.now += timedelta(hours=2)
    await town.person("小陈").says(f"{GRID}-1 已约师傅,在路上了", STAFF)
    hide(town, 1, Visibility.MASKED)
    (told,) = in_group(await till_morning(town))
    assert "师傅" not in told
    assert "路灯" not in told


def hide(town: Town, number: int, to: Visibility = Visibility.PRIVATE) -> None:
    """Somebody sees that a group must not hear of it."""

    def work(tx: Tx) -> None:
        wants = Wants(cases=frozenset({f"{GRID}-{number}"}), grids=frozenset({GRID}))
        desk = Desk(town.rules, tx.desk.load(wants, town.clock()), town.clock())
        desk.amend(desk.facts.cases[f"{GRID}-{number}"], visibility=to)
        tx.desk.save(desk.changes, [], town.clock())

    town.store.write_now(work)


async def test_of_a_dangerous_night_only_a_number(town: Town) -> None:
    await said(town, LAMP)
    chen = town.person("小陈")
    town.now += timedelta(hours=2)
    await town.person("李叔").says("5栋着火了 好大烟 快来人啊")
    await chen.presses("我来处理")
    await chen.presses("办结")
    await chen.says("消防队扑灭了厨房的火,人没事", STAFF)
    await chen.says(f"{GRID}-1 已约师傅,在路上了", STAFF)
    (told,) = in_group(await till_morning(town))
    assert "急事 1 件，值班的人已经处理好了" in told
    assert f"{GRID}-2" not in told
    assert "厨房" not in told
    assert f"{GRID}-1" in told


async def test_what_is_asked_is_answered_at_night(town: Town) -> None:
    town.now += timedelta(hours=2)
    assert in_group(await town.person("王阿姨").says(LAMP)) != []
    assert in_group(await town.person("李叔").says("3栋楼下路灯我也看到不亮")) != []
    assert in_group(await town.person("李叔").says(f"{GRID}-1 怎么还没人管?催一下")) != []
    before = len(town.channel.edited)
    await town.person("小陈").presses("接手")
    assert len(town.channel.edited) == before + 1


async def test_nobody_hears_more_than_six_a_day(town: Town) -> None:
    town.now = town.now.replace(hour=9)
    await said(town, LAMP)
    chen = town.person("小陈")
    heard = [in_group(await chen.says(f"{GRID}-1 第{n}步做完了,接着做", STAFF)) for n in range(9)]
    assert [len(one) for one in heard] == [1] * 6 + [0] * 3
    assert (
        in_group(await town.person("李叔").says(RUBBISH)) != []
    )  # a call is answered all the same
    assert in_group(await town.person("李叔").says(f"{GRID}-1 怎么还没人管?催一下")) != []

    (told,) = in_group(await till_morning(town))
    assert "第8步" in told
    assert "第6步" not in told
    assert in_group(await chen.says(f"{GRID}-1 第9步做完了,接着做", STAFF)) != []


async def test_a_grid_sets_its_own(town: Town) -> None:
    town.now = town.now.replace(hour=9)
    await said(town, LAMP)
    chen = town.person("小陈")
    await wants(town, "9-11", 1)
    assert in_group(await chen.says(f"{GRID}-1 已约师傅,在路上了", STAFF)) == []
    (told,) = in_group(await town.wait(hours=2, minutes=1))
    assert "在路上" in told
    await wants(town, NONE, 3, node="S")
    assert (
        in_group(await chen.says(f"{GRID}-1 换了灯头,还差零件", STAFF)) == []
    )  # the nearest counts
    await wants(town)
    assert in_group(await chen.says(f"{GRID}-1 零件到了,马上装", STAFF)) != []


async def test_without_quiet_hours_the_night_is_like_the_day(town: Town) -> None:
    await said(town, LAMP)
    await wants(town, NONE, 1)
    chen = town.person("小陈")
    town.now += timedelta(hours=2)
    assert in_group(await chen.says(f"{GRID}-1 已约师傅,在路上了", STAFF)) != []
    assert in_group(await chen.says(f"{GRID}-1 换了灯头,还差零件", STAFF)) == []
    assert in_group(await town.wait(hours=8)) == []
    (told,) = in_group(await town.wait(hours=2))  # eight o'clock
    assert "还差零件" in told


async def test_nothing_unasked_at_all(town: Town) -> None:
    town.now = town.now.replace(hour=9)
    await said(town, LAMP)
    await wants(town, None, 0)
    assert in_group(await town.person("小陈").says(f"{GRID}-1 已约师傅,在路上了", STAFF)) == []
    assert len(in_group(await till_morning(town))) == 1


async def test_firing_twice_says_it_once(town: Town) -> None:
    await said(town, LAMP)
    town.now += timedelta(hours=2)
    await town.person("小陈").says(f"{GRID}-1 已约师傅,在路上了", STAFF)
    due = town.clock() + timedelta(hours=9)
    (clock,) = (
        t
        for t in town.store.read_now(lambda tx: tx.timers.due(due, 99))
        if t.kind is TimerKind.MORNING
    )
    await till_morning(town)
    town.store.write_now(lambda tx: tx.timers.set([clock]))
    assert in_group(await town.wait(minutes=5)) == []


async def test_a_group_that_moved_in_the_night_hears_it_where_it_is(town: Town) -> None:
    await said(town, LAMP)
    town.now += timedelta(hours=2)
    await town.person("小陈").says(f"{GRID}-1 已约师傅,在路上了", STAFF)
    moved = ChatRef("town", "supergroup")
    town.store.write_now(lambda tx: tx.chats.move(GROUP, moved, town.clock()))
    posts = await till_morning(town)
    assert [post.chat for post in posts if "在路上" in post.text] == [moved]


async def test_each_group_hears_its_own(town: Town) -> None:
    other = ChatRef("town", "group2")
    town.store.write_now(lambda tx: tx.chats.bind(other, GRID, Purpose.RESIDENTS, None))
    await said(town, LAMP)
    await town.person("李叔").says(RUBBISH, other)
    town.now += timedelta(hours=2)
    await town.person("小陈").says(f"{GRID}-1 已约师傅,在路上了", STAFF)
    await town.person("小陈").says(f"{GRID}-2 已联系清运车", STAFF)
    posts = await till_morning(town)
    assert [f"{GRID}-2" in text for text in in_group(posts)] == [False]
    assert [f"{GRID}-1" in p.text for p in posts if p.chat == other] == [False]


async def test_a_long_night_ends_in_a_number(town: Town) -> None:
    for number in range(14):
        await town.person(f"邻居{number}").says(f"#报事 {number}号楼的信箱坏了")
    count = len(town.cases())
    assert count == 14
    town.now += timedelta(hours=2)
    for number in range(count):
        await town.person("小陈").says(f"{GRID}-{number + 1} 量过尺寸了,明天换", STAFF)
    (told,) = in_group(await till_morning(town))
    assert told.count("量过尺寸了") == 12
    assert "还有 2 件也有了进展" in told
