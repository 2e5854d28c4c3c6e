"""News in a real browser: offered without moving anything, and a warning before words are sent in vain."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from office import GROUP, opened
from playwright.async_api import Page, async_playwright, expect

from intake.lifecycle import State
from intake.reading import Triage
from storage.store import Store

pytestmark = pytest.mark.browser

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PHONE = {"width": 390, "height": 844}


async def signed_in(page: Page, url: str) -> None:
    await page.goto(f"{url}/desk/sign-in?to=/desk/cases")
    await page.click("button[value='web:demo-chen']")
    await page.wait_for_url("**/desk/cases")


async def test_news_on_an_open_page(sqlite_url: str) -> None:
    with Store.open(sqlite_url, "dev") as store:
        async with opened(store) as office, async_playwright() as playwright:
            chromium = await playwright.chromium.launch(
                executable_path=os.environ.get("HUYING_CHROMIUM", "/usr/bin/chromium"),
                args=ARGUMENTS,
            )
            context = await chromium.new_context(viewport=PHONE)
            page = await context.new_page()
            page.on("pageerror", lambda error: pytest.fail(f"the page failed: {error}"))
            page.on("console", lambda m: pytest.fail(m.text) if "Security" in m.text else None)
            case = await office.case()
            await signed_in(page, office.url)
            offer = page.locator(".fresh a")
            await expect(offer).to_be_hidden()
            row = page.locator("li.case").first
            before = await row.bounding_box()
            await office.case(grid="DEMO-2")
            await office.case()
            await expect(offer).to_have_text("有 2 件新的 · 点这里刷新")
            assert await row.bounding_box() == before, "nothing moved"
            await _picture(page, "queue")
            await offer.click()
            await expect(page.locator("li.case")).to_have_count(3)
            await expect(page.locator(".fresh a")).to_be_hidden()

            await page.goto(f"{office.url}/desk/case/{case.id}")
            await page.click("details.act summary")
            form = page.locator("details[open] form")
            await form.locator("textarea").fill("师傅下午到")
            street = await office.sits("street")
            await street.post(f"/desk/case/{case.id}/take", version="1")
            await expect(offer).to_contain_text("刚刚有变化")
            await form.locator("button[type=submit]").click()
            await expect(form.get_by_role("alert")).to_contain_text("再按一次")
            await _picture(page, "case")
            await form.locator("button[type=submit]").click()
            await expect(page.locator(".note.bad")).to_contain_text("刚刚有人动过")
            assert await page.locator("details[open] textarea").input_value() == "师傅下午到"

            waits = {"state": State.TO_CONFIRM, "triage": Triage.HUMAN}
            await office.case(**waits)
            await page.goto(f"{office.url}/desk/review")
            await office.case(said="井盖坏了", chat=GROUP, **waits)
            await expect(offer).to_have_text("有 1 件新的 · 点这里刷新")
            await _picture(page, "review")

            await page.goto(f"{office.url}/desk/cover")
            await page.locator("textarea, input").first.wait_for()
            await expect(page.locator(".alarms")).to_have_count(0)
            await office.case("WY01", emergency="E09", alert=1, place="7栋2单元", said="电梯困人了")
            await expect(page.locator(".alarms")).to_contain_text("电梯困人 7栋2单元")
            await page.goto("about:blank")
            await chromium.close()


async def _picture(page: Page, name: str) -> None:
    """For whoever looks: HUYING_PICTURES names a folder."""
    if folder := os.environ.get("HUYING_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png")
