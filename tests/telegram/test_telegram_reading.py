"""What Telegram says and what we make of it, as tables; then what no Telegram would say."""

from __future__ import annotations

import copy
import json
import string
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.telegram.reading import read
from bot.channels.telegram.shape import Envelope, NotAnUpdate, envelope
from intake.commands import (
    BotAdded,
    BotRemoved,
    ChatMoved,
    Command,
    Pressed,
    Quote,
    Said,
    Sender,
    Started,
)
from intake.grids import ChatRef

BOT = 4242
WRITTEN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ARRIVED = WRITTEN + timedelta(seconds=2)
GROUP = ChatRef("telegram", "-100500")
TALK = ChatRef("telegram", "7")
AUNT = Sender("tg:7", "王 阿姨")

FROM = {"id": 7, "is_bot": False, "first_name": "王", "last_name": "阿姨", "language_code": "zh"}
ROOM = {"id": -100500, "type": "supergroup", "title": "三栋群"}
PRIVATE = {"id": 7, "type": "private", "first_name": "王"}
BASE: dict[str, Any] = {
    "message_id": 5,
    "date": int(WRITTEN.timestamp()),
    "chat": ROOM,
    "from": FROM,
}
SIZE = [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]
FILE = {"file_id": "a", "file_unique_id": "b"}
POINT = {"latitude": 31.2, "longitude": 121.4}


def message(kind: str = "message", /, **fields: Any) -> dict[str, Any]:
    return {"update_id": 1, kind: BASE | fields}


def said(text: str = "", **fields: Any) -> Said:
    known: dict[str, Any] = {"chat": GROUP, "message": "5", "sender": AUNT, "at": WRITTEN}
    return Said(text=text, **(known | fields))


def pressed(**fields: Any) -> dict[str, Any]:
    press = {"id": "99", "from": FROM, "chat_instance": "1", "data": "take:DEMO-1-1"}
    return {"update_id": 1, "callback_query": press | {"message": BASE | {"text": "收到"}} | fields}


def member(old: str, new: str, chat: dict[str, Any] = ROOM, **extra: Any) -> dict[str, Any]:
    bot = {"id": BOT, "is_bot": True, "first_name": "呼应"}
    return {
        "update_id": 1,
        "my_chat_member": {
            "chat": chat,
            "from": FROM,
            "date": BASE["date"],
            "old_chat_member": {"status": old, "user": bot},
            "new_chat_member": {"status": new, "user": bot} | extra,
        },
    }


ANON = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
CHANNEL = {"id": -100900, "type": "channel", "title": "街道发布"}
REPLY = BASE | {"message_id": 3, "text": "3栋路灯坏了"}
BOT_POST = {
    **BASE,
    "message_id": 4,
    "from": {"id": BOT, "is_bot": True, "first_name": "呼应"},
    "text": "收到啦",
}

READS: dict[str, tuple[dict[str, Any], Command | None]] = {
    # — words —
    "text in a group": (message(text="路灯坏了"), said("路灯坏了")),
    "text in a small group": (
        message(text="在吗", chat={"id": -5, "type": "group", "title": "群"}),
        said("在吗", chat=ChatRef("telegram", "-5")),
    ),
    "text in private": (message(text="你好", chat=PRIVATE), said("你好", chat=TALK, private=True)),
    "edited": (
        message("edited_message", text="2栋", edit_date=BASE["date"] + 1),
        said("2栋", at=WRITTEN + timedelta(seconds=1), edited=True),
    ),
    "edited without a date": (message("edited_message", text="2栋"), said("2栋", edited=True)),
    "only blanks": (message(text=" \n\t "), None),
    "only a direction mark": (message(text="\u202e"), None),
    "a command in a group": (message(text="/start abc"), said("/start abc")),
    "a bot speaks": (
        message(text="广告", **{"from": ANON | {"id": 9, "first_name": "机器"}}),
        said("广告", sender=Sender("tg:9", "机器", is_bot=True)),
    ),
    "our own message": (message(text="收到", **{"from": BOT_POST["from"]}), None),
    "forwarded": (
        message(text="转", forward_origin={"type": "hidden_user", "sender_user_name": "x"}),
        said("转"),
    ),
    "in a topic": (
        message(
            text="灯坏了",
            message_thread_id=2,
            is_topic_message=True,
            reply_to_message=BASE
            | {"message_id": 2, "forum_topic_created": {"name": "报修", "icon_color": 1}},
        ),
        said("灯坏了"),
    ),
    # — media —
    "photo with words": (message(photo=SIZE, caption="看"), said("看", media=("photo",))),
    "photo without words": (message(photo=SIZE), said(media=("photo",))),
    "a photo sent as a file": (
        message(document=FILE | {"mime_type": "image/png"}),
        said(media=("photo",)),
    ),
    "a file": (message(document=FILE | {"mime_type": "text/csv"}), said(media=("file",))),
    "voice": (message(voice=FILE | {"duration": 3}), said(media=("voice",))),
    "video": (message(video=FILE | {"duration": 3}), said(media=("video",))),
    "round video": (message(video_note=FILE), said(media=("video",))),
    "sticker": (message(sticker=FILE | {"emoji": "👍"}), said(media=("sticker",))),
    "moving picture": (message(animation=FILE, document=FILE), said(media=("sticker",))),
    "a place on the map": (message(location=POINT), said(media=("location",))),
    "a named place": (
        message(venue={"location": POINT, "title": "x"}, location=POINT),
        said(media=("location",)),
    ),
    "a live location moves": (message("edited_message", location=POINT), None),
    "a medium that is broken": (
        message(photo=[{"file_id": 7}], caption="看"),
        said("看", media=("photo",)),
    ),
    # — replies —
    "reply to a neighbour": (
        message(text="我家也是", reply_to_message=REPLY),
        said("我家也是", quote=Quote("3", AUNT, "3栋路灯坏了")),
    ),
    "reply to the bot": (
        message(text="没好", reply_to_message=BOT_POST),
        said("没好", quote=Quote("4", Sender("tg:4242", "呼应", is_bot=True), "收到啦")),
    ),
    "reply to a photo with caption": (
        message(
            text="#报事",
            reply_to_message=BASE | {"message_id": 3, "photo": SIZE, "caption": "漏水"},
        ),
        said("#报事", quote=Quote("3", AUNT, "漏水", ("photo",))),
    ),
    "reply to somebody unknown": (
        message(text="是", reply_to_message={"message_id": 3, "date": 0, "chat": ROOM}),
        said("是", quote=Quote("3", None, "")),
    ),
    "reply with nothing but a sticker": (
        message(sticker=FILE, reply_to_message=REPLY),
        said(media=("sticker",), quote=Quote("3", AUNT, "3栋路灯坏了")),
    ),
    # — who —
    "anonymous administrator": (
        message(text="通知", sender_chat=ROOM, **{"from": ANON}),
        said("通知", sender=Sender("tg:as:-100500", "三栋群")),
    ),
    "with the face of a channel": (
        message(text="通知", sender_chat=CHANNEL, **{"from": ANON | {"id": 136817688}}),
        said("通知", sender=Sender("tg:as:-100900", "街道发布")),
    ),
    "the linked channel's own post": (
        message(text="公告", sender_chat=CHANNEL, is_automatic_forward=True),
        None,
    ),
    "nobody": ({"update_id": 1, "message": {**BASE, "from": None, "text": "x"}}, None),
    "a nameless account": (
        message(text="x", **{"from": {"id": 7, "first_name": "", "username": "wang"}}),
        said("x", sender=Sender("tg:7", "wang")),
    ),
    "a name that turns the line around": (
        message(
            text="x", **{"from": {"id": 7, "first_name": "\u202e王\n\x00", "last_name": " 阿 "}}
        ),
        said("x", sender=Sender("tg:7", "王 阿")),
    ),
    "a message in a channel": (message(text="x", chat=CHANNEL), None),
    # — starting —
    "start": (message(text="/start", chat=PRIVATE), Started(TALK, AUNT, "", WRITTEN)),
    "start by a link": (
        message(text="/start c-DEMO-1-12", chat=PRIVATE),
        Started(TALK, AUNT, "c-DEMO-1-12", WRITTEN),
    ),
    "start with the bot's name": (
        message(text="/start@huying_bot inv_9", chat=PRIVATE),
        Started(TALK, AUNT, "inv_9", WRITTEN),
    ),
    "start and words": (
        message(text="/start 我家漏水", chat=PRIVATE),
        said("/start 我家漏水", chat=TALK, private=True),
    ),
    "start with too long a parameter": (
        message(text="/start " + "x" * 65, chat=PRIVATE),
        said("/start " + "x" * 65, chat=TALK, private=True),
    ),
    # — buttons —
    "a button": (
        pressed(),
        Pressed(GROUP, "5", AUNT, "take:DEMO-1-1", ARRIVED, False, "99"),
    ),
    "a button in private": (
        pressed(message=BASE | {"chat": PRIVATE}),
        Pressed(TALK, "5", AUNT, "take:DEMO-1-1", ARRIVED, True, "99"),
    ),
    "a button under an old message": (
        pressed(message={"chat": ROOM, "message_id": 5, "date": 0}),
        Pressed(GROUP, "5", AUNT, "take:DEMO-1-1", ARRIVED, False, "99"),
    ),
    "a button without chat_instance": (
        pressed(chat_instance=None),
        Pressed(GROUP, "5", AUNT, "take:DEMO-1-1", ARRIVED, False, "99"),
    ),
    "a button under a message without id": (
        pressed(message={"chat": ROOM}),
        Pressed(GROUP, "0", AUNT, "take:DEMO-1-1", ARRIVED, False, "99"),
    ),
    "a button of an inline message": (pressed(message=None, inline_message_id="z"), None),
    "a game": (pressed(data=None, game_short_name="g"), None),
    # — coming and going —
    "added": (member("left", "member"), BotAdded(GROUP, "三栋群", AUNT, WRITTEN)),
    "added again after a kick": (
        member("kicked", "administrator"),
        BotAdded(GROUP, "三栋群", AUNT, WRITTEN),
    ),
    "made administrator": (member("member", "administrator"), None),
    "kicked": (member("administrator", "kicked"), BotRemoved(GROUP, WRITTEN)),
    "left": (member("member", "left"), BotRemoved(GROUP, WRITTEN)),
    "restricted, still there": (member("member", "restricted", is_member=True), None),
    "restricted, gone": (
        member("member", "restricted", is_member=False),
        BotRemoved(GROUP, WRITTEN),
    ),
    "blocked": (member("member", "kicked", PRIVATE), BotRemoved(TALK, WRITTEN, private=True)),
    "unblocked": (member("kicked", "member", PRIVATE), None),
    "added to a channel": (member("left", "administrator", CHANNEL), None),
    "moved": (
        message(migrate_to_chat_id=-100777),
        ChatMoved(GROUP, ChatRef("telegram", "-100777"), WRITTEN),
    ),
    "moved, said in the new chat": (
        message(migrate_from_chat_id=-5),
        ChatMoved(ChatRef("telegram", "-5"), GROUP, WRITTEN),
    ),
    # — nothing for us —
    "contact": (message(contact={"phone_number": "1", "first_name": "x"}), None),
    "dice": (message(dice={"emoji": "🎲", "value": 3}), None),
    "poll": (message(poll={"id": "1", "question": "?"}), None),
    "somebody joined": (message(new_chat_members=[FROM]), None),
    "somebody left": (message(left_chat_member=FROM), None),
    "new title": (message(new_chat_title="x"), None),
    "pinned": (message(pinned_message=REPLY), None),
    "new photo of the chat": (message(new_chat_photo=SIZE), None),
    "a kind of tomorrow": ({"update_id": 1, "telepathy": {"x": 1}}, None),
    "nothing in it": ({"update_id": 1}, None),
    "reaction": ({"update_id": 1, "message_reaction": {"chat": ROOM}}, None),
    "channel post": ({"update_id": 1, "channel_post": BASE | {"text": "x"}}, None),
    # — times —
    "a time to come": (message(text="x", date=BASE["date"] + 9999), said("x", at=ARRIVED)),
    "no time": (message(text="x", date=None), said("x", at=ARRIVED)),
    "an absurd time": (message(text="x", date=10**18), said("x", at=ARRIVED)),
}


@pytest.mark.parametrize("name", READS)
def test_reads(name: str) -> None:
    payload, expected = READS[name]
    before = copy.deepcopy(payload)
    assert read(payload, ARRIVED, BOT) == expected
    assert payload == before, "reading must not change the payload"


def test_lanes_are_the_chats() -> None:
    assert envelope(message(text="x")) == Envelope(1, "message", "telegram:-100500")
    assert envelope(pressed()) == Envelope(1, "callback_query", "telegram:-100500")
    assert envelope(member("left", "member")) == Envelope(1, "my_chat_member", "telegram:-100500")
    assert envelope(pressed(message=None)) == Envelope(1)
    assert envelope({"update_id": 8}) == Envelope(8)


HARMFUL = "".join(map(chr, range(32))) + "\x7f\x85\u202a\u202e\u2066\u2069"
ODD_TEXTS = {
    "controls": (f"路{HARMFUL}灯", "路\t\n\n灯"),
    "arabic marks stay": ("سالام\u200f!", "سالام\u200f!"),
    "family of joined emoji": ("👨\u200d👩\u200d👧 ok", "👨\u200d👩\u200d👧 ok"),
    "half pair": ("坏了\ud83d", "坏了\ufffd"),
    "old line ends": ("一\r\n二\r三", "一\n二\n三"),
    "64 KB": ("漏" * 22_000, "漏" * 22_000),
    "zero width": ("3\u200b栋", "3\u200b栋"),
}


@pytest.mark.parametrize("name", ODD_TEXTS)
def test_odd_texts(name: str) -> None:
    written, kept = ODD_TEXTS[name]
    found = read(message(text=written), ARRIVED, BOT)
    assert isinstance(found, Said)
    assert found.text == kept


NOT_UPDATES: dict[str, Any] = {
    "a list": [1],
    "a string": "update",
    "nothing": None,
    "a number": 7,
    "empty": {},
    "no id": {"message": BASE},
    "id as text": {"update_id": "1"},
    "id true": {"update_id": True},
    "id null": {"update_id": None},
    "id with a fraction": {"update_id": 1.5},
    "id negative": {"update_id": -1},
    "id endless": {"update_id": 10**40},
    "id a list": {"update_id": [1]},
    "message a string": {"update_id": 1, "message": "x"},
    "message a list": {"update_id": 1, "message": [BASE]},
    "message true": {"update_id": 1, "message": True},
    "message empty": {"update_id": 1, "message": {}},
    "no chat": {"update_id": 1, "message": {"message_id": 1, "date": 1, "text": "x"}},
    "chat null": message(chat=None),
    "chat a number": message(chat=-5),
    "chat a list": message(chat=[]),
    "chat without id": message(chat={"type": "group"}),
    "chat id as text": message(chat={"id": "-5", "type": "group"}),
    "chat id true": message(chat={"id": True, "type": "group"}),
    "chat id endless": message(chat={"id": -(10**40), "type": "group"}),
    "chat id a fraction": message(chat={"id": -5.0, "type": "group"}),
    "no message id": message(message_id=None),
    "message id as text": message(message_id="5"),
    "message id endless": message(message_id=10**30),
    "text a number": message(text=5),
    "text a list": message(text=["x"]),
    "text an object": message(text={"x": 1}),
    "text true": message(text=True),
    "caption a number": message(caption=5, photo=SIZE),
    "sender a string": message(text="x", **{"from": "wang"}),
    "sender without id": message(text="x", **{"from": {"first_name": "x"}}),
    "sender id as text": message(text="x", **{"from": {"id": "7"}}),
    "sender chat a number": message(text="x", sender_chat=5),
    "reply a number": message(text="x", reply_to_message=3),
    "reply empty": message(text="x", reply_to_message={}),
    "reply id as text": message(text="x", reply_to_message={"message_id": "3"}),
    "moved to text": message(migrate_to_chat_id="-100"),
    "moved to endless": message(migrate_to_chat_id=10**40),
    "edited message a string": {"update_id": 1, "edited_message": "x"},
    "press a string": {"update_id": 1, "callback_query": "x"},
    "press without id": pressed(id=None),
    "press with a numeric id": pressed(id=5),
    "press with an empty id": pressed(id=""),
    "press without sender": pressed(**{"from": None}),
    "press with data that is a number": pressed(data=5),
    "press under text": pressed(message="x"),
    "press under no chat": pressed(message={"message_id": 1, "date": 0}),
    "membership empty": {"update_id": 1, "my_chat_member": {}},
    "membership without chat": member("left", "member", {}),
    "membership without status": {
        "update_id": 1,
        "my_chat_member": {"chat": ROOM, "old_chat_member": {}, "new_chat_member": {}},
    },
    "membership of strings": {
        "update_id": 1,
        "my_chat_member": {"chat": ROOM, "old_chat_member": "left", "new_chat_member": "member"},
    },
}


@pytest.mark.parametrize("name", NOT_UPDATES)
def test_what_is_not_an_update(name: str) -> None:
    with pytest.raises(NotAnUpdate):
        envelope(NOT_UPDATES[name])
    with pytest.raises(NotAnUpdate):
        read(NOT_UPDATES[name], ARRIVED, BOT)


TOLERATED: dict[str, dict[str, Any]] = {
    "unknown fields everywhere": message(text="x", new_thing={"a": [1]}, chat=ROOM | {"glow": 1}),
    "chat without type": message(text="x", chat={"id": -5}),
    "chat type a number": message(text="x", chat={"id": -5, "type": 7}),
    "title a list": message(text="x", chat=ROOM | {"title": ["x"]}),
    "name a number": message(text="x", **{"from": {"id": 7, "first_name": 7}}),
    "name missing": message(text="x", **{"from": {"id": 7}}),
    "date as text": message(text="x", date="today"),
    "date negative": message(text="x", date=-(10**12)),
    "entities broken": message(text="x", entities=[{"type": 7}]),
    "entities a string": message(text="x", entities="bold"),
    "keyboard broken": message(text="x", reply_markup={"inline_keyboard": [[{}]]}),
    "forward broken": message(text="x", forward_origin={"type": "martian"}),
    "thread as text": message(text="x", message_thread_id="2"),
    "reply in a reply": message(text="x", reply_to_message=REPLY | {"reply_to_message": 7}),
    "reply with text a number": message(text="x", reply_to_message=REPLY | {"text": 7}),
    "reply with sender a list": message(text="x", reply_to_message=REPLY | {"from": [7]}),
    "mime a number": message(text="x", document={"mime_type": 7}),
    "two kinds at once": message(text="x") | {"callback_query": "?"},
}


@pytest.mark.parametrize("name", TOLERATED)
def test_what_is_odd_but_a_neighbours_word(name: str) -> None:
    found = read(TOLERATED[name], ARRIVED, BOT)
    assert isinstance(found, Said)
    assert found.text == "x"


WORDS = """
    id update_id message edited_message callback_query my_chat_member chat from sender_chat text
    caption date edit_date message_id reply_to_message data status old_chat_member type title
    new_chat_member first_name is_bot photo document location migrate_to_chat_id message_thread_id
    forum_topic_created mime_type
"""
KEYS = st.sampled_from(WORDS.split())
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.sampled_from(["/start x", "private", "member", "\ud800", "\x00", string.whitespace])
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=25,
)


def _reads_or_refuses(payload: Any) -> None:
    """What the door lets in can be read: nothing is answered 200 and then found unreadable."""
    try:
        envelope(payload)
    except NotAnUpdate:
        with pytest.raises(NotAnUpdate):
            read(payload, ARRIVED, BOT)
        return
    found = read(payload, ARRIVED, BOT)
    if isinstance(found, Said):
        found.text.encode()
        found.sender.name.encode()


@settings(max_examples=400, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(ANYTHING)
def test_never_crashes_on_anything(payload: Any) -> None:
    _reads_or_refuses(payload)


@settings(max_examples=600, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(READS)), st.data())
def test_never_crashes_on_updates_that_went_bad(name: str, data: st.DataObject) -> None:
    """Take a lawful update and replace or remove something anywhere in it."""
    payload = json.loads(json.dumps(READS[name][0]))
    here: Any = payload
    for _ in range(data.draw(st.integers(1, 4))):
        if not isinstance(here, dict) or not here:
            break
        key = data.draw(st.sampled_from(sorted(here)))
        if data.draw(st.booleans()):
            here = here[key]
        elif data.draw(st.booleans()):
            here[key] = data.draw(ANYTHING)
        else:
            del here[key]
    _reads_or_refuses(payload)
