"""请假代班: who is on leave, who stands in, and that it ends by itself."""

from __future__ import annotations

import re

from office import START, Office, as_read

from bot.web.desk.words_cover import COVER, NO_DATE, NO_PERSON, NOT_FOUND, WRONG
from intake.covering import Cover, Wrong
from intake.people import Grant, Person, Role
from storage.store import Tx

CHEN, SUN, STREET = "web:demo-chen", "web:demo-sun", "web:demo-street"
LI = "web:demo-ling"


async def colleague(office: Office) -> None:
    """Another grid worker of the street, who works in another community."""

    def work(tx: Tx) -> None:
        tx.people.save([Person(LI, "小凌", private=("web", f"p-{LI}"))], START)
        tx.people.grant(LI, Grant(Role.GRID_WORKER, "DEMO-3"), "test", START)

    await office.store.write(work)


async def covers(office: Office) -> list[Cover]:
    return await office.store.read(lambda tx: tx.covers.ahead([CHEN, SUN, STREET, LI], office.now))


async def privately(office: Office, person: str) -> list[str]:
    every = await office.store.read(lambda tx: tx.outbox.every())
    return [one.post.text for one in every if one.post.chat.chat == f"p-{person}"]


async def test_a_worker_on_leave_names_who_stands_in(office: Office) -> None:
    await colleague(office)
    chen = await office.sits("chen")
    status, page = await chen.get("/desk/cover")
    assert status == 200
    assert "小凌" in page
    assert "小陈（" not in page, "nobody stands in for themselves"
    assert COVER["others"] not in page
    status, page = await chen.post(
        "/desk/cover", stand_in=LI, first="2026-11-25", last="2026-11-27"
    )
    assert (status, COVER["set"] in page) == (200, True)
    assert "11月25日到11月27日" in page
    (cover,) = await covers(office)
    assert (cover.absent, cover.stand_in, cover.made_by) == (CHEN, LI, CHEN)
    assert cover.grants == (Grant(Role.GRID_WORKER, "DEMO-C"),)
    assert "请您代班" in (await privately(office, LI))[0]
    (look,) = await office.store.read(lambda tx: tx.audit.latest())
    assert (look.case, look.person, look.what) == ("DEMO-C", CHEN, "cover")
    assert "11月25日到11月27日" in (look.why or "")


async def test_it_opens_and_ends_by_its_date(office: Office) -> None:
    await colleague(office)
    chen, li = await office.sits("chen"), await office.sits("ling")
    secret = await office.case("MZ11", taken_by=CHEN)
    path = f"/desk/case/{secret.id}"
    assert (await li.get(path))[0] == 404
    await chen.post("/desk/cover", stand_in=LI, first="2026-11-25", last="2026-11-26")
    assert (await li.get(path))[0] == 404, "not yet"
    office.later(hours=13, minutes=59)  # 23:59
    li = await office.sits("ling")
    assert (await li.get(path))[0] == 404
    office.later(minutes=1)
    status, page = await li.get(path)
    assert status == 200
    assert (await li.get("/desk/town"))[0] == 403
    _, page = await li.get("/desk/today")
    assert secret.id in page
    assert "您在替小陈代班，到11月26日为止。" in as_read(page)
    assert "小凌（代小陈）" in page
    status, _ = await li.post(f"{path}/report", version="1", words="已联系，明天上门看看")
    assert status == 200
    chen = await office.sits("chen")
    _, page = await chen.get("/desk/today")
    assert "您在请假，由小凌代班" in page
    assert (await chen.get(path))[0] == 200, "the absent one still sees their own"
    office.later(hours=47, minutes=59)
    li = await office.sits("ling")
    assert (await li.get(path))[0] == 200
    office.later(minutes=1)
    assert (await li.get(path))[0] == 404, "it ended by itself"
    assert await covers(office) == []


async def test_the_street_arranges_it_and_may_end_it(office: Office) -> None:
    street, sun = await office.sits("street"), await office.sits("sun")
    _, page = await street.get("/desk/cover")
    assert COVER["others"] in page
    other = page.split('id="others"')[1]
    assert 'value="web:demo-chen"' in other
    assert 'value="web:demo-district"' not in other.split('name="stand_in"')[0]
    days = {"first": "2026-11-24", "last": "2026-11-24"}
    status, page = await street.post("/desk/cover", absent=CHEN, stand_in=SUN, **days)
    assert (status, COVER["now"] in page) == (200, True)
    secret = await office.case("SZ03")
    _, page = await sun.get(f"/desk/case/{secret.id}")
    assert "我接手" in page, "a moderator may take a case while standing in for a worker"
    (cover,) = await covers(office)
    status, page = await sun.post(f"/desk/cover/{cover.id}/end")
    assert (status, NOT_FOUND in page) == (404, True), "who stands in does not end it"
    status, page = await street.post(f"/desk/cover/{cover.id}/end")
    assert (status, COVER["ended"] in page) == (200, True)
    assert await covers(office) == []
    assert (await street.post(f"/desk/cover/{cover.id}/end"))[0] == 404
    _, page = await sun.get(f"/desk/case/{secret.id}")
    assert "我接手" not in page
    whats = [look.what for look in await office.store.read(lambda tx: tx.audit.latest())]
    assert whats == ["cover end", "cover"]
    assert len(await privately(office, CHEN)) == 2


async def test_nobody_widens_their_own_reach(office: Office) -> None:
    await colleague(office)
    sun, li, property_ = [await office.sits(name) for name in ("sun", "ling", "property")]
    days = {"first": "2026-11-24", "last": "2026-11-25"}
    for visitor, absent, me in ((sun, CHEN, SUN), (li, CHEN, LI), (li, STREET, LI)):
        status, page = await visitor.post("/desk/cover", absent=absent, stand_in=me, **days)
        assert (status, WRONG[Wrong.NOT_THEIRS] in page) == (400, True)
    status, page = await li.post("/desk/cover", stand_in=LI, **days)
    assert WRONG[Wrong.SELF] in page
    status, page = await property_.post("/desk/cover", stand_in=LI, **days)
    assert WRONG[Wrong.NOT_NEAR] in page
    assert await covers(office) == []


async def test_no_chains_and_never_twice(office: Office) -> None:
    await colleague(office)
    chen, li, street = [await office.sits(name) for name in ("chen", "ling", "street")]
    days = {"first": "2026-11-25", "last": "2026-11-27"}
    await chen.post("/desk/cover", stand_in=LI, **days)
    for visitor, form, wrong in (
        (chen, {"stand_in": STREET}, Wrong.TWICE),
        (li, {"stand_in": CHEN}, Wrong.AWAY),
        (li, {"stand_in": STREET}, Wrong.STANDS_IN),
        (street, {"absent": SUN, "stand_in": CHEN}, Wrong.AWAY),
    ):
        status, page = await visitor.post("/desk/cover", **form, **days)
        assert (status, WRONG[wrong] in page) == (400, True), wrong
    assert len(await covers(office)) == 1


async def test_bad_input_is_said_and_kept(office: Office) -> None:
    await colleague(office)
    chen = await office.sits("chen")
    nasty = "<script>alert(1)</script>"
    for form, sentence in (
        ({"stand_in": "", "first": "2026-11-25", "last": "2026-11-25"}, NO_PERSON),
        ({"stand_in": LI, "first": nasty, "last": "2026-11-25"}, NO_DATE),
        ({"stand_in": LI, "first": "2026-11-25", "last": ""}, NO_DATE),
        ({"stand_in": LI, "first": "0001-01-01", "last": "9999-12-31"}, NO_DATE),
        ({"stand_in": LI, "first": "2026-11-23", "last": "2026-11-25"}, WRONG[Wrong.DATES]),
        ({"stand_in": LI, "first": "2026-11-25", "last": "2026-11-24"}, WRONG[Wrong.DATES]),
        ({"stand_in": LI, "first": "2027-06-01", "last": "2027-06-02"}, WRONG[Wrong.DATES]),
        ({"stand_in": LI, "first": "2026-11-25", "last": "2026-12-31"}, WRONG[Wrong.LONG]),
        ({"stand_in": nasty, "first": "2026-11-25", "last": "2026-11-26"}, WRONG[Wrong.NOT_NEAR]),
        ({"absent": "", "stand_in": LI, "first": "2026-11-25", "last": "2026-11-26"}, NO_PERSON),
        (
            {"absent": nasty, "stand_in": LI, "first": "2026-11-25", "last": "2026-11-26"},
            WRONG[Wrong.NOT_THEIRS],
        ),
    ):
        status, page = await chen.post("/desk/cover", **form)
        assert status == 400, form
        assert sentence in page, form
        assert "<script>alert" not in page
    _, page = await chen.post("/desk/cover", stand_in=LI, first="2026-11-25", last="2026-12-31")
    assert 'value="2026-12-31"' in page
    assert re.search(f'value="{LI}" selected', page)
    assert await covers(office) == []


async def test_where_only_superiors_remain_the_page_says_so(office: Office) -> None:
    chen = await office.sits("chen")
    _, page = await chen.get("/desk/cover")
    assert "孙姐" in page
    assert "本社区没有别的网格员" not in page
    grant = Grant(Role.MODERATOR, "DEMO-C")
    await office.store.write(lambda tx: tx.people.revoke(SUN, grant))
    _, page = await chen.get("/desk/cover")
    assert "本社区没有别的网格员，请找调度安排。" in page
