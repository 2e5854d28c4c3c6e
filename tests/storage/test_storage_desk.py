"""The desk's load and save: every field, stale versions, what is found from where."""

from __future__ import annotations

import threading
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from samples import (
    CHAT,
    DAY,
    ENTRY,
    EXAMPLE,
    FOLLOWER,
    GATHERING,
    GRID,
    GROUP,
    LINE,
    MINUTE,
    NOW,
    OTHER,
    PERSON,
    PROMPT,
    SECOND,
    STAFF,
    TIMER,
    a_case,
    a_post,
    set_up,
)

from intake.cases import Case, Follower, LineRole
from intake.facts import Changes, Facts, Wants
from intake.grids import Chat, ChatRef, MessageRef, Purpose
from intake.lifecycle import State
from intake.people import Grant, Person, Role
from storage.cases import KEEP_WORDS, CaseFilter
from storage.open_cases import NEWEST
from storage.records import StaleCase
from storage.store import Store

HERE = Wants(chats=frozenset([GROUP]), identities=frozenset(["tg:1"]))


def load(store: Store, wants: Wants = HERE) -> Facts:
    return store.write_now(lambda tx: tx.desk.load(wants, NOW))


def save(store: Store, changes: Changes, *posts) -> None:  # type: ignore[no-untyped-def]
    store.write_now(lambda tx: tx.desk.save(changes, posts, NOW))


def opened(*cases: Case) -> Changes:
    return Changes(cases={case.id: case for case in cases})


def changed(*cases: Case) -> Changes:
    """With the version that they were loaded with."""
    changes = opened(*cases)
    changes.versions = {case.id: case.version for case in cases}
    return changes


@pytest.fixture
def town(store: Store) -> Store:
    store.write_now(set_up)
    return store


def test_every_field_comes_back(town: Store) -> None:
    case = a_case()
    changes = Changes(
        cases={case.id: case},
        entries=[ENTRY, replace(ENTRY, seq=2, actor=None, words="", before="", after="")],
        lines=[LINE],
        followers=[FOLLOWER, FOLLOWER],
        timers={TIMER.key: TIMER},
        gatherings={(GROUP, "tg:1"): GATHERING},
        prompts={("tg:1", GROUP): PROMPT},
        people={PERSON.id: PERSON, "tg:3": Person("tg:3", "")},
        chats={GROUP: CHAT},
        numbers={"G-1": 2},
        examples=[EXAMPLE],
    )
    save(town, changes, a_post(1))
    facts = load(town, replace(HERE, messages=frozenset([MessageRef(GROUP, "77")])))
    assert facts.cases == {case.id: replace(case, version=1)}
    assert facts.chats.keys() == {GROUP, OTHER}, "whoever follows from another grid hears of it too"
    assert facts.chats[GROUP] == CHAT
    assert facts.grids == {"G-1": replace(GRID, next_number=2)}
    assert facts.people == {"tg:1": PERSON, "tg:3": Person("tg:3", "")}
    assert facts.people_of == {}
    assert facts.lines == {MessageRef(GROUP, "77"): ((case.id, LineRole.OPENED),)}
    assert facts.followers == {case.id: (FOLLOWER,)}
    assert facts.gatherings == {(GROUP, "tg:1"): GATHERING}
    assert facts.prompts == {("tg:1", GROUP): PROMPT}

    def rest(tx):  # type: ignore[no-untyped-def]
        return (
            tx.cases.entries(case.id),
            tx.cases.lines(case.id),
            tx.cases.followers(case.id),
            tx.timers.due(NOW + DAY, 10),
            [stored.example for stored in tx.examples.waiting()],
            [sent.post for sent in tx.outbox.of_case(case.id)],
        )

    assert town.read_now(rest) == (
        changes.entries,
        [LINE],
        (FOLLOWER,),
        [TIMER],
        [EXAMPLE],
        [a_post(1)],
    )


def test_a_bare_case_comes_back_too(town: Store) -> None:
    full = a_case()
    optional = [
        field.name for field in fields(Case) if field.type in ("str | None", "PersonId | None")
    ]
    optional += ["respond_due", "resolve_due", "responded_at", "done_at", "closed_at", "score"]
    names = [*optional, "merged_into"]
    bare = replace(full, **dict.fromkeys(names), co=(), guesses=(), said="", title="")  # type: ignore[arg-type]
    save(town, opened(bare))
    assert load(town).cases[bare.id] == replace(bare, version=1)


def test_a_none_deletes(town: Store) -> None:
    save(
        town,
        Changes(
            timers={TIMER.key: TIMER},
            gatherings={(GROUP, "tg:1"): GATHERING},
            prompts={("tg:1", GROUP): PROMPT},
        ),
    )
    save(
        town,
        Changes(
            timers={TIMER.key: None, "never was": None},
            gatherings={(GROUP, "tg:1"): None},
            prompts={("tg:1", GROUP): None},
        ),
    )
    facts = load(town)
    assert (facts.gatherings, facts.prompts) == ({}, {})
    assert town.read_now(lambda tx: tx.timers.next_due()) is None


def test_a_change_counts_the_version_and_an_old_one_is_refused(town: Store) -> None:
    save(town, opened(a_case(1), a_case(2)))
    one, two = (load(town).cases[id] for id in ("G-1-1", "G-1-2"))
    save(town, changed(replace(one, place="4栋")))
    assert load(town).cases["G-1-1"].version == 2
    with pytest.raises(StaleCase) as stale:
        save(town, changed(replace(one, place="5栋"), replace(two, place="5栋")), a_post(1))
    assert stale.value.cases == {"G-1-1"}
    facts = load(town)
    assert [facts.cases[id].place for id in ("G-1-1", "G-1-2")] == ["4栋", "3栋楼下"]
    assert town.read_now(lambda tx: tx.outbox.pending()) == 0


def test_a_number_given_away_meanwhile_is_refused(town: Store) -> None:
    save(town, opened(a_case(1)))
    with pytest.raises(StaleCase):
        save(town, opened(replace(a_case(1), id="G-1-1b")))
    with pytest.raises(StaleCase):
        save(town, Changes(entries=[ENTRY, ENTRY]))
    save(town, Changes(numbers={"G-1": 7}))
    save(town, Changes(numbers={"G-1": 3}))
    assert load(town).grids["G-1"].next_number == 7


def test_only_open_cases_of_the_grid_are_seen_unasked(town: Store) -> None:
    stranger = {"reporter": "tg:9"}
    save(
        town,
        opened(
            replace(a_case(1), **stranger),  # type: ignore[arg-type]
            replace(a_case(2, state=State.CLOSED), **stranger),  # type: ignore[arg-type]
            a_case(3, state=State.CLOSED),
            replace(a_case(4, state=State.CLOSED), opened_at=NOW - 31 * DAY),
            replace(a_case(1, "G-2"), **stranger),  # type: ignore[arg-type]
            replace(a_case(2, "G-2", State.CLOSED), message="5", chat=OTHER, **stranger),  # type: ignore[arg-type]
        ),
    )
    assert load(town).cases.keys() == {"G-1-1", "G-1-3"}
    facts = load(town, replace(HERE, cases=frozenset(["G-2-2", "no-such"])))
    assert facts.cases.keys() == {"G-1-1", "G-1-3", "G-2-2", "G-2-1"}
    assert facts.grids.keys() == {"G-1", "G-2"}
    assert facts.chats.keys() == {GROUP, OTHER}


def test_a_merged_case_brings_the_one_it_was_merged_into(town: Store) -> None:
    merged = replace(a_case(1, state=State.MERGED), merged_into="G-2-2", reporter="tg:9")
    save(town, opened(merged, replace(a_case(2, "G-2", State.CLOSED), reporter="tg:9")))
    assert load(town, Wants(cases=frozenset(["G-1-1"]))).cases.keys() == {"G-1-1", "G-2-2"}


def test_changes_are_seen_at_once_and_undone_ones_never(town: Store) -> None:
    """What is remembered between loads never shows."""
    save(town, opened(*(a_case(n) for n in range(1, 5))))
    before = load(town).cases

    def inner(tx, case):  # type: ignore[no-untyped-def]
        with tx.savepoint():
            tx.desk.save(changed(replace(case, place="weg")), [], NOW)
            assert tx.desk.load(HERE, NOW).cases["G-1-1"].place == "weg"
            raise KeyError

    def undone(tx):  # type: ignore[no-untyped-def]
        facts = tx.desk.load(HERE, NOW)
        with pytest.raises(KeyError):
            inner(tx, facts.cases["G-1-1"])
        assert tx.desk.load(HERE, NOW).cases == before
        tx.desk.save(changed(replace(facts.cases["G-1-2"], place="weg")), [], NOW)
        assert tx.desk.load(HERE, NOW).cases["G-1-2"].place == "weg"
        tx.chats.move(GROUP, STAFF, NOW)
        assert tx.desk.load(HERE, NOW).cases["G-1-4"].chat == STAFF
        raise KeyError

    with pytest.raises(KeyError):
        town.write_now(undone)
    assert load(town).cases == before
    closed = replace(before["G-1-3"], state=State.CLOSED, reporter="tg:9")
    save(town, changed(closed, replace(before["G-1-4"], place="neu")))
    after = load(town).cases
    assert after.keys() == before.keys() - {"G-1-3"}
    assert (after["G-1-4"].place, after["G-1-1"]) == ("neu", before["G-1-1"])
    save(town, Changes(followers=[Follower("G-1-1", "tg:5", GROUP)]))
    assert load(town).followers == {"G-1-1": (Follower("G-1-1", "tg:5", GROUP),)}
    assert load(town).cases["G-1-1"].version == 1


def test_several_stores_see_each_others_changes(shared_url: str) -> None:
    with Store.open(shared_url, "one") as one, Store.open(shared_url, "two") as two:
        one.write_now(set_up)
        for number in range(1, 6):
            save(one if number % 2 else two, opened(a_case(number)))
            assert load(one).cases == load(two).cases
            assert len(load(one).cases) == number


def test_the_newest_open_cases_are_enough(town: Store) -> None:
    many = [replace(a_case(n), reporter=f"web:{n}") for n in range(1, NEWEST + 6)]
    save(town, opened(*many))
    assert min(case.number for case in load(town).cases.values()) == 6
    last = load(town).cases[f"G-1-{NEWEST + 5}"]
    save(town, changed(replace(last, state=State.CLOSED)))
    numbers = [case.number for case in load(town).cases.values()]
    assert (min(numbers), max(numbers), len(numbers)) == (5, NEWEST + 4, NEWEST)


def test_speakers_are_found_behind_their_identities(town: Store) -> None:
    def people(tx):  # type: ignore[no-untyped-def]
        tx.people.save([PERSON, Person("tg:2", "网格员"), Person("tg:7", "邻居")], NOW)
        tx.people.link("web:k3", "tg:1")
        tx.people.grant("tg:2", Grant(Role.GRID_WORKER, "G-1"), "tg:0", NOW)
        tx.people.grant("tg:2", Grant(Role.DEPARTMENT, "D01"), "tg:0", NOW + SECOND)

    town.write_now(people)
    save(town, Changes(prompts={("tg:1", GROUP): PROMPT}))
    facts = load(town, Wants(chats=frozenset([GROUP]), identities=frozenset(["web:k3", "new:1"])))
    assert facts.people_of == {"web:k3": "tg:1"}
    worker = Person(
        "tg:2", "网格员", (Grant(Role.GRID_WORKER, "G-1"), Grant(Role.DEPARTMENT, "D01"))
    )
    assert facts.people == {"tg:1": PERSON, "tg:2": worker}
    assert facts.prompts == {("tg:1", GROUP): PROMPT}


def test_saving_a_person_leaves_their_grants(town: Store) -> None:
    town.write_now(lambda tx: tx.people.grant("tg:1", Grant(Role.ADMIN, "D"), "tg:0", NOW))
    save(town, Changes(people={"tg:1": PERSON}))
    save(town, Changes(people={"tg:1": replace(PERSON, name="王", grants=())}))
    person = town.read_now(lambda tx: tx.people.get("tg:1"))
    assert person == replace(PERSON, name="王", grants=(Grant(Role.ADMIN, "D"),))


def test_a_pressed_post_leads_to_its_case(town: Store) -> None:
    save(town, opened(a_case(1, "G-2", State.CLOSED)), replace(a_post(1), case="G-2-1"))
    (row,) = town.write_now(lambda tx: tx.outbox.claim("x", NOW, MINUTE, 1))
    town.write_now(lambda tx: tx.outbox.sent([(row.id, row.lease, "900")], NOW))
    ref = MessageRef(GROUP, "900")
    facts = load(town, Wants(messages=frozenset([ref])))
    assert facts.lines == {ref: (("G-2-1", LineRole.ACK),)}
    assert facts.cases.keys() == {"G-2-1"}


def test_an_unbound_chat_has_no_grid(town: Store) -> None:
    stray = ChatRef("tg", "-999")
    facts = load(town, Wants(chats=frozenset([stray]), identities=frozenset(["tg:8"])))
    assert facts == Facts()
    assert load(town, Wants()) == Facts()


def test_a_moved_chat_is_found_under_both_ids_and_progress_reaches_it(town: Store) -> None:
    new, newest = ChatRef("tg", "-1001"), ChatRef("tg", "-1002")
    changes = opened(a_case())
    changes.followers = [Follower("G-1-1", "tg:3", GROUP)]
    changes.prompts = {("tg:1", GROUP): PROMPT}
    save(town, changes, a_post(1))
    before = load(town).cases["G-1-1"]
    save(town, Changes(moved=[(GROUP, new)]))
    save(town, Changes(moved=[(GROUP, new), (new, newest)]))
    facts = load(town)
    assert facts.chats == {GROUP: Chat(newest, "G-1"), newest: Chat(newest, "G-1")}
    assert facts.cases["G-1-1"].chat == newest
    assert facts.followers["G-1-1"][0].chat == newest
    assert facts.prompts == {("tg:1", newest): replace(PROMPT, chat=newest)}
    assert facts.grids.keys() == {"G-1"}
    with pytest.raises(StaleCase):
        save(town, changed(before))
    (row,) = town.write_now(lambda tx: tx.outbox.claim("x", NOW, MINUTE, 5))
    assert row.post.chat == newest
    bound = town.write_now(lambda tx: tx.chats.bind(GROUP, "G-2", Purpose.STAFF))
    assert bound == Chat(newest, "G-2", Purpose.STAFF)


def test_who_speaks_alone_is_found_at_home(town: Store) -> None:
    alone = Wants(chats=frozenset([ChatRef("tg", "1")]), identities=frozenset(["tg:1"]))
    assert load(town, alone).grids == {}
    save(town, Changes(people={"tg:1": PERSON}))
    assert load(town, alone).grids.keys() == {"G-1"}
    for scope in ("G-2", "D", "no-such"):
        grant = Grant(Role.GRID_WORKER, scope)
        town.write_now(lambda tx, grant=grant: tx.people.grant("tg:1", grant, "tg:0", NOW))
    assert load(town, alone).grids.keys() == {"G-1", "G-2"}
    assert load(town, HERE).grids.keys() == {"G-1"}


def test_withdrawn_words_are_blanked_with_the_decision(town: Store) -> None:
    changes = opened(a_case())
    changes.lines = [LINE, replace(LINE, message="78")]
    save(town, changes)
    save(town, Changes(erased=[MessageRef(GROUP, "77"), MessageRef(OTHER, "78")]))
    found = town.read_now(lambda tx: tx.cases.lines("G-1-1"))
    assert [(one.text, one.media) for one in found] == [("", ()), (LINE.text, LINE.media)]


def test_words_are_forgotten_and_withdrawn(town: Store) -> None:
    changes = opened(a_case())
    changes.lines = [LINE, replace(LINE, message="78")]
    save(town, changes)
    assert town.write_now(lambda tx: tx.cases.unsay([MessageRef(GROUP, "77")])) == 1
    assert [one.text for one in town.read_now(lambda tx: tx.cases.lines("G-1-1"))] == [
        "",
        LINE.text,
    ]
    assert town.write_now(lambda tx: tx.cases.forget(NOW + KEEP_WORDS)) == 0
    assert town.write_now(lambda tx: tx.cases.forget(NOW + KEEP_WORDS + SECOND)) == 1


def test_pages_of_cases(town: Store) -> None:
    some = [replace(a_case(n), opened_at=NOW + n * SECOND) for n in range(1, 6)]
    some.append(replace(a_case(1, "G-2", State.CLOSED), lead="D09", co=()))
    save(town, opened(*some))

    def ids(**wanted) -> list[str]:  # type: ignore[no-untyped-def]
        limit = wanted.pop("limit", 50)
        found = town.read_now(lambda tx: tx.cases.page(CaseFilter(**wanted), limit))
        return [case.id for case in found]

    first = town.read_now(lambda tx: tx.cases.page(CaseFilter(), 2))
    assert [case.id for case in first] == ["G-1-5", "G-1-4"]
    assert ids(before=(first[1].opened_at, first[1].id), limit=2) == ["G-1-3", "G-1-2"]
    assert ids(departments=["D03"]) == ids(departments=["D01"]) == ids(grids=["G-1"])
    assert ids(states=[State.CLOSED]) == ids(departments=["D09"]) == ["G-2-1"]
    assert ids(open_only=True, reporter="tg:1", kind=a_case().kind, limit=1) == ["G-1-5"]
    assert town.read_now(lambda tx: tx.cases.count(CaseFilter(open_only=True))) == 5
    assert town.read_now(lambda tx: tx.cases.merged_into("G-1-99")) == sorted(c.id for c in some)
    figures = town.read_now(lambda tx: tx.figures.read(NOW))
    assert figures.cases == {"accepted": 5, "closed": 1}


@pytest.mark.postgres
def test_batches_of_one_grid_go_one_after_the_other(postgres_url: str) -> None:
    """Each gives the case the next number; without the lock two would get the same."""

    def open_one(tx):  # type: ignore[no-untyped-def]
        number = tx.desk.load(HERE, NOW).grids["G-1"].next_number
        changes = opened(a_case(number))
        changes.numbers = {"G-1": number + 1}
        tx.desk.save(changes, [replace(a_post(number), chat=STAFF)], NOW)

    with Store.open(postgres_url, "one", workers=4) as store:
        store.write_now(set_up)
        threads = [
            threading.Thread(target=lambda: [store.write_now(open_one) for _ in range(5)])
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(c.number for c in load(store).cases.values()) == list(range(1, 21))


def test_a_line_and_a_follower_leave_a_case(town: Store) -> None:
    case = a_case()
    save(town, Changes(cases={case.id: case}, lines=[LINE], followers=[FOLLOWER]))
    save(town, Changes(detached=[LINE], unfollowed=[FOLLOWER]))
    assert town.read_now(lambda tx: (tx.cases.lines(case.id), tx.cases.followers(case.id))) == (
        [],
        (),
    )
    both = Changes(detached=[LINE], lines=[LINE], unfollowed=[FOLLOWER], followers=[FOLLOWER])
    save(town, both)
    assert town.read_now(lambda tx: tx.cases.lines(case.id)) == [LINE]
    assert town.read_now(lambda tx: tx.cases.followers(case.id)) == (FOLLOWER,)


def test_what_the_residents_groups_talk_of(town: Store) -> None:
    """The lines of a week, oldest first; not those of a staff chat, nor where nobody speaks."""
    case = a_case()
    said = [
        replace(LINE, message=f"t{days}", text=f"{days} 天前", at=NOW - timedelta(days=days))
        for days in (9, 6, 1)
    ]
    staff = replace(LINE, chat=ChatRef("web", "staff"), message="s", at=NOW)
    save(town, Changes(cases={case.id: case}, lines=[*said, staff]))
    assert [line.text for line in load(town).talk] == ["6 天前", "1 天前"]
    assert load(town, Wants(grids=frozenset({case.grid}))).talk == []


def test_no_more_talk_than_a_group_can_remember(town: Store) -> None:
    case = a_case()
    many = [
        replace(LINE, message=f"t{n:03}", at=NOW - timedelta(minutes=200 - n)) for n in range(200)
    ]
    save(town, Changes(cases={case.id: case}, lines=many))
    talk = load(town).talk
    assert talk[-1].message == "t199"
    assert len(talk) < 200
