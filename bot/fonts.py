"""Whether this machine can write Chinese into a picture, and with which font.

The law of this file: a font counts when its file draws four Chinese signs, each differently, and none like
a sign that it does not have: no list of names and no other program is believed. Looking takes no longer
than a few hundred files.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import ImageFont

_SIGNS: Final = "呼应响满"
_NOBODYS: Final = "\U000e0fff"
"""A sign that no font has."""
_SIZE: Final = 24
_KINDS: Final = (".ttf", ".ttc", ".otf", ".otc")
_MOST: Final = 600
"""Files that are opened before giving up."""
_LIKELY: Final = ("cjk", "notosanssc", "sourcehan", "wqy", "pingfang", "msyh", "hei", "song", "han")
"""What files with Chinese are often called: looked at first, never believed for it."""


@dataclass(frozen=True, slots=True)
class Font:
    """A font that can write Chinese: its family, and the folder with its file."""

    family: str
    folder: Path


def find_font(folder: Path | None = None, elsewhere: Sequence[Path] | None = None) -> Font | None:
    """A font in `folder`, if one is named, else in the system's own folders (or `elsewhere`); None where
    there is none."""
    named = [folder] if folder is not None else []
    for place in [*named, *(system_folders() if elsewhere is None else elsewhere)]:
        for file in _files(place):
            family = _writes(file)
            if family:
                return Font(family, file.parent)
    return None


def system_folders() -> list[Path]:
    """Where fonts are on this kind of machine."""
    home = Path.home()
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", str(home / "AppData" / "Local"))
        windows = os.environ.get("WINDIR", "C:/Windows")
        return [Path(windows) / "Fonts", Path(local) / "Microsoft" / "Windows" / "Fonts"]
    if sys.platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library" / "Fonts"]
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    shared = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts")]
    return [*shared, data / "fonts", home / ".fonts"]


def _files(folder: Path) -> list[Path]:
    """The fonts below `folder`, the likely ones first."""
    found = [
        Path(at) / name
        for at, _, names in os.walk(folder)
        for name in names
        if name.lower().endswith(_KINDS)
    ]
    return sorted(found, key=_guess)[:_MOST]


def _guess(file: Path) -> tuple[bool, bool, str]:
    """Upright ordinary letters before bold and thin ones."""
    name = file.name.lower().replace("-", "").replace("_", "")
    odd = any(word in name for word in ("bold", "black", "light", "thin", "mono", "serif"))
    return not any(word in name for word in _LIKELY), odd, str(file)


def _writes(file: Path) -> str:
    """The family's name if the font can write Chinese, else ""."""
    try:
        font = ImageFont.truetype(str(file), _SIZE)
        drawn = set(_drawn(font, _SIGNS))
        nothing = set(_drawn(font, _NOBODYS))
        family = font.getname()[0] or ""
    except (OSError, ValueError, RuntimeError):
        return ""  # broken, or no letters at this size
    return family if len(drawn) == len(_SIGNS) and not drawn & nothing else ""


def _drawn(font: ImageFont.FreeTypeFont, signs: Iterable[str]) -> Iterator[tuple[object, bytes]]:
    """Each sign as it is drawn; an empty one is like every other empty one."""
    for sign in signs:
        mask = font.getmask(sign)
        points = bytes(mask)
        yield (mask.size, points) if any(points) else ((0, 0), b"")
