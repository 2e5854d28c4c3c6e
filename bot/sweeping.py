"""What may no longer be kept is cleared away (design §2, what is kept)."""

from __future__ import annotations

from datetime import datetime

from bot.learning import forget_old
from bot.pictures import PictureFolder
from bot.web.room.service import WebRoom
from storage.store import Store
from storage.tx import Tx


async def sweep(
    store: Store, room: WebRoom, now: datetime, pictures: PictureFolder | None = None
) -> None:
    """Forget decided inbox rows, old posts, words, scores and cases, briefs and looks, sessions and links
    of the desk that are over, the room's history, and pictures that no post names, as far as their time has
    come; a few thousand rows a transaction, so that nobody waits long."""

    def work(tx: Tx) -> int:
        talk = (tx.inbox, tx.outbox, tx.cases, tx.retention, tx.briefs, tx.answers)
        people = (tx.audit, tx.sessions, tx.report_pages)
        return sum(keeper.forget(now) for keeper in (*talk, *people))

    while await store.write(work):
        continue
    await store.write(lambda tx: forget_old(tx, now))
    await room.purge()
    if pictures is not None:
        await pictures.sweep(await store.read(lambda tx: tx.outbox.pictures()), now)
