"""The sentences about photos in forms of the desk, the same wherever photos come with words."""

from __future__ import annotations

from typing import Final

from bot.web.photo_form import Terms

MOST_PHOTOS: Final = 3


class PhotoWrong:
    """What is wrong with the photos that were sent."""

    UNREADABLE = "有一张照片打不开，请换一张。您写的话还在。"
    TOO_BIG = "有一张照片太大了（最多 12 MB），请换一张。您写的话还在。"
    TOO_MANY = f"照片最多 {MOST_PHOTOS} 张，前 {MOST_PHOTOS} 张已收下，再点一次就交。您写的话还在。"
    TOO_FAST = "一下子发的照片太多了，歇一会儿再发。您写的话还在。"
    NOT_TAKEN = "这里现在收不了照片，请先不带照片交。您写的话还在。"
    BROKEN = "没有收全，可能是网断了一下。请再交一次。"


TERMS: Final = Terms(
    most=MOST_PHOTOS,
    too_many=PhotoWrong.TOO_MANY,
    too_big=PhotoWrong.TOO_BIG,
    unreadable=PhotoWrong.UNREADABLE,
    broken=PhotoWrong.BROKEN,
    too_long=PhotoWrong.BROKEN,
    none=PhotoWrong.NOT_TAKEN,
    carries=True,
)
"""What such a form takes; one that knows how long its words may be says so itself."""
