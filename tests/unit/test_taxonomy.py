"""The taxonomy is data that a town may change: every mistake is named, with its place, all at once."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit_samples import taxonomy

from bot.taxonomy_file import DEFAULT, load_taxonomy
from intake.taxonomy import Clock, Level, Taxonomy, TaxonomyError, Tier, Visibility

Raw = dict[str, Any]

SMALL: Raw = {
    "meta": {"version": "1"},
    "levels": {
        "A": {"respond_hours": 0.5, "resolve_hours": 24, "clock": "calendar"},
        "B": {"respond_hours": 4, "resolve_hours": 72, "clock": "calendar"},
        "C": {"respond_hours": 24, "resolve_hours": 168, "clock": "workday"},
    },
    "departments": [{"id": "JS", "name": "规划建设部"}, {"id": "WYGS", "name": "物业服务企业"}],
    "categories": [
        {
            "code": "SZ",
            "name": "市政设施",
            "lead": "JS",
            "items": [
                {
                    "code": "SZ03",
                    "name": "路灯不亮",
                    "level": "B",
                    "tier_hint": "department",
                    "respond_hours": 4,
                    "resolve_hours": 72,
                    "clock": "calendar",
                    "lead": "JS",
                    "co": ["WYGS"],
                    "visibility": "group",
                    "keywords": ["路灯"],
                },
                {
                    "code": "HZ01",
                    "name": "想要人帮忙",
                    "level": "C",
                    "tier_hint": "member",
                    "respond_hours": 24,
                    "resolve_hours": 168,
                    "clock": "workday",
                    "lead": "JS",
                    "visibility": "group",
                },
            ],
        }
    ],
    "emergencies": [{"code": "E01", "name": "火情", "call": 119, "group_reply": True}],
    "kinds": [{"code": "chat", "name": "闲聊"}],
    "hard_pairs": [{"a": "SZ03", "b": "HZ01", "rule": "看是不是要人帮忙"}],
    "wish_items": ["HZ01"],
}


def item(raw: Raw, number: int = 0) -> Raw:
    found: Raw = raw["categories"][0]["items"][number]
    return found


def without(*path: str | int) -> Callable[[Raw], None]:
    """Remove what stands at `path`."""

    def change(raw: Raw) -> None:
        holder: Any = raw
        for key in path[:-1]:
            holder = holder[key]
        del holder[path[-1]]

    return change


def put(value: Any, *path: str | int) -> Callable[[Raw], None]:
    """Write `value` at `path`."""

    def change(raw: Raw) -> None:
        holder: Any = raw
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = value

    return change


FIRST = ("categories", 0, "items", 0)
MISTAKES: list[tuple[str, Callable[[Raw], None], tuple[str, ...]]] = [
    ("no departments", without("departments"), ("departments in the file: must be a list",)),
    ("no categories", without("categories"), ("categories in the file: must be a list",)),
    ("no emergencies", without("emergencies"), ("emergencies in the file: must be a list",)),
    ("no kinds", without("kinds"), ("kinds in the file: must be a list",)),
    ("departments a mapping", put({"JS": "x"}, "departments"), ("departments in the file",)),
    ("a department without name", without("departments", 1, "name"), ("departments 2", "name")),
    ("a department without id", without("departments", 1, "id"), ("departments 2", "id missing")),
    ("a bare word for a department", put("JS", "departments", 1), ("departments 2", "mapping")),
    ("a level missing", without("levels", "B"), ("levels.B", "is missing or wrong")),
    ("levels a list", put([], "levels"), ("levels: must be a mapping",)),
    ("a category without code", without("categories", 0, "code"), ("categories 1", "code missing")),
    ("a category without lead", without("categories", 0, "lead"), ("categories 1", "lead missing")),
    ("a category without items", without("categories", 0, "items"), ("items in categories 1",)),
    ("an empty list of items", put([], "categories", 0, "items"), ("there is no item HZ01",)),
    ("an item without code", without(*FIRST, "code"), ("items 1", "code missing; add it")),
    ("an item without name", without(*FIRST, "name"), ("items 1", "name missing; add it")),
    ("an item without level", without(*FIRST, "level"), ("items 1", "level missing")),
    ("an item without lead", without(*FIRST, "lead"), ("items 1", "lead missing")),
    ("an item without visibility", without(*FIRST, "visibility"), ("visibility missing",)),
    ("a bad level", put("D", *FIRST, "level"), ("SZ03", "'D' is not a valid Level")),
    ("a bad tier", put("mayor", *FIRST, "tier_hint"), ("SZ03", "'mayor' is not a valid Tier")),
    ("a bad visibility", put("all", *FIRST, "visibility"), ("SZ03", "not a valid Visibility")),
    ("a bad clock", put("lunar", *FIRST, "clock"), ("items 1", "clock", "lunar")),
    ("no clock", without(*FIRST, "clock"), ("items 1", "clock")),
    ("hours in words", put("four", *FIRST, "respond_hours"), ("items 1", "respond_hours", "four")),
    ("no hours", put(0, *FIRST, "respond_hours"), ("items 1", "must be positive")),
    ("resolved first", put(1, *FIRST, "resolve_hours"), ("items 1", "resolve not before respond")),
    ("an unknown lead", put("XX", *FIRST, "lead"), ("SZ03", "unknown department XX")),
    ("an unknown co", put(["XX"], *FIRST, "co"), ("SZ03", "unknown department XX")),
    ("an item twice", put("SZ03", "categories", 0, "items", 1, "code"), ("SZ03 is there twice",)),
    ("a wish that is no item", put(["HZ99"], "wish_items"), ("wish_items", "no item HZ99")),
    ("a wish list that is a word", put(5, "wish_items"), ("wish_items in the file", "list")),
    ("a category's unknown lead", put("XX", "categories", 0, "lead"), ("unknown department XX",)),
    ("a department twice", put("JS", "departments", 1, "id"), ("JS is there twice",)),
    ("a code that is no text", put(7, *FIRST, "code"), ("items 1", "code must be text")),
    ("co that is one word", put("WYGS", *FIRST, "co"), ("co in items 1", "list of words")),
    ("endless hours", put(float("inf"), *FIRST, "resolve_hours"), ("items 1", "below")),
    ("hours that are none", put(float("nan"), *FIRST, "respond_hours"), ("items 1", "positive")),
    ("meta a list", put([], "meta"), ("meta: must be a mapping",)),
    ("a pair of one", without("hard_pairs", 0, "b"), ("hard_pairs 1", "b missing")),
    ("a reply of words", put("no", "emergencies", 0, "group_reply"), ("true or false",)),
    ("an emergency without code", without("emergencies", 0, "code"), ("emergencies 1", "code")),
    ("a kind without name", without("kinds", 0, "name"), ("kinds 1", "name missing")),
]


@pytest.mark.parametrize(
    ("change", "words"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES]
)
def test_a_mistake_is_named_with_its_place(
    change: Callable[[Raw], None], words: tuple[str, ...]
) -> None:
    raw = copy.deepcopy(SMALL)
    change(raw)
    with pytest.raises(TaxonomyError) as error:
        Taxonomy.from_mapping(raw)
    for word in words:
        assert any(word in problem for problem in error.value.problems), error.value.problems


def test_all_mistakes_are_named_at_once() -> None:
    raw = copy.deepcopy(SMALL)
    item(raw)["level"] = "D"
    item(raw, 1)["lead"] = "XX"
    raw["emergencies"][0].pop("name")
    with pytest.raises(TaxonomyError) as error:
        Taxonomy.from_mapping(raw)
    assert len(error.value.problems) >= 3


def test_a_taxonomy_without_any_item_is_refused() -> None:
    with pytest.raises(TaxonomyError, match="there is not one item"):
        Taxonomy.from_mapping(SMALL | {"categories": [], "wish_items": []})


@pytest.mark.parametrize("raw", [None, [], "text", 7])
def test_what_is_not_a_mapping_is_refused(raw: Any) -> None:
    with pytest.raises(TaxonomyError, match="not a mapping"):
        Taxonomy.from_mapping(raw)


def test_a_right_one_is_indexed() -> None:
    small = Taxonomy.from_mapping(SMALL)
    lamp = small.items["SZ03"]
    assert (lamp.category, lamp.level, lamp.tier) == ("SZ", Level.B, Tier.DEPARTMENT)
    assert (lamp.limits.clock, lamp.visibility) == (Clock.CALENDAR, Visibility.GROUP)
    assert (lamp.co, lamp.is_wish) == (("WYGS",), False)
    assert small.items["HZ01"].is_wish
    assert small.emergencies["E01"].call == "119"
    assert small.hard_pairs == (("SZ03", "HZ01", "看是不是要人帮忙"),)


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=3),
    st.just([]),
    st.just({}),
)


@given(st.data())
def test_whatever_stands_wherever_it_is_refused_or_read(data: st.DataObject) -> None:
    """An editor's slip may be anything: it never ends in anything but a list of mistakes."""
    raw = copy.deepcopy(SMALL)
    holder: Any = raw
    while True:
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        key = data.draw(st.sampled_from(keys))
        if isinstance(holder[key], dict | list) and holder[key] and data.draw(st.booleans()):
            holder = holder[key]
            continue
        holder[key] = data.draw(JUNK)
        break
    with contextlib.suppress(TaxonomyError):
        Taxonomy.from_mapping(raw)


# The file that comes with Huying.


def test_our_own_has_what_the_trade_counts() -> None:
    ours = taxonomy()
    assert (len(ours.categories), len(ours.items), len(ours.emergencies)) == (16, 169, 20)
    assert set(ours.levels) == set(Level)


def test_our_own_keeps_four_classes_out_of_the_group() -> None:
    silent = [e.code for e in taxonomy().emergencies.values() if not e.group_reply]
    assert len(silent) == 4


def test_our_own_codes_say_their_category() -> None:
    for one in taxonomy().items.values():
        assert one.code.startswith(one.category)


def test_a_leads_in_our_own_are_never_their_own_helpers() -> None:
    for one in taxonomy().items.values():
        assert one.lead not in one.co, one.code


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"meta: [", ("is not YAML", "line")),
        ("名".encode("gbk"), ("is not UTF-8",)),
        (b"", ("not a mapping",)),
        (b"- a\n- b\n", ("not a mapping",)),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, content: bytes, words: tuple[str, ...]) -> None:
    path = tmp_path / "taxonomy.yaml"
    path.write_bytes(content)
    with pytest.raises(TaxonomyError) as error:
        load_taxonomy(path)
    assert all(word in str(error.value) for word in words), str(error.value)
    assert "taxonomy.yaml" in str(error.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError, match="cannot be read"):
        load_taxonomy(tmp_path / "none.yaml")
    assert DEFAULT.is_file()
