"""Pictures of posts: kept once under the hash of what they are, and gone when nothing names them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.pictures import PictureFolder


async def test_the_same_picture_is_kept_once(tmp_path: Path) -> None:
    folder = PictureFolder(tmp_path / "pictures")
    one, again = await folder.keep(b"chart"), await folder.keep(b"chart")
    other = await folder.keep(b"another")
    assert one == again != other
    assert sorted(path.name for path in (tmp_path / "pictures").iterdir()) == sorted([one, other])
    assert await folder.read(one) == b"chart"


@pytest.mark.parametrize("name", ["", "../x.png", "a" * 64, "a" * 64 + ".png", "A" * 64 + ".png"])
async def test_only_our_own_names_are_read(tmp_path: Path, name: str) -> None:
    assert await PictureFolder(tmp_path).read(name) is None


async def test_what_no_post_names_goes_after_a_day(tmp_path: Path) -> None:
    folder, now = PictureFolder(tmp_path), datetime.now(UTC)
    named, lost = await folder.keep(b"named"), await folder.keep(b"lost")
    await folder.sweep({named}, now)
    assert await folder.read(lost) == b"lost", "its post may be on its way"
    await folder.sweep({named}, now + timedelta(days=2))
    assert await folder.read(lost) is None
    assert await folder.read(named) == b"named"


async def test_a_folder_that_is_not_there_is_swept(tmp_path: Path) -> None:
    await PictureFolder(tmp_path / "none").sweep(set(), datetime.now(UTC))
