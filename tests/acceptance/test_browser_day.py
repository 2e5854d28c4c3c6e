"""A day in the web group chat, in real Chromium, against a real `huying serve`: the lamp, a matter that
is private, a wish that two want to take up."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect
from serving import Served

pytestmark = pytest.mark.browser

CHROMIUM = os.environ.get("HUYING_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]
PHONE = {"width": 390, "height": 844}


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as play:
        opened = await play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        await opened.close()


class Someone:
    """A persona at a telephone."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def goes_to(self, room: str) -> None:
        back = self.page.locator("#back")
        if await back.is_visible():
            await back.click()
        await self.page.locator("#rooms li", has_text=room).first.click()
        await expect(self.page.locator("#title")).to_contain_text(room)

    async def says(self, text: str) -> None:
        await self.page.fill("#input", text)
        await self.page.press("#input", "Enter")

    async def sees(self, text: str) -> None:
        await expect(self.page.locator("#lines")).to_contain_text(text, timeout=60_000)

    async def sees_nothing_of(self, text: str) -> None:
        await expect(self.page.locator("#lines")).not_to_contain_text(text)

    async def presses(self, label: str) -> None:
        await self.page.locator("#lines").get_by_role("button", name=label, exact=True).last.click()


async def someone(browser: Browser, served: Served, name: str) -> Someone:
    context = await browser.new_context(viewport=PHONE, locale="zh-CN")
    page = await context.new_page()
    await page.goto(served.url)
    await page.get_by_text(name, exact=True).click()
    await page.wait_for_selector("#rooms li:not(.empty)")
    return Someone(page)


async def test_the_lamp(browser: Browser, served: Served) -> None:
    await asyncio.to_thread(served.start)
    wang, chen, zhao = [await someone(browser, served, n) for n in ("王阿姨", "小陈", "陌生人小赵")]
    await wang.goes_to("DEMO-1 邻里群")
    await wang.says("3栋楼下路灯又不亮了")
    await wang.sees("收到啦，DEMO-1-1")
    await wang.sees("规划建设部")

    await chen.goes_to("DEMO-1 工作群")
    await chen.presses("接手")
    await wang.sees("有人接手了")
    await chen.says("DEMO-1-1 已到现场,配件明天到")
    await wang.sees("配件明天到")
    await chen.presses("办结")
    await chen.sees("写一句做了什么")
    await chen.says("换了灯头,试过亮了")
    await wang.sees("试过亮了")

    await zhao.goes_to("DEMO-1 邻里群")
    await zhao.presses("没好")
    await zhao.sees("报事人自己")
    await wang.goes_to("呼应（只有您看得到）")
    await wang.presses("没好")
    await wang.sees("已重新打开")
    await chen.says("DEMO-1-1 修好了,这回换了整盏灯")
    await wang.sees("换了整盏灯")
    await wang.presses("5分")
    await wang.sees("记下了")
    with served.store() as store:
        case = store.read_now(lambda tx: tx.cases.get("DEMO-1-1"))
    assert case is not None
    assert (case.score, case.reopened) == (5, 1)


async def test_a_private_matter_and_a_wish(browser: Browser, served: Served) -> None:
    await asyncio.to_thread(served.start)
    names = ("李叔", "孙姐", "林书记", "小何")
    li, sun, lin, he = [await someone(browser, served, name) for name in names]
    await li.goes_to("DEMO-1 邻里群")
    await li.says("老板三个月没发工资了")
    await li.goes_to("呼应（只有您看得到）")
    await li.sees("DEMO-1-1")
    await he.goes_to("DEMO-1 邻里群")
    await he.sees("老板三个月没发工资了")  # his own words; the bot adds none
    await he.sees_nothing_of("DEMO-1-1")

    await li.goes_to("DEMO-1 邻里群")
    await li.says("#心愿 腿脚不便,想请人帮忙买点菜")
    await li.sees("心愿收到啦，DEMO-1-2")
    await sun.goes_to("DEMO-1 工作群")
    await sun.sees("DEMO-1-2")
    await sun.presses("发布")
    await lin.goes_to("DEMO-1 志愿者群")
    await lin.sees("愿意帮忙")
    await he.goes_to("DEMO-1 志愿者群")
    await he.sees("愿意帮忙")
    await lin.presses("我来认领")
    await lin.sees("已有热心人认领")
    await he.presses("我来认领")
    await he.sees("已经有人认领了")
    with served.store() as store:
        wish = store.read_now(lambda tx: tx.cases.get("DEMO-1-2"))
    assert wish is not None
    assert wish.taken_by == "web:demo-lin"
