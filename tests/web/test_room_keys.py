"""The talk without a mouse: by keyboard, and by ear."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from devserver import Running, post
from playwright.async_api import Browser, expect
from room_tabs import DESK, PHONE, SHAPES, mine, say, tab

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_by_keyboard_alone(browser: Browser, live: Running) -> None:
    await live.channel.send(post("k", "DEMO-1", "收到啦"))
    wang = await tab(browser, live, "wang", DESK)
    await expect(wang.locator("#input")).to_be_focused()
    await expect(wang.locator(".more")).to_be_attached()
    await wang.keyboard.press("Shift+Tab")
    await expect(wang.locator("#lines .line")).to_be_focused()
    await wang.keyboard.press("Enter")
    await expect(wang.locator("#menu button").first).to_be_focused()
    await wang.keyboard.press("ArrowRight")
    await expect(wang.locator("#menu button").nth(1)).to_be_focused()
    await wang.keyboard.press("Escape")
    await expect(wang.locator(".more")).to_be_focused()
    await wang.keyboard.press("Escape")
    await expect(wang.locator("#input")).to_be_focused()


STOPS = """() => [...document.querySelectorAll("#log, #log *")]
  .filter((one) => one.tabIndex === 0 && one.checkVisibility()).map((one) => one.className)"""
HEARD = """() => {
  window.heard = [];
  const told = (all) => heard.push(...all.flatMap((one) => [...one.addedNodes].map((n) => n.textContent)));
  new MutationObserver(told).observe(document.getElementById("announce"), { childList: true });
}"""


async def test_the_log_is_one_stop_of_the_tab_key(browser: Browser, live: Running) -> None:
    """王阿姨 reads with arrow keys alone: three messages, the newest with two buttons."""
    li = await tab(browser, live, "li", PHONE)
    for text in ("早上好", "今天有风"):
        await say(li, text)
        await expect(mine(li).last).to_have_text(text)
    await say(li, "3栋楼下路灯不亮")
    wang = await tab(browser, live, "wang", DESK)
    lines = wang.locator("#lines .line")
    await expect(lines).to_have_count(4)
    assert await wang.evaluate(STOPS) == ["line other bot"]
    for key, line in (("Shift+Tab", 3), ("ArrowDown", 3), ("ArrowUp", 2), ("Home", 0), ("End", 3)):
        await wang.keyboard.press(key)
        await expect(lines.nth(line)).to_be_focused()
    for part in (".bubble a", ".quoted", ".pills button", ".pills button"):
        await wang.keyboard.press("ArrowRight")
        await expect(wang.locator(f"{part}:focus")).to_have_count(1)
    await wang.keyboard.press("ArrowLeft")
    await wang.keyboard.press("Enter")  # +1, and the post that takes its place keeps the focus
    await expect(lines.last).to_contain_text("刚加上:王阿姨")
    await expect(lines.last).to_be_focused()
    await wang.keyboard.press("ArrowUp")
    await wang.keyboard.press("Tab")
    await expect(wang.locator("#input")).to_be_focused()
    await wang.keyboard.press("Shift+Tab")
    await expect(lines.nth(2)).to_be_focused()
    assert len(await wang.evaluate(STOPS)) == 1


@SHAPES
async def test_one_goes_on_writing_and_hears_what_is_new_once(
    browser: Browser, live: Running, shape: dict[str, Any]
) -> None:
    for number in range(3):
        await live.channel.send(post(f"old{number}", "DEMO-1", f"旧的{number}"))
    wang = await tab(browser, live, "wang", shape)
    await expect(wang.locator("#lines .bubble")).to_have_count(3)
    assert await wang.locator("#announce").inner_text() == ""
    await wang.evaluate(HEARD)
    await wang.fill("#input", "灯好了吗")
    await wang.locator("#send").click()
    await expect(wang.locator("#lines .bot .quoted")).to_have_count(1)
    await expect(wang.locator("#input")).to_be_focused()
    for key in ("k1", "k2"):
        await live.channel.send(post(key, "DEMO-1", "周三前修好"))
    await expect(wang.locator("#lines .bubble")).to_have_count(7)
    heard = "。".join(await wang.evaluate("heard"))  # what comes together is said together
    assert (heard.count("呼应说："), heard.count("呼应说：周三前修好")) == (3, 2)
    assert "旧的" not in heard, "what was there is not read out"


async def test_axe_finds_nothing_in_the_log(browser: Browser, live: Running) -> None:
    wang = await tab(browser, live, "wang", DESK)
    await say(wang, "3栋楼下路灯不亮")
    await expect(wang.locator("#lines .pills")).to_have_count(1)
    await wang.locator("#input").focus()
    await wang.keyboard.press("Shift+Tab")
    found = await Axe().run(wang, context="#view")
    assert found.response["violations"] == []
