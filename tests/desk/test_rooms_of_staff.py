"""Which rooms of the web chat a role opens: staff work in theirs and are not counted as neighbours."""

from __future__ import annotations

import pytest
from office import Office

from bot.web.room.demo import residents_room, staff_room, volunteers_room
from bot.web.room.staffing import join_rooms
from intake.people import WORK_ROLES, Grant, Role
from storage.room import RoomRepository
from storage.room_records import Member

RESIDENTS, STAFF = residents_room("DEMO-1"), staff_room("DEMO-1")
NEW = "web:new"


async def inside(office: Office, person: str) -> set[str]:
    found = await office.store.read(
        lambda tx: RoomRepository(tx.connection).memberships_of([person])
    )
    return {one.chat for one in found}


async def joins(office: Office, role: Role, scope: str = "DEMO-1") -> set[str]:
    """What somebody new is in who is given a role."""
    member = Member(NEW, "新来的", "", "c1")
    await office.store.write(
        lambda tx: RoomRepository(tx.connection).add_members([member], office.now)
    )
    await office.store.write(lambda tx: join_rooms(tx, NEW, Grant(role, scope), office.now))
    return {room for room in await inside(office, NEW) if not room.startswith("p-")}


@pytest.mark.parametrize("role", sorted(WORK_ROLES - {Role.DEPARTMENT}))
async def test_who_works_here_is_not_counted_among_the_neighbours(
    office: Office, role: Role
) -> None:
    assert await joins(office, role) == {STAFF, volunteers_room("DEMO-1")}


async def test_a_street_centre_is_in_no_residents_room_of_its_grids(office: Office) -> None:
    rooms = await joins(office, Role.STREET, "DEMO-S")
    assert rooms.isdisjoint({residents_room(f"DEMO-{number}") for number in (1, 2, 3)})


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.PARTY_MEMBER, Role.BUILDING_HEAD])
async def test_who_is_a_neighbour_too_is_among_them(office: Office, role: Role) -> None:
    assert RESIDENTS in await joins(office, role)


@pytest.mark.parametrize("name", ["chen", "sun", "wu", "street", "auditor", "admin"])
async def test_sitting_down_at_the_desk_joins_no_room(office: Office, name: str) -> None:
    before = await inside(office, f"web:demo-{name}")
    visitor = await office.sits(name)
    assert (await visitor.get("/desk/me"))[0] == 200
    assert await inside(office, f"web:demo-{name}") == before
