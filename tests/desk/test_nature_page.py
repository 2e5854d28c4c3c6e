"""诉求性质 on the page of a case, in the figures and in the brief."""

from __future__ import annotations

from datetime import timedelta

from office import Office, as_read
from test_briefs import AT, NINE, WEEK, opens, strike

from intake.cases import Case
from intake.nature import Nature
from intake.taxonomy import Visibility


async def nature(office: Office, case: Case) -> Nature:
    return (await office.store.read(lambda tx: tx.cases.many([case.id])))[case.id].nature


async def test_a_moderator_puts_it_right(office: Office) -> None:
    case = await office.case()
    sun = await office.sits("sun")
    _, page = await sun.get(f"/desk/case/{case.id}")
    assert "改性质" in page
    assert "求助" in page
    status, page = await sun.post(f"/desk/nature/{case.id}", nature="complaint")
    assert status == 200
    assert await nature(office, case) is Nature.COMPLAINT
    (look,) = await office.store.read(lambda tx: tx.audit.latest())
    assert (look.case, look.what) == (case.id, "nature")
    await sun.post(f"/desk/nature/{case.id}", nature="complaint")
    assert len(await office.store.read(lambda tx: tx.audit.latest())) == 1


async def test_who_may_not_does_not(office: Office) -> None:
    case = await office.case()
    hidden = await office.case("MZ11", visibility=Visibility.PRIVATE)
    wu = await office.sits("wu")
    assert (await wu.post(f"/desk/nature/{case.id}", nature="thanks"))[0] == 403
    _, page = await wu.get(f"/desk/case/{case.id}")
    assert "改性质" not in page
    sun = await office.sits("sun")
    for id, odd, status in (
        (case.id, "", 400),
        (case.id, "<b>", 400),
        ("DEMO-1-999", "thanks", 404),
    ):
        assert (await sun.post(f"/desk/nature/{id}", nature=odd))[0] == status
    assert await nature(office, case) is Nature.HELP
    assert await nature(office, hidden) is Nature.HELP


async def test_it_is_counted_in_the_figures(office: Office) -> None:
    lately = office.now - timedelta(minutes=5)
    for _ in range(4):
        await office.case(opened_at=lately)
    for _ in range(3):
        await office.case(opened_at=lately, nature=Nature.COMPLAINT)
    for rare in (Nature.THANKS, Nature.SUGGESTION, Nature.SUGGESTION):
        await office.case(opened_at=lately, nature=rare)
    chen = await office.sits("chen")
    _, page = await chen.get("/desk/figures?span=week")
    table = as_read(page).partition("按诉求性质")[2].partition("</section>")[0]
    assert "求助" in table
    assert "投诉举报" in table
    assert "感谢" not in table, "what is rare stands together"
    _, sheet = await chen.get("/desk/figures.csv?span=week")
    assert "按诉求性质" in sheet


async def test_it_stands_in_the_brief(office: Office) -> None:
    for _ in range(8):
        await opens(office)
    for _ in range(4):
        await opens(office, nature=Nature.COMPLAINT)
    office.now = NINE
    await strike(office)
    brief = await office.store.read(lambda tx: tx.briefs.get("DEMO-1", WEEK))
    assert brief is not None
    assert "什么性质：求助 8 件（67%）、投诉举报 4 件（33%）。" in brief.words
    chen = await office.sits("chen")
    _, page = await chen.get(AT)
    assert "性质：投诉举报" in page
    status, listed = await chen.get(f"{AT}/cases?of=nature&key=complaint")
    assert status == 200
    assert listed.count('<li class="card">') == 4
