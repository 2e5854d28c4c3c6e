"""The neighbourhood's own names: each change saved once, and on record."""

from __future__ import annotations

from dataclasses import replace

import pytest
from samples import DAY, GRID, NOW, SECOND, set_up

from intake.facts import Changes, Wants
from intake.naming import EVERYWHERE, LocalWord, Naming, Sort
from storage.records import Look
from storage.store import Store, Tx

WORDS = Naming("G-1", Sort.WORD, ("穗康码", "禾虫"), (), "tg:1", NOW)
PLACES = Naming("G-1", Sort.PLACE, ("石龙仔", "三角地"), (), "tg:1", NOW)


def places(store: Store) -> tuple[str, ...]:
    grid = store.read_now(lambda tx: tx.grids.get("G-1"))
    assert grid is not None
    return grid.places


def test_words_are_added_and_removed_by_scope(store: Store) -> None:
    everywhere = replace(WORDS, scope=EVERYWHERE, added=("打冷",), by="cli")

    def work(tx: Tx) -> None:
        for naming in (WORDS, everywhere, replace(WORDS, by="tg:2", at=NOW + DAY)):
            tx.words.apply(naming)

    store.write_now(work)
    assert store.read_now(lambda tx: tx.words.all()) == [
        LocalWord(EVERYWHERE, "打冷", "cli", NOW),
        LocalWord("G-1", "禾虫", "tg:1", NOW),
        LocalWord("G-1", "穗康码", "tg:1", NOW),
    ]
    gone = Naming("G-1", Sort.WORD, (), ("禾虫", "打冷"), "tg:2", NOW + DAY)
    store.write_now(lambda tx: (tx.words.apply(gone), tx.words.apply(gone)))
    wanted = {EVERYWHERE: ("打冷",), "G-1": ("穗康码",)}
    assert store.read_now(lambda tx: tx.words.of(["G-1", "G-2", EVERYWHERE])) == wanted
    assert store.read_now(lambda tx: tx.words.of(["G-2"])) == {}


def test_words_stand_in_the_order_in_which_they_were_added(store: Store) -> None:
    later = replace(WORDS, added=("一", "二"), at=NOW + SECOND)
    store.write_now(lambda tx: (tx.words.apply(later), tx.words.apply(WORDS)))
    assert store.read_now(lambda tx: tx.words.of(["G-1"]))["G-1"][:2] == ("禾虫", "穗康码")


def test_places_join_those_that_are_there_and_the_configuration_is_new(store: Store) -> None:
    store.write_now(set_up)
    before, stamp = places(store), store.read_now(lambda tx: tx.settings.stamp())
    store.write_now(lambda tx: tx.words.apply(PLACES))
    assert places(store) == (*before, "石龙仔", "三角地")
    again = store.read_now(lambda tx: tx.settings.stamp())
    assert again > stamp
    store.write_now(lambda tx: (tx.words.apply(PLACES), tx.words.apply(WORDS)))
    assert store.read_now(lambda tx: tx.settings.stamp()) == again, "nothing new to read with"
    store.write_now(lambda tx: tx.words.apply(replace(PLACES, added=(), removed=PLACES.added)))
    assert places(store) == before


def test_importing_grids_again_keeps_the_names_that_people_gave(store: Store) -> None:
    store.write_now(set_up)
    store.write_now(lambda tx: tx.words.apply(PLACES))
    store.write_now(lambda tx: tx.grids.add([replace(GRID, places=()), replace(GRID, id="G-9")]))
    assert places(store) == (*GRID.places, "石龙仔", "三角地")


def test_every_change_is_on_record(store: Store) -> None:
    store.write_now(set_up)
    both = replace(PLACES, added=("番薯地",), removed=("石龙仔",), by="tg:2", at=NOW + SECOND)
    store.write_now(lambda tx: (tx.words.apply(PLACES), tx.words.apply(both)))
    assert store.read_now(lambda tx: tx.audit.of_case("G-1")) == [
        Look("G-1", "tg:1", "add place", "石龙仔、三角地", NOW),
        Look("G-1", "tg:2", "add place", "番薯地", NOW + SECOND),
        Look("G-1", "tg:2", "remove place", "石龙仔", NOW + SECOND),
    ]


def test_the_desk_saves_them_and_finds_them_where_wanted(store: Store) -> None:
    store.write_now(set_up)
    changes = Changes(namings=[WORDS, PLACES, replace(WORDS, scope=EVERYWHERE, added=("打冷",))])
    store.write_now(lambda tx: tx.desk.save(changes, [], NOW))
    assert places(store)[-2:] == PLACES.added
    wants = Wants(grids=frozenset({"G-1"}))
    assert store.read_now(lambda tx: tx.desk.load(wants, NOW)).words == {}
    facts = store.read_now(lambda tx: tx.desk.load(replace(wants, words=True), NOW))
    assert facts.words == {"G-1": ("禾虫", "穗康码"), EVERYWHERE: ("打冷",)}


def test_what_fails_leaves_nothing_behind(store: Store) -> None:
    store.write_now(set_up)

    def work(tx: Tx) -> None:
        tx.words.apply(WORDS)
        raise RuntimeError("the pen broke")

    with pytest.raises(RuntimeError):
        store.write_now(work)
    assert store.read_now(lambda tx: (tx.words.all(), tx.audit.of_case("G-1"))) == ([], [])
