"""Takes the pictures of docs/pictures: the main pages of a filled demo town, on a phone and at a table.

The law of this file: what is shown is the real thing in real Chromium, filled as the browser tests fill it
(`tests/browser/filling.py`), at a fixed moment; a picture is a WebP of at most 60 kB.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "desk"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "report"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "browser"))

from filling import case_of, does, fill
from kiosk import Kiosk, opened
from needs import browser_ready, find_browser
from watching import FLAGS, PHONE, TABLE, signed_in

from bot.places import BUILT_MODEL
from bot.taxonomy_file import load_taxonomy
from intake.acts import Act
from nlp.reader import Reader
from storage.migrate import migrate
from storage.store import Store

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
LARGEST = 60_000
SEEN = """() => [...document.images].every((one) =>
  one.complete || one.getBoundingClientRect().top > innerHeight)"""
BRIEF = "/desk/briefs/DEMO-1/2026-11-16"
SHARP: dict[str, Any] = PHONE | {"device_scale_factor": 2}


@dataclass(frozen=True)
class Shot:
    """A picture: who looks at what, in which shape; `then` is done before it is taken."""

    name: str
    who: str
    path: str
    shape: dict[str, Any]
    dark: bool = False
    then: Callable[[Page], Awaitable[object]] | None = None


async def _talk(page: Page) -> None:
    await page.locator("#lines .bot .bubble").first.wait_for()
    await page.evaluate("document.getElementById('personas').hidden = true")
    await page.evaluate("document.getElementById('log').scrollTop = 0")


async def _about_to_report(page: Page) -> None:
    await page.locator(".act summary").first.click()


async def shots(kiosk: Kiosk) -> list[Shot]:
    """What is taken. The room is asked for by name and needs nobody at the desk."""
    lamp = await case_of(kiosk, "3栋楼下路灯又不亮")
    code, phone = await kiosk.code("5栋1单元大门旁"), kiosk.person()
    await phone.reports(code, "台阶扶手松了，老人不敢扶")
    rail = await case_of(kiosk, "扶手松了")
    await does(kiosk, "chen", rail, Act.TAKE)
    await does(kiosk, "chen", rail, Act.REPORT, "看过了，师傅下午来焊牢，先绑了警示带")
    return [
        Shot("room-phone", "", "/chat?as=demo-wang#DEMO-1", SHARP, then=_talk),
        Shot("room-table", "", "/chat?as=demo-chen#DEMO-1", TABLE, then=_talk),
        Shot("report-phone", "", f"/r/{code}", SHARP),
        Shot("progress-phone", "", phone.at, SHARP),
        Shot("review-phone", "sun", "/desk/review", SHARP),
        Shot("review-table", "sun", "/desk/review", TABLE),
        Shot("review-phone-dark", "sun", "/desk/review", SHARP, dark=True),
        Shot("cases-phone", "chen", "/desk/cases", SHARP),
        Shot("cases-table", "chen", "/desk/cases", TABLE),
        Shot("case-phone", "chen", f"/desk/case/{lamp}", SHARP),
        Shot("case-table", "chen", f"/desk/case/{lamp}", TABLE, then=_about_to_report),
        Shot("figures-phone", "street", "/desk/figures", SHARP),
        Shot("figures-table", "street", "/desk/figures", TABLE),
        Shot("town-phone", "admin", "/desk/town/at/DEMO-1", SHARP),
        Shot("town-table", "admin", "/desk/town", TABLE),
        Shot("quality-table", "sun", "/desk/quality", TABLE),
        Shot("codes-phone", "chen", "/desk/codes", SHARP),
        Shot("poster-table", "chen", f"/desk/codes/{code}", TABLE),
        Shot("brief-phone", "street", BRIEF, SHARP),
        Shot("bulletins-phone", "chen", "/desk/bulletins", SHARP),
        Shot("call-backs-phone", "sun", "/desk/call-backs", SHARP),
        Shot("records-table", "auditor", "/desk/records", TABLE),
        Shot("sign-in-phone", "", "/desk/sign-in", SHARP),
        Shot("me-phone", "chen", "/desk/me", SHARP),
    ]


async def taken(browser: Browser, kiosk: Kiosk, shot: Shot) -> bytes:
    """The picture, as PNG."""
    scheme = "dark" if shot.dark else "light"
    context = await browser.new_context(locale="zh-CN", color_scheme=scheme, **shot.shape)
    if shot.who:
        await signed_in(context, kiosk.url, shot.who)
    page = await context.new_page()
    await page.clock.set_fixed_time(kiosk.now)
    await page.goto(kiosk.url + shot.path, wait_until="load")
    if shot.then:
        await shot.then(page)
    await page.wait_for_function(SEEN)
    data = await page.screenshot()
    await context.close()
    return data


def small(data: bytes) -> bytes:
    """The same as WebP, as sharp as the limit allows."""
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    for quality in (80, 70, 60, 50, 40, 30):
        packed = io.BytesIO()
        picture.save(packed, "WEBP", quality=quality, method=6)
        if packed.tell() <= LARGEST:
            break
    return packed.getvalue()


async def take(names: list[str], folder: Path) -> None:
    reader = Reader.load(BUILT_MODEL, load_taxonomy())
    with tempfile.TemporaryDirectory(prefix="huying-pictures-") as home:
        url = f"sqlite:///{home}/huying.db"
        migrate(url)
        with Store.open(url, "pictures") as store:
            async with opened(store, reader, Path(home)) as kiosk, async_playwright() as playwright:
                await fill(kiosk)
                browser = await playwright.chromium.launch(
                    executable_path=find_browser(), args=FLAGS
                )
                for shot in await shots(kiosk):
                    if names and shot.name not in names:
                        continue
                    data = small(await taken(browser, kiosk, shot))
                    (folder / f"{shot.name}.webp").write_bytes(data)
                    print(f"{len(data) / 1000:6.1f} kB  {shot.name}.webp", flush=True)
                await browser.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="Which pictures; all if none is named.")
    parser.add_argument("--into", type=Path, default=PICTURES)
    arguments = parser.parse_args()
    if lacking := browser_ready():
        print(f"make pictures: {lacking}", file=sys.stderr)
        return 2
    arguments.into.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(arguments.names, arguments.into))
    return 0


if __name__ == "__main__":
    sys.exit(main())
