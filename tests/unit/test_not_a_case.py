"""不是报事 by staff: its reporter hears it where they spoke, once and quietly."""

from __future__ import annotations

from typing import Any

import pytest
from unit_samples import GROUP, PATH, a_case, a_desk

from bot.channels.base import Capabilities
from bot.dispatch import Surroundings, posts_of
from intake.acting import act
from intake.acts import Act, Given
from intake.desk import Desk
from intake.grids import ChatRef
from intake.notices import Notice, Post, ToChat, ToPerson, Urgency
from intake.people import Grant, Person, Role
from intake.taxonomy import Visibility
from intake.templates import Template

SUN = Person("web:sun", "孙姐", (Grant(Role.MODERATOR, PATH[2]),))
WORDS = "DEMO-1-1 看过了，像是闲聊，没往下派。要是真有事，再说一句就行。"


class Channel:
    def __init__(self, can_edit: bool) -> None:
        self.capabilities = Capabilities(can_edit=can_edit)

    def private_link(self, parameter: str) -> str | None:
        return None


def pressed(**more: Any) -> Desk:
    desk = a_desk()
    case = desk.add_case(a_case(**more))
    desk.begin("desk:1", desk.now)
    act(desk, case, SUN, Act.NOT_A_CASE, Given())
    return desk


def told(desk: Desk) -> Notice:
    (notice,) = (n for _, n in desk.changes.notices if n.template == Template.NOT_A_CASE)
    assert notice.urgency is Urgency.PROGRESS
    return notice


def posted(desk: Desk, can_edit: bool) -> Post:
    around = Surroundings({"web": Channel(can_edit)}, desk.rules.zone)  # type: ignore[dict-item]
    (post,) = (p for p in posts_of(desk, around) if p.template == Template.NOT_A_CASE)
    return post


@pytest.mark.parametrize("can_edit", [True, False])
def test_the_receipt_is_put_right_or_one_word_is_said(can_edit: bool) -> None:
    post = posted(pressed(), can_edit)
    assert (post.text, post.chat) == (WORDS, GROUP)
    assert post.edits == (f"ack|DEMO-1-1|{GROUP}" if can_edit else None)


def test_what_is_private_is_told_alone() -> None:
    assert told(pressed(visibility=Visibility.PRIVATE)).audience == ToPerson("web:wang")
    assert told(pressed(chat=ChatRef("web", "p-wang"))).audience == ToPerson("web:wang")


def test_the_answer_to_a_danger_is_not_overwritten() -> None:
    notice = told(pressed(emergency="E01"))
    assert "edit" not in notice.params
    assert notice.audience == ToChat(GROUP)


def test_of_what_was_found_on_a_round_nobody_is_told() -> None:
    assert pressed(chat=ChatRef("field", "1")).changes.notices == []
