"""A form that carries photos.

The law of this file: it is read part by part, so that nobody makes us hold more than a few photos; what is
too large or too many is left out and said, and the words that came with it are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from aiohttp import BodyPartReader, web

from bot.web.desk.guard import DeskRefusal
from bot.web.desk.words import Refused

_MOST_WORDS: Final = 16 * 1024
_MOST_PARTS: Final = 40
_MOST_IN_ALL: Final = 64 * 1024 * 1024
_CHUNK: Final = 64 * 1024


@dataclass(slots=True)
class Sent:
    """A form as it came. `fields` has the last value of each name, `listed` all of them."""

    fields: dict[str, str] = field(default_factory=dict)
    listed: list[tuple[str, str]] = field(default_factory=list)
    files: list[bytes] = field(default_factory=list)
    too_many: bool = False
    too_big: bool = False
    _size: int = 0

    def add(self, name: str, value: str) -> None:
        self.fields[name] = value
        self.listed.append((name, value))

    def all(self, name: str) -> list[str]:
        return [value for known, value in self.listed if known == name]

    def count(self, size: int) -> None:
        """Raises DeskRefusal 413 when it is too much in all."""
        self._size += size
        if self._size > _MOST_IN_ALL:
            raise DeskRefusal(Refused.MALFORMED, 413)


async def sent_form(request: web.Request, most_files: int, most_bytes: int) -> Sent:
    """The form of a request, with up to `most_files` files of up to `most_bytes`. Raises DeskRefusal for
    what is no form."""
    sent = Sent()
    if not request.content_type.startswith("multipart/"):
        for name, value in (await request.post()).items():
            sent.add(name, str(value))
        return sent
    try:
        await _read(request, sent, most_files, most_bytes)
    except (ValueError, RuntimeError, AssertionError, UnicodeDecodeError) as error:
        raise DeskRefusal(Refused.MALFORMED) from error
    return sent


async def _read(request: web.Request, sent: Sent, most_files: int, most_bytes: int) -> None:
    parts = 0
    async for part in await request.multipart():
        parts += 1
        if parts > _MOST_PARTS or not isinstance(part, BodyPartReader):
            raise DeskRefusal(Refused.MALFORMED)
        if part.filename is None:
            data, _ = await _limited(part, sent, _MOST_WORDS)
            sent.add(part.name or "", data.decode("utf-8", "replace"))
            continue
        data, whole = await _limited(part, sent, most_bytes)
        if not whole:
            sent.too_big = True
        elif data and len(sent.files) >= most_files:
            sent.too_many = True
        elif data:
            sent.files.append(data)


async def _limited(part: BodyPartReader, sent: Sent, most: int) -> tuple[bytes, bool]:
    """The bytes of a part, and whether these are all; what is over is read and dropped."""
    kept, whole = bytearray(), True
    while chunk := await part.read_chunk(_CHUNK):
        sent.count(len(chunk))
        room = most - len(kept)
        whole = whole and len(chunk) <= room
        kept += chunk[: max(0, room)]
    return bytes(kept), whole
