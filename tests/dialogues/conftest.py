from __future__ import annotations

from collections.abc import Iterator

import pytest
from town import Town

from nlp.reader import Reader
from storage.store import Store


@pytest.fixture
def town(reader: Reader) -> Iterator[Town]:
    with Store.open("sqlite://", "town") as store:
        yield Town(store, reader)
