"""Posts that wait for a morning, how much a group was told unasked, and the manners of nodes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from samples import DAY, GROUP, MINUTE, NOW, OTHER, STAFF, a_post, set_up

from intake.grids import ChatRef
from intake.manners import OwnManners
from intake.notices import Post, Urgency
from storage.outbox import KEEP_SENT
from storage.store import Store

MORNING = NOW + timedelta(hours=10)


def held(number: int, chat: ChatRef = GROUP) -> Post:
    post = replace(a_post(number, chat), urgency=Urgency.PROGRESS, audience="group")
    return replace(post, not_before=MORNING, morning=MORNING)


def add(store: Store, *posts: Post) -> None:
    store.write_now(lambda tx: tx.outbox.add(posts))


def waits(store: Store, at: datetime = MORNING) -> dict[ChatRef, list[Post]]:
    return store.read_now(lambda tx: tx.mornings.of_grids(["G-1"], at))


def pending(store: Store) -> int:
    return store.read_now(lambda tx: tx.outbox.pending())


def bound(store: Store) -> None:
    store.write_now(set_up)
    store.write_now(lambda tx: tx.chats.bind(OTHER, "G-1"))


def test_what_is_held_is_never_sent_by_itself(store: Store) -> None:
    bound(store)
    add(store, held(1), held(2), held(3, OTHER))
    late = MORNING + DAY
    assert store.write_now(lambda tx: tx.outbox.claim("t", late, MINUTE, 10)) == []
    assert waits(store, MORNING - MINUTE) == {}
    assert waits(store) == {GROUP: [held(1), held(2)], OTHER: [held(3, OTHER)]}
    assert pending(store) == 3
    assert store.read_now(lambda tx: tx.outbox.pending(late)) == 0


def test_what_was_said_together_is_over_and_what_was_not_is_gone(store: Store) -> None:
    bound(store)
    add(store, held(1), held(2))
    fates = {held(1).key: True, held(2).key: False}
    for _ in range(2):
        store.write_now(lambda tx: tx.mornings.close(fates, MORNING))
    assert waits(store) == {}
    assert pending(store) == 0
    (fate,) = store.read_now(lambda tx: tx.outbox.every())
    assert (fate.post.key, fate.sent_at) == (held(1).key, MORNING)


def test_a_post_held_again_for_the_same_cause_is_held_once(store: Store) -> None:
    bound(store)
    add(store, held(1))
    add(store, replace(held(1), morning=None, not_before=None))
    assert waits(store) == {GROUP: [held(1)]}


def test_what_is_held_moves_with_its_chat_and_goes_with_time(store: Store) -> None:
    bound(store)
    add(store, held(1))
    moved = ChatRef("tg", "-100100")
    store.write_now(lambda tx: tx.chats.move(GROUP, moved, NOW))
    (post,) = waits(store)[moved]
    assert (post.chat, post.reply_to) == (moved, None)
    assert store.write_now(lambda tx: tx.outbox.forget(NOW + KEEP_SENT + DAY)) == 1


def test_only_what_nobody_asked_for_is_counted(store: Store) -> None:
    bound(store)
    told = replace(a_post(1), urgency=Urgency.PROGRESS, audience="group", edits=None)
    told = replace(told, not_before=None)
    add(
        store,
        told,
        replace(told, key="k2", urgency=Urgency.DIGEST),
        replace(told, key="k3", urgency=Urgency.ANSWER),
        replace(told, key="k4", urgency=Urgency.ALERT),
        replace(told, key="k5", edits="k1"),
        replace(told, key="k6", chat=STAFF, audience="staff"),
        replace(told, key="k7", chat=OTHER),
        replace(told, key="k8", created_at=NOW - DAY),
        held(9),
    )
    count = store.read_now(lambda tx: tx.mornings.unasked([GROUP, STAFF], NOW - MINUTE))
    assert count == {GROUP: 2}


def test_the_manners_of_nodes(store: Store) -> None:
    def stamp() -> int:
        return store.read_now(lambda tx: tx.settings.stamp())

    before = stamp()
    own = OwnManners("G-1", "23-6", 0)
    store.write_now(lambda tx: tx.manners.put(own))
    store.write_now(lambda tx: tx.manners.put(OwnManners("S", None, 3)))
    assert store.read_now(lambda tx: tx.manners.all()) == {
        "G-1": own,
        "S": OwnManners("S", None, 3),
    }
    store.write_now(lambda tx: tx.manners.put(OwnManners("S")))
    store.write_now(lambda tx: tx.manners.put(replace(own, budget=None)))
    assert store.read_now(lambda tx: tx.manners.all()) == {"G-1": OwnManners("G-1", "23-6")}
    assert stamp() == before + 4


def alone(number: int, case: str, template: str, chat: ChatRef = OTHER) -> Post:
    post = replace(a_post(number, chat), urgency=Urgency.PROGRESS, audience="private", edits=None)
    return replace(post, case=case, template=template, not_before=MORNING)


def test_news_for_somebody_alone_gives_way_to_newer_and_goes_with_what_is_over(
    store: Store,
) -> None:
    bound(store)
    progress = alone(1, "G-1-1", "progress")
    elsewhere = alone(2, "G-1-1", "progress", STAFF)
    asked, taken = alone(3, "G-1-2", "please_rate"), alone(4, "G-1-2", "taken")
    over, merged = alone(5, "G-1-3", "progress"), alone(6, "G-1-3", "merged")
    add(store, progress, elsewhere, asked, taken, over, merged)

    def overtake(at: datetime) -> list[str]:
        newer = {("G-1-1", OTHER), (None, OTHER)}
        store.write_now(lambda tx: tx.mornings.overtake(newer, {"G-1-3"}, {"G-1-2"}, at))
        return [fate.post.key for fate in store.read_now(lambda tx: tx.outbox.every())]

    every = [one.key for one in (progress, elsewhere, asked, taken, over, merged)]
    assert overtake(MORNING) == every, "in the morning it is on its way"
    left = [one.key for one in (elsewhere, taken, merged)]
    assert overtake(NOW) == left
    assert overtake(NOW) == left
    sent = store.write_now(lambda tx: tx.outbox.claim("t", MORNING, MINUTE, 10))
    assert {row.post.key for row in sent} <= set(left)
