"""A kiosk for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from kiosk import Kiosk, opened

from nlp.reader import Reader
from storage.store import Store


@pytest.fixture
def store_url(shared_url: str) -> str:
    """Where a server has its data: nobody serves pages out of memory (docs/decisions/0033)."""
    return shared_url


@pytest_asyncio.fixture
async def kiosk(store: Store, reader: Reader, tmp_path: Path) -> AsyncIterator[Kiosk]:
    async with opened(store, reader, tmp_path) as running:
        yield running
