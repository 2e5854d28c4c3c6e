"""Figures agree with what a person counts by hand, for each only of what they may see."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from office import Office
from statements import statements

from bot.web.desk.figures_told import LISTED
from bot.web.desk.words_figures import AskedWrong
from intake import rates
from intake.buildings import building_of
from intake.figures import Counts, OpenNow, Slice, apart
from intake.grids import Grid
from intake.lifecycle import State
from intake.people import Grant, Role
from intake.periods import Period
from intake.sight import Sight, sight_of
from storage.case_figures import Kind, Reach, Told
from storage.store import Tx

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


async def sight(office: Office, name: str) -> Sight:
    id = f"web:demo-{name}"
    people, grids = await office.store.read(lambda tx: (tx.people.many([id]), tx.grids.all()))
    return sight_of(people[id], grids)


async def town(office: Office) -> None:
    """Tuesday, 10:00. Eight cases count, in two categories and two grids; two do not."""
    now = office.now
    done = {"state": State.CLOSED, "responded_at": now - 9 * HOUR, "taken_by": "web:demo-chen"}

    async def case(ago: timedelta, item: str = "SZ03", **more: Any) -> None:
        opened = now - ago
        limits = {"respond_due": opened + 4 * HOUR, "resolve_due": opened + 72 * HOUR}
        await office.case(item, **({"opened_at": opened} | limits | more))

    await case(1 * HOUR)  # today, waits, nothing due
    await case(10 * HOUR)  # today at 0:00, nobody answered: overdue
    await case(10 * HOUR, **done, done_at=now - HOUR, score=5, closed_at=now)  # all in time
    await case(2 * DAY, **(done | {"responded_at": now - DAY}), done_at=now, score=3, closed_at=now)
    await case(4 * DAY, state=State.TO_RATE, done_at=now)  # finished late by word, never answered
    await case(5 * DAY, state=State.SIGNED, responded_at=now - 5 * DAY, reopened=1, done_at=now)
    await case(20 * DAY, "GY04", grid="DEMO-2", state=State.REJECTED, closed_at=now - 20 * DAY)
    await case(1 * HOUR, "MZ11")  # private
    await case(1 * HOUR, state=State.MERGED, closed_at=now)
    await case(1 * HOUR, state=State.WITHDRAWN, closed_at=now)
    await case(40 * DAY, grid="DEMO-3", state=State.SIGNED, responded_at=now - 40 * DAY)


async def test_the_figures_are_those_counted_by_hand(office: Office) -> None:
    await town(office)
    street, now = await sight(office, "street"), office.now
    midnight = now - 10 * HOUR
    reach = Reach(street)

    def counted(days: int) -> Counts:
        period = Period(midnight - (days - 1) * DAY, midnight + DAY)
        return office.store.read_now(lambda tx: tx.case_figures.total(reach, period, now))

    assert counted(1) == Counts(4, 2, 1, 1, 1, 1, 1, 1, 0, 1)
    assert counted(7) == (week := Counts(7, 5, 2, 4, 2, 2, 1, 4, 1, 3))
    assert counted(30) == replace(week, opened=8)
    standing = await office.store.read(lambda tx: tx.case_figures.open_now(reach, now))
    assert standing == OpenNow(6, 3)


async def test_parts_add_up_to_the_whole(office: Office) -> None:
    await town(office)
    reach, now = Reach(await sight(office, "street")), office.now
    period = Period(now - 30 * DAY, now + DAY)

    def work(tx: Tx) -> tuple[Counts, Told]:
        figures = tx.case_figures
        return figures.total(reach, period, now), figures.told(reach, period, now, 8 * HOUR)

    whole, told = await office.store.read(work)
    assert told.total == whole
    for groups in told.kinds.values():
        assert sum((group.counts for group in groups), Counts()) == whole
    assert sum((counts for _, counts in told.places), Counts()) == whole
    hours = {group.key: group.counts.opened for group in told.kinds[Kind.HOUR]}
    assert hours == {"0": 2, "9": 2, "10": 4}
    items = office.rules.taxonomy.items
    categories = {group.key: group.counts.opened for group in told.kinds[Kind.CATEGORY]}
    assert categories == {
        items["SZ03"].category: 6,
        items["GY04"].category: 1,
        items["MZ11"].category: 1,
    }


async def test_each_counts_only_what_they_see(office: Office) -> None:
    await town(office)
    now = office.now

    async def opened(name: str) -> int:
        reach, period = Reach(await sight(office, name)), Period(now - 30 * DAY, now + DAY)
        counts = await office.store.read(lambda tx: tx.case_figures.total(reach, period, now))
        return counts.opened

    assert await opened("street") == 8
    assert await opened("property") == 7, "not the private one"
    assert await opened("wu") == sum(
        office.rules.taxonomy.items[item].lead == "JS" for item in ["SZ03"] * 6 + ["GY04", "MZ11"]
    )


async def test_figures_cost_two_statements_at_most_and_read_no_words(office: Office) -> None:
    reach, now = Reach(await sight(office, "street")), office.now

    def work(tx: Tx) -> list[str]:
        period = Period(now - 7 * DAY, now + DAY)
        with statements(tx.connection) as seen:
            tx.case_figures.open_now(reach, now)
            tx.case_figures.total(reach, period, now)
            tx.case_figures.told(reach, period, now, 8 * HOUR)
        return seen

    empty = await office.store.read(work)
    await town(office)
    seen = await office.store.read(work)
    again = await office.store.read(work)
    assert (len(empty), len(seen), len(again)) == (2, 2, 1), "what is remembered is not read again"
    assert not any("said" in statement or "reporter" in statement for statement in seen)


def test_what_is_rare_stands_together() -> None:
    def groups(**counts: int) -> list[Slice]:
        return [Slice(key, Counts(opened)) for key, opened in counts.items()]

    def shown(some: list[Slice]) -> list[tuple[str | None, int]]:
        return [(group.key, group.counts.opened) for group in some]

    assert shown(apart(groups(a=5, b=2, c=1))) == [("a", 5), (None, 3)]
    assert shown(apart(groups(a=5, b=4, c=2))) == [("a", 5), (None, 6)], "two alone are too few"
    assert shown(apart(groups(a=3, b=4))) == [("a", 3), ("b", 4)]
    assert shown(apart(groups(a=1))) == [(None, 1)]
    assert apart([]) == []


async def test_the_page_names_no_person_and_no_rare_thing(office: Office) -> None:
    await town(office)
    for _ in range(3):
        await office.case("GY04", said="<b>老王</b>")
    street = await office.sits("street")
    status, page = await street.get("/desk/figures", span="month")
    assert status == 200
    body = page.partition("<main")[2]
    for hidden in ("小陈", "王阿姨", "demo-chen", "demo-wang", "DEMO-1-"):
        assert hidden not in body
    taxonomy = office.rules.taxonomy
    assert taxonomy.categories[taxonomy.items["SZ03"].category].name in body
    assert taxonomy.categories[taxonomy.items["MZ11"].category].name not in body
    assert "其他" in body
    assert "style=" not in page


async def test_each_span_of_time(office: Office) -> None:
    await town(office)  # a Tuesday
    street = await office.sits("street")

    async def opened(**asked: str) -> int:
        status, page = await street.get("/desk/figures", **asked)
        assert status == 200
        return int(page.partition("<dt>新报</dt><dd>")[2].partition("</dd>")[0])

    assert await opened(span="today") == 4
    assert await opened() == await opened(span="week") == 4
    assert await opened(span="last") == 3
    assert await opened(span="month") == 8
    assert await opened(span="own", **{"from": "2026-11-22", "to": "2026-11-23"}) == 1
    assert await opened(**{"from": "2026-11-24", "to": "2026-12-24"}) == 4
    assert await opened(span="<b>") == 4


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("", "", AskedWrong.DATES),
        ("2026-11-24", "", AskedWrong.DATES),
        ("<b>1", "2026-11-24", "“&lt;b&gt;1”不是日期"),
        ("0001-01-01", "2026-11-24", "“0001-01-01”不是日期"),
        ("2026-11-24", "2026-11-01", AskedWrong.TURNED),
        ("2026-11-25", "2026-11-26", AskedWrong.FUTURE),
        ("2024-01-01", "2026-11-24", "一次最多看 366 天"),
    ],
)
async def test_bad_dates_are_answered_and_kept(
    office: Office, first: str, last: str, sentence: str
) -> None:
    chen = await office.sits("chen")
    status, page = await chen.get("/desk/figures", span="own", **{"from": first, "to": last})
    assert status == 400
    assert sentence in page
    assert f'name="to" value="{last}"' in page


async def test_parts_of_the_tree_are_those_in_sight(office: Office) -> None:
    for grid in ("DEMO-1", "DEMO-1", "DEMO-1", "DEMO-2"):
        await office.case("SZ03", grid=grid, place="三号楼下")
    await office.store.write(
        lambda tx: tx.people.grant(
            "web:demo-lin", Grant(Role.GRID_WORKER, "DEMO-1"), "test", office.now
        )
    )
    street = await office.sits("street")
    _, page = await street.get("/desk/figures", part="DEMO-1")
    assert "<dt>新报</dt><dd>3</dd>" in page
    assert ">3栋</th>" in page
    _, page = await street.get("/desk/figures")
    assert "<dt>新报</dt><dd>4</dd>" in page
    assert 'value="DEMO-2"' in page
    lin = await office.sits("lin")
    status, page = await lin.get("/desk/figures", part="DEMO-2")
    assert status == 400
    assert AskedWrong.NO_PART in page
    _, page = await lin.get("/desk/figures")
    assert 'value="DEMO-2"' not in page
    assert "<dt>新报</dt><dd>3</dd>" in page


async def test_hostile_names_are_words_on_the_page(office: Office) -> None:
    await office.store.write(
        lambda tx: tx.grids.add(
            [Grid("DEMO-1", "</script><b>坏", ("DEMO-D", "DEMO-S", "DEMO-C", "DEMO-1"), ("<i>亭",))]
        )
    )
    for grid in ("DEMO-1", "DEMO-1", "DEMO-1", "DEMO-2", "DEMO-2", "DEMO-2"):
        await office.case("SZ03", grid=grid, place="<i>亭旁边")
    street = await office.sits("street")
    _, page = await street.get("/desk/figures")
    assert "<i>亭" not in page
    assert "</script><b>" not in page
    assert len(page) < 300_000


async def test_wishes_taken_up_and_fulfilled(office: Office) -> None:
    now = office.now
    await office.case("HZ01", state=State.REVIEW)
    await office.case("HZ01", state=State.PUBLISHED, published="想借轮椅")
    await office.case("HZ01", state=State.CLAIMED, published="想借轮椅", taken_by="web:demo-he")
    await office.case(
        "HZ01",
        state=State.CLOSED,
        published="陪诊",
        taken_by="web:demo-he",
        done_at=now,
        closed_at=now,
    )
    reach = Reach(await sight(office, "street"))
    period = Period(now - DAY, now + DAY)
    counts = await office.store.read(lambda tx: tx.case_figures.total(reach, period, now))
    assert (counts.wishes, counts.published) == (4, 3)
    assert rates.taken_up(counts) == rates.Share(2, 3)
    assert rates.fulfilled(counts) == rates.Share(1, 3)


def test_rates_divide_by_what_can_be_known() -> None:
    counts = Counts(
        10, answer_due=8, answered=6, finish_due=5, finished=2, solved=4, rated=3, satisfied=3
    )
    assert rates.answered(counts) == rates.Share(6, 8)
    assert rates.solved(counts) == rates.Share(4, 5)
    assert rates.finished(counts) == rates.Share(2, 5)
    assert rates.satisfied(counts).percent == "100%"
    assert rates.reopened(counts).percent == "—"
    assert [rates.Share(part, 1000).percent for part in (0, 1, 995, 999, 1000)] == [
        "0%",
        "1%",
        "99%",
        "99%",
        "100%",
    ]


@pytest.mark.parametrize(
    ("place", "building"),
    [
        ("3栋楼下", "3栋"),
        ("三号楼下", "3栋"),
        ("03幢二单元", "3栋"),
        ("十二号楼", "12栋"),
        ("二十一栋", "21栋"),
        ("二期3栋电梯", "2期3栋"),
        ("b座大堂", "B栋"),
        ("6栋和7栋之间", None),
        ("3栋、三号楼", "3栋"),
        ("老榕树旁边", "老榕树"),
        ("路口", None),
        ("", None),
        (None, None),
    ],
)
def test_a_place_is_no_finer_than_a_building(place: str | None, building: str | None) -> None:
    assert building_of(place, ("榕树", "老榕树", "")) == building


async def test_a_page_stays_short_however_many_buildings_there_are(office: Office) -> None:
    """A district has thousands; the page lists some, and says that the file has all."""
    for number in range(210):
        for _ in range(3):
            await office.case("SZ03", place=f"{number + 1}栋")
    street = await office.sits("street")
    _, page = await street.get("/desk/figures", span="today")
    assert f"还有 {210 - LISTED} 行太长了" in page
    assert sum(f">{number + 1}栋<" in page for number in range(210)) <= LISTED
    _, sheet = await street.get("/desk/figures.csv", span="today")
    assert all(f"{number + 1}栋" in sheet for number in range(210))


async def test_how_much_the_district_leads_is_said_with_its_mark(office: Office) -> None:
    for lead, count in (("JS", 7), ("HW", 1), ("SW", 2)):
        for _ in range(count):
            await office.case(lead=lead)
    street, wu = await office.sits("street"), await office.sits("wu")
    _, page = await street.get("/desk/figures", span="today")
    row = page[page.index("区级占比") :][:700]
    assert ("20%" in row, "高了" in row) == (True, False), "the target is met"
    await office.case(lead="GA")
    await office.case(lead=None, state=State.TO_DISPATCH)
    _, page = await street.get("/desk/figures", span="today")
    row = page[page.index("区级占比") :][:700]
    assert ("27%" in row, "高了" in row) == (True, True), "3 of 11: whose is not said counts not"
    _, page = await wu.get("/desk/figures", span="today")
    assert "区级占比 <small>" not in page, "a department sees only its own"
