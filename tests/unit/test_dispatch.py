"""Quiet hours, and which chat hears what."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from unit_samples import GRID, GROUP, NOW, STAFF, ZONE, a_case, a_desk

from bot.channels.base import Capabilities
from bot.dispatch import Surroundings, posts_of
from intake.acknowledging import case_params
from intake.desk import Desk
from intake.grids import Chat, ChatRef, Purpose
from intake.manners import quiet_until
from intake.notices import (
    Button,
    Notice,
    Post,
    ToChat,
    ToDepartment,
    ToPerson,
    ToStaff,
    ToVolunteers,
    Urgency,
)
from intake.taxonomy import Visibility
from intake.templates import Template

NIGHT = (time(22), time(7))
NOON = (time(12), time(14))

# Quiet hours; now (24 November 2026 is a 二); until when it is held.
QUIET = [
    (NIGHT, "2026-11-24 21:59", None),
    (NIGHT, "2026-11-24 22:00", "2026-11-25 07:00"),
    (NIGHT, "2026-11-24 23:59", "2026-11-25 07:00"),
    (NIGHT, "2026-11-25 00:00", "2026-11-25 07:00"),
    (NIGHT, "2026-11-25 06:59", "2026-11-25 07:00"),
    (NIGHT, "2026-11-25 07:00", None),
    (NIGHT, "2026-11-25 12:00", None),
    (NIGHT, "2026-12-31 23:00", "2027-01-01 07:00"),
    (NOON, "2026-11-24 11:59", None),
    (NOON, "2026-11-24 12:00", "2026-11-24 14:00"),
    (NOON, "2026-11-24 13:59", "2026-11-24 14:00"),
    (NOON, "2026-11-24 14:00", None),
    ((time(0), time(6)), "2026-11-24 00:30", "2026-11-24 06:00"),
    ((time(0), time(6)), "2026-11-24 23:59", None),
    ((time(22), time(0)), "2026-11-24 23:00", "2026-11-25 00:00"),
    ((time(22), time(0)), "2026-11-25 00:00", None),
    (None, "2026-11-24 23:00", None),
]


def at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE) if text else None


@pytest.mark.parametrize(("quiet", "now", "until"), QUIET)
def test_quiet_hours(quiet: Any, now: str, until: str | None) -> None:
    moment = at(now)
    assert moment is not None
    assert quiet_until(moment, ZONE, quiet) == at(until)


class Phone:
    """A channel that can do everything, or as little as it is told."""

    def __init__(self, **can: Any) -> None:
        self.name = "web"
        self.capabilities = Capabilities(**can)

    def private_link(self, parameter: str) -> str | None:
        return f"https://t.example/{parameter}"


def say(notice: Notice, now: datetime = NOW, desk: Desk | None = None, **can: Any) -> list[Post]:
    desk = desk or a_desk()
    desk.begin("web:m1", now)
    desk.say(notice)
    around = Surroundings({"web": Phone(**can)}, ZONE, NIGHT)  # type: ignore[dict-item]
    return posts_of(desk, around)


def notice(urgency: Urgency = Urgency.ANSWER, **more: Any) -> Notice:
    fields: dict[str, Any] = {"params": {"case": f"{GRID}-1"}, "urgency": urgency}
    return Notice(Template.WITHDRAWN, ToChat(GROUP), **(fields | more))


LATE = NOW.replace(hour=23)


@pytest.mark.parametrize(
    ("urgency", "held"),
    [
        (Urgency.ALERT, False),
        (Urgency.ANSWER, False),
        (Urgency.PROGRESS, True),
        (Urgency.DIGEST, True),
    ],
)
def test_only_what_can_wait_waits_for_the_morning(urgency: Urgency, held: bool) -> None:
    (post,) = say(notice(urgency), LATE)
    morning = (LATE + timedelta(days=1)).replace(hour=7)
    assert post.not_before == (morning if held else None)


def test_an_edit_in_place_disturbs_nobody() -> None:
    edit = notice(Urgency.PROGRESS, params={"case": f"{GRID}-1", "edit": "ack"}, case=f"{GRID}-1")
    (post,) = say(edit, LATE, can_edit=True)
    assert post.not_before is None
    assert post.edits is not None
    assert say(edit, LATE, can_edit=False) == []


def test_a_silenced_group_hears_only_alerts() -> None:
    desk = a_desk()
    until = NOW + timedelta(hours=1)
    desk.facts.chats[GROUP] = Chat(GROUP, GRID, silent_until=until)
    assert say(notice(Urgency.ANSWER), desk=desk)[-1].not_before == until
    assert say(notice(Urgency.ALERT), desk=desk)[-1].not_before is None


def test_where_buttons_are_unknown_none_are_sent() -> None:
    pressed = notice(buttons=(Button("不是报事", "no:DEMO-1-1"),))
    assert say(pressed, buttons=False)[0].buttons == ()
    assert say(pressed, buttons=True)[0].buttons == pressed.buttons


def test_staff_without_a_chat_are_the_people_on_duty() -> None:
    desk = a_desk()
    to_staff = Notice(Template.STAFF_HUMAN, ToStaff(GRID), {"by": "王阿姨"})
    assert [post.chat for post in say(to_staff, desk=desk)] == [STAFF]
    del desk.facts.chats[STAFF]
    desk.changes.notices.clear()
    assert [post.chat for post in say(to_staff, desk=desk)] == [ChatRef("web", "p-chen")]


def test_somebody_who_cannot_be_reached_alone_hears_nothing() -> None:
    assert say(Notice(Template.WELCOME, ToPerson("web:wang"))) == []
    assert say(Notice(Template.WELCOME, ToPerson("web:nobody"))) == []
    (post,) = say(Notice(Template.WELCOME, ToPerson("web:chen")))
    assert (post.chat, post.audience) == (ChatRef("web", "p-chen"), "private")


def test_a_departments_chat_and_its_other_ways() -> None:
    desk = a_desk()
    room = ChatRef("web", "js")
    desk.facts.chats[room] = Chat(room, GRID, Purpose.DEPARTMENT, "JS")
    desk.facts.chats[ChatRef("web", "sw")] = Chat(
        ChatRef("web", "sw"), GRID, Purpose.DEPARTMENT, "SW"
    )
    desk.begin("web:m1", NOW)
    desk.say(Notice(Template.STAFF_HUMAN, ToDepartment("JS", GRID), {"by": "x"}))
    mail = ChatRef("mail", "js@example.org")
    around = Surroundings({"web": Phone()}, ZONE, None, {"JS": (mail,)})  # type: ignore[dict-item]
    assert [post.chat for post in posts_of(desk, around)] == [room, mail]


def test_volunteers_hear_in_their_own_chats() -> None:
    desk = a_desk()
    room = ChatRef("web", "help")
    desk.facts.chats[room] = Chat(room, GRID, Purpose.VOLUNTEERS)
    params = {"case": "DEMO-1-1", "wish_words": "轮椅", "area": "第一网格"}
    (post,) = say(Notice(Template.WISH_PUBLISHED, ToVolunteers(GRID), params), desk=desk)
    assert (post.chat, post.audience) == (room, "staff")


def test_the_same_cause_gives_the_same_keys() -> None:
    """Deciding a line again must not say it twice."""
    keys = [[post.key for post in say(notice())] for _ in range(2)]
    assert keys[0] == keys[1]
    ack = Notice(Template.ACK_SURE, ToChat(GROUP), {"case": "c"}, case=a_case().id)
    assert say(ack)[0].key == f"ack|{GRID}-1|{GROUP}"


@pytest.mark.parametrize("template", Template)
def test_no_sentence_brings_a_private_case_into_a_group(template: Template) -> None:
    """Whoever forgets to ask first: the number of a danger is all that comes through."""
    desk = a_desk()
    secret = {"said": "老板三个月没发工资了", "place": "3栋2单元", "title": "欠薪"}
    case = desk.add_case(a_case(visibility=Visibility.PRIVATE, **secret))
    params = case_params(desk, case) | {"by": "王阿姨", "reporter": "王阿姨", "at": NOW.isoformat()}
    posts = say(Notice(template, ToChat(GROUP), params | {"words": "转账单已看过"}), desk=desk)
    assert [post.template for post in posts] in ([], [Template.ALARM])
    for post in posts:
        assert not [one for one in (*secret.values(), "王阿姨", "转账单") if one in post.text]
