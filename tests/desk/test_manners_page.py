"""When the bot speaks unasked in a part of the neighbourhood: shown to all who see it, changed by whoever
configures it, on record, and effective for a running server."""

from __future__ import annotations

import re

import pytest
from office import Office, Visitor
from test_town import GRID, looks

from bot.dispatch import Surroundings
from bot.surroundings import Live
from bot.web.desk.words_manners import NotSo
from intake.manners import MOST, Manners, OwnManners, quiet_hours

COMMUNITY = "/desk/town/at/DEMO-C"
NIGHT = quiet_hours("22-7")


async def own(office: Office) -> dict[str, OwnManners]:
    return await office.store.read(lambda tx: tx.manners.all())


async def changes(
    visitor: Visitor, how: str, start: str = "", end: str = "", most: str = "", at: str = GRID
) -> tuple[int, str]:
    _, page = await visitor.get(at)
    part = page[page.index('id="pace"') :]
    found = re.search(r'name="seen" value="(\w+)"', part)
    seen = found.group(1) if found else ""
    return await visitor.post(f"{at}/manners", how=how, start=start, end=end, most=most, seen=seen)


async def test_a_grid_has_hours_of_its_own(office: Office) -> None:
    admin = await office.sits("admin")
    status, page = await changes(admin, "own", "23", "6", "3")
    assert (status, "改好了" in page) == (200, True)
    assert "23点到6点是静默时段" in page
    assert "一天最多说 3 条" in page
    assert await own(office) == {"DEMO-1": OwnManners("DEMO-1", "23-6", 3)}
    await changes(admin, "none", most="0")
    _, page = await admin.get(GRID)
    assert "没有静默时段，进展随时发" in page
    assert "白天不说，第二天早上合成一条说" in page
    await changes(admin, "above")
    assert await own(office) == {}
    told = [(look.case, look.why) for look in await looks(office) if look.what == "manners"]
    assert told[::-1] == [
        ("DEMO-1", "静默 跟上级；每天主动 跟上级 → 静默 23-6；每天主动 3 条"),
        ("DEMO-1", "静默 23-6；每天主动 3 条 → 静默 没有；每天主动 0 条"),
        ("DEMO-1", "静默 没有；每天主动 0 条 → 静默 跟上级；每天主动 跟上级"),
    ]


async def test_a_running_server_takes_it_up(office: Office) -> None:
    live = Live(office.store, Surroundings({}, office.rules.zone, NIGHT))
    await live.refresh()
    assert live().manners_of("DEMO-1") == Manners(NIGHT, 6)
    admin = await office.sits("admin")
    await changes(admin, "own", "23", "6", "3", at=COMMUNITY)
    await changes(admin, "none")
    await live.refresh()
    assert live().manners_of("DEMO-1") == Manners(None, 3)
    assert live().manners_of("DEMO-2") == Manners(quiet_hours("23-6"), 3)


async def test_a_node_below_says_whence_it_has_it(office: Office) -> None:
    admin = await office.sits("admin")
    await changes(admin, "own", "21", "8", at=COMMUNITY)
    _, page = await admin.get(COMMUNITY)
    name = re.search(r"<h1>(\S+) <small>", page)
    assert name is not None
    assert "下面没有自己定的网格都跟着改" in page
    _, page = await admin.get(GRID)
    assert "21点到8点是静默时段" in page
    assert f"跟{name.group(1)}一样" in page
    assert "跟上级一样（21点到8点）" in page


async def test_nothing_new_is_not_on_record(office: Office) -> None:
    admin = await office.sits("admin")
    before = len(await looks(office))
    status, _ = await changes(admin, "above")
    assert (status, len(await looks(office))) == (200, before)


@pytest.mark.parametrize(
    ("how", "start", "end", "most", "problem"),
    [
        ("own", "", "7", "", NotSo.HOURS),
        ("own", "22", "", "", NotSo.HOURS),
        ("own", "22", "24", "", NotSo.HOURS),
        ("own", "-1", "７", "", NotSo.HOURS),
        ("own", "7", "07", "", NotSo.SAME),
        ("own", "22", "7", "51", NotSo.MOST.format(most=MOST)),
        ("above", "", "", "-1", NotSo.MOST.format(most=MOST)),
        ("above", "", "", "六", NotSo.MOST.format(most=MOST)),
        ("above", "", "", "3.5", NotSo.MOST.format(most=MOST)),
        ("above", "", "", "²", NotSo.MOST.format(most=MOST)),
        ("", "22", "7", "", NotSo.HOW),
        ("no", "22", "7", "", NotSo.HOW),
    ],
)
async def test_what_cannot_be_is_told_and_stays_in_the_form(
    office: Office, how: str, start: str, end: str, most: str, problem: str
) -> None:
    admin = await office.sits("admin")
    status, page = await changes(admin, how, start, end, most)
    assert (status, problem in page) == (400, True)
    assert (
        f'name="most" inputmode="numeric" maxlength="3" autocomplete="off" value="{most}"' in page
    )
    if start == "22":
        assert '<option value="22" selected>' in page
    assert await own(office) == {}


async def test_what_somebody_changed_meanwhile_is_not_written_over(office: Office) -> None:
    admin = await office.sits("admin")
    _, page = await admin.get(GRID)
    part = page[page.index('id="pace"') :]
    (seen,) = re.findall(r'name="seen" value="(\w+)"', part)[:1]
    await changes(admin, "own", "23", "6")
    status, page = await admin.post(f"{GRID}/manners", how="none", most="2", seen=seen)
    assert (status, NotSo.STALE in page) == (409, True)
    assert await own(office) == {"DEMO-1": OwnManners("DEMO-1", "23-6", None)}
    assert "23点到6点" in page


async def test_only_whoever_configures_it_may(office: Office) -> None:
    for who in ("street", "district"):
        visitor = await office.sits(who)
        status, page = await visitor.get(GRID)
        assert (status, f'action="{GRID}/manners"' in page) == (200, False)
        status, _ = await visitor.post(f"{GRID}/manners", how="none")
        assert status in (403, 404)
    admin = await office.sits("admin")
    for place in ("NO-SUCH", "JS"):
        status, _ = await admin.post(f"/desk/town/at/{place}/manners", how="none")
        assert status == 404
    assert await own(office) == {}
