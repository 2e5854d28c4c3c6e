"""Fixtures that every folder of tests may use."""

from __future__ import annotations

from built_model import reader
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
]
