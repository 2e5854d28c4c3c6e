"""An office for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from office import Office, opened

from storage.store import Store


@pytest_asyncio.fixture
async def office(store: Store, tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(store, folder=tmp_path) as running:
        yield running
