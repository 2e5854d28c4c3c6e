"""The room's tables: order, cursors, idempotency, forgetting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from bot.web.room.demo import PERSONAS, seed_rooms
from storage.room import KEPT, RoomRepository
from storage.room_records import (
    BotPost,
    Draft,
    Invitation,
    Member,
    NoSuchPhoto,
    NoSuchRoom,
    Photo,
    private_chat,
)
from storage.store import Store

T = TypeVar("T")
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)  # Sunday
WANG, LI, WU = "web:demo-wang", "web:demo-li", "web:demo-wu"
GROUP = "DEMO-1"


class Rooms:
    """A repository whose every call is a transaction of its own."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def do(self, work: Callable[[RoomRepository], T]) -> T:
        return self.store.write_now(lambda tx: work(RoomRepository(tx.connection)))

    def say(self, person: str, text: str, cid: str | None = None, chat: str = GROUP) -> str:
        draft = Draft(f"{person}-{text}", chat, person, cid, text)
        return self.do(lambda r: r.say(draft, NOW))[0].id

    def post(self, post: BotPost) -> None:
        self.do(lambda r: r.post(post, NOW))

    def invite(self, invitation: Invitation) -> None:
        self.do(lambda r: r.invite(invitation))

    def changes(self, cursor: int, limit: int = 100) -> list[tuple[int, str]]:
        found, _ = self.do(lambda r: r.changes({GROUP: cursor}, limit))
        return [(m.rev, m.id) for m in found]


@pytest.fixture
def rooms(store: Store) -> Rooms:
    """On SQLite, on PostgreSQL and in memory."""
    store.write_now(lambda tx: seed_rooms(tx, ["DEMO-1", "DEMO-2"], PERSONAS, NOW))
    return Rooms(store)


def test_seeding_twice_changes_nothing(rooms: Rooms) -> None:
    before = rooms.do(lambda r: r.listing("web:demo-chen"))
    rooms.store.write_now(lambda tx: seed_rooms(tx, ["DEMO-1", "DEMO-2"], PERSONAS, NOW))
    assert rooms.do(lambda r: r.listing("web:demo-chen")) == before
    assert [item.room.chat for item in before if item.room.kind == "group"] == [
        "DEMO-1",
        "DEMO-1-staff",
        "DEMO-1-volunteers",
        "DEMO-2",
        "DEMO-2-staff",
        "DEMO-2-volunteers",
    ]


def test_everybody_has_a_private_talk(rooms: Rooms) -> None:
    chats = [item.room.chat for item in rooms.do(lambda r: r.listing(WU))]
    assert chats == ["DEMO-JS", private_chat(WU)]


def test_each_change_takes_the_next_rev(rooms: Rooms) -> None:
    first, second = rooms.say(WANG, "一"), rooms.say(LI, "二")
    rooms.do(lambda r: r.withdraw(GROUP, first, WANG, NOW))
    assert rooms.changes(0) == [(2, second), (3, first)]
    assert rooms.changes(2) == [(3, first)]
    assert rooms.changes(3) == []


def test_a_cursor_walks_through_in_small_steps(rooms: Rooms) -> None:
    said = [rooms.say(WANG, str(number)) for number in range(10)]
    seen, cursor = [], 0
    while step := rooms.changes(cursor, limit=3):
        seen += [message for _, message in step]
        cursor = step[-1][0]
    assert seen == said


def test_said_twice_with_one_client_id_is_said_once(rooms: Rooms) -> None:
    draft = Draft("a", GROUP, WANG, "client-id", "灯")
    again = Draft("b", GROUP, WANG, "client-id", "灯")
    assert rooms.do(lambda r: r.say(draft, NOW))[1]
    message, new = rooms.do(lambda r: r.say(again, NOW))
    assert (message.id, new) == ("a", False)
    assert rooms.changes(0) == [(1, "a")]


def test_a_post_is_written_once_per_key(rooms: Rooms) -> None:
    post = BotPost("p", "ack:1", GROUP, "收到啦", (("+1", "plus:1"),))
    assert rooms.do(lambda r: r.post(post, NOW))[1]
    repeat = BotPost("q", "ack:1", GROUP, "收到啦")
    message, changed = rooms.do(lambda r: r.post(repeat, NOW))
    assert (message.id, changed) == ("p", False)
    assert message.buttons == (("+1", "plus:1"),)


def test_an_edit_replaces_in_place_and_an_old_one_does_not_come_back(rooms: Rooms) -> None:
    for id_, key, text, edits in (
        ("p", "ack", "受理", None),
        ("q", "ack2", "办理中", "ack"),
        ("r", "ack3", "办好了", "ack2"),
        ("s", "ack2", "办理中", "ack"),  # repeated after a kill
    ):
        post = BotPost(id_, key, GROUP, text, edits=edits)
        rooms.post(post)
    (message,) = rooms.do(lambda r: r.history(GROUP, 0, None, 10))[0]
    assert (message.id, message.text, message.edited, message.rev) == ("p", "办好了", True, 3)


def test_an_edit_of_something_unknown_is_a_new_post(rooms: Rooms) -> None:
    post = BotPost("p", "k", GROUP, "收到", edits="never sent")
    assert rooms.do(lambda r: r.post(post, NOW))[0].id == "p"


def test_an_unknown_room_is_refused(rooms: Rooms) -> None:
    with pytest.raises(NoSuchRoom):
        rooms.do(lambda r: r.post(BotPost("p", "k", "DEMO-9", "收到"), NOW))


def test_a_quote_is_shown_and_dies_with_its_message(rooms: Rooms) -> None:
    first = rooms.say(WANG, "路灯不亮")
    answer = Draft("b", GROUP, LI, None, "是啊", quote=first)
    message = rooms.do(lambda r: r.say(answer, NOW))[0]
    assert message.quote is not None
    assert (message.quote.name, message.quote.text) == ("王阿姨", "路灯不亮")
    rooms.do(lambda r: r.withdraw(GROUP, first, WANG, NOW))
    quote = rooms.do(lambda r: r.message("b")).quote  # type: ignore[union-attr]
    assert quote is not None
    assert (quote.text, quote.withdrawn) == (None, True)


def test_a_message_of_another_room_cannot_be_quoted(rooms: Rooms) -> None:
    secret = rooms.say("web:demo-chen", "工作群的话", chat="DEMO-1-staff")
    message = rooms.do(lambda r: r.say(Draft("b", GROUP, LI, None, "?", quote=secret), NOW))[0]
    assert message.quote is None


def test_only_the_sender_takes_back_and_only_once(rooms: Rooms) -> None:
    first = rooms.say(WANG, "说错了")
    assert rooms.do(lambda r: r.withdraw(GROUP, first, LI, NOW)) == (False, [])
    assert rooms.do(lambda r: r.withdraw(GROUP, first, WANG, NOW)) == (True, [])
    assert rooms.do(lambda r: r.withdraw(GROUP, first, WANG, NOW)) == (False, [])
    gone = rooms.do(lambda r: r.message(first))
    assert gone is not None
    assert (gone.text, gone.withdrawn, gone.rev) == (None, True, 2)


def test_unread_counts_what_others_said_after_the_mark(rooms: Rooms) -> None:
    rooms.say(WANG, "一")
    rooms.say(LI, "二")
    rooms.do(lambda r: r.post(BotPost("p", "k", GROUP, "收到"), NOW))
    rooms.do(lambda r: r.note("n", GROUP, "有人来了", NOW))
    item = next(i for i in rooms.do(lambda r: r.listing(WANG)) if i.room.chat == GROUP)
    assert (item.unread, item.members) == (2, 7)
    assert item.last is not None
    assert item.last.id == "n"
    rooms.do(lambda r: r.mark_read(GROUP, WANG, 3))
    item = next(i for i in rooms.do(lambda r: r.listing(WANG)) if i.room.chat == GROUP)
    assert item.unread == 0


def test_a_read_mark_never_goes_back(rooms: Rooms) -> None:
    rooms.say(LI, "一")
    rooms.do(lambda r: r.mark_read(GROUP, WANG, 1))
    rooms.do(lambda r: r.mark_read(GROUP, WANG, 0))
    assert rooms.do(lambda r: r.membership(GROUP, WANG)).read_mark == 1  # type: ignore[union-attr]


def test_a_newcomer_sees_only_what_comes_after(rooms: Rooms) -> None:
    rooms.say(WANG, "以前")
    rooms.do(lambda r: r.add_members([Member("web:new", "老张")], NOW))
    assert rooms.do(lambda r: r.join([(GROUP, "web:new")], NOW, history=False))
    assert not rooms.do(lambda r: r.join([(GROUP, "web:new")], NOW, history=False))
    later = rooms.say(LI, "以后")
    since = rooms.do(lambda r: r.membership(GROUP, "web:new")).since  # type: ignore[union-attr]
    messages, more = rooms.do(lambda r: r.history(GROUP, since, None, 10))
    assert ([m.id for m in messages], more) == ([later], False)


def test_history_pages_backwards(rooms: Rooms) -> None:
    said = [rooms.say(WANG, str(number)) for number in range(7)]
    last, more = rooms.do(lambda r: r.history(GROUP, 0, None, 3))
    assert ([m.id for m in last], more) == (said[4:], True)
    rest, more = rooms.do(lambda r: r.history(GROUP, 0, last[0].seq, 10))
    assert ([m.id for m in rest], more) == (said[:4], False)


def test_a_photo_belongs_to_its_owner_and_one_message(rooms: Rooms) -> None:
    rooms.do(lambda r: r.add_photo(Photo("a.jpg", 4, 3), GROUP, WANG, NOW))
    theft = Draft("t", GROUP, LI, None, None, photos=("a.jpg",))
    with pytest.raises(NoSuchPhoto):
        rooms.do(lambda r: r.say(theft, NOW))
    assert not rooms.do(lambda r: r.photo_seen_by("a.jpg", LI))
    sent = rooms.do(lambda r: r.say(Draft("m", GROUP, WANG, None, None, photos=("a.jpg",)), NOW))[0]
    assert sent.photos == (Photo("a.jpg", 4, 3),)
    assert rooms.do(lambda r: r.photo_seen_by("a.jpg", LI))
    assert not rooms.do(lambda r: r.photo_seen_by("a.jpg", WU))
    with pytest.raises(NoSuchPhoto):
        rooms.do(lambda r: r.say(Draft("n", GROUP, WANG, None, None, photos=("a.jpg",)), NOW))
    assert rooms.do(lambda r: r.withdraw(GROUP, "m", WANG, NOW)) == (True, ["a.jpg"])
    assert not rooms.do(lambda r: r.photo_seen_by("a.jpg", LI))


def test_an_invitation_ends_by_time_or_by_hand(rooms: Rooms) -> None:
    week = timedelta(days=7)
    for code in ("one", "two"):
        invitation = Invitation(code, GROUP, NOW, NOW + week)
        rooms.invite(invitation)
    assert rooms.do(lambda r: r.revoke("two", NOW))
    assert not rooms.do(lambda r: r.revoke("two", NOW))
    first, second = rooms.do(lambda r: r.invitations(GROUP))
    assert first.open_at(NOW)
    assert not first.open_at(NOW + week)
    assert not second.open_at(NOW)


def test_after_ninety_days_it_is_forgotten(rooms: Rooms) -> None:
    rooms.do(lambda r: r.add_photo(Photo("a.jpg", 4, 3), GROUP, WANG, NOW))
    rooms.do(lambda r: r.say(Draft("old", GROUP, WANG, None, "灯", photos=("a.jpg",)), NOW))
    rooms.do(lambda r: r.post(BotPost("p", "k", GROUP, "收到", quote="old"), NOW))
    later = NOW + timedelta(days=1)
    young = Draft("young", GROUP, LI, None, "是啊", quote="old")
    rooms.do(lambda r: r.say(young, later))
    assert rooms.do(lambda r: r.purge(NOW + KEPT)) == []
    assert rooms.do(lambda r: r.purge(NOW + KEPT + timedelta(seconds=1))) == ["a.jpg"]
    messages, _ = rooms.do(lambda r: r.history(GROUP, 0, None, 10))
    assert [m.id for m in messages] == ["young"]
    assert messages[0].quote is not None
    assert messages[0].quote.withdrawn
    assert rooms.changes(0) == [(3, "young")]


def test_an_upload_that_was_never_sent_goes_after_a_day(rooms: Rooms) -> None:
    rooms.do(lambda r: r.add_photo(Photo("a.jpg", 4, 3), GROUP, WANG, NOW))
    assert rooms.do(lambda r: r.purge(NOW + timedelta(hours=23))) == []
    assert rooms.do(lambda r: r.purge(NOW + timedelta(hours=25))) == ["a.jpg"]


def test_words_of_every_kind_are_kept(rooms: Rooms) -> None:
    text = "😀\t' OR 1=1; --\n<b>&\x00"
    rooms.say(WANG, text)
    (message,) = rooms.do(lambda r: r.history(GROUP, 0, None, 10))[0]
    assert message.text == text.replace("\x00", "")
