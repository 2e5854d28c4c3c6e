"""The pictures of docs/pictures: small, shown, and told to whoever cannot see them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
PICTURES = sorted((ROOT / "docs" / "pictures").iterdir())
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LARGEST = 60_000


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.name)
def test_a_picture_is_small(picture: Path) -> None:
    assert picture.stat().st_size <= LARGEST, "run: make pictures"
    with Image.open(picture) as opened:
        assert opened.width in (780, 1440)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_picture_that_is_shown_is_there_and_described(page: Path) -> None:
    for tag in re.findall(r"<img [^>]*>", page.read_text(encoding="utf-8")):
        source = re.search(r'src="([^"]+)"', tag)
        words = re.search(r'alt="([^"]+)"', tag)
        assert source is not None, tag
        assert (page.parent / source[1]).is_file(), tag
        assert words is not None, tag
        assert len(words[1]) > 10, tag


def test_both_readmes_show_the_same_pictures() -> None:
    shown = [
        re.findall(r'<img src="([^"]+)"', (ROOT / name).read_text(encoding="utf-8"))
        for name in ("README.md", "README.zh-CN.md")
    ]
    assert shown[0] == shown[1] != []
