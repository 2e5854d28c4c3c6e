"""An item that is offered no more, while cases, words and models still name it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml
from unit_samples import NOW, a_case, a_desk, taxonomy

from bot.taxonomy_file import DEFAULT
from bot.wording.item_names import item_name
from intake.acknowledging import case_params, options
from intake.cases import Example
from intake.correcting import set_item
from intake.lifecycle import NotNow, State
from intake.people import Person
from intake.reading import Triage
from intake.reviewing import today
from intake.routing import route
from intake.taxonomy import Retired, Taxonomy, TaxonomyError
from intake.timing import _recompute

CHEN = Person("web:chen", "小陈")


def without(code: str, retired: Retired | None = None) -> Taxonomy:
    """The taxonomy without an item, on record as retired or simply gone."""
    now = taxonomy()
    items = {one: item for one, item in now.items.items() if one != code}
    return replace(now, items=items, retired={code: retired} if retired else {})


REPLACED = without("SZ03", Retired("SZ03", "路灯", "SZ04"))
ENDED = without("SZ03", Retired("SZ03", "路灯"))
GONE = without("SZ03")


def desk_of(now: Taxonomy, **case: Any) -> Any:
    desk = a_desk()
    desk.rules = replace(desk.rules, taxonomy=now)
    desk.add_case(a_case(**case))
    desk.begin("test:1", NOW)
    return desk


@pytest.mark.parametrize("now", [REPLACED, ENDED, GONE])
def test_nothing_fails_on_a_case_of_it(now: Taxonomy) -> None:
    desk = desk_of(now, state=State.TO_CONFIRM, triage=Triage.ASK, guesses=("SZ03", "SZ04"))
    case = desk.facts.cases["DEMO-1-1"]
    assert case_params(desk, case)["item"]
    first, second = options(desk, case)
    assert first != second
    assert "SZ03" not in (first[0], second[0])
    _recompute(desk, replace(case, provisional=True))
    assert route(desk.rules, case.item, NOW).lead
    moved = set_item(desk, case, "WY01", CHEN, "desk")
    assert (moved.item, moved.state) == ("WY01", State.DISPATCHED)


def test_it_becomes_what_took_its_place() -> None:
    desk = desk_of(REPLACED, state=State.TO_CONFIRM)
    assert set_item(desk, desk.facts.cases["DEMO-1-1"], "SZ03", CHEN, "desk").item == "SZ04"


def test_one_without_a_successor_is_given_to_no_case() -> None:
    desk = desk_of(ENDED, item="WY01")
    with pytest.raises(NotNow):
        set_item(desk, desk.facts.cases["DEMO-1-1"], "SZ03", CHEN, "desk")


def test_its_name_is_marked() -> None:
    assert item_name(REPLACED, "SZ03") == "路灯（已停用）"
    assert item_name(GONE, "SZ03") == "SZ03（已停用）"
    assert item_name(GONE, "SZ04") == taxonomy().items["SZ04"].name
    assert item_name(GONE, None, "没有") == "没有"


def test_a_correction_to_it_teaches_what_took_its_place() -> None:
    example = Example(None, "路灯不亮", None, "SZ03", "web:chen", "desk", NOW)
    assert today(example, REPLACED).label == "SZ04"
    assert today(example, ENDED).label == "request"
    assert today(example, GONE).label == "request"
    assert today(replace(example, label="chat"), GONE).label == "chat"


def test_the_file_says_what_is_retired() -> None:
    raw = yaml.safe_load(DEFAULT.read_text(encoding="utf-8"))
    read = Taxonomy.from_mapping
    known = read(raw | {"retired": [{"code": "SZ99", "name": "老路灯", "instead": "SZ03"}]})
    found = known.item("SZ99")
    assert found is not None
    assert found.code == "SZ03"
    assert known.item_name("SZ99") == "老路灯"
    for wrong, said in (
        ({"code": "SZ03", "name": "路灯"}, "is an item still"),
        ({"code": "SZ99", "name": "老路灯", "instead": "SZ98"}, "no item SZ98"),
        ({"code": "SZ99"}, "name missing"),
    ):
        with pytest.raises(TaxonomyError, match=said):
            read(raw | {"retired": [wrong]})
