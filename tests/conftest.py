"""Fixtures that every folder of tests may use."""

from __future__ import annotations

import os

from built_model import reader
from playwright.async_api import expect
from postgres import (
    _postgres_database,
    postgres_cluster,
    postgres_url,
    shared_url,
    sqlite_template,
    sqlite_url,
    store,
    store_url,
)
from small_model import material, vandal
from warm_engines import warm_engines

# What is set for whoever works here is not for tests: they name the settings they want.
for name in [name for name in os.environ if name.startswith("HUYING_")]:
    if name not in ("HUYING_TEST_WITHOUT", "HUYING_CHROMIUM", "HUYING_PICTURES"):
        del os.environ[name]

# A busy machine is no fault: what is waited for comes, or the test says what was there instead.
expect.set_options(timeout=30_000)

__all__ = [
    "_postgres_database",
    "material",
    "postgres_cluster",
    "postgres_url",
    "reader",
    "shared_url",
    "sqlite_template",
    "sqlite_url",
    "store",
    "store_url",
    "vandal",
    "warm_engines",
]
