"""Which rooms of the web chat somebody belongs to by their role.

The law of this file: a role opens the rooms of its scope and no others: staff their grids' staff rooms,
volunteers the volunteers' rooms, a department's people the rooms of their department. Into a
residents' room it puts neighbours alone: who works for a grid comes in by its link, as everybody does.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.channels.web import NAME
from intake.grids import Chat, Purpose
from intake.people import STAFF_ROLES, WORK_ROLES, Grant, Person, PersonId, Role
from storage.room import RoomRepository
from storage.store import Tx

_HELPERS = frozenset({Role.VOLUNTEER, Role.PARTY_MEMBER})


def join_rooms(tx: Tx, person: PersonId, grant: Grant, now: datetime) -> None:
    """Put a member of the web chat into the rooms that a grant opens; nobody else is touched."""
    if not person.startswith(f"{NAME}:"):
        return
    paths = {grid.id: grid.path for grid in tx.grids.all()}
    rooms = [chat.ref.chat for chat in _opened(tx.chats.all(), grant, paths)]
    RoomRepository(tx.connection).join([(room, person) for room in rooms], now)


def fill_room(tx: Tx, chat: Chat, now: datetime) -> None:
    """Put those into a new room of the web chat whose roles open it. Residents come by their link."""
    grid = tx.grids.get(chat.grid)
    if grid is None or chat.ref.channel != NAME:
        return
    scopes = (*grid.path, *([chat.department] if chat.department else []))
    people = [one for one in tx.people.in_scopes(scopes) if one.id.startswith(f"{NAME}:")]
    paths = {grid.id: grid.path}
    inside = [one.id for one in people if any(_opens(chat, grant, paths) for grant in one.grants)]
    RoomRepository(tx.connection).join([(chat.ref.chat, id) for id in inside], now)


def leave_rooms(tx: Tx, person: Person, grant: Grant) -> None:
    """Take a member of the web chat out of the rooms that only a grant opened, which `person` has no more.
    The residents' rooms stay theirs: one may live where one worked."""
    if not person.id.startswith(f"{NAME}:"):
        return
    paths = {grid.id: grid.path for grid in tx.grids.all()}
    chats = [chat for chat in tx.chats.all() if chat.purpose is not Purpose.RESIDENTS]
    kept = {chat.ref for one in person.grants for chat in _opened(chats, one, paths)}
    gone = [chat.ref.chat for chat in _opened(chats, grant, paths) if chat.ref not in kept]
    RoomRepository(tx.connection).leave_all(gone, person.id)


def _opened(chats: list[Chat], grant: Grant, paths: dict[str, tuple[str, ...]]) -> Iterator[Chat]:
    for chat in chats:
        if chat.ref.channel != NAME:
            continue
        if grant.role is Role.DEPARTMENT:
            if chat.purpose is Purpose.DEPARTMENT and chat.department == grant.scope:
                yield chat
        elif grant.scope in paths.get(chat.grid, ()) and _may_enter(grant.role, chat.purpose):
            yield chat


def _opens(chat: Chat, grant: Grant, paths: dict[str, tuple[str, ...]]) -> bool:
    return any(_opened([chat], grant, paths))


def _may_enter(role: Role, purpose: Purpose) -> bool:
    if purpose is Purpose.RESIDENTS:
        return role not in WORK_ROLES
    if purpose is Purpose.VOLUNTEERS:
        return role in _HELPERS or role in STAFF_ROLES
    return purpose is Purpose.STAFF and role in STAFF_ROLES
