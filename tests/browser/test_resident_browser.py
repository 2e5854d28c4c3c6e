"""A resident's day in real Chromium: the web room, and a code that hangs at the lift."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from filling import Town, case_of, does
from PIL import Image
from playwright.async_api import expect
from watching import PHONE, Browser, Watched, tab

from bot.web.report.words import FORM, PROGRESS
from bot.web.room.words import ENTRY
from intake.acts import Act
from intake.lifecycle import State

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def stands(town: Town, said: str) -> tuple[State, int | None]:
    """How the case stands that these words opened."""
    case = [case for case in await town.kiosk.cases() if said in case.said][-1]
    return case.state, case.score


def quiet(*tabs: Watched) -> None:
    """No tab had anything to complain of."""
    assert [line for watched in tabs for line in watched.wrong] == []


async def test_王阿姨_writes_with_large_type_a_draft_and_a_photo(
    browser: Browser, town: Town, tmp_path: Path
) -> None:
    picture = tmp_path / "lift.png"
    Image.new("RGB", (1600, 1200), (120, 90, 60)).save(picture)
    watched = await tab(browser, town.url)
    page = watched.page
    await page.goto(f"{town.url}/chat?as=demo-wang#DEMO-1")
    await page.locator("#talk .large").click()
    await page.fill("#input", "2栋楼梯扶手")
    await page.reload()
    await expect(page.locator("#input")).to_have_value("2栋楼梯扶手")
    assert await page.evaluate("getComputedStyle(document.documentElement).fontSize") == "21px"
    await page.set_input_files("#photo-file", str(picture))
    await expect(page.locator("#chosen img")).to_have_count(1)
    await page.fill("#input", "2栋楼梯扶手松了，一碰就晃，老人不敢扶")
    await page.locator("#send").click()
    await expect(page.locator("#lines .mine .bubble").last).to_contain_text("扶手松了")
    await expect(page.locator("#lines .mine .thumb img").last).to_be_visible()
    await expect(page.locator("#lines .bot .quoted").last).to_contain_text(
        "扶手松了", timeout=60_000
    )
    assert await watched.too_wide(320) == []
    quiet(watched)
    await page.context.close()


async def scans(watched: Watched, code: str, words: str) -> None:
    """Open what a code leads to, fill in the form, send it."""
    await watched.page.goto(f"/r/{code}")
    await watched.page.get_by_label(FORM["words"]).fill(words)
    await watched.page.get_by_role("button", name=FORM["go"]).click()


async def settled(watched: Watched, town: Town) -> None:
    """The page as it is once the worker has worked, sooner than it would look by itself."""
    await watched.page.wait_for_url(re.compile("/p/[^/]+$"))
    await town.kiosk.settle()
    await watched.page.reload()


async def test_a_code_is_scanned_and_the_progress_followed(browser: Browser, town: Town) -> None:
    kiosk = town.kiosk
    code = await kiosk.code("6栋1单元电梯口")
    watched = await tab(browser, town.url)
    page = watched.page
    said = "6栋1单元的电梯停在一楼不动了"
    await scans(watched, code, said)
    await expect(page).to_have_url(re.compile("/p/"))
    await expect(page.locator(".number b")).to_contain_text("DEMO-1-", timeout=60_000)
    await expect(page.locator("blockquote")).to_contain_text(said)
    case = await case_of(kiosk, said)
    await does(kiosk, "chen", case, Act.TAKE)
    await does(kiosk, "chen", case, Act.REPORT, "维保师傅下午三点到")
    await page.reload()
    await expect(page.locator(".steps")).to_contain_text("维保师傅下午三点到")
    await expect(page.locator("main")).not_to_contain_text("小陈")
    await page.get_by_label(PROGRESS["add"]).fill("里面没有人，放心")
    await page.get_by_role("button", name=PROGRESS["add_go"]).click()
    await settled(watched, town)
    await expect(page.locator("blockquote").last).to_contain_text("里面没有人")
    await does(kiosk, "chen", case, Act.FINISH, "换了控制板，上下试过都正常")
    await page.reload()
    await page.get_by_role("button", name="5 分").click()
    await settled(watched, town)
    await expect(page.locator("main")).to_contain_text("您评了 5 分")
    assert await stands(town, said) == (State.CLOSED, 5)
    quiet(watched)
    await page.context.close()


async def test_a_neighbour_of_the_group_may_report_by_name_or_without(
    browser: Browser, town: Town
) -> None:
    invitation = await town.kiosk.room.invite("DEMO-1")
    watched = await tab(browser, town.url)
    page = watched.page
    await page.goto(f"/g/{invitation.code}")
    await page.get_by_label(ENTRY["nickname"]).fill("7栋老张")
    await page.get_by_role("button", name=ENTRY["join"]).click()
    await expect(page.locator("#title")).to_contain_text("邻里群")
    code = await town.kiosk.code("7栋")
    await page.goto(f"/r/{code}")
    await expect(page.get_by_text("7栋老张")).to_be_visible()
    assert await watched.too_small() == []
    await page.get_by_label(FORM["anonymous"]).check()
    await page.get_by_label(FORM["words"]).fill("7栋天台的门被人撬坏了")
    await page.get_by_role("button", name=FORM["go"]).click()
    await expect(page.locator(".number b")).to_contain_text("DEMO-1-", timeout=60_000)
    cases = [case for case in await town.kiosk.cases() if "天台的门" in case.said]
    assert [case.reporter.startswith("qr:") for case in cases] == [True]
    quiet(watched)
    await page.context.close()


async def test_without_javascript(browser: Browser, town: Town) -> None:
    code = await town.kiosk.code("8栋大门旁边")
    watched = await tab(browser, town.url, **PHONE, java_script_enabled=False)
    page = watched.page
    said = "8栋大门旁边的灯坏了，一片黑"
    await scans(watched, code, said)
    await expect(page.locator(".number b")).to_contain_text("DEMO-1-", timeout=60_000)
    await does(
        town.kiosk, "chen", await case_of(town.kiosk, said), Act.FINISH, "换了灯头，试过亮了"
    )
    await page.reload()
    await page.get_by_role("button", name=PROGRESS["bad"]).click()
    await settled(watched, town)
    await expect(page.locator(".steps")).to_contain_text("没好，重新办")
    await page.goto("/")
    await expect(page.locator("noscript p")).to_contain_text("JavaScript")
    await page.context.close()
