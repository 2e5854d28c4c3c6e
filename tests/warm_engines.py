"""Statements are compiled once a run.

A server keeps its engines for as long as it lives, and compiles a statement when it is first used. A test
opens a database of its own, and would compile everything anew: half of what a small story costs. So every
engine of a run is given the dialect of the first one for that database, and what was compiled for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine

from storage import postgres_engine, sqlite_engine

_MOST = 5000  # statements


@pytest.fixture(scope="session", autouse=True)
def warm_engines() -> Iterator[None]:
    """For the whole run, and for nothing that runs in a process of its own."""
    first: dict[str, Engine] = {}

    def create(url: Any, **options: Any) -> Engine:
        engine = create_engine(url, query_cache_size=_MOST, **options)
        warm = first.setdefault(engine.dialect.name, engine)
        engine.dialect = warm.dialect
        engine._compiled_cache = warm._compiled_cache
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite_engine, "create_engine", create)
        patch.setattr(postgres_engine, "create_engine", create)
        yield
