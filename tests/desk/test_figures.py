"""Figures agree with what a person counts by hand, for each only of what they may see."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from office import Office
from sqlalchemy import event

from intake.figures import Counts, OpenNow, Slice, apart
from intake.lifecycle import State
from intake.sight import Sight, sight_of
from storage.case_figures import Kind
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
    starts = [midnight, midnight - 6 * DAY, midnight - 29 * DAY]
    today, week, month = await office.store.read(
        lambda tx: tx.case_figures.since(street, starts, now)
    )
    assert today == Counts(4, 2, 1, 1, 1, 1, 1, 1, 0)
    assert week == Counts(7, 5, 2, 4, 2, 2, 1, 4, 1)
    assert month == replace(week, opened=8)
    standing = await office.store.read(lambda tx: tx.case_figures.open_now(street, now))
    assert standing == OpenNow(6, 3)


async def test_parts_add_up_to_the_whole(office: Office) -> None:
    await town(office)
    street, now = await sight(office, "street"), office.now

    def work(tx: Tx) -> tuple[Counts, dict[Kind, list[Slice]]]:
        start = now - 30 * DAY
        (whole,) = tx.case_figures.since(street, [start], now)
        by = tx.case_figures.by
        return whole, {kind: by(street, kind, start, now, 8 * HOUR) for kind in Kind}

    whole, parts = await office.store.read(work)
    for groups in parts.values():
        assert sum((group.counts for group in groups), Counts()) == whole
    hours = {group.key: group.counts.opened for group in parts[Kind.HOUR]}
    assert hours == {"0": 2, "9": 2, "10": 4}
    items = office.rules.taxonomy.items
    categories = {group.key: group.counts.opened for group in parts[Kind.CATEGORY]}
    assert categories == {
        items["SZ03"].category: 6,
        items["GY04"].category: 1,
        items["MZ11"].category: 1,
    }


async def test_each_counts_only_what_they_see(office: Office) -> None:
    await town(office)
    now = office.now

    async def opened(name: str) -> int:
        eyes = await sight(office, name)
        (counts,) = await office.store.read(
            lambda tx: tx.case_figures.since(eyes, [now - 30 * DAY], now)
        )
        return counts.opened

    assert await opened("street") == 8
    assert await opened("property") == 7, "not the private one"
    assert await opened("wu") == sum(
        office.rules.taxonomy.items[item].lead == "JS" for item in ["SZ03"] * 6 + ["GY04", "MZ11"]
    )


@contextmanager
def statements(tx: Tx) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, _p: Any, _x: Any, _many: bool) -> None:
        seen.append(statement)

    event.listen(tx.connection, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(tx.connection, "before_cursor_execute", note)


async def test_a_figure_costs_one_statement_and_reads_no_row(office: Office) -> None:
    await town(office)
    street, now = await sight(office, "street"), office.now

    def work(tx: Tx) -> list[str]:
        with statements(tx) as seen:
            tx.case_figures.open_now(street, now)
            tx.case_figures.since(street, [now - DAY, now - 7 * DAY], now)
            tx.case_figures.by(street, Kind.HOUR, now - DAY, now, 8 * HOUR)
        return seen

    seen = await office.store.read(work)
    assert len(seen) == 3
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
    status, page = await street.get("/desk/figures", days="30")
    assert status == 200
    body = page.partition("<main")[2]
    for hidden in ("小陈", "王阿姨", "demo-chen", "demo-wang", "DEMO-1-"):
        assert hidden not in body
    taxonomy = office.rules.taxonomy
    assert taxonomy.categories[taxonomy.items["SZ03"].category].name in body
    assert taxonomy.categories[taxonomy.items["MZ11"].category].name not in body
    assert "其他" in body
    assert "style=" not in page


async def test_any_time_but_the_known_ones_is_a_week(office: Office) -> None:
    chen = await office.sits("chen")
    for days in ("", "0", "9999999999", "<b>", "7"):
        status, page = await chen.get("/desk/figures", days=days)
        assert status == 200
        assert '<a href="?days=7#kinds" aria-current="true">' in page
        assert "还没有新报的事" in page


async def test_the_tables_can_be_taken_away(office: Office) -> None:
    await town(office)
    street = await office.sits("street")
    status, text = await street.get("/desk/figures.csv", days="30")
    assert status == 200
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0][:3] == ["表", "名称", "新报"]
    assert ["眼下", "在办", "6"] in rows
    assert ["眼下", "超时", "3"] in rows
    total = next(row for row in rows if row[1] == "近30天")
    assert total[2:] == ["8", "2", "5", "2", "4", "1", "2", "1", "4"]
    others = [row for row in rows if row[1] == "其他"]
    assert others
    assert all(int(row[2]) >= 3 for row in others)
