"""An office for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from office import Office, opened

from storage.store import Store


@pytest.fixture
def store_url(shared_url: str) -> str:
    """Where a server has its data: nobody serves pages out of memory (docs/decisions/0033)."""
    return shared_url


@pytest_asyncio.fixture
async def office(store: Store, tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(store, folder=tmp_path) as running:
        yield running
