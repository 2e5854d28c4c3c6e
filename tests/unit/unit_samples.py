"""A case, a desk, a reading for tests of the core: whole, small, and the same every time."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from bot.taxonomy_file import load_taxonomy
from bot.work_calendar import ChineseCalendar
from intake.cases import Case
from intake.desk import Desk
from intake.facts import Facts
from intake.grids import Chat, ChatRef, DutyEntry, Grid, Purpose
from intake.lifecycle import CaseKind, State
from intake.people import Person
from intake.reading import ItemGuess, Kind, Reading, Triage
from intake.rules import Rules
from intake.taxonomy import Level, Taxonomy, Tier, Visibility

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)  # 二
GRID = "DEMO-1"
PATH = ("D", "S", "C", GRID)
GROUP = ChatRef("web", "group")
STAFF = ChatRef("web", "staff")
REPORTER = "王阿姨"


@lru_cache(maxsize=1)
def taxonomy() -> Taxonomy:
    return load_taxonomy()


def rules() -> Rules:
    return Rules(taxonomy(), ChineseCalendar(), ZONE)


def a_desk() -> Desk:
    """One grid with a residents' and a staff group, and a grid worker on duty."""
    chats = {
        GROUP: Chat(GROUP, GRID),
        STAFF: Chat(STAFF, GRID, Purpose.STAFF),
    }
    people = {
        "web:wang": Person("web:wang", REPORTER),
        "web:chen": Person("web:chen", "小陈", private=("web", "p-chen")),
    }
    duty = (DutyEntry(1, "web:chen", "值班网格员"),)
    grids = {GRID: Grid(GRID, "第一网格", PATH, duty=duty)}
    return Desk(rules(), Facts(chats=chats, people=people, grids=grids), NOW)


def a_case(**changed: Any) -> Case:
    """A street lamp that 王阿姨 reported, dispatched to the department that leads."""
    fields: dict[str, Any] = {
        "id": f"{GRID}-1",
        "grid": GRID,
        "number": 1,
        "kind": CaseKind.REQUEST,
        "state": State.DISPATCHED,
        "triage": Triage.AUTO,
        "category": "SZ",
        "item": "SZ03",
        "level": Level.B,
        "lead": "JS",
        "co": (),
        "tier": Tier.DEPARTMENT,
        "visibility": Visibility.GROUP,
        "emergency": None,
        "place": "3栋楼下",
        "said": "3栋楼下路灯又不亮了",
        "title": "市政设施",
        "reporter": "web:wang",
        "chat": GROUP,
        "message": "m1",
        "guesses": ("SZ03", "WY01", "GY01"),
        "opened_at": NOW,
        "respond_due": NOW,
        "resolve_due": NOW,
    }
    return Case(**(fields | changed))


LIFT = (ItemGuess("WY01", 0.9), ItemGuess("WY02", 0.05), ItemGuess("SZ03", 0.01))


def a_reading(asks: float, kind: Kind, otherwise: Reading | None = None) -> Reading:
    return Reading(
        text="电梯又停了",
        kind=kind,
        request_probability=asks,
        guesses=LIFT,
        category="WY" if kind.asks else None,
        item="WY01" if kind.asks else None,
        level=None,
        lead=None,
        visibility=None,
        triage=Triage.AUTO,
        emergency=None,
        masks=(),
        masked_text="电梯又停了",
        places=(),
        because=(),
        otherwise=otherwise,
    )
