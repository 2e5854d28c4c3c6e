"""What may no longer be kept is cleared away (design §2, what is kept)."""

from __future__ import annotations

from datetime import datetime

from bot.web.room.service import WebRoom
from storage.store import Store
from storage.tx import Tx


async def sweep(store: Store, room: WebRoom, now: datetime) -> None:
    """Forget decided inbox rows, old posts, and the room's history, as far as their time has come."""

    def work(tx: Tx) -> None:
        tx.inbox.forget(now)
        tx.outbox.forget(now)

    await store.write(work)
    await room.purge()
