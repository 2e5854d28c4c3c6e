"""Many look-ups at once say what a dictionary says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.number_table import NumberTable

KEYS = st.integers(1, 2**63 - 1)


@given(st.dictionaries(KEYS, st.integers(1, 2**31 - 1), max_size=60), st.lists(KEYS, max_size=60))
def test_found_as_in_a_dictionary(known: dict[int, int], others: list[int]) -> None:
    table = NumberTable(
        np.asarray(list(known), dtype=np.uint64), np.asarray(list(known.values()), dtype=np.int32)
    )
    asked = [*known, *others, 0]
    found = table.find(np.asarray(asked, dtype=np.uint64)).tolist()
    assert found == [known.get(key, 0) for key in asked]


@pytest.mark.parametrize("step", [1, 1 << 21, 1 << 42, 0x9E3779B97F4A7C15])
def test_many_numbers_all_find_a_place(step: int) -> None:
    keys = np.arange(1, 100_001, dtype=np.uint64) * np.uint64(step)
    table = NumberTable(keys, np.arange(1, 100_001, dtype=np.int32))
    assert np.array_equal(table.find(keys), np.arange(1, 100_001))
    others = np.setdiff1d(keys + np.uint64(7), keys)
    assert not table.find(others).any()


def test_three_numbers_that_share_both_places_are_parted() -> None:
    every = np.arange(1, 20_000, dtype=np.uint64)
    first, second = (
        (every * np.uint64(spread)) >> np.uint64(60)
        for spread in (0x9E3779B97F4A7C15, 0xD1B54A32D192ED03)
    )
    shared = every[(first == 3) & (second == 5)][:6]
    assert len(shared) == 6
    table = NumberTable(shared, np.arange(1, 7, dtype=np.int32))
    assert table.find(shared).tolist() == [1, 2, 3, 4, 5, 6]


def test_one_number_three_times_is_refused() -> None:
    with pytest.raises(ValueError, match="not distinct"):
        NumberTable(np.asarray([7, 7, 7], dtype=np.uint64), np.asarray([1, 2, 3], dtype=np.int32))
