"""协办、吹哨: others help, one leads, and neighbours hear the lead alone."""

from __future__ import annotations

from datetime import timedelta

from town import DEPARTMENT, GRID, GROUP, STAFF, Town

from bot.dispatch import posts_of
from intake.acting import act
from intake.acts import Act, Given
from intake.desk import Desk
from intake.facts import Wants
from intake.grids import ChatRef, Purpose
from intake.joint_parts import Outcome, PartKind
from intake.lifecycle import Action, State
from intake.people import Grant, Person, Role

LAMP = "3栋楼下路灯又不亮了"
HW = ChatRef("town", "department-hw")
FRIDAY = "2026-11-27"
CASE = f"{GRID}-1"


def helpers(town: Town) -> None:
    """环卫所 has a chat with 老赵 in it, the street 方主任, the district somebody on duty."""

    def add(tx: object) -> None:
        tx.chats.bind(HW, GRID, Purpose.DEPARTMENT, "HW")  # type: ignore[attr-defined]
        some = (("老赵", Role.DEPARTMENT, "HW"), ("方主任", Role.STREET, "S"))
        for name, role, scope in (*some, ("区值班", Role.DISTRICT, "D")):
            person = Person(f"town:{name}", name, private=("town", f"p-{name}"))
            tx.people.save([person], town.now)  # type: ignore[attr-defined]
            tx.people.grant(person.id, Grant(role, scope), "test", town.now)  # type: ignore[attr-defined]

    town.store.write_now(add)


async def does(town: Town, name: str, what: Act, given: Given, case: str = CASE) -> None:
    """As on a page of the desk."""

    def work(tx: object) -> None:
        wants = Wants(
            identities=frozenset({f"town:{name}"}),
            cases=frozenset({case}),
            grids=frozenset({GRID}),
            above=True,
        )
        now = town.clock()
        desk = Desk(town.rules, tx.desk.load(wants, now), now)  # type: ignore[attr-defined]
        desk.begin(f"desk:{next(town.ids)}", now)
        person = desk.facts.people[f"town:{name}"]
        act(desk, desk.facts.cases[case], person, what, given)
        tx.desk.save(desk.changes, posts_of(desk, town.timekeeper.around()), now)  # type: ignore[attr-defined]

    town.store.write_now(work)
    await town.settle()


def steps(town: Town, *wanted: Action) -> list[tuple[Action, str]]:
    rows = town.store.read_now(lambda tx: tx.cases.entries(CASE))
    return [(row.action, row.words) for row in rows if row.action in wanted]


def outside(town: Town, since: int) -> list[str]:
    return town.said_in(GROUP)[since:]


async def opened(town: Town) -> int:
    """王阿姨 tells of the lamp, 老吴 of the lead takes it; how much the group has heard by then."""
    helpers(town)
    await town.person("王阿姨").says(LAMP)
    await town.person("老吴").presses("接手")
    return len(town.said_in(GROUP))


async def asked(town: Town) -> int:
    heard = await opened(town)
    given = Given(place="环卫所", words="先把灯下的杂物清走", day=FRIDAY)
    await does(town, "老吴", Act.ASK_JOINT, given)
    return heard


async def test_the_lead_asks_the_helpers_answer_and_the_group_hears_the_lead(town: Town) -> None:
    heard = await asked(town)
    (said,) = town.said_in(HW)
    assert said.startswith(f"【协办】{CASE}")
    assert "先把灯下的杂物清走" in said
    assert "规划建设部" in said
    assert any("请环卫所协办" in text for text in town.said_in(STAFF))
    zhao = town.person("老赵")
    await zhao.says("车子已出发", HW, reply_to=_last(town, HW))
    assert steps(town, Action.JOINT_NOTE) == [(Action.JOINT_NOTE, "HW 车子已出发")]
    await zhao.says("杂物已清理，地面冲干净了", HW, reply_to=_last(town, HW))
    (part,) = town.case().parts
    assert (part.outcome, part.answer) == (Outcome.DONE, "杂物已清理，地面冲干净了")
    assert town.case().state is State.SIGNED, "whether the lamp is lit says the lead"
    assert any("环卫所协办办完" in text for text in town.said_in(DEPARTMENT))
    assert outside(town, heard) == []
    await town.person("老吴").says(f"{CASE} 灯修好了，换了灯头", DEPARTMENT)
    assert town.case().state is State.TO_RATE
    (told,) = outside(town, heard)
    assert "换了灯头" in told
    assert "环卫" not in told


def _last(town: Town, chat: ChatRef) -> str:
    return [message for message, post in town.channel.posts if post.chat == chat][-1]


async def test_who_cannot_says_so_and_sees_it_no_more(town: Town) -> None:
    heard = await asked(town)
    zhao = town.person("老赵")
    await zhao.presses("办不了")
    await zhao.says("这是灯杆公司的东西，我们搬不了", HW)
    case = town.case()
    assert (case.parts[0].outcome, "HW" in case.departments) == (Outcome.DECLINED, False)
    assert any("协办不了" in text and "灯杆公司" in text for text in town.said_in(DEPARTMENT))
    assert outside(town, heard) == []


async def test_a_joint_department_neither_closes_nor_takes_the_whole(town: Town) -> None:
    heard = await asked(town)
    await town.person("老赵").says(f"{CASE} 已处理", HW)
    assert (town.case().state, town.case().taken_by) == (State.SIGNED, "town:老吴")
    assert outside(town, heard) == []
    assert town.case().open_parts, "empty words are no answer"


async def test_the_lead_is_warned_and_says_that_it_does_not_wait(town: Town) -> None:
    heard = await asked(town)
    wu = town.person("老吴")
    await wu.says(f"{CASE} 灯修好了，换了灯头", DEPARTMENT)
    assert town.case().state is State.SIGNED
    assert "环卫所还没回话" in town.said_in(DEPARTMENT)[-1]
    assert outside(town, heard) == []
    await wu.says("不等了，灯修好了，换了灯头", DEPARTMENT)
    case = town.case()
    assert (case.state, case.done_words) == (State.TO_RATE, "灯修好了，换了灯头")
    assert case.parts[0].outcome is Outcome.ENDED
    before = len(town.channel.posts)
    await town.wait(hours=24)
    assert not any("协办" in post.text for _, post in town.channel.posts[before:])


async def test_who_does_not_answer_is_reminded_and_the_street_hears(town: Town) -> None:
    heard = await asked(town)
    await town.wait(days=3, hours=8, minutes=1)  # Friday, 18:00
    assert "请回个话" in town.said_in(HW)[-1]
    assert any(text.startswith("【催协办】") for text in town.said_in(DEPARTMENT))
    late = [text for text in town.said_in(town.person("方主任").alone) if "催协办" in text]
    assert late == []
    await town.wait(days=3)
    late = [text for text in town.said_in(town.person("方主任").alone) if "催协办" in text]
    assert (len(late), "环卫所还没回话" in late[0]) == (1, True)
    assert len(steps(town, Action.JOINT_LATE)) == 2
    assert not any("协办" in text or "环卫" in text for text in outside(town, heard))


async def whistled(town: Town, words: str = "灯杆要倒，来现场一起看") -> int:
    heard = await opened(town)
    await does(town, "方主任", Act.WHISTLE, Given(place="环卫所、规划建设部", words=words))
    return heard


async def test_the_street_whistles_and_they_come(town: Town) -> None:
    heard = await whistled(town)
    for chat in (HW, DEPARTMENT):
        assert town.said_in(chat)[-1].startswith(f"【吹哨】{CASE}")
    due = town.case().open_parts[0].due
    assert due == town.clock() + timedelta(days=1), "the same time on the next working day"
    town.now += timedelta(minutes=40)
    await town.person("老赵").says("到了", HW)
    came, open_ = town.case().parts
    assert (came.outcome, came.answered_at, open_.outcome) == (Outcome.CAME, town.clock(), None)
    assert any("环卫所报到（老赵）：还差规划建设部" in text for text in town.said_in(STAFF))
    before = len(town.channel.posts)
    await town.person("老赵").presses("报到")
    assert len(town.channel.posts) == before, "the same twice does nothing"
    await town.person("老吴").presses("报到")
    assert not town.case().open_parts
    assert steps(town, Action.REPORT_IN) == [(Action.REPORT_IN, "HW"), (Action.REPORT_IN, "JS")]
    assert any("都到齐了" in text for text in town.said_in(STAFF))
    before = len(town.channel.posts)
    await town.wait(hours=30)
    assert not any("催报到" in post.text for _, post in town.channel.posts[before:])
    assert outside(town, heard) == []


async def test_who_does_not_come_is_told_to_the_caller_then_the_district(town: Town) -> None:
    heard = await whistled(town)
    await town.wait(hours=24, minutes=1)
    fang, qu = (town.said_in(town.person(name).alone) for name in ("方主任", "区值班"))
    assert sum("还没报到" in text for text in fang) == 2, "one for each department, once"
    assert not any("还没报到" in text for text in qu)
    assert "请马上到场" in town.said_in(HW)[-1]
    await town.wait(hours=24)
    qu = town.said_in(town.person("区值班").alone)
    assert sum("还没报到" in text for text in qu) == 2
    assert not any("报到" in text or "吹哨" in text for text in outside(town, heard))


async def test_whoever_called_ends_it(town: Town) -> None:
    await whistled(town)
    await does(town, "方主任", Act.END_PARTS, Given(choice="whistle"))
    assert {part.outcome for part in town.case().parts} == {Outcome.ENDED}
    assert any("吹哨结束" in text for text in town.said_in(HW))
    timers = town.store.read_now(lambda tx: tx.timers.of_subject(CASE))
    assert not any(timer.kind.value == "joint" for timer in timers)


async def test_without_a_chat_staff_are_asked_to_ring(town: Town) -> None:
    await opened(town)
    await does(town, "方主任", Act.WHISTLE, Given(place="ZF", words="有人占道"))
    (rung,) = [text for text in town.said_in(STAFF) if "请打电话" in text]
    assert "【吹哨】" in rung


async def test_a_clock_that_strikes_twice_says_nothing_twice(town: Town) -> None:
    await whistled(town)
    town.now += timedelta(days=20)
    await town.timekeeper.fire_once()
    await town.settle()
    said, rows = len(town.channel.posts), len(steps(town, Action.JOINT_LATE))
    assert rows == 4
    (timer,) = [
        timer
        for timer in town.store.read_now(lambda tx: tx.timers.of_subject(CASE))
        if timer.kind.value == "joint"
    ]
    again = timer.__class__(timer.key, timer.kind, timer.subject, town.clock(), GRID)
    town.store.write_now(lambda tx: tx.timers.set([again]))
    await town.timekeeper.fire_once()
    await town.settle()
    assert (len(town.channel.posts), len(steps(town, Action.JOINT_LATE))) == (said, rows)


async def test_two_calls_want_a_number(town: Town) -> None:
    await whistled(town)
    fang = Given(place="HW", words="也来看看")
    await town.person("李伯伯").says("5栋门口的垃圾三天没人收了，臭死了")
    assert town.case(2).open_parts == ()
    await does(town, "方主任", Act.WHISTLE, fang, f"{GRID}-2")
    await town.person("老赵").says("到了", HW)
    assert "请带上单号" in town.said_in(HW)[-1]
    assert all(case.open_parts for case in (town.case(1), town.case(2)))
    await town.person("老赵").says(f"{GRID}-2 到了", HW)
    assert not [p for p in town.case(2).open_parts if p.kind is PartKind.WHISTLE]
