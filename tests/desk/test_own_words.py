"""A word of the neighbourhood's own finds the item that people there mean by it."""

from __future__ import annotations

import re

from office import Office, Visitor

from intake.lifecycle import State
from intake.naming import EVERYWHERE, Naming, Sort
from intake.reading import Triage
from intake.taxonomy import Visibility
from storage.examples import StoredExample

ITEMS = "/desk/town/items"
WAITS = {"state": State.TO_CONFIRM, "triage": Triage.HUMAN}


async def own(office: Office, word: str, scope: str = "DEMO-1") -> None:
    naming = Naming(scope, Sort.WORD, (word,), (), "web:demo-chen", office.now)
    await office.store.write(lambda tx: tx.words.apply(naming))


async def found(visitor: Visitor, words: str) -> list[str]:
    """The codes of the items that a search finds."""
    status, page = await visitor.get(ITEMS, q=words)
    assert status == 200
    return re.findall(r"\b([A-Z]{2}\d\d)\b", page)


async def said_to_be(office: Office, item: str, said: str, **more: object) -> None:
    """孙姐 says what a call is."""
    case = await office.case("GY04", said=said, **(WAITS | more))
    sun = await office.sits("sun")
    form = {"version": "1", "do": "set", "choice": item}
    assert (await sun.post(f"/desk/review/{case.id}", **form))[0] == 200


async def test_what_a_word_means_is_what_calls_with_it_were_said_to_be(office: Office) -> None:
    await own(office, "咕噜")
    sun = await office.sits("sun")
    assert await found(sun, "咕噜") == []
    await said_to_be(office, "SZ03", "3栋的咕噜又不亮了")
    assert await found(sun, "咕噜") == ["SZ03"]
    assert (await found(sun, "门口咕噜坏了"))[0] == "SZ03"
    await said_to_be(office, "WY01", "电梯里的咕噜掉下来了")
    await said_to_be(office, "SZ03", "后门咕噜也不亮")
    assert await found(sun, "咕噜") == ["SZ03", "WY01"], "what was said most often first"
    case = await office.case(**WAITS)
    _, page = await sun.get(f"/desk/review/{case.id}/items", q="咕噜", part="list")
    assert page.index("路灯不亮") < page.index("电梯故障停运")


async def test_a_word_of_all_grids_means_something_too(office: Office) -> None:
    await own(office, "咕噜", EVERYWHERE)
    await said_to_be(office, "SZ03", "3栋的咕噜又不亮了")
    assert await found(await office.sits("chen"), "咕噜") == ["SZ03"]


async def test_a_name_of_the_taxonomy_keeps_its_place(office: Office) -> None:
    await own(office, "路灯杆")
    await said_to_be(office, "WY01", "路灯杆挡着电梯口")
    assert {"SZ03", "WY01"} <= set(await found(await office.sits("sun"), "路灯杆"))


async def test_words_that_nobody_named_are_looked_for_as_before(office: Office) -> None:
    await said_to_be(office, "SZ03", "3栋的咕噜又不亮了")
    assert await found(await office.sits("sun"), "咕噜") == []


async def test_what_is_private_refused_or_elsewhere_tells_nothing(office: Office) -> None:
    await own(office, "咕噜")
    await own(office, "咕噜", "DEMO-2")
    await said_to_be(office, "SZ03", "咕噜不亮", visibility=Visibility.PRIVATE)
    await said_to_be(office, "WY01", "咕噜掉了")
    await office.store.write(
        lambda tx: [
            tx.examples.review(one.id, False, "x", office.now) for one in _wy(tx.examples.all())
        ]
    )
    assert await found(await office.sits("sun"), "咕噜") == []
    await said_to_be(office, "SZ03", "咕噜又不亮", grid="DEMO-2")
    assert await found(await office.sits("wu"), "咕噜") == [], "a department sees no grid"
    assert await found(await office.sits("sun"), "咕噜") == ["SZ03"]


def _wy(some: list[StoredExample]) -> list[StoredExample]:
    return [one for one in some if one.example.label == "WY01"]
