"""Days of the people who do the work, in real Chromium: what each sees, does and is refused."""

from __future__ import annotations

import asyncio
import re
import time

import pytest
from filling import Town, case_of
from office import Office
from playwright.async_api import Page, expect
from watching import PHONE, TABLE, Browser, Watched, examined, tab

from bot.web.desk.words import ACT_NAMES, FRAME, Refused
from bot.web.desk.words_review import REVIEW
from intake.acts import Act
from intake.cases import Case
from intake.lifecycle import State
from intake.reading import Triage
from intake.taxonomy import Visibility

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CARDS = 20
WANTED = 300 / 60
"""Decisions a minute that must be possible by keyboard alone."""


async def cases(town: Town, *ids: str) -> list[Case]:
    found = await town.kiosk.store.read(lambda tx: tx.cases.many(ids))
    return [found[id] for id in ids]


async def until(town: Town, id: str, *states: State) -> Case:
    """The case, as soon as it stands so."""
    end = time.monotonic() + 60
    while True:
        (case,) = await cases(town, id)
        if case.state in states:
            return case
        assert time.monotonic() < end, case.state
        await town.kiosk.settle()


async def leaves(watched: Watched) -> None:
    """Nothing to complain of, and away."""
    assert watched.wrong == []
    await watched.page.context.close()


# -- the moderator ------------------------------------------------------------------------------------------


async def test_a_moderator_on_a_phone(browser: Browser, town: Town) -> None:
    lamp, smell, swing, noise = [
        await case_of(town.kiosk, words) for words in ("一闪一闪", "怪味", "秋千", "剁东西")
    ]
    watched = await tab(browser, town.url, "sun")
    page = watched.page
    await page.goto("/desk")
    await expect(page).to_have_url(re.compile("/desk/review"))
    await page.locator(f"#c-{lamp} .choice").first.tap()
    await expect(page.locator(f"#c-{lamp}")).to_be_hidden()
    await page.locator("#held button").last.tap()
    await expect(page.locator(f"#c-{lamp}")).to_be_visible()
    assert [case.state for case in await cases(town, lamp)] == [State.TO_CONFIRM]
    await page.locator(f"#c-{lamp} .choice").first.tap()
    await page.locator(f"#c-{smell} .choice").nth(1).tap()
    await page.locator(f"#c-{swing} [data-find]").tap()
    await page.locator(f"#c-{swing} input[type=search]").fill("树枝")
    await page.locator(f"#c-{swing} .found button", has_text="树").first.tap()
    await page.locator(f"#c-{noise}").get_by_role("button", name=REVIEW["not_a_case"]).tap()
    await expect(page.locator(f"#c-{noise}")).to_be_hidden()
    assert await watched.too_wide(390) == []
    await page.goto("/desk/quality")  # leaving sends what is held
    states = (State.DISPATCHED, State.TO_DISPATCH)
    assert (await until(town, lamp, *states)).item == "SZ03"
    assert (await until(town, smell, *states)).item == "HJ06"
    assert (await until(town, swing, *states)).item == "SZ08"
    assert (await until(town, noise, State.WITHDRAWN)).id == noise
    await leaves(watched)


async def test_a_moderator_by_keyboard_alone(browser: Browser, town: Town) -> None:
    ids = await _many_cards(town)
    watched = await tab(browser, town.url, "sun", **TABLE)
    page = watched.page
    await page.goto("/desk/review")
    keys = page.keyboard
    began, done = time.monotonic(), list[str]()
    while len(done) < CARDS:
        at = await page.evaluate(_CURRENT)
        assert at is not None
        assert at not in done, "what is decided does not come back"
        if at not in ids:
            await keys.press("j")
        elif len(done) % 10 == 4:
            await _by_search(page)
        else:
            await keys.press("1" if len(done) % 5 else "0")
        await _moved_on(page, at)
        done += [at] if at in ids else []
    await keys.press("z")
    undone = await _back_again(page, ids)
    await keys.press("2")
    minutes = (time.monotonic() - began) / 60
    print(f"\nby keyboard alone: {CARDS / minutes:.0f} decisions a minute")
    assert CARDS / minutes > WANTED
    await page.goto("/desk/quality")
    for id in ids:
        await until(town, id, State.DISPATCHED, State.TO_DISPATCH, State.WITHDRAWN)
    (last,) = await cases(town, undone)
    assert last.item == last.guesses[1], "taken back, and then the second of its suggestions"
    await leaves(watched)


_CURRENT = """() => {
  const one = document.querySelector("#cards > article[data-current]:not([hidden])");
  return one && (one.dataset.card ?? one.id);
}"""
_SPOTS = (
    "门厅、车棚、信箱、围墙、花坛、天台、地库、水表、秋千、凉亭、"
    "台阶、扶手、雨棚、井盖、石凳、喷泉、岗亭、沙坑、晒场、鱼池"
)


async def _moved_on(page: Page, before: str) -> None:
    """Wait until another card is the current one, as an eye would."""
    end = time.monotonic() + 60
    while await page.evaluate(_CURRENT) == before:
        assert time.monotonic() < end, await page.locator("#main").inner_text()
        await asyncio.sleep(0.02)


async def _back_again(page: Page, ids: list[str]) -> str:
    """Wait until one of these cards is there again; which."""
    end = time.monotonic() + 60
    while (found := await page.evaluate(_CURRENT)) not in ids:
        assert time.monotonic() < end, found
        await asyncio.sleep(0.02)
    return str(found)


async def _many_cards(town: Town) -> list[str]:
    """Twenty more of as many items, so that none are alike and each is a decision of its own."""
    kiosk = town.kiosk
    office = Office(kiosk.store, kiosk.rules, now=kiosk.now)
    known = [case.number for case in await kiosk.cases() if case.grid == "DEMO-3"]
    office.numbers["DEMO-3"] = max(known)
    items = [
        code
        for code, item in kiosk.rules.taxonomy.items.items()
        if item.visibility is Visibility.GROUP and not item.is_wish and code[0] in "SWH"
    ]
    made = []
    for number, place in enumerate(_SPOTS.split("、")):
        item = items[number]
        case = await office.case(
            item,
            "DEMO-3",
            said=f"{place}那里不对劲",
            place=place,
            state=State.TO_CONFIRM,
            triage=Triage.HUMAN,
            guesses=(item, "SZ07", "WY06"),
        )
        made.append(case.id)
    return made


async def _by_search(page: Page) -> None:
    """None of the suggestions: find another item, still by keyboard."""
    await page.keyboard.press("/")
    await page.keyboard.type("路灯")
    await page.keyboard.press("Enter")
    await page.locator(".found button:focus").wait_for()
    await page.keyboard.press("Enter")


# -- the grid worker ----------------------------------------------------------------------------------------


async def test_a_grid_worker_from_queue_to_finish(browser: Browser, town: Town) -> None:
    id = await case_of(town.kiosk, "井盖一踩就响")
    watched = await tab(browser, town.url, "chen")
    page = watched.page
    await page.goto("/desk/cases")
    await page.get_by_role("searchbox").fill("井盖")
    await page.keyboard.press("Enter")
    await page.locator(".case", has_text="井盖一踩就响").locator("a.body").tap()
    await expect(page.locator(".number").first).to_have_text(id)
    await page.get_by_role("button", name=ACT_NAMES[Act.TAKE]).tap()
    await expect(page.locator(".note.ok")).to_be_visible()
    report = page.locator("details.act", has_text=ACT_NAMES[Act.REPORT])
    await report.locator("summary").tap()
    await report.locator("textarea").fill("垫片老化，已经围起来了，下午换")
    await report.locator("button[type=submit]").tap()
    await expect(page.locator(".story")).to_contain_text("垫片老化")
    finish = page.locator("details.act", has_text=ACT_NAMES[Act.FINISH])
    await finish.locator("summary").tap()
    await finish.locator("textarea").fill("好了")
    watched.allow = 400
    await finish.locator("button[type=submit]").tap()
    await expect(page.get_by_role("alert")).to_have_text(Refused.WORDS_MISSING)
    await expect(finish.locator("textarea")).to_have_value("好了")
    await finish.locator("textarea").fill("换了新垫片，车压过去没有声音了")
    await finish.locator("button[type=submit]").tap()
    await expect(page.locator(".line .tag").first).to_have_text("待评价")
    assert (await until(town, id, State.TO_RATE)).done_by == "web:demo-chen"
    await leaves(watched)


async def test_two_at_one_case_and_nothing_typed_is_lost(browser: Browser, town: Town) -> None:
    id = await case_of(town.kiosk, "下水道又往外冒水")
    chen, sun = [await tab(browser, town.url, who, **TABLE) for who in ("chen", "street")]
    words = "正在疏通，堵得厉害，明天再来一次"
    for watched in (chen, sun):
        await watched.page.goto(f"/desk/case/{id}")
    report = chen.page.locator("details.act", has_text=ACT_NAMES[Act.REPORT])
    await report.locator("summary").click()
    await report.locator("textarea").fill(words)
    await sun.page.get_by_role("button", name=ACT_NAMES[Act.TAKE]).click()
    await sun.page.wait_for_url(re.compile("done="))
    chen.allow = 409
    await report.locator("button[type=submit]").click()
    await expect(chen.page.get_by_role("alert")).to_have_text(Refused.OUTDATED)
    await expect(report.locator("textarea")).to_have_value(words)
    await report.locator("button[type=submit]").click()
    await expect(chen.page.locator(".story")).to_contain_text(words)
    await leaves(sun)
    await leaves(chen)


# -- a department -------------------------------------------------------------------------------------------


async def test_a_department_sees_its_own_and_hands_back(browser: Browser, town: Town) -> None:
    own = await case_of(town.kiosk, "树枝碰到")
    foreign = next(c.id for c in await town.kiosk.cases() if "JS" not in c.departments)
    watched = await tab(browser, town.url, "wu", **TABLE)
    page = watched.page
    await page.goto("/desk/cases")
    shown = await page.locator(".case .number").all_inner_texts()
    departments = {case.id: case.departments for case in await cases(town, *shown)}
    assert shown
    assert all("JS" in departments[id] for id in shown)
    watched.allow = 404
    await page.goto(f"/desk/case/{foreign}")
    await expect(page.get_by_role("alert")).to_have_text(Refused.NO_CASE)
    await page.goto(f"/desk/case/{own}")
    (case,) = await cases(town, own)
    assert case.lead == "JS"
    await page.get_by_role("button", name=ACT_NAMES[Act.TAKE]).click()
    report = page.locator("details.act", has_text=ACT_NAMES[Act.REPORT])
    await report.locator("summary").click()
    await report.locator("textarea").fill("看过了，要停电才能修剪")
    await report.locator("button[type=submit]").click()
    await expect(page.locator(".story")).to_contain_text("要停电才能修剪")
    back = page.locator("details.act", has_text=ACT_NAMES[Act.HAND_BACK])
    await back.locator("summary").click()
    await back.locator("button[type=submit]").click()
    assert "done=hand-back" not in page.url, "without a reason nothing is sent"
    await back.get_by_role("radio").first.check()
    watched.allow = 400
    await back.locator("button[type=submit]").click()
    await expect(page.get_by_role("alert")).to_contain_text("还没说该归谁")
    back = page.locator("details.act", has_text=ACT_NAMES[Act.HAND_BACK])
    await back.locator("input[name=place]").fill("环卫所")
    await back.locator("button[type=submit]").click()
    await page.wait_for_url(re.compile("done=hand-back"))
    assert (await until(town, own, State.TO_DISPATCH, State.DISPATCHED)).returns == 2
    await leaves(watched)


# -- a street centre ----------------------------------------------------------------------------------------


async def test_a_street_centre_looks_invites_and_is_on_record(browser: Browser, town: Town) -> None:
    watched = await tab(browser, town.url, "street", **TABLE)
    page = watched.page
    await page.goto("/desk/figures")
    await expect(page.locator(".now dd").first).to_have_text(re.compile(r"\d+"))
    await page.get_by_role("navigation").get_by_role("link", name="社区").click()
    await page.get_by_role("link", name="桥头社区第2网格").click()
    await page.locator("a[href$='/invite']").click()
    await page.get_by_label("网格员").check()
    await page.locator("input[name=note]").fill("小李")
    await page.get_by_role("button").last.click()
    await expect(page.locator("textarea.link").first).to_have_value(re.compile("/start/i-"))
    watched.allow = 403
    await page.goto("/desk/records")
    await expect(page.get_by_role("alert")).to_have_text(Refused.NOT_FOR_YOU)
    await leaves(watched)
    auditor = await tab(browser, town.url, "auditor", **TABLE)
    await auditor.page.goto("/desk/records?about=DEMO-2")
    await expect(auditor.page.locator(".looks")).to_contain_text("街道中心方主任")
    await expect(auditor.page.locator(".looks")).to_contain_text("小李")
    await leaves(auditor)


# -- without a script ---------------------------------------------------------------------------------------

PLAIN = {**PHONE, "java_script_enabled": False}


async def test_signing_in_and_deciding_without_javascript(browser: Browser, town: Town) -> None:
    id = await case_of(town.kiosk, "充电桩又被油车占了")
    watched = await tab(browser, town.url, **PLAIN)
    page = watched.page
    await page.goto("/desk/review")
    await page.get_by_role("button", name="孙姐").click()
    await expect(page).to_have_url(re.compile("/desk/review"))
    await page.locator(f"#c-{id}").get_by_role("button", name=REVIEW["not_a_case"]).click()
    await expect(page.get_by_role("heading", name=REVIEW["sure_title"])).to_be_visible()
    await page.get_by_role("link", name=REVIEW["sure_no"]).click()
    await page.get_by_role("link", name=REVIEW["other"]).click()
    await page.get_by_role("searchbox").fill("停车")
    await page.get_by_role("button", name=REVIEW["search_go"], exact=True).click()
    await page.locator(".choice").first.click()
    await expect(page.locator("#results")).to_contain_text(id)
    await until(town, id, State.DISPATCHED, State.TO_DISPATCH)
    await leaves(watched)


async def test_working_on_a_case_without_javascript(browser: Browser, town: Town) -> None:
    id = await case_of(town.kiosk, "人行道塌了一块")
    watched = await tab(browser, town.url, "chen", **PLAIN)
    page = watched.page
    await page.goto("/desk/cases")
    await page.locator(".case", has_text="人行道塌了一块").get_by_role("checkbox").check()
    await page.locator("button[name=act][value=take]").click()
    await expect(page.locator(".results")).to_contain_text(id)
    await page.goto(f"/desk/case/{id}")
    report = page.locator("details.act", has_text=ACT_NAMES[Act.REPORT])
    await report.locator("summary").click()
    usual = await report.locator("option").nth(1).inner_text()
    await report.locator("select").select_option(usual)
    await report.locator("button[type=submit]").click()
    await expect(page.locator(".story")).to_contain_text(usual)
    finish = page.locator("details.act", has_text=ACT_NAMES[Act.FINISH])
    await finish.locator("summary").click()
    await finish.locator("textarea").fill("重新铺了砖，踩上去不晃")
    await finish.locator("button[type=submit]").click()
    await until(town, id, State.TO_RATE)
    await leaves(watched)


async def test_inviting_without_javascript(browser: Browser, town: Town) -> None:
    watched = await tab(browser, town.url, "street", **PLAIN)
    page = watched.page
    await page.goto("/desk/town/at/DEMO-1/invite")
    await page.get_by_label("调度员").check()
    await page.get_by_role("button").last.click()
    await expect(page.locator("textarea.link").first).to_have_value(re.compile("/start/i-"))
    await page.get_by_role("button", name="退出").click()
    await expect(page).to_have_url(re.compile("/desk/sign-in"))
    await leaves(watched)


# -- the menu of a phone ------------------------------------------------------------------------------------


async def test_a_page_that_a_phone_puts_away_is_reached_without_javascript(
    browser: Browser, town: Town
) -> None:
    watched = await tab(browser, town.url, "chen", **PLAIN)
    page = watched.page
    await page.goto("/desk/today")
    menu = page.get_by_role("navigation", name=FRAME["menu"])
    await expect(menu.get_by_role("link")).to_have_count(4)
    await expect(menu.locator("> [aria-current=page]")).to_have_text("今天")
    await menu.locator("summary").tap()
    await menu.get_by_role("link", name="请假代班").tap()
    await expect(page).to_have_url(re.compile("/desk/cover"))
    await expect(menu.locator("summary")).to_contain_text("请假代班")
    await leaves(watched)
    open_ = await tab(browser, town.url, "chen")
    await open_.page.goto("/desk/today")
    await open_.page.locator(".top summary").tap()
    for width in (320, 390):
        assert await open_.too_wide(width) == []
        assert await open_.too_small() == []
    assert [found for found in await examined(open_.page) if found.grave] == []
    await leaves(open_)
    wide = await tab(browser, town.url, "chen", **TABLE)
    await wide.page.goto("/desk/cover")
    menu = wide.page.get_by_role("navigation", name=FRAME["menu"])
    await expect(menu.locator("summary")).to_be_hidden()
    await expect(menu.get_by_role("link")).to_have_count(13)
    await expect(menu.get_by_role("link", name="请假代班")).to_have_attribute(
        "aria-current", "page"
    )
    await leaves(wide)
