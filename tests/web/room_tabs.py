"""Tabs of a real browser in which neighbours talk."""

from __future__ import annotations

from typing import Any

import pytest
from devserver import Running
from playwright.async_api import Browser, Page, expect

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
SHAPES = pytest.mark.parametrize("shape", [PHONE, DESK], ids=["phone", "desk"])


async def tab(browser: Browser, running: Running, name: str, shape: dict[str, Any]) -> Page:
    """A tab that speaks as a demo persona in the residents' group; its page may not complain."""
    context = await browser.new_context(**shape)
    page = await context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"the page failed: {error}"))
    page.on("console", lambda m: pytest.fail(m.text) if "Content Security" in m.text else None)
    await page.goto(f"{running.url}/chat?as=demo-{name}#DEMO-1")
    await expect(page.locator("#title")).to_have_text("DEMO-1 邻里群 (7)")
    return page


async def say(page: Page, text: str) -> None:
    await page.fill("#input", text)
    await page.keyboard.press("Enter")


def mine(page: Page) -> Any:
    return page.locator("#lines .mine .bubble")


def theirs(page: Page) -> Any:
    return page.locator("#lines .other:not(.bot) .bubble")
