"""What the web channel reads, as a table; nonsense is nothing for us and never a crash."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import web
from bot.channels.base import Channel
from bot.channels.web import WebChannel
from intake.commands import Command, Pressed, Quote, Said, Sender, Started, Unsaid
from intake.grids import ChatRef
from intake.notices import Post

AT = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)  # Sunday
ARRIVED = datetime(2026, 11, 22, 1, 2, 9, tzinfo=UTC)
GROUP = ChatRef("web", "DEMO-1")
ALONE = ChatRef("web", "p-web:demo-wang")
WANG = Sender("web:demo-wang", "王阿姨")
LI = Sender("web:demo-li", "李叔")


class NoRoom:
    async def post(self, post: Post) -> str:
        raise AssertionError("reading sends nothing")


CHANNEL: Channel = WebChannel(NoRoom(), "http://127.0.0.1:8080/")

READS: list[tuple[str, dict[str, Any], Command]] = [
    (
        "a line in the group",
        web.said("DEMO-1", False, "m1", WANG, "路灯不亮了", AT),
        Said(GROUP, "m1", WANG, "路灯不亮了", AT),
    ),
    (
        "a photo without words",
        web.said("DEMO-1", False, "m2", WANG, None, AT, photos=("a.jpg", "b.jpg")),
        Said(GROUP, "m2", WANG, "", AT, media=("photo", "photo")),
    ),
    (
        "an answer to a neighbour",
        web.said("DEMO-1", False, "m3", LI, "#报事", AT, web.quoted("m1", WANG, "灯", 1)),
        Said(GROUP, "m3", LI, "#报事", AT, quote=Quote("m1", WANG, "灯", ("photo",))),
    ),
    (
        "an answer to the bot, privately",
        web.said("p-web:demo-wang", True, "m4", WANG, "5", AT, web.quoted("b", web.BOT, "问", 0)),
        Said(ALONE, "m4", WANG, "5", AT, private=True, quote=Quote("b", web.BOT, "问")),
    ),
    (
        "a button",
        web.pressed("DEMO-1", False, "b1", LI, "plus:12", "press-1", AT),
        Pressed(GROUP, "b1", LI, "plus:12", AT, press="press-1"),
    ),
    (
        "taken back",
        web.unsaid("DEMO-1", False, "m1", WANG, AT),
        Unsaid(GROUP, "m1", AT, WANG),
    ),
    (
        "the private talk opened by a link",
        web.started("p-web:demo-wang", WANG, "inv-1", AT),
        Started(ALONE, WANG, "inv-1", AT),
    ),
]


@pytest.mark.parametrize(
    ("payload", "command"), [row[1:] for row in READS], ids=[r[0] for r in READS]
)
def test_reads_what_the_room_writes(payload: dict[str, Any], command: Command) -> None:
    assert CHANNEL.read(payload, ARRIVED) == command


SAID = READS[0][1]
NONSENSE: list[tuple[str, Any]] = [
    ("empty", {}),
    ("no type", {"chat": "DEMO-1"}),
    ("unknown type", {**SAID, "type": "sung"}),
    ("type is a list", {**SAID, "type": ["said"]}),
    ("no chat", {k: v for k, v in SAID.items() if k != "chat"}),
    ("chat is a number", {**SAID, "chat": 1}),
    ("chat is empty", {**SAID, "chat": ""}),
    ("no sender", {**SAID, "sender": None}),
    ("sender is a word", {**SAID, "sender": "王"}),
    ("text is null", {**SAID, "text": None}),
    ("media is a word", {**SAID, "media": "photo"}),
    ("media of numbers", {**SAID, "media": [1]}),
    ("quote is a word", {**SAID, "quote": "m1"}),
    ("quote without sender", {**SAID, "quote": {"message": "m1", "text": ""}}),
    ("a press without data", {**READS[4][1], "data": ""}),
    ("not even a mapping", ["said"]),
]


@pytest.mark.parametrize("payload", [row[1] for row in NONSENSE], ids=[row[0] for row in NONSENSE])
def test_nonsense_is_nothing_for_us(payload: Any) -> None:
    assert CHANNEL.read(payload, ARRIVED) is None


@pytest.mark.parametrize("at", [None, 5, "gestern", "2026-11-22T01:02:03"])
def test_an_odd_time_is_that_of_arrival(at: object) -> None:
    command = CHANNEL.read({**SAID, "at": at}, ARRIVED)
    assert isinstance(command, Said)
    assert command.at == ARRIVED


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(
    st.sampled_from(["said", "pressed", "unsaid", "started"]), st.sampled_from(sorted(SAID)), JSON
)
def test_no_payload_makes_it_crash(kind: str, key: str, value: Any) -> None:
    CHANNEL.read(
        {**SAID, "data": "d", "press": "p", "parameter": "x", "type": kind, key: value}, ARRIVED
    )


def test_the_private_link_carries_its_parameter_safely() -> None:
    assert CHANNEL.private_link("a/b&c") == "http://127.0.0.1:8080/chat?start=a%2Fb%26c"


def test_it_says_what_it_can_do() -> None:
    able = CHANNEL.capabilities
    assert CHANNEL.name == "web"
    assert able.can_edit
    assert able.repeats
    assert able.buttons
    assert able.can_private
