"""规划建设部 is renamed, goes into 住房和城乡建设局, and is on its own again."""

from __future__ import annotations

import re
from datetime import timedelta

from office import Office, Visitor, as_read, stored
from test_leaving import said

from intake.covering import Cover
from intake.lifecycle import Action, State
from intake.people import Grant, Role
from storage.records import Outlet

JS = "/desk/town/at/JS/department"
WU = "web:demo-wu"


async def merged(office: Office, by: Visitor, into: str = "ZJ", at: str = JS) -> str:
    _, page = await by.get(at, into=into)
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    assert seen is not None
    status, page = await by.post(f"{at}/merge", into=into, why="机构改革", seen=seen[1])
    assert status == 200, page
    return page


async def test_it_is_called_otherwise_everywhere_at_once(office: Office) -> None:
    case = await office.case()
    boss = await office.sits("district")
    status, page = await boss.post(f"{JS}/name", new="规划和建设办", was="规划建设部")
    assert (status, "名字改好了" in page) == (200, True)
    wu = await office.sits("wu")
    for path in (f"/desk/case/{case.id}", "/desk/cases"):
        assert "规划和建设办" in (await wu.get(path))[1], path
    assert (await stored(office, case)).lead == "JS"
    assert office.rules.taxonomy.items["SZ03"].lead == "JS"
    looks = await office.store.read(lambda tx: [one.why for one in tx.audit.latest()])
    assert "规划建设部 → 规划和建设办" in looks


async def test_bad_names_are_refused_with_what_was_typed(office: Office) -> None:
    boss = await office.sits("district")
    for new, why in (
        (" ", "1 到 30 个字"),
        ("长" * 31, "1 到 30 个字"),
        ("住房和城乡建设局", "已经有一个部门叫"),
    ):
        status, page = await boss.post(f"{JS}/name", new=new, was="规划建设部")
        assert (status, why in page) == (400, True), new
        assert f'value="{new.strip() and new}"' in page or not new.strip()
    status, page = await boss.post(f"{JS}/name", new="建设办", was="别的名字")
    assert (status, "刚刚有人改过" in page) == (409, True)


async def test_who_may_not_is_shown_nothing(office: Office) -> None:
    for name, status in (("street", 403), ("sun", 403), ("wu", 403), ("auditor", 403)):
        somebody = await office.sits(name)
        assert (await somebody.get(JS))[0] == status, name
        assert (await somebody.post(f"{JS}/merge", into="ZJ", why="x"))[0] == status, name
    admin = await office.sits("admin")
    assert (await admin.get(JS))[0] == 200
    assert (await admin.get("/desk/town/at/DEMO-1/department"))[0] == 404


async def test_open_cases_people_and_chats_go_over(office: Office) -> None:
    mine = await office.case(state=State.WORKING, taken_by=WU)
    joint = await office.case(lead="ZF", co=("JS",))
    done = await office.case(state=State.CLOSED, closed_at=office.now)
    other = await office.case(lead="ZF")
    outlet = Outlet("JS", "mail", "js@example.org")
    await office.store.write(lambda tx: tx.grids.set_outlets("JS", [outlet]))
    starts, grants = office.now - timedelta(hours=1), (Grant(Role.DEPARTMENT, "JS"),)
    cover = Cover("c", WU, "web:demo-sun", grants, starts, starts + timedelta(days=2), WU, starts)
    await office.store.write(lambda tx: tx.covers.add(cover))
    boss = await office.sits("district")
    await boss.post(
        f"{JS}/name", new="规划建设部", was="规划建设部"
    )  # a server would see it in a second
    _, page = await boss.get(JS, into="ZJ")
    assert "在办的件：2 件" in as_read(page)
    assert "人：1 位" in as_read(page)
    before = len(await said(office))
    await merged(office, boss)
    now = await stored(office, mine)
    assert (now.lead, now.taken_by, now.state) == ("ZJ", WU, State.WORKING)
    assert (now.respond_due, now.resolve_due) == (mine.respond_due, mine.resolve_due)
    assert (await stored(office, joint)).co == ("ZJ",)
    assert (await stored(office, done)).lead == "JS", "what it did stays its own"
    assert (await stored(office, other)).entries == 0
    (entry,) = await office.store.read(lambda tx: tx.cases.entries(mine.id))
    assert (entry.action, entry.actor) == (Action.MOVE, "web:demo-district")
    told = (await said(office))[before:]
    heard = {chat for chat, _ in told}
    assert "mail:js@example.org" in heard, "where the old one hears"
    assert len(heard) == 3
    assert not [text for chat, text in told if chat == "web:DEMO-1"], "the neighbours hear nothing"
    assert any("住房和城乡建设局" in text and "机构改革" in text for _, text in told)
    wu = await office.sits("wu")
    status, page = await wu.get(f"/desk/case/{mine.id}")
    assert status == 200
    assert "规划建设部 → 住房和城乡建设局 机构改革" in as_read(page)
    taxonomy = office.rules.taxonomy
    assert taxonomy.items["SZ03"].lead == "ZJ"
    assert all(item.lead != "JS" and "JS" not in item.co for item in taxonomy.items.values())
    stood = await office.store.read(lambda tx: tx.covers.get("c"))
    assert stood is not None
    assert Grant(Role.DEPARTMENT, "ZJ") in stood.grants


async def test_what_is_opened_again_goes_to_who_is_there_now(office: Office) -> None:
    done = await office.case(state=State.TO_RATE, done_words="换了灯头", done_at=office.now)
    closed = await office.case(state=State.CLOSED, closed_at=office.now)
    await merged(office, await office.sits("district"))
    assert (await stored(office, done)).lead == "ZJ"
    assert (await stored(office, closed)).lead == "JS"
    sun = await office.sits("sun")
    returned = await office.case(state=State.TO_DISPATCH)
    status, _ = await sun.post(
        f"/desk/case/{returned.id}/send", version="1", place="规划建设部", words="路灯归你们"
    )
    assert status == 200
    assert (await stored(office, returned)).lead == "ZJ", "whoever names the old one means the new"


async def test_a_merge_is_undone_as_far_as_nobody_has_worked_since(office: Office) -> None:
    untouched = await office.case()
    worked = await office.case()
    theirs = await office.case(lead="ZJ")
    boss = await office.sits("district")
    await merged(office, boss)
    wu = await office.sits("wu")
    version = (await stored(office, worked)).version
    await wu.post(f"/desk/case/{worked.id}/take", version=str(version), lead="ZJ")
    office.later(hours=1)
    status, page = await boss.post(f"{JS}/part")
    assert (status, "分开了" in page) == (200, True)
    assert (await stored(office, untouched)).lead == "JS"
    left = await stored(office, worked)
    assert (left.lead, left.taken_by) == ("ZJ", None), "老吴 works for ZJ no more"
    assert any("调走了" in text and worked.id in text for _, text in await said(office))
    assert (await stored(office, theirs)).lead == "ZJ"
    person = await office.store.read(lambda tx: tx.people.get(WU))
    assert person is not None
    assert [grant.scope for grant in person.grants] == ["JS"]
    assert office.rules.taxonomy.items["SZ03"].lead == "JS"
    status, page = await boss.post(f"{JS}/part")
    assert (status, "不用分开" in page) == (400, True)


async def test_a_merge_that_cannot_be_is_refused(office: Office) -> None:
    boss = await office.sits("district")
    for into in ("JS", "NOBODY", "", "<b>"):
        status, page = await boss.post(f"{JS}/merge", into=into, why="机构改革", seen="")
        assert (status, "请先选并到哪个部门" in page) == (400, True), into
    status, page = await boss.post(f"{JS}/merge", into="ZJ", why="  ", seen="")
    assert (status, "为什么并" in page) == (400, True)
    status, page = await boss.post(f"{JS}/merge", into="ZJ", why="机构改革", seen="older")
    assert (status, "机构改革" in page) == (409, True), "what was typed stays"
    await merged(office, boss)
    status, page = await boss.post(f"{JS}/merge", into="ZF", why="机构改革", seen="")
    assert status == 409
    back = "/desk/town/at/ZJ/department"
    status, page = await boss.post(f"{back}/merge", into="JS", why="反过来", seen="")
    assert (status, "已经并掉的" in page) == (400, True), "no circles"
