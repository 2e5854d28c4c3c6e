"""The neighbourhood on the desk: looking, duty lists, giving and taking roles, importing."""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import replace

import aiohttp
from office import Office, Visitor

from bot.web.room.demo import staff_room
from bot.web.room.staffing import join_rooms
from intake.appointing import may_give, may_take, roles_to_give
from intake.grids import DutyEntry, Grid
from intake.people import Grant, Person, Role
from storage.records import Area, Look
from storage.room import RoomRepository

GRID = "/desk/town/at/DEMO-1"
HEAD = "district,street,community,grid,name,places\n"


async def other_district(office: Office) -> None:
    """A second district with a grid, beyond everybody's scope."""

    def work(tx) -> None:  # type: ignore[no-untyped-def]
        tx.grids.add_areas(
            [
                Area("X-D", "district", "外区"),
                Area("X-S", "street", "外街", "X-D"),
                Area("X-C", "community", "外社区", "X-S"),
            ]
        )
        tx.grids.add([Grid("X-1", "外网格", ("X-D", "X-S", "X-C", "X-1"))])

    await office.store.write(work)


async def person(office: Office, name: str) -> Person:
    id = f"web:demo-{name}"
    return (await office.store.read(lambda tx: tx.people.many([id])))[id]


async def looks(office: Office) -> list[Look]:
    return await office.store.read(lambda tx: tx.audit.latest())


async def duty(office: Office, grid: str = "DEMO-1") -> list[str]:
    found = await office.store.read(lambda tx: tx.grids.get(grid))
    assert found is not None
    return [entry.person.removeprefix("web:demo-") for entry in found.duty]


async def grants(office: Office, name: str, grant: Grant) -> None:
    who = f"web:demo-{name}"
    await office.store.write(lambda tx: tx.people.grant(who, grant, "system", office.now))


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found is not None
    return found[1]


# -- looking ----------------------------------------------------------------------------------------


async def test_one_sees_the_tree_of_ones_scope(office: Office) -> None:
    await other_district(office)
    street = await office.sits("street")
    status, page = await street.get("/desk/town")
    assert status == 200
    assert "南桥街道" in page
    assert "桥头社区第3网格" in page
    assert "示范区" not in page
    assert "外网格" not in page
    assert "个部门" not in page, "departments reach beyond a street"
    assert "/desk/town/import" not in page
    for node in ("DEMO-D", "X-D", "X-1", "JS", "nothing", "<b>"):
        status, page = await street.get(f"/desk/town/at/{node}")
        assert (status, "不归您管" in page) == (404, True), node


async def test_a_grid_shows_groups_duty_places_and_people(office: Office) -> None:
    admin = await office.sits("admin")
    _, page = await admin.get(GRID)
    for shown in ("DEMO-1 工作群", "居民群", "市政科派单群", "老榕树", "值班网格员", "周楼长"):
        assert shown in page
    assert "王阿姨" not in page, "neighbours stand in no list"
    _, page = await admin.get("/desk/town/at/DEMO-C")
    assert "周楼长" in page, "whose role is further down"
    _, page = await admin.get("/desk/town/at/DEMO-C", name="周")
    assert ("周楼长" in page, "孙姐" in page) == (True, False)
    _, page = await admin.get("/desk/town/at/JS")
    assert (await person(office, "wu")).name in page


async def test_names_are_written_as_names(office: Office) -> None:
    evil = "<script>alert(1)</script>"

    def work(tx) -> None:  # type: ignore[no-untyped-def]
        tx.people.save([Person("web:evil", evil)], office.now)
        tx.people.grant("web:evil", Grant(Role.GRID_WORKER, "DEMO-1"), "system", office.now)
        tx.grids.set_places("DEMO-1", [evil])

    await office.store.write(work)
    admin = await office.sits("admin")
    for path in (GRID, f"{GRID}/revoke?person=web:evil&role=grid_worker"):
        status, page = await admin.get(path)
        assert status == 200
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


# -- duty -------------------------------------------------------------------------------------------


async def test_the_duty_list_is_changed_without_a_script(office: Office) -> None:
    admin = await office.sits("admin")
    _, page = await admin.get(GRID)
    for do, after in (
        ("up web:demo-sun", ["sun", "chen", "street"]),
        ("down web:demo-sun", ["chen", "sun", "street"]),
        ("up web:demo-chen", ["chen", "sun", "street"]),
        ("remove web:demo-street", ["chen", "sun"]),
    ):
        status, page = await admin.post(f"{GRID}/duty", do=do, seen=seen(page))
        assert (status, "值班表改好了" in page) == (200, True)
        assert await duty(office) == after
    status, page = await admin.post(
        f"{GRID}/duty", do="add", person="web:demo-district", title="<i>夜班</i>", seen=seen(page)
    )
    assert await duty(office) == ["chen", "sun", "district"]
    assert "&lt;i&gt;夜班" in page
    noted = [look for look in await looks(office) if look.what == "duty"]
    assert {(look.case, look.person) for look in noted} == {("DEMO-1", "web:demo-admin")}
    assert noted[0].why == "小陈、孙姐、区中心值班室"


async def test_a_duty_list_that_was_changed_meanwhile_is_shown_anew(office: Office) -> None:
    admin = await office.sits("admin")
    _, page = await admin.get(GRID)
    await office.store.write(lambda tx: tx.grids.set_duty("DEMO-1", [DutyEntry(1, "web:demo-sun")]))
    form = {"do": "add", "person": "web:demo-district", "title": "夜班", "seen": seen(page)}
    status, page = await admin.post(f"{GRID}/duty", **form)
    assert (status, "刚刚有人动过" in page, 'value="夜班"' in page) == (409, True, True)
    assert await duty(office) == ["sun"]


ODD: list[dict[str, str]] = [
    {},
    {"do": "add"},
    {"do": "add", "person": "web:demo-property"},  # may answer no alert
    {"do": "add", "person": "web:demo-wang"},
    {"do": "add", "person": "web:demo-chen"},  # is there already
    {"do": "up web:nobody"},
    {"do": "burn web:demo-chen"},
]


async def test_nobody_odd_gets_on_duty(office: Office) -> None:
    admin = await office.sits("admin")
    _, page = await admin.get(GRID)
    for form in ODD:
        status, page = await admin.post(f"{GRID}/duty", seen=seen(page), **form)
        assert (status, "请先选一个" in page) == (400, True), form
    assert await duty(office) == ["chen", "sun", "street"]


async def test_duty_lists_are_for_administrators_of_the_grid(office: Office) -> None:
    await other_district(office)
    street, admin = await office.sits("street"), await office.sits("admin")
    _, page = await street.get(GRID)
    assert "值班表由管理员改" in page
    assert (await street.post(f"{GRID}/duty", do="remove web:demo-chen", seen=seen(page)))[0] == 403
    assert (await admin.post("/desk/town/at/X-1/duty", do="add", seen="x"))[0] == 404
    assert (await admin.post("/desk/town/at/DEMO-C/duty", do="add", seen="x"))[0] == 404


# -- roles ------------------------------------------------------------------------------------------


async def test_an_invitation_is_shown_once_and_makes_staff(office: Office) -> None:
    street = await office.sits("street")
    status, page = await street.post(f"{GRID}/invite", role="grid_worker", note="小李")
    assert status == 200
    assert "12月1日" in page
    found = re.search(rf"{re.escape(office.url)}/start/i-([\w-]+)", page)
    assert found is not None
    token = found[1]

    def use(tx):  # type: ignore[no-untyped-def]
        tx.people.save([Person("web:li", "小李")], office.now)
        return tx.people.use_invite(token, "web:li", office.now)

    assert await office.store.write(use) == Grant(Role.GRID_WORKER, "DEMO-1")
    (noted,) = await looks(office)
    assert (noted.case, noted.person, noted.what) == ("DEMO-1", "web:demo-street", "invite")
    assert noted.why == "网格员，小李"
    assert token not in (await street.get(GRID))[1]


INVITING = [
    ("street", "DEMO-S", "street", 200),
    ("street", "DEMO-1", "admin", 403),
    ("street", "DEMO-1", "auditor", 403),
    ("street", "DEMO-D", "grid_worker", 404),
    ("street", "JS", "department", 404),
    ("street", "DEMO-1", "department", 403),
    ("street", "DEMO-1", "resident", 403),
    ("street", "DEMO-1", "king", 400),
    ("street", "DEMO-1", "", 400),
    ("district", "JS", "department", 200),
    ("district", "DEMO-D", "admin", 403),
    ("admin", "DEMO-D", "admin", 200),
    ("admin", "DEMO-D", "auditor", 200),
    ("admin", "JS", "grid_worker", 403),
]


async def test_who_may_invite_whom(office: Office) -> None:
    visitors = {name: await office.sits(name) for name in ("street", "district", "admin")}
    for name, node, role, status in INVITING:
        before = len(await looks(office))
        got, page = await visitors[name].post(
            f"/desk/town/at/{node}/invite", role=role, note="给<b>谁"
        )
        assert (got, "/start/i-" in page) == (status, status == 200), (name, node, role)
        assert len(await looks(office)) - before == (status == 200)
        if status == 400:
            assert "给&lt;b&gt;谁" in page, "what was typed is kept"


async def test_with_two_districts_no_district_reaches_a_department(office: Office) -> None:
    await other_district(office)
    admin = await office.sits("admin")
    assert (await admin.get("/desk/town/at/JS"))[0] == 404


async def test_revoking_asks_once_more_and_takes_duty_and_rooms_along(office: Office) -> None:
    chen, grant = "web:demo-chen", Grant(Role.GRID_WORKER, "DEMO-C")
    room = staff_room("DEMO-1")
    await office.store.write(lambda tx: join_rooms(tx, chen, grant, office.now))
    street = await office.sits("street")
    at = "/desk/town/at/DEMO-C/revoke"
    status, page = await street.get(at, person=chen, role="grid_worker")
    assert (status, "桥头社区第2网格" in page) == (200, True)
    assert (await person(office, "chen")).grants == (grant,), "looking takes nothing away"
    status, page = await street.post(at, person=chen, role="grid_worker", note="调走")
    assert (status, "岗位收回了" in page) == (200, True)
    assert (await person(office, "chen")).grants == ()
    assert await duty(office, "DEMO-2") == ["sun", "street"]
    members = await office.store.read(
        lambda tx: RoomRepository(tx.connection).membership(room, chen)
    )
    assert members is None
    (noted,) = await looks(office)
    assert (noted.case, noted.what) == ("DEMO-C", "revoke")
    assert noted.why == "小陈（web:demo-chen）网格员，调走"
    status, page = await street.post(at, person=chen, role="grid_worker")
    assert (status, "可能已经收回" in page) == (404, True)


async def test_revoking_takes_open_invitations_and_bind_words_along(office: Office) -> None:
    """But those that another role of theirs still carries stay."""
    for name in ("he", "sun"):
        await grants(office, name, Grant(Role.ADMIN, "DEMO-D"))
    await grants(office, "he", Grant(Role.ADMIN, "DEMO-2"))
    he, sun = await office.sits("he"), await office.sits("sun")
    for node in ("DEMO-1", "DEMO-2"):
        at = f"/desk/town/at/{node}"
        await he.post(f"{at}/invite", role="admin")
        await he.post(f"{at}/bind", how="word", purpose="residents")
    await sun.post(f"{GRID}/invite", role="admin")
    admin = await office.sits("admin")
    form = {"person": "web:demo-he", "role": "admin"}
    assert (await admin.post("/desk/town/at/DEMO-D/revoke", **form))[0] == 200
    left = await office.store.read(lambda tx: tx.people.open_invites(office.now))
    assert {(one.by, one.grant.scope) for one in left} == {
        ("web:demo-he", "DEMO-2"),
        ("web:demo-sun", "DEMO-1"),
    }
    (word,) = (await office.store.read(lambda tx: tx.settings.starting("bind "))).values()
    assert "DEMO-2" in word


async def test_an_empty_duty_list_is_announced(office: Office) -> None:
    await office.store.write(
        lambda tx: tx.grids.set_duty("DEMO-3", [DutyEntry(1, "web:demo-chen")])
    )
    street = await office.sits("street")
    _, page = await street.get(
        "/desk/town/at/DEMO-C/revoke", person="web:demo-chen", role="grid_worker"
    )
    assert "没有值班人了，请尽快补上：桥头社区第3网格" in page


TAKING = [
    ("street", "DEMO-D", "district", "district", 404),
    ("street", "DEMO-S", "nobody", "street", 404),
    ("street", "DEMO-S", "street", "", 404),
    ("district", "DEMO-D", "admin", "admin", 403),
    ("district", "DEMO-D", "auditor", "auditor", 403),
    ("admin", "DEMO-D", "admin", "admin", 409),
    ("admin", "DEMO-D", "auditor", "auditor", 200),
    ("admin", "JS", "wu", "department", 200),
]


async def test_who_may_take_which_role(office: Office) -> None:
    visitors = {name: await office.sits(name) for name in ("street", "district", "admin")}
    for name, node, who, role, status in TAKING:
        form = {"person": f"web:demo-{who}", "role": role}
        for ask in (visitors[name].get, visitors[name].post):
            got, _ = await ask(f"/desk/town/at/{node}/revoke", **form)
            assert got == status, (name, node, who)


def test_nobody_gives_what_they_do_not_hold() -> None:
    street = Person("s", "s", (Grant(Role.STREET, "S"),))
    auditor = Person("a", "a", (Grant(Role.AUDITOR, "D"),))
    admin = Person("m", "m", (Grant(Role.ADMIN, "D"),))
    here, beyond = (("D", "S", "C", "G"),), (("D", "T"),)
    given = roles_to_give(street, here, department=False)
    assert not {Role.ADMIN, Role.AUDITOR, Role.RESIDENT, Role.DEPARTMENT} & set(given)
    assert Role.STREET in given, "a role says what one may do, a scope where"
    assert Role.DISTRICT not in given, "who stands above is not for those below to name"
    assert not may_give(street, Role.VOLUNTEER, beyond)
    assert not may_give(street, Role.VOLUNTEER, ())
    assert not roles_to_give(auditor, here, department=False)
    mine, second = Grant(Role.ADMIN, "D"), Grant(Role.ADMIN, "S")
    assert not may_take(admin, admin, mine, (("D",),))
    both = replace(admin, grants=(mine, second))
    assert may_take(both, both, second, (("D", "S"),))
    other = Person("n", "n", (Grant(Role.ADMIN, "D"),))
    assert may_take(admin, other, mine, (("D",),))


# -- importing --------------------------------------------------------------------------------------


async def sends(visitor: Visitor, data: bytes, do: str = "look") -> tuple[int, str]:
    form = aiohttp.FormData()
    form.add_field("text", "")
    form.add_field("do", do)
    form.add_field("file", io.BytesIO(data), filename="grids.csv", content_type="text/csv")
    url = visitor.office.url
    async with visitor.session.post(
        url + "/desk/town/import", data=form, headers={"Origin": url}
    ) as got:
        return got.status, await got.text()


async def grid_ids(office: Office) -> list[str]:
    return [grid.id for grid in await office.store.read(lambda tx: tx.grids.all())]


async def test_grids_are_looked_at_first_and_stored_then(office: Office) -> None:
    text = HEAD + (
        "DEMO-D,DEMO-S,DEMO-C,DEMO-1,一格 <b>,老榕树\n"
        "DEMO-D,DEMO-S,NEW-C,NEW-1,=新格,大树;小亭\n"
        "DEMO-D,DEMO-S,DEMO-C,DEMO-2,桥头社区第2网格,\n"
    )
    admin = await office.sits("admin")
    status, page = await admin.post("/desk/town/import", text=text, do="look")
    assert status == 200
    assert "新网格 1 个，有改动 1 个，没有变化 1 个；新的上级 1 个" in page
    assert "<b>" not in page.partition("会存下什么")[2].partition("<ul")[2].partition("一格")[2][:5]
    assert await grid_ids(office) == ["DEMO-1", "DEMO-2", "DEMO-3"], "nothing is stored yet"
    form = {"do": "store", "seen": seen(page)}
    status, changed = await admin.post("/desk/town/import", text=text + "\nDEMO-D,", **form)
    assert (status, "和刚才看的不一样" in changed) == (400, True)
    status, page = await admin.post("/desk/town/import", text=text, **form)
    assert (status, "网格存好了" in page) == (200, True)
    assert "NEW-1" in await grid_ids(office)
    names = {area.id: area.name for area in await office.store.read(lambda tx: tx.grids.areas())}
    assert names["DEMO-D"] == "示范区", "an area keeps its name"
    (noted,) = await looks(office)
    assert (noted.case, noted.what, noted.why) == ("DEMO-D", "import", "DEMO-1、NEW-1")


MISTAKEN = [
    ("", "请先粘贴"),
    ("名字\n一格", "缺：district,street,community,grid,name"),
    (HEAD, "至少有一个网格"),
    (HEAD + "\n\nDEMO-D,DEMO-S,DEMO-C,坏,名,", "第 4 行</b> 编号“坏”不行"),
    (HEAD + "DEMO-D,DEMO-S,DEMO-C,N-1,,", "要有名字"),
    (HEAD + "DEMO-D,DEMO-S,DEMO-C", "编号“”不行"),
    (HEAD + "DEMO-D,DEMO-S,DEMO-C,N-1,名\nDEMO-D,DEMO-S,DEMO-C,N-1,名", "N-1 出现了两次"),
    (HEAD + "DEMO-D,OTHER,DEMO-C,N-1,名", "编号 DEMO-C 已经用在别的地方"),
    (HEAD + "DEMO-D,DEMO-S,DEMO-1,N-1,名", "编号 DEMO-1 已经用在别的地方"),
    (HEAD + "DEMO-D,DEMO-S,N-1,N-1,名", "编号 N-1 已经用在别的地方"),
    (HEAD + "DEMO-D,DEMO-S,JS,N-1,名", "编号 JS 已经用在别的地方"),
    (HEAD + "DEMO-D,DEMO-S,DEMO-C,JS,名", "编号 JS 已经用在别的地方"),
    (HEAD + "Y-D,Y-S,Y-C,Y-1,名", "Y-1 不在您管的范围里"),
    (HEAD + "DEMO-D,DEMO-S,DEMO-C,X-1,抢来的", "X-1 不在您管的范围里"),
    (HEAD + 'DEMO-D,DEMO-S,DEMO-C,N-1,"没关', "引号要成对"),
    (HEAD + "a\x00b,\x01", "不行"),
    (HEAD + "DEMO-D,DEMO-S,DEMO-C,N-1,名\n" * 5002, "太大了"),
]


async def test_every_mistake_is_told_by_its_line(office: Office) -> None:
    await other_district(office)
    admin = await office.sits("admin")
    for text, told in MISTAKEN:
        status, page = await admin.post("/desk/town/import", text=text, do="look")
        assert (status in (400, 413), told in page) == (True, True), told
        assert 'value="store"' not in page
    assert await grid_ids(office) == ["DEMO-1", "DEMO-2", "DEMO-3", "X-1"]


OF_ONE_GRID = [
    ("X-D,X-S,X-C,DEMO-3,搬走", False),
    ("DEMO-D,DEMO-S,NEW-C,DEMO-3,搬走", False),
    ("DEMO-D,DEMO-S,DEMO-C,DEMO-3,改名", False),
    ("DEMO-D,DEMO-S,DEMO-C,DEMO-3,桥头社区第3网格", True),
]


async def test_who_has_one_grid_does_not_move_it_out_of_the_tree(office: Office) -> None:
    await grants(office, "he", Grant(Role.ADMIN, "DEMO-3"))
    he, admin = await office.sits("he"), await office.sits("admin")
    for row, may in OF_ONE_GRID:
        for do in ("look", "store"):
            mark = hashlib.sha256((HEAD + row).encode()).hexdigest()[:16]
            status, page = await he.post("/desk/town/import", text=HEAD + row, do=do, seen=mark)
            told = "DEMO-3 不在您管的范围里" in page
            assert (status, told) == ((200, False) if may else (400, True)), (row, do)
    moved = await office.store.read(lambda tx: tx.grids.get("DEMO-3"))
    assert moved is not None
    assert moved.path == ("DEMO-D", "DEMO-S", "DEMO-C", "DEMO-3")
    assert (await admin.get("/desk/town/at/DEMO-3"))[0] == 200
    assert (await admin.get("/desk/town/departments"))[0] == 200


async def test_a_grid_that_changes_its_district_is_on_record_in_both(office: Office) -> None:
    await other_district(office)
    await grants(office, "admin", Grant(Role.ADMIN, "X-D"))
    admin = await office.sits("admin")
    text = HEAD + "DEMO-D,DEMO-S,DEMO-C,X-1,过来,"
    status, page = await admin.post("/desk/town/import", text=text, do="look")
    assert (status, "有改动 1 个" in page) == (200, True)
    await admin.post("/desk/town/import", text=text, do="store", seen=seen(page))
    assert {(look.case, look.why) for look in await looks(office)} == {
        ("DEMO-D", "X-1"),
        ("X-D", "X-1"),
    }


async def test_a_file_may_come_from_excel(office: Office) -> None:
    admin = await office.sits("admin")
    text = HEAD + "DEMO-D,DEMO-S,DEMO-C,N-1,北面新网格,"
    for encoding in ("utf-8-sig", "gb18030"):
        status, page = await sends(admin, text.replace("\n", "\r\n").encode(encoding))
        assert (status, "北面新网格" in page) == (200, True), encoding
    status, page = await sends(admin, b"\xff\xff\xff")
    assert (status, "读不出来" in page) == (400, True)
    status, page = await sends(admin, b"x" * 3_000_000)
    assert (status, "太大了" in page) == (413, True)


async def test_a_place_named_like_a_department_hides_neither(office: Office) -> None:
    """It was imported before such names were refused."""

    def work(tx) -> None:  # type: ignore[no-untyped-def]
        tx.grids.add_areas([Area("JS", "community", "金山社区", "DEMO-S")])
        tx.people.grant("web:demo-sun", Grant(Role.MODERATOR, "JS"), "system", office.now)

    await office.store.write(work)
    admin = await office.sits("admin")
    _, page = await admin.get("/desk/town/departments")
    (there,) = re.findall(r'href="(/desk/town/at/[^"]*JS)"><b>规划建设部', page)
    _, department = await admin.get(there)
    assert "<h1>规划建设部" in department
    assert "老吴" in department
    assert "孙姐" not in department
    _, place = await admin.get("/desk/town/at/JS")
    assert "<h1>金山社区" in place
    assert "孙姐" in place
    assert "老吴" not in place
    (revoke,) = re.findall(rf'href="({there}/revoke\?[^"]*demo-wu[^"]*)"', department)
    status, page = await admin.get(revoke.replace("&amp;", "&"))
    assert (status, "规划建设部" in page) == (200, True)
    status, _ = await admin.get("/desk/town/at/JS/revoke", person="web:demo-wu", role="department")
    assert status == 404, "a department's role is not that place's to take"
