"""Two stories that turn out to be one, and one that turns out to be two."""

from __future__ import annotations

import pytest
from town import GRID, GROUP, STAFF, Town

from bot.dispatch import Surroundings, posts_of
from intake.cases import Case, CaseId
from intake.desk import Desk
from intake.facts import Wants
from intake.grids import MessageRef
from intake.lifecycle import State
from intake.merging import merge
from intake.notices import Post
from intake.splitting import Part, split
from intake.unmerging import Trace, unmerge
from storage.recall import broken_invariants
from storage.tx import Tx

SUN = "town:孙姐"


def number(case: int) -> CaseId:
    return f"{GRID}-{case}"


async def at_the_desk(town: Town, what: str, *numbers: int, **more: object) -> list[Post]:
    """孙姐 does it on her page; what was said because of it."""

    def work(tx: Tx) -> None:
        cases = frozenset(map(number, numbers))
        wants = Wants(cases=cases, grids=frozenset({GRID}), identities=frozenset({SUN}))
        desk = Desk(town.rules, tx.desk.load(wants, town.clock()), town.clock())
        desk.begin(f"desk:{what}:{town.clock()}", town.clock())
        person = desk.facts.people[SUN]
        first, *others = (desk.facts.cases[number(one)] for one in numbers)
        if what == "merge":
            merge(desk, [first], others[0], person)
        elif what == "unmerge":
            unmerge(desk, first, person, _trace(tx, first))
        else:
            split(desk, first, person, tx.cases.lines(first.id), Part(**more))  # type: ignore[arg-type]
        around = Surroundings({"town": town.channel}, town.rules.zone)
        tx.desk.save(desk.changes, posts_of(desk, around), town.clock())

    town.store.write_now(work)
    posts = await town.settle()
    assert town.store.read_now(broken_invariants) == []
    return posts


def _trace(tx: Tx, case: Case) -> Trace:
    main = case.merged_into or ""
    entries = [*tx.cases.entries(main), *tx.cases.entries(case.id)]
    return Trace(entries, tx.cases.lines_of([main, case.id]))


async def two_lamps(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    await town.wait(minutes=10)
    await town.person("李叔").says("9栋楼下路灯也不亮了")
    assert len(town.cases()) == 2


async def test_two_lamps_are_one_cable(town: Town) -> None:
    await two_lamps(town)
    posts = await at_the_desk(town, "merge", 2, 1)
    (said,) = [post for post in posts if post.chat == GROUP]
    assert said.text == ("DEMO-1-2 和 DEMO-1-1 是同一件事，合在一起办（共2位街坊），有进展一起说。")
    assert all("李叔" not in post.text for post in posts)
    assert [post.chat for post in posts if "只办 DEMO-1-1" in post.text].count(STAFF) == 1
    posts = await town.person("李叔").says("DEMO-1-2怎么样了")
    assert any("DEMO-1-1 路灯不亮：" in post.text for post in posts if post.chat == GROUP)
    chen = town.person("小陈")
    posts = await chen.says("DEMO-1-2 师傅下午来换电缆", STAFF)
    (progress,) = [post for post in posts if post.chat == GROUP]
    assert progress.text.startswith("DEMO-1-1 进展：")
    assert town.case(2).state is State.MERGED


@pytest.mark.parametrize("number_said", ["", "DEMO-1-2 "])
async def test_words_that_were_asked_for_find_their_case_though_it_was_merged_meanwhile(
    town: Town, number_said: str
) -> None:
    await two_lamps(town)
    chen = town.person("小陈")
    await chen.presses("接手")
    await chen.presses("办结")
    await at_the_desk(town, "merge", 2, 1)
    await chen.says(f"{number_said}换了电缆，都亮了", STAFF)
    assert (town.case(1).state, town.case(1).done_words) == (State.TO_RATE, "换了电缆，都亮了")
    assert town.case(2).state is State.MERGED


async def test_the_merged_ones_clock_stops(town: Town) -> None:
    await two_lamps(town)
    await at_the_desk(town, "merge", 2, 1)
    posts = await town.wait(days=5)
    due = [post.text for post in posts if post.template == "staff_due"]
    assert due
    assert all("DEMO-1-1 " in text for text in due)


async def test_a_withdrawn_message_takes_its_words_from_the_merged_case_too(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    li = town.person("李叔")
    await li.says("9栋楼下路灯也不亮了")
    await at_the_desk(town, "merge", 2, 1)
    await li.takes_back(li.last_message)
    assert (town.case(2).said, town.case(1).said) == ("", "3栋楼下路灯又不亮了")
    assert town.case(1).is_open


async def test_a_neighbour_who_called_twice_takes_one_back(town: Town) -> None:
    wang = town.person("王阿姨")
    await wang.says("3栋楼下路灯又不亮了")
    first = wang.last_message
    await town.wait(minutes=40)
    await wang.says("9栋楼下路灯也不亮了")
    await at_the_desk(town, "merge", 2, 1)
    await wang.takes_back(first)
    assert (town.case(1).said, town.case(1).is_open) == ("", True), "the other call goes on"


async def test_a_merged_number_takes_nothing_of_others_back(town: Town) -> None:
    await two_lamps(town)
    ack = next(m for m, p in town.channel.posts if p.chat == GROUP and "DEMO-1-2" in p.text)
    await at_the_desk(town, "merge", 2, 1)
    sun, li = town.person("孙姐"), town.person("李叔")
    answers = [
        *await sun.says("DEMO-1-2 不是报事", STAFF),
        *await li.presses("不是报事", next(p for m, p in town.channel.posts if m == ack)),
        *await town.person("小陈").says("不是报事", reply_to=ack),
    ]
    words = "DEMO-1-2 已经并到 DEMO-1-1 一起办，这一步做不了，要改请看 DEMO-1-1。"
    assert [post.text for post in answers] == [words] * 3
    assert (town.case(1).is_open, town.case(1).voices) == (True, 2)
    assert town.store.read_now(lambda tx: tx.examples.all()) == []


async def test_a_withdrawn_line_takes_its_words_from_a_split_too(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    li, zhao = town.person("李叔"), town.person("赵姐")
    await li.says("3栋楼下路灯真的不亮")
    await zhao.says("3栋楼下路灯不亮，摔了一跤")
    chosen = frozenset(MessageRef(GROUP, one.last_message) for one in (li, zhao))
    await at_the_desk(town, "split", 1, chosen=chosen, item="SR01")
    assert town.case(2).said == "3栋楼下路灯真的不亮 3栋楼下路灯不亮，摔了一跤"
    await zhao.takes_back(zhao.last_message)
    assert town.case(2).said == "3栋楼下路灯真的不亮"
    kept = town.store.read_now(lambda tx: tx.examples.all())
    assert all("摔" not in str(one) for one in kept)


async def test_whoever_told_it_too_can_say_that_it_is_not_done(town: Town) -> None:
    await two_lamps(town)
    await at_the_desk(town, "merge", 2, 1)
    chen, li = town.person("小陈"), town.person("李叔")
    for how in ("button", "word"):
        await chen.says("DEMO-1-1 换了电缆，试过都亮了", STAFF)
        await chen.says("DEMO-1-1 办结 换了电缆，试过都亮了", STAFF)
        assert town.case(1).state is State.TO_RATE
        posts = await (li.presses("没好") if how == "button" else li.says("没好"))
        assert any("DEMO-1-1 已重新打开" in post.text for post in posts)
        assert town.case(1).is_open
    await town.person("路人").says("没好")
    assert town.case(1).reopened == 2


async def test_it_was_not_one_thing_after_all(town: Town) -> None:
    await two_lamps(town)
    await at_the_desk(town, "merge", 2, 1)
    posts = await at_the_desk(town, "unmerge", 2, 1)
    (said,) = [post for post in posts if post.chat == GROUP]
    assert said.text.startswith("更正：DEMO-1-2 和 DEMO-1-1 不是一件事，分开办")
    assert (town.case(2).state, town.case(1).voices) == (State.DISPATCHED, 1)
    posts = await town.person("小陈").says("DEMO-1-2 已到现场查看，正在换灯泡", STAFF)
    assert any(post.text.startswith("DEMO-1-2 进展") for post in posts if post.chat == GROUP)


async def test_one_message_asked_for_two_things(town: Town) -> None:
    wang = town.person("王阿姨")
    text = "3栋楼下路灯又不亮了，垃圾也好几天没人收"
    await wang.says(text)
    before = len(town.cases())
    chosen = frozenset({MessageRef(GROUP, wang.last_message)})
    item = "SR01" if town.case().item != "SR01" else "SZ03"
    words = "垃圾也好几天没人收" if item == "SR01" else "3栋楼下路灯又不亮了"
    posts = await at_the_desk(
        town, "split", 1, chosen=chosen, item=item, place="3栋后面", words=words
    )
    new = town.case(before + 1)
    assert (new.reporter, new.place, new.state) == ("town:王阿姨", "3栋后面", State.DISPATCHED)
    (ack,) = [post for post in posts if post.chat == GROUP]
    assert new.id in ack.text
    await wang.presses("不是报事", ack)
    assert town.case(before + 1).state is State.WITHDRAWN
    assert town.case().is_open
