"""Fetching the photos of a platform, after their messages were decided.

The law of this file: only what has somewhere to stand is fetched (a case's line, a photo that may become a
case), so that chatter leaves nothing. It goes through the same door as every other photo (made anew, small,
without EXIF). Nothing waits for it, and what cannot be had loses no message.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.photos import photo_of
from bot.web.room.photos import MOST_BYTES, PhotoFolder
from bot.web.room.refusals import Unreadable
from intake.commands import Said
from intake.grids import MessageRef
from storage.records import InboxRow
from storage.store import Store
from storage.tx import Tx

log = logging.getLogger(__name__)

AT_ONCE = 4
MOST_WAITING = 200
"""More photos than this at one time are not fetched; their messages say that there was one."""


class PhotoFetcher:
    """Fetches in the background, a few at a time."""

    def __init__(
        self,
        telegram: TelegramChannel,
        store: Store,
        folder: PhotoFolder,
        clock: Callable[[], datetime],
    ) -> None:
        self._telegram = telegram
        self._store = store
        self._folder = folder
        self._clock = clock
        self._free = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()

    def see(self, row: InboxRow, said: Said) -> None:
        """A message with a photo was decided."""
        file_id = photo_of(row.payload, MOST_BYTES) if row.channel == self._telegram.name else None
        if file_id is None or len(self._tasks) >= MOST_WAITING:
            return
        task = asyncio.create_task(self._fetch(MessageRef(said.chat, said.message), file_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Until nothing is under way."""
        await asyncio.gather(*self._tasks)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _fetch(self, ref: MessageRef, file_id: str) -> None:
        try:
            async with self._free:
                if await self._store.read(lambda tx: tx.photos.wanted(ref)):
                    await self._keep(ref, await self._telegram.picture(file_id, MOST_BYTES))
        except Unreadable:
            log.info("what came as a photo is none that can be opened")
        except Exception as error:
            log.warning("a photo was not fetched: %s", type(error).__name__)

    async def _keep(self, ref: MessageRef, data: bytes | None) -> None:
        """Withdrawn or forgotten meanwhile, it is not kept."""
        if data is None:
            return
        photo = await self._folder.keep(data)

        def note(tx: Tx) -> bool:
            wanted = tx.photos.wanted(ref)
            if wanted:
                tx.photos.add(ref.chat, ref.message, [photo], self._clock())
            return wanted

        if not await self._store.write(note):
            self._folder.delete([photo.name])
