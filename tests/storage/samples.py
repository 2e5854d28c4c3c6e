"""Things for storage tests: each with every field set to something that is not its default."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from intake.cases import (
    Case,
    Entry,
    Example,
    Follower,
    Gathering,
    Line,
    LineRole,
    Prompt,
    Timer,
    TimerKind,
)
from intake.grids import Chat, ChatRef, DutyEntry, Grid, Purpose
from intake.lifecycle import Action, CaseKind, State
from intake.notices import Button, Post, Urgency
from intake.people import Person
from intake.reading import Triage
from intake.taxonomy import Level, Tier, Visibility
from storage.records import Arrival
from storage.tx import Tx

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

GROUP = ChatRef("tg", "-100")
OTHER = ChatRef("tg", "-200")
STAFF = ChatRef("tg", "-300")


def arrival(number: int, lane: str = "tg:-100", channel: str = "tg") -> Arrival:
    return Arrival(
        channel, str(number), lane, {"n": number, "text": "路灯又不亮了"}, NOW + number * SECOND
    )


def a_case(number: int = 1, grid: str = "G-1", state: State = State.ACCEPTED) -> Case:
    return Case(
        id=f"{grid}-{number}",
        grid=grid,
        number=number,
        kind=CaseKind.WISH,
        state=state,
        triage=Triage.ASK,
        category="C01",
        item="C0102",
        level=Level.B,
        lead="D01",
        co=("D02", "D03"),
        tier=Tier.MEDIATION,
        visibility=Visibility.MASKED,
        emergency="E01",
        place="3栋楼下",
        said="3栋楼下路灯又不亮了",
        title="路灯",
        reporter="tg:1",
        chat=GROUP,
        message="77",
        guesses=("C0102", "C0103"),
        opened_at=NOW,
        respond_due=NOW + MINUTE,
        resolve_due=NOW + DAY,
        provisional=True,
        taken_by="tg:2",
        responded_at=NOW + 2 * MINUTE,
        done_words="换了灯泡",
        done_by="tg:2",
        done_at=NOW + 3 * MINUTE,
        closed_at=NOW + 4 * MINUTE,
        score=4,
        voices=3,
        reopened=1,
        returns=2,
        alert=1,
        merged_into="G-1-99",
        published="请帮王阿姨换灯泡",
        entries=2,
    )


def a_post(number: int, chat: ChatRef = GROUP, urgency: Urgency = Urgency.ANSWER) -> Post:
    return Post(
        key=f"key-{number}",
        chat=chat,
        urgency=urgency,
        template="accepted",
        params={"number": "G-1-1"},
        text=f"已受理 {number}",
        cause=f"tg:{number}",
        created_at=NOW,
        buttons=(Button("不是报事", "withdraw:G-1-1"),),
        reply_to="77",
        case="G-1-1",
        audience="staff",
    )


ENTRY = Entry("G-1-1", 1, NOW, Action.ACCEPT, "tg:2", "好的", "draft", "accepted")
LINE = Line("G-1-1", GROUP, "77", "tg:1", LineRole.OPENED, "路灯又不亮了", ("photo",), NOW)
FOLLOWER = Follower("G-1-1", "tg:3", OTHER)
GATHERING = Gathering(GROUP, "tg:1", ("在吗",), ("76",), ("photo",), "3栋", NOW, NOW + SECOND)
PROMPT = Prompt("tg:1", GROUP, "G-1-1", Action.FINISH, NOW + DAY)
EXAMPLE = Example("G-1-1", "路灯又不亮了", "C0102", "C0103", "tg:2", "button", NOW)
TIMER = Timer("respond:G-1-1", TimerKind.RESPOND_DUE, "G-1-1", NOW + MINUTE, "G-1")
PERSON = Person("tg:1", "王阿姨", (), ("tg", "1"), True, "wang@example.org", "G-1")
CHAT = Chat(GROUP, "G-1", Purpose.DEPARTMENT, "D01", NOW + MINUTE, "3栋邻里群")
GRID = Grid(
    "G-1", "一格", ("D", "S", "C", "G-1"), ("小花园",), (DutyEntry(1, "tg:2", "网格员"),), 1
)


def set_up(tx: Tx, grid_count: int = 2) -> None:
    """Grids G-1 … with a residents' chat each: tg:-100, tg:-200 …"""
    for number in range(1, grid_count + 1):
        id = f"G-{number}"
        tx.grids.add([replace(GRID, id=id, path=("D", "S", "C", id))])
        tx.chats.bind(ChatRef("tg", f"-{number}00"), id)
