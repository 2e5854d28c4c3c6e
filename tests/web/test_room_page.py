"""The page in a real browser, as neighbours use it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from devserver import Running, post
from PIL import Image
from playwright.async_api import Browser, Page, expect
from room_tabs import DESK, PHONE, SHAPES, mine, say, tab, theirs

from bot.web.room.words import ENTRY, PAGE, Refused, Room
from intake.commands import Pressed, Said, Unsaid

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NO_SOCKETS = """
WebSocket = class extends WebSocket {
  constructor() { super("ws://127.0.0.1:1"); }
};
"""


@SHAPES
async def test_王阿姨_asks_and_李叔_joins(
    browser: Browser, live: Running, shape: dict[str, Any]
) -> None:
    wang = await tab(browser, live, "wang", shape)
    li = await tab(browser, live, "li", shape)
    await say(wang, "3栋楼下路灯又不亮了")
    await expect(mine(wang)).to_have_text("3栋楼下路灯又不亮了")
    await expect(wang.locator("#input")).to_have_value("")
    for page in (wang, li):
        await expect(page.locator(".bot .bubble")).to_contain_text("收到啦")
        await expect(page.locator(".bot .quoted")).to_have_text("王阿姨：3栋楼下路灯又不亮了")
    await expect(theirs(li)).to_have_text("3栋楼下路灯又不亮了")
    await li.locator(".pills button", has_text="+1").click()
    for page in (wang, li):
        await expect(page.locator(".bot .bubble")).to_contain_text("刚加上:李叔")
        await expect(page.locator(".pills")).to_have_count(0)
        await expect(page.locator("#lines .line")).to_have_count(2)
    said, pressed = await live.desk.first(2)
    assert isinstance(said, Said)
    assert isinstance(pressed, Pressed)
    assert pressed.sender.identity == "web:demo-li"


async def test_two_tabs_are_two_people(browser: Browser, live: Running) -> None:
    context = await browser.new_context(**DESK)
    wang, li = await context.new_page(), await context.new_page()
    await wang.goto(live.url)
    await wang.get_by_role("link", name="王阿姨").click()
    await li.goto(f"{live.url}/chat?as=demo-li")
    for page, name in ((wang, "王阿姨"), (li, "李叔")):
        await expect(page.locator("#personas [aria-current]")).to_contain_text(name)
        await say(page, f"我是{name}")
    await expect(theirs(wang)).to_have_text("我是李叔")
    await expect(theirs(li)).to_have_text("我是王阿姨")
    await wang.reload()
    await expect(mine(wang)).to_have_text("我是王阿姨")
    await wang.locator("#personas a", has_text="小陈").click()
    await expect(wang.locator("#personas [aria-current]")).to_contain_text("小陈")
    await expect(wang.locator("#title")).to_have_text("DEMO-1 邻里群 (7)")
    await expect(theirs(wang)).to_have_count(2)


async def _menu(page: Page, shape: dict[str, Any], line: Any) -> None:
    if shape is PHONE:
        box = await line.locator(".bubble").bounding_box()
        touch = await page.context.new_cdp_session(page)
        point = {"x": box["x"] + 20, "y": box["y"] + 15}
        await touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
        await expect(page.locator("#menu")).to_be_visible()
        await touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    else:
        await line.locator(".bubble").click(button="right")
        await expect(page.locator("#menu")).to_be_visible()


@SHAPES
async def test_quoting_and_taking_back(
    browser: Browser, live: Running, shape: dict[str, Any]
) -> None:
    wang = await tab(browser, live, "wang", shape)
    li = await tab(browser, live, "li", shape)
    await say(wang, "明天停水吗")
    await expect(theirs(li)).to_have_count(1)
    await _menu(li, shape, li.locator("#lines .line"))
    assert await li.locator("#menu button").all_inner_texts() == [PAGE["quote"], PAGE["copy"]]
    await li.locator("#menu button", has_text=PAGE["quote"]).click()
    await expect(li.locator("#quoting span")).to_have_text("引用 王阿姨：明天停水吗")
    await say(li, "没听说")
    await expect(li.locator("#quoting")).to_be_hidden()
    await expect(wang.locator(".other .quoted")).to_have_text("王阿姨：明天停水吗")
    await _menu(wang, shape, wang.locator("#lines .mine"))
    await wang.locator("#menu button", has_text=PAGE["withdraw"]).click()
    await wang.locator("#confirm button[value=yes]").click()
    await expect(li.locator(".aside")).to_have_text("“王阿姨”撤回了一条消息")
    await expect(li.locator("#lines .quoted")).to_have_text(PAGE["quoteGone"])
    await wang.get_by_role("button", name=PAGE["writeAgain"]).click()
    await expect(wang.locator("#input")).to_have_value("明天停水吗")
    commands = await live.desk.first(3)
    assert isinstance(commands[1], Said)
    assert commands[1].quote is not None
    assert isinstance(commands[2], Unsaid)


async def test_coming_back_after_a_break(browser: Browser, live: Running) -> None:
    wang = await tab(browser, live, "wang", PHONE)
    li = await tab(browser, live, "li", DESK)
    await say(li, "一")
    await expect(theirs(wang)).to_have_text("一")
    await wang.context.set_offline(True)
    await expect(wang.locator("#open .banner")).to_have_text(PAGE["offline"])
    await say(wang, "断网时说的")
    await expect(wang.locator("#pending .busy")).to_be_visible()
    for text in ("二", "三"):
        await say(li, text)
    await wang.context.set_offline(False)
    await expect(theirs(wang)).to_have_text(["一", "二", "三"], timeout=60_000)
    await expect(mine(wang)).to_have_text("断网时说的", timeout=60_000)
    await expect(wang.locator("#open .banner")).to_be_hidden()
    await expect(theirs(li)).to_have_text("断网时说的")
    await expect(wang.locator("#lines .line")).to_have_count(4)
    await expect(wang.locator("#pending .line")).to_have_count(0)


async def test_unsent_words_survive_a_reload(browser: Browser, live: Running) -> None:
    wang = await tab(browser, live, "wang", DESK)
    await wang.route("**/room/send", lambda route: route.abort())
    await wang.evaluate("() => { WebSocket.prototype.send = () => { throw new Error('gone'); }; }")
    await wang.context.set_offline(True)
    await say(wang, "还没发出去")
    await expect(wang.locator("#pending .busy")).to_be_visible()
    await wang.context.set_offline(False)
    await wang.reload()
    await expect(mine(wang)).to_have_text("还没发出去", timeout=60_000)
    assert len(await live.desk.first(1)) == 1


async def test_a_draft_waits_in_its_room(browser: Browser, live: Running) -> None:
    chen = await tab(browser, live, "chen", DESK)
    await chen.fill("#input", "写到一半")
    await chen.locator("#rooms a", has_text="DEMO-1 工作群").click()
    await expect(chen.locator("#title")).to_contain_text("工作群")
    await expect(chen.locator("#input")).to_have_value("")
    await expect(chen.locator("#rooms .draft")).to_have_text(PAGE["draft"])
    await chen.reload()
    await chen.locator("#rooms a", has_text="DEMO-1 邻里群").click()
    await expect(chen.locator("#input")).to_have_value("写到一半")


async def test_unread_counts_and_the_pill(browser: Browser, live: Running) -> None:
    wang = await tab(browser, live, "wang", PHONE)
    for number in range(40):
        await live.channel.send(post(f"k{number}", "DEMO-1", f"第{number}条消息"))
    await expect(wang.locator("#lines .bubble").last).to_have_text("第39条消息")
    await wang.evaluate("document.querySelector('#log').scrollTop = 0")
    await live.channel.send(post("new", "DEMO-1", "最新的"))
    await expect(wang.locator("#pill")).to_have_text(PAGE["newMessages"].format(n=1))
    await wang.locator("#pill").click()
    await expect(wang.locator("#lines .bubble").last).to_be_in_viewport()
    await expect(wang.locator("#pill")).to_be_hidden()
    await wang.locator("#back").click()
    await expect(wang.locator("#rooms .badge")).to_have_count(0)
    await live.channel.send(post("newer", "DEMO-1", "又一条"))
    await expect(wang.locator("#rooms .badge")).to_have_text("1")
    await expect(wang).to_have_title("(1) 呼应")


async def test_history_loads_as_one_scrolls_up(browser: Browser, live: Running) -> None:
    for number in range(75):
        await live.channel.send(post(f"k{number}", "DEMO-1", f"第{number}条"))
    wang = await tab(browser, live, "wang", DESK)
    lines = wang.locator("#lines .line")
    await expect(lines).to_have_count(30)
    await expect(lines.last).to_be_in_viewport()
    for count in (60, 75):
        first = lines.first
        text = await first.locator(".bubble").inner_text()
        await wang.locator("#log").hover()
        while await lines.count() < count:
            await wang.mouse.wheel(0, -400)
            await asyncio.sleep(0.05)
        assert await lines.nth(count - await _index(lines, text) - 1).count() == 1
    texts = await wang.locator("#lines .bubble").all_inner_texts()
    assert texts == [f"第{number}条" for number in range(75)]
    await expect(wang.locator("#earlier")).to_have_text(PAGE["noEarlier"])


async def _index(lines: Any, text: str) -> int:
    texts = await lines.locator(".bubble").all_inner_texts()
    return int(texts.index(text))


@SHAPES
async def test_a_photo_is_chosen_sent_and_looked_at(
    browser: Browser, live: Running, shape: dict[str, Any], tmp_path: Path
) -> None:
    picture = tmp_path / "lamp.png"
    Image.new("RGB", (2400, 1800), (30, 90, 60)).save(picture)
    wang = await tab(browser, live, "wang", shape)
    li = await tab(browser, live, "li", shape)
    await wang.locator("#plus").click()
    await expect(wang.locator("#panel")).to_be_visible()
    await wang.set_input_files("#photo-file", str(picture))
    await expect(wang.locator("#chosen img")).to_have_count(1)
    await wang.locator("#send").click()
    for page in (wang, li):
        await expect(page.locator("#lines .thumb img[src^=blob]")).to_have_count(1)
    await li.locator(".thumb").click()
    await expect(li.locator("#viewer img")).to_be_visible()
    await li.keyboard.press("Escape")
    await expect(li.locator("#viewer")).to_be_hidden()
    (command,) = await live.desk.first(1)
    assert isinstance(command, Said)
    assert (command.media, command.text) == (("photo",), "")


async def test_what_is_refused_is_said_and_can_be_dropped(browser: Browser, live: Running) -> None:
    wang = await tab(browser, live, "wang", PHONE)
    await say(wang, "长" * 4001)
    await expect(wang.locator("#toast")).to_have_text(Refused.TOO_LONG)
    await wang.set_input_files(
        "#photo-file", {"name": "x.png", "mimeType": "image/png", "buffer": b"no photo"}
    )
    await wang.fill("#input", "看照片")
    await wang.locator("#send").click()
    await expect(wang.locator(".why")).to_contain_text(Refused.PHOTO_UNREADABLE)
    await wang.get_by_role("button", name=PAGE["discard"]).click()
    await expect(wang.locator("#pending .line")).to_have_count(0)


async def test_a_neighbour_comes_in_by_invitation(browser: Browser, live: Running) -> None:
    invitation = await live.room.invite("DEMO-1")
    li = await tab(browser, live, "li", DESK)
    context = await browser.new_context(**PHONE, java_script_enabled=True)
    page = await context.new_page()
    await page.goto(f"{live.url}/g/{invitation.code}")
    await page.get_by_label(ENTRY["nickname"]).fill("5栋老张")
    await page.get_by_role("button", name=ENTRY["join"]).click()
    await expect(page.locator("#title")).to_have_text("DEMO-1 邻里群 (8)")
    await expect(li.locator(".aside")).to_have_text(Room.JOINED.format(name="5栋老张"))
    await say(page, "大家好")
    await expect(theirs(li)).to_have_text("大家好")
    await expect(li.locator(".who").last).to_have_text("5栋老张")


async def test_large_type_is_remembered(browser: Browser, live: Running) -> None:
    wang = await tab(browser, live, "wang", PHONE)
    before = await wang.evaluate("getComputedStyle(document.documentElement).fontSize")
    await wang.locator("#talk .large").click()
    await wang.reload()
    await expect(wang.locator("#talk .large")).to_have_attribute("aria-pressed", "true")
    after = await wang.evaluate("getComputedStyle(document.documentElement).fontSize")
    assert (before, after) == ("16px", "21px")
    assert not await wang.evaluate("document.body.scrollWidth > innerWidth")


async def test_words_are_only_words(browser: Browser, live: Running) -> None:
    wang = await tab(browser, live, "wang", DESK)
    evil = "<img src=x onerror=alert(1)> javascript:alert(1) https://a.example/?q=1。好"
    await say(wang, evil)
    await expect(mine(wang)).to_have_text(evil)
    links = await wang.locator("#lines .bubble a").evaluate_all("all => all.map(a => a.href)")
    assert links == ["https://a.example/?q=1"]
    assert await wang.locator("#lines .bubble img").count() == 0


async def test_without_sockets_it_still_talks(browser: Browser, live: Running) -> None:
    context = await browser.new_context(**PHONE)
    page = await context.new_page()
    await page.add_init_script(NO_SOCKETS)
    await page.goto(f"{live.url}/chat?as=demo-wang#DEMO-1")
    await say(page, "没有长连接也能发")
    await expect(mine(page)).to_have_text("没有长连接也能发")
    await live.channel.send(post("k", "DEMO-1", "也能收"))
    await expect(page.locator(".bot .bubble")).to_have_text("也能收", timeout=60_000)
