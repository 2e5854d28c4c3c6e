"""Every page in Chromium: what axe finds, what does not fit, what a thumb would miss, what it costs.

The law of this file: the pages of the desk are found by walking (`strolling.py`), so that a new page is
looked at without being named here. What forms answer, and the pages outside the desk, are named.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from filling import EVIL, Town, case_of, does, spoil
from kiosk import value
from strolling import chosen, stroll, unmet
from watching import COSTS, Browser, Finding, Watched, examined, shorten, tab

from intake.acts import Act
from intake.lifecycle import State

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MOST_BYTES = 300_000
"""Of a page's first load, charts not counted."""
LAMP_DONE = "换了控制板，上下试过都正常"
PASSWORD = "梧桐树下第三张凳子空着"


@dataclass
class Inspector:
    """Looks at pages, in one tab for each person, and keeps what is wrong."""

    browser: Browser
    town: Town
    tabs: dict[str, Watched] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    findings: dict[Finding, str] = field(default_factory=dict)
    routes: set[str] = field(default_factory=set)

    async def tab_of(self, who: str) -> Watched:
        if who not in self.tabs:
            self.tabs[who] = await tab(self.browser, self.town.url, who)
            await self.tabs[who].weighed()
        return self.tabs[who]

    async def opens(self, who: str, path: str, status: int = 200, route: str = "") -> Watched:
        """Open a page and look at it; `route` names it in the table of what pages cost."""
        watched = await self.tab_of(who)
        await watched.page.set_viewport_size({"width": 390, "height": 844})
        await watched.goes(self.town.url + path, status)
        self.weigh(who, path, watched, route)
        briefly = status != 200 or route in self.routes
        self.routes.update({route} - {""})
        await self.looks(watched, f"{who or 'anybody'} {path}", briefly=briefly)
        return watched

    async def presses(
        self,
        who: str,
        action: str,
        form: Mapping[str, str],
        status: int = 200,
        at: str = "/desk/me",
    ) -> Watched:
        """Send a form from a page of ours and look at what it answers."""
        watched = await self.tab_of(who)
        await watched.goes(self.town.url + at)
        watched.allow = status
        async with watched.page.expect_navigation(wait_until="load") as answered:
            await watched.page.evaluate(_SEND, [action, dict(form)])
        answer = await answered.value
        assert answer.status == status, (action, answer.status)
        await self.looks(watched, f"{who or 'anybody'} POST {action}", briefly=True)
        return watched

    def weigh(self, who: str, path: str, watched: Watched, route: str = "") -> None:
        counted = [size for url, size in watched.loaded if not _is_chart(urlsplit(url).path)]
        name = route or re.sub(r"^/(p|g|r)/[^/]+", r"/\1/{}", urlsplit(path).path)
        COSTS[name] = max(COSTS.get(name, (0, 0)), (len(counted), sum(counted)))
        if sum(counted) > MOST_BYTES:
            self.problems.append(f"{who} {path}: {sum(counted)} bytes")

    async def looks(self, watched: Watched, name: str, *, briefly: bool = False) -> None:
        """At 390 px light and dark, at 320, and at 1440; `briefly`: at 1440 axe has seen another page of
        this route."""
        page = watched.page
        self._note(name, "too small", await watched.too_small())
        for width in (320, 1440, 390):
            self._note(name, f"too wide at {width}", await watched.too_wide(width))
        await shorten(page)
        found = await examined(page)
        if not briefly:
            await page.set_viewport_size({"width": 1440, "height": 900})
            found += await examined(page)
            await page.set_viewport_size({"width": 390, "height": 844})
        await page.emulate_media(color_scheme="dark")
        found += await examined(page, "color-contrast", "link-in-text-block")
        await page.emulate_media(color_scheme="light")
        for one in found:
            self.findings.setdefault(one, name)
        self._note(name, "complains", watched.wrong)
        watched.wrong.clear()

    def _note(self, name: str, what: str, told: list[str]) -> None:
        self.problems += [f"{name}: {what}: {one}" for one in told]

    def sound(self) -> None:
        """Nothing grave was found; what is moderate is printed."""
        by_weight = sorted(self.findings.items(), key=lambda found: found[0].grave)
        told = [f"{one.impact} {one.rule} {where}: {one.where}" for one, where in by_weight]
        print("\n".join(told))
        grave = [line for (one, _), line in zip(by_weight, told, strict=True) if one.grave]
        wrong = [*dict.fromkeys(self.problems), *grave]
        assert not wrong, "\n".join(wrong)


_SEND = """([action, fields]) => {
  const form = Object.assign(document.createElement("form"), { method: "post", action });
  for (const [name, value] of Object.entries(fields)) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  document.body.append(form);
  setTimeout(() => HTMLFormElement.prototype.submit.call(form));
}"""


def _is_chart(path: str) -> bool:
    return "chart" in path or (path.startswith("/desk/figures") and path.endswith((".svg", ".png")))


@pytest_asyncio.fixture(loop_scope="session")
async def inspector(browser: Browser, town: Town) -> AsyncIterator[Inspector]:
    made = Inspector(browser, town)
    yield made
    for watched in made.tabs.values():
        await watched.page.context.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def spoilt(town: Town) -> Town:
    """The town with what no page may stumble over, and 孙姐 half way into two-step sign-in."""
    town.hidden = await spoil(town.kiosk)
    sun = await town.kiosk.sits("sun")
    form = {"login": "sunjie", "new": PASSWORD, "again": PASSWORD}
    assert (await sun.post("/desk/me/password", **form))[0] == 200
    sun = await town.kiosk.sits("sun")
    assert (await sun.post("/desk/me/codes/begin", password=PASSWORD))[0] == 200
    return town


@pytest.mark.timeout(900)  # some hundred pages, each in four ways: a busy machine is no fault
async def test_every_page_of_the_desk(inspector: Inspector, spoilt: Town) -> None:
    found = await stroll(spoilt.kiosk, spoilt.hidden)
    assert unmet(spoilt.kiosk, found) == []
    for page in chosen(found):
        await inspector.opens(page.who, page.path, route=page.route)
    inspector.sound()


async def test_what_forms_answer(inspector: Inspector, spoilt: Town) -> None:
    """Refusals with what was typed, second questions, results, previews."""
    own = [case for case in await spoilt.kiosk.cases() if case.grid == "DEMO-1" and case.is_open]
    by_state = {case.state: case for case in own}
    working, unsure = by_state[State.DISPATCHED], by_state[State.TO_CONFIRM]
    version = str(working.version)
    await inspector.presses(
        "chen", f"/desk/case/{working.id}/finish", {"words": "好了", "version": version}, 400
    )
    await inspector.presses(
        "chen", f"/desk/case/{working.id}/finish", {"words": "换了灯泡", "version": "99"}, 409
    )
    await inspector.presses("chen", "/desk/cases/many", {"act": "take"}, 400)
    await inspector.presses(
        "chen",
        "/desk/cases/many",
        {"act": "report", "words": "师傅在路上", "case": f"{working.id}@99"},
    )
    question = {"do": "not-a-case", "version": str(unsure.version)}
    await inspector.presses("sun", f"/desk/review/{unsure.id}", question)
    answer = {"do": "confirm", "version": str(unsure.version)}
    await inspector.presses("sun", f"/desk/review/{unsure.id}", answer)
    node = "/desk/town/at/DEMO-1"
    await inspector.presses("street", f"{node}/invite", {"role": "king", "note": EVIL}, 400)
    await inspector.presses("street", f"{node}/invite", {"role": "grid_worker", "note": "小李"})
    await inspector.presses("admin", f"{node}/duty", {"do": "add", "seen": "x"}, 409)
    for rows in ("DEMO-D,DEMO-S,DEMO-C,坏,名,", f"DEMO-D,DEMO-S,DEMO-C,N-1,{EVIL},{EVIL}"):
        text = f"district,street,community,grid,name,places\n{rows}\n"
        watched = await inspector.tab_of("admin")
        await watched.goes(spoilt.url + "/desk/town/import")
        watched.allow = 400
        await watched.page.fill("[name=text]", text)
        async with watched.page.expect_navigation(wait_until="load"):
            await watched.page.click("button[value=look]")
        await inspector.looks(watched, "admin POST /desk/town/import")
    await inspector.presses("chen", "/desk/codes", {"grid": "nowhere"}, 400)
    await inspector.presses("chen", "/desk/me/password", {"login": "x", "new": "a"}, 400)
    inspector.sound()


async def test_doors_and_refusals(inspector: Inspector, spoilt: Town) -> None:
    await inspector.opens("", "/desk/sign-in")
    wrong = {"login": "nobody", "password": "falsch"}
    await inspector.presses("", "/desk/sign-in", wrong, 401, at="/desk/sign-in")
    await inspector.opens("", "/desk/in/nothing", 404)
    await inspector.opens("chen", "/desk/case/nothing", 404)
    await inspector.opens("chen", "/desk/town", 403)
    await inspector.opens("auditor", "/desk/records?from=gestern", 400)
    inspector.sound()


async def test_the_report_pages(inspector: Inspector, spoilt: Town) -> None:
    kiosk = spoilt.kiosk
    code, phone = await kiosk.code("5栋一楼大堂的门口"), kiosk.person()
    await inspector.opens("", f"/r/{code}")
    await inspector.opens("", "/r/evilcode")
    await inspector.presses("", f"/r/{code}", {"words": "", "place": EVIL}, 400, at=f"/r/{code}")
    await inspector.opens("", "/r/nothing", 404)
    spoilt.asleep = True
    _, form = await phone.get(f"/r/{code}")
    await phone.post(f"/r/{code}", words="电梯坏了，按了没反应", once=value(form, "once"))
    await inspector.opens("", phone.at)
    spoilt.asleep = False
    for words in (
        "电梯坏了，按了没反应",
        "着火了，好大烟，快来人",
        "老板三个月没发工资了",
        "楼道那个东西又那样了",
        f"{EVIL}{'啊' * 200}",
    ):
        someone = kiosk.person()
        await someone.reports(code, words)
        await inspector.opens("", someone.at)
    await does(kiosk, "chen", await case_of(kiosk, "电梯坏了，按了没反应"), Act.FINISH, LAMP_DONE)
    await phone.again()
    await inspector.opens("", phone.at)
    await inspector.presses("", f"{phone.at}/add", {"words": ""}, 400, at=phone.at)
    await inspector.opens("", f"{phone.at}/add")
    inspector.sound()


async def test_the_web_room(inspector: Inspector, spoilt: Town) -> None:
    room = spoilt.kiosk.room
    await inspector.opens("", "/")
    await inspector.opens("", f"/g/{(await room.invite('DEMO-1')).code}")
    await inspector.opens("", "/g/nothing", 404)
    watched = await inspector.tab_of("")
    for place, there in (("", "#rooms a"), ("#DEMO-1", "#lines .bubble")):
        await watched.goes("about:blank")
        await watched.goes(f"{spoilt.url}/chat?as=demo-wang{place}")
        await watched.page.locator(there).first.wait_for()
        await inspector.looks(watched, f"wang /chat{place}")
    inspector.weigh("wang", "/chat", watched)
    for opener, what in (("#plus", "panel"), (".more", "menu")):
        await watched.page.locator(opener).last.dispatch_event("click")
        await inspector.looks(watched, f"wang {what}")
    inspector.sound()
