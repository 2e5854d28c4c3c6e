"""One browser for all, and one town a module, with a worker that works by itself."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

sys.path.insert(0, str(Path(__file__).parent.parent / "report"))
sys.path.insert(0, str(Path(__file__).parent.parent / "desk"))

from filling import Town, fill
from kiosk import opened
from watching import CHROMIUM, COSTS, FLAGS, Browser, async_playwright

from bot.learning import Material
from bot.settings import Settings
from bot.versions import ModelHome
from nlp.reader import Reader
from storage.store import Store


def pytest_sessionfinish() -> None:
    """Say what pages cost; past what pytest captures, and also from one of several processes."""
    if not COSTS:
        return
    rows = sorted(COSTS.items(), key=lambda one: -one[1][1])
    said = (
        f"{size / 1000:7.1f} kB  {requests:2} requests  {path}" for path, (requests, size) in rows
    )
    print("", "== what pages cost on their first load", *said, sep="\n", file=sys.__stderr__)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        opened_one = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened_one
        await opened_one.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
    reader: Reader,
    material: Material,
) -> AsyncIterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    models = ModelHome(Settings(home=folder, model=None), material)
    for name in ("first", "second"):
        shutil.copytree(material.built, models.shelf.folder / name)
        models.shelf.promote(name)
    shutil.copy(sqlite_template, folder / "huying.db")
    with Store.open(f"sqlite:///{folder / 'huying.db'}", "town") as store:
        async with opened(store, reader, folder, models=models) as kiosk:
            await fill(kiosk)
            made = Town(kiosk)
            working = asyncio.create_task(_work(made))
            try:
                yield made
            finally:
                working.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await working


async def _work(town: Town) -> None:
    """As the worker of a server does: whenever there is something."""
    while True:
        if not town.asleep:
            await town.kiosk.settle()
        await asyncio.sleep(0.1)
