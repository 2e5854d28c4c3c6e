"""Transcripts: one JSON object a line, checked wholly before anything runs.

The law of this file: a mistake names file and line and says what to write; unknown roles count as
resident, unknown media and further keys are let through.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from bot.cli.errors import UserError
from bot.json_lines import loads, whole
from intake.people import Role

EARLIEST, LATEST = 1990, 2200
"""Years in which a group chat can have been: outside, deadlines cannot be reckoned."""

_ROLES = {"grid_worker", "volunteer", "property", "building_head"}


@dataclass(frozen=True, slots=True)
class Spoken:
    """One line of a transcript; `id` and `group` are as written, to be returned unchanged."""

    group: Any
    id: Any
    grid: str
    at: datetime
    sender: str
    name: str
    role: Role | None
    text: str
    reply_to: str | None
    media: tuple[str, ...]

    @property
    def chat(self) -> str:
        return str(self.group)

    @property
    def message(self) -> str:
        return str(self.id)


def read_transcripts(files: Iterable[Path], zone: tzinfo) -> list[Spoken]:
    """All lines of all files, merged by time. Raises UserError for the first line that is wrong."""
    lines = [line for file in files for line in _read(file, zone)]
    seen: set[tuple[str, str]] = set()
    for line in lines:
        key = (line.chat, line.message)
        if key in seen:
            raise UserError(f"group {line.chat}: id {line.message} is there twice; make ids unique")
        seen.add(key)
    return sorted(lines, key=lambda line: line.at)


def _read(file: Path, zone: tzinfo) -> Iterator[Spoken]:
    try:
        raw = file.read_bytes().removeprefix(b"\xef\xbb\xbf")  # as Windows writes it
    except OSError as error:
        raise UserError(f"{file}: cannot be read ({error.strerror}); check the path") from None
    for number, line in enumerate(raw.split(b"\n"), 1):
        if line.strip():
            try:
                yield _spoken(line, zone)
            except (ValueError, KeyError, TypeError) as error:
                reason = f"{error} is missing" if isinstance(error, KeyError) else error
                raise UserError(f"{file} line {number}: {reason}") from None


def _spoken(line: bytes, zone: tzinfo) -> Spoken:
    row = loads(line)
    if not isinstance(row, dict):
        raise ValueError("is not a JSON object")
    group = _identifier(row, "group")
    text = row.get("text") or ""
    if not isinstance(text, str):
        raise ValueError('"text" must be a string')
    reply_to = row.get("reply_to")
    media = row.get("media") or []
    if not isinstance(media, list):
        raise ValueError('"media" must be a list')
    sender = str(row.get("sender") or row.get("name") or "?")
    role = row.get("role")
    return Spoken(
        group=group,
        id=_identifier(row, "id"),
        grid=str(row.get("grid") or group),
        at=_moment(row, zone),
        sender=whole(sender),
        name=whole(str(row.get("name") or sender)),
        role=Role(role) if isinstance(role, str) and role in _ROLES else None,
        text=whole(text),
        reply_to=None if reply_to is None else str(reply_to),
        media=tuple(str(kind) for kind in media),
    )


def _identifier(row: dict[str, Any], key: str) -> Any:
    value = row[key]
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f'"{key}" must be a string or an integer')
    return value


def _moment(row: dict[str, Any], zone: tzinfo) -> datetime:
    value = row["at"]
    if not isinstance(value, str):
        raise ValueError('"at" must be a time such as 2026-11-22T08:30:00')
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(
            f'"at" is {value[:40]!r}; write a time such as 2026-11-22T08:30:00'
        ) from None
    if not EARLIEST <= at.year <= LATEST:
        raise ValueError(f'"at" is in the year {at.year}; write one from {EARLIEST} to {LATEST}')
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)
