"""Charts as pictures, and the script that draws them in a browser.

The law of this file: the server itself never draws: a process of its own does (`draw_child.py`), one at a
time, and what it made is kept: pictures a minute, the script for good. Without a font that can write
Chinese there is no picture, for one of empty boxes is worse than none.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import logging
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from bot.fonts import Font, find_font
from bot.web.desk.guard import DeskRefusal
from bot.web.desk.words_figures import PictureRefused

log = logging.getLogger(__name__)

KEPT: Final = 60.0
"""Seconds that a picture is kept."""
_MOST_KEPT: Final = 20
_MOST_WAITING: Final = 6
_LONGEST: Final = 90.0
"""Seconds for one drawing; the script takes five, and more where others are busy."""
_CHILD: Final = Path(__file__).with_name("draw_child.py")


@dataclass(frozen=True, slots=True)
class Script:
    """The script for browsers, as it is and packed; `version` is of its content."""

    version: str
    plain: bytes
    packed: bytes


_scripts: list[Script] = []
"""The one script, as soon as it is made: it is the same for every desk of this process."""


class Drawing:
    """Makes pictures and the script. `fonts` is a folder to look for a font in before the system's."""

    def __init__(self, fonts: Path | None = None) -> None:
        self._fonts = fonts
        self._font: Font | None = None
        self._looked_at = -KEPT
        self._one = asyncio.Lock()
        self._waiting = 0
        self._kept: dict[str, tuple[float, bytes]] = {}

    async def font(self) -> Font:
        """The font for pictures. Raises DeskRefusal where there is none; one that is put there later is
        found."""
        if self._font is None and time.monotonic() - self._looked_at >= KEPT:
            self._font = await asyncio.to_thread(find_font, self._fonts)
            self._looked_at = time.monotonic()
        if self._font is None:
            raise DeskRefusal(PictureRefused.NO_FONT, 503)
        return self._font

    async def picture(self, chart: dict[str, Any], font: Font) -> bytes:
        """`chart` (Vega-Lite) as PNG; the same within a minute is not drawn again."""
        order = {"what": "picture", "chart": chart, "fonts": str(font.folder)}
        written = orjson.dumps(order)
        key = hashlib.sha256(written).hexdigest()
        kept = self._still(key)
        if kept is None:
            async with self._turn():
                kept = self._still(key) or await _ordered(written)
            self._keep(key, kept)
        return kept

    async def script(self) -> Script:
        """The script that draws charts in a browser, without eval."""
        if not _scripts:
            async with self._turn():
                if not _scripts:
                    plain = await _ordered(orjson.dumps({"what": "script"}))
                    _scripts.append(await asyncio.to_thread(_packed, plain))
        return _scripts[0]

    def _turn(self) -> _Turn:
        return _Turn(self)

    def _still(self, key: str) -> bytes | None:
        until, picture = self._kept.get(key, (0.0, b""))
        return picture if until > time.monotonic() else None

    def _keep(self, key: str, picture: bytes) -> None:
        now = time.monotonic()
        self._kept = {k: kept for k, kept in self._kept.items() if kept[0] > now}
        while len(self._kept) >= _MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = (now + KEPT, picture)


class _Turn:
    """One at a time; who would wait too long is told so at once."""

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing

    async def __aenter__(self) -> None:
        if self._drawing._waiting >= _MOST_WAITING:
            raise DeskRefusal(PictureRefused.BUSY, 503)
        self._drawing._waiting += 1
        try:
            await self._drawing._one.acquire()
        except BaseException:
            self._drawing._waiting -= 1
            raise

    async def __aexit__(self, *_: object) -> None:
        self._drawing._waiting -= 1
        self._drawing._one.release()


async def _ordered(order: bytes) -> bytes:
    """What the child makes of an order. Raises DeskRefusal."""
    # -I: nothing of the environment or of the folder one stands in gets in.
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(_CHILD),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        made, said = await asyncio.wait_for(child.communicate(order), _LONGEST)
    except TimeoutError:
        log.warning("a drawing took longer than %d seconds", _LONGEST)
        raise DeskRefusal(PictureRefused.FAILED, 503) from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode or not made:
        # The last line only: it names the error; what stands above may quote what was drawn.
        log.error(
            "drawing failed (%s): %s", child.returncode, said.decode("utf-8", "replace")[-300:]
        )
        raise DeskRefusal(PictureRefused.FAILED, 503)
    return made


def _packed(plain: bytes) -> Script:
    return Script(hashlib.sha256(plain).hexdigest()[:12], plain, gzip.compress(plain, 9, mtime=0))
