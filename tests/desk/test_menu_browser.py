"""The menu in a real browser on a phone: what it opens lies over no danger."""

from __future__ import annotations

import os

import pytest
from office import Office, opened
from playwright.async_api import Page, async_playwright, expect

from storage.store import Store

pytestmark = pytest.mark.browser

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
ON_TOP = """(one) => {
  const box = one.getBoundingClientRect();
  return one.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
}"""


async def test_the_opened_menu_leaves_the_red_bar_in_sight(sqlite_url: str) -> None:
    with Store.open(sqlite_url, "dev") as store:
        async with opened(store) as office, async_playwright() as playwright:
            chromium = await playwright.chromium.launch(
                executable_path=os.environ.get("HUYING_CHROMIUM", "/usr/bin/chromium"),
                args=ARGUMENTS,
            )
            page = await chromium.new_page(viewport={"width": 390, "height": 844})
            await open_beside(office, page)
            await chromium.close()


async def open_beside(office: Office, page: Page) -> None:
    """小陈 opens the menu while a danger waits."""
    await office.case("WY01", emergency="E09", alert=1, place="7栋2单元", said="电梯困人了")
    await page.goto(f"{office.url}/desk/sign-in")
    await page.click("button[value='web:demo-chen']")
    bar, opener = page.locator(".alarms"), page.locator(".rest-of summary")
    await expect(bar).to_be_visible()
    before = await opener.bounding_box()
    await opener.click()
    panel = page.locator(".top .panel")
    await expect(panel.locator("a").first).to_be_visible()
    assert await opener.bounding_box() == before, "what was pressed stays under the finger"
    below, above = await bar.bounding_box(), await panel.bounding_box()
    assert below is not None
    assert above is not None
    assert above["y"] + above["height"] <= below["y"]
    for button in await bar.locator(".button").all():
        await expect(button).to_be_in_viewport(ratio=1)
        assert await button.evaluate(ON_TOP)
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        if folder := os.environ.get("HUYING_PICTURES"):
            await page.screenshot(path=f"{folder}/menu_{scheme}.png")
    await opener.click()
    await expect(panel).to_be_hidden()
