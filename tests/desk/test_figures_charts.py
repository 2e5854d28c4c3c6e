"""The charts in a real browser: none before somebody comes to one, and nothing against the rules."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from office import Office
from playwright.async_api import Page, async_playwright, expect
from test_figures import town

pytestmark = pytest.mark.browser

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
MOST_BYTES = 300_000


@asynccontextmanager
async def phone(office: Office, *, scripts: bool = True) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=os.environ.get("HUYING_CHROMIUM", "/usr/bin/chromium"), args=ARGUMENTS
        )
        context = await browser.new_context(
            viewport={"width": 390, "height": 844}, java_script_enabled=scripts
        )
        page = await context.new_page()
        await page.goto(f"{office.url}/desk/sign-in")
        await page.click('button[value="web:demo-street"]')
        yield page
        await browser.close()


async def test_charts_are_drawn_when_one_comes_to_them_and_nothing_is_refused(
    office: Office,
) -> None:
    await town(office)
    said: list[str] = []
    loaded: dict[str, int] = {}
    async with phone(office) as page:
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("response", lambda got: loaded.update({got.url: 0}))
        await page.goto(f"{office.url}/desk/figures?span=month", wait_until="networkidle")
        before = dict(loaded)
        for url in before:
            got = await page.request.get(url)
            before[url] = len(await got.body())
        assert not any("/charts" in url for url in before if not url.endswith("charts.js"))
        assert sum(before.values()) < MOST_BYTES

        await page.click("#charts > summary")
        charts = page.locator("[data-chart]")
        assert await charts.count() >= 3
        for at in range(await charts.count()):
            await charts.nth(at).scroll_into_view_if_needed()
            await expect(charts.nth(at).locator("svg")).to_be_visible(timeout=120_000)
        wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    assert said == []


async def test_without_scripts_the_tables_say_it(office: Office) -> None:
    await town(office)
    async with phone(office, scripts=False) as page:
        await page.goto(f"{office.url}/desk/figures?span=month")
        await expect(page.locator("#charts")).to_be_hidden()
        await page.locator("label", has_text="上周").click()
        await page.get_by_role("button", name="看", exact=True).click()
        await expect(page.locator(".now dd").first).to_have_text("3")
