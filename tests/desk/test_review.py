"""The uncertain queue: what is shown to whom, and what one press does."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from office import Office, Visitor, stored
from statements import statements

from bot.taxonomy_file import load_taxonomy
from bot.web.desk.alike import piles
from bot.web.desk.cards import Dealer
from bot.web.desk.finding import find_items
from bot.web.desk.queue import SHOWN
from bot.web.desk.weighing import Weighing, in_pieces
from intake.cases import Case
from intake.grids import Grid
from intake.lifecycle import State
from intake.people import Grant, Person, Role
from intake.reading import Triage
from intake.taxonomy import Level, Visibility

UNSURE: dict[str, Any] = {"state": State.TO_CONFIRM, "triage": Triage.HUMAN}


async def press(visitor: Visitor, case: Case, do: str, **form: str) -> tuple[int, str]:
    form = {"version": "1", "do": do, **form}
    return await visitor.post(f"/desk/review/{case.id}", **form)


async def told(visitor: Visitor, path: str, form: list[tuple[str, str]]) -> dict[str, Any]:
    """A press of `review.js`."""
    headers = {"Origin": visitor.office.url, "Accept": "application/json"}
    url = visitor.office.url + path
    async with visitor.session.post(url, data=form, headers=headers) as got:
        assert got.status == 200, await got.text()
        answer: dict[str, Any] = await got.json()
        return answer


def order(page: str) -> list[str]:
    return re.findall(r'data-card="([^"]+)"', page)


async def test_the_most_urgent_and_oldest_come_first(office: Office) -> None:
    long_ago = office.now - timedelta(hours=3)
    new = await office.case(said="三栋路灯灭了", level=Level.B, **UNSURE)
    old = await office.case("GY04", level=Level.B, opened_at=long_ago, **UNSURE)
    urgent = await office.case("SZ04", said="路面塌了", level=Level.A, **UNSURE)
    settled = await office.case("SZ03")
    sun = await office.sits("sun")
    assert await sun.landed("/desk") == "/desk/review", "the queue is where work begins"
    status, page = await sun.get("/desk/review")
    assert (status, order(page)) == (200, [urgent.id, old.id, new.id])
    assert settled.id not in page
    for shown in ("三栋路灯灭了", "路灯不亮", "规划建设部", "桥头社区第1网格", "还有 3 条"):
        assert shown in page, shown
    assert "web:demo-wang" not in page, "whoever reported stands in no list"


async def test_one_press_accepts_and_another_chooses_again(office: Office) -> None:
    case = await office.case(**UNSURE)
    sun = await office.sits("sun")
    status, page = await press(sun, case, "confirm", choice="SZ03")
    assert (status, "按“路灯不亮”受理了" in page, "撤销，重选" in page) == (200, True, True)
    assert "都看完了" in page
    assert (await stored(office, case)).state is State.DISPATCHED
    status, page = await sun.get(f"/desk/review/{case.id}")
    assert (status, "现在记的是“路灯不亮”" in page) == (200, True)
    assert 'value="SZ03"' not in page, "it is that already"
    version = str((await stored(office, case)).version)
    await press(sun, case, "set", choice="GY04", version=version)
    changed = await stored(office, case)
    assert (changed.item, changed.state) == ("GY04", State.DISPATCHED)


async def test_no_request_is_asked_once_more_without_a_script(office: Office) -> None:
    case = await office.case(**UNSURE)
    sun = await office.sits("sun")
    status, page = await press(sun, case, "not-a-case")
    assert (status, "确定不是报事" in page) == (200, True)
    assert (await stored(office, case)).state is State.TO_CONFIRM
    _, page = await press(sun, case, "not-a-case", sure="1")
    assert "已经撤回" in page
    assert f'href="/desk/review/{case.id}"' not in page, "withdrawn is for good"
    assert (await stored(office, case)).state is State.WITHDRAWN


async def test_the_script_is_told_in_a_few_words(office: Office) -> None:
    case = await office.case(**UNSURE)
    sun = await office.sits("sun")
    form = [("do", "set"), ("choice", "GY04"), ("version", "1")]
    answer = await told(sun, f"/desk/review/{case.id}", form)
    assert answer["redo"] == f"/desk/review/{case.id}"
    assert answer["waits"] is False
    assert case.id in answer["said"]


async def test_two_look_at_one_card(office: Office) -> None:
    case = await office.case(**UNSURE)
    sun, chen = await office.sits("sun"), await office.sits("chen")
    await press(sun, case, "set", choice="GY04")
    status, page = await press(chen, case, "confirm", choice="SZ03")
    assert (status, "刚刚有人动过" in page, case.id in page) == (409, True, True)
    assert (await stored(office, case)).item == "GY04"


async def test_what_was_typed_is_kept(office: Office) -> None:
    wish = await office.case("HZ02", state=State.REVIEW, said="想有人陪着下棋")
    sun, chen = await office.sits("sun"), await office.sits("chen")
    _, page = await sun.get("/desk/review")
    assert "发布心愿" in page
    status, page = await press(sun, wish, "publish", words="想" * 61)
    assert (status, "最多 60 个字" in page, "想" * 61 in page) == (400, True, True)
    status, page = await press(sun, wish, "publish", words=" ")
    assert (status, "写好要发布的话" in page) == (400, True)
    await press(chen, wish, "publish", words="周末有人陪着下棋")
    assert (await stored(office, wish)).published == "周末有人陪着下棋"
    status, page = await press(sun, wish, "publish", words="想下<i>棋")
    assert (status, "刚刚有人动过" in page) == (409, True)


async def test_a_refusal_needs_words_and_tells_them(office: Office) -> None:
    case = await office.case(**UNSURE)
    sun = await office.sits("sun")
    status, page = await press(sun, case, "reject", words="")
    assert (status, "为什么不受理" in page) == (400, True)
    _, page = await press(sun, case, "reject", words="外区的路，请打12345")
    assert "说明已经发出" in page
    assert (await stored(office, case)).state is State.REJECTED


async def test_nonsense_is_refused_in_a_sentence(office: Office) -> None:
    case = await office.case(**UNSURE)
    sun = await office.sits("sun")
    for do, form in (
        ("", {}),
        ("take", {}),
        ("set", {"choice": "ZZ99"}),
        ("set", {"choice": "GY04", "version": "²"}),
        ("set", {"choice": "GY04", "version": ""}),
    ):
        status, page = await press(sun, case, do, **form)
        assert (status, 'role="alert"' in page) == (400, True), (do, form)
    status, _ = await sun.get("/desk/review", done="nothing,,<b>," + case.id)
    assert status == 200
    assert (await stored(office, case)).version == 1


async def test_a_private_case_is_covered_and_each_look_on_record(office: Office) -> None:
    case = await office.case("MZ11", said="他又动手了", visibility=Visibility.PRIVATE, **UNSURE)
    sun = await office.sits("sun")
    _, page = await sun.get("/desk/review")
    assert case.id in page
    assert "他又动手了" not in page
    assert "3栋楼下" not in page
    _, page = await sun.get(f"/desk/review/{case.id}")
    assert "他又动手了" in page
    looks = await office.store.read(lambda tx: tx.audit.of_case(case.id))
    assert [(look.person, look.what) for look in looks] == [("web:demo-sun", "look")]


async def test_nobody_decides_beyond_their_grids(office: Office) -> None:
    """Moderator of the second grid, property in the first: seeing is not correcting."""
    lamp = await office.case(said="第一网格的灯", **UNSURE)
    mine = await office.case(grid="DEMO-2", said="第二网格的灯", **UNSURE)
    both = [
        ("web:demo-property", Grant(Role.MODERATOR, "DEMO-2")),
        ("web:demo-lin", Grant(Role.MODERATOR, "DEMO-2")),
    ]
    for person, grant in both:
        await office.store.write(
            lambda tx, p=person, g=grant: tx.people.grant(p, g, "system", office.now)
        )
    for name, seen in (("property", 403), ("lin", 404)):
        visitor = await office.sits(name)
        _, page = await visitor.get("/desk/review")
        assert order(page) == [mine.id], name
        _, page = await visitor.get("/desk/review", done=lamp.id)
        assert (lamp.id in page) is (name == "property")
        status, _ = await press(visitor, lamp, "set", choice="GY04")
        assert status == seen, name
        _, page = await visitor.get(f"/desk/review/{lamp.id}")
        assert ("改它不归您管" in page) is (name == "property")
    assert (await stored(office, lamp)).version == 1


async def test_names_with_html_are_only_words(office: Office) -> None:
    await office.case(said="<script>x</script>灯坏", place="<b>3栋", **UNSURE)
    sun = await office.sits("sun")
    _, page = await sun.get("/desk/review")
    assert "&lt;script&gt;x" in page
    assert "<script>x" not in page
    assert "<b>3栋" not in page


async def test_the_search_works_as_a_page(office: Office) -> None:
    case = await office.case(**UNSURE)
    sun = await office.sits("sun")
    _, page = await sun.get(f"/desk/review/{case.id}/items", q="垃圾桶")
    assert "垃圾桶满溢清运不及时" in page
    _, page = await sun.get(f"/desk/review/{case.id}/items", q='"><i>')
    assert "没有找到" in page
    assert "<i>" not in page
    _, page = await sun.get(f"/desk/review/{case.id}/items")
    assert f"全部 {len(office.rules.taxonomy.items)} 项" in page
    _, part = await sun.get(f"/desk/review/{case.id}/items", q="路灯", part="list")
    assert "路灯不亮" in part
    assert "<html" not in part


def test_items_are_found_by_name_keyword_and_near_words(office: Office) -> None:
    taxonomy = office.rules.taxonomy
    assert find_items(taxonomy, "路灯")[0].code == "SZ03"
    assert find_items(taxonomy, "sz03")[0].code == "SZ03"
    assert find_items(taxonomy, "路灯 道路")[0].code == "SZ03"
    assert find_items(taxonomy, "三栋门口路灯不亮了")[0].code == "SZ03"
    assert find_items(taxonomy, "qqqq") == []


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("灯", "路灯不亮"),
        ("停水", "停水"),
        ("漏水", "楼上楼下漏水纠纷"),
        ("电梯", "电梯故障停运"),
        ("路燈", "路灯不亮"),
        ("ld", "路灯不亮"),
        ("ludeng", "路灯不亮"),
        ("DT", "电梯故障停运"),
        ("ts", "停水"),
        ("wifi", "通信网络故障"),
        ("秋千", "健身休闲设施损坏"),
        ("电瓶车 楼道", "电动车进楼飞线充电"),
        ("水没了", "停水"),
        ("灯泡", "家庭小修小补"),
    ],
)
def test_an_item_is_found_by_any_word_that_one_would_type(words: str, name: str) -> None:
    assert name in [item.name for item in find_items(load_taxonomy(), words)][:5]


@pytest.mark.parametrize("words", ["qz9", "ａ！", "xxxxxxxx", "🙂", "%", "' or 1=1"])
def test_nonsense_finds_nothing(words: str) -> None:
    assert find_items(load_taxonomy(), words) == []


async def test_from_the_page_of_a_case_an_item_is_looked_for_and_one_comes_back(
    office: Office,
) -> None:
    case = await office.case(state=State.DISPATCHED)
    sun = await office.sits("sun")
    _, page = await sun.get(f"/desk/case/{case.id}")
    (there,) = re.findall(r'href="(/desk/review/[^"]+/items\?back=case)"', page)
    _, page = await sun.get(there + "&q=停水")
    form = {"do": "set", "version": "1", "back": "case"}
    assert 'name="back" value="case"' in page
    (form["choice"],) = re.findall(r'value="([A-Z]+\d+)"><b>停水</b>', page)
    async with sun.session.post(
        f"{office.url}/desk/review/{case.id}", data=form, headers={"Origin": office.url}
    ) as got:
        assert got.url.path == f"/desk/case/{case.id}"
    assert (await stored(office, case)).item == form["choice"]


async def test_a_storm_is_decided_in_one_press(office: Office) -> None:
    storm = [
        await office.case("SZ04", said=f"南桥路积水{n}", guesses=("SZ04",), **UNSURE)
        for n in ("", "啦", "好深", "到小腿")
    ]
    other = await office.case("GY04", said="停电了", **UNSURE)
    sun = await office.sits("sun")
    _, page = await sun.get("/desk/review")
    assert order(page) == [other.id]
    assert "4 条差不多的话" in page
    await press(await office.sits("chen"), storm[0], "set", choice="GY04")
    form = [("choice", "SZ04"), *(("case", f"{case.id} 1") for case in storm)]
    answer = await told(sun, "/desk/review", [*form, ("case", "nothing x")])
    assert answer["left"] == 2
    items = [(await stored(office, case)).item for case in storm]
    assert items == ["GY04", "SZ04", "SZ04", "SZ04"], "what somebody else decided stays"


async def test_the_line_after_a_storm_tells_what_is(office: Office) -> None:
    storm = [await office.case(**UNSURE) for _ in range(3)]
    sun = await office.sits("sun")
    done = ",".join(case.id for case in storm)
    _, page = await sun.get("/desk/review", done=done)
    assert "3 条没有办成" in page, "a link can claim nothing"
    status, page = await sun.post("/desk/review", choice="SZ03")
    assert (status, "一条也没勾上" in page) == (400, True)
    await press(sun, storm[0], "confirm")
    await press(sun, storm[1], "confirm")
    _, page = await sun.get("/desk/review", done=done)
    assert "办好 2 条" in page
    assert "1 条没有办成" in page


def test_alike_is_same_grid_or_near_words(office: Office) -> None:
    def unsure(grid: str, said: str, item: str = "SZ03", **more: Any) -> Case:
        return office.draft(item, grid, said=said, guesses=(item,), **{**UNSURE, **more})

    drafts = [
        unsure("DEMO-1", "楼道灯坏了三天"),
        unsure("DEMO-2", "楼道灯坏了三天了"),
        unsure("DEMO-2", "路灯全黑"),
        unsure("DEMO-3", "门前一片漆黑"),
        unsure("DEMO-2", "路灯倒了", emergency="fall"),
        unsure("DEMO-2", "停电", "GY04"),
    ]
    person = Person("p", "p", (Grant(Role.MODERATOR, "D"),))
    grids = {f"DEMO-{n}": _grid(f"DEMO-{n}") for n in (1, 2, 3)}
    dealer = Dealer(office.rules, grids, office.now)
    cards = [dealer.card(one, dealer.acts(one, person), ((one.said, False),)) for one in drafts]
    assert [len(pile.cards) for pile in piles(cards)] == [3, 1, 1, 1]


def _grid(id: str) -> Grid:
    return Grid(id, id, ("D", id))


class _Reads:
    """A reader that weighs the last two signs."""

    def read(self, texts: list[str], names: object = None) -> list[Any]:
        return [
            SimpleNamespace(guesses=[SimpleNamespace(item="SZ03")], because=(text[-2:],))
            for text in texts
        ]


async def test_words_that_weighed_are_marked(office: Office) -> None:
    same = office.draft("SZ03", "DEMO-1", said="三栋路灯")
    other = office.draft("GY04", "DEMO-1", said="没电")
    found = await Weighing(lambda: _Reads()).marked([same, other], {})  # type: ignore[arg-type, return-value]
    assert found[same.id] == (("三栋", False), ("路灯", True))
    assert found[other.id] == (("没电", False),), "another answer's words explain nothing"
    assert in_pieces("路灯灯", ("灯", "路灯")) == (("路灯", True), ("灯", True))


async def test_the_queue_asks_the_database_as_often_whatever_waits(office: Office) -> None:
    sun = await office.sits("sun")

    async def look() -> int:
        with statements() as asked:
            await sun.get("/desk/review")
        return len(asked)

    await office.case(**UNSURE)
    few = await look()
    for n in range(8):
        await office.case(grid=f"DEMO-{n % 3 + 1}", **UNSURE)
    assert await look() == few


async def test_a_first_guess_stands_out_only_where_the_machine_was_fairly_sure(
    office: Office,
) -> None:
    asked = await office.case(**{**UNSURE, "triage": Triage.ASK})
    unsure = await office.case(**UNSURE)
    sun = await office.sits("sun")
    for case, sure in ((asked, True), (unsure, False)):
        _, page = await sun.get(f"/desk/review/{case.id}")
        assert ('class="choice first"' in page, "机器也说不准" in page) == (sure, not sure)


async def test_a_page_is_short_and_a_storm_stays_together(office: Office) -> None:
    """Few cards at once, so that a page comes quickly; what is alike is found among more than are shown."""
    items = ("SZ03", "GY04", "SZ04")
    for number in range(SHOWN + 10):
        said = f"{chr(0x4E00 + 97 * number) * 3}坏了{chr(0x5E00 + 31 * number) * 2}"
        await office.case(items[number % 3], said=said, **UNSURE)
    _, page = await (await office.sits("sun")).get("/desk/review")
    assert 0 < len(re.findall(r"<article [^>]*data-(?:card|pile)", page)) <= SHOWN
    assert f"{SHOWN + 10}" in page, "how many wait is told"
