"""Bulletins and answer cards: kept, remembered between batches, counted, forgotten."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from samples import NOW, set_up
from test_storage_statements import statements

from intake.answer_cards import AnswerCard
from intake.bulletins import Asked, Bulletin, BulletinState
from intake.facts import Changes, Wants
from intake.grids import ChatRef, MessageRef
from intake.reading import Triage
from storage.answers import KEEP, KEEP_ASKED, Told
from storage.store import Store, Tx

HOUR = timedelta(hours=1)
GROUP = ChatRef("tg", "-100")
WATER = Bulletin(
    "b1",
    ("GY01",),
    ("G-1",),
    ("1", "2"),
    "停水",
    "水务",
    NOW - HOUR,
    NOW + HOUR,
    BulletinState.KEPT,
    "tg:1",
    NOW,
)
CARD = AnswerCard("c1", ("几点开门",), "九点", "告示", ("G-1",), NOW + 90 * 24 * HOUR, "tg:1", NOW)
ASKED = Asked("b1", "tg:7", "G-1", GROUP, "5", "没水了", "1栋", ("GY01:0.990",), Triage.AUTO, NOW)


def keep(tx: Tx) -> None:
    set_up(tx, 2)
    tx.answers.save_bulletins([WATER])
    tx.answers.save_card(CARD)
    tx.answers.save_asked([ASKED])


def test_what_is_kept_comes_back_as_it_was(store: Store) -> None:
    store.write_now(keep)
    known = store.read_now(lambda tx: tx.answers.known(NOW))
    assert (known.bulletins, known.cards) == ((WATER,), (CARD,))
    assert store.read_now(lambda tx: tx.answers.bulletin("b1")) == WATER
    assert store.read_now(lambda tx: tx.answers.card("c1")) == CARD
    assert store.read_now(lambda tx: tx.answers.asked_about(["b1"])) == [ASKED]
    assert store.read_now(lambda tx: tx.answers.asked_by(["tg:7"], ["b1", "c1"])) == [ASKED]
    assert store.read_now(lambda tx: tx.answers.asked_by(["tg:8"], ["b1"])) == []


def test_facts_hold_what_reaches_the_grid_and_answered_the_speaker(store: Store) -> None:
    store.write_now(keep)
    elsewhere = replace(WATER, id="b2", scopes=("G-2",))
    store.write_now(lambda tx: tx.answers.save_bulletins([elsewhere]))
    wants = Wants(chats=frozenset({GROUP}), identities=frozenset({"tg:7"}))
    facts = store.read_now(lambda tx: tx.desk.load(wants, NOW))
    assert set(facts.bulletins) == {"b1"}
    assert facts.cards == (CARD,)
    assert facts.asked == {("b1", "tg:7"): ASKED}
    due = store.read_now(lambda tx: tx.desk.load(Wants(bulletins=frozenset({"b1"})), NOW))
    assert due.asked == {("b1", "tg:7"): ASKED}
    assert GROUP in due.chats


def test_a_batch_asks_one_small_value_where_nothing_is_kept(store: Store) -> None:
    wants = Wants(chats=frozenset({GROUP}), identities=frozenset({"tg:7"}))

    def work(tx: Tx) -> list[str]:
        with statements(tx) as seen:
            tx.desk.load(wants, NOW)
        return [
            text for text, _ in seen if re.search(r"FROM (bulletins|answer_cards|asked)\b", text)
        ]

    store.write_now(lambda tx: set_up(tx, 2))
    assert store.read_now(work) == []
    store.write_now(keep_only)
    assert len(store.read_now(work)) == 3, "bulletins, cards, and whom they answered"
    assert len(store.read_now(work)) == 1, "only whom they answered"


def keep_only(tx: Tx) -> None:
    tx.answers.save_bulletins([WATER])
    tx.answers.save_card(CARD)


def test_a_change_is_seen_by_the_next_batch(store: Store) -> None:
    store.write_now(keep)
    assert len(store.read_now(lambda tx: tx.answers.known(NOW)).bulletins) == 1
    ended = replace(WATER, state=BulletinState.ENDED)
    store.write_now(lambda tx: tx.answers.save_bulletins([ended]))
    assert store.read_now(lambda tx: tx.answers.known(NOW)).bulletins == ()


def test_what_was_rolled_back_is_not_remembered(store: Store) -> None:
    store.write_now(keep)

    def fails(tx: Tx) -> None:
        tx.answers.save_bulletins([replace(WATER, words="别的")])
        assert tx.answers.known(NOW).bulletins[0].words == "别的"
        raise ValueError("undone")

    with pytest.raises(ValueError, match="undone"):
        store.write_now(fails)
    assert store.read_now(lambda tx: tx.answers.known(NOW)).bulletins == (WATER,)


def test_what_is_long_over_or_waited_too_long_is_known_no_more(store: Store) -> None:
    some = [
        replace(WATER, id="old", ends_at=NOW - 13 * HOUR, starts_at=NOW - 14 * HOUR),
        replace(WATER, id="over", ends_at=NOW - HOUR),
        replace(WATER, id="waits", state=BulletinState.PROPOSED),
        replace(WATER, id="late", state=BulletinState.PROPOSED, made_at=NOW - 8 * 24 * HOUR),
        replace(WATER, id="dropped", state=BulletinState.DROPPED),
    ]
    store.write_now(lambda tx: tx.answers.save_bulletins(some))
    store.write_now(lambda tx: tx.answers.save_card(replace(CARD, expires_at=NOW)))
    known = store.read_now(lambda tx: tx.answers.known(NOW))
    assert {one.id for one in known.bulletins} == {"over", "waits"}
    assert known.cards == ()


def test_persons_are_counted_once(store: Store) -> None:
    store.write_now(keep)
    changes = Changes(
        asked={
            ("b1", "tg:7"): replace(ASKED, missed=True),
            ("b1", "tg:8"): replace(ASKED, person="tg:8"),
        }
    )
    store.write_now(lambda tx: tx.desk.save(changes, [], NOW))
    assert store.read_now(lambda tx: tx.answers.told(["b1", "c1"])) == {"b1": Told(2, 1)}


def test_withdrawn_words_go_and_a_chat_that_moves_takes_them_along(store: Store) -> None:
    store.write_now(keep)
    changes = Changes(erased=[MessageRef(GROUP, "5")])
    store.write_now(lambda tx: tx.desk.save(changes, [], NOW))
    (one,) = store.read_now(lambda tx: tx.answers.asked_about(["b1"]))
    assert (one.words, one.place) == ("", None)
    there = ChatRef("tg", "-1001")
    store.write_now(lambda tx: tx.chats.move(GROUP, there, NOW))
    (one,) = store.read_now(lambda tx: tx.answers.asked_about(["b1"]))
    assert one.chat == there


def test_everything_goes_in_its_time(store: Store) -> None:
    store.write_now(keep)
    assert store.write_now(lambda tx: tx.answers.forget(NOW + KEEP_ASKED)) == 0
    assert store.write_now(lambda tx: tx.answers.forget(NOW + KEEP_ASKED + HOUR)) == 1
    assert store.write_now(lambda tx: tx.answers.forget(NOW + 2 * KEEP)) == 2
