"""An office for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from office import Office, opened

from storage.store import Store


@pytest_asyncio.fixture
async def office(store: Store) -> AsyncIterator[Office]:
    async with opened(store) as running:
        yield running
