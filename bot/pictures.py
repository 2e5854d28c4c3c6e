"""Pictures that the bot puts into groups.

The law of this file: a picture is a PNG of our own making, kept under the hash of its content, so that the
same one is kept once and a name tells nothing; a post names it, and it goes when no post does. Only names
of our own form are looked up.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import re
from collections.abc import Set
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

_NAME: Final = re.compile(r"[0-9a-f]{64}\.png")
_SWEEP_AFTER: Final = timedelta(days=1)
"""So long a picture waits for the post that names it."""


class PictureFolder:
    """The folder of the pictures of posts, made when the first one comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, png: bytes) -> str:
        """Keep a picture; its name."""
        return await asyncio.to_thread(self._keep, png)

    async def read(self, name: str) -> bytes | None:
        """The picture of this name; None if there is none (any more)."""
        return await asyncio.to_thread(self._read, name) if _NAME.fullmatch(name) else None

    async def sweep(self, named: Set[str], now: datetime) -> None:
        """Let go of pictures that no post names."""
        await asyncio.to_thread(self._sweep, named, now)

    def _keep(self, png: bytes) -> str:
        name = f"{hashlib.sha256(png).hexdigest()}.png"
        path = self._folder / name
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(png)
        # Written anew even where it is there: it is as young as the post that will name it.
        os.replace(unfinished, path)
        return name

    def _read(self, name: str) -> bytes | None:
        with contextlib.suppress(OSError):
            return (self._folder / name).read_bytes()
        return None

    def _sweep(self, named: Set[str], now: datetime) -> None:
        before = (now - _SWEEP_AFTER).timestamp()
        for path in self._folder.glob("*"):
            with contextlib.suppress(FileNotFoundError):
                if path.name not in named and path.stat().st_mtime < before:
                    path.unlink()
