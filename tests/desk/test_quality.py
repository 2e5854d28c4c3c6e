"""The corrections and the second opinion on them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from office import Office

from bot.web.desk import quality
from intake.cases import Case, Example
from intake.people import Grant, Role
from intake.taxonomy import Visibility
from storage.examples import KEEP_UNLEARNED, StoredExample


async def correct(
    office: Office, case: Case, label: str, by: str, source: str = "button", days: int = 0
) -> int:
    example = Example(
        case.id, case.said, case.item, label, by, source, office.now - timedelta(days=days)
    )
    await office.store.write(lambda tx: tx.examples.add([example]))
    return (await examples(office))[-1].id


async def examples(office: Office) -> list[StoredExample]:
    return await office.store.read(lambda tx: tx.examples.all())


async def test_what_waits_is_decided_by_a_second_person(office: Office) -> None:
    case = await office.case(said="楼道的灯<b>不亮")
    id = await correct(office, case, "GY04", "web:demo-wang", "reporter")
    sun = await office.sits("sun")
    status, page = await sun.get("/desk/quality")
    assert (status, "等人看（1）" in page) == (200, True)
    assert "街坊自己改的，等人看" in page
    assert "楼道的灯&lt;b&gt;不亮" in page
    assert "web:demo-wang" not in page
    assert "王" not in page, "nobody is named"
    status, page = await sun.post(f"/desk/quality/{id}", do="accept")
    assert (status, "今后会学" in page, "看过，会学" in page) == (200, True, True)
    (one,) = await examples(office)
    assert (one.accepted, one.reviewed_by) == (True, "web:demo-sun")
    status, page = await sun.post(f"/desk/quality/{id}", do="refuse")
    assert (status, "刚刚有人看过" in page) == (409, True)


async def test_nobody_seconds_themselves(office: Office) -> None:
    case = await office.case()
    id = await correct(office, case, "GY04", "web:demo-sun")
    await correct(office, case, "SZ04", "web:demo-chen")
    sun = await office.sits("sun")
    _, page = await sun.get("/desk/quality")
    assert "说法不一，等人看" in page
    assert "要等别人看" in page
    status, page = await sun.post(f"/desk/quality/{id}", do="accept")
    assert (status, "要等别人看" in page) == (403, True)
    assert [one.accepted for one in await examples(office)] == [None, None]


async def test_only_what_is_theirs_and_not_too_old(office: Office) -> None:
    case = await office.case(said="第一网格的灯")
    id = await correct(office, case, "GY04", "web:demo-wang", "reporter")
    secret = await office.case("MZ11", said="他又动手了", visibility=Visibility.PRIVATE)
    await correct(office, secret, "GY04", "web:demo-chen")
    old = await office.case(said="上个月的事")
    await correct(office, old, "GY04", "web:demo-chen", days=31)
    sun = await office.sits("sun")
    _, page = await sun.get("/desk/quality")
    assert "第一网格的灯" in page
    assert "他又动手了" not in page, "the words of a private case stand in no list"
    assert "上个月的事" not in page
    people = await office.store.read(lambda tx: tx.people.many(["web:demo-sun"]))
    (grant,) = people["web:demo-sun"].grants
    elsewhere = Grant(Role.MODERATOR, "DEMO-2")
    await office.store.write(lambda tx: tx.people.revoke("web:demo-sun", grant))
    await office.store.write(
        lambda tx: tx.people.grant("web:demo-sun", elsewhere, "system", office.now)
    )
    sun = await office.sits("sun")
    _, page = await sun.get("/desk/quality")
    assert "第一网格的灯" not in page
    status, _ = await sun.post(f"/desk/quality/{id}", do="accept")
    assert status == 404
    status, _ = await sun.post("/desk/quality/²", do="accept")
    assert status == 404
    status, _ = await sun.post(f"/desk/quality/{id}", do="rank")
    assert status == 400


async def test_a_page_reads_so_many_corrections_and_no_more(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long a town has been at it, what is oldest is left out, and the page says so."""
    monkeypatch.setattr(quality, "READ", 3)
    for name in ("最早的灯", "第二早的灯", "第三盏灯", "第四盏灯"):
        await correct(office, await office.case(said=name), "GY04", "web:demo-wang", "reporter")
    sun = await office.sits("sun")
    _, page = await sun.get("/desk/quality")
    assert "最早的灯" not in page
    assert "第二早的灯" in page
    assert "第四盏灯" in page
    assert "只看最近 3 条" in page
    ages = await office.store.read(lambda tx: tx.examples.since(office.now - timedelta(1), 10))
    assert len(ages) == 4


async def test_what_has_lost_its_words_is_not_read(office: Office) -> None:
    case = await office.case(said="去年的灯")
    await correct(office, case, "GY04", "web:demo-wang", "reporter", days=200)
    since = office.now - KEEP_UNLEARNED
    assert await office.store.read(lambda tx: tx.examples.since(since, 10)) == []
    _, page = await (await office.sits("sun")).get("/desk/quality")
    assert "等人看（0）" in page
    assert "只看最近" not in page
