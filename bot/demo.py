"""The demo neighbourhood: one district, street and community with three grids, and people in every role.

The law of this file: seeding may be repeated and then changes nothing; it opens no case.
"""

from __future__ import annotations

from datetime import datetime

from bot.web.room.demo import (
    DEPARTMENT_CODE,
    DEPARTMENT_ROOM,
    PERSONAS,
    residents_room,
    seed_rooms,
    staff_room,
    volunteers_room,
)
from intake.grids import ChatRef, DutyEntry, Grid, Purpose
from intake.people import Grant, Person, Role
from storage.records import Area
from storage.tx import Tx

GRIDS = ("DEMO-1", "DEMO-2", "DEMO-3")
DISTRICT, STREET, COMMUNITY = "DEMO-D", "DEMO-S", "DEMO-C"
PLACES = ("老榕树", "小花园", "快递柜", "党群服务中心", "菜鸟驿站", "老年食堂")

_AREAS = (
    Area(DISTRICT, "district", "示范区"),
    Area(STREET, "street", "南桥街道", DISTRICT),
    Area(COMMUNITY, "community", "桥头社区", STREET),
)

ROLES: tuple[tuple[str, Role, str], ...] = (
    ("web:demo-chen", Role.GRID_WORKER, COMMUNITY),
    ("web:demo-zhou", Role.BUILDING_HEAD, "DEMO-1"),
    ("web:demo-lin", Role.PARTY_MEMBER, COMMUNITY),
    ("web:demo-he", Role.VOLUNTEER, COMMUNITY),
    ("web:demo-sun", Role.MODERATOR, COMMUNITY),
    ("web:demo-wu", Role.DEPARTMENT, DEPARTMENT_CODE),
    ("web:demo-property", Role.PROPERTY, COMMUNITY),
    ("web:demo-street", Role.STREET, STREET),
    ("web:demo-district", Role.DISTRICT, DISTRICT),
    ("web:demo-auditor", Role.AUDITOR, DISTRICT),
    ("web:demo-admin", Role.ADMIN, DISTRICT),
)
NAMES = {
    "web:demo-property": "物业小郑",
    "web:demo-street": "街道中心方主任",
    "web:demo-district": "区中心值班室",
    "web:demo-auditor": "审计老钱",
    "web:demo-admin": "管理员",
} | {persona.person: persona.name for persona in PERSONAS}
DUTY = (
    ("web:demo-chen", "值班网格员"),
    ("web:demo-sun", "值班调度"),
    ("web:demo-street", "街道值班"),
)


def seed(tx: Tx, now: datetime) -> None:
    """Areas, grids, duty lists, rooms with their bindings, people with their roles."""
    seed_rooms(tx, GRIDS, PERSONAS, now)
    tx.grids.add_areas(_AREAS)
    tx.grids.add(
        [
            Grid(grid, f"桥头社区第{number}网格", (DISTRICT, STREET, COMMUNITY, grid), PLACES)
            for number, grid in enumerate(GRIDS, 1)
        ]
    )
    _people(tx, now)
    for grid in GRIDS:
        _bind(tx, grid)
        tx.grids.set_duty(
            grid, [DutyEntry(n, person, title) for n, (person, title) in enumerate(DUTY, 1)]
        )
    ref = ChatRef("web", DEPARTMENT_ROOM)
    tx.chats.bind(ref, GRIDS[0], Purpose.DEPARTMENT, DEPARTMENT_CODE, "市政科派单群")


def _people(tx: Tx, now: datetime) -> None:
    homes = dict.fromkeys(NAMES, GRIDS[0])
    tx.people.save(
        [
            Person(person, name, private=("web", f"p-{person}"), home=homes[person])
            for person, name in NAMES.items()
        ],
        now,
    )
    for person, role, scope in ROLES:
        tx.people.grant(person, Grant(role, scope), "system", now)


def _bind(tx: Tx, grid: str) -> None:
    tx.chats.bind(
        ChatRef("web", residents_room(grid)), grid, Purpose.RESIDENTS, None, f"{grid} 邻里群"
    )
    tx.chats.bind(ChatRef("web", staff_room(grid)), grid, Purpose.STAFF, None, f"{grid} 工作群")
    tx.chats.bind(
        ChatRef("web", volunteers_room(grid)), grid, Purpose.VOLUNTEERS, None, f"{grid} 志愿者群"
    )
