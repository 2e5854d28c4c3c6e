"""A kiosk for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from kiosk import Kiosk, opened

from nlp.reader import Reader
from storage.store import Store


@pytest_asyncio.fixture
async def kiosk(store: Store, reader: Reader, tmp_path: Path) -> AsyncIterator[Kiosk]:
    async with opened(store, reader, tmp_path) as running:
        yield running
