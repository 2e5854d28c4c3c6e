"""The menu: on a phone what a role needs most, the rest one press away; and what waits behind each page."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from office import Office, Visitor
from test_gates import all_routes

from bot.web.desk.menu import AT_ONCE, NEEDED
from bot.web.desk.words import FRAME
from intake.lifecycle import State
from intake.reading import Triage
from intake.taxonomy import Visibility

WAITS = {"state": State.TO_CONFIRM, "triage": Triage.HUMAN}


class _Menu(HTMLParser):
    """`once` are the paths that a phone shows, `rest` those in 更多, `all` those of a table."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.once: list[str] = []
        self.rest: list[str] = []
        self.all: list[str] = []
        self.current: list[str] = []
        self.marked = False
        self._in: str = ""
        nav = re.search(r'<nav aria-label="菜单">.*?</nav>', page, re.DOTALL)
        assert nav is not None
        self.feed(nav.group())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "details":
            self._in = tag
        if tag == "summary":
            self.marked = known.get("class") == "here"
        if tag != "a":
            return
        path = known["href"] or ""
        if self._in:
            self.rest.append(path)
        else:
            self.all.append(path)
            self.once += [] if known.get("class") == "rest" else [path]
        if known.get("aria-current") == "page":
            self.current.append(path)


async def menu(visitor: Visitor, path: str = "/desk/me") -> _Menu:
    return _Menu((await visitor.get(path))[1])


async def count(visitor: Visitor, path: str) -> list[str]:
    """The numbers behind a page, as they are said."""
    _, page = await visitor.get("/desk/me")
    (tab,) = re.findall(rf'<a href="{path}"[^>]*>(.*?)</a>', page.split("<details", 1)[0])
    return re.findall(r'<span class="hidden-text">(.*?)</span>', tab)


FIRST = {
    "chen": ["today", "field", "review", "cases"],
    "property": ["today", "field", "cases", "figures"],
    "sun": ["review", "cases", "quality", "figures"],
    "wu": ["cases", "codes", "cover", "figures"],
    "street": ["review", "cases", "figures", "town"],
    "district": ["review", "cases", "figures", "town"],
    "auditor": ["records"],
    "admin": ["town", "words", "models"],
}


@pytest.mark.parametrize(("name", "first"), FIRST.items(), ids=FIRST)
async def test_a_phone_shows_what_the_role_needs_and_the_rest_is_one_press_away(
    office: Office, name: str, first: list[str]
) -> None:
    shown = await menu(await office.sits(name))
    assert shown.once == [f"/desk/{page}" for page in first]
    assert shown.rest == [path for path in shown.all if path not in shown.once]


def test_what_a_role_needs_are_pages_that_there_are(office: Office) -> None:
    pages = {route.path for route in all_routes(office)}
    assert {path for some in NEEDED.values() for path in some} <= pages
    assert all(len(some) <= AT_ONCE for some in NEEDED.values())


async def test_the_page_on_which_one_stands_is_marked_wherever_its_tab_is(office: Office) -> None:
    chen = await office.sits("chen")
    near = await menu(chen, "/desk/cases")
    assert (near.current, near.marked) == (["/desk/cases"], False)
    far = await menu(chen, "/desk/cover")
    assert (far.current, far.marked) == (["/desk/cover"] * 2, True), "at a table, and in 更多"
    _, page = await chen.get("/desk/cover")
    assert FRAME["here"].format(name="请假代班") in page


async def test_what_waits_stands_in_the_menu(office: Office) -> None:
    await office.case(**WAITS)
    await office.case("MZ11", visibility=Visibility.PRIVATE, **WAITS)
    await office.case("HZ01", state=State.REVIEW)
    await office.case(state=State.SIGNED, taken_by="web:demo-chen")
    await office.case(state=State.CLOSED, taken_by="web:demo-chen")
    await office.case(state=State.TO_DISPATCH, returns=1)
    chen, sun = await office.sits("chen"), await office.sits("sun")
    assert await count(chen, "/desk/review") == ["3 件等您看"]
    assert await count(chen, "/desk/cases") == ["1 件在您手上", "1 件退回待派"]
    assert await count(sun, "/desk/cases") == ["1 件退回待派"]


async def test_nothing_is_counted_that_is_not_ones_own_to_see(office: Office) -> None:
    await office.case("MZ11", grid="DEMO-1", visibility=Visibility.PRIVATE, **WAITS)
    await office.case(state=State.TO_DISPATCH, returns=1)
    for name in ("wu", "property"):
        assert await count(await office.sits(name), "/desk/cases") == [], name
    _, page = await (await office.sits("admin")).get("/desk/me")
    assert 'class="count"' not in page
