"""What a form sends: its words, and a few photos.

The law of this file: a photo is read only if its sender may send one more, is made anew at once, and is
deleted again where nothing comes of the form. Whatever is wrong with a photo, the words are there; what is
too much is read past, so that the browser gets to see the answer, but not without end.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import BodyPartReader, web

from bot.web.report.guard import MOST_BYTES as MOST_FORM_BYTES
from bot.web.report.guard import form_of
from bot.web.report.words import MOST_PHOTOS, Refused
from bot.web.room.photos import MOST_BYTES, PhotoFolder
from bot.web.room.refusals import Refusal, Unreadable
from storage.room import Photo

_CHUNK = 64 * 1024
_MOST_PARTS = 30
_MOST_SENT = 64 * 1024 * 1024
"""What is read of one form, photos that are refused included."""


class NotWritten(Refusal):
    """What was sent cannot be taken; the words are shown again."""


@dataclass
class Sent:
    """`refusal` is why not all could be taken; `with_photos` that some were chosen. `used`: the photos are on
    record now, and stay."""

    fields: dict[str, str] = field(default_factory=dict)
    photos: list[Photo] = field(default_factory=list)
    refusal: Refusal | None = None
    with_photos: bool = False
    used: bool = False


@asynccontextmanager
async def sent_of(
    request: web.Request, folder: PhotoFolder, may_send: Callable[[], None]
) -> AsyncIterator[Sent]:
    """The form in a request. `may_send` is asked before each photo and raises TooFast. Raises Refusal 413
    for too many words."""
    sent = Sent()
    try:
        if request.content_type == "multipart/form-data":
            await _Reading(sent, folder, may_send).read(request)
        else:
            sent.fields = await form_of(request)
        yield sent
    except asyncio.CancelledError:
        sent.used = True  # perhaps; what is not on record is swept away
        raise
    finally:
        if not sent.used:
            folder.delete(photo.name for photo in sent.photos)


@dataclass
class _Reading:
    """One form that is being read."""

    sent: Sent
    folder: PhotoFolder
    may_send: Callable[[], None]
    read_bytes: int = 0
    word_bytes: int = 0

    async def read(self, request: web.Request) -> None:
        try:
            await self._parts(request)
        except (Refusal, ConnectionError):
            raise
        except Exception:  # a hostile body may make the parser fail in any way
            self.sent.refusal = self.sent.refusal or NotWritten(Refused.BROKEN_FORM)

    async def _parts(self, request: web.Request) -> None:
        reader = await request.multipart()
        for _ in range(_MOST_PARTS):
            part = await reader.next()
            if part is None:
                return
            if not isinstance(part, BodyPartReader):
                raise ValueError("a form within a form")
            if part.filename is None:
                await self._word(part)
            else:
                await self._photo(part)
            if self.read_bytes > _MOST_SENT:
                return

    async def _word(self, part: BodyPartReader) -> None:
        data = bytearray()
        while chunk := await part.read_chunk(_CHUNK):
            data += chunk
            self.word_bytes += len(chunk)
            if self.word_bytes > MOST_FORM_BYTES:
                too_big = Refusal(Refused.TOO_BIG)
                too_big.status = 413
                raise too_big
        self.sent.fields.setdefault(part.name or "", data.decode(errors="replace"))

    async def _photo(self, part: BodyPartReader) -> None:
        """One photo. After the first that is refused, the others are only read past."""
        first = await self._chunk(part)
        if not first and not part.filename:
            return  # nothing was chosen
        self.sent.with_photos = True
        try:
            if self.sent.refusal is None:
                await self._keep(part, first)
        except Refusal as refusal:
            self.sent.refusal = refusal
        while (await self._chunk(part)) and self.read_bytes <= _MOST_SENT:
            continue

    async def _keep(self, part: BodyPartReader, first: bytes) -> None:
        if len(self.sent.photos) >= MOST_PHOTOS:
            raise NotWritten(Refused.PHOTOS_TOO_MANY)
        self.may_send()
        data = bytearray(first)
        while chunk := await self._chunk(part):
            data += chunk
            if len(data) > MOST_BYTES:
                raise NotWritten(Refused.PHOTO_TOO_BIG)
        try:
            self.sent.photos.append(await self.folder.keep(bytes(data)))
        except Unreadable:
            raise NotWritten(Refused.PHOTO_UNREADABLE) from None

    async def _chunk(self, part: BodyPartReader) -> bytes:
        chunk = await part.read_chunk(_CHUNK)
        self.read_bytes += len(chunk)
        return chunk
