"""Merging, undoing and splitting on the desk."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from office import GROUP, START, Office, Visitor, as_read
from statements import statements

from intake.cases import Case, Follower, Line, LineRole
from intake.facts import Changes
from intake.grids import ChatRef
from intake.lifecycle import Action, State
from intake.people import Grant, Role
from intake.reading import Triage
from intake.taxonomy import Level, Visibility
from intake.wordless import TITLE

NASTY = "<script>alert(1)</script>"
UNSURE: dict[str, Any] = {"state": State.TO_CONFIRM, "triage": Triage.HUMAN}


async def stored(office: Office, id: str) -> Case:
    found = await office.store.read(lambda tx: tx.cases.get(id))
    assert found is not None
    return found


async def hang(office: Office, *lines: Line, followers: Sequence[Follower] = ()) -> None:
    changes = Changes(lines=list(lines), followers=list(followers))
    await office.store.write(lambda tx: tx.desk.save(changes, [], office.now))


def line(case: Case, message: str, text: str, sender: str = "web:demo-wang", **more: Any) -> Line:
    role = more.get("role", LineRole.OPENED)
    return Line(case.id, ChatRef("web", case.grid), message, sender, role, text, (), START)


async def merge(visitor: Visitor, case: Case, into: str, **form: str) -> tuple[int, str]:
    form = {"version": "1", "into": into, **form}
    return await visitor.post(f"/desk/merge/{case.id}", **form)


async def posts(office: Office, *cases: Case) -> list[str]:
    found: list[str] = []
    for case in cases:
        sent = await office.store.read(lambda tx, id=case.id: tx.outbox.of_case(id))
        found += [one.post.text for one in sent]
    return found


async def test_a_twin_is_chosen_and_let_go_again(office: Office) -> None:
    main = await office.case(said="3栋路灯不亮")
    twin = await office.case(said="三栋门口灯灭了", reporter="web:demo-li", voices=2)
    other = await office.case("WJ01", said="占道经营", place="市场口")
    await hang(
        office,
        line(twin, "2", "三栋门口灯灭了", "web:demo-li"),
        line(twin, "3", "我家也黑", "web:x", role=LineRole.PLUS_ONE),
        followers=[Follower(twin.id, "web:x", GROUP)],
    )
    sun = await office.sits("sun")
    _, page = await sun.get(f"/desk/case/{twin.id}")
    assert f'href="/desk/merge/{twin.id}"' in page
    status, page = await sun.get(f"/desk/merge/{twin.id}")
    assert status == 200
    assert f'value="{main.id}"' in page
    assert other.id not in page, "another thing elsewhere is no twin"
    status, page = await merge(sun, twin, main.id)
    assert (status, f"并好了：{twin.id}" in as_read(page)) == (200, True)
    assert (f"来自 {twin.id}" in page, "我家也黑" in page, "3 人" in page) == (True, True, True)
    assert "web:x" not in page
    assert f'action="/desk/unmerge/{twin.id}"' in page, "one press in the timeline"
    now = await stored(office, main.id)
    assert (now.voices, (await stored(office, twin.id)).merged_into) == (3, main.id)
    told = [text for text in await posts(office, main) if "同一件事" in text]
    assert told == [f"{twin.id} 和 {main.id} 是同一件事，合在一起办（共3位街坊），有进展一起说。"]
    _, page = await sun.get(f"/desk/case/{twin.id}")
    assert f'已并入 <a href="/desk/case/{main.id}">' in page
    version = str((await stored(office, twin.id)).version)
    status, page = await sun.post(f"/desk/unmerge/{twin.id}", version=version)
    assert (status, "单独办" in page) == (200, True)
    back = await stored(office, twin.id)
    assert (back.state, back.merged_into, (await stored(office, main.id)).voices) == (
        State.DISPATCHED,
        None,
        1,
    )
    _, page = await sun.get(f"/desk/case/{main.id}")
    assert "我家也黑" not in page
    assert "/desk/unmerge/" not in page


async def test_the_likeliest_stands_first_and_what_is_unrelated_nowhere(office: Office) -> None:
    """王阿姨 writes of the lamp; 孙姐 looks for who told it before."""
    week_ago = START - timedelta(days=5)
    old = await office.case(said="灯还没修", opened_at=week_ago)
    next_door = await office.case(said="灯不亮", grid="DEMO-2")
    today = await office.case(said="3栋楼下路灯不亮", reporter="web:demo-li")
    waste = await office.case("SR01", said="3栋楼下垃圾没人收")
    elsewhere = await office.case(said="9栋路灯不亮", place="9栋门口")
    lamp = await office.case(said="3栋楼下路灯又不亮了")
    sun = await office.sits("sun")
    _, page = await sun.get(f"/desk/merge/{lamp.id}")
    offered = re.findall(r'name="into" value="([^"]+)"', page)
    assert offered == [today.id, old.id, next_door.id]
    assert waste.id not in page
    assert elsewhere.id not in page


def undo_in_note(page: str) -> tuple[str, str] | None:
    """The form of the button that stands right beside what was just done."""
    note = re.search(r'<div class="note ok" role="status">(.*?)</div>', page, re.S)
    form = note and re.search(
        r'action="/desk/unmerge/([^"]+)".*?name="version" value="(\d+)"', note[1], re.S
    )
    return (form[1], form[2]) if form else None


async def test_what_was_done_is_told_with_the_way_back(office: Office) -> None:
    """孙姐 merges the wrong one, sees it at once, and presses twice."""
    main, twin = await office.case(), await office.case(reporter="web:demo-li")
    sun, property_ = await office.sits("sun"), await office.sits("property")
    _, page = await merge(sun, twin, main.id)
    assert f"并好了：{twin.id} 跟着这一件办。" in as_read(page)
    found = undo_in_note(page)
    assert found == (twin.id, str((await stored(office, twin.id)).version))
    _, again = await merge(sun, twin, main.id)
    assert "并好了" in again, "pressed twice, merged once"
    assert (await stored(office, main.id)).voices == 2
    _, theirs = await property_.get(f"/desk/case/{main.id}", merged=twin.id)
    assert ("并好了" in theirs, "/desk/unmerge/" in theirs) == (True, False)
    before = await posts(office, main, twin)
    for _ in range(2):
        status, page = await sun.post(f"/desk/unmerge/{twin.id}", version=found[1])
        assert (status, f"撤销了，{twin.id} 单独办" in as_read(page)) == (200, True)
        assert undo_in_note(page) is None
    alone = await stored(office, twin.id)
    assert (alone.state, alone.merged_into) == (State.DISPATCHED, None)
    told = [text for text in await posts(office, main, twin) if text not in before]
    assert len([text for text in told if "分开" in text]) == 1
    entries = await office.store.read(lambda tx: tx.cases.entries(twin.id))
    assert [entry.action for entry in entries].count(Action.UNMERGE) == 1
    _, late = await sun.get(f"/desk/case/{main.id}", merged=twin.id)
    assert "并好了" not in late, "an old link tells nothing that is no longer so"


async def test_both_reporters_hear_progress(office: Office) -> None:
    main = await office.case()
    twin = await office.case(grid="DEMO-2", reporter="web:demo-li")
    sun, chen = await office.sits("sun"), await office.sits("chen")
    await merge(sun, twin, main.id)
    version = str((await stored(office, main.id)).version)
    await chen.post(f"/desk/case/{main.id}/report", version=version, words="师傅下午到")
    sent = await office.store.read(lambda tx: tx.outbox.of_case(main.id))
    heard = {str(one.post.chat) for one in sent if "师傅下午到" in one.post.text}
    assert {"web:DEMO-1", "web:DEMO-2"} <= heard, "the neighbouring group too"


async def test_a_number_is_typed_as_people_type_it(office: Office) -> None:
    main, one, two = [await office.case() for _ in range(3)]
    sun = await office.sits("sun")
    status, page = await merge(sun, one, "", number="１")
    assert (status, f"并好了：{one.id}" in as_read(page)) == (200, True)
    status, page = await merge(sun, two, "", number=one.id.lower())
    assert status == 200, "what was merged leads to what it was merged into"
    assert (await stored(office, two.id)).merged_into == main.id
    ring = await stored(office, main.id)
    status, page = await merge(sun, main, "", number=two.id, version=str(ring.version))
    assert (status, "就是这一件" in page) == (409, True)


async def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(office: Office) -> None:
    case, closed = await office.case(), await office.case(state=State.CLOSED)
    wish = await office.case("HZ01", state=State.REVIEW)
    far_more = await office.case(level=Level.A)
    sun = await office.sits("sun")
    for number, status, words in (
        ("", 400, "请选一件"),
        ("DEMO-1-999", 400, "没有找到 DEMO-1-999"),
        (NASTY, 400, "没有找到"),
        (closed.id, 409, "已经办完或撤回"),
        (wish.id, 409, "心愿是各人的"),
        (case.id, 409, "就是这一件"),
    ):
        got, page = await merge(sun, case, "", number=number)
        assert (got, words in page) == (status, True), number
        assert NASTY not in page
        assert f'value="{number}"' in page or number == NASTY
    got, page = await merge(sun, closed, case.id)
    assert (got, "了结的事不能并进在办的" in page) == (409, True)
    got, page = await merge(sun, far_more, case.id)
    assert (got, "请反过来" in page) == (409, True)
    assert f'href="/desk/merge/{case.id}?into={far_more.id}"' in page
    _, page = await sun.get(f"/desk/merge/{case.id}", into=far_more.id)
    assert f'value="{far_more.id}"' in page
    got, page = await merge(sun, case, far_more.id, version="7")
    assert (got, "刚刚有人动过" in page) == (409, True)
    for version in ("", "x", "²"):
        assert (await merge(sun, case, far_more.id, version=version))[0] == 400
        assert (await sun.post(f"/desk/unmerge/{case.id}", version=version))[0] == 400
    got, page = await sun.post(f"/desk/unmerge/{case.id}", version="1")
    assert (got, "现在这一步做不了" in page) == (409, True)
    assert (await stored(office, case.id)).version == 1


async def test_private_meets_nothing_public_and_nobody_elses(office: Office) -> None:
    lamp = await office.case(place="3栋楼下")
    mine = await office.case("MZ11", said="他又动手了")
    same = await office.case("MZ11", said="昨晚也打了")
    hers = await office.case("MZ11", said="我也怕", reporter="web:demo-li")
    sun = await office.sits("sun")
    _, page = await sun.get(f"/desk/merge/{lamp.id}")
    assert mine.id not in page
    _, page = await sun.get(f"/desk/merge/{mine.id}")
    offered = re.findall(r'name="into" value="([^"]+)"', page)
    assert offered == [same.id]
    assert "昨晚也打了" not in page, "words of another private case stand in no list"
    for case, into in ((lamp, mine), (mine, lamp), (mine, hers)):
        status, page = await merge(sun, case, into.id)
        assert (status, "私密的事各是各的" in page) == (409, True)
    status, _ = await merge(sun, same, mine.id)
    assert status == 200
    looks = await office.store.read(lambda tx: tx.audit.of_case(mine.id))
    assert "merge" in [look.what for look in looks]
    groups = [text for text in await posts(office, mine, same) if "同一件事" in text]
    assert len(groups) == 1
    sent = await office.store.read(lambda tx: tx.outbox.of_case(mine.id))
    assert {str(one.post.chat) for one in sent if one.post.template == "merged"} == {
        "web:p-web:demo-wang"
    }


async def test_nobody_merges_beyond_sight_or_rights(office: Office) -> None:
    here, there = await office.case(), await office.case(grid="DEMO-2", reporter="web:demo-li")
    property_ = await office.sits("property")
    assert (await property_.get(f"/desk/merge/{here.id}"))[0] == 403
    await office.store.write(
        lambda tx: tx.people.grant(
            "web:demo-lin", Grant(Role.MODERATOR, "DEMO-1"), "system", office.now
        )
    )
    lin = await office.sits("lin")
    _, page = await lin.get(f"/desk/merge/{here.id}")
    assert there.id not in page
    status, page = await merge(lin, here, there.id)
    assert (status, f"没有找到 {there.id}" in page) == (400, True)
    assert (await merge(lin, there, here.id))[0] == 404
    sun = await office.sits("sun")
    await hang(office, line(there, "5", "二网格的原话"))
    await merge(sun, there, here.id)
    _, page = await lin.get(f"/desk/case/{here.id}")
    assert ("二网格的原话" in page, "另有 1 件并进来" in page) == (False, True)
    _, page = await sun.get(f"/desk/case/{here.id}")
    assert "二网格的原话" in page


async def test_an_unsure_case_comes_back_as_a_card(office: Office) -> None:
    main, unsure = await office.case(), await office.case(said="灯又灭了", **UNSURE)
    sun = await office.sits("sun")
    await merge(sun, unsure, main.id)
    _, page = await sun.get("/desk/review")
    assert unsure.id not in page
    version = str((await stored(office, unsure.id)).version)
    await sun.post(f"/desk/unmerge/{unsure.id}", version=version)
    _, page = await sun.get("/desk/review")
    assert unsure.id in page


async def split(visitor: Visitor, case: Case, *lines: Line, **form: str) -> tuple[int, str]:
    fields = [*({"version": "1"} | form).items()]
    fields += [("line", f"{one.chat}|{one.message}") for one in lines]
    headers = {"Origin": visitor.office.url}
    url = f"{visitor.office.url}/desk/split/{case.id}"
    async with visitor.session.post(url, data=fields, headers=headers) as got:
        return got.status, await got.text()


async def test_a_line_becomes_a_case_and_comes_back(office: Office) -> None:
    case = await office.case(voices=2)
    opened = line(case, "1", "3栋楼下路灯不亮")
    waste = line(case, "2", "楼后垃圾堆了三天", "web:demo-li", role=LineRole.PLUS_ONE)
    staff = line(case, "3", "在修了", "web:demo-chen", role=LineRole.REPORT_BACK)
    follows = Follower(case.id, "web:demo-li", GROUP)
    await hang(office, opened, waste, staff, followers=[follows])
    sun = await office.sits("sun")
    _, page = await sun.get(f"/desk/split/{case.id}")
    assert ("楼后垃圾堆了三天" in page, "在修了" in page) == (True, False)
    status, page = await split(sun, case, waste, item="SR01", place="楼后")
    assert (status, "拆好了" in page, "楼后垃圾堆了三天" in page) == (200, True, True)
    new = await stored(office, "DEMO-1-2")
    assert (new.item, new.place, new.reporter) == ("SR01", "楼后", "web:demo-li")
    assert (await stored(office, case.id)).voices == 1
    lines = await office.store.read(lambda tx: tx.cases.lines(case.id))
    assert [one.message for one in lines] == ["1", "3"]
    assert f'href="/desk/merge/{new.id}?into={case.id}"' in page
    status, page = await merge(sun, new, case.id, version=str(new.version))
    assert (status, f"来自 {new.id}" in page) == (200, True)
    assert any("收到啦，DEMO-1-2" in text for text in await posts(office, new))


async def test_splitting_wrongly_keeps_what_was_typed(office: Office) -> None:
    case = await office.case()
    opened = line(case, "1", "3栋路灯不亮，还有想找人陪诊")
    await hang(office, opened)
    sun, property_ = await office.sits("sun"), await office.sits("property")
    place = "<b>楼后"
    for lines, form, words in (
        ((), {"item": "SR01"}, "还没勾上"),
        ((opened,), {"item": ""}, "请选好"),
        ((opened,), {"item": "ZZ99"}, "请选好"),
        ((opened,), {"item": "HZ03", "words": "想找人下棋"}, "对不上"),
        ((opened,), {"item": "SZ03"}, "没有两件事"),
    ):
        status, page = await split(sun, case, *lines, place=place, **form)
        assert (status, words in page) == (400, True), words
        assert ("&lt;b&gt;楼后" in page, place in page) == (True, False)
        assert ("checked" in page) is bool(lines)
    status, page = await split(sun, case, opened, item="HZ03", place="很" * 41)
    assert (status, "最多 40 个字" in page) == (400, True)
    assert (await split(property_, case, opened, item="HZ03"))[0] == 403
    assert (await split(sun, case, opened, item="HZ03", version="x"))[0] == 400
    assert (await stored(office, case.id)).version == 1
    status, page = await split(sun, case, opened, item="HZ03", words="想找人陪诊")
    assert status == 200
    wish = await stored(office, "DEMO-1-2")
    assert (wish.state, wish.said) == (State.REVIEW, "想找人陪诊")


async def test_a_private_case_stays_private_in_parts(office: Office) -> None:
    secret = await office.case("MZ11", said="他又动手了，楼道灯也坏了")
    opened = line(secret, "1", "他又动手了，楼道灯也坏了")
    await hang(office, opened)
    sun = await office.sits("sun")
    status, _ = await split(sun, secret, opened, item="WY05", words="楼道灯也坏了")
    assert status == 200
    assert (await stored(office, "DEMO-1-2")).visibility is Visibility.PRIVATE
    assert all("楼道灯" not in text for text in await group_posts(office))


async def group_posts(office: Office) -> list[str]:
    sent = await office.store.read(lambda tx: tx.outbox.of_case("DEMO-1-2"))
    return [one.post.text for one in sent if str(one.post.chat) == "web:DEMO-1"]


async def test_names_with_html_stay_text(office: Office) -> None:
    case, twin = await office.case(said=NASTY, place=NASTY), await office.case(said=NASTY)
    await hang(office, line(case, "1", NASTY))
    sun = await office.sits("sun")
    for path in (f"/desk/merge/{case.id}", f"/desk/merge/{twin.id}", f"/desk/split/{case.id}"):
        _, page = await sun.get(path)
        assert (NASTY in page, "&lt;script&gt;" in page) == (False, True)
    assert not re.search(r"<b>x", (await sun.get("/desk/case/x", split="<b>x"))[1])


async def test_after_a_storm_many_become_one_in_one_press(office: Office) -> None:
    storm = [
        await office.case("SZ04", said=f"南桥路积水{n}", guesses=("SZ04",), **UNSURE)
        for n in ("", "啦", "好深", "到小腿")
    ]
    gone, *others = storm[1:]
    sun, chen = await office.sits("sun"), await office.sits("chen")
    _, page = await sun.get("/desk/review")
    assert "并成一件" in page
    await chen.post(f"/desk/review/{gone.id}", version="1", do="set", choice="GY04")
    form = [("choice", "SZ04"), ("one", "1"), *(("case", f"{case.id} 1") for case in storm)]
    headers = {"Origin": office.url, "Accept": "application/json"}
    url = office.url + "/desk/review"
    async with sun.session.post(url, data=form, headers=headers) as got:
        answer = await got.json()
    main = await stored(office, storm[0].id)
    assert (answer["left"], answer["redo"]) == (1, f"/desk/case/{main.id}")
    assert f"3 条并成一件：{main.id}" in answer["said"]
    assert (main.state, main.item, main.voices) == (State.DISPATCHED, "SZ04", 1)
    for case in others:
        assert (await stored(office, case.id)).merged_into == main.id
    assert (await stored(office, gone.id)).merged_into is None, "what somebody else decided stays"
    told = [text for text in await posts(office, main) if "同一件事" in text]
    assert len(told) == 1
    _, page = await sun.get("/desk/review", done=",".join(case.id for case in storm))
    assert f"{others[0].id} 并到 {main.id} 一起办" in as_read(page)
    assert f'action="/desk/unmerge/{others[0].id}"' in page, "with the way back beside it"
    status, page = await sun.post("/desk/review", one="1", choice="SZ04", case=f"{main.id} 1")
    assert (status, "刚刚有人动过" in page) == (409, True)


async def test_a_photo_alone_says_so_on_its_card(office: Office) -> None:
    await office.case(item="SZ03", said="路灯", **UNSURE)
    bare = {"item": None, "category": None, "said": "", "title": TITLE, "guesses": ()}
    case = replace(office.draft("SZ03", "DEMO-1", **UNSURE), **bare)  # type: ignore[arg-type]
    changes = Changes(cases={case.id: case}, numbers={case.grid: case.number + 1})
    await office.store.write(lambda tx: tx.desk.save(changes, [], office.now))
    sun = await office.sits("sun")
    _, page = await sun.get("/desk/review")
    assert page.count("只发了照片") == 1
    assert f'href="/desk/case/{case.id}"' in page


async def test_a_storm_with_nonsense_in_it(office: Office) -> None:
    case = await office.case("SZ04", **UNSURE)
    sun = await office.sits("sun")
    for form in (
        {"case": f"{case.id} x", "choice": "SZ04"},
        {"case": f"{case.id} 1", "choice": "ZZ99"},
        {"case": "nothing 1", "choice": "SZ04"},
    ):
        status, page = await sun.post("/desk/review", one="1", **form)
        assert (status in (400, 409), 'role="alert"' in page) == (True, True), form
    assert (await stored(office, case.id)).version == 1


async def test_the_pages_ask_the_database_as_often_whatever_there_is(office: Office) -> None:
    sun, main = await office.sits("sun"), await office.case()
    await hang(office, line(main, "1", "3栋路灯不亮"))

    async def look() -> list[int]:
        counts = []
        for path in (f"/desk/case/{main.id}", f"/desk/merge/{main.id}", f"/desk/split/{main.id}"):
            with statements() as asked:
                await sun.get(path)
            counts.append(len(asked))
        return counts

    one = await office.case()
    await merge(sun, one, main.id)
    await look()
    few = await look()
    for _ in range(4):
        case = await office.case()
        await hang(office, line(case, case.id, "也不亮"))
        await merge(sun, case, main.id)
    await look()
    assert await look() == few
