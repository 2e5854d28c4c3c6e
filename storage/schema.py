"""All tables in one place: importing this makes `metadata` complete."""

from __future__ import annotations

from storage import (
    answer_tables,
    brief_tables,
    case_tables,
    cover_tables,
    department_tables,
    desk_tables,
    flow_tables,
    photo_tables,
    report_tables,
    room_tables,
    tables,
)
from storage.columns import metadata

__all__ = [
    "answer_tables",
    "brief_tables",
    "case_tables",
    "cover_tables",
    "department_tables",
    "desk_tables",
    "flow_tables",
    "metadata",
    "photo_tables",
    "report_tables",
    "room_tables",
    "tables",
]
