"""The people and rooms of the demo neighbourhood.

The law of this file: fixed ids, so that the seeding of people and roles can name them. Seeding twice changes
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.room import RoomRepository
from storage.room_records import Member, Room
from storage.store import Tx


class Place(StrEnum):
    """The kinds of room a persona sits in."""

    RESIDENTS = "residents"
    STAFF = "staff"
    VOLUNTEERS = "volunteers"
    DEPARTMENT = "department"


@dataclass(frozen=True, slots=True)
class Persona:
    """`label` is the tag that is shown; `places` are the rooms, in every demo grid unless
    `first_grid_only`."""

    person: str
    name: str
    label: str
    avatar: str
    places: tuple[Place, ...]
    first_grid_only: bool = False


_GROUP = (Place.RESIDENTS,)
_STAFF = (Place.RESIDENTS, Place.STAFF)
_HELPS = (Place.RESIDENTS, Place.VOLUNTEERS)

PERSONAS: tuple[Persona, ...] = (
    Persona("web:demo-wang", "王阿姨", "居民", "c0", _GROUP, True),
    Persona("web:demo-li", "李叔", "居民", "c1", _GROUP, True),
    Persona("web:demo-zhao", "陌生人小赵", "居民", "c2", _GROUP, True),
    Persona("web:demo-chen", "小陈", "网格员", "c3", (*_STAFF, Place.VOLUNTEERS)),
    Persona("web:demo-zhou", "周楼长", "楼长", "c4", _STAFF, True),
    Persona("web:demo-lin", "林书记", "党员志愿者", "c5", _HELPS),
    Persona("web:demo-he", "小何", "志愿者", "c6", _HELPS),
    Persona("web:demo-sun", "孙姐", "调度", "c7", (Place.STAFF, Place.VOLUNTEERS)),
    Persona("web:demo-wu", "老吴", "市政科", "c8", (Place.DEPARTMENT,)),
    # In no group: what climbs up to them is told in their own talk with the bot.
    Persona("web:demo-street", "街道中心方主任", "街道", "c0", ()),
    Persona("web:demo-district", "区中心值班室", "区", "c1", ()),
)

DEPARTMENT_ROOM = "DEMO-JS"
DEPARTMENT_CODE = "JS"


_ORDER = {persona.person: place for place, persona in enumerate(PERSONAS)}


def in_order(members: Iterable[Member]) -> list[Member]:
    """The personas as they stand in `PERSONAS`, others behind them."""
    return sorted(members, key=lambda member: (_ORDER.get(member.person, 99), member.person))


def residents_room(grid: str) -> str:
    return grid


def staff_room(grid: str) -> str:
    return f"{grid}-staff"


def volunteers_room(grid: str) -> str:
    return f"{grid}-volunteers"


def seed_rooms(tx: Tx, grid_ids: Sequence[str], personas: Iterable[Persona], now: datetime) -> None:
    """The rooms of these grids and the department's, the personas, and who is where."""
    rooms, people = RoomRepository(tx.connection), list(personas)
    rooms.add_rooms(_rooms(grid_ids), now)
    rooms.add_members([_member(persona) for persona in people], now)
    rooms.join(_places(grid_ids, people), now)


def _rooms(grid_ids: Sequence[str]) -> list[Room]:
    department = Room(DEPARTMENT_ROOM, "group", "市政科派单群")
    return [
        department,
        *(Room(residents_room(g), "group", f"{g} 邻里群", g) for g in grid_ids),
        *(Room(staff_room(g), "group", f"{g} 工作群", g) for g in grid_ids),
        *(Room(volunteers_room(g), "group", f"{g} 志愿者群", g) for g in grid_ids),
    ]


def _member(persona: Persona) -> Member:
    return Member(persona.person, persona.name, persona.label, persona.avatar, demo=True)


def _places(grid_ids: Sequence[str], people: Iterable[Persona]) -> list[tuple[str, str]]:
    return [
        (chat, persona.person)
        for persona in people
        for grid in (grid_ids[:1] if persona.first_grid_only else grid_ids)
        for chat in _chats(persona, grid)
    ]


def _chats(persona: Persona, grid: str) -> list[str]:
    chats = {
        Place.RESIDENTS: residents_room(grid),
        Place.STAFF: staff_room(grid),
        Place.VOLUNTEERS: volunteers_room(grid),
        Place.DEPARTMENT: DEPARTMENT_ROOM,
    }
    return [chats[place] for place in persona.places]
