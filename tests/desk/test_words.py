"""A neighbourhood's own names on the desk: the list, adding, taking back."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import pytest_asyncio
from office import Office, opened

from intake.naming import EVERYWHERE, MOST_NAMES, Naming, Sort
from intake.people import Grant, Role
from nlp.normalise import fold
from storage.store import Store

NASTY = "<script>alert(1)</script>"
DEMO = ("老榕树", "小花园", "快递柜", "党群服务中心", "菜鸟驿站", "老年食堂")


class Knows:
    """A lexicon that knows spellings, and one word of everybody's."""

    def plain(self, word: str) -> str:
        return fold(word).text.strip()

    def is_everyday(self, word: str) -> bool:
        return word == "电梯"


class Told:
    """How often the server was told that names have changed."""

    count = 0

    async def __call__(self) -> None:
        self.count += 1


@pytest.fixture
def told() -> Told:
    return Told()


@pytest_asyncio.fixture
async def office(store: Store, told: Told) -> AsyncIterator[Office]:
    def reader() -> Any:
        return SimpleNamespace(lexicon=Knows())

    async with opened(store, reader=reader, renamed=told) as running:
        yield running


async def places(office: Office, grid: str = "DEMO-1") -> tuple[str, ...]:
    found = await office.store.read(lambda tx: tx.grids.get(grid))
    assert found is not None
    return found.places


async def words(office: Office, grid: str = "DEMO-1") -> tuple[str, ...]:
    return (await office.store.read(lambda tx: tx.words.of([grid]))).get(grid, ())


async def test_a_place_is_added_listed_and_taken_back(office: Office, told: Told) -> None:
    sun = await office.sits("sun")
    status, page = await sun.get("/desk/words")
    assert (status, "老榕树" in page, "没有记录" in page) == (200, True, False)
    status, page = await sun.post(
        "/desk/words", grid="DEMO-1", sort="place", names="石龙仔、三角地"
    )
    assert (status, "从下一句话起就认得" in page) == (200, True)
    assert re.search(r"石龙仔</b> <small[^>]*>孙姐，今天10:00", page)
    assert (await places(office), told.count) == ((*DEMO, "石龙仔", "三角地"), 1)
    status, page = await sun.post("/desk/words/remove", grid="DEMO-1", sort="place", names="石龙仔")
    assert (status, "拿掉了：石龙仔" in page, "放回去" in page) == (200, True, True)
    assert (await places(office), told.count) == ((*DEMO, "三角地"), 2)
    looks = await office.store.read(lambda tx: tx.audit.of_case("DEMO-1"))
    assert [(look.person, look.what, look.why) for look in looks] == [
        ("web:demo-sun", "add place", "石龙仔、三角地"),
        ("web:demo-sun", "remove place", "石龙仔"),
    ]


async def test_a_word_waits_for_the_next_training(office: Office, told: Told) -> None:
    sun = await office.sits("sun")
    status, page = await sun.post("/desk/words", grid="DEMO-1", sort="word", names="穗康碼")
    assert (status, "记下了：穗康码。下次训练以后就认得" in page) == (200, True)
    assert (await words(office), told.count) == (("穗康码",), 0)
    status, page = await sun.post("/desk/words", grid="DEMO-1", sort="word", names="穗康码")
    assert (status, "本来就有：穗康码" in page) == (200, True)
    shared = Naming(EVERYWHERE, Sort.WORD, ("打冷",), (), "cli", office.now)
    await office.store.write(lambda tx: tx.words.apply(shared))
    _, page = await sun.get("/desk/words", grid="DEMO-1")
    assert "各网格通用的词" in page
    status, page = await sun.post("/desk/words/remove", grid="DEMO-1", sort="word", names="打冷")
    assert (status, "已经没有“打冷”" in page) == (400, True)


REFUSED = [
    ("place", "", "还没写呢"),
    ("place", "、 ，", "还没写呢"),
    ("place", "老", "“老”太短"),
    ("place", "12345", "“12345”只有数字"),
    ("place", "１２３", "“１２３”只有数字"),
    ("place", "一二三四五六七八九十甲乙丙", "太长，最多 12 个字"),
    ("place", "(^_^)", "“(^_^)”里有不能用的符号"),
    ("place", "电梯", "“电梯”太常用，到处都会认错"),
    ("place", "電梯", "“電梯”太常用"),
    ("word", "电梯", "“电梯”是常用词，早就认识"),
    ("word", "B座", "词只能是汉字"),
    ("place", "13800138000", "像是个人信息"),
    ("place", "3栋2单元501", "像是个人信息"),
    ("place", "长" * 201, "最多 200 个字"),
    ("nonsense", "石龙仔", "请选是地名还是词"),
    ("place", "<b>石", "里有不能用的符号"),
]


@pytest.mark.parametrize(("sort", "names", "sentence"), REFUSED)
async def test_what_cannot_be_a_name_is_refused_and_kept(
    office: Office, sort: str, names: str, sentence: str
) -> None:
    sun = await office.sits("sun")
    status, page = await sun.post("/desk/words", grid="DEMO-1", sort=sort, names=names)
    assert (status, sentence in page.replace("&lt;", "<").replace("&gt;", ">")) == (400, True)
    assert "<b>石" not in page
    kept = re.search(r'id="names" value="([^"]*)"', page)
    assert kept is not None
    assert bool(kept[1]) is bool(names)
    assert (await places(office), await words(office)) == (DEMO, ())


async def test_the_good_ones_are_taken_and_the_others_stay_in_the_field(office: Office) -> None:
    sun = await office.sits("sun")
    status, page = await sun.post(
        "/desk/words", grid="DEMO-1", sort="place", names="石龙仔 电梯 老榕樹"
    )
    assert (status, "记下了：石龙仔" in page, "本来就有：老榕树" in page) == (400, True, True)
    assert 'id="names" value="电梯"' in page
    assert await places(office) == (*DEMO, "石龙仔")


async def test_a_grid_has_only_so_many(office: Office) -> None:
    full = tuple(f"{n}号石狮" for n in range(MOST_NAMES))
    await office.store.write(lambda tx: tx.grids.set_places("DEMO-1", full))
    sun = await office.sits("sun")
    status, page = await sun.post("/desk/words", grid="DEMO-1", sort="place", names="石龙仔")
    assert (status, "放不下了：最多 200 个" in page) == (400, True)


async def test_nobody_names_in_others_grids(office: Office) -> None:
    await office.store.write(
        lambda tx: tx.people.grant(
            "web:demo-lin", Grant(Role.MODERATOR, "DEMO-2"), "system", office.now
        )
    )
    lin, property_ = await office.sits("lin"), await office.sits("property")
    assert (await property_.get("/desk/words"))[0] == 403
    for path in ("/desk/words", "/desk/words/remove"):
        status, page = await lin.post(path, grid="DEMO-1", sort="place", names="石龙仔")
        assert (status, "请选一个您管的网格" in page) == (400, True)
    _, page = await lin.get("/desk/words", grid="DEMO-1")
    assert "桥头社区第2网格" in page
    assert "桥头社区第1网格" not in page
    status, _ = await lin.post("/desk/words", grid="DEMO-2", sort="place", names="石龙仔")
    assert (status, await places(office)) == (200, DEMO)
    admin = await office.sits("admin")
    status, _ = await admin.post("/desk/words", grid="DEMO-3", sort="word", names="飞线充电")
    assert (status, await words(office, "DEMO-3")) == (200, ("飞线充电",))


async def test_from_a_case_with_its_words_beside_the_field(office: Office) -> None:
    case = await office.case(grid="DEMO-2", said=f"石龙仔灯不亮{NASTY}")
    secret = await office.case("MZ11", said="他又动手了")
    sun = await office.sits("sun")
    _, page = await sun.get(f"/desk/case/{case.id}")
    assert f'href="/desk/words?from={case.id}#add"' in page
    _, page = await sun.get("/desk/words", **{"from": case.id})
    assert ("石龙仔灯不亮" in page, NASTY in page) == (True, False)
    assert "桥头社区第2网格" in page.split("</h1>")[0]
    status, page = await sun.post(
        "/desk/words", grid="DEMO-2", sort="place", names="石龙仔", **{"from": case.id}
    )
    assert (status, f"回 {case.id}" in page) == (200, True)
    _, page = await sun.get("/desk/words", **{"from": secret.id})
    assert ("他又动手了" in page, "原话不在这里露出来" in page) == (False, True)
    for nothing in ("DEMO-1-99", NASTY):
        status, page = await sun.get("/desk/words", **{"from": nothing})
        assert (status, NASTY in page) == (200, False)


async def test_a_link_can_claim_nothing(office: Office) -> None:
    sun = await office.sits("sun")
    _, page = await sun.get("/desk/words", grid="DEMO-1", sort="place", added="金銮殿", known="x")
    assert "金銮殿" not in page
    _, page = await sun.get("/desk/words", grid="DEMO-1", sort="place", removed=f"老榕树、{NASTY}")
    assert (NASTY in page, "拿掉了：老榕树" in page) == (False, False)


async def test_who_added_it_may_be_gone(office: Office) -> None:
    naming = Naming("DEMO-1", Sort.WORD, ("禾虫",), (), "web:gone", office.now)
    later = Naming("DEMO-1", Sort.PLACE, ("石龙仔",), (), "cli", office.now + timedelta(minutes=1))
    await office.store.write(lambda tx: (tx.words.apply(naming), tx.words.apply(later)))
    sun = await office.sits("sun")
    _, page = await sun.get("/desk/words", grid="DEMO-1")
    assert ("已不在册，今天10:00" in page, "命令行，今天10:01" in page) == (True, True)
