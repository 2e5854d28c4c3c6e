"""Words that wait for a tap: kept, found by their key and by whoever said them, let go, and forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from samples import DAY, GROUP, NOW

from intake.cases import Held
from intake.facts import Changes, Wants
from storage.retention import KEEP_HALF_SAID
from storage.store import Store

HELD = Held(
    "k3fab9",
    "tg:1",
    "G-1",
    GROUP,
    "77",
    "修好了",
    ("photo",),
    ("G-1-2", "G-1-1"),
    NOW,
    NOW + timedelta(hours=24),
)


def save(store: Store, **held: Held | None) -> None:
    store.write_now(lambda tx: tx.desk.save(Changes(held=dict(held)), [], NOW))


def loaded(store: Store, *keys: str) -> dict[str, Held]:
    wants = Wants(held=frozenset(keys))
    return store.read_now(lambda tx: tx.desk.load(wants, NOW)).held


def test_held_words_come_back_and_go(store: Store) -> None:
    later = replace(HELD, key="k9", text="", media=(), at=NOW + timedelta(minutes=5))
    save(store, k3fab9=HELD, k9=later)
    assert loaded(store, "k3fab9", "odd", "' OR 1=1 --") == {"k3fab9": HELD}
    assert store.read_now(lambda tx: tx.held.of_person("tg:1")) == [HELD, later]
    assert store.read_now(lambda tx: tx.held.of_person("tg:2")) == []
    save(store, k3fab9=replace(HELD, text="换好了"))
    assert loaded(store, "k3fab9")["k3fab9"].text == "换好了"
    save(store, k3fab9=None, k9=None)
    assert loaded(store, "k3fab9", "k9") == {}


def test_held_words_whose_clock_was_lost_are_forgotten(store: Store) -> None:
    save(store, k3fab9=HELD)
    store.write_now(lambda tx: tx.retention.forget(HELD.expires_at + KEEP_HALF_SAID))
    assert loaded(store, "k3fab9")
    store.write_now(lambda tx: tx.retention.forget(HELD.expires_at + KEEP_HALF_SAID + DAY))
    assert loaded(store, "k3fab9") == {}
