"""The metadata and the column types that all tables share.

The law of this file: what a database cannot do alike everywhere is done here, in Python: times are
stored as UTC microseconds since 1970 in a BIGINT and come back aware, structured values are stored as
compact JSON text (no JSONB), names stay under 30 characters.
"""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import BigInteger, Integer, MetaData, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from intake.grids import ChatRef
from intake.joint_parts import JointPart, Outcome, PartKind

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """An aware time as it is stored. Raises ValueError for a time without zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without zone reached the database; make it aware at the door")
    return (moment - _EPOCH) // _MICROSECOND


def clean(text: str) -> str:
    """`text` without what some database refuses: NUL characters, half surrogate pairs."""
    if text.isascii():
        return text.replace("\x00", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-8", "replace").decode()
    return text.replace("\x00", "")


@lru_cache(20_000)
def chat_ref(key: str) -> ChatRef:
    """The chat that `str(ChatRef)` made `key` of; a channel's name has no colon."""
    channel, _, chat = key.partition(":")
    return ChatRef(channel, chat)


def to_json(value: Any) -> str:
    """Compact JSON; half surrogate pairs, which orjson refuses, are kept as escapes."""
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        return json.dumps(value, separators=(",", ":"))


def from_json(text: str) -> Any:
    """What `to_json` wrote."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)


class Moment(TypeDecorator[datetime]):
    """An aware datetime, stored as whole microseconds since 1970 in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + value * _MICROSECOND


class Json(TypeDecorator[Any]):
    """A structured value as compact JSON text; None stays NULL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else to_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else from_json(value)


class Clean(TypeDecorator[str]):
    """Text that every database takes: without NUL characters and without half surrogate pairs."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else clean(value)


class Words(TypeDecorator[str]):
    """Text that may be empty in Python and is then NULL here: some relatives of PostgreSQL do not
    tell the two apart, so the empty string is never stored."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return (clean(value) or None) if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> str:
        return value or ""


class ChatKey(TypeDecorator[ChatRef]):
    """A ChatRef as `channel:chat` in one column, so that one index and one IN list find it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: ChatRef | None, dialect: Dialect) -> str | None:
        return None if value is None else clean(str(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> ChatRef | None:
        return None if value is None else chat_ref(value)


class Texts(TypeDecorator[tuple[str, ...]]):
    """A tuple of strings as a JSON list; the empty tuple is NULL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        return to_json(list(value)) if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        return tuple(from_json(value)) if value else ()


class Parts(TypeDecorator[tuple[JointPart, ...]]):
    """The parts of others in a case as a JSON list of lists, in the order of the dataclass; none is NULL."""

    impl = Text
    cache_ok = True

    def process_bind_param(
        self, value: tuple[JointPart, ...] | None, dialect: Dialect
    ) -> str | None:
        if not value:
            return None
        return to_json([[_flat(getattr(part, name)) for name in _PART] for part in value])

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[JointPart, ...]:
        return tuple(_part(row) for row in from_json(value)) if value else ()


_PART = tuple(field.name for field in fields(JointPart))


def _flat(value: Any) -> Any:
    if isinstance(value, datetime):
        return micros(value)
    return clean(value) if isinstance(value, str) else value


def _part(row: list[Any]) -> JointPart:
    told = dict(zip(_PART, row, strict=True))
    told["kind"] = PartKind(told["kind"])
    told["outcome"] = Outcome(told["outcome"]) if told["outcome"] else None
    for name in ("asked_at", "due", "answered_at"):
        told[name] = None if told[name] is None else _EPOCH + told[name] * _MICROSECOND
    return JointPart(**told)


class Coded(TypeDecorator[Any]):
    """A member of a StrEnum as its value."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind
        self._members: dict[str, StrEnum] = {member.value: member for member in kind}

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self._members[value]


def serial() -> TypeEngine[int]:
    """The type of a key that counts up by itself; SQLite does that only for INTEGER."""
    return BigInteger().with_variant(Integer, "sqlite")
