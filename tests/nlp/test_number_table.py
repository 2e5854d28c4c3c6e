"""Many look-ups at once say what a dictionary says."""

import numpy as np
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
