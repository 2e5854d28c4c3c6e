"""The town of the quarter's bench: grids, groups, and everybody who works there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from bot.channels.base import Capabilities
from bot.dispatch import Surroundings
from bot.settings import Settings
from bot.work_calendar import ChineseCalendar
from intake.commands import Command
from intake.grids import ChatRef, DutyEntry, Grid, Purpose
from intake.notices import Post
from intake.people import Grant, Person, Role
from intake.rules import Rules
from intake.taxonomy import Taxonomy
from storage.records import Area
from storage.store import Store
from storage.tx import Tx

PLACES = (
    "3栋楼下",
    "5栋2单元",
    "东门口",
    "小花园",
    "菜市场后面",
    "6栋和7栋之间",
    "地下车库",
    "幼儿园门口",
)
COMMUNITIES = 4


class Deaf:
    """A channel that nobody listens to."""

    name = "bench"
    capabilities = Capabilities(can_edit=True, repeats=True)

    def read(self, payload: Mapping[str, Any], received_at: datetime) -> Command | None:
        return None

    async def send(self, post: Post) -> str:
        return post.key

    def private_link(self, parameter: str) -> str | None:
        return None


@dataclass(frozen=True)
class Town:
    store: Store
    rules: Rules
    around: Surroundings
    grids: tuple[str, ...]
    start: datetime


def group_of(grid: str) -> ChatRef:
    return ChatRef("bench", grid)


def worker_of(grid: str) -> str:
    return f"bench:worker-{grid}"


def moderator_of(grid: str) -> str:
    return f"bench:moderator-{grid}"


def handler_of(department: str) -> str:
    return f"bench:handler-{department}"


STREET, DISTRICT = "bench:street", "bench:district"


def settle(count: int, taxonomy: Taxonomy, settings: Settings) -> Town:
    """So many grids of four communities in one street."""
    store = Store.open("sqlite://", "bench")
    start = datetime(2026, 3, 2, tzinfo=settings.zone)
    rules = Rules(taxonomy, ChineseCalendar(), settings.zone, collect=time(18), brief=time(9))
    grids = tuple(f"G{number:02}" for number in range(count))
    store.write_now(lambda tx: _settle(tx, grids, taxonomy, start))
    around = Surroundings({"bench": Deaf()}, settings.zone, settings.quiet)
    return Town(store, rules, around, grids, start)


def _settle(tx: Tx, grids: tuple[str, ...], taxonomy: Taxonomy, now: datetime) -> None:
    communities = [f"C{number}" for number in range(COMMUNITIES)]
    tx.grids.add_areas(
        [Area("D", "district", "区"), Area("S", "street", "街道", "D")]
        + [Area(one, "community", one, "S") for one in communities]
    )
    paths = {grid: ("D", "S", communities[n % COMMUNITIES], grid) for n, grid in enumerate(grids)}
    tx.grids.add([Grid(grid, f"第{grid}网格", path) for grid, path in paths.items()])
    staff = [(STREET, Role.STREET, "S"), (DISTRICT, Role.DISTRICT, "D")]
    staff += [(handler_of(code), Role.DEPARTMENT, code) for code in taxonomy.departments]
    for grid in grids:
        staff += [(worker_of(grid), Role.GRID_WORKER, grid)]
        staff += [(moderator_of(grid), Role.MODERATOR, grid)]
        tx.chats.bind(group_of(grid), grid, Purpose.RESIDENTS)
        tx.chats.bind(ChatRef("bench", f"{grid}/staff"), grid, Purpose.STAFF)
        duty = [
            DutyEntry(1, worker_of(grid)),
            DutyEntry(2, moderator_of(grid)),
            DutyEntry(3, STREET),
        ]
        tx.grids.set_duty(grid, duty)
    tx.people.save([Person(who, who, private=("bench", f"p/{who}")) for who, _, _ in staff], now)
    for who, role, scope in staff:
        tx.people.grant(who, Grant(role, scope), "bench", now)
