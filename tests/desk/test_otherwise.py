"""Cases that the model in use reads otherwise: what is listed, and what one press does."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest_asyncio
from office import Office, opened, stored

from intake.cases import Example
from intake.lifecycle import State
from intake.people import Grant, Role
from intake.reading import Kind, Triage
from intake.taxonomy import Visibility
from storage.store import Store

LIST = "/desk/review/otherwise"
SUN = "web:demo-sun"


class Reads:
    """Reads 电梯 as a lift, everything else as a lamp; 大概 makes it unsure, 哈哈 asks nothing."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def read(self, texts: Sequence[str], places: Any = None) -> list[Any]:
        self.batches.append(len(texts))
        return [self._one(text) for text in texts]

    def _one(self, text: str) -> Any:
        item = "WY01" if "电梯" in text else "SZ03"
        triage = Triage.HUMAN if "不知" in text else Triage.ASK if "大概" in text else Triage.AUTO
        kind = Kind.CHAT if "哈哈" in text else Kind.REQUEST
        guess = SimpleNamespace(item=item, probability=0.9)
        because = ("电梯",) if "电梯" in text else ()
        return SimpleNamespace(guesses=(guess,), triage=triage, kind=kind, because=because)


@pytest_asyncio.fixture
async def reads() -> Reads:
    return Reads()


@pytest_asyncio.fixture
async def desk(store: Store, reads: Reads) -> AsyncIterator[Office]:
    async with opened(store, reader=lambda: reads) as running:  # type: ignore[arg-type, return-value]
        yield running


def listed(page: str) -> list[str]:
    return re.findall(r'id="n-([^"]+)"', page)


async def test_what_differs_is_listed_with_both_answers(desk: Office, reads: Reads) -> None:
    same = await desk.case("WY01", said="电梯坏了")
    unsure = await desk.case("SZ03", said="大概是电梯<b>吧")
    sure = await desk.case("SZ03", said="电梯停了", opened_at=desk.now - timedelta(hours=1))
    for said in ("电梯不知怎么了", "电梯里哈哈"):
        await desk.case("SZ03", said=said)
    sun = await desk.sits("sun")
    assert LIST in (await sun.get("/desk/review"))[1]
    assert reads.batches == [], "never read for the queue"
    status, page = await sun.get(LIST)
    assert (status, listed(page)) == (200, [sure.id, unsure.id])
    for shown in (
        "改成“电梯故障停运”",
        "不改，就是“路灯不亮”",
        "<mark>电梯</mark>停了",
        "读了 5 件，2 件",
    ):
        assert shown in page, shown
    assert "&lt;b&gt;吧" in page
    assert same.id not in page
    assert "web:demo-wang" not in page
    assert reads.batches == [5]


async def test_one_press_accepts_and_one_keeps(desk: Office) -> None:
    wrong = await desk.case("SZ03", said="电梯停了")
    right = await desk.case("SZ03", said="电梯口的灯", state=State.TO_CONFIRM, triage=Triage.HUMAN)
    kept = await desk.case("SZ03", said="电梯旁的灯")
    sun = await desk.sits("sun")
    _, page = await sun.get(LIST)
    assert set(listed(page)) == {wrong.id, right.id, kept.id}
    press = {"version": "1", "otherwise": ""}
    status, page = await sun.post(f"/desk/review/{wrong.id}", do="set", choice="WY01", **press)
    assert (status, f"{wrong.id} 记的是“电梯故障停运”" in page) == (200, True)
    assert set(listed(page)) == {right.id, kept.id}
    _, page = await sun.post(f"/desk/review/{right.id}", do="confirm", choice="SZ03", **press)
    _, page = await sun.post(f"/desk/review/{kept.id}", do="set", choice="SZ03", **press)
    assert listed(page) == [], "what a person said is not asked again"
    assert (await stored(desk, wrong)).item == "WY01"
    assert (await stored(desk, right)).state is State.DISPATCHED
    assert (await stored(desk, kept)).item == "SZ03"
    learned = await desk.store.read(lambda tx: [one.example.label for one in tx.examples.all()])
    assert learned == ["WY01", "SZ03", "SZ03"]


async def test_two_at_one_case(desk: Office) -> None:
    case = await desk.case("SZ03", said="电梯停了")
    sun, chen = await desk.sits("sun"), await desk.sits("chen")
    press = {"version": "1", "otherwise": "", "do": "set"}
    await chen.post(f"/desk/review/{case.id}", choice="GY04", **press)
    status, page = await sun.post(f"/desk/review/{case.id}", choice="WY01", **press)
    assert (status, "刚刚有人动过" in page) == (409, True)
    assert (await stored(desk, case)).item == "GY04"


async def test_what_is_left_out(desk: Office) -> None:
    await desk.case("SZ03", said="电梯已办", state=State.CLOSED)
    await desk.case("SZ03", said="电梯待评", state=State.TO_RATE)
    await desk.case("SZ03", said="电梯困人", emergency="E05")
    await desk.case("HZ02", said="想坐电梯看看", state=State.REVIEW)
    await desk.case("SZ03", said="")
    said = await desk.case("SZ03", said="电梯街坊说了")
    example = Example(said.id, said.said, "SZ03", "SZ03", "web:demo-wang", "reporter", desk.now)
    await desk.store.write(lambda tx: tx.examples.add([example]))
    sun = await desk.sits("sun")
    status, page = await sun.get(LIST)
    assert (status, listed(page)) == (200, [])
    assert "没有不同看法" in page


async def test_private_words_are_shown_alone_and_on_record(desk: Office) -> None:
    case = await desk.case("MZ11", said="他在电梯里动手", visibility=Visibility.PRIVATE)
    sun = await desk.sits("sun")
    _, page = await sun.get(LIST)
    assert listed(page) == [case.id]
    assert "动手" not in page
    assert "改成" not in page
    assert await desk.store.read(lambda tx: tx.audit.of_case(case.id)) == []
    status, page = await sun.get(f"{LIST}/{case.id}")
    assert (status, "动手" in page, "改成“电梯故障停运”" in page) == (200, True, True)
    (look,) = await desk.store.read(lambda tx: tx.audit.of_case(case.id))
    assert (look.person, look.what) == (SUN, "look")


async def test_only_within_sight(desk: Office) -> None:
    here = await desk.case("SZ03", said="电梯停了")
    private = await desk.case("MZ11", "DEMO-2", said="电梯", visibility=Visibility.PRIVATE)
    there = await desk.case("SZ03", "DEMO-2", said="电梯停了")
    old = (await desk.store.read(lambda tx: tx.people.many([SUN])))[SUN].grants
    grant = Grant(Role.MODERATOR, "DEMO-1")
    await desk.store.write(
        lambda tx: (
            [tx.people.revoke(SUN, one) for one in old],
            tx.people.grant(SUN, grant, "x", desk.now),
        )
    )
    sun = await desk.sits("sun")
    _, page = await sun.get(LIST, done=f"{there.id},{private.id}", after=there.id)
    assert listed(page) == [here.id]
    assert there.id not in page
    assert private.id not in page
    assert (await sun.get(f"{LIST}/{there.id}"))[0] == 404
    assert (await sun.get(f"{LIST}/nothing"))[0] == 404
    assert (await (await desk.sits("wu")).get(LIST))[0] == 403
    assert (await (await desk.sits("admin")).get(LIST))[0] == 403


async def test_two_hundred_at_a_time(desk: Office, reads: Reads) -> None:
    drafts = [
        desk.draft("SZ03", "DEMO-1", said="电梯停了", opened_at=desk.now - timedelta(minutes=n))
        for n in range(203)
    ]
    from office import _add

    await desk.store.write(lambda tx: [_add(tx, one, desk.now) for one in drafts])
    sun = await desk.sits("sun")
    _, page = await sun.get(LIST)
    assert (len(listed(page)), reads.batches) == (200, [200])
    (older,) = re.findall(r'href="(/desk/review/otherwise\?after=[^"]+)"', page)
    _, page = await sun.get(older)
    assert listed(page) == [one.id for one in drafts[200:]]
    after = older.partition("after=")[2]
    assert f'name="otherwise" value="{after}"' in page
    form = {"version": "1", "do": "set", "choice": "WY01", "otherwise": after}
    status, page = await sun.post(f"/desk/review/{drafts[200].id}", **form)
    assert (status, listed(page)) == (200, [one.id for one in drafts[201:]])


async def test_without_a_model(office: Office) -> None:
    await office.case("SZ03", said="电梯停了")
    sun = await office.sits("sun")
    status, page = await sun.get(LIST)
    assert (status, "没有接上模型" in page) == (200, True)
