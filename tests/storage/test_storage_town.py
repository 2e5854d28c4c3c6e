"""People, grids, chats, invitations, outlets, audit, settings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from samples import CHAT, DAY, EXAMPLE, GRID, GROUP, MINUTE, NOW, OTHER, PERSON, SECOND, set_up
from sqlalchemy.exc import IntegrityError

from intake.grids import Chat, ChatRef, DutyEntry, Purpose
from intake.people import Grant, Person, Role
from storage.audit import KEEP
from storage.people import token_hash
from storage.records import Area, Look, Outlet, Refusal
from storage.store import Store, Tx

AREAS = [
    Area("D", "district", "某区"),
    Area("S", "street", "某街道", "D"),
    Area("C", "community", "某社区", "S"),
]


def test_setting_up_may_be_repeated(store: Store) -> None:
    def work(tx: Tx) -> None:
        tx.grids.add_areas(AREAS)
        tx.grids.add([GRID, replace(GRID, id="G-0", duty=(), places=())])

    store.write_now(work)
    store.write_now(lambda tx: tx.desk.save(_numbers("G-1", 9), [], NOW))
    store.write_now(work)
    assert store.read_now(lambda tx: tx.grids.areas()) == sorted(AREAS, key=lambda a: a.id)
    first, second = store.read_now(lambda tx: tx.grids.all())
    assert second == replace(GRID, next_number=9)
    assert (first.id, first.duty, first.places) == ("G-0", (), ())
    assert store.read_now(lambda tx: tx.grids.get("no-such")) is None


def _numbers(grid: str, number: int):  # type: ignore[no-untyped-def]
    from intake.facts import Changes

    return Changes(numbers={grid: number})


def test_a_duty_list_is_replaced_as_a_whole(store: Store) -> None:
    store.write_now(set_up)
    entries = (DutyEntry(1, "tg:9", "白班"), DutyEntry(2, "tg:8", "夜班"))
    store.write_now(lambda tx: tx.grids.set_duty("G-1", entries[::-1]))
    store.write_now(lambda tx: tx.grids.set_places("G-1", ["老槐树", "大门口"]))
    grid = store.read_now(lambda tx: tx.grids.get("G-1"))
    assert grid is not None
    assert (grid.duty, grid.places) == (entries, ("老槐树", "大门口"))


def test_a_chat_has_one_grid(store: Store) -> None:
    store.write_now(set_up)
    store.write_now(lambda tx: tx.chats.save([CHAT]))
    again = store.write_now(lambda tx: tx.chats.bind(GROUP, "G-2", Purpose.STAFF))
    assert again == replace(CHAT, grid="G-2", purpose=Purpose.STAFF, department=None)
    assert store.read_now(lambda tx: tx.chats.get(GROUP)) == again
    assert store.read_now(lambda tx: tx.chats.of_grid("G-1")) == []
    assert store.read_now(lambda tx: tx.chats.all()) == [again, Chat(OTHER, "G-2")]
    minus = ChatRef("web", "room:-5")
    store.write_now(lambda tx: tx.chats.bind(minus, "G-1", Purpose.DEPARTMENT, "D01", "部门群"))
    assert [c.ref for c in store.read_now(lambda tx: tx.chats.of_department("D01"))] == [minus]
    assert store.write_now(lambda tx: tx.chats.unbind(minus))
    assert not store.write_now(lambda tx: tx.chats.unbind(minus))
    with pytest.raises(IntegrityError):
        store.write_now(lambda tx: tx.chats.bind(minus, "no-such-grid"))


def test_every_change_of_the_configuration_is_noticed_and_nothing_else(store: Store) -> None:
    store.write_now(set_up)
    stamps = [store.read_now(lambda tx: tx.settings.stamp())]

    def changes(work) -> bool:  # type: ignore[no-untyped-def]
        store.write_now(work)
        stamps.append(store.read_now(lambda tx: tx.settings.stamp()))
        assert stamps[-1] >= stamps[-2]
        return stamps[-1] > stamps[-2]

    worker = Grant(Role.GRID_WORKER, "G-1")
    assert changes(lambda tx: tx.grids.add([replace(GRID, id="G-9")]))
    assert changes(lambda tx: tx.grids.set_duty("G-9", []))
    assert changes(lambda tx: tx.chats.bind(GROUP, "G-2"))
    assert not changes(lambda tx: tx.chats.bind(GROUP, "G-2"))
    assert changes(lambda tx: tx.people.grant("tg:1", worker, "tg:0", NOW))
    assert not changes(lambda tx: tx.people.grant("tg:1", worker, "tg:0", NOW))
    assert changes(lambda tx: tx.people.revoke("tg:1", worker))
    assert not changes(lambda tx: tx.people.revoke("tg:1", worker))
    assert changes(lambda tx: tx.grids.set_outlets("D01", []))
    assert not changes(lambda tx: tx.people.save([PERSON], NOW))


def test_people_are_found_by_what_they_may_do(store: Store) -> None:
    def work(tx: Tx) -> None:
        tx.people.save([Person(f"tg:{n}", f"人{n}") for n in range(1, 6)], NOW)
        for person, role, scope in (
            ("tg:1", Role.GRID_WORKER, "G-1"),
            ("tg:2", Role.STREET, "S"),
            ("tg:3", Role.GRID_WORKER, "G-2"),
            ("tg:4", Role.DEPARTMENT, "D01"),
            ("tg:1", Role.MODERATOR, "S"),
        ):
            tx.people.grant(person, Grant(role, scope), "tg:0", NOW)

    store.write_now(work)

    def found(*roles: Role) -> list[str]:
        people = store.read_now(lambda tx: tx.people.by_role(roles, ("D", "S", "C", "G-1")))
        return [person.id for person in people]

    assert found(Role.GRID_WORKER, Role.STREET) == ["tg:1", "tg:2"]
    assert found(Role.DEPARTMENT) == []
    assert [p.id for p in store.read_now(lambda tx: tx.people.in_department("D01"))] == ["tg:4"]
    assert [p.id for p in store.read_now(lambda tx: tx.people.staff())] == [
        f"tg:{n}" for n in range(1, 5)
    ]
    person = store.read_now(lambda tx: tx.people.get("tg:1"))
    assert person is not None
    assert set(person.grants) == {Grant(Role.GRID_WORKER, "G-1"), Grant(Role.MODERATOR, "S")}


def test_identities_private_chats_and_opting_out(store: Store) -> None:
    private = ChatRef("tg", "42")

    def work(tx: Tx) -> None:
        tx.people.save([PERSON, Person("tg:2", "李")], NOW)
        tx.people.link("web:k3", "tg:2")
        tx.people.link("web:k3", "tg:1")
        tx.people.set_private("tg:2", private)
        tx.people.opt_out("tg:2")

    store.write_now(work)
    assert store.read_now(lambda tx: tx.people.of_identity("web:k3")) == PERSON
    assert store.read_now(lambda tx: tx.people.of_identity("web:none")) is None
    assert store.read_now(lambda tx: tx.people.identities_of("tg:1")) == ("tg:1", "web:k3")
    assert store.read_now(lambda tx: tx.people.of_private(private)) == ["tg:2"]
    person = store.read_now(lambda tx: tx.people.get("tg:2"))
    assert person == Person("tg:2", "李", private=private, opted_out=True)
    store.write_now(
        lambda tx: (tx.people.set_private("tg:2", None), tx.people.opt_out("tg:2", False))
    )
    assert store.read_now(lambda tx: tx.people.get("tg:2")) == Person("tg:2", "李")


def test_an_invitation_is_used_once_and_in_time(store: Store) -> None:
    grant = Grant(Role.GRID_WORKER, "G-1")

    def work(tx: Tx) -> None:
        tx.people.save([PERSON, Person("tg:2", "李")], NOW)
        for token in ("one", "two"):
            tx.people.invite(token, grant, "tg:0", NOW, NOW + 7 * DAY)

    store.write_now(work)

    def use(token: str, person: str, at=NOW):  # type: ignore[no-untyped-def]
        return store.write_now(lambda tx: tx.people.use_invite(token, person, at))

    assert use("guess", "tg:2") is Refusal.UNKNOWN
    assert use(token_hash("one"), "tg:2") is Refusal.UNKNOWN
    assert use("one", "tg:2") == grant
    assert use("one", "tg:1") is Refusal.USED
    assert use("two", "tg:1", NOW + 7 * DAY) is Refusal.EXPIRED
    people = store.read_now(lambda tx: tx.people.many(["tg:1", "tg:2"]))
    assert [people[id].grants for id in ("tg:1", "tg:2")] == [(), (grant,)]


def test_outlets_of_departments(store: Store) -> None:
    some = [Outlet("D01", "mail", "a@example.org"), Outlet("D01", "webhook", "https://x.example")]
    store.write_now(lambda tx: tx.grids.set_outlets("D01", some[::-1]))
    store.write_now(lambda tx: tx.grids.set_outlets("D02", [Outlet("D02", "mail", "b@x")]))
    assert store.read_now(lambda tx: tx.grids.outlets("D01")) == some
    store.write_now(lambda tx: tx.grids.set_outlets("D02", []))
    assert store.read_now(lambda tx: tx.grids.all_outlets()) == some


def test_every_look_is_on_record(store: Store) -> None:
    looks = [
        Look("G-1-1", "tg:2", "read", None, NOW),
        Look("G-1-1", "tg:3", "change", "改派", NOW + SECOND),
        Look("G-1-2", "tg:2", "read", None, NOW + MINUTE),
    ]
    store.write_now(lambda tx: tx.audit.add(looks))
    assert store.read_now(lambda tx: tx.audit.of_case("G-1-1")) == looks[:2]
    assert store.read_now(lambda tx: tx.audit.by_person("tg:2", NOW)) == [looks[0], looks[2]]
    assert store.read_now(lambda tx: tx.audit.latest(1)) == looks[2:]
    assert store.write_now(lambda tx: tx.audit.forget(NOW + KEEP + SECOND)) == 1


def test_examples_are_reviewed(store: Store) -> None:
    store.write_now(lambda tx: tx.examples.add([EXAMPLE, replace(EXAMPLE, case=None)]))
    first, second = store.read_now(lambda tx: tx.examples.waiting())
    assert (first.example, second.example.case) == (EXAMPLE, None)
    assert store.write_now(lambda tx: tx.examples.review(first.id, True, "tg:9", NOW))
    assert store.write_now(lambda tx: tx.examples.review(second.id, False, "tg:9", NOW))
    assert not store.write_now(lambda tx: tx.examples.review(99, True, "tg:9", NOW))
    assert [e.id for e in store.read_now(lambda tx: tx.examples.accepted())] == [first.id]
    assert store.read_now(lambda tx: tx.examples.waiting()) == []
    assert store.read_now(lambda tx: (tx.examples.count(), len(tx.examples.all()))) == (2, 2)


def test_settings(store: Store) -> None:
    store.write_now(lambda tx: (tx.settings.put("a", "1"), tx.settings.put("a", "2")))
    assert store.read_now(lambda tx: tx.settings.get("a")) == "2"
    store.write_now(lambda tx: tx.settings.put("a", None))
    assert store.read_now(lambda tx: tx.settings.get("a")) is None


def test_figures_of_an_empty_town(store: Store) -> None:
    figures = store.read_now(lambda tx: tx.figures.read(NOW))
    assert (figures.inbox_pending, figures.outbox_pending, figures.waiting_since) == (0, 0, None)
