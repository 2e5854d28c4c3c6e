"""A new room of the web chat, with the link by which neighbours enter.

The law of this file: a room that is there is left as it is, and so is a link that still holds.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from storage.room import RoomRepository
from storage.room_records import Invitation, Room
from storage.tx import Tx

ROOM_LINK_LASTS = timedelta(days=365)
"""The link of a residents' room hangs in the stairwell; it can be revoked."""


def web_room(tx: Tx, chat: str, grid: str, now: datetime, title: str = "") -> str:
    """Make the room of a web chat if it is not there; the code of an invitation into it."""
    rooms = RoomRepository(tx.connection)
    if rooms.room(chat) is None:
        rooms.add_rooms([Room(chat, "group", title or chat, grid)], now)
    for known in rooms.invitations(chat):
        if known.open_at(now):
            return known.code
    code = secrets.token_urlsafe(9)
    rooms.invite(Invitation(code, chat, now, now + ROOM_LINK_LASTS))
    return code
