"""No way of setting an item loosens what is private or masked; one press that says so does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import product
from typing import Any

import pytest
from office import Office, Visitor

from intake.cases import Case
from intake.lifecycle import Action, State
from intake.reading import Triage
from intake.taxonomy import Visibility

GROUP, MASKED, PRIVATE = Visibility.GROUP, Visibility.MASKED, Visibility.PRIVATE
ORDER = (GROUP, MASKED, PRIVATE)
ITEMS = {GROUP: "SZ03", MASKED: "WY03", PRIVATE: "LD01"}
UNSURE: dict[str, Any] = {"state": State.TO_CONFIRM, "triage": Triage.HUMAN}

Way = Callable[[Visitor, Case, str], Awaitable[tuple[int, str]]]


async def on_its_page(sun: Visitor, case: Case, item: str) -> tuple[int, str]:
    return await sun.post(f"/desk/case/{case.id}/set", version="1", other=item)


async def on_its_card(sun: Visitor, case: Case, item: str) -> tuple[int, str]:
    return await sun.post(f"/desk/review/{case.id}", version="1", do="set", choice=item)


async def in_bulk(sun: Visitor, case: Case, item: str) -> tuple[int, str]:
    return await sun.post("/desk/review", case=f"{case.id} 1", choice=item)


async def as_a_pile(sun: Visitor, case: Case, item: str) -> tuple[int, str]:
    return await sun.post("/desk/review", case=f"{case.id} 1", choice=item, one="1")


async def from_what_is_read_otherwise(sun: Visitor, case: Case, item: str) -> tuple[int, str]:
    form = {"version": "1", "otherwise": "", "do": "set", "choice": item}
    return await sun.post(f"/desk/review/{case.id}", **form)


WAYS: list[Way] = [on_its_page, on_its_card, in_bulk, as_a_pile, from_what_is_read_otherwise]


async def stored(office: Office, id: str) -> Case:
    found = await office.store.read(lambda tx: tx.cases.get(id))
    assert found is not None
    return found


@pytest.mark.parametrize("way", WAYS, ids=[way.__name__ for way in WAYS])
async def test_no_way_of_setting_an_item_loosens_more_than_doubt(office: Office, way: Way) -> None:
    sun = await office.sits("sun")
    for was, own in product(ORDER, ORDER):
        case = await office.case("GY04", visibility=was, **UNSURE)
        status, _ = await way(sun, case, ITEMS[own])
        after = await stored(office, case.id)
        assert (status, after.item) == (200, ITEMS[own])
        # What was masked only until somebody looked is what they say it is.
        promised = GROUP if was is MASKED else was
        assert after.visibility is max(promised, own, key=ORDER.index), (was, own)


async def test_confirming_loosens_only_what_was_masked_in_doubt(office: Office) -> None:
    sun = await office.sits("sun")
    for was, own in product(ORDER, ORDER):
        case = await office.case(ITEMS[own], visibility=was, **UNSURE)
        status, _ = await sun.post(f"/desk/case/{case.id}/confirm", version="1")
        after = await stored(office, case.id)
        assert status == 200
        promised = GROUP if (was, own) == (MASKED, GROUP) else was
        assert after.visibility is max(promised, own, key=ORDER.index), (was, own)


@pytest.mark.parametrize("way", WAYS, ids=[way.__name__ for way in WAYS])
async def test_what_an_item_masked_stays_masked(office: Office, way: Way) -> None:
    sun = await office.sits("sun")
    case = await office.case(ITEMS[MASKED], visibility=MASKED, **UNSURE)
    await way(sun, case, ITEMS[GROUP])
    assert (await stored(office, case.id)).visibility is MASKED


async def test_one_press_that_says_so_loosens_as_far_as_the_item_allows(office: Office) -> None:
    sun = await office.sits("sun")
    for was, own in product(ORDER, ORDER):
        case = await office.case(ITEMS[own], visibility=was)
        _, page = await sun.get(f"/desk/case/{case.id}")
        offered = f'action="/desk/case/{case.id}/show"' in page
        looser = ORDER.index(own) < ORDER.index(was)
        assert offered is looser, (was, own)
        status, page = await sun.post(f"/desk/case/{case.id}/show", version="1")
        after = await stored(office, case.id)
        assert (status, after.visibility) == ((200, own) if looser else (409, was))
        assert (after.state, after.version) == (case.state, 2 if looser else 1)
        sent = await office.store.read(lambda tx, id=case.id: tx.outbox.of_case(id))
        assert sent == [], "nothing is said of what was hidden until now"


async def test_who_loosens_is_on_record(office: Office) -> None:
    case = await office.case(visibility=PRIVATE)
    sun = await office.sits("sun")
    _, page = await sun.post(f"/desk/case/{case.id}/show", version="1")
    assert "私密 → 群里可见" in page
    (entry,) = await office.store.read(lambda tx: tx.cases.entries(case.id))
    assert (entry.action, entry.actor) == (Action.SHOW, "web:demo-sun")
    looks = await office.store.read(lambda tx: tx.audit.of_case(case.id))
    assert ("web:demo-sun", "show") in [(look.person, look.what) for look in looks]
    _, page = await (await office.sits("auditor")).get("/desk/records")
    assert "放宽可见" in page
    status, _ = await sun.post(f"/desk/case/{case.id}/show", version="2")
    assert status == 409, "pressed twice, loosened once"


async def test_who_may_not_loosen(office: Office) -> None:
    hidden = await office.case(visibility=PRIVATE)
    vague = await office.case(visibility=MASKED)
    inhand = await office.case(visibility=PRIVATE, taken_by="web:demo-property")
    property_ = await office.sits("property")
    for case, expected in ((hidden, 404), (vague, 403), (inhand, 403)):
        status, _ = await property_.post(f"/desk/case/{case.id}/show", version="1")
        assert (status, (await stored(office, case.id)).visibility) == (expected, case.visibility)


async def test_a_secret_danger_is_shown_by_nobody(office: Office) -> None:
    case = await office.case(visibility=PRIVATE, emergency="E05")
    sun = await office.sits("sun")
    assert "/show" not in (await sun.get(f"/desk/case/{case.id}"))[1]
    status, _ = await sun.post(f"/desk/case/{case.id}/show", version="1")
    assert (status, (await stored(office, case.id)).visibility) == (409, PRIVATE)
