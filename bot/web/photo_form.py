"""What a form sends: its words, and a few photos.

The law of this file: a photo is read only if its sender may send one more, is made anew at once, and is
deleted again where nothing comes of the form. Whatever is wrong with a photo, the words are there; what is
too much is read past, so that the browser gets to see the answer, but not without end. Where the form carries
photos, those that were kept when it came back are named in it, and the name is the secret.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from bot.web.room.guard import limited
from bot.web.room.photos import MOST_BYTES, PhotoFolder
from bot.web.room.refusals import Refusal, TooBig, TooFast, Unreadable
from storage.room_records import Photo

log = logging.getLogger(__name__)

MOST_WORDS: Final = 32 * 1024
"""Bytes of words; photos are counted apart."""
_CHUNK: Final = 64 * 1024
_MOST_PARTS: Final = 40
_MOST_SENT: Final = 64 * 1024 * 1024
"""What is read of one form, photos that are refused included."""
_KEPT: Final = re.compile(r"([0-9a-f]{32}\.jpg):(\d{1,5}):(\d{1,5})")


class NotWritten(Refusal):
    """What was sent cannot be taken; the words are shown again."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How many photos a form takes, and its sentences for what is wrong. `carries`: photos that are taken
    stay with the form when it comes back, in fields `kept`. `none`: where no photos are taken at all."""

    most: int
    too_many: str
    too_big: str
    unreadable: str
    broken: str
    too_long: str
    none: str = ""
    carries: bool = False


@dataclass
class Sent:
    """`fields` has the first value of each name, `listed` all of them. `refusal` is why not all could be
    taken; `with_photos` that some were chosen. `photos` came with it, `kept` before. `used`: the photos are
    on record now, or carried on, and stay."""

    folder: PhotoFolder | None
    fields: dict[str, str] = field(default_factory=dict)
    listed: list[tuple[str, str]] = field(default_factory=list)
    photos: list[Photo] = field(default_factory=list)
    kept: list[Photo] = field(default_factory=list)
    refusal: Refusal | None = None
    with_photos: bool = False
    used: bool = False

    def all(self, name: str) -> list[str]:
        return [value for known, value in self.listed if known == name]

    async def own_photos(self) -> tuple[Photo, ...]:
        """All photos, to be put on record: those kept before as files of their own, since the form may have
        been sent with them already and come back by the browser's button."""
        if self.folder is not None:
            for seq, photo in enumerate(self.kept):
                self.photos.insert(seq, await self.folder.copy(photo))
        self.kept.clear()
        return tuple(self.photos)


@asynccontextmanager
async def sent_of(
    request: web.Request, folder: PhotoFolder | None, terms: Terms, may_send: Callable[[], None]
) -> AsyncIterator[Sent]:
    """The form in a request. `may_send` is asked before each photo and raises TooFast. Raises TooBig for too
    many words."""
    sent = Sent(folder)
    try:
        await _Reading(sent, terms, may_send).read(request)
        yield sent
    except asyncio.CancelledError:
        sent.used = True  # perhaps; what is not on record is swept away
        raise
    finally:
        if folder is not None and not sent.used:
            folder.delete(photo.name for photo in sent.photos)


async def words_of(request: web.Request, too_long: str) -> list[tuple[str, str]]:
    """The fields of a form without files. Raises Refusal 413 with `too_long` above 32 KiB."""
    data = (await limited(request, MOST_WORDS, too_long)).decode(errors="replace")
    try:
        return parse_qsl(data, keep_blank_values=True, max_num_fields=_MOST_PARTS)
    except ValueError:
        return []


@dataclass
class _Reading:
    """One form that is being read."""

    sent: Sent
    terms: Terms
    may_send: Callable[[], None]
    read_bytes: int = 0
    word_bytes: int = 0

    async def read(self, request: web.Request) -> None:
        if request.content_type != "multipart/form-data":
            for name, value in await words_of(request, self.terms.too_long):
                self._add(name, value)
            return
        try:
            await self._parts(request)
        except (Refusal, ConnectionError):
            raise
        except Exception as failed:  # a hostile body may make the parser fail in any way
            log.warning("a form was not readable: %s", type(failed).__name__)
            self._refuse(NotWritten(self.terms.broken))

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
            if self.word_bytes > MOST_WORDS:
                raise TooBig(self.terms.too_long)
        self._add(part.name or "", data.decode(errors="replace"))

    def _add(self, name: str, value: str) -> None:
        self.sent.fields.setdefault(name, value)
        self.sent.listed.append((name, value))
        if name == "kept" and self.terms.carries:
            photo = _known(self.sent.folder, value)
            known = {one.name for one in self.sent.kept}
            if photo is not None and photo.name not in known and self._has_room():
                self.sent.kept.append(photo)

    async def _photo(self, part: BodyPartReader) -> None:
        first = await self._chunk(part)
        if not first and not part.filename:
            return  # nothing was chosen
        self.sent.with_photos = True
        try:
            if self._goes_on():
                await self._keep(part, first)
        except Refusal as refusal:
            self._refuse(refusal)
        while (await self._chunk(part)) and self.read_bytes <= _MOST_SENT:
            continue

    def _goes_on(self) -> bool:
        """Whether further photos are looked at. After a refusal those of a form that carries none are thrown
        away anyhow; whoever is too fast is too fast for the next one as well."""
        refusal = self.sent.refusal
        return refusal is None or (self.terms.carries and not isinstance(refusal, TooFast))

    async def _keep(self, part: BodyPartReader, first: bytes) -> None:
        folder = self.sent.folder
        if folder is None:
            raise NotWritten(self.terms.none)
        if not self._has_room():
            raise NotWritten(self.terms.too_many)
        self.may_send()
        data = bytearray(first)
        while chunk := await self._chunk(part):
            data += chunk
            if len(data) > MOST_BYTES:
                raise NotWritten(self.terms.too_big)
        try:
            self.sent.photos.append(await folder.keep(bytes(data)))
        except Unreadable:
            raise NotWritten(self.terms.unreadable) from None

    def _has_room(self) -> bool:
        return len(self.sent.kept) + len(self.sent.photos) < self.terms.most

    def _refuse(self, refusal: Refusal) -> None:
        """The first reason is told, but that one was too fast before all others."""
        if self.sent.refusal is None or isinstance(refusal, TooFast):
            self.sent.refusal = refusal

    async def _chunk(self, part: BodyPartReader) -> bytes:
        chunk = await part.read_chunk(_CHUNK)
        self.read_bytes += len(chunk)
        return chunk


def _known(folder: PhotoFolder | None, text: str) -> Photo | None:
    """A photo that was kept when the form came back."""
    found = _KEPT.fullmatch(text)
    if found is None or folder is None or folder.path(found[1]) is None:
        return None
    return Photo(found[1], int(found[2]), int(found[3]))
