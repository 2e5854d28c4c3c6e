"""All tables in one place: importing this makes `metadata` complete."""

from __future__ import annotations

from storage import (
    case_tables,
    cover_tables,
    desk_tables,
    flow_tables,
    photo_tables,
    report_tables,
    room_tables,
    tables,
)
from storage.columns import metadata

__all__ = [
    "case_tables",
    "cover_tables",
    "desk_tables",
    "flow_tables",
    "metadata",
    "photo_tables",
    "report_tables",
    "room_tables",
    "tables",
]
