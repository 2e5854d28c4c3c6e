"""What staff do on a page is decided at once, by the same table as by button."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from office import Office, stored
from test_leaving import said

from bot.settings import Settings
from bot.surroundings import surroundings
from bot.web.desk.acts import Acts, Outdated
from bot.web.desk.guard import AtDesk, DeskRefusal
from intake.acts import Act, Given
from intake.alarming import alert_next
from intake.cases import Case
from intake.desk import Desk
from intake.facts import Wants
from intake.grids import ChatRef
from intake.lifecycle import State
from intake.reading import Triage
from intake.sight import sight_of
from intake.taxonomy import Visibility
from storage.records import StaleCase
from storage.sessions import Session
from storage.tx import Tx


def acts_of(office: Office) -> Acts:
    around = surroundings(Settings(), {})
    return Acts(office.store, office.rules, lambda: around, lambda: office.now, office.called)


async def at_desk(office: Office, name: str) -> AtDesk:
    id = f"web:demo-{name}"
    people, grids = await office.store.read(lambda tx: (tx.people.many([id]), tx.grids.all()))
    session = Session("s", id, office.now, office.now, None)
    return AtDesk(people[id], session, sight_of(people[id], grids))


async def test_chen_takes_reports_and_finishes(office: Office) -> None:
    acts, chen = acts_of(office), await at_desk(office, "chen")
    case = await office.case()
    taken = await acts.do(chen, case.id, 1, Act.TAKE, Given())
    assert taken.taken_by == "web:demo-chen"
    told = await acts.do(chen, case.id, taken.version, Act.REPORT, Given(words="师傅下午到"))
    done = await acts.do(chen, case.id, told.version, Act.FINISH, Given(words="换了新灯泡，亮了"))
    assert (done.state, done.done_words) == (State.TO_RATE, "换了新灯泡，亮了")
    posts = await office.store.read(lambda tx: tx.outbox.of_case(case.id))
    assert any("换了新灯泡" in sent.post.text for sent in posts)
    assert office.woken == 3


async def test_empty_words_finish_nothing(office: Office) -> None:
    acts, chen = acts_of(office), await at_desk(office, "chen")
    case = await office.case()
    for words in ("", "  ", "已转相关部门"):
        with pytest.raises(DeskRefusal, match="空话不能算数"):
            await acts.do(chen, case.id, 1, Act.FINISH, Given(words=words))
    assert await stored(office, case) == (await acts.possible(chen, case.id))[0]


async def test_two_at_one_case(office: Office) -> None:
    acts = acts_of(office)
    chen, sun = await at_desk(office, "chen"), await at_desk(office, "sun")
    case = await office.case(state=State.TO_CONFIRM, triage=Triage.HUMAN)
    await acts.do(sun, case.id, 1, Act.SET, Given("GY04"))
    with pytest.raises(Outdated):
        await acts.do(chen, case.id, 1, Act.CONFIRM, Given())
    assert (await stored(office, case)).item == "GY04"


async def test_both_press_at_once_and_one_wins(office: Office) -> None:
    acts = acts_of(office)
    chen, street = await at_desk(office, "chen"), await at_desk(office, "street")
    case = await office.case()
    both = await asyncio.gather(
        acts.do(chen, case.id, 1, Act.TAKE, Given()),
        acts.do(street, case.id, 1, Act.TAKE, Given()),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in both) == ["Case", "Outdated"]


async def test_of_many_each_is_decided_by_itself(office: Office) -> None:
    acts, wu = acts_of(office), await at_desk(office, "wu")
    first, second = await office.case(), await office.case()
    elsewhere = await office.case("WY01", lead="MZ")
    closed = await office.case(state=State.CLOSED)
    some = {first.id: 1, elsewhere.id: 1, closed.id: 1, second.id: 7}
    done = await acts.do_many(wu, some, Act.REPORT, Given(words="配件下午到"))
    assert list(done) == list(some)
    assert isinstance(done[first.id], Case)
    assert isinstance(done[second.id], Outdated)
    refused = [done[elsewhere.id], done[closed.id]]
    assert [one.status for one in refused if isinstance(one, DeskRefusal)] == [404, 409]
    for case in (second, elsewhere, closed):
        assert (await stored(office, case)).version == 1
    posts = await office.store.read(lambda tx: tx.outbox.of_case(first.id))
    assert any("配件下午到" in sent.post.text for sent in posts)


async def test_nobody_acts_beyond_their_sight_or_rights(office: Office) -> None:
    acts = acts_of(office)
    lamp, secret = await office.case("SZ03"), await office.case("MZ11")
    wu, property_ = await at_desk(office, "wu"), await at_desk(office, "property")
    with pytest.raises(DeskRefusal) as refused:
        await acts.do(property_, secret.id, None, Act.TAKE, Given())
    assert refused.value.status == 404, "not even that it is there"
    with pytest.raises(DeskRefusal) as refused:
        await acts.do(property_, lamp.id, None, Act.SET, Given("GY04"))
    assert refused.value.status == 403
    with pytest.raises(DeskRefusal) as refused:
        await acts.possible(wu, secret.id)
    assert refused.value.status == 404


async def test_looks_at_private_cases_are_on_record(office: Office) -> None:
    acts, chen = acts_of(office), await at_desk(office, "chen")
    lamp, secret = await office.case("SZ03"), await office.case("MZ11")
    await acts.possible(chen, lamp.id)
    await acts.possible(chen, secret.id)
    await acts.do(chen, secret.id, None, Act.TAKE, Given())
    looks = await office.store.read(lambda tx: tx.audit.by_person("web:demo-chen", office.now))
    assert [(look.case, look.what) for look in looks] == [(secret.id, "look"), (secret.id, "take")]


async def test_what_is_possible_follows_the_table(office: Office) -> None:
    acts, sun = acts_of(office), await at_desk(office, "sun")
    case = await office.case(state=State.TO_CONFIRM, triage=Triage.HUMAN)
    _, before = await acts.possible(sun, case.id)
    assert before[:3] == (Act.CONFIRM, Act.SET, Act.NOT_A_CASE)
    gone = await acts.do(sun, case.id, None, Act.NOT_A_CASE, Given())
    assert gone.state is State.WITHDRAWN
    assert (await acts.possible(sun, case.id))[1] == ()
    with pytest.raises(DeskRefusal, match="撤回"):
        await acts.do(sun, case.id, None, Act.CONFIRM, Given())


async def test_no_correction_un_hides_what_was_told_in_confidence(office: Office) -> None:
    sun, property_ = await office.sits("sun"), await office.sits("property")
    alone = {"chat": ChatRef("web", "p-wang"), "visibility": Visibility.PRIVATE}
    danger = await office.case("WY01", emergency="E05", said="他又打我", **alone)
    wages = await office.case("LD01", said="老板三个月没发工资", **alone)
    doubt = {"state": State.TO_CONFIRM, "triage": Triage.HUMAN}
    doubtful = await office.case("SZ03", said="他们老在楼下", **alone, **doubt)
    for case, act in ((danger, "set"), (wages, "set"), (doubtful, "confirm")):
        choice = {"choice": "SZ02"} if act == "set" else {}
        status, _ = await sun.post(f"/desk/case/{case.id}/{act}", version="1", **choice)
        assert status == 200
        now = await stored(office, case)
        assert (now.version > 1, now.visibility) == (True, Visibility.PRIVATE)
        assert (await property_.get(f"/desk/case/{case.id}"))[0] == 404
        posts = await office.store.read(lambda tx, id=case.id: tx.outbox.of_case(id))
        assert [one.post.text for one in posts if one.post.chat == ChatRef("web", "DEMO-1")] == []
    looks = await office.store.read(lambda tx: tx.audit.by_person("web:demo-sun", office.now))
    done = [(look.case, look.what) for look in looks if look.what != "look"]
    assert done == [(danger.id, "set"), (wages.id, "set"), (doubtful.id, "confirm")]


@pytest.mark.parametrize(
    ("before", "after", "on_record"),
    [
        (Visibility.PRIVATE, Visibility.GROUP, True),
        (Visibility.GROUP, Visibility.PRIVATE, True),
        (Visibility.GROUP, Visibility.GROUP, False),
    ],
)
async def test_an_act_is_on_record_if_the_case_was_private_or_is(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    before: Visibility,
    after: Visibility,
    on_record: bool,
) -> None:
    """Whatever an act makes of a case: what it was when somebody touched it counts as well."""
    acts, sun = acts_of(office), await at_desk(office, "sun")
    case = await office.case(visibility=before)

    def turned(desk: Desk, case: Case, *rest: object) -> Case:
        return desk.amend(case, visibility=after)

    monkeypatch.setattr("bot.web.desk.acts.act", turned)
    await acts.do(sun, case.id, None, Act.SET, Given("GY04"))
    looks = await office.store.read(lambda tx: tx.audit.by_person("web:demo-sun", office.now))
    assert bool(looks) is on_record


async def test_the_ladder_has_climbed_and_the_first_press_still_takes_it(office: Office) -> None:
    """The page was drawn; five minutes later the next on the list was called; then she presses."""
    acts, chen = acts_of(office), await at_desk(office, "chen")
    street = await at_desk(office, "street")
    lift = await office.case("WY01", emergency="E09", alert=1)
    await climb(office, lift.id)
    assert (await stored(office, lift)).version == 2
    taken = await acts.do(chen, lift.id, 1, Act.ANSWER, Given())
    assert taken.taken_by == chen.person.id
    again = await acts.do(chen, lift.id, 1, Act.ANSWER, Given())
    assert again == taken, "pressed twice it is hers, and nobody is told twice"
    with pytest.raises(Outdated):
        await acts.do(street, lift.id, 2, Act.ANSWER, Given())
    posts = await office.store.read(lambda tx: tx.outbox.of_case(lift.id))
    assert sum(one.post.template == "alert_taken" for one in posts) <= 1


async def test_a_word_from_a_neighbour_hinders_nobody_from_taking(office: Office) -> None:
    acts, chen = acts_of(office), await at_desk(office, "chen")
    case = await office.case()
    await touched(office, case.id)
    seen = Given(lead=case.lead)
    assert (await acts.do(chen, case.id, 1, Act.TAKE, seen)).taken_by == chen.person.id
    other = await office.case()
    await touched(office, other.id)
    with pytest.raises(Outdated):
        await acts.do(chen, other.id, 1, Act.FINISH, Given(words="换了新灯泡，亮了"))


async def test_where_it_went_elsewhere_meanwhile_it_is_not_taken_unseen(office: Office) -> None:
    acts, chen = acts_of(office), await at_desk(office, "chen")
    street = await at_desk(office, "street")
    case = await office.case()
    await acts.do(street, case.id, 1, Act.SEND, Given(words="归环卫", place="HW"))
    with pytest.raises(Outdated):
        await acts.do(chen, case.id, 1, Act.TAKE, Given(lead=case.lead))


async def test_saved_by_somebody_at_the_same_moment_it_is_tried_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts, chen = acts_of(office), await at_desk(office, "chen")
    lift = await office.case("WY01", emergency="E09", alert=1)
    write, failed = office.store.write, []

    async def stale_once(work):  # type: ignore[no-untyped-def]
        if not failed:
            failed.append(1)
            raise StaleCase([lift.id])
        return await write(work)

    monkeypatch.setattr(office.store, "write", stale_once)
    assert (await acts.do(chen, lift.id, 1, Act.ANSWER, Given())).taken_by == chen.person.id
    failed.clear()
    with pytest.raises(Outdated):
        await acts.do(chen, lift.id, 2, Act.FINISH, Given(words="人出来了，电梯停了"))


async def climb(office: Office, id: str) -> None:
    await changed(office, id, lambda desk, case: alert_next(desk, case))


async def touched(office: Office, id: str) -> None:
    """Somebody more has said it."""
    await changed(office, id, lambda desk, case: desk.amend(case, voices=case.voices + 1))


async def changed(office: Office, id: str, step: Callable[[Desk, Case], object]) -> None:
    def work(tx: Tx) -> None:
        case = tx.cases.many([id])[id]
        wants = Wants(cases=frozenset({id}), grids=frozenset({case.grid}))
        desk = Desk(office.rules, tx.desk.load(wants, office.now), office.now)
        desk.begin("test:1", office.now)
        step(desk, case)
        tx.desk.save(desk.changes, [], office.now)

    await office.store.write(work)


@pytest.mark.parametrize("how", ["report", "finish", "pause", "many"])
async def test_what_a_group_may_read_carries_no_number_and_no_door(
    office: Office, how: str
) -> None:
    case = await office.case(state=State.WORKING, taken_by="web:demo-chen")
    words = "住3栋2单元502室的街坊留了13800138000，换了灯头，等配件到了再试"
    chen = await office.sits("chen")
    if how == "many":
        form = {"act": "report", "case": f"{case.id}@1", "words": words}
        status, page = await chen.post("/desk/cases/many", **form)
    else:
        more = {"choice": "parts", "day": "2026-11-26"} if how == "pause" else {}
        path = f"/desk/case/{case.id}/{how}"
        status, page = await chen.post(path, version="1", words=words, **more)
    assert status == 200, page
    told = await said(office)
    assert any(chat == "web:DEMO-1" and "换了灯头" in text for chat, text in told)
    assert not [text for _, text in told if "13800138000" in text or "502" in text]
