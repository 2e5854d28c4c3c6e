"""A tab that is watched: what it complains of, what it loads, what does not fit, what is too small.

The law of this file: what is asked of every page is asked here, once; a page may be told by `allow` that it
answers with a refusal, and by nothing else that it need not be sound.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any, Final

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    async_playwright,
)

__all__ = ["Browser", "Page", "Playwright", "async_playwright"]

CHROMIUM = os.environ.get("HUYING_CHROMIUM", "/usr/bin/chromium")
FLAGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]
PHONE: Final[dict[str, Any]] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
TABLE: Final[dict[str, Any]] = {"viewport": {"width": 1440, "height": 900}}
GRAVE: Final = ("serious", "critical")
TAP: Final = 44
"""Pixels that a thumb needs for an act. Left out: the strip of demo personas, which is no part of the
product, and the excerpt of a quoted message, which is text first."""

COSTS: dict[str, tuple[int, int]] = {}
"""What the first load of each page cost: requests and bytes over the wire."""

_TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const out = [...document.body.querySelectorAll("*")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && box.right > room + 1 && !one.closest(".scroll, nav, table, pre, [data-scroll]");
  });
  return [`${document.documentElement.scrollWidth} > ${room}`,
    ...out.slice(0, 4).map((one) => one.outerHTML.slice(0, 160))];
}"""

_TOO_SMALL = """(least) => {
  const acts = document.querySelectorAll(
    "button, .button, .go, select, summary, textarea, nav a, " +
    "input:not([type=hidden]):not([type=checkbox]):not([type=radio])");
  const links = [...document.querySelectorAll("main a")]
    .filter((one) => getComputedStyle(one).display !== "inline");
  const marks = [...document.querySelectorAll("input[type=checkbox], input[type=radio]")]
    .map((one) => one.closest("label") ?? one);
  return [...new Set([...acts, ...links, ...marks])].filter((one) => {
    if (!one.checkVisibility({ visibilityProperty: true })) return false;
    if (one.closest(".hidden-text, #personas, .quoted")) return false;
    const box = one.getBoundingClientRect();
    return box.width > 1 && (box.height < least - .5 || box.width < least - .5);
  }).map((one) => {
    const box = one.getBoundingClientRect();
    return `${Math.round(box.width)}x${Math.round(box.height)} ${one.outerHTML.slice(0, 120)}`;
  });
}"""


@dataclass
class Watched:
    """A tab; `wrong` is what went wrong in it, `bytes` and `requests` what its newest page cost."""

    page: Page
    wrong: list[str] = field(default_factory=list)
    allow: int = 200
    loaded: list[tuple[str, int]] = field(default_factory=list)

    async def begin(self) -> Watched:
        """Listen to everything the tab has to say."""
        self.page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        self.page.on("console", self._heard)
        self.page.on("requestfailed", self._failed)
        return self

    def _heard(self, message: ConsoleMessage) -> None:
        known = f"status of {self.allow}" in message.text
        grave = message.type == "error" or "Content Security" in message.text
        if grave and not known:
            self.wrong.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        if "ERR_ABORTED" not in (request.failure or ""):
            self.wrong.append(f"request: {request.url} {request.failure}")

    async def weighed(self) -> None:
        """Count what comes over the wire from now on; nothing is kept from page to page."""
        wire = await self.page.context.new_cdp_session(self.page)
        await wire.send("Network.enable")
        await wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        urls: dict[str, str] = {}

        def asked(event: dict[str, Any]) -> None:
            if not event["request"]["url"].startswith(("data:", "blob:")):
                urls[event["requestId"]] = event["request"]["url"]

        def came(event: dict[str, Any]) -> None:
            if event["requestId"] in urls:
                self.loaded.append((urls[event["requestId"]], int(event["encodedDataLength"])))

        wire.on("Network.requestWillBeSent", asked)
        wire.on("Network.loadingFinished", came)

    async def goes(self, url: str, allow: int = 200) -> None:
        """Open a page."""
        self.allow = allow
        self.loaded.clear()
        answer = await self.page.goto(url, wait_until="load")
        assert answer is None or answer.status == allow, (url, answer.status)

    async def too_wide(self, width: int) -> list[str]:
        """What makes the page scroll sideways at this width."""
        await self.page.set_viewport_size({"width": width, "height": 844})
        found: list[str] = await self.page.evaluate(_TOO_WIDE)
        return found

    async def too_small(self) -> list[str]:
        """What a thumb would miss."""
        found: list[str] = await self.page.evaluate(_TOO_SMALL, TAP)
        return found


@dataclass(frozen=True)
class Finding:
    """A finding of axe: which rule, how bad, and where."""

    rule: str
    impact: str
    where: str

    @property
    def grave(self) -> bool:
        return self.impact in GRAVE


_AXE = Axe().axe_script
_EXAMINE = """(rules) => axe.run({
  resultTypes: ["violations"],
  ...(rules.length ? { runOnly: { type: "rule", values: rules } } : {}),
}).then((found) => found.violations.flatMap((one) =>
  one.nodes.map((node) => [one.id, one.impact ?? "minor", node.html.slice(0, 200)])))"""


_SHORTEN = """(most) => {
  for (const list of document.querySelectorAll("ul, ol, tbody, select, #cards")) {
    for (const one of [...list.children].slice(most)) one.remove();
  }
}"""


async def shorten(page: Page) -> None:
    """Leave a dozen of each long list: axe needs its time for every line, and they are alike."""
    await page.evaluate(_SHORTEN, 12)


async def examined(page: Page, *rules: str) -> list[Finding]:
    """What axe finds; `rules` alone, if some are named."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(_AXE)
    found: list[list[str]] = await page.evaluate(_EXAMINE, list(rules))
    return [Finding(*one) for one in found]


async def signed_in(context: BrowserContext, url: str, who: str) -> None:
    """Sit down at the desk as a demo persona, without going through the door."""
    form = {"person": f"web:demo-{who}"}
    answer = await context.request.post(f"{url}/desk/demo", form=form, headers={"Origin": url})
    assert answer.ok, answer.status


async def tab(browser: Browser, url: str, who: str = "", **shape: Any) -> Watched:
    """A tab of somebody at the desk, or of nobody in particular."""
    context = await browser.new_context(locale="zh-CN", base_url=url, **(shape or PHONE))
    if who:
        await signed_in(context, url, who)
    return await Watched(await context.new_page()).begin()
