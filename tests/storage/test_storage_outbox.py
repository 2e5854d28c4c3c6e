"""Outbox: order per chat, one in flight, retry, parking, what may have been sent twice."""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

from samples import DAY, GROUP, MINUTE, NOW, OTHER, SECOND, STAFF, a_post

from intake.grids import ChatRef, MessageRef
from intake.notices import Post, Urgency
from storage.outbox import KEEP_SENT
from storage.records import OutboxRow
from storage.store import Store


def add(store: Store, *posts: Post) -> None:
    store.write_now(lambda tx: tx.outbox.add(posts))


def claim(store: Store, at: datetime = NOW, owner: str = "test", limit: int = 10, skip=()):  # type: ignore[no-untyped-def]
    return store.write_now(lambda tx: tx.outbox.claim(owner, at, MINUTE, limit, skip))


def sent(store: Store, *rows: OutboxRow, at: datetime = NOW) -> None:
    store.write_now(lambda tx: tx.outbox.sent([(r.id, r.lease, f"m{r.id}") for r in rows], at))


def keys(rows: list[OutboxRow]) -> list[str]:
    return [row.post.key for row in rows]


def pending(store: Store, now: datetime | None = None) -> int:
    return store.read_now(lambda tx: tx.outbox.pending(now))


def test_a_post_comes_back_whole_and_speaks_once(store: Store) -> None:
    post = replace(a_post(1), not_before=NOW - SECOND, edits="key-0", picture="a.png")
    add(store, post, post)
    add(store, replace(post, text="anders"))
    (row,) = claim(store)
    assert (row.post, row.attempts, row.uncertain) == (post, 1, False)
    bare = Post("k", OTHER, Urgency.ALERT, "t", {}, "", "tg:1", NOW)
    add(store, bare)
    (row,) = claim(store)
    assert row.post == bare
    sent(store, row)
    add(store, bare)
    assert (claim(store), pending(store)) == ([], 1)


def test_a_chat_gets_its_posts_one_after_the_other(store: Store) -> None:
    add(store, a_post(1), a_post(2, OTHER), a_post(3), a_post(4, OTHER))
    rows = claim(store)
    assert keys(rows) == ["key-1", "key-2"]
    assert claim(store) == []
    sent(store, rows[1])
    assert keys(claim(store)) == ["key-4"]
    sent(store, rows[0])
    assert keys(claim(store)) == ["key-3"]
    assert pending(store) == 2


def test_urgent_chats_come_first_and_some_are_passed_over(store: Store) -> None:
    progress = [a_post(n, STAFF, Urgency.PROGRESS) for n in (1, 2)]
    add(store, *progress, a_post(3, GROUP), a_post(4, OTHER, Urgency.ALERT))
    assert keys(claim(store, limit=1)) == ["key-4"]
    assert keys(claim(store, limit=1, skip=[GROUP])) == ["key-1"]
    assert keys(claim(store)) == ["key-3"]


def test_a_held_post_lets_later_ones_pass(store: Store) -> None:
    morning = NOW + 8 * 60 * MINUTE
    add(store, replace(a_post(1), not_before=morning), a_post(2), a_post(3))
    (row,) = claim(store)
    assert keys([row]) == ["key-2"]
    sent(store, row)
    (row,) = claim(store)
    sent(store, row)
    assert claim(store) == []
    assert (pending(store), pending(store, NOW)) == (1, 0)
    assert store.read_now(lambda tx: tx.outbox.next_due()) == morning
    assert claim(store, morning - SECOND) == []
    assert keys(claim(store, morning)) == ["key-1"]


def test_a_post_being_retried_holds_up_its_chat_only(store: Store) -> None:
    add(store, a_post(1), a_post(2), a_post(3, OTHER))
    (row, other) = claim(store)
    later = NOW + 30 * SECOND
    store.write_now(lambda tx: tx.outbox.retry(row.id, row.lease, later, "429"))
    sent(store, other)
    assert claim(store) == []
    add(store, a_post(4))
    assert claim(store, later - SECOND) == []
    (again,) = claim(store, later)
    assert (again.post.key, again.attempts, again.uncertain) == ("key-1", 2, False)
    sent(store, again)
    assert keys(claim(store, later)) == ["key-2"]
    (fate,) = store.read_now(lambda tx: tx.outbox.of_cause("tg:1"))
    assert (fate.message_id, fate.error, fate.attempts) == (f"m{row.id}", None, 2)


def test_a_parked_post_says_why_and_lets_the_chat_go_on(store: Store) -> None:
    add(store, a_post(1), a_post(2))
    (row,) = claim(store)
    store.write_now(lambda tx: tx.outbox.park(row.id, row.lease, "403 blocked", NOW))
    assert keys(claim(store)) == ["key-2"]
    (parked,) = store.read_now(lambda tx: tx.outbox.parked())
    assert (parked.post.key, parked.error, parked.parked_at) == ("key-1", "403 blocked", NOW)
    assert pending(store) == 1


def test_what_a_killed_sender_held_is_uncertain_and_sent_once_more(store: Store) -> None:
    add(store, a_post(1), a_post(2), a_post(3, OTHER))
    claim(store)
    assert store.write_now(lambda tx: tx.outbox.drop_leases("other")) == 0
    assert store.write_now(lambda tx: tx.outbox.drop_leases("test")) == 2
    assert store.write_now(lambda tx: tx.outbox.drop_leases("test")) == 0
    rows = claim(store)
    assert [(r.post.key, r.uncertain, r.attempts) for r in rows] == [
        ("key-1", True, 2),
        ("key-3", True, 2),
    ]
    sent(store, *rows)
    assert keys(claim(store)) == ["key-2"]
    assert store.read_now(lambda tx: tx.figures.read(NOW)).posts_uncertain == 2


def test_an_expired_lease_is_uncertain_too_and_a_late_word_still_counts(store: Store) -> None:
    add(store, a_post(1), a_post(2))
    (slow,) = claim(store, owner="slow")
    (again,) = claim(store, NOW + MINUTE, "quick")
    assert (again.id, again.uncertain) == (slow.id, True)
    late = NOW + MINUTE
    store.write_now(lambda tx: tx.outbox.retry(slow.id, slow.lease, late, "too late to say"))
    sent(store, slow)  # it did arrive, whoever holds it now
    sent(store, again, at=late)
    (fate,) = store.read_now(lambda tx: tx.outbox.of_cause("tg:1"))
    assert (fate.sent_at, fate.error) == (NOW, None)
    assert keys(claim(store, late)) == ["key-2"]


def test_untried_posts_are_given_back(store: Store) -> None:
    add(store, a_post(1))
    rows = claim(store)
    store.write_now(lambda tx: tx.outbox.release(rows))
    (row,) = claim(store)
    assert (row.attempts, row.uncertain) == (1, False)


def test_edits_find_the_message_that_they_replace(store: Store) -> None:
    add(
        store,
        a_post(1),
        replace(a_post(2), edits="key-1"),
        replace(a_post(3, OTHER), edits="key-1"),
    )
    first, other = claim(store)
    assert other.edits_message is None
    sent(store, first)
    (second,) = claim(store)
    assert second.edits_message == f"m{first.id}"


def test_cases_are_found_behind_sent_posts(store: Store) -> None:
    add(store, a_post(1), a_post(2, OTHER), replace(a_post(3), case=None))
    rows = claim(store)
    sent(store, *rows)
    here, there = (MessageRef(row.post.chat, f"m{row.id}") for row in rows)
    wanted = [here, there, MessageRef(OTHER, here.message + "x")]
    assert store.read_now(lambda tx: tx.outbox.cases_behind(wanted)) == {
        here: "G-1-1",
        there: "G-1-1",
    }
    assert [s.post.key for s in store.read_now(lambda tx: tx.outbox.of_case("G-1-1"))] == [
        "key-1",
        "key-2",
    ]
    assert store.read_now(lambda tx: tx.outbox.find("x")) is None


def test_a_moved_chat_takes_its_waiting_posts_along(store: Store) -> None:
    add(store, a_post(1), a_post(2), a_post(3))
    (row,) = claim(store)
    sent(store, row)
    claim(store)  # key-2 is in flight
    store.write_now(lambda tx: tx.outbox.move_chat(GROUP, OTHER))
    assert claim(store, skip=[OTHER]) == []
    (moved,) = claim(store)
    assert (moved.post.key, moved.post.chat, moved.post.reply_to) == ("key-2", OTHER, None)
    assert moved.uncertain
    assert pending(store) == 2


def test_old_posts_are_forgotten_once_they_are_done(store: Store) -> None:
    add(store, a_post(1), a_post(2))
    (row,) = claim(store)
    sent(store, row)
    late = NOW + KEEP_SENT + DAY
    assert store.write_now(lambda tx: tx.outbox.forget(late)) == 1
    assert pending(store) == 1


def test_pictures_are_named_as_long_as_a_post_is_kept(store: Store) -> None:
    shown = [replace(a_post(n), picture=name) for n, name in ((1, "a.png"), (2, "b.png"))]
    add(store, *shown, replace(a_post(3, OTHER), picture="a.png"), a_post(4))
    assert store.read_now(lambda tx: tx.outbox.pictures()) == {"a.png", "b.png"}
    for _ in range(3):
        sent(store, *claim(store))
    later = NOW + KEEP_SENT + SECOND
    assert store.write_now(lambda tx: tx.outbox.forget(later)) == 4
    assert store.read_now(lambda tx: tx.outbox.pictures()) == set()


def test_many_senders_keep_the_order_and_repeat_nothing(shared_url: str) -> None:
    """Three stores (processes) send, now and then one gives a post back or tries it again."""
    out: dict[ChatRef, list[int]] = defaultdict(list)
    flying: set[ChatRef] = set()

    def sender(number: int) -> None:
        me = f"sender-{number}"
        with Store.open(shared_url, me, workers=1) as store:
            turn = 0
            while pending(store):
                turn += 1
                rows = claim(store, owner=me, limit=3)
                for row in rows:
                    assert row.post.chat not in flying
                    flying.add(row.post.chat)
                for row in rows:
                    flying.remove(row.post.chat)
                    if turn % 7 == 0:
                        store.write_now(lambda tx, row=row: tx.outbox.release([row]))  # type: ignore[misc]
                    elif turn % 5 == 0:
                        store.write_now(
                            lambda tx, row=row: tx.outbox.retry(row.id, row.lease, NOW, "again")  # type: ignore[misc]
                        )
                    else:
                        out[row.post.chat].append(int(row.post.cause[3:]))
                        sent(store, row)

    with Store.open(shared_url, "setup") as store:
        add(store, *(a_post(n, ChatRef("tg", str(n % 7))) for n in range(150)))
    with ThreadPoolExecutor(3) as pool:
        for future in [pool.submit(sender, number) for number in range(3)]:
            future.result()
    assert sum(map(len, out.values())) == 150
    assert all(numbers == sorted(numbers) for numbers in out.values())
