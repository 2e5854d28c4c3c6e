"""Changing the neighbourhood on the desk: names, places, groups, invitations; and what is only looked at."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from office import Office, Visitor
from test_town import GRID, looks, other_district, person, seen

from bot.binding import LASTS
from bot.inviting import INVITE_DAYS
from bot.web.desk.items import span
from intake.grids import Chat, ChatRef, DutyEntry, Grid, Purpose
from intake.naming import MOST_NAMES
from intake.people import Grant, Person, Role
from intake.taxonomy import Clock
from storage.records import Outlet
from storage.room import RoomRepository

EVIL = "<script>alert(1)</script>"
BIND, GROUP = f"{GRID}/bind", f"{GRID}/group"


async def grid(office: Office, id: str = "DEMO-1") -> Grid:
    found = await office.store.read(lambda tx: tx.grids.get(id))
    assert found is not None
    return found


async def chats(office: Office, id: str = "DEMO-1") -> dict[str, Chat]:
    found = await office.store.read(lambda tx: tx.chats.of_grid(id))
    return {str(chat.ref): chat for chat in found}


async def noted(office: Office, what: str) -> list[tuple[str, str, str | None]]:
    return [
        (look.case, look.person.removeprefix("web:demo-"), look.why)
        for look in await looks(office)
        if look.what == what
    ]


# -- names ------------------------------------------------------------------------------------------


async def test_a_grid_and_an_area_are_renamed(office: Office) -> None:
    admin = await office.sits("admin")
    before = await grid(office)
    status, page = await admin.post(f"{GRID}/name", new=f"  北门 {EVIL}\n", was=before.name)
    assert (status, "名字改好了" in page, EVIL in page) == (200, True, False)
    after = await grid(office)
    assert after == replace(before, name=f"北门 {EVIL}"), "and nothing else"
    status, _ = await admin.post("/desk/town/at/DEMO-S/name", new="北桥街道", was="南桥街道")
    areas = {area.id: area.name for area in await office.store.read(lambda tx: tx.grids.areas())}
    assert (status, areas["DEMO-S"]) == (200, "北桥街道")
    assert await noted(office, "name") == [
        ("DEMO-S", "admin", "南桥街道 → 北桥街道"),
        ("DEMO-1", "admin", f"{before.name} → 北门 {EVIL}"),
    ]


async def test_a_name_that_somebody_changed_is_not_written_over(office: Office) -> None:
    admin = await office.sits("admin")
    was = (await grid(office)).name
    await admin.post(f"{GRID}/name", new="先改的", was=was)
    status, page = await admin.post(f"{GRID}/name", new="后改的", was=was)
    assert (status, "刚刚有人改过" in page) == (409, True)
    assert "现在叫：先改的" in page
    assert 'value="后改的"' in page, "what was typed is kept"
    assert 'name="was" value="先改的"' in page
    assert (await grid(office)).name == "先改的"
    for name in ("", " \u200b ", "长" * 61):
        status, page = await admin.post(f"{GRID}/name", new=name, was="先改的")
        assert (status, "1 到 60 个字" in page) == (400, True)


async def test_who_may_not_rename(office: Office) -> None:
    await other_district(office)
    admin, street = await office.sits("admin"), await office.sits("street")
    assert (await street.post(f"{GRID}/name", new="x", was="x"))[0] == 403
    for node in ("X-1", "X-D", "JS", "nothing"):
        assert (await admin.post(f"/desk/town/at/{node}/name", new="x", was="外网格"))[0] == 404


async def test_place_names_are_added_and_taken_away(office: Office) -> None:
    street = await office.sits("street")
    status, page = await street.post(f"{GRID}/places", places="老水塔、 北门岗亭 老水塔")
    assert (status, "地名改好了" in page) == (200, True)
    assert (await grid(office)).places[-2:] == ("老水塔", "北门岗亭")
    status, page = await street.post(f"{GRID}/places", do="remove 老水塔")
    assert "老水塔" not in (await grid(office)).places
    assert await noted(office, "add place") == [("DEMO-1", "street", "老水塔、北门岗亭")]
    assert await noted(office, "remove place") == [("DEMO-1", "street", "老水塔")]
    status, page = await street.post(f"{GRID}/places", do="remove 老水塔")
    assert (status, "没有这个地名" in page) == (400, True)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "请先写地名"),
        ("12345", "不能只有数字"),
        ("好树 <b>", "不行"),
        ("老榕树", "已经有了：老榕树"),
        ("老水塔 13800138000", "个人信息"),
    ],
)
async def test_what_can_be_no_place_name_is_kept_in_the_form(
    office: Office, typed: str, told: str
) -> None:
    admin = await office.sits("admin")
    before = (await grid(office)).places
    status, page = await admin.post(f"{GRID}/places", places=typed)
    assert (status, told in page) == (400, True)
    assert f'value="{html.escape(typed)}"' in page
    assert (await grid(office)).places == before


async def test_there_are_only_so_many_place_names(office: Office) -> None:
    many = [f"地方{number:03d}号" for number in range(MOST_NAMES)]
    await office.store.write(lambda tx: tx.grids.set_places("DEMO-1", many))
    admin = await office.sits("admin")
    status, page = await admin.post(f"{GRID}/places", places="老水塔")
    assert (status, f"最多 {MOST_NAMES} 个" in page) == (400, True)


# -- groups -----------------------------------------------------------------------------------------


async def test_a_new_room_of_the_web_chat(office: Office) -> None:
    admin = await office.sits("admin")
    status, page = await admin.post(BIND, how="room", purpose="residents", title="<i>新邻里")
    assert (status, f"{office.url}/g/" in page) == (200, True)
    made = [one for one in (await chats(office)).values() if one.title == "<i>新邻里"]
    assert [one.purpose for one in made] == [Purpose.RESIDENTS]
    _, page = await admin.get(GRID)
    assert "&lt;i&gt;新邻里" in page
    status, page = await admin.post(BIND, how="room", purpose="staff", sure="1")
    assert (status, "/g/" in page) == (200, False), "no link leads into a staff room"
    (room,) = [
        one.ref.chat
        for one in (await chats(office)).values()
        if one.purpose is Purpose.STAFF and one.ref.chat != "DEMO-1-staff"
    ]
    inside = await office.store.read(
        lambda tx: {
            one.person
            for one in RoomRepository(tx.connection).memberships(
                [room], ["web:demo-chen", "web:demo-he", "web:demo-wang", "web:demo-wu"]
            )
        }
    )
    assert inside == {"web:demo-chen"}, "who works there is in it, and nobody else"
    assert len(await noted(office, "bind")) == 2


async def test_a_group_is_bound_by_its_number(office: Office) -> None:
    admin = await office.sits("admin")
    form = {"how": "id", "purpose": "department", "department": "JS", "sure": "1"}
    status, page = await admin.post(BIND, channel="telegram", id="-100123", title="派单", **form)
    assert (status, "群绑好了" in page) == (200, True)
    chat = (await chats(office))["telegram:-100123"]
    assert (chat.purpose, chat.department, chat.title) == (Purpose.DEPARTMENT, "JS", "派单")
    assert await noted(office, "bind") == [
        ("DEMO-1", "admin", "telegram:-100123，部门派单群 JS 派单")
    ]
    for path in (BIND, "/desk/town/at/DEMO-2/bind"):
        status, page = await admin.post(path, channel="telegram", id="-100123", **form)
        assert (status, "已经绑在" in page) == (409, True)


WRONG: list[tuple[dict[str, str], str]] = [
    ({}, "做什么用"),
    ({"how": "burn", "purpose": "residents"}, "怎么绑"),
    ({"how": "word", "purpose": "king"}, "做什么用"),
    ({"how": "word", "purpose": "staff"}, "普通居民"),
    ({"how": "word", "purpose": "department", "sure": "1"}, "要选一个部门"),
    ({"how": "word", "purpose": "department", "department": "XX", "sure": "1"}, "要选一个部门"),
    ({"how": "word", "purpose": "staff", "department": "JS", "sure": "1"}, "要选一个部门"),
    ({"how": "room", "purpose": "residents", "title": "长" * 41}, "最多 40 个字"),
    ({"how": "id", "purpose": "residents", "channel": "telegram", "id": "群"}, "编号不对"),
    ({"how": "id", "purpose": "residents", "channel": "mail", "id": "a@b.c"}, "编号不对"),
    ({"how": "id", "purpose": "residents", "channel": "web", "id": "p-web:demo-wang"}, "编号不对"),
    ({"how": "id", "purpose": "residents", "channel": "web", "id": "none"}, "没有这个网页群"),
]


async def test_what_is_wrong_with_a_binding_is_told(office: Office) -> None:
    admin = await office.sits("admin")
    before = await chats(office)
    for form, told in WRONG:
        status, page = await admin.post(BIND, **{"title": "<b>", **form})
        assert (status, told in page) == (400, True), form
        kept = html.escape(form.get("title", "<b>"))
        assert f'value="{kept}"' in page, "what was typed is kept"
    assert await chats(office) == before
    assert await looks(office) == []


async def test_a_group_of_another_district_stays_there(office: Office) -> None:
    await other_district(office)

    def work(tx) -> None:  # type: ignore[no-untyped-def]
        tx.chats.bind(ChatRef("telegram", "-7"), "X-1", Purpose.STAFF, None, "外工作群")

    await office.store.write(work)
    admin = await office.sits("admin")
    form = {"how": "id", "purpose": "residents", "channel": "telegram", "id": "-7"}
    status, page = await admin.post(BIND, **form)
    assert (status, "外网格" in page, "别的网格" in page) == (409, False, True)
    for path in ("/desk/town/at/X-1/group", "/desk/town/at/X-1/bind"):
        assert (await admin.get(path, ref="telegram:-7"))[0] == 404
        assert (await admin.post(path, ref="telegram:-7", do="unbind"))[0] == 404
    assert (await admin.post(GROUP, ref="telegram:-7", do="unbind"))[0] == 404
    assert "telegram:-7" in await chats(office, "X-1")


async def test_groups_are_for_administrators(office: Office) -> None:
    street = await office.sits("street")
    for path in (BIND, GROUP):
        assert (await street.get(path))[0] == 403
        assert (await street.post(path, ref="web:DEMO-1", do="unbind"))[0] == 403
    _, page = await street.get(GRID)
    assert BIND not in page
    assert GROUP not in page


async def test_a_group_changes_what_it_is_for(office: Office) -> None:
    admin = await office.sits("admin")
    status, page = await admin.get(GROUP, ref="web:DEMO-1-volunteers")
    assert (status, "志愿者群" in page) == (200, True)
    form = {"ref": "web:DEMO-1-volunteers", "do": "save", "seen": seen(page)}
    status, page = await admin.post(GROUP, purpose="staff", title="新名", **form)
    assert (status, "普通居民" in page, 'value="新名"' in page) == (400, True, True)
    status, page = await admin.post(GROUP, purpose="staff", title="新名", sure="1", **form)
    assert (status, "这个群改好了" in page) == (200, True)
    chat = (await chats(office))["web:DEMO-1-volunteers"]
    assert (chat.purpose, chat.title) == (Purpose.STAFF, "新名")
    status, page = await admin.post(GROUP, purpose="residents", title="又一个", **form)
    assert (status, "刚刚有人改过" in page, 'value="又一个"' in page) == (409, True, True)
    assert "现在是：新名 · 工作群" in page
    assert await noted(office, "group") == [
        ("DEMO-1", "admin", "web:DEMO-1-volunteers，志愿者群 DEMO-1 志愿者群 → 工作群 新名")
    ]


async def test_a_new_name_alone_asks_for_no_confirmation(office: Office) -> None:
    admin = await office.sits("admin")
    _, page = await admin.get(GROUP, ref="web:DEMO-1-staff")
    form = {"ref": "web:DEMO-1-staff", "do": "save", "seen": seen(page)}
    status, _ = await admin.post(GROUP, purpose="staff", title="网格员群", **form)
    assert (status, (await chats(office))["web:DEMO-1-staff"].title) == (200, "网格员群")


async def test_a_group_is_let_go_after_a_second_look(office: Office) -> None:
    admin = await office.sits("admin")
    _, page = await admin.get(GROUP, ref="web:DEMO-1")
    assert "收不到群里的报事" in page
    status, page = await admin.post(GROUP, ref="web:DEMO-1", do="unbind", seen="x")
    assert status == 409
    status, page = await admin.post(GROUP, ref="web:DEMO-1", do="unbind", seen=seen(page))
    assert (status, "群解绑了" in page) == (200, True)
    assert "web:DEMO-1" not in await chats(office)
    assert await noted(office, "unbind") == [
        ("DEMO-1", "admin", "web:DEMO-1，居民群 DEMO-1 邻里群")
    ]
    assert (await admin.post(GROUP, ref="web:DEMO-1", do="unbind", seen=seen(page)))[0] == 404
    back = {"how": "id", "purpose": "residents", "channel": "web", "id": "DEMO-1"}
    assert (await admin.post(BIND, **back))[0] == 200, "its room is still there to be bound again"


async def test_a_silent_group_may_be_woken(office: Office) -> None:
    ref = ChatRef("web", "DEMO-1")
    chat = (await chats(office))["web:DEMO-1"]
    until = office.now + timedelta(hours=1)
    await office.store.write(lambda tx: tx.chats.save([replace(chat, silent_until=until)]))
    admin = await office.sits("admin")
    assert "安静到" in (await admin.get(GRID))[1]
    assert "安静到" in (await admin.get(GROUP, ref=str(ref)))[1]
    status, page = await admin.post(GROUP, ref=str(ref), do="speak")
    assert (status, "现在就可以说话" in page) == (200, True)
    assert (await chats(office))["web:DEMO-1"].silent_until is None
    assert (await admin.post(GROUP, ref=str(ref), do="burn"))[0] == 404


async def test_a_word_to_be_said_in_the_group(office: Office) -> None:
    admin = await office.sits("admin")
    status, page = await admin.post(BIND, how="word", purpose="residents", title="电报群")
    found = re.search(r"#绑定 ([2-9a-z]{10})<", page)
    assert (status, found is not None) == (200, True)
    assert found is not None
    kept = await office.store.read(lambda tx: tx.settings.starting("bind "))
    assert len(kept) == 1
    assert found[1] not in str(kept), "only its hash is kept"
    office.now += LASTS
    await admin.post(BIND, how="word", purpose="residents")
    assert len(await office.store.read(lambda tx: tx.settings.starting("bind "))) == 1
    assert len(await noted(office, "bind word")) == 2


# -- duty -------------------------------------------------------------------------------------------


async def test_a_live_grid_keeps_somebody_on_duty(office: Office) -> None:
    one = [DutyEntry(1, "web:demo-chen")]
    await office.store.write(lambda tx: tx.grids.set_duty("DEMO-1", one))
    admin = await office.sits("admin")
    _, page = await admin.get(GRID)
    status, page = await admin.post(f"{GRID}/duty", do="remove web:demo-chen", seen=seen_duty(page))
    assert (status, "至少留一个人" in page) == (400, True)
    assert (await grid(office)).duty != ()
    await office.store.write(lambda tx: tx.chats.unbind(ChatRef("web", "DEMO-1")))
    status, _ = await admin.post(f"{GRID}/duty", do="remove web:demo-chen", seen=seen_duty(page))
    assert (status, (await grid(office)).duty) == (200, ()), "where no neighbour speaks it may"


def seen_duty(page: str) -> str:
    return seen(page.partition('id="duty"')[2])


async def test_who_left_and_who_is_not_reached_is_told(office: Office) -> None:
    chen = await person(office, "chen")

    def work(tx) -> None:  # type: ignore[no-untyped-def]
        tx.people.revoke(chen.id, chen.grants[0])
        tx.people.set_private("web:demo-sun", None)

    await office.store.write(work)
    _, page = await (await office.sits("admin")).get(GRID)
    assert "值班表里有人已经处理不了警情" in page
    assert "已不能处理警情" in page
    assert "通知不到" in page
    assert "网页私聊能通知到" in page


async def test_when_the_bot_speaks_is_shown(office: Office) -> None:
    _, page = await (await office.sits("street")).get(GRID)
    assert "22点到7点是静默时段" in page
    assert "一天最多说 6 条" in page
    assert "要改请找管理员" in page


# -- invitations ------------------------------------------------------------------------------------


async def invites(office: Office, visitor: Visitor, note: str = "小李") -> None:
    status, _ = await visitor.post(f"{GRID}/invite", role="grid_worker", note=note)
    assert status == 200


def handle(page: str) -> str:
    found = re.search(r"/desk/town/invitations/(\w+)/end", page)
    assert found is not None
    return found[0]


async def test_open_invitations_are_listed_and_ended(office: Office) -> None:
    street = await office.sits("street")
    assert "没有等着用" in (await street.get("/desk/town/invitations"))[1]
    await invites(office, street, EVIL)
    status, page = await street.get("/desk/town/invitations")
    assert (status, EVIL in page, html.escape(EVIL) in page) == (200, False, True)
    for shown in ("网格员", "桥头社区第1网格", "街道中心方主任邀请", "前有效"):
        assert shown in page
    end = handle(page)
    status, page = await street.post(end)
    assert (status, "邀请作废了" in page, "没有等着用" in page) == (200, True, True)
    assert (await street.post(end))[0] == 404
    assert await noted(office, "uninvite") == [("DEMO-1", "street", "网格员")]


async def test_what_is_used_or_over_is_not_listed(office: Office) -> None:
    street = await office.sits("street")
    await invites(office, street)
    await office.store.write(
        lambda tx: tx.people.invite(
            "t" * 20, Grant(Role.VOLUNTEER, "DEMO-1"), "cli", office.now, office.now + timedelta(1)
        )
    )
    _, page = await street.get("/desk/town/invitations")
    assert ("命令行邀请" in page, "志愿者" in page) == (True, True)

    def use(tx):  # type: ignore[no-untyped-def]
        tx.people.save([Person("web:li", "小李")], office.now)
        return tx.people.use_invite("t" * 20, "web:li", office.now)

    await office.store.write(use)
    _, page = await street.get("/desk/town/invitations")
    assert "命令行邀请" not in page
    office.later(days=INVITE_DAYS)
    street = await office.sits("street")
    assert "没有等着用" in (await street.get("/desk/town/invitations"))[1]


async def test_invitations_beyond_ones_reach(office: Office) -> None:
    await other_district(office)
    admin, street = await office.sits("admin"), await office.sits("street")
    await admin.post("/desk/town/at/DEMO-S/invite", role="admin", note="管理")

    def work(tx) -> None:  # type: ignore[no-untyped-def]
        ends = office.now + timedelta(days=1)
        for scope, role in (("X-1", Role.VOLUNTEER), ("JS", Role.DEPARTMENT)):
            tx.people.invite(f"t-{scope}", Grant(role, scope), "cli", office.now, ends)

    await office.store.write(work)
    _, page = await street.get("/desk/town/invitations")
    assert ("管理员" in page, "外网格" in page, "部门经办" in page) == (True, False, False)
    assert "/end" not in page, "what they may not give they do not take back"
    _, page = await admin.get("/desk/town/invitations")
    end = handle(page)
    assert (await street.post(end))[0] == 404
    (other,) = [
        one.id
        for one in await office.store.read(lambda tx: tx.people.open_invites(office.now))
        if one.grant.scope == "X-1"
    ]
    assert (await admin.post(f"/desk/town/invitations/{other}/end"))[0] == 404


# -- departments and items --------------------------------------------------------------------------


async def test_departments_are_shown_to_who_invites_everywhere(office: Office) -> None:
    outlet = Outlet("GA", "mail", "<b>@example.org")
    await office.store.write(lambda tx: tx.grids.set_outlets("GA", [outlet]))
    street, admin = await office.sits("street"), await office.sits("admin")
    assert (await street.get("/desk/town/departments"))[0] == 404
    status, page = await admin.get("/desk/town/departments")
    assert status == 200
    assert "收不到派单" in page
    row = page.partition('href="/desk/town/at/JS"')[2].partition("</li>")[0]
    assert "牵头" in row
    assert "1 人" in row
    assert "1 个派单群" in row
    assert "收不到派单" not in row
    _, page = await admin.get("/desk/town/at/GA")
    assert "&lt;b&gt;@example.org" in page
    assert "由它牵头的事项" in page
    _, page = await admin.get("/desk/town/at/JS")
    assert "/desk/town/items?q=SZ03" in page, "what items lead there"


async def test_the_items_are_found_by_plain_words(office: Office) -> None:
    for name in ("chen", "auditor"):
        visitor = await office.sits(name)
        status, page = await visitor.get("/desk/town/items")
        assert (status, "第 1 版" in page, "169 个事项" in page) == (200, True, True)
    status, page = await visitor.get("/desk/town/items", q="灯坏")
    assert (status, "路灯" in page) == (200, True)
    assert "规划建设部" in page
    assert "有人答复" in page
    status, page = await visitor.get("/desk/town/items", q="<b>没有")
    assert (status, "没有找到" in page, "<b>没有" in page) == (200, True, False)


@pytest.mark.parametrize(
    ("hours", "clock", "said"),
    [
        (0.5, Clock.CALENDAR, "半小时"),
        (4, Clock.CALENDAR, "4 小时"),
        (72, Clock.CALENDAR, "3 天"),
        (168, Clock.WORKDAY, "7 个工作日"),
        (4, Clock.WORKDAY, "4 个工作小时"),
        (36, Clock.CALENDAR, "36 小时"),
    ],
)
def test_limits_as_people_say_them(hours: float, clock: Clock, said: str) -> None:
    assert span(hours, clock) == said
