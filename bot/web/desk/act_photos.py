"""Photos that come with an act on the page of a case: what was done, as it looks now.

The law of this file: the same doors as everywhere (`photo_form.py`): made anew, few, and never so many that a
telephone could fill the disk. Whatever is wrong with a photo is said in a sentence, and the words stay.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Final

from aiohttp import web

from bot.web.desk.guard import AtDesk, DeskGuard
from bot.web.desk.words_photos import TERMS, PhotoWrong
from bot.web.photo_form import Sent, sent_of
from bot.web.room.limits import Buckets, Pace
from bot.web.room.photos import PhotoFolder
from bot.web.room.refusals import TooFast
from intake.acts import Act
from intake.people import PersonId

WITH_PHOTOS: Final = frozenset({Act.REPORT, Act.FINISH})
"""Acts that tell of work, which can be seen."""
_PACE: Final = Pace(60, 1.0)


class ActPhotos:
    """Reads such forms. Without a folder no photos are taken."""

    def __init__(self, guard: DeskGuard, folder: PhotoFolder | None) -> None:
        self._folder = folder
        self._pace = Buckets(_PACE, lambda: guard.clock().timestamp())

    @property
    def taken(self) -> bool:
        """Whether photos are taken at all."""
        return self._folder is not None

    def sent(self, request: web.Request, here: AtDesk) -> AbstractAsyncContextManager[Sent]:
        """The form in a request. Raises TooBig for too many words."""
        return sent_of(request, self._folder, TERMS, partial(self._may_send, here.person.id))

    def _may_send(self, person: PersonId) -> None:
        """Raises TooFast."""
        self._pace.take(person)


def photos_wrong(sent: Sent | None) -> str:
    """What is wrong with the photos of a form, or ""."""
    if sent is None or sent.refusal is None:
        return ""
    return PhotoWrong.TOO_FAST if isinstance(sent.refusal, TooFast) else str(sent.refusal)
