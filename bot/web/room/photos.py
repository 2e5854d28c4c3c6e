"""Photos: never kept as they came.

The law of this file: an upload is decoded, turned upright, shrunk and written anew as JPEG without EXIF,
under a random name; what no decoder opens, or what would swell beyond bounds when decoded, is refused. A
name is the only way to a file, and only names of our own form are looked up.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import re
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image, ImageOps

from bot.web.room.refusals import Unreadable
from storage.room_records import Photo

MOST_BYTES = 12 * 1024 * 1024
LONGEST_SIDE = 1600
THUMBNAIL_SIDE = 320
_MOST_PIXELS = 25_000_000
_MOST_JPEG_PIXELS = 60_000_000  # decoded at a fraction of its size
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "MPO")
_NAME = re.compile(r"[0-9a-f]{32}\.jpg")
_SWEEP_AFTER = timedelta(days=1)
_AT_ONCE = 2


class PhotoFolder:
    """The folder of all photos, the room's and those of reports, made when the first one comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._free = asyncio.Semaphore(_AT_ONCE)

    async def keep(self, data: bytes) -> Photo:
        """Write the photo anew. Raises Unreadable for what is no photo."""
        async with self._free:
            return await asyncio.to_thread(self._keep, data)

    async def copy(self, photo: Photo) -> Photo:
        """The same photo as a file of its own."""
        name = f"{secrets.token_hex(16)}.jpg"
        await asyncio.to_thread(shutil.copyfile, self._folder / photo.name, self._folder / name)
        return replace(photo, name=name)

    def path(self, name: str) -> Path | None:
        """The file of this name, if there is one."""
        if not _NAME.fullmatch(name):
            return None
        path = self._folder / name
        return path if path.is_file() else None

    async def thumbnail(self, name: str) -> bytes | None:
        """The photo made small, for a slow network; None if there is none."""
        path = self.path(name)
        if path is None:
            return None
        async with self._free:
            return await asyncio.to_thread(_thumbnail, path)

    def delete(self, names: Iterable[str]) -> None:
        for name in names:
            if _NAME.fullmatch(name):
                (self._folder / name).unlink(missing_ok=True)

    async def sweep(self, known: set[str], now: datetime) -> None:
        """Delete files that no record names, such as those that a kill left behind."""
        await asyncio.to_thread(self._sweep, known, now)

    def _keep(self, data: bytes) -> Photo:
        image = _decoded(data)
        name = f"{secrets.token_hex(16)}.jpg"
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = self._folder / f".{name}"
        image.save(unfinished, "JPEG", quality=82, optimize=True)
        os.replace(unfinished, self._folder / name)
        return Photo(name, image.width, image.height)

    def _sweep(self, known: set[str], now: datetime) -> None:
        before = (now - _SWEEP_AFTER).timestamp()
        for path in self._folder.glob("*.jpg"):
            with contextlib.suppress(FileNotFoundError):
                if path.name not in known and path.stat().st_mtime < before:
                    path.unlink()


def _decoded(data: bytes) -> Image.Image:
    try:
        return _small(data)
    except Exception as error:  # a hostile file may make a decoder fail in any way
        raise Unreadable from error


def _small(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
        most = _MOST_JPEG_PIXELS if image.format in ("JPEG", "MPO") else _MOST_PIXELS
        if image.width * image.height > most:
            raise ValueError("too many pixels")
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        image.load()
        small = ImageOps.exif_transpose(image)
        small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        return _on_white(small)


def _thumbnail(path: Path) -> bytes | None:
    try:
        with Image.open(path, formats=("JPEG",)) as image:
            image.draft("RGB", (THUMBNAIL_SIDE, THUMBNAIL_SIDE))
            image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
            out = io.BytesIO()
            image.save(out, "JPEG", quality=75)
            return out.getvalue()
    except OSError:  # deleted meanwhile, or the disk is ill
        return None


def _on_white(image: Image.Image) -> Image.Image:
    """A new RGB image of the pixels alone: nothing of what the file said besides comes along."""
    rgba = image.convert("RGBA")
    plain = Image.new("RGB", rgba.size, "white")
    plain.paste(rgba, mask=rgba.getchannel("A"))
    return plain
