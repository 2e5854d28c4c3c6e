"""桥头社区第1网格 is too large: 5栋 and 6栋 become a grid of their own, with all that is open there."""

from __future__ import annotations

import re
from typing import Any

from office import Office, Visitor, as_read, stored
from test_leaving import said

from intake.cases import Case, Follower, Timer, TimerKind
from intake.facts import Changes
from intake.grids import ChatRef, DutyEntry, Grid
from intake.lifecycle import Action, State
from intake.people import Grant, Person, Role
from storage.recall import broken_invariants
from storage.report_codes import ReportCode
from storage.store import Tx

SPLIT = "/desk/town/at/DEMO-1/split"
NEW = {
    "to": "new",
    "id": "DEMO-4",
    "name": "桥头社区第4网格",
    "buildings": "5栋、六号楼",
    "stay": "1栋 2栋 3栋",
    "why": "一拆为二",
}
LIU = "web:demo-liu"


async def settle(office: Office) -> None:
    """小刘 works in DEMO-1 alone, and a group of 5栋 is bound to it."""

    def work(tx: Tx) -> None:
        tx.people.save([Person(LIU, "小刘", private=("web", "p-liu"))], office.now)
        tx.people.grant(LIU, Grant(Role.GRID_WORKER, "DEMO-1"), "system", office.now)
        tx.chats.bind(ChatRef("web", "five"), "DEMO-1", title="5栋邻里群")
        code = ReportCode("abc", "DEMO-1", "5栋大堂", LIU, office.now)
        tx.report_codes.add(code)

    await office.store.write(work)


async def timed(office: Office, case: Case, **followers: str) -> None:
    """The case has the timer of its end, and followers."""
    key = f"{TimerKind.RESOLVE_DUE.value}|{case.id}"
    assert case.resolve_due is not None
    timer = Timer(key, TimerKind.RESOLVE_DUE, case.id, case.resolve_due, case.grid)
    some = [Follower(case.id, who, ChatRef("web", "five")) for who in followers.values()]
    changes = Changes(timers={key: timer}, followers=some)
    await office.store.write(lambda tx: tx.desk.save(changes, [], office.now))


async def looked(boss: Visitor, **more: Any) -> tuple[int, str]:
    return await boss.post(SPLIT, **(NEW | more))


async def split(boss: Visitor, **more: Any) -> tuple[int, str]:
    _, page = await looked(boss, **more)
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen is not None, page
    return await boss.post(f"{SPLIT}/go", **(NEW | more), seen=seen[1])


async def test_what_would_go_is_shown_and_nothing_is_done(office: Office) -> None:
    await settle(office)
    case = await office.case(place="5栋楼下")
    await office.case(place="3栋楼下")
    boss = await office.sits("district")
    assert (await boss.get(SPLIT))[0] == 200
    status, page = await looked(boss, chat="web:five", person=f"{LIU} grid_worker")
    read = as_read(page)
    assert status == 200
    for words in ("在办的件：1 件", case.id, "群：1 个", "5栋邻里群", "人：1 位", "二维码：1 张"):
        assert words in read, words
    assert await office.store.read(lambda tx: tx.grids.get("DEMO-4")) is None


async def test_open_cases_groups_people_and_codes_go_over(office: Office) -> None:
    await settle(office)
    mine = await office.case(place="5栋2单元楼下", state=State.WORKING, taken_by="web:demo-chen")
    lius = await office.case(place="6栋", state=State.WORKING, taken_by="web:demo-wu")
    bare = await office.case(place=None, chat=ChatRef("web", "five"))
    stays = await office.case(place="3栋楼下", chat=ChatRef("web", "five"))
    done = await office.case(place="5栋", state=State.CLOSED, closed_at=office.now)
    other = await office.case(grid="DEMO-2", place="5栋")
    for case in (mine, lius, bare, stays, other):
        await timed(office, case, one="web:demo-li")
    sun = await office.sits("sun")
    await sun.get("/desk/cases")  # what is remembered of the grid must not stay so
    await sun.get("/desk/figures")
    boss = await office.sits("district")
    status, page = await split(boss, chat="web:five", person=f"{LIU} grid_worker")
    assert status == 200
    assert "转好了" in page
    now = [await stored(office, case) for case in (mine, lius, bare)]
    assert [case.grid for case in now] == ["DEMO-4"] * 3
    assert {case.number for case in now} == {1, 2, 3}
    assert [case.id for case in now] == [mine.id, lius.id, bare.id], "as people know them"
    assert [case.taken_by for case in now] == ["web:demo-chen", "web:demo-wu", None]
    assert now[0].resolve_due == mine.resolve_due
    for case in (stays, done):
        assert (await stored(office, case)).grid == "DEMO-1"
    assert (await stored(office, other)).grid == "DEMO-2"

    def look(tx: Tx) -> Any:
        return (
            tx.cases.entries(mine.id)[-1],
            tx.cases.followers(mine.id),
            [timer.grid for timer in tx.timers.of_subject(mine.id)],
            tx.chats.get(ChatRef("web", "five")),
            tx.people.get(LIU),
            tx.report_codes.get("abc"),
            tx.grids.get("DEMO-4"),
            tx.grids.get("DEMO-1"),
        )

    entry, followers, timers, chat, liu, code, new, old = await office.store.read(look)
    assert (entry.action, entry.words) == (Action.MOVE, "DEMO-1 → DEMO-4 一拆为二")
    assert [one.person for one in followers] == ["web:demo-li"]
    assert timers == ["DEMO-4"]
    assert chat.grid == "DEMO-4"
    assert [grant.scope for grant in liu.grants] == ["DEMO-4"]
    assert code.grid == "DEMO-4"
    assert (new.area, old.area) == (("5栋", "六号楼"), ("1栋", "2栋", "3栋"))
    assert new.path == (*old.path[:-1], "DEMO-4")
    assert [entry.person for entry in new.duty] == [entry.person for entry in old.duty]
    assert await office.store.read(broken_invariants) == []
    _, page = await sun.get("/desk/cases", grid="DEMO-1")
    assert stays.id in page
    told = [text for chat, text in await said(office) if "一拆为二" in text]
    assert told
    assert not any(chat == "web:DEMO-1" for chat, _ in await said(office)), (
        "neighbours hear nothing"
    )


async def test_whoever_works_in_the_old_grid_alone_gives_it_back(office: Office) -> None:
    await settle(office)
    case = await office.case(place="5栋", state=State.WORKING, taken_by=LIU)
    boss = await office.sits("admin")
    await split(boss)
    now = await stored(office, case)
    assert (now.grid, now.taken_by, now.state) == ("DEMO-4", None, State.DISPATCHED)


async def test_what_is_remembered_forgets_what_has_gone(office: Office) -> None:
    case = await office.case(place="5栋", said="会动的路灯")
    sun = await office.sits("sun")
    assert case.id in (await sun.get("/desk/cases"))[1]
    await split(await office.sits("admin"))

    _, page = await sun.get("/desk/cases")
    assert page.count("会动的路灯") == 1


async def test_it_goes_back_by_the_same_page(office: Office) -> None:
    case = await office.case(place="5栋")
    await timed(office, case)
    boss = await office.sits("admin")
    await split(boss)
    back = "/desk/town/at/DEMO-4/split"
    form = {"to": "DEMO-1", "buildings": "5栋", "stay": "六号楼", "why": "又合起来"}
    _, page = await boss.post(back, **form)
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen is not None
    status, _ = await boss.post(f"{back}/go", **form, seen=seen[1])
    assert status == 200
    now = await stored(office, case)
    assert (now.grid, now.id) == ("DEMO-1", case.id)
    assert await office.store.read(broken_invariants) == []


async def test_everything_wrong_is_named_and_what_was_typed_stays(office: Office) -> None:
    await office.store.write(lambda tx: tx.grids.set_area("DEMO-2", ["9栋"]))
    boss = await office.sits("district")
    for wrong, why in (
        ({"to": ""}, "请选转到哪个网格"),
        ({"to": "NOWHERE"}, "请选转到哪个网格"),
        ({"to": "DEMO-1"}, "请选转到哪个网格"),
        ({"id": "四号 网格"}, "不行"),
        ({"id": "DEMO-2"}, "已经是"),
        ({"id": "JS"}, "已经是"),
        ({"name": ""}, "要有名字"),
        ({"why": " "}, "为什么调"),
        ({"buildings": "", "stay": ""}, "至少选一样"),
        ({"buildings": "1栋"}, "只写一边"),
        ({"buildings": "9栋"}, "已经在"),
        ({"buildings": "长" * 30}, "太长了"),
        ({"chat": "web:nothing"}, "不在这个网格"),
        ({"person": "web:nobody grid_worker"}, "岗位已经变了"),
    ):
        status, page = await looked(boss, **wrong)
        assert (status, why in page) == (400, True), wrong
        assert ('value="一拆为二"' in page) is ("why" not in wrong), wrong
    evil = "<script>alert(1)</script>"
    _, page = await looked(boss, name=evil)
    assert "<script>alert" not in page
    status, page = await boss.post(f"{SPLIT}/go", **NEW, seen="older")
    assert (status, "刚才看过以后有了变化" in page) == (409, True)
    assert await office.store.read(lambda tx: tx.grids.get("DEMO-4")) is None


async def test_who_would_hear_nothing_is_told_before(office: Office) -> None:
    await settle(office)
    boss = await office.sits("district")
    _, page = await looked(boss)
    assert "桥头社区第4网格还没有工作群" in page
    assert "市政科派单群只听得到这个网格的事" in page
    _, page = await looked(boss, chat="web:DEMO-1-staff")
    assert "还没有工作群" not in page
    assert "工作群都转走了" in page
    _, page = await looked(boss, to="DEMO-2", id="", name="")
    assert "工作群" not in page.split("确认转过去")[0].split("会转到")[1]


async def test_it_is_the_districts_and_the_administrators(office: Office) -> None:
    for name in ("street", "sun", "chen", "wu", "auditor"):
        somebody = await office.sits(name)
        assert (await somebody.get(SPLIT))[0] == 403, name
        assert (await somebody.post("/desk/town/at/DEMO-1/area", area="1栋"))[0] == 403, name


async def test_what_belongs_to_a_grid_is_said_on_its_page(office: Office) -> None:
    admin = await office.sits("admin")
    status, page = await admin.post("/desk/town/at/DEMO-1/area", area="1栋、2栋,榕树路")
    assert (status, "范围改好了" in page) == (200, True)
    grid: Grid | None = await office.store.read(lambda tx: tx.grids.get("DEMO-1"))
    assert grid is not None
    assert grid.area == ("1栋", "2栋", "榕树路")
    status, page = await admin.post("/desk/town/at/DEMO-2/area", area="2栋")
    assert (status, "桥头社区第1网格的范围里" in page) == (400, True)
    street = await office.sits("street")
    _, page = await street.get("/desk/town/at/DEMO-1")
    assert "榕树路" in page
    assert "/desk/town/at/DEMO-1/area" not in page


async def test_what_somebody_who_goes_had_in_hand_and_stays_is_handed_on(office: Office) -> None:
    await settle(office)
    duty = [DutyEntry(1, LIU, "值班"), DutyEntry(2, "web:demo-chen", "值班")]
    await office.store.write(lambda tx: tx.grids.set_duty("DEMO-1", duty))
    hers = {"state": State.WORKING, "taken_by": LIU}
    stays, goes = await office.case(**hers), await office.case(place="5栋楼下", **hers)
    burning = await office.case(emergency="E01", level="A", alert=1)
    status, _ = await split(await office.sits("district"), person=f"{LIU} grid_worker")
    assert status == 200
    left = await stored(office, stays)
    assert (left.taken_by, left.state) == (None, State.DISPATCHED)
    assert (await stored(office, goes)).taken_by == LIU
    told = [text for _, text in await said(office) if "小刘调走了" in text]
    assert told
    assert all(stays.id in text and goes.id not in text for text in told)
    entries = await office.store.read(lambda tx: tx.cases.entries(burning.id))
    assert [e.words for e in entries if e.action is Action.CALL] == ["web:demo-chen"]
