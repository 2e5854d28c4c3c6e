from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

sys.path.insert(0, str(Path(__file__).parent.parent / "telegram"))

from fake_bot_api import TOKEN, FakeBotApi
from serving import SECRET, Served

from nlp.reader import Reader


@pytest_asyncio.fixture
async def bot_api() -> AsyncIterator[FakeBotApi]:
    api = FakeBotApi()
    await api.start()
    yield api
    await api.stop()


@pytest.fixture
def served(tmp_path: Path, bot_api: FakeBotApi, reader: Reader) -> Iterator[Served]:
    """A server with the demo neighbourhood and a Telegram bot, not yet started."""
    extra = {
        "HUYING_TELEGRAM_TOKEN": TOKEN,
        "HUYING_TELEGRAM_SECRET": SECRET,
        "HUYING_TELEGRAM_API": bot_api.url,
        "HUYING_QUIET_HOURS": "",
    }
    server = Served(tmp_path, extra)
    server.run("seed-demo")
    yield server
    server.stop()
